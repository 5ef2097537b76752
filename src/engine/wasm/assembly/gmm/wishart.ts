/**
 * Mean and covariance of n points of a Gaussian, drawn from their laws without the points; the
 * words they take are in the twins, src/model/gmm/wishart.ts and shaders/gmm/wishart.wgsl.
 */
import { sampleSize } from '../cell';
import { cubic, ln } from '../math/ln';
import { packedIndex } from '../math/triangular';
import { drawn, STREAM_WISHART, words } from '../rng/coordinates';
import { normalPair, radiusSquared } from '../rng/normal';
import { D, MOST_D, MOST_TRI } from '../shape';
import {
  abs,
  all,
  fma,
  get,
  less,
  max,
  mul,
  or,
  put,
  select,
  splat,
  splatI,
  sqrt,
  sub,
  VECTOR,
} from '../simd';

const CANDIDATE_LIMIT: i32 = 16;
export const LEAST_CUBE: f32 = 1e-30;

/** √n (mean − μ), and the scatter's packed factor T. */
export const WISHART_MEAN = memory.data(MOST_D * VECTOR, 16);
export const WISHART_FACTOR = memory.data(MOST_TRI * VECTOR, 16);

const PAIR = memory.data(2 * VECTOR, 16);

/** Fills WISHART_MEAN and WISHART_FACTOR for n points; columns from n − 1 on are 0. */
export function drawWishart(): void {
  for (let a = 0; a < D; a++) {
    put(WISHART_FACTOR, packedIndex(a, a), sqrt(chiSquared(a, sampleSize - 1 - a)));
    for (let b = 0; b < a; b++) {
      put(WISHART_FACTOR, packedIndex(a, b), b < sampleSize - 1 ? normalBelow(a, b) : splat(0));
    }
  }
}

/** Entry (a, b) under the diagonal. */
function normalBelow(a: i32, b: i32): v128 {
  const entry = ((a * (a - 1)) >> 1) + b;
  words(D + (entry >> 2), STREAM_WISHART, 0);
  const half = entry & 2;
  normalPair(drawn(half), drawn(half + 1), PAIR);
  return get(PAIR, entry & 1);
}

/**
 * χ² with `degrees` of freedom for an axis (Marsaglia & Tsang 2000), 0 without any; the axis's mean
 * comes from the same block and goes to WISHART_MEAN.
 */
export function chiSquared(axis: i32, degrees: i32): v128 {
  words(axis, STREAM_WISHART, 0);
  normalPair(drawn(0), drawn(1), PAIR);
  let x = get(PAIR, 0);
  put(WISHART_MEAN, axis, get(PAIR, 1));
  if (degrees <= 0) return splat(0);
  // One degree is a normal's square, which the method does not reach.
  if (degrees == 1) return mul(x, x);
  const shape = shapeOf(degrees);
  const slope = splat(slopeOf(shape));
  const s = splat(shape);
  let cube = splat(1);
  let taken = splatI(0);
  for (let attempt = 0; ;) {
    const w = mul(slope, x);
    const base = max(f32x4.add(splat(1), w), splat(0));
    cube = select(cube, mul(mul(base, base), base), taken);
    const logUniform = mul(splat(-0.5), radiusSquared(drawn(2)));
    const accepted = less(logUniform, logAcceptance(w, s));
    taken = or(taken, v128.and(accepted, f32x4.gt(w, splat(-1))));
    attempt++;
    if (attempt == CANDIDATE_LIMIT || all(taken)) break;
    words(axis, STREAM_WISHART, attempt);
    normalPair(drawn(0), drawn(1), PAIR);
    x = get(PAIR, 0);
  }
  return mul(mul(splat(2), s), max(cube, splat(LEAST_CUBE)));
}

/** The degrees of freedom's shape ν/2 − 1/3, and 1/√(9 shape). */
@inline
export function shapeOf(degrees: i32): f32 {
  return <f32>(0.5 * <f64>degrees - 1.0 / 3.0);
}

@inline
export function slopeOf(shape: f32): f32 {
  return <f32>(1 / Math.sqrt(9 * <f64>shape));
}

/** logAcceptance / s for |w| ≤ 1/4: error 1.8e-6 |w|³, most of it that of 3 P, 3 · 4.93e-7. */
@inline
export function nearAcceptance(w: v128): v128 {
  return mul(mul(mul(w, w), w), fma(splat(3), cubic(w), splat(-1)));
}

/**
 * ln of the probability that candidate w = x/√(9 s) is taken: x²/2 + s (1 − v + ln v) with
 * v = (1 + w)³. Near 0 its terms cancel down to s w³ (3 P(w) − 1), P from ln's polynomial: error
 * 1.8e-6 s |w|³.
 */
@inline
function logAcceptance(w: v128, s: v128): v128 {
  const square = mul(w, w);
  const near = nearAcceptance(w);
  const log = mul(splat(3), ln(max(f32x4.add(splat(1), w), splat(1e-30))));
  // x²/2 = 4.5 s w², and 1 − v = −w (3 + w (3 + w)).
  const expanded = mul(w, fma(w, f32x4.add(splat(3), w), splat(3)));
  const far = fma(splat(4.5), square, sub(log, expanded));
  return mul(s, select(near, far, f32x4.le(abs(w), splat(0.25))));
}
