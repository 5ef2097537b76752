/**
 * Expectation–maximisation, K components in D dimensions: moments about the current means, never
 * E[x²] − mean². Points are taken in tiles, a tile component by component, so that a component's
 * parameters and sums stay in registers. Logarithms are to base 2 up to the exponential.
 * Twins: src/model/gmm/em.ts, shaders/gmm/em.wgsl.
 */
import { bessel, floor, POINTS, sampleSize } from '../cell';
import { exp2Cut, LOG2_E } from '../math/exp';
import { scaleBy } from '../math/exponent';
import { ln } from '../math/ln';
import { cholesky, invertLower, packedIndex } from '../math/triangular';
import {
  COVARIANCE,
  D,
  DIAGONAL,
  FULL,
  K,
  MOST_D,
  MOST_K,
  MOST_TRI,
  TIED,
  TOLERANCE_ON,
  TRI,
} from '../shape';
import {
  add,
  div,
  fma,
  fnma,
  get,
  max,
  mul,
  nth,
  positive,
  put,
  select,
  splat,
  sqrt,
  sub,
  VECTOR,
} from '../simd';
import { addLikelihood, DONE, startLikelihood, startSteps } from './tolerance';

/** Components in the working frame: [K], [K × D], [K × TRI]. */
export const WEIGHTS = memory.data(MOST_K * VECTOR, 16);
export const MEANS = memory.data(MOST_K * MOST_D * VECTOR, 16);
export const FACTORS = memory.data(MOST_K * MOST_TRI * VECTOR, 16);

/** log₂(weight / det factor), and inverse factors times √(log₂ e / 2). */
const LOG_WEIGHTS = memory.data(MOST_K * VECTOR, 16);
const INVERSES = memory.data(MOST_K * MOST_TRI * VECTOR, 16);

/** Σ r, Σ r δ, Σ r δ δᵀ of a block and of all points, δ = y − current mean. */
const MOST_SUMS: i32 = MOST_K * (1 + MOST_D + MOST_TRI);
const BLOCK_SUMS = memory.data(MOST_SUMS * VECTOR, 16);
export const TOTALS = memory.data(MOST_SUMS * VECTOR, 16);

/** Points of a tile. */
export const TILE: i32 = 32;
/** [K × TILE]: logarithms, then shares before they are divided by their total. */
export const SHARES = memory.data(MOST_K * 32 * VECTOR, 16);
/** [TILE]: the best logarithm; the sum of shares, then one over it. */
export const BEST = memory.data(32 * VECTOR, 16);
export const SUM = memory.data(32 * VECTOR, 16);

/** Points summed before folding into the total. */
export const BLOCK: i32 = 1024;
export const DEAD_LOG_WEIGHT: f32 = -1e30;
/** Under every logarithm. */
const NO_LOG_WEIGHT: f32 = -3e38;
/** √(log₂ e / 2): squares of scaled distances are then bits. */
export const ROOT_HALF_LOG2_E: f32 = 0.849321783;

const LOWER = memory.data(MOST_TRI * VECTOR, 16);
const COVARIANCES = memory.data(MOST_TRI * VECTOR, 16);
/** Covariance floor in the working frame. */
const FLOOR = memory.data(VECTOR, 16);

/** Before a fit, in a frame of scale `scale`. */
export function startFit(scale: v128): void {
  const shrink = i32x4.neg(scale);
  v128.store(FLOOR, scaleBy(scaleBy(splat(floor), shrink), shrink));
  startSteps();
}

/** Prepares an E-step; widths are held at widthFloor. */
export function prepare(widthFloor: v128): void {
  for (let k = 0; k < K; k++) {
    let logDet = splat(0);
    for (let e = 0; e < TRI; e++) put(LOWER, e, get(FACTORS, k * TRI + e));
    for (let a = 0; a < D; a++) {
      const e = packedIndex(a, a);
      const pivot = max(get(LOWER, e), widthFloor);
      put(LOWER, e, pivot);
      logDet = add(logDet, ln(pivot));
    }
    const inverse = nth(INVERSES, k * TRI);
    invertLower(LOWER, inverse);
    for (let e = 0; e < TRI; e++) put(inverse, e, mul(get(inverse, e), splat(ROOT_HALF_LOG2_E)));
    const weight = get(WEIGHTS, k);
    const log = mul(sub(ln(max(weight, splat(1e-37))), logDet), splat(LOG2_E));
    put(LOG_WEIGHTS, k, select(log, splat(DEAD_LOG_WEIGHT), positive(weight)));
  }
}

/** Writes SHARES and SUM of a tile of points. */
export type Assign = (points: usize, count: i32) => void;

/** One E-step over all points: TOTALS. */
export function expectation(): void {
  startLikelihood();
  sumPoints(responsibilities);
}

/** TOTALS of all points, shared out by `assign`. */
export function sumPoints(assign: Assign): void {
  clearSums(TOTALS);
  for (let first = 0; first < sampleSize; first += BLOCK) {
    const end = first + BLOCK < sampleSize ? first + BLOCK : sampleSize;
    clearSums(BLOCK_SUMS);
    for (let i = first; i < end; i += TILE) {
      const count = i + TILE < end ? TILE : end - i;
      const points = nth(POINTS, i * D);
      assign(points, count);
      accumulate(points, count);
    }
    fold();
  }
}

function sumsLength(): i32 {
  return K * (1 + D + TRI);
}

/** First sum of component k: zeroth, then D first, then TRI second. */
@inline
export function sumsOf(sums: usize, k: i32): usize {
  return nth(sums, k * (1 + D + TRI));
}

export function clearSums(sums: usize): void {
  const length = sumsLength();
  for (let e = 0; e < length; e++) put(sums, e, splat(0));
}

/** TOTALS += BLOCK_SUMS. */
function fold(): void {
  const length = sumsLength();
  for (let e = 0; e < length; e++) put(TOTALS, e, add(get(TOTALS, e), get(BLOCK_SUMS, e)));
}

/** Shares of the components in a tile's points, up to the factor 1 / SUM, which SUM becomes. */
function responsibilities(points: usize, count: i32): void {
  const bytes = <usize>count * VECTOR;
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    v128.store(BEST + p, splat(NO_LOG_WEIGHT));
    v128.store(SUM + p, splat(0));
  }
  for (let k = 0; k < K; k++) {
    const logs = nth(SHARES, k * TILE);
    if (D == 1) lineLogs(k, points, bytes, logs);
    else if (D == 2) flatLogs(k, points, bytes, logs);
    else if (D == 3) solidLogs(k, points, bytes, logs);
    else deepLogs(k, points, bytes, logs);
  }
  for (let k = 0; k < K; k++) weighTile(nth(SHARES, k * TILE), bytes);
  if (TOLERANCE_ON) addTile(bytes);
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    v128.store(SUM + p, div(splat(1), v128.load(SUM + p)));
  }
}

/**
 * Shares of one component from its logarithms, in place, and their sum. Four at a time, so that the
 * processor finds work while one waits for its polynomial; the tile has room past the last point.
 */
function weighTile(shares: usize, bytes: usize): void {
  for (let p: usize = 0; p < bytes; p += 4 * VECTOR) {
    const at = shares + p;
    const l0 = sub(v128.load(at), v128.load(BEST + p));
    const l1 = sub(v128.load(at, 16), v128.load(BEST + p, 16));
    const l2 = sub(v128.load(at, 32), v128.load(BEST + p, 32));
    const l3 = sub(v128.load(at, 48), v128.load(BEST + p, 48));
    const s0 = exp2Cut(l0);
    const s1 = exp2Cut(l1);
    const s2 = exp2Cut(l2);
    const s3 = exp2Cut(l3);
    v128.store(at, s0);
    v128.store(at, s1, 16);
    v128.store(at, s2, 32);
    v128.store(at, s3, 48);
    const sums = SUM + p;
    v128.store(sums, add(v128.load(sums), s0));
    v128.store(sums, add(v128.load(sums, 16), s1), 16);
    v128.store(sums, add(v128.load(sums, 32), s2), 32);
    v128.store(sums, add(v128.load(sums, 48), s3), 48);
  }
}

/** Points of which the sums of shares, in [1, 25], have a product that is a number. */
const PRODUCT_BYTES: usize = 16 * VECTOR;

/** Adds a tile's likelihood. */
function addTile(bytes: usize): void {
  for (let first: usize = 0; first < bytes; first += PRODUCT_BYTES) {
    const end = first + PRODUCT_BYTES < bytes ? first + PRODUCT_BYTES : bytes;
    let bits = splat(0);
    let product = splat(1);
    for (let p = first; p < end; p += VECTOR) {
      bits = add(bits, v128.load(BEST + p));
      product = mul(product, v128.load(SUM + p));
    }
    addLikelihood(bits, product);
  }
}

@inline
function storeLog(p: usize, logs: usize, log: v128): void {
  v128.store(logs + p, log);
  v128.store(BEST + p, max(v128.load(BEST + p), log));
}

/** log₂(weight · density) of component k, up to a constant common to all k. */
function lineLogs(k: i32, points: usize, bytes: usize, logs: usize): void {
  const mean = get(MEANS, k);
  const inverse = get(INVERSES, k);
  const logWeight = get(LOG_WEIGHTS, k);
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const u = mul(inverse, sub(v128.load(points + p), mean));
    storeLog(p, logs, fnma(u, u, logWeight));
  }
}

function flatLogs(k: i32, points: usize, bytes: usize, logs: usize): void {
  const mean0 = get(MEANS, 2 * k);
  const mean1 = get(MEANS, 2 * k + 1);
  const i00 = get(INVERSES, 3 * k);
  const i10 = get(INVERSES, 3 * k + 1);
  const i11 = get(INVERSES, 3 * k + 2);
  const logWeight = get(LOG_WEIGHTS, k);
  let at = points;
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const d0 = sub(v128.load(at), mean0);
    const d1 = sub(v128.load(at, 16), mean1);
    const u0 = mul(i00, d0);
    const u1 = fma(i10, d0, mul(i11, d1));
    storeLog(p, logs, fnma(u1, u1, fnma(u0, u0, logWeight)));
    at += 2 * VECTOR;
  }
}

function solidLogs(k: i32, points: usize, bytes: usize, logs: usize): void {
  const mean0 = get(MEANS, 3 * k);
  const mean1 = get(MEANS, 3 * k + 1);
  const mean2 = get(MEANS, 3 * k + 2);
  const i00 = get(INVERSES, 6 * k);
  const i10 = get(INVERSES, 6 * k + 1);
  const i11 = get(INVERSES, 6 * k + 2);
  const i20 = get(INVERSES, 6 * k + 3);
  const i21 = get(INVERSES, 6 * k + 4);
  const i22 = get(INVERSES, 6 * k + 5);
  const logWeight = get(LOG_WEIGHTS, k);
  let at = points;
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const d0 = sub(v128.load(at), mean0);
    const d1 = sub(v128.load(at, 16), mean1);
    const d2 = sub(v128.load(at, 32), mean2);
    const u0 = mul(i00, d0);
    const u1 = fma(i10, d0, mul(i11, d1));
    const u2 = fma(i20, d0, fma(i21, d1, mul(i22, d2)));
    storeLog(p, logs, fnma(u2, u2, fnma(u1, u1, fnma(u0, u0, logWeight))));
    at += 3 * VECTOR;
  }
}

/** D = 4. */
function deepLogs(k: i32, points: usize, bytes: usize, logs: usize): void {
  const mean = nth(MEANS, 4 * k);
  const inverse = nth(INVERSES, 10 * k);
  const logWeight = get(LOG_WEIGHTS, k);
  let at = points;
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const d0 = sub(v128.load(at), v128.load(mean));
    const d1 = sub(v128.load(at, 16), v128.load(mean, 16));
    const d2 = sub(v128.load(at, 32), v128.load(mean, 32));
    const d3 = sub(v128.load(at, 48), v128.load(mean, 48));
    const u0 = mul(v128.load(inverse), d0);
    const u1 = fma(v128.load(inverse, 16), d0, mul(v128.load(inverse, 32), d1));
    const part2 = fma(v128.load(inverse, 64), d1, mul(v128.load(inverse, 80), d2));
    const u2 = fma(v128.load(inverse, 48), d0, part2);
    const part3 = fma(v128.load(inverse, 128), d2, mul(v128.load(inverse, 144), d3));
    const u3 = fma(v128.load(inverse, 96), d0, fma(v128.load(inverse, 112), d1, part3));
    const square = fma(u3, u3, fma(u2, u2, fma(u1, u1, mul(u0, u0))));
    storeLog(p, logs, sub(logWeight, square));
    at += 4 * VECTOR;
  }
}

/** Adds a tile's points to BLOCK_SUMS. */
function accumulate(points: usize, count: i32): void {
  const bytes = <usize>count * VECTOR;
  for (let k = 0; k < K; k++) {
    const shares = nth(SHARES, k * TILE);
    const sums = sumsOf(BLOCK_SUMS, k);
    if (D == 1) accumulateLine(k, points, bytes, shares, sums);
    else if (D == 2) accumulateFlat(k, points, bytes, shares, sums);
    else if (D == 3) accumulateSolid(k, points, bytes, shares, sums);
    else accumulateDeep(k, points, bytes, shares, sums);
  }
}

function accumulateLine(k: i32, points: usize, bytes: usize, shares: usize, sums: usize): void {
  const mean = get(MEANS, k);
  let zeroth = v128.load(sums);
  let first = v128.load(sums, 16);
  let second = v128.load(sums, 32);
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const r = mul(v128.load(shares + p), v128.load(SUM + p));
    const d = sub(v128.load(points + p), mean);
    const rd = mul(r, d);
    zeroth = add(zeroth, r);
    first = add(first, rd);
    second = fma(rd, d, second);
  }
  v128.store(sums, zeroth);
  v128.store(sums, first, 16);
  v128.store(sums, second, 32);
}

function accumulateFlat(k: i32, points: usize, bytes: usize, shares: usize, sums: usize): void {
  const mean0 = get(MEANS, 2 * k);
  const mean1 = get(MEANS, 2 * k + 1);
  let zeroth = v128.load(sums);
  let first0 = v128.load(sums, 16);
  let first1 = v128.load(sums, 32);
  let second00 = v128.load(sums, 48);
  let second10 = v128.load(sums, 64);
  let second11 = v128.load(sums, 80);
  let at = points;
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const r = mul(v128.load(shares + p), v128.load(SUM + p));
    const d0 = sub(v128.load(at), mean0);
    const d1 = sub(v128.load(at, 16), mean1);
    const rd0 = mul(r, d0);
    const rd1 = mul(r, d1);
    zeroth = add(zeroth, r);
    first0 = add(first0, rd0);
    first1 = add(first1, rd1);
    second00 = fma(rd0, d0, second00);
    second10 = fma(rd1, d0, second10);
    second11 = fma(rd1, d1, second11);
    at += 2 * VECTOR;
  }
  v128.store(sums, zeroth);
  v128.store(sums, first0, 16);
  v128.store(sums, first1, 32);
  v128.store(sums, second00, 48);
  v128.store(sums, second10, 64);
  v128.store(sums, second11, 80);
}

function accumulateSolid(k: i32, points: usize, bytes: usize, shares: usize, sums: usize): void {
  const mean0 = get(MEANS, 3 * k);
  const mean1 = get(MEANS, 3 * k + 1);
  const mean2 = get(MEANS, 3 * k + 2);
  let zeroth = v128.load(sums);
  let first0 = v128.load(sums, 16);
  let first1 = v128.load(sums, 32);
  let first2 = v128.load(sums, 48);
  let second00 = v128.load(sums, 64);
  let second10 = v128.load(sums, 80);
  let second11 = v128.load(sums, 96);
  let second20 = v128.load(sums, 112);
  let second21 = v128.load(sums, 128);
  let second22 = v128.load(sums, 144);
  let at = points;
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const r = mul(v128.load(shares + p), v128.load(SUM + p));
    const d0 = sub(v128.load(at), mean0);
    const d1 = sub(v128.load(at, 16), mean1);
    const d2 = sub(v128.load(at, 32), mean2);
    const rd0 = mul(r, d0);
    const rd1 = mul(r, d1);
    const rd2 = mul(r, d2);
    zeroth = add(zeroth, r);
    first0 = add(first0, rd0);
    first1 = add(first1, rd1);
    first2 = add(first2, rd2);
    second00 = fma(rd0, d0, second00);
    second10 = fma(rd1, d0, second10);
    second11 = fma(rd1, d1, second11);
    second20 = fma(rd2, d0, second20);
    second21 = fma(rd2, d1, second21);
    second22 = fma(rd2, d2, second22);
    at += 3 * VECTOR;
  }
  v128.store(sums, zeroth);
  v128.store(sums, first0, 16);
  v128.store(sums, first1, 32);
  v128.store(sums, first2, 48);
  v128.store(sums, second00, 64);
  v128.store(sums, second10, 80);
  v128.store(sums, second11, 96);
  v128.store(sums, second20, 112);
  v128.store(sums, second21, 128);
  v128.store(sums, second22, 144);
}

/** D = 4: its sums are more than there are registers, and the last axis's stay in memory. */
function accumulateDeep(k: i32, points: usize, bytes: usize, shares: usize, sums: usize): void {
  const mean0 = get(MEANS, 4 * k);
  const mean1 = get(MEANS, 4 * k + 1);
  const mean2 = get(MEANS, 4 * k + 2);
  const mean3 = get(MEANS, 4 * k + 3);
  const second = sums + 5 * VECTOR;
  let zeroth = v128.load(sums);
  let first0 = v128.load(sums, 16);
  let first1 = v128.load(sums, 32);
  let first2 = v128.load(sums, 48);
  let at = points;
  for (let p: usize = 0; p < bytes; p += VECTOR) {
    const r = mul(v128.load(shares + p), v128.load(SUM + p));
    const d0 = sub(v128.load(at), mean0);
    const d1 = sub(v128.load(at, 16), mean1);
    const d2 = sub(v128.load(at, 32), mean2);
    const d3 = sub(v128.load(at, 48), mean3);
    const rd0 = mul(r, d0);
    const rd1 = mul(r, d1);
    const rd2 = mul(r, d2);
    const rd3 = mul(r, d3);
    zeroth = add(zeroth, r);
    first0 = add(first0, rd0);
    first1 = add(first1, rd1);
    first2 = add(first2, rd2);
    put(sums, 4, add(get(sums, 4), rd3));
    addProduct(second, 0, rd0, d0);
    addProduct(second, 1, rd1, d0);
    addProduct(second, 2, rd1, d1);
    addProduct(second, 3, rd2, d0);
    addProduct(second, 4, rd2, d1);
    addProduct(second, 5, rd2, d2);
    addProduct(second, 6, rd3, d0);
    addProduct(second, 7, rd3, d1);
    addProduct(second, 8, rd3, d2);
    addProduct(second, 9, rd3, d3);
    at += 4 * VECTOR;
  }
  v128.store(sums, zeroth);
  v128.store(sums, first0, 16);
  v128.store(sums, first1, 32);
  v128.store(sums, first2, 48);
}

/** Vector e += x y. */
@inline
function addProduct(sums: usize, e: i32, x: v128, y: v128): void {
  put(sums, e, fma(x, y, get(sums, e)));
}

/** Keeps the diagonal only, or its mean only. */
function constrain(covariance: usize): void {
  if (COVARIANCE == FULL) return;
  let trace = splat(0);
  for (let a = 0; a < D; a++) {
    trace = add(trace, get(covariance, packedIndex(a, a)));
    for (let b = 0; b < a; b++) put(covariance, packedIndex(a, b), splat(0));
  }
  if (COVARIANCE == DIAGONAL) return;
  const mean = div(trace, splat(<f32>D));
  for (let a = 0; a < D; a++) put(covariance, packedIndex(a, a), mean);
}

/** The same of a covariance given by its factor: entries of the diagonal from the rows' norms. */
export function constrainFactor(factor: usize): void {
  if (COVARIANCE == FULL) return;
  let trace = splat(0);
  for (let a = 0; a < D; a++) {
    let square = splat(0);
    for (let b = 0; b <= a; b++) {
      const entry = get(factor, packedIndex(a, b));
      square = fma(entry, entry, square);
      put(factor, packedIndex(a, b), splat(0));
    }
    put(factor, packedIndex(a, a), sqrt(square));
    trace = add(trace, square);
  }
  if (COVARIANCE == DIAGONAL) return;
  const root = sqrt(div(trace, splat(<f32>D)));
  for (let a = 0; a < D; a++) put(factor, packedIndex(a, a), root);
}

/**
 * The M-step from TOTALS, in lanes that are not DONE. A component that no point reached keeps
 * weight 0 from now on; pivots from `rank` on are 0.
 */
export function maximise(rank: i32): void {
  const done = v128.load(DONE);
  for (let k = 0; k < K; k++) {
    const sums = sumsOf(TOTALS, k);
    const mass = v128.load(sums);
    const alive = positive(mass);
    const share = v128.and(div(splat(1), max(mass, splat(1e-37))), alive);
    keep(WEIGHTS, k, div(mass, splat(<f32>sampleSize)), done);
    for (let a = 0; a < D; a++) {
      const shift = mul(get(sums, 1 + a), share);
      for (let b = 0; b <= a; b++) {
        const e = packedIndex(a, b);
        const between = mul(mul(shift, get(sums, 1 + b)), share);
        const moment = sub(mul(get(sums, 1 + D + e), share), between);
        put(COVARIANCES, e, mul(splat(bessel), moment));
      }
      const e = packedIndex(a, a);
      put(COVARIANCES, e, max(get(COVARIANCES, e), splat(0)));
      keep(MEANS, k * D + a, add(get(MEANS, k * D + a), shift), done);
    }
    constrain(COVARIANCES);
    const grounded = v128.and(v128.load(FLOOR), alive);
    for (let a = 0; a < D; a++) {
      const e = packedIndex(a, a);
      put(COVARIANCES, e, add(get(COVARIANCES, e), grounded));
    }
    cholesky(COVARIANCES, rank, LOWER);
    for (let e = 0; e < TRI; e++) keep(FACTORS, k * TRI + e, get(LOWER, e), done);
  }
  if (TIED) tieFactors(rank, done);
}

/** One covariance for all components with points: the mean scatter about their own new means. */
function tieFactors(rank: i32, done: v128): void {
  for (let e = 0; e < TRI; e++) put(COVARIANCES, e, splat(0));
  let total = splat(0);
  for (let k = 0; k < K; k++) {
    const sums = sumsOf(TOTALS, k);
    const mass = v128.load(sums);
    const alive = positive(mass);
    const share = v128.and(div(splat(1), max(mass, splat(1e-37))), alive);
    total = add(total, mass);
    for (let a = 0; a < D; a++) {
      const shift = mul(get(sums, 1 + a), share);
      for (let b = 0; b <= a; b++) {
        const e = packedIndex(a, b);
        const within = fnma(shift, get(sums, 1 + b), get(sums, 1 + D + e));
        put(COVARIANCES, e, add(get(COVARIANCES, e), v128.and(within, alive)));
      }
    }
  }
  const scale = div(splat(bessel), total);
  for (let e = 0; e < TRI; e++) put(COVARIANCES, e, mul(get(COVARIANCES, e), scale));
  for (let a = 0; a < D; a++) {
    const e = packedIndex(a, a);
    put(COVARIANCES, e, add(max(get(COVARIANCES, e), splat(0)), v128.load(FLOOR)));
  }
  cholesky(COVARIANCES, rank, LOWER);
  for (let k = 0; k < K; k++) {
    const alive = positive(v128.load(sumsOf(TOTALS, k)));
    for (let e = 0; e < TRI; e++) keep(FACTORS, k * TRI + e, v128.and(get(LOWER, e), alive), done);
  }
}

/** Writes `value` in lanes that are not done. */
@inline
function keep(pointer: usize, i: i32, value: v128, done: v128): void {
  put(pointer, i, select(get(pointer, i), value, done));
}
