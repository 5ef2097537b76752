/**
 * Weighted Gaussians ready to be evaluated, truth and models alike, in the log domain; standardised
 * distances are held at 2⁵⁹. A position or distance is D vectors in memory.
 * Twins: src/model/statistics/density.ts, shaders/statistics/density.wgsl.
 */
import { exp } from '../math/exp';
import { FRAME_LIMIT, hold, powerOfTwo, scaleBy } from '../math/exponent';
import { ln } from '../math/ln';
import {
  add,
  clear,
  div,
  fma,
  fnma,
  get,
  maxI,
  min,
  minI,
  mul,
  positive,
  put,
  select,
  splat,
  splatI,
  sub,
  VECTOR,
} from '../simd';
import { packedIndex } from '../math/triangular';
import { D, K, MOST_D, TRI } from '../shape';
import {
  exponentOfFactor,
  factorOf,
  meanOf,
  originLowOf,
  originOf,
  scaleOf,
  weightOf,
} from './model';

export const LN2: f32 = 0.693147181;
const HALF_LN_TWO_PI: f32 = 0.918938533;
/** ln density of a component that has none: no weight, or no width in some direction. */
export const SILENT: f32 = -1e30;

/** Where a Gaussian's vectors begin, in bytes; 2^exponent and 2^−exponent are two factors each. */
export const WEIGHT: usize = 0;
/** ln weight − ln det factor − D/2 ln 2π; SILENT without weight or width. */
export const CONSTANT: usize = 16;
const UP: usize = 32;
const DOWN: usize = 64;
export const MEAN: usize = 96;
export const FACTOR: usize = 160;
/** Reciprocals of the factor's diagonal. */
const INVERSES: usize = 320;
/** Room for four dimensions. */
export const GAUSSIAN_BYTES: usize = 384;

/** Gaussian number k. */
@inline
export function gaussianAt(gaussians: usize, k: i32): usize {
  return gaussians + <usize>k * GAUSSIAN_BYTES;
}

/** Fills the rest from weight, mean and factor. */
function prepareGaussian(g: usize, exponent: v128): void {
  setPowers(g + UP, exponent);
  setPowers(g + DOWN, i32x4.neg(exponent));
  const weight = v128.load(g + WEIGHT);
  const weighs = positive(weight);
  const dims = splatI(D);
  let logDet = mul(f32x4.convert_i32x4_s(i32x4.mul(exponent, dims)), splat(LN2));
  let sounds = weighs;
  for (let a = 0; a < D; a++) {
    const pivot = get(g + FACTOR, packedIndex(a, a));
    const wide = positive(pivot);
    const safe = select(pivot, splat(1), wide);
    logDet = add(logDet, ln(safe));
    put(g + INVERSES, a, v128.and(min(div(splat(1), safe), splat(FRAME_LIMIT)), wide));
    sounds = v128.and(sounds, wide);
  }
  const lnWeight = ln(select(weight, splat(1), weighs));
  const constant = sub(sub(lnWeight, logDet), splat(<f32>D * HALF_LN_TWO_PI));
  v128.store(g + CONSTANT, select(constant, splat(SILENT), sounds));
}

/** 2^e as two factors, exponents beyond ±252 as ±252: see scaleBy. */
@inline
export function setPowers(at: usize, e: v128): void {
  const bounded = maxI(minI(e, splatI(252)), splatI(-252));
  const half = i32x4.shr_s(bounded, 1);
  v128.store(at, powerOfTwo(half));
  v128.store(at, powerOfTwo(i32x4.sub(bounded, half)), VECTOR);
}

/** x · 2^e with the factors that setPowers left. */
@inline
export function scaleByPowers(x: v128, powers: usize): v128 {
  return hold(mul(mul(x, v128.load(powers)), v128.load(powers, VECTOR)));
}

/** The model in its own frame's units, where a collapsed lineage is still of order one. */
export function frameGaussians(gaussians: usize): void {
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    for (let a = 0; a < D; a++) put(g + MEAN, a, meanOf(k, a));
    setShape(g, k, exponentOfFactor(k));
  }
}

/** The model in truth units, X = origin + 2^scale y. */
export function truthGaussians(gaussians: usize): void {
  const scale = scaleOf();
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    for (let a = 0; a < D; a++) {
      const moved = scaleBy(meanOf(k, a), scale);
      put(g + MEAN, a, add(originOf(a), add(originLowOf(a), moved)));
    }
    setShape(g, k, i32x4.add(exponentOfFactor(k), scale));
  }
}

/** Weight and factor of component k, of an exponent of its own; its mean is there. */
export function setShape(g: usize, k: i32, exponent: v128): void {
  v128.store(g + WEIGHT, weightOf(k));
  for (let e = 0; e < TRI; e++) put(g + FACTOR, e, factorOf(k, e));
  prepareGaussian(g, exponent);
}

/** A component of the truth, the same in every lane, from its words in the tables. */
export function spreadGaussian(g: usize, words: usize): void {
  v128.store(g + WEIGHT, v128.load32_splat(words));
  v128.store(g + CONSTANT, v128.load32_splat(words, 4));
  for (let factor: usize = UP; factor < MEAN; factor += VECTOR) v128.store(g + factor, splat(1));
  spread(g + MEAN, words + 8, D);
  spread(g + FACTOR, words + 8 + (<usize>D << 2), TRI);
  spread(g + INVERSES, words + 8 + (<usize>(D + TRI) << 2), D);
}

/** `count` words, each to all lanes of a vector. */
function spread(to: usize, words: usize, count: i32): void {
  for (let w = 0; w < count; w++) put(to, w, v128.load32_splat(words + (<usize>w << 2)));
}

/** Reciprocal of the factor's diagonal entry a, the exponent in it, within 2⁵⁹. */
@inline
export function rateOf(g: usize, a: i32): v128 {
  return narrowed(get(g + INVERSES, a), g);
}

/** Entry (a, b) of the factor over the diagonal's entry a. */
@inline
export function slopeOf(g: usize, a: i32, b: i32): v128 {
  return mul(get(g + FACTOR, packedIndex(a, b)), get(g + INVERSES, a));
}

/** x · 2^−exponent. */
@inline
function narrowed(x: v128, g: usize): v128 {
  return scaleByPowers(x, g + DOWN);
}

/** x · 2^exponent. */
@inline
export function widened(x: v128, g: usize): v128 {
  return scaleByPowers(x, g + UP);
}

const SOLVED = memory.data(MOST_D * VECTOR, 16);

/** z = F⁻¹ delta by forward substitution, entries within ±2⁵⁹; z may be delta. */
export function standardise(g: usize, delta: usize, z: usize): void {
  let entry = g + FACTOR;
  for (let a = 0; a < D; a++) {
    let rest = get(delta, a);
    for (let b = 0; b < a; b++) {
      rest = fnma(v128.load(entry), get(SOLVED, b), rest);
      entry += VECTOR;
    }
    entry += VECTOR;
    const solved = hold(mul(rest, get(g + INVERSES, a)));
    put(SOLVED, a, solved);
    put(z, a, narrowed(solved, g));
  }
}

const STANDARD = memory.data(MOST_D * VECTOR, 16);

/** ‖F⁻¹ delta‖²; under 2¹²⁰. */
export function squaredRadius(g: usize, delta: usize): v128 {
  standardise(g, delta, STANDARD);
  let square = splat(0);
  for (let a = 0; a < D; a++) {
    const z = get(STANDARD, a);
    square = fma(z, z, square);
  }
  return square;
}

/** eˣ for x ≤ 0; 0 where that would underflow. */
@inline
export function expFalling(x: v128): v128 {
  return clear(exp(x), f32x4.lt(x, splat(-87)));
}

/** Which lanes of a component have a density. */
@inline
export function hasDensity(g: usize): v128 {
  return f32x4.ne(v128.load(g + CONSTANT), splat(SILENT));
}
