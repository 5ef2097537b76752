/**
 * Moments of one chunk in f64 by the fixed tree of its twin, src/model/reduce/moments.ts, operation
 * by operation: the same bytes.
 */
import { clear } from '../simd';
import { decoded, isSaturated, SATURATION } from './saturation';

/** Accumulators of the tree: value i belongs to accumulator i mod LANES. */
const LANES: usize = 256;
const LANE_BYTES: usize = LANES * 8;
const DEVIATIONS = memory.data(2048, 16);
const SQUARES = memory.data(2048, 16);

/** Of the values that are not saturated: the least of them, and how many there are. */
let pivot: f32 = 0;
let wholeCount: i32 = 0;

/** count, mean, m2, min, max and saturated count of f32 values, to six f64 at `out`. */
export function moments(values: usize, count: i32, out: usize): void {
  extremes(values, count, out);
  let mean: f64 = 0;
  let m2: f64 = 0;
  if (wholeCount > 0) {
    const whole = <f64>wholeCount;
    mean = sumFromPivot(values, count) / whole;
    m2 = squaresAbout(mean, values, count, whole);
    mean += <f64>pivot;
  }
  store<f64>(out, <f64>count);
  store<f64>(out, mean, 8);
  store<f64>(out, m2, 16);
  store<f64>(out, <f64>(count - wholeCount), 40);
}

/** Least and largest of all values to `out`; pivot and wholeCount of those that are whole. */
function extremes(values: usize, count: i32, out: usize): void {
  let least = f32x4.splat(Infinity);
  let most = f32x4.splat(-Infinity);
  let pivots = f32x4.splat(Infinity);
  let held = i32x4.splat(0);
  const end = count & ~3;
  for (let i = 0; i < end; i += 4) {
    const value = v128.load(values + ((<usize>i) << 2));
    const saturated = isSaturated(value);
    least = f32x4.min(least, value);
    most = f32x4.max(most, value);
    pivots = f32x4.min(pivots, v128.bitselect(f32x4.splat(Infinity), value, saturated));
    held = i32x4.sub(held, saturated);
  }
  let min = leastOf(least);
  let max = -leastOf(f32x4.neg(most));
  pivot = leastOf(pivots);
  wholeCount = count - sumOf(held);
  for (let i = end; i < count; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    min = Mathf.min(min, value);
    max = Mathf.max(max, value);
    if (Mathf.abs(value) >= SATURATION) wholeCount--;
    else pivot = Mathf.min(pivot, value);
  }
  store<f64>(out, decoded(min), 24);
  store<f64>(out, decoded(max), 32);
}

function leastOf(x: v128): f32 {
  const left = Mathf.min(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1));
  return Mathf.min(left, Mathf.min(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)));
}

function sumOf(x: v128): i32 {
  const left = i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1);
  return left + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
}

/** Σ (value − pivot). */
function sumFromPivot(values: usize, count: i32): f64 {
  memory.fill(DEVIATIONS, 0, LANE_BYTES);
  const from = f64x2.splat(<f64>pivot);
  const end = count & ~3;
  for (let i = 0; i < end; i += 4) {
    const value = v128.load(values + ((<usize>i) << 2));
    const saturated = isSaturated(value);
    const at = laneOf(DEVIATIONS, i);
    addTo(at, clear(f64x2.sub(lowOf(value), from), lowMask(saturated)));
    addTo(at + 16, clear(f64x2.sub(highOf(value), from), highMask(saturated)));
  }
  for (let i = end; i < count; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    if (Mathf.abs(value) >= SATURATION) continue;
    const at = laneOf(DEVIATIONS, i);
    store<f64>(at, load<f64>(at) + (<f64>value - <f64>pivot));
  }
  return fold(DEVIATIONS);
}

/** Σ δ² − (Σ δ)²/whole, δ = value − pivot − mean (Chan's corrected two-pass algorithm). */
function squaresAbout(mean: f64, values: usize, count: i32, whole: f64): f64 {
  memory.fill(DEVIATIONS, 0, LANE_BYTES);
  memory.fill(SQUARES, 0, LANE_BYTES);
  const from = f64x2.splat(<f64>pivot);
  const about = f64x2.splat(mean);
  const end = count & ~3;
  for (let i = 0; i < end; i += 4) {
    const value = v128.load(values + ((<usize>i) << 2));
    const saturated = isSaturated(value);
    const low = f64x2.sub(f64x2.sub(lowOf(value), from), about);
    const high = f64x2.sub(f64x2.sub(highOf(value), from), about);
    addDeviation(i, clear(low, lowMask(saturated)));
    addDeviation(i + 2, clear(high, highMask(saturated)));
  }
  for (let i = end; i < count; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    if (Mathf.abs(value) >= SATURATION) continue;
    const delta = <f64>value - <f64>pivot - mean;
    const lane = laneOf(DEVIATIONS, i);
    store<f64>(lane, load<f64>(lane) + delta);
    const square = laneOf(SQUARES, i);
    store<f64>(square, load<f64>(square) + delta * delta);
  }
  const squares = fold(SQUARES);
  const rest = fold(DEVIATIONS);
  return Math.max(0, squares - (rest * rest) / whole);
}

@inline
function addDeviation(i: i32, delta: v128): void {
  addTo(laneOf(DEVIATIONS, i), delta);
  addTo(laneOf(SQUARES, i), f64x2.mul(delta, delta));
}

/** Where the accumulator of value i is. */
@inline
function laneOf(lanes: usize, i: i32): usize {
  return lanes + (((<usize>i) & (LANES - 1)) << 3);
}

@inline
function addTo(at: usize, term: v128): void {
  v128.store(at, f64x2.add(v128.load(at), term));
}

@inline
function lowOf(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

@inline
function highOf(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
}

@inline
function lowMask(mask: v128): v128 {
  return v128.shuffle<i32>(mask, mask, 0, 0, 1, 1);
}

@inline
function highMask(mask: v128): v128 {
  return v128.shuffle<i32>(mask, mask, 2, 2, 3, 3);
}

/** The binary tree over all accumulators; they are used up. */
function fold(lanes: usize): f64 {
  for (let half = LANE_BYTES >> 1; half >= 16; half >>= 1) {
    for (let at: usize = 0; at < half; at += 16) {
      addTo(lanes + at, v128.load(lanes + at + half));
    }
  }
  return load<f64>(lanes) + load<f64>(lanes, 8);
}
