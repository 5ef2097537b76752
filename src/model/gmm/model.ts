/**
 * Making framed models: normalised factors, empty models, a mixture in truth units, and back.
 * Twin: shaders/gmm/model.wgsl.
 */
import type { FramedModel } from '../frame.ts';
import { ZERO_EXPONENT } from '../frame.ts';
import { exponentOf } from '../math/exponent.ts';
import { cholesky } from '../math/triangular.ts';
import { packedLength, type Mixture } from '../mixture.ts';

/** Scales one packed factor so that its largest entry is in [½, 1); returns the exponent. */
export function normaliseFactor(factors: Float64Array, offset: number, length: number): number {
  let largest = 0;
  for (let e = 0; e < length; e++) largest = Math.max(largest, Math.abs(factors[offset + e]!));
  const exponent = exponentOf(largest);
  if (exponent === ZERO_EXPONENT) return ZERO_EXPONENT;
  for (let e = 0; e < length; e++) factors[offset + e]! *= 2 ** -exponent;
  return exponent;
}

/** A model of `count` dead components at the origin. */
export function emptyModel(dim: number, count: number): FramedModel {
  return {
    dim,
    scale: 0,
    status: 0,
    ancestry: 0,
    origin: new Float64Array(dim),
    originLow: new Float64Array(dim),
    weights: new Float64Array(count),
    means: new Float64Array(count * dim),
    factors: new Float64Array(count * packedLength(dim)),
    exponents: new Int32Array(count).fill(ZERO_EXPONENT),
    pool: null,
  };
}

/** A mixture as a framed model: origin `centre`, unit 2^log2Unit, scale 0. */
export function frameMixture(
  mixture: Mixture,
  centre: readonly number[],
  log2Unit: number,
): FramedModel {
  const { dim, weights, means, covariances } = mixture;
  const length = packedLength(dim);
  const unit = 2 ** log2Unit;
  const model = emptyModel(dim, weights.length);
  model.weights.set(weights);
  const factor = new Float64Array(length);
  weights.forEach((_, k) => {
    for (let a = 0; a < dim; a++) model.means[k * dim + a] = (means[k]![a]! - centre[a]!) / unit;
    cholesky(Float64Array.from(covariances[k]!), dim, dim, factor);
    model.factors.set(factor, k * length);
    const exponent = normaliseFactor(model.factors, k * length, length);
    model.exponents[k] = exponent === ZERO_EXPONENT ? ZERO_EXPONENT : exponent - log2Unit;
  });
  return model;
}

/**
 * A framed model as a mixture in absolute coordinates, for charts: widths under 5e-324 become 0, and
 * a position is only as exact as a double.
 */
export function unframeModel(
  model: FramedModel,
  centre: readonly number[],
  log2Unit: number,
): Mixture {
  const { dim, scale, origin, originLow, weights, means, factors, exponents } = model;
  const length = packedLength(dim);
  const unit = 2 ** log2Unit;
  const covariances = Array.from(weights, (_, k) => {
    const width = unit * 2 ** (scale + exponents[k]!);
    const at = (r: number, c: number) => width * factors[k * length + (r * (r + 1)) / 2 + c]!;
    const packed: number[] = [];
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let c = 0; c <= b; c++) dot += at(a, c) * at(b, c);
        packed.push(dot);
      }
    }
    return packed;
  });
  const position = (k: number, a: number) =>
    centre[a]! + unit * (origin[a]! + (originLow[a]! + 2 ** scale * means[k * dim + a]!));
  return {
    dim,
    weights: Array.from(weights),
    means: Array.from(weights, (_, k) => Array.from(origin, (__, a) => position(k, a))),
    covariances,
  };
}
