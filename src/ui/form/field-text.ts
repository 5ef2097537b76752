/** Words of the form that follow from a row, an axis or a spec. */
import { hasWeb, usedFields } from './effects.ts';
import { formatAxisValue, formatCount, formatValue } from '../format.ts';
import {
  axisValues,
  cellCount,
  formatValue as specFormat,
  parameterAt,
  missingStatistics,
  type Axis,
  type Parameter,
  type ParameterGroup,
  type Spec,
  type TruthKind,
} from '../../spec/schema.ts';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const bound = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e15 ? formatCount(value) : formatValue(value);

/** "From 1 to 1 000 000.", or nothing where there is no bound worth saying. */
export function boundsText({ minimum, maximum }: Parameter): string {
  if (minimum === undefined || maximum === undefined) return '';
  if (maximum === Number.MAX_SAFE_INTEGER) return `${bound(minimum)} or more.`;
  return `From ${bound(minimum)} to ${bound(maximum)}.`;
}

const MOST_LISTED = 4;

/** An axis in a few words: its values, or its ends and their number. */
export function axisText(axis: Axis): string {
  const values = axisValues(axis).map(formatAxisValue);
  if (values.length <= MOST_LISTED) return values.join(', ');
  return `${values[0]} … ${values[values.length - 1]} (${values.length})`;
}

/** A row's symbol where text has no indices: one with an index is left out. */
export const plainSymbol = ({ symbol }: Parameter): string => (symbol.includes('_') ? '' : symbol);

/** A field's name on an axis: its symbol where it has one. */
export function axisName(path: string, truth: TruthKind | null): string {
  const row = parameterAt(path, truth);
  return row ? [row.label, plainSymbol(row)].filter(Boolean).join(' ') : path;
}

/** The same in a list of fields. */
export const listedName = (row: Parameter): string =>
  [row.label, plainSymbol(row)].filter(Boolean).join(', ');

/** Where the points of a batch come from; a swept share is the sweep's to say. */
function batchText(spec: Spec): string {
  const { truth, batch, sweep } = spec;
  if (hasWeb(spec)) return 'a web that fills up';
  if (Object.hasOwn(sweep, 'batch.realFraction')) return 'real share swept';
  if (batch.realFraction !== 0) {
    return `${specFormat('batch.realFraction', truth.kind, batch.realFraction)} real`;
  }
  return batch.protectedModes.length > 0 ? 'real points of protected modes' : 'no real points';
}

/** A size and what it is; that it is swept where it is an axis. */
const sizeText = ({ sweep }: Spec, path: string, symbol: string, size: number): string =>
  Object.hasOwn(sweep, path) ? `${symbol} swept` : `${symbol} = ${size}`;

function truthText(spec: Spec): string {
  const { truth } = spec;
  if (truth.kind === 'data') return `${truth.file}: ${truth.columns.join(', ')}`;
  const modes = truth.kind === 'blobs' ? truth.components : truth.components.length;
  return `${truth.kind}, ${sizeText(spec, 'truth.components', 'J', modes)}`;
}

function fitText(spec: Spec): string {
  const { fit, sweep } = spec;
  const estimator = Object.hasOwn(sweep, 'fit.estimator') ? 'estimator swept' : fit.estimator;
  const size = sizeText(spec, 'fit.components', 'K', fit.components);
  return `${fit.componentsFromTruth ? 'K = J' : size}, ${estimator}`;
}

function sizesText(spec: Spec): string {
  const size = sizeText(spec, 'sampleSize', 'n', spec.sampleSize);
  return `${size}, G = ${spec.generations}, R = ${spec.replicates}`;
}

/** What a group says while it is folded; of a field that is an axis, that it is swept. */
export function groupText(group: ParameterGroup, spec: Spec): string {
  switch (group) {
    case 'truth':
      return truthText(spec);
    case 'batch':
      return batchText(spec);
    case 'sampler':
    case 'screening':
      return (
        usedFields(spec, group)
          .map(({ label }) => lowerFirst(label))
          .join('; ') || 'nothing special'
      );
    case 'retention':
      return Object.hasOwn(spec.sweep, 'retention') ? 'swept' : spec.retention;
    case 'fit':
      return fitText(spec);
    case 'sizes':
      return sizesText(spec);
    case 'sweep':
      return cellCount(spec) === 1 ? 'one cell' : `${formatCount(cellCount(spec))} cells`;
    case 'statistics':
      return [
        `${spec.statistics.length} of them`,
        ...missingStatistics(spec).map((name) => `no ${name}`),
      ].join(', ');
  }
}
