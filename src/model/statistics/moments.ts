/**
 * Mean and covariance of the whole model. The covariance is kept as a factor with an exponent of
 * its own and grown by Givens rotations from the components' factors and offsets (Golub & Van Loan
 * §6.5.4), never as a difference of squares, so that logarithms are right at e⁻²⁰⁰⁰ and a thin
 * direction keeps its digits. Twin: shaders/statistics/moments.wgsl.
 */
import { ZERO_EXPONENT, type FramedModel } from '../frame.ts';
import { exponentOf, scaleBy } from '../math/exponent.ts';
import { ln } from '../math/ln.ts';
import { packedIndex, packedLength } from '../mixture.ts';
import { LN2, SILENT } from './density.ts';

export interface TotalMoments {
  readonly dim: number;
  /** Truth units, relative to μ₀. */
  readonly mean: Float64Array;
  /** Total covariance = 2^(2·exponent) · factor factorᵀ in truth units². */
  readonly factor: Float64Array;
  readonly exponent: number;
}

export function totalMoments(model: FramedModel): TotalMoments {
  const { dim, scale, origin, originLow, weights, means } = model;
  const centre = new Float64Array(dim);
  for (let k = 0; k < weights.length; k++) {
    for (let a = 0; a < dim; a++) centre[a]! += weights[k]! * means[k * dim + a]!;
  }
  const mean = centre.map((y, a) => origin[a]! + (originLow[a]! + scaleBy(y, scale)));
  if (weights.length === 1) {
    const exponent = model.exponents[0]! + scale;
    return { dim, mean, factor: model.factors.slice(), exponent };
  }
  return { dim, mean, ...totalFactor(model, centre) };
}

function totalFactor(model: FramedModel, centre: Float64Array) {
  const { dim, weights, means, factors, exponents } = model;
  const length = packedLength(dim);
  let unit = ZERO_EXPONENT;
  for (let k = 0; k < weights.length; k++) {
    if (!(weights[k]! > 0)) continue;
    unit = Math.max(unit, exponents[k]!);
    for (let a = 0; a < dim; a++) {
      unit = Math.max(unit, exponentOf(means[k * dim + a]! - centre[a]!));
    }
  }
  const factor = new Float64Array(length);
  const column = new Float64Array(dim);
  for (let k = 0; k < weights.length; k++) {
    if (!(weights[k]! > 0)) continue;
    const root = Math.sqrt(weights[k]!);
    for (let a = 0; a < dim; a++) {
      column[a] = root * scaleBy(means[k * dim + a]! - centre[a]!, -unit);
    }
    addColumn(factor, column);
    for (let c = 0; c < dim; c++) {
      for (let a = 0; a < dim; a++) {
        const entry = a < c ? 0 : factors[k * length + packedIndex(a, c)]!;
        column[a] = root * scaleBy(entry, exponents[k]! - unit);
      }
      addColumn(factor, column);
    }
  }
  return { factor, exponent: unit + model.scale };
}

/** factor ← lower triangle L with L Lᵀ = factor factorᵀ + column columnᵀ; column is used up. */
export function addColumn(factor: Float64Array, column: Float64Array): void {
  const dim = column.length;
  for (let a = 0; a < dim; a++) {
    const pivot = factor[packedIndex(a, a)]!;
    const length = Math.sqrt(pivot * pivot + column[a]! * column[a]!);
    if (length === 0) continue;
    const c = pivot / length;
    const s = column[a]! / length;
    factor[packedIndex(a, a)] = length;
    for (let b = a + 1; b < dim; b++) {
      const entry = factor[packedIndex(b, a)]!;
      factor[packedIndex(b, a)] = c * entry + s * column[b]!;
      column[b] = c * column[b]! - s * entry;
    }
  }
}

/** Trace of factor · factorᵀ, without the exponent. */
export function trace(moments: TotalMoments): number {
  let sum = 0;
  for (const entry of moments.factor) sum += entry * entry;
  return sum;
}

/** ‖mean‖² in the truth's own units². */
export function meanShiftSquared(moments: TotalMoments, unitExponent: number): number {
  let sum = 0;
  for (const shift of moments.mean) sum += scaleBy(shift, unitExponent) ** 2;
  return sum;
}

/** tr of the total covariance in the truth's own units². */
export const totalVariance = (moments: TotalMoments, unitExponent: number): number =>
  scaleBy(Math.sqrt(trace(moments)), moments.exponent + unitExponent) ** 2;

/** `truthTrace` in truth units². */
export const varianceRatio = (moments: TotalMoments, truthTrace: number): number =>
  scaleBy(Math.sqrt(trace(moments) / truthTrace), moments.exponent) ** 2;

/** ln of varianceRatio; SILENT for no variance at all. */
export function logVarianceRatio(moments: TotalMoments, truthTrace: number): number {
  const sum = trace(moments);
  return sum > 0 ? ln(sum / truthTrace) + 2 * moments.exponent * LN2 : SILENT;
}

/** ln det of the total covariance − truthLogDet (truth units); SILENT for no volume. */
export function logDetRatio(moments: TotalMoments, truthLogDet: number): number {
  const { dim, factor, exponent } = moments;
  let sum = 0;
  for (let a = 0; a < dim; a++) {
    const pivot = factor[packedIndex(a, a)]!;
    if (!(pivot > 0)) return SILENT;
    sum += 2 * ln(pivot);
  }
  return sum - truthLogDet + 2 * dim * exponent * LN2;
}
