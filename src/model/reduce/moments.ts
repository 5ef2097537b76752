/**
 * Moments of one chunk by a fixed tree, and the merge of chunks (Chan, Golub, LeVeque 1979). Values
 * are measured from the least of them, so that a mean far from 0 costs no digits. Values held at
 * ±SATURATION are counted, reach min and max, and stay out of mean and m2.
 * Twin: shaders/reduce/moments.wgsl and shaders/kernels/moments.wgsl.
 */
import { SATURATION } from '../status.ts';

export interface Moments {
  /** All values, saturated ones too. */
  readonly count: number;
  /** Of the values that are not saturated; 0 where there is none. */
  readonly mean: number;
  /** Sum of squared deviations from `mean`. */
  readonly m2: number;
  readonly min: number;
  readonly max: number;
  readonly saturated: number;
}

/** Accumulators of the tree: value i belongs to accumulator i mod LANES, as on the GPU. */
const LANES = 256;

export const EMPTY_MOMENTS: Moments = {
  count: 0,
  mean: 0,
  m2: 0,
  min: Infinity,
  max: -Infinity,
  saturated: 0,
};

export const isSaturated = (value: number): boolean => Math.abs(value) >= SATURATION;

/** Σ of term over the chunk in the fixed order: each lane in order, then a binary tree. */
function foldSum(values: ArrayLike<number>, term: (value: number) => number): number {
  const lanes = new Float64Array(LANES);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!isSaturated(value)) lanes[i % LANES]! += term(value);
  }
  for (let half = LANES / 2; half >= 1; half /= 2) {
    for (let i = 0; i < half; i++) lanes[i]! += lanes[i + half]!;
  }
  return lanes[0]!;
}

export function chunkMoments(values: ArrayLike<number>): Moments {
  let saturated = 0;
  let min = Infinity;
  let max = -Infinity;
  let pivot = Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (isSaturated(value)) saturated++;
    else pivot = Math.min(pivot, value);
  }
  const whole = values.length - saturated;
  if (whole === 0) return { ...EMPTY_MOMENTS, count: saturated, min, max, saturated };
  const mean = foldSum(values, (value) => value - pivot) / whole;
  const squares = foldSum(values, (value) => (value - pivot - mean) ** 2);
  // What rounding left in the mean: Σδ would be 0 (Chan's corrected two-pass algorithm).
  const rest = foldSum(values, (value) => value - pivot - mean);
  const m2 = Math.max(0, squares - (rest * rest) / whole);
  return { count: values.length, mean: pivot + mean, m2, min, max, saturated };
}

/** Moments of both parts together. Fold in order of replicates: rounding depends on the order. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const wholeA = a.count - a.saturated;
  const wholeB = b.count - b.saturated;
  const whole = wholeA + wholeB;
  const delta = wholeA > 0 && wholeB > 0 ? b.mean - a.mean : 0;
  const share = whole > 0 ? wholeB / whole : 0;
  return {
    count: a.count + b.count,
    mean: wholeA > 0 ? a.mean + delta * share : b.mean,
    m2: a.m2 + b.m2 + delta * delta * wholeA * share,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    saturated: a.saturated + b.saturated,
  };
}
