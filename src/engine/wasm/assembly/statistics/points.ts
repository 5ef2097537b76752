/**
 * Weighted Gaussians at a block of points, step by step over all of them: chains of operations that
 * do not depend on each other keep the processor busy where one point after the other would not.
 * Twins: logTerm, logDensity, overlap and truthPosterior of src/model/statistics.
 */
import { hold } from '../math/exponent';
import { ln } from '../math/ln';
import { D, MOST_D, MOST_J } from '../shape';
import { add, div, fma, fnma, get, max, mul, neg, nth, put, select, splat, sub } from '../simd';
import {
  CONSTANT,
  expFalling,
  gaussianAt,
  hasDensity,
  MEAN,
  rateOf,
  SILENT,
  slopeOf,
} from './density';

/** Points of a block at most; sums over a block bound f32 error at 65 536 nodes. */
export const BLOCK = 64;

/** The points, D vectors each. */
export const POINTS = memory.data(BLOCK * MOST_D * 16, 16);
/** Weight of each point. */
export const WEIGHTS = memory.data(BLOCK * 16, 16);
/** [component × BLOCK]: logarithms of weighted densities, then their exponentials. */
const TERMS = memory.data(MOST_J * BLOCK * 16, 16);
/** [BLOCK]: the largest term, and the sum of exponentials about it. */
const BEST = memory.data(BLOCK * 16, 16);
const SUMS = memory.data(BLOCK * 16, 16);
/** [BLOCK]: terms of the component that the points are around. */
const OWN = memory.data(BLOCK * 16, 16);

/** What a point is added to, to be its distance from the component. */
const BASE = memory.data(MOST_D * 16, 16);

@inline
function termsOf(component: i32): usize {
  return nth(TERMS, component * BLOCK);
}

/** Terms of `count` components at the first `n` of POINTS. */
export function evaluate(gaussians: usize, count: i32, n: i32): void {
  setTerms(gaussians, count, n);
  sumTerms(count, n);
}

/** The same terms as logarithms, for `termAt`. */
export function setTerms(gaussians: usize, count: i32, n: i32): void {
  for (let k = 0; k < count; k++) {
    const g = gaussianAt(gaussians, k);
    for (let a = 0; a < D; a++) put(BASE, a, neg(get(g + MEAN, a)));
    logTerms(g, n, termsOf(k));
  }
}

/** Term of a component at point i, as a logarithm; at most 2 SILENT where it has no density. */
@inline
export function termAt(component: i32, i: i32): v128 {
  return get(termsOf(component), i);
}

/** The same where POINTS are deviations from the mean of `home`, which is none of them. */
export function evaluateFrom(gaussians: usize, count: i32, home: usize, n: i32): void {
  for (let k = 0; k < count; k++) {
    const g = gaussianAt(gaussians, k);
    for (let a = 0; a < D; a++) put(BASE, a, sub(get(home + MEAN, a), get(g + MEAN, a)));
    logTerms(g, n, termsOf(k));
  }
  sumTerms(count, n);
}

/**
 * The same where POINTS are component `home`'s deviations from its mean, by differences of means;
 * its own terms, c − ½ z² of `normals`, D vectors each, are kept in OWN.
 */
export function evaluateAround(
  gaussians: usize,
  count: i32,
  home: i32,
  normals: usize,
  n: i32,
): void {
  const own = gaussianAt(gaussians, home);
  setOwn(v128.load(own + CONSTANT), normals, n);
  for (let k = 0; k < count; k++) {
    const g = gaussianAt(gaussians, k);
    for (let a = 0; a < D; a++) put(BASE, a, sub(get(own + MEAN, a), get(g + MEAN, a)));
    if (k == home) memory.copy(termsOf(k), OWN, <usize>n << 4);
    else logTerms(g, n, termsOf(k));
  }
  sumTerms(count, n);
}

function setOwn(constant: v128, normals: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    let term = constant;
    for (let a = 0; a < D; a++) {
      const z = get(normals, i * D + a);
      term = fnma(mul(splat(0.5), z), z, term);
    }
    put(OWN, i, term);
  }
}

/** c − ½ ‖F⁻¹ (BASE + point)‖²; under 2 SILENT where the component has no density. */
function logTerms(g: usize, n: i32, out: usize): void {
  const level = select(v128.load(g + CONSTANT), splat(2 * SILENT), hasDensity(g));
  if (D == 1) termsOnLine(g, level, n, out);
  else if (D == 2) termsInPlane(g, level, n, out);
  else if (D == 3) termsInSpace(g, level, n, out);
  else termsInFour(g, level, n, out);
}

/** A term from its level and squared radius. */
@inline
function termOf(level: v128, square: v128): v128 {
  return fnma(splat(0.5), square, level);
}

function termsOnLine(g: usize, level: v128, n: i32, out: usize): void {
  const base = get(BASE, 0);
  const rate = rateOf(g, 0);
  for (let i = 0; i < n; i++) {
    const z = hold(mul(add(base, get(POINTS, i)), rate));
    put(out, i, termOf(level, mul(z, z)));
  }
}

function termsInPlane(g: usize, level: v128, n: i32, out: usize): void {
  const base0 = get(BASE, 0);
  const base1 = get(BASE, 1);
  const rate0 = rateOf(g, 0);
  const rate1 = rateOf(g, 1);
  const slope = slopeOf(g, 1, 0);
  for (let i = 0; i < n; i++) {
    const x = add(base0, get(POINTS, 2 * i));
    const y = add(base1, get(POINTS, 2 * i + 1));
    const z0 = hold(mul(x, rate0));
    const z1 = hold(fnma(slope, z0, mul(y, rate1)));
    put(out, i, termOf(level, fma(z1, z1, mul(z0, z0))));
  }
}

function termsInSpace(g: usize, level: v128, n: i32, out: usize): void {
  const slope10 = slopeOf(g, 1, 0);
  const slope20 = slopeOf(g, 2, 0);
  const slope21 = slopeOf(g, 2, 1);
  for (let i = 0; i < n; i++) {
    const x = add(get(BASE, 0), get(POINTS, 3 * i));
    const y = add(get(BASE, 1), get(POINTS, 3 * i + 1));
    const w = add(get(BASE, 2), get(POINTS, 3 * i + 2));
    const z0 = hold(mul(x, rateOf(g, 0)));
    const z1 = hold(fnma(slope10, z0, mul(y, rateOf(g, 1))));
    const z2 = hold(fnma(slope21, z1, fnma(slope20, z0, mul(w, rateOf(g, 2)))));
    put(out, i, termOf(level, fma(z2, z2, fma(z1, z1, mul(z0, z0)))));
  }
}

function termsInFour(g: usize, level: v128, n: i32, out: usize): void {
  const slope10 = slopeOf(g, 1, 0);
  const slope20 = slopeOf(g, 2, 0);
  const slope21 = slopeOf(g, 2, 1);
  const slope30 = slopeOf(g, 3, 0);
  const slope31 = slopeOf(g, 3, 1);
  const slope32 = slopeOf(g, 3, 2);
  for (let i = 0; i < n; i++) {
    const x = add(get(BASE, 0), get(POINTS, 4 * i));
    const y = add(get(BASE, 1), get(POINTS, 4 * i + 1));
    const w = add(get(BASE, 2), get(POINTS, 4 * i + 2));
    const v = add(get(BASE, 3), get(POINTS, 4 * i + 3));
    const z0 = hold(mul(x, rateOf(g, 0)));
    const z1 = hold(fnma(slope10, z0, mul(y, rateOf(g, 1))));
    const z2 = hold(fnma(slope21, z1, fnma(slope20, z0, mul(w, rateOf(g, 2)))));
    const part = fnma(slope30, z0, mul(v, rateOf(g, 3)));
    const z3 = hold(fnma(slope32, z2, fnma(slope31, z1, part)));
    put(out, i, termOf(level, fma(z3, z3, fma(z2, z2, fma(z1, z1, mul(z0, z0))))));
  }
}

/** TERMS become their exponentials about BEST, whose sums are SUMS. */
function sumTerms(count: i32, n: i32): void {
  for (let i = 0; i < n; i++) {
    let best = get(TERMS, i);
    for (let k = 1; k < count; k++) best = max(best, get(termsOf(k), i));
    put(BEST, i, best);
    put(SUMS, i, splat(0));
  }
  for (let k = 0; k < count; k++) {
    const terms = termsOf(k);
    for (let i = 0; i < n; i++) {
      const share = expFalling(sub(get(terms, i), get(BEST, i)));
      put(terms, i, share);
      put(SUMS, i, add(get(SUMS, i), share));
    }
  }
}

/** ln of the sum of the components' densities at point i; SILENT where none has any. */
@inline
export function logDensity(i: i32): v128 {
  const best = get(BEST, i);
  const whole = add(best, ln(get(SUMS, i)));
  return select(whole, splat(SILENT), f32x4.gt(best, splat(2 * SILENT)));
}

/** ln(sum of the densities / that of `home`) ≥ 0 at point i. */
@inline
export function logExcess(i: i32): v128 {
  return add(sub(get(BEST, i), get(OWN, i)), ln(get(SUMS, i)));
}

/** Adds to each vector at `sums` a component's shares of the points by WEIGHTS; uses SUMS up. */
export function addShares(count: i32, n: i32, sums: usize): void {
  for (let i = 0; i < n; i++) put(SUMS, i, div(get(WEIGHTS, i), get(SUMS, i)));
  for (let k = 0; k < count; k++) {
    const terms = termsOf(k);
    let sum = splat(0);
    for (let i = 0; i < n; i++) sum = fma(get(terms, i), get(SUMS, i), sum);
    put(sums, k, add(get(sums, k), sum));
  }
}
