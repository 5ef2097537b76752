/**
 * EM of two components in one dimension, the commonest fit and the fastest: the log odds of the
 * narrower component as a polynomial about its mean, where nothing cancels that matters, one
 * exponential and one division a point. Which component is the narrower differs between lanes;
 * parameters are ordered by width before the pass over the points, and its sums put back after it.
 * Twins: K = 2 of src/model/gmm/em.ts and shaders/gmm/em.wgsl.
 */
import { POINTS, sampleSize } from '../cell';
import { exp2Cut, LOG2_E } from '../math/exp';
import { ln } from '../math/ln';
import { TOLERANCE_ON } from '../shape';
import {
  abs,
  add,
  div,
  fma,
  fnma,
  get,
  max,
  min,
  mul,
  nth,
  or,
  positive,
  put,
  select,
  splat,
  splatI,
  sub,
  VECTOR,
} from '../simd';
import {
  BLOCK,
  clearSums,
  DEAD_LOG_WEIGHT,
  FACTORS,
  MEANS,
  ROOT_HALF_LOG2_E,
  TOTALS,
  WEIGHTS,
} from './em';
import { addLikelihood, startLikelihood } from './tolerance';

/** log₂ odds of the narrower component: powers 0, 1, 2 of the offset from its mean. */
const ODDS = memory.data(3 * VECTOR, 16);
/** Means of the narrower and of the wider component. */
const ORDERED_MEANS = memory.data(2 * VECTOR, 16);
/** Mask: component 0 is the narrower. */
const FIRST_NARROWER = memory.data(VECTOR, 16);
/** Zeroth, first, second sums of the narrower component, then of the wider, of one block. */
const PAIR_SUMS = memory.data(6 * VECTOR, 16);
/** log₂(weight / width) and √(log₂ e / 2) / width of both, for likelihoods alone. */
const LOG_WEIGHTS = memory.data(2 * VECTOR, 16);
const INVERSES = memory.data(2 * VECTOR, 16);
/** Points of a tile, a multiple of 4, and their odds, [TILE]. */
const TILE: i32 = 64;
const RATIOS = memory.data(64 * VECTOR, 16);

/** 2¹²⁰: coefficients beyond would meet as infinities of both signs. */
const ODDS_LIMIT: f32 = 1.329227995784916e36;

@inline
function holdOdds(x: v128): v128 {
  return max(min(x, splat(ODDS_LIMIT)), splat(-ODDS_LIMIT));
}

/** Prepares an E-step; widths are held at widthFloor. */
export function preparePair(widthFloor: v128): void {
  const width0 = max(get(FACTORS, 0), widthFloor);
  const width1 = max(get(FACTORS, 1), widthFloor);
  const order = f32x4.le(width0, width1);
  const narrow = min(width0, width1);
  const wide = max(width0, width1);
  const narrowMean = select(get(MEANS, 0), get(MEANS, 1), order);
  const wideMean = select(get(MEANS, 1), get(MEANS, 0), order);
  const narrowWeight = select(get(WEIGHTS, 0), get(WEIGHTS, 1), order);
  const wideWeight = select(get(WEIGHTS, 1), get(WEIGHTS, 0), order);
  v128.store(FIRST_NARROWER, order);
  put(ORDERED_MEANS, 0, narrowMean);
  put(ORDERED_MEANS, 1, wideMean);
  const inverse = div(splat(1), narrow);
  const wideInverse = div(splat(1), wide);
  const weights = div(narrowWeight, max(wideWeight, splat(1e-37)));
  const ratio = mul(mul(weights, inverse), wide);
  const apart = sub(wideMean, narrowMean);
  const scale = splat(0.5 * LOG2_E);
  const wideSquare = mul(mul(wideInverse, wideInverse), scale);
  const narrowSquare = mul(mul(inverse, inverse), scale);
  const slope = mul(wideSquare, apart);
  const constant = fma(slope, apart, mul(splat(LOG2_E), ln(ratio)));
  // A dead component leaves nothing to weigh.
  const dead = or(v128.not(positive(narrowWeight)), v128.not(positive(wideWeight)));
  const certain = select(splat(-DEAD_LOG_WEIGHT), splat(DEAD_LOG_WEIGHT), positive(narrowWeight));
  put(ODDS, 0, select(certain, holdOdds(constant), dead));
  put(ODDS, 1, v128.andnot(holdOdds(mul(splat(-2), slope)), dead));
  put(ODDS, 2, v128.andnot(holdOdds(sub(wideSquare, narrowSquare)), dead));
  if (TOLERANCE_ON) {
    prepareLikelihood(0, narrowWeight, inverse);
    prepareLikelihood(1, wideWeight, wideInverse);
  }
}

function prepareLikelihood(which: i32, weight: v128, inverse: v128): void {
  const log = add(ln(max(weight, splat(1e-37))), ln(inverse));
  const bits = mul(splat(LOG2_E), log);
  put(LOG_WEIGHTS, which, select(bits, splat(DEAD_LOG_WEIGHT), positive(weight)));
  put(INVERSES, which, mul(inverse, splat(ROOT_HALF_LOG2_E)));
}

/** One E-step over all points: TOTALS. */
export function expectationOfPair(): void {
  clearSums(TOTALS);
  startLikelihood();
  const order = v128.load(FIRST_NARROWER);
  for (let first = 0; first < sampleSize; first += BLOCK) {
    const end = first + BLOCK < sampleSize ? first + BLOCK : sampleSize;
    for (let e = 0; e < 6; e++) put(PAIR_SUMS, e, splat(0));
    for (let i = first; i < end; i += TILE) {
      const count = i + TILE < end ? TILE : end - i;
      weighTile(nth(POINTS, i), count);
      if (TOLERANCE_ON) addTile(nth(POINTS, i), count);
      sumTile(nth(POINTS, i), count);
    }
    for (let e = 0; e < 3; e++) {
      const narrow = get(PAIR_SUMS, e);
      const wide = get(PAIR_SUMS, 3 + e);
      put(TOTALS, e, add(get(TOTALS, e), select(narrow, wide, order)));
      put(TOTALS, 3 + e, add(get(TOTALS, 3 + e), select(wide, narrow, order)));
    }
  }
}

/**
 * RATIOS of a tile's points. Four at a time, so that the processor finds work while one waits for
 * its polynomials; past the last point they are read and written, and nobody asks for them.
 */
function weighTile(points: usize, count: i32): void {
  const constant = get(ODDS, 0);
  const slope = get(ODDS, 1);
  const bend = get(ODDS, 2);
  const mean = get(ORDERED_MEANS, 0);
  const end = nth(points, count);
  let to = RATIOS;
  for (let p = points; p < end; p += 4 * VECTOR) {
    const y0 = v128.load(p);
    const y1 = v128.load(p, 16);
    const y2 = v128.load(p, 32);
    const y3 = v128.load(p, 48);
    v128.store(to, signedRatio(sub(y0, mean), constant, slope, bend));
    v128.store(to, signedRatio(sub(y1, mean), constant, slope, bend), 16);
    v128.store(to, signedRatio(sub(y2, mean), constant, slope, bend), 32);
    v128.store(to, signedRatio(sub(y3, mean), constant, slope, bend), 48);
    to += 4 * VECTOR;
  }
}

/** The lesser responsibility over the greater, with the sign of the narrower one's log odds. */
@inline
function signedRatio(u: v128, constant: v128, slope: v128, bend: v128): v128 {
  const odds = fma(fma(bend, u, slope), u, constant);
  const sign = splatI(0x80000000);
  return or(exp2Cut(or(odds, sign)), v128.and(odds, sign));
}

/** Adds a tile's likelihood: each 1 + ratio is in [1, 2], so that their product is a number. */
function addTile(points: usize, count: i32): void {
  let bits = splat(0);
  let product = splat(1);
  for (let i = 0; i < count; i++) {
    const y = get(points, i);
    const u = mul(get(INVERSES, 0), sub(y, get(ORDERED_MEANS, 0)));
    const v = mul(get(INVERSES, 1), sub(y, get(ORDERED_MEANS, 1)));
    const narrow = fnma(u, u, get(LOG_WEIGHTS, 0));
    const wide = fnma(v, v, get(LOG_WEIGHTS, 1));
    bits = add(bits, max(narrow, wide));
    product = fma(product, abs(get(RATIOS, i)), product);
  }
  addLikelihood(bits, product);
}

/** Adds a tile's points to PAIR_SUMS. */
function sumTile(points: usize, count: i32): void {
  const narrowMean = get(ORDERED_MEANS, 0);
  const wideMean = get(ORDERED_MEANS, 1);
  let narrow0 = get(PAIR_SUMS, 0);
  let narrow1 = get(PAIR_SUMS, 1);
  let narrow2 = get(PAIR_SUMS, 2);
  let wide0 = get(PAIR_SUMS, 3);
  let wide1 = get(PAIR_SUMS, 4);
  let wide2 = get(PAIR_SUMS, 5);
  const end = nth(points, count);
  let at = RATIOS;
  for (let p = points; p < end; p += VECTOR) {
    const y = v128.load(p);
    const signed = v128.load(at);
    at += VECTOR;
    // The lesser comes from the greater, neither from 1.
    const ratio = abs(signed);
    const greater = div(splat(1), add(splat(1), ratio));
    const lesser = mul(ratio, greater);
    const below = i32x4.shr_s(signed, 31);
    let r: v128;
    let q: v128;
    if (ASC_FEATURE_RELAXED_SIMD) {
      r = select(lesser, greater, below);
      q = select(greater, lesser, below);
    } else {
      // A choice is three operations here, and this is one and a half.
      const swap = v128.and(v128.xor(greater, lesser), below);
      r = v128.xor(greater, swap);
      q = v128.xor(lesser, swap);
    }
    const u = sub(y, narrowMean);
    const v = sub(y, wideMean);
    const ru = mul(r, u);
    const qv = mul(q, v);
    narrow0 = add(narrow0, r);
    narrow1 = add(narrow1, ru);
    narrow2 = fma(ru, u, narrow2);
    wide0 = add(wide0, q);
    wide1 = add(wide1, qv);
    wide2 = fma(qv, v, wide2);
  }
  put(PAIR_SUMS, 0, narrow0);
  put(PAIR_SUMS, 1, narrow1);
  put(PAIR_SUMS, 2, narrow2);
  put(PAIR_SUMS, 3, wide0);
  put(PAIR_SUMS, 4, wide1);
  put(PAIR_SUMS, 5, wide2);
}
