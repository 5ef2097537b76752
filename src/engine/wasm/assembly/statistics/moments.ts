/**
 * Mean and covariance of the whole model, the covariance as a factor with an exponent of its own,
 * grown by Givens rotations (Golub & Van Loan §6.5.4).
 * Twins: src/model/statistics/moments.ts, shaders/statistics/moments.wgsl.
 */
import { exponentOf, scaleBy, ZERO_EXPONENT } from '../math/exponent';
import { ln } from '../math/ln';
import { packedIndex } from '../math/triangular';
import { D, K, MOST_D, MOST_TRI, TRI } from '../shape';
import {
  add,
  div,
  fma,
  fnma,
  get,
  maxI,
  mul,
  positive,
  put,
  select,
  splat,
  splatI,
  sqrt,
  sub,
} from '../simd';
import { LN2, scaleByPowers, SILENT } from './density';
import {
  exponentOfFactor,
  factorOf,
  meanOf,
  originLowOf,
  originOf,
  scaleOf,
  weightOf,
} from './model';
import { UNIT, unitExponent } from './tables';

/** Truth units, relative to the truth's mean. */
export const MEAN = memory.data(MOST_D * 16, 16);
/** Total covariance = 4^exponent · factor factorᵀ in truth units². */
export const FACTOR = memory.data(MOST_TRI * 16, 16);
export const EXPONENT = memory.data(16, 16);
const CENTRE = memory.data(MOST_D * 16, 16);
const COLUMN = memory.data(MOST_D * 16, 16);

/** Moments of the open model, which the functions below read. */
export function totalMoments(): void {
  const scale = scaleOf();
  for (let a = 0; a < D; a++) {
    let centre = splat(0);
    for (let k = 0; k < K; k++) centre = fma(weightOf(k), meanOf(k, a), centre);
    put(CENTRE, a, centre);
    put(MEAN, a, add(originOf(a), add(originLowOf(a), scaleBy(centre, scale))));
  }
  if (K == 1) {
    for (let e = 0; e < TRI; e++) put(FACTOR, e, factorOf(0, e));
    v128.store(EXPONENT, i32x4.add(exponentOfFactor(0), scale));
  } else {
    totalFactor();
  }
}

function totalFactor(): void {
  const unit = widestExponent();
  const down = i32x4.neg(unit);
  for (let e = 0; e < TRI; e++) put(FACTOR, e, splat(0));
  for (let k = 0; k < K; k++) {
    const weight = weightOf(k);
    // A column of zeros, as of a dead component, changes nothing.
    const root = v128.and(sqrt(weight), positive(weight));
    for (let a = 0; a < D; a++) {
      put(COLUMN, a, mul(root, scaleBy(f32x4.sub(meanOf(k, a), get(CENTRE, a)), down)));
    }
    addColumn(0);
    const exponent = i32x4.sub(exponentOfFactor(k), unit);
    for (let c = 0; c < D; c++) {
      for (let a = c; a < D; a++) {
        put(COLUMN, a, mul(root, scaleBy(factorOf(k, packedIndex(a, c)), exponent)));
      }
      addColumn(c);
    }
  }
  v128.store(EXPONENT, i32x4.add(unit, scaleOf()));
}

/** Exponent of the largest offset or factor of a live component. */
function widestExponent(): v128 {
  let unit = splatI(ZERO_EXPONENT);
  for (let k = 0; k < K; k++) {
    let own = exponentOfFactor(k);
    for (let a = 0; a < D; a++) {
      own = maxI(own, exponentOf(f32x4.sub(meanOf(k, a), get(CENTRE, a))));
    }
    unit = select(maxI(unit, own), unit, positive(weightOf(k)));
  }
  return unit;
}

/** FACTOR ← lower triangle L, L Lᵀ = FACTOR FACTORᵀ + COLUMN COLUMNᵀ; COLUMN is 0 above `from`. */
function addColumn(from: i32): void {
  for (let a = from; a < D; a++) {
    const diagonal = packedIndex(a, a);
    const pivot = get(FACTOR, diagonal);
    const added = get(COLUMN, a);
    const length = sqrt(fma(pivot, pivot, mul(added, added)));
    const turns = positive(length);
    const divisor = select(length, splat(1), turns);
    const c = select(div(pivot, divisor), splat(1), turns);
    const s = v128.and(div(added, divisor), turns);
    put(FACTOR, diagonal, select(length, pivot, turns));
    for (let b = a + 1; b < D; b++) {
      const at = packedIndex(b, a);
      const entry = get(FACTOR, at);
      const other = get(COLUMN, b);
      put(FACTOR, at, fma(c, entry, mul(s, other)));
      put(COLUMN, b, fnma(s, entry, mul(c, other)));
    }
  }
}

/** Trace of factor · factorᵀ, without the exponent. */
export function trace(): v128 {
  let sum = splat(0);
  for (let e = 0; e < TRI; e++) {
    const entry = get(FACTOR, e);
    sum = fma(entry, entry, sum);
  }
  return sum;
}

/** ‖mean‖² in the truth's own units². */
export function meanShiftSquared(): v128 {
  let sum = splat(0);
  for (let a = 0; a < D; a++) {
    const shift = scaleByPowers(get(MEAN, a), UNIT);
    sum = fma(shift, shift, sum);
  }
  return sum;
}

/** Trace of the total covariance in the truth's own units². */
@inline
export function totalVariance(trace: v128, exponent: v128): v128 {
  const width = scaleBy(sqrt(trace), i32x4.add(exponent, splatI(unitExponent)));
  return mul(width, width);
}

/** `share` is the trace over the truth's in truth units². */
@inline
export function varianceRatio(share: v128, exponent: v128): v128 {
  const width = scaleBy(sqrt(share), exponent);
  return mul(width, width);
}

/** ln of varianceRatio; SILENT for no variance at all. */
@inline
export function logVarianceRatio(share: v128, exponent: v128): v128 {
  const some = positive(share);
  const shape = ln(select(share, splat(1), some));
  return select(fma(times(2, exponent), splat(LN2), shape), splat(SILENT), some);
}

/** ln det of the total covariance − truthLogDet (truth units); SILENT for no volume. */
export function logDetRatio(truthLogDet: f32, exponent: v128): v128 {
  let sum = splat(0);
  let volume = splatI(-1);
  for (let a = 0; a < D; a++) {
    const pivot = get(FACTOR, packedIndex(a, a));
    const wide = positive(pivot);
    volume = v128.and(volume, wide);
    sum = fma(splat(2), ln(select(pivot, splat(1), wide)), sum);
  }
  const whole = fma(times(2 * D, exponent), splat(LN2), sub(sum, splat(truthLogDet)));
  return select(whole, splat(SILENT), volume);
}

@inline
function times(count: i32, exponent: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.mul(exponent, splatI(count)));
}
