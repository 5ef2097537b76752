/**
 * Quantiles of type 7 (Hyndman and Fan 1996; the default of R and NumPy): exact from a sorted
 * chunk, and from the counts of 256 bins between edges that the sorted pilot chunk fixed.
 * Ranks are integer arithmetic on percents, the same on every engine.
 * Twin: shaders/reduce/quantiles.wgsl.
 */
import { isSaturated } from './moments.ts';

export const QUANTILE_PERCENTS = [1, 5, 25, 50, 75, 95, 99] as const;

/** Bins between the edges. */
export const BIN_COUNT = 256;

/** Of `count` sorted values, the rank (from 0) just at or below the quantile. */
export const lowerRank = (percent: number, count: number): number =>
  Math.floor(((count - 1) * percent) / 100);

/** The rank just above it. */
export const upperRank = (percent: number, count: number): number =>
  Math.min(lowerRank(percent, count) + 1, count - 1);

/** Rank of edge `j` of 1 … 255: equal numbers of pilot values between edges. */
export const edgeRank = (j: number, count: number): number => Math.floor((j * count) / BIN_COUNT);

/** Lower and upper neighbour of each quantile: 14 values. */
export function pilotRanks(sorted: ArrayLike<number>): Float64Array {
  const count = sorted.length;
  const ranks = QUANTILE_PERCENTS.flatMap((p) => [lowerRank(p, count), upperRank(p, count)]);
  return Float64Array.from(ranks, (rank) => sorted[rank]!);
}

/** 255 edges, ascending; equal ones where a value is an atom. */
export function pilotEdges(sorted: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: BIN_COUNT - 1 },
    (_, i) => sorted[edgeRank(i + 1, sorted.length)]!,
  );
}

/**
 * The bin of a value with `below` edges under it and `atMost` edges not above it. Bin b lies
 * between edges b and b + 1 and holds its lower edge. Where edges repeat, the first bin of no width
 * between them takes that very value alone, so that an atom stays exact.
 */
export const binOf = (below: number, atMost: number): number =>
  atMost - below >= 2 ? below + 1 : atMost;

/** How many of the ascending `edges` are under `value`, or not above it. */
function edgesUnder(edges: ArrayLike<number>, value: number, orEqual: boolean): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const edge = edges[middle]!;
    if (edge < value || (orEqual && edge === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of `values` fall in each bin. */
export function binCounts(values: ArrayLike<number>, edges: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(BIN_COUNT);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    counts[binOf(edgesUnder(edges, value, false), edgesUnder(edges, value, true))]!++;
  }
  return counts;
}

/** Weight of the upper neighbour, an exact hundredth. */
const upperShare = (percent: number, count: number): number =>
  (((count - 1) * percent) % 100) / 100;

/**
 * Between equal neighbours nothing is computed, so an atom stays itself; beside a saturated one,
 * which stands for infinity, there is no place in between.
 */
function between(low: number, high: number, share: number): number {
  if (low === high || share === 0) return low;
  if (isSaturated(low)) return low;
  return isSaturated(high) ? high : low + (high - low) * share;
}

/** The seven quantiles from the 14 neighbours of `pilotRanks`; all NaN for no value. */
export const quantilesFromRanks = (ranks: ArrayLike<number>, count: number): number[] =>
  QUANTILE_PERCENTS.map((percent, q) =>
    count > 0 ? between(ranks[2 * q]!, ranks[2 * q + 1]!, upperShare(percent, count)) : NaN,
  );

export interface BinnedQuantiles {
  readonly quantiles: number[];
  /**
   * Largest share of all values in the bin of any of the quantiles, bins of no width apart: the
   * reported quantile of p is the true quantile of some p′ with |p − p′| at most this.
   */
  readonly bound: number;
}

interface Sketch {
  readonly bins: ArrayLike<number>;
  readonly edges: ArrayLike<number>;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** Value of a rank, values spread evenly over their bin, and the share that bin holds. */
function valueAtRank(sketch: Sketch, rank: number): { value: number; bound: number } {
  const { bins, edges, min, max, count } = sketch;
  if (rank === 0) return { value: min, bound: 0 };
  if (rank === count - 1) return { value: max, bound: 0 };
  let bin = 0;
  let before = 0;
  while (before + bins[bin]! <= rank) before += bins[bin++]!;
  // The outer bins are open; within them, and wherever an extreme lies, the extremes bound.
  const low = Math.max(min, bin > 0 ? edges[bin - 1]! : min);
  const high = Math.min(max, bin < BIN_COUNT - 1 ? edges[bin]! : max);
  const value = between(low, high, (rank - before + 0.5) / bins[bin]!);
  return { value, bound: low === high ? 0 : bins[bin]! / count };
}

/**
 * The seven quantiles from bin counts, with the exact extremes that the moments carry.
 * Shapes: bins [256], edges [255].
 */
export function quantilesFromBins(
  bins: ArrayLike<number>,
  edges: ArrayLike<number>,
  min: number,
  max: number,
): BinnedQuantiles {
  let count = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) count += bins[bin]!;
  if (count === 0) return { quantiles: QUANTILE_PERCENTS.map(() => NaN), bound: 0 };
  const sketch = { bins, edges, min, max, count };
  let bound = 0;
  const quantiles = QUANTILE_PERCENTS.map((percent) => {
    const low = valueAtRank(sketch, lowerRank(percent, count));
    const high = valueAtRank(sketch, upperRank(percent, count));
    bound = Math.max(bound, low.bound, high.bound);
    return between(low.value, high.value, upperShare(percent, count));
  });
  return { quantiles, bound };
}
