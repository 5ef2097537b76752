/**
 * Moments of one chunk in f64 by the fixed tree of its twin, src/model/reduce/moments.ts, operation
 * by operation: the same bytes.
 */
import { clear } from '../simd';
import { decoded, isSaturated, MAGNITUDE, SATURATION, SATURATION_BITS } from './saturation';

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

/**
 * Least and largest of all values to `out`; pivot and wholeCount of those that are whole. Compared
 * as integers in the order of what they stand for, −0 before 0.
 */
function extremes(values: usize, count: i32, out: usize): void {
  let least = i32x4.splat(i32.MAX_VALUE);
  let most = i32x4.splat(i32.MIN_VALUE);
  let pivots = least;
  let held = i32x4.splat(0);
  const end = count & ~3;
  for (let i = 0; i < end; i += 4) {
    const value = v128.load(values + ((<usize>i) << 2));
    const key = v128.xor(value, v128.and(i32x4.shr_s(value, 31), i32x4.splat(MAGNITUDE)));
    const saturated = isSaturated(value);
    least = i32x4.min_s(least, key);
    most = i32x4.max_s(most, key);
    pivots = i32x4.min_s(pivots, v128.bitselect(i32x4.splat(i32.MAX_VALUE), key, saturated));
    held = i32x4.sub(held, saturated);
  }
  let min = leastOf(least);
  let max = ~leastOf(v128.not(most));
  let first = leastOf(pivots);
  wholeCount = count - sumOf(held);
  for (let i = end; i < count; i++) {
    const bits = load<i32>(values + ((<usize>i) << 2));
    const key = inOrder(bits);
    min = key < min ? key : min;
    max = key > max ? key : max;
    if ((bits & MAGNITUDE) >= SATURATION_BITS) wholeCount--;
    else first = key < first ? key : first;
  }
  pivot = reinterpret<f32>(inOrder(first));
  store<f64>(out, decoded(reinterpret<f32>(inOrder(min))), 24);
  store<f64>(out, decoded(reinterpret<f32>(inOrder(max))), 32);
}

/** Bits of an f32 as a number of the same order, and back. */
@inline
function inOrder(bits: i32): i32 {
  return bits ^ ((bits >> 31) & MAGNITUDE);
}

function leastOf(x: v128): i32 {
  const left = min(i32x4.extract_lane(x, 0), i32x4.extract_lane(x, 1));
  return min(left, min(i32x4.extract_lane(x, 2), i32x4.extract_lane(x, 3)));
}

function sumOf(x: v128): i32 {
  const left = i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1);
  return left + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
}

/** Σ (value − pivot). */
function sumFromPivot(values: usize, count: i32): f64 {
  if (wholeCount < count) addDeviations(values, count, true);
  else addDeviations(values, count, false);
  for (let i = count & ~3; i < count; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    if (Mathf.abs(value) < SATURATION) addTo(laneOf(DEVIATIONS, i), <f64>value - <f64>pivot);
  }
  return fold(DEVIATIONS);
}

/** Lanes of all whole vectors of values; `masked`: values may be held, and stay out. */
@inline
function addDeviations(values: usize, count: i32, masked: bool): void {
  const from = f64x2.splat(<f64>pivot);
  const end = values + ((<usize>(count & ~3)) << 2);
  for (let lane: usize = 0; lane < LANES; lane += 4) {
    let low = f64x2.splat(0);
    let high = low;
    for (let at = values + (lane << 2); at < end; at += LANES << 2) {
      const value = v128.load(at);
      let first = f64x2.sub(lowOf(value), from);
      let second = f64x2.sub(highOf(value), from);
      if (masked) {
        const out = isSaturated(value);
        first = clear(first, lowMask(out));
        second = clear(second, highMask(out));
      }
      low = f64x2.add(low, first);
      high = f64x2.add(high, second);
    }
    v128.store(DEVIATIONS + (lane << 3), low);
    v128.store(DEVIATIONS + (lane << 3), high, 16);
  }
}

/** Σ δ² − (Σ δ)²/whole, δ = value − pivot − mean (Chan's corrected two-pass algorithm). */
function squaresAbout(mean: f64, values: usize, count: i32, whole: f64): f64 {
  if (wholeCount < count) addSquares(mean, values, count, true);
  else addSquares(mean, values, count, false);
  for (let i = count & ~3; i < count; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    if (Mathf.abs(value) >= SATURATION) continue;
    const delta = <f64>value - <f64>pivot - mean;
    addTo(laneOf(DEVIATIONS, i), delta);
    addTo(laneOf(SQUARES, i), delta * delta);
  }
  const squares = fold(SQUARES);
  const rest = fold(DEVIATIONS);
  return Math.max(0, squares - (rest * rest) / whole);
}

@inline
function addSquares(mean: f64, values: usize, count: i32, masked: bool): void {
  const from = f64x2.splat(<f64>pivot);
  const about = f64x2.splat(mean);
  const end = values + ((<usize>(count & ~3)) << 2);
  for (let lane: usize = 0; lane < LANES; lane += 4) {
    let low = f64x2.splat(0);
    let high = low;
    let lowSquares = low;
    let highSquares = low;
    for (let at = values + (lane << 2); at < end; at += LANES << 2) {
      const value = v128.load(at);
      let first = f64x2.sub(f64x2.sub(lowOf(value), from), about);
      let second = f64x2.sub(f64x2.sub(highOf(value), from), about);
      if (masked) {
        const out = isSaturated(value);
        first = clear(first, lowMask(out));
        second = clear(second, highMask(out));
      }
      low = f64x2.add(low, first);
      high = f64x2.add(high, second);
      lowSquares = f64x2.add(lowSquares, f64x2.mul(first, first));
      highSquares = f64x2.add(highSquares, f64x2.mul(second, second));
    }
    v128.store(DEVIATIONS + (lane << 3), low);
    v128.store(DEVIATIONS + (lane << 3), high, 16);
    v128.store(SQUARES + (lane << 3), lowSquares);
    v128.store(SQUARES + (lane << 3), highSquares, 16);
  }
}

/** Where the accumulator of value i is. */
@inline
function laneOf(lanes: usize, i: i32): usize {
  return lanes + (((<usize>i) & (LANES - 1)) << 3);
}

@inline
function addTo(at: usize, term: f64): void {
  store<f64>(at, load<f64>(at) + term);
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
      const sum = f64x2.add(v128.load(lanes + at), v128.load(lanes + at + half));
      v128.store(lanes + at, sum);
    }
  }
  return load<f64>(lanes) + load<f64>(lanes, 8);
}
