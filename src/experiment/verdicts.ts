/**
 * Verdicts on a cell or an axis, for two definitions of collapse that no lineage meets at a time of
 * its own (Schaeffer et al. 2025): the test loss still rises at the horizon, and the scaling law in
 * n is another one than for real data (Dohmatob et al. 2024).
 *
 * Only summaries over lineages are at hand, not the change of each. Each difference is held against
 * the sum of both standard errors, the largest that its own can be, so that a verdict errs towards
 * `unclear`.
 */
import { CERTAIN, difference, meanAt, medianAt, type Estimate } from './estimate.ts';
import { statisticIndex, summaryAt, type Results } from './results.ts';

export interface LossTrend {
  /** `unclear`: no change that the lineages could not show by chance. */
  readonly verdict: 'rising' | 'falling' | 'unclear';
  /** The second is the first less the truth's entropy, and changes by the same. */
  readonly statistic: 'testNll' | 'klTruthToModel';
  /** The median where lineages held at ±1e18 leave no mean. */
  readonly of: 'mean' | 'median';
  /** The last quarter of the generations that are there. */
  readonly from: number;
  readonly to: number;
  /** In nats, from the one to the other. */
  readonly change: number;
  /** At most. */
  readonly se: number;
}

const LOSSES = ['testNll', 'klTruthToModel'] as const;

/** Null before generation 2, of a single lineage, and where neither loss is measured. */
export function lossTrend(results: Results, cell: number): LossTrend | null {
  const to = results.generationsDone[cell]!;
  const statistic = LOSSES.find((name) => statisticIndex(results, name) >= 0);
  if (to < 2 || statistic === undefined) return null;
  const from = to - Math.max(1, Math.floor(to / 4));
  const s = statisticIndex(results, statistic);
  for (const [of, levelAt] of [
    ['mean', meanAt],
    ['median', medianAt],
  ] as const) {
    const { value: change, se } = difference(
      levelAt(results, cell, to, s),
      levelAt(results, cell, from, s),
    );
    if (!Number.isFinite(change) || !Number.isFinite(se)) continue;
    const verdict = decide(change, se, 'rising', 'falling');
    return { verdict, statistic, of, from, to, change, se };
  }
  return null;
}

const decide = <Up, Down>(change: number, se: number, up: Up, down: Down) => {
  if (!(Math.abs(change) > CERTAIN * se)) return 'unclear';
  return change > 0 ? up : down;
};

/** d ln(excess loss) / d ln n. */
export interface Slope {
  readonly slope: number;
  /** At most. */
  readonly se: number;
}

export interface ScalingLaw {
  /**
   * `shallower`: more data help less than they did with real data alone; `steeper`: few data cost
   * more than they did; `unclear`: no change that the lineages could not show by chance.
   */
  readonly verdict: 'steeper' | 'shallower' | 'unclear';
  /** Cells of one value of all other axes, in the order of n; without those that have no number. */
  readonly cells: readonly number[];
  readonly sampleSizes: readonly number[];
  /** Generation 1, which learns from real data alone, and the last one. */
  readonly first: Slope;
  readonly last: Slope;
  readonly generation: number;
  /** Of the slope. */
  readonly change: number;
  /** At most. */
  readonly se: number;
}

const AXIS = 'sampleSize';

/**
 * One for each value of the other axes, where sampleSize is swept and the mean of klTruthToModel, or
 * of testNll above the truth's, is there for two values of n at least. Least squares without weights,
 * so that both generations are measured by the same rule even where no power law fits.
 */
export const scalingLaws = (results: Results): readonly ScalingLaw[] =>
  [...results.cells.keys()]
    .filter((cell) => cellsAlong(results, cell)[0] === cell)
    .flatMap((cell) => scalingLawAt(results, cell) ?? []);

/** The one that a cell is part of; null where there is none. */
export function scalingLawAt(results: Results, cell: number): ScalingLaw | null {
  const axis = results.axes.findIndex(({ name }) => name === AXIS);
  const cells = cellsAlong(results, cell);
  return cells.length < 2 ? null : lawOf(results, cells, axis);
}

/** Cells that differ from this one in n alone, in the order of the axis; none where n is not swept. */
function cellsAlong({ axes }: Results, cell: number): number[] {
  const axis = axes.findIndex(({ name }) => name === AXIS);
  if (axis < 0) return [];
  const stride = axes.slice(axis + 1).reduce((product, { values }) => product * values.length, 1);
  const { length } = axes[axis]!.values;
  const first = cell - stride * (Math.floor(cell / stride) % length);
  return Array.from({ length }, (_, i) => first + i * stride);
}

function lawOf(results: Results, cells: readonly number[], axis: number): ScalingLaw | null {
  const sizeOf = (cell: number) => Number(results.cells[cell]!.values[axis]);
  const generation = Math.min(...cells.map((cell) => results.generationsDone[cell]!));
  if (generation < 2) return null;
  const points = cells
    .toSorted((a, b) => sizeOf(a) - sizeOf(b))
    .map((cell) => ({
      cell,
      first: logExcess(results, cell, 1),
      last: logExcess(results, cell, generation),
    }))
    .filter(({ first, last }) => Number.isFinite(first.value) && Number.isFinite(last.value));
  if (points.length < 2) return null;
  const sampleSizes = points.map(({ cell }) => sizeOf(cell));
  const paired = results.spec.pairing === 'common';
  const slopeOf = (which: 'first' | 'last') =>
    fitSlope(
      sampleSizes.map(Math.log),
      points.map((point) => point[which]),
      paired,
    );
  const [first, last] = [slopeOf('first'), slopeOf('last')];
  const change = last.slope - first.slope;
  const se = first.se + last.se;
  return {
    verdict: decide(change, se, 'shallower', 'steeper'),
    ...{ cells: points.map(({ cell }) => cell), sampleSizes },
    ...{ first, last, generation, change, se },
  };
}

/** The mean's largest relative error at which its logarithm is still as good as linear in it. */
const MOST_ERROR = 0.25;

/** NaN where there is no mean above the truth's, or none that is known well enough. */
function logExcess(results: Results, cell: number, generation: number): Estimate {
  const [test, divergence] = LOSSES.map((name) => statisticIndex(results, name)) as [
    number,
    number,
  ];
  const s = divergence >= 0 ? divergence : test;
  if (s < 0) return { value: NaN, se: NaN };
  const floor = divergence >= 0 ? 0 : summaryAt(results, cell, 0, s, 'mean');
  const { value, se } = meanAt(results, cell, generation, s);
  const error = se / (value - floor);
  return error >= 0 && error <= MOST_ERROR
    ? { value: Math.log(value - floor), se: error }
    : { value: NaN, se: NaN };
}

/** Cells that share their random numbers err together: their errors are added, not their squares. */
function fitSlope(x: readonly number[], y: readonly Estimate[], paired: boolean): Slope {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  let slope = 0;
  let added = 0;
  let squared = 0;
  x.forEach((value, i) => {
    const weight = (value - mean) / squares;
    const error = Math.abs(weight) * y[i]!.se;
    slope += weight * y[i]!.value;
    added += error;
    squared += error * error;
  });
  return { slope, se: paired ? added : Math.sqrt(squared) };
}
