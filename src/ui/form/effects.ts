/**
 * Which fields cannot act as the rest of the experiment stands. Those that belong to another one are
 * not shown beside it while it is off; the others stay where they are and say why.
 */
import {
  fieldsFor,
  nullableOf,
  parameterAt,
  readPath,
  type Parameter,
  type ParameterGroup,
  type Spec,
} from '../../spec/schema.ts';

/** Fields that mean something only beside another one. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  'batch.coreset.size': ['batch.realSource'],
  'batch.coreset.method': ['batch.coreset.size'],
  'batch.web.published': ['batch.web.stock'],
  'batch.web.humanReservoir': ['batch.web.stock'],
  'batch.paraphrase.passes': ['batch.paraphrase.noise', 'batch.watermark.coverage'],
  'batch.detector.decay': ['batch.detector.recall'],
  'batch.watermark.laundering': ['batch.watermark.coverage'],
  'batch.provenance.signedShare': ['batch.detector.falsePositiveRate'],
  'batch.verifier.error': ['batch.verifier.keep'],
  'batch.poison.mean': ['batch.poison.share'],
  'batch.poison.scale': ['batch.poison.share'],
};

const isSwept = (spec: Spec, path: string): boolean => Object.hasOwn(spec.sweep, path);

/** Whether a field is at its default and no axis. */
function isIdle(spec: Spec, path: string): boolean {
  if (isSwept(spec, path)) return false;
  // What lies in an object that is off has a default only once it is on.
  const fallback = nullableOf(path) ? null : parameterAt(path, spec.truth.kind)!.default;
  return JSON.stringify(readPath(spec, path) ?? null) === JSON.stringify(fallback ?? null);
}

/** Fields of a group that are not at their defaults. */
export const usedFields = (spec: Spec, group: ParameterGroup): readonly Parameter[] =>
  fieldsFor(spec.truth.kind).filter((row) => row.group === group && !isIdle(spec, row.path));

const EM_FIELDS = ['fit.iterations', 'fit.tolerance', 'fit.init'];
const PRIOR_FIELDS = ['fit.prior.centre', 'fit.prior.strength'];

/** Whether a field is not worth showing: steps of EM to a fit in one, laws of a fit where K > 1. */
export function isPointless(path: string, spec: Spec | null): boolean {
  if (!spec) return false;
  const companions = COMPANIONS[path];
  if (companions?.every((companion) => isIdle(spec, companion))) return isIdle(spec, path);
  const { fit } = spec;
  const sweptEstimator = isSwept(spec, 'fit.estimator');
  if (path === 'closedForm') return !mayBeOne(spec);
  if (PRIOR_FIELDS.includes(path)) return fit.prior === null && !sweptEstimator;
  if (!EM_FIELDS.includes(path)) return false;
  return (fit.estimator === 'mle' || fit.estimator === 'unbiased') && !sweptEstimator;
}

/** Whether a cell may have K = 1. */
const mayBeOne = (spec: Spec): boolean =>
  spec.fit.components === 1 ||
  isSwept(spec, 'fit.components') ||
  spec.fit.componentsFromTruth === true;

/** Whether all cells have K = 1. */
const isOne = (spec: Spec): boolean =>
  spec.fit.components === 1 &&
  !isSwept(spec, 'fit.components') &&
  spec.fit.componentsFromTruth !== true;

/** Whether a web says what the real share is. */
export const hasWeb = (spec: Spec): boolean =>
  spec.batch.web !== null || Object.keys(spec.sweep).some((path) => path.startsWith('batch.web.'));

/** Whether a batch after the first may have a share of real points. */
const mayBeReal = (spec: Spec): boolean => !isIdle(spec, 'batch.realFraction') || hasWeb(spec);

/** Whether a training set after the first may hold a real point. */
const mayHoldReal = (spec: Spec): boolean =>
  mayBeReal(spec) || !isIdle(spec, 'retention') || spec.batch.protectedModes.length > 0;

const isLine = ({ truth, sweep }: Spec): boolean => {
  if (Object.hasOwn(sweep, 'truth.dim')) return false;
  if (truth.kind === 'blobs') return truth.dim === 1;
  return truth.kind === 'data'
    ? truth.columns.length === 1
    : truth.components[0]!.mean.length === 1;
};

const hasOneMode = ({ truth, sweep }: Spec): boolean => {
  if (truth.kind === 'mixture') return truth.components.length === 1;
  const { 'truth.components': swept } = sweep;
  return truth.kind === 'blobs' && truth.components === 1 && swept === undefined;
};

interface Reason {
  readonly paths: readonly string[];
  readonly holds: (spec: Spec) => boolean;
  /** A sentence. */
  readonly text: string;
}

const REASONS: readonly Reason[] = [
  {
    paths: ['batch.realFraction'],
    holds: hasWeb,
    text: 'The web below says what the real share is.',
  },
  {
    paths: ['batch.realDraw', 'batch.realSource'],
    holds: (spec) => !mayBeReal(spec),
    text: 'Acts once there is a real share.',
  },
  {
    paths: ['batch.coreset.size'],
    holds: (spec) =>
      !mayBeReal(spec) || (spec.batch.realSource === 'fresh' && !isSwept(spec, 'batch.realSource')),
    text: 'Distils an archive: acts once there is a real share of a fixed source.',
  },
  {
    paths: [
      'batch.detector.recall',
      'batch.detector.falsePositiveRate',
      'batch.watermark.coverage',
    ],
    holds: (spec) => !mayBeReal(spec),
    text: 'Acts once there is a real share: else what is dropped is replaced by its like.',
  },
  {
    paths: ['batch.weightSharpening'],
    holds: isOne,
    text: 'A model of one component has no choice to make.',
  },
  {
    paths: ['batch.protectedModes'],
    holds: ({ truth }) => truth.kind === 'data',
    text: 'Rows of a data set do not say which mode they belong to.',
  },
  {
    paths: ['batch.protectedModes'],
    holds: hasOneMode,
    text: 'The truth has one mode.',
  },
  {
    paths: ['fit.covariance'],
    holds: (spec) => isOne(spec) && isLine(spec),
    text: 'In one dimension one component has one shape.',
  },
  {
    paths: ['fit.realWeight'],
    holds: (spec) => !mayHoldReal(spec),
    text: 'Acts once training sets hold real points.',
  },
  {
    paths: ['fit.respawn'],
    holds: isOne,
    text: 'One component never loses all points.',
  },
  {
    paths: ['pairing'],
    holds: ({ sweep }) => Object.keys(sweep).length === 0,
    text: 'A single cell has none to be compared with.',
  },
];

/** Why a field has no effect whatever it says; null where it has one. */
export const whyIdle = (path: string, spec: Spec | null): string | null =>
  (spec && REASONS.find(({ paths, holds }) => paths.includes(path) && holds(spec))?.text) ?? null;
