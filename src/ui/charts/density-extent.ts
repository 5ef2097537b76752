/** Which part of space a density chart shows: the same for every generation of a lineage. */
import { packedIndex, type Mixture } from '../../model/mixture.ts';
import { gridOver, type Grid } from '../../experiment/views/density.ts';
import { sampledGenerations, type Trace } from '../trace.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A lineage that wandered further than this many times the truth's width leaves the chart. */
const MOST_WIDENING = 1;
/** So much of a model's width is shown beyond its means. */
const MODEL_SPREAD = 2;
const TRUTH_SPREAD = 3.6;
/** Half-width shown where the truth has no width in this coordinate. */
const LEAST_HALF_WIDTH = 1e-9;

/** So many generations of a lineage are looked at: no chart is wider in pixels that count. */
const MOST_GENERATIONS = 400;

/** The truth's range, widened to where the lineage went, but never beyond recognition. */
export function densityRange(truth: Mixture, trace: Trace, axis: number): Range {
  const own = rangeOf(truth, axis, TRUTH_SPREAD);
  const width = Math.max(own.high - own.low, LEAST_HALF_WIDTH);
  let { low, high } = own;
  for (const generation of sampledGenerations(trace.length, MOST_GENERATIONS)) {
    const range = rangeOf(trace.at(generation)!, axis, MODEL_SPREAD);
    low = Math.min(low, range.low);
    high = Math.max(high, range.high);
  }
  return {
    low: Math.max(low, own.low - MOST_WIDENING * width),
    high: Math.min(high, own.high + MOST_WIDENING * width),
  };
}

function rangeOf(mixture: Mixture, axis: number, spread: number): Range {
  const { from, step } = gridOver(mixture, axis, 2, spread);
  return { low: from, high: from + step };
}

export interface Peak {
  /** Not smoothed: infinite for a point. */
  readonly density: number;
  readonly at: number;
}

/** The tallest component at its own middle; of several points the first. */
export function tallestPeak({ weights, means, covariances }: Mixture, axis: number): Peak {
  let tallest = { density: 0, at: NaN };
  weights.forEach((weight, k) => {
    const variance = covariances[k]![packedIndex(axis, axis)]!;
    const density = weight === 0 ? 0 : weight / Math.sqrt(2 * Math.PI * variance);
    if (density > tallest.density) tallest = { density, at: means[k]![axis]! };
  });
  return tallest;
}

/**
 * Left end of a note on what is at `x`, in a box from `left` to `right`: beside it, on the side that
 * has room, the right one first; else wherever the box holds it.
 */
export function besideX(x: number, width: number, gap: number, left: number, right: number) {
  if (x + gap + width <= right) return Math.max(x + gap, left);
  return Math.max(Math.min(x - gap, right) - width, left);
}

export const gridIn = ({ low, high }: Range, count: number): Grid => ({
  from: low,
  step: (high - low) / (count - 1),
  count,
});

/** Generations whose outline stays visible behind the current one: at most `most`, evenly spaced. */
export function ghostGenerations(generation: number, most: number): number[] {
  const count = Math.min(Math.max(generation - 1, 0), most);
  return Array.from({ length: count }, (_, i) =>
    Math.round(1 + (i * (generation - 1)) / Math.max(count, 1)),
  );
}

export interface Ellipse {
  readonly x: number;
  readonly y: number;
  /** Standard deviations along the two principal axes. */
  readonly major: number;
  readonly minor: number;
  /** Of the major axis, radians from x. */
  readonly angle: number;
}

/** One standard deviation of a component, in the plane of two axes. */
export function componentEllipse(
  mixture: Mixture,
  k: number,
  [x, y]: readonly [number, number],
): Ellipse {
  const covariance = mixture.covariances[k]!;
  const a = covariance[packedIndex(x, x)]!;
  const c = covariance[packedIndex(y, y)]!;
  const b = covariance[packedIndex(Math.max(x, y), Math.min(x, y))]!;
  const half = Math.hypot((a - c) / 2, b);
  const middle = (a + c) / 2;
  return {
    x: mixture.means[k]![x]!,
    y: mixture.means[k]![y]!,
    major: Math.sqrt(Math.max(middle + half, 0)),
    minor: Math.sqrt(Math.max(middle - half, 0)),
    angle: 0.5 * Math.atan2(2 * b, a - c),
  };
}
