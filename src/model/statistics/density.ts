/**
 * Weighted Gaussians ready to be evaluated, truth and models alike, in the log domain. Standardised
 * distances are held at 2⁵⁹ so that a component of no width against a far point stays finite in
 * f32; whatever depends on it is then past saturation anyway. Twin: shaders/statistics/density.wgsl.
 */
import { MAX_DIM } from '../../spec/parameter.ts';
import type { FramedModel } from '../frame.ts';
import { FRAME_LIMIT, scaleBy } from '../math/exponent.ts';
import { ln } from '../math/ln.ts';
import { packedIndex, packedLength } from '../mixture.ts';

export const LN2 = Math.LN2;
export const HALF_LN_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** ln density of a component that has none: no weight, or no width in some direction. */
export const SILENT = -1e30;

export interface Gaussians {
  readonly dim: number;
  readonly count: number;
  readonly weights: Float64Array;
  /** ln weight − ln det factor − (d/2) ln 2π; SILENT without weight or width. */
  readonly constants: Float64Array;
  /** [count × dim]. */
  readonly means: Float64Array;
  /** [count × dim(dim+1)/2]: the factor is 2^exponent · this. */
  readonly factors: Float64Array;
  /** [count × dim]: reciprocals of the factors' diagonals. */
  readonly inverses: Float64Array;
  readonly exponents: Int32Array;
}

const hold = (x: number): number => Math.max(-FRAME_LIMIT, Math.min(FRAME_LIMIT, x));

/** Fills constants and inverses from weights, factors and exponents. */
export function prepareGaussians(
  fields: Pick<Gaussians, 'dim' | 'weights' | 'means' | 'factors' | 'exponents'>,
): Gaussians {
  const { dim, weights, factors, exponents } = fields;
  const count = weights.length;
  const constants = new Float64Array(count);
  const inverses = new Float64Array(count * dim);
  for (let k = 0; k < count; k++) {
    let logDet = dim * exponents[k]! * LN2;
    let flat = false;
    for (let a = 0; a < dim; a++) {
      const pivot = factors[k * packedLength(dim) + packedIndex(a, a)]!;
      if (pivot > 0) {
        logDet += ln(pivot);
        inverses[k * dim + a] = Math.min(1 / pivot, FRAME_LIMIT);
      } else {
        flat = true;
      }
    }
    const silent = flat || !(weights[k]! > 0);
    constants[k] = silent ? SILENT : ln(weights[k]!) - logDet - dim * HALF_LN_TWO_PI;
  }
  return { ...fields, count, constants, inverses };
}

/** The model in its own frame's units, where a collapsed lineage is still of order one. */
export const frameGaussians = (model: FramedModel): Gaussians => prepareGaussians(model);

/** The model in truth units, X = origin + 2^scale · y. */
export function truthGaussians(model: FramedModel): Gaussians {
  const { dim, weights, means, factors, exponents, scale, origin, originLow } = model;
  const moved = means.map(
    (m, at) => origin[at % dim]! + (originLow[at % dim]! + scaleBy(m, scale)),
  );
  return prepareGaussians({
    dim,
    weights,
    means: moved,
    factors,
    exponents: exponents.map((e) => e + scale),
  });
}

const solved = new Float64Array(MAX_DIM);

/**
 * z = F⁻¹ delta of component k by forward substitution, entries within ±2⁵⁹; both are 0 before their
 * entry `first`.
 */
export function standardise(
  g: Gaussians,
  k: number,
  delta: Float64Array,
  z: Float64Array,
  first = 0,
): void {
  const { dim, factors, inverses } = g;
  const at = k * packedLength(dim);
  for (let a = first; a < dim; a++) {
    const row = at + packedIndex(a, 0);
    let rest = delta[a]!;
    for (let b = first; b < a; b++) rest -= factors[row + b]! * solved[b]!;
    solved[a] = hold(rest * inverses[k * dim + a]!);
    z[a] = scaleBy(solved[a]!, -g.exponents[k]!);
  }
}

const standard = new Float64Array(MAX_DIM);

/** ‖F⁻¹ delta‖² of component k; under 2¹²⁰. */
export function squaredRadius(g: Gaussians, k: number, delta: Float64Array): number {
  standardise(g, k, delta, standard);
  let square = 0;
  for (let a = 0; a < g.dim; a++) square += standard[a]! * standard[a]!;
  return square;
}

const delta = new Float64Array(MAX_DIM);

/** ln of weight k times its density at x. */
export function logTerm(g: Gaussians, k: number, x: Float64Array): number {
  for (let a = 0; a < g.dim; a++) delta[a] = x[a]! - g.means[k * g.dim + a]!;
  return g.constants[k]! - 0.5 * squaredRadius(g, k, delta);
}

/** ln density at x, each term exactly once; SILENT where no component has any. */
export function logDensity(g: Gaussians, x: Float64Array): number {
  let best = SILENT;
  let sum = 0;
  for (let k = 0; k < g.count; k++) {
    if (g.constants[k] === SILENT) continue;
    const term = logTerm(g, k, x);
    if (sum === 0 || term > best) {
      sum = sum * Math.exp(best - term) + 1;
      best = term;
    } else {
      sum += Math.exp(term - best);
    }
  }
  return sum > 0 ? best + ln(sum) : SILENT;
}

/** y = 2^exponent · factor_k · z. */
export function stretch(g: Gaussians, k: number, z: Float64Array, out: Float64Array): void {
  const at = k * packedLength(g.dim);
  for (let a = 0; a < g.dim; a++) {
    let dot = 0;
    for (let b = 0; b <= a; b++) dot += g.factors[at + packedIndex(a, b)]! * z[b]!;
    out[a] = scaleBy(dot, g.exponents[k]!);
  }
}
