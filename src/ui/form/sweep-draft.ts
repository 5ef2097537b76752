/** The sweep as it is typed: an ordered list of axes, each a list or a range. */
import { isDeepEqual } from '../is-deep-equal.ts';
import {
  axesFor,
  parameterAt,
  readValue,
  withPath,
  type Parameter,
  type Spec,
  type TruthKind,
} from '../../spec/schema.ts';
import { checkDraft, typedList, type Draft } from './draft.ts';
import { isPointless, whyIdle } from './effects.ts';

/** Loosely typed: what is wrong is said by parseSpec. */
export type DraftAxis = readonly unknown[] | Readonly<Record<string, unknown>>;
export type DraftSweep = Readonly<Record<string, DraftAxis>>;

export const isRange = (axis: DraftAxis): axis is Readonly<Record<string, unknown>> =>
  !Array.isArray(axis);

/** Axes that are not there yet, and would change something. */
export const freeAxes = (
  kind: TruthKind | null,
  sweep: DraftSweep,
  spec: Spec | null,
): readonly Parameter[] =>
  axesFor(kind).filter(
    ({ path }) =>
      !Object.hasOwn(sweep, path) && !isPointless(path, spec) && whyIdle(path, spec) === null,
  );

/** First values of a new axis over numbers: a few that suit the field. */
const FIRST_VALUES: Readonly<Record<string, DraftAxis>> = {
  sampleSize: [10, 30, 100, 300],
  'batch.realFraction': { from: 0, to: 1, steps: 5, scale: 'linear' },
  'batch.samplingBias': [0.8, 0.9, 0.95, 1],
  'batch.weightSharpening': [0.5, 1, 1.5, 2],
  'batch.detector.recall': [0, 0.5, 0.9, 0.99],
  'batch.detector.falsePositiveRate': [0, 0.1, 0.5],
  'batch.detector.decay': [0, 0.01, 0.1],
  'batch.watermark.coverage': [0, 0.5, 0.9, 0.99],
  'batch.watermark.laundering': [0, 0.5, 1],
  'batch.provenance.signedShare': [0, 0.5, 1],
  'batch.memory': [1, 2, 5, 10],
  'batch.truncation': [null, 1.5, 2, 3],
  'batch.verifier.keep': [0.2, 0.5, 0.9, 1],
  'batch.verifier.error': [0, 0.1, 0.3],
  'batch.curation.candidates': [1, 2, 4, 8],
  'batch.qualityFilter': [0, 0.1, 0.5, 1],
  'batch.poison.share': [0, 0.001, 0.01, 0.1],
  'batch.poison.scale': [0.1, 0.5, 1, 2],
  'batch.paraphrase.noise': [0, 0.05, 0.1, 0.2],
  'batch.paraphrase.passes': [1, 2, 5],
  'batch.coreset.size': [5, 10, 20, 50],
  'batch.web.stock': [100, 1000, 10_000],
  'batch.web.published': [10, 100, 1000],
  'batch.web.humanReservoir': [1000, 3000, 10_000, null],
  growth: [0, 0.5, 1],
  'fit.components': [1, 2, 3, 5],
  'fit.realWeight': [0.2, 0.5, 0.618, 0.8],
  'fit.tailWeight': [0, 0.1, 0.25, 0.5],
  'fit.prior.strength': [1, 10, 100],
  'stages.early': [0.25, 0.5, 0.75],
  'stages.late': [0.05, 0.1, 0.2],
  'fit.iterations': [1, 5, 20],
  'fit.tolerance': { from: 1e-6, to: 1e-2, steps: 5, scale: 'log' },
  'fit.covarianceFloor': { from: 1e-6, to: 1e-2, steps: 5, scale: 'log' },
  'truth.components': [1, 2, 3, 5],
  'truth.separation': { from: 1, to: 6, steps: 6, scale: 'linear' },
  'truth.dim': [1, 2, 3],
  'truth.weights.zipf': { from: 0, to: 2, steps: 5, scale: 'linear' },
};

/** Of a field of choices all those that the rest of the draft lets stand. */
export function firstAxis(row: Parameter, draft: Draft): DraftAxis {
  if (!row.choices) return FIRST_VALUES[row.path] ?? [row.minimum ?? 0, row.maximum ?? 1];
  const all = row.choices.map(({ value }) => value);
  const { length: before } = checkDraft(draft).problems;
  const allowed = all.filter((value) => {
    const tried = withPath(draft, 'sweep', withAxis(sweepOf(draft), row.path, [value]));
    return checkDraft(tried).problems.length <= before;
  });
  return allowed.length > 0 ? allowed : all;
}

export const sweepOf = (draft: Draft): DraftSweep => (draft['sweep'] ?? {}) as DraftSweep;

/** The sweep with the axis at `path` replaced, or added last. */
export const withAxis = (sweep: DraftSweep, path: string, axis: DraftAxis): DraftSweep => ({
  ...sweep,
  [path]: axis,
});

export const withoutAxis = (sweep: DraftSweep, path: string): DraftSweep =>
  Object.fromEntries(Object.entries(sweep).filter(([other]) => other !== path));

/** The draft's sweep with another field on the axis that was over `path`, at the same place. */
export function withPathReplaced(draft: Draft, path: string, row: Parameter): DraftSweep {
  const sweep = sweepOf(draft);
  const rest = withPath(draft, 'sweep', withoutAxis(sweep, path));
  return Object.fromEntries(
    Object.entries(sweep).map(([other, axis]) =>
      other === path ? [row.path, firstAxis(row, rest)] : [other, axis],
    ),
  );
}

/** A range as a list and a list as a range, keeping the ends. */
export function otherForm(axis: DraftAxis): DraftAxis {
  if (isRange(axis)) return [axis['from'], axis['to']];
  const numbers = axis.filter((value) => typeof value === 'number');
  return {
    from: numbers[0] ?? 0,
    to: numbers[numbers.length - 1] ?? 1,
    steps: Math.max(axis.length, 2),
    scale: 'linear',
  };
}

/** A list of values as it is typed; none is the cell without the field. */
export const typedAxis = (text: string): readonly unknown[] =>
  typedList(text).map((value) => (value === 'none' ? null : value));

/** A range as links and flags have it, or null: typed into a list it is one once it is whole. */
export function typedRange(path: string, text: string): DraftAxis | null {
  const read = readValue(`sweep.${path}`, null, text.trim()) as DraftAxis;
  return isRange(read) ? read : null;
}

/** The text of a list, kept as it was typed while it still means the same. */
export const listText = (axis: readonly unknown[], typed: string): string =>
  isDeepEqual(typedAxis(typed), axis)
    ? typed
    : axis.map((value) => (value === null ? 'none' : String(value))).join(', ');

/** Whether the axis of a field can be a range. */
export const canRange = (path: string, kind: TruthKind | null): boolean =>
  parameterAt(path, kind)?.choices === undefined;
