/**
 * Expectation–maximisation for a Gaussian mixture (Dempster, Laird & Rubin 1977; Bishop 2006
 * §9.2.2), one point at a time and free of where points are kept. Moments are taken about the
 * current means, never as E[x²] − x̄². Twin: shaders/gmm/em.wgsl.
 */
import { cholesky, invertLower } from '../math/triangular.ts';
import { packedIndex, packedLength } from '../mixture.ts';

/** Mixture components in the units of the working frame. */
export interface Components {
  readonly dim: number;
  readonly count: number;
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly factors: Float64Array;
}

/** What the E-step reads: ln(weight / det factor), and inverse factors. */
export interface Precision {
  readonly logWeights: Float64Array;
  readonly inverses: Float64Array;
}

/** Σ r, Σ r δ, Σ r δ δᵀ, with δ = y − current mean. */
export interface Sums {
  readonly zeroth: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

export type Covariance = 'full' | 'diagonal' | 'spherical';

/**
 * A component more than this many nats under a point's best is given none of it, so that "no
 * points left" is the same integer event in f32 (whose exp ends at −87) and f64.
 */
export const RESPONSIBILITY_CUTOFF = 64;

/** ln weight of a dead component: far under every living one, far from overflow. */
export const DEAD_LOG_WEIGHT = -1e30;

/** Points summed before folding into the total: bounds f32 error and is the resumable unit. */
export const BLOCK = 1024;

export function createComponents(dim: number, count: number): Components {
  const length = packedLength(dim);
  return {
    dim,
    count,
    weights: new Float64Array(count),
    means: new Float64Array(count * dim),
    factors: new Float64Array(count * length),
  };
}

export const createPrecision = (dim: number, count: number): Precision => ({
  logWeights: new Float64Array(count),
  inverses: new Float64Array(count * packedLength(dim)),
});

export const createSums = (dim: number, count: number): Sums => ({
  zeroth: new Float64Array(count),
  first: new Float64Array(count * dim),
  second: new Float64Array(count * packedLength(dim)),
});

/** Prepares an E-step. Widths are held at `widthFloor` (2⁻²⁰ of the sample's sd). */
export function prepare(components: Components, widthFloor: number, precision: Precision): void {
  const { dim, count, weights, factors } = components;
  const length = packedLength(dim);
  for (let k = 0; k < count; k++) {
    const factor = factors.slice(k * length, (k + 1) * length);
    let logDet = 0;
    for (let a = 0; a < dim; a++) {
      const pivot = Math.max(factor[packedIndex(a, a)]!, widthFloor);
      factor[packedIndex(a, a)] = pivot;
      logDet += Math.log(pivot);
    }
    invertLower(factor, dim, precision.inverses.subarray(k * length, (k + 1) * length));
    const weight = weights[k]!;
    precision.logWeights[k] = weight > 0 ? Math.log(weight) - logDet : DEAD_LOG_WEIGHT;
  }
}

/** Posterior probabilities of the components for the point at `points[at …]`, into r. */
export function responsibilities(
  components: Components,
  precision: Precision,
  points: Float64Array,
  at: number,
  r: Float64Array,
): void {
  const { dim, count, means } = components;
  const { logWeights, inverses } = precision;
  let best = -Infinity;
  let entry = 0;
  for (let k = 0; k < count; k++) {
    let square = 0;
    for (let a = 0; a < dim; a++) {
      let u = 0;
      for (let b = 0; b <= a; b++)
        u += inverses[entry++]! * (points[at + b]! - means[k * dim + b]!);
      square += u * u;
    }
    const log = logWeights[k]! - 0.5 * square;
    r[k] = log;
    if (log > best) best = log;
  }
  let total = 0;
  for (let k = 0; k < count; k++) {
    const below = r[k]! - best;
    const share = below < -RESPONSIBILITY_CUTOFF ? 0 : Math.exp(below);
    r[k] = share;
    total += share;
  }
  for (let k = 0; k < count; k++) r[k]! /= total;
}

/** Adds the point at `points[at …]` with responsibilities r. */
export function accumulate(
  components: Components,
  points: Float64Array,
  at: number,
  r: Float64Array,
  sums: Sums,
): void {
  const { dim, count, means } = components;
  const { zeroth, first, second } = sums;
  let entry = 0;
  for (let k = 0; k < count; k++) {
    const weight = r[k]!;
    zeroth[k]! += weight;
    for (let a = 0; a < dim; a++) {
      const delta = weight * (points[at + a]! - means[k * dim + a]!);
      first[k * dim + a]! += delta;
      for (let b = 0; b <= a; b++) {
        second[entry++]! += delta * (points[at + b]! - means[k * dim + b]!);
      }
    }
  }
}

/** total += block; block = 0. */
export function fold(total: Sums, block: Sums): void {
  for (const field of ['zeroth', 'first', 'second'] as const) {
    for (let e = 0; e < total[field].length; e++) total[field][e]! += block[field][e]!;
    block[field].fill(0);
  }
}

export interface MaximiseRules {
  readonly sampleSize: number;
  readonly covariance: Covariance;
  /** Multiplies covariances: n/(n−1) for `unbiased`, else 1. */
  readonly bessel: number;
  /** Added to each diagonal, working units². */
  readonly floor: number;
  /** Pivots from here on are 0: a sample of n points spans n − 1 dimensions. */
  readonly rank: number;
}

/** The M-step. A component that no point reached keeps weight 0 from now on. */
export function maximise(components: Components, sums: Sums, rules: MaximiseRules): void {
  const { dim, count, weights, means, factors } = components;
  const length = packedLength(dim);
  const covariance = new Float64Array(length);
  for (let k = 0; k < count; k++) {
    const mass = sums.zeroth[k]!;
    const offset = k * length;
    weights[k] = mass / rules.sampleSize;
    if (!(mass > 0)) {
      factors.fill(0, offset, offset + length);
      continue;
    }
    const shift = (a: number) => sums.first[k * dim + a]! / mass;
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b <= a; b++) {
        const e = packedIndex(a, b);
        const value = rules.bessel * (sums.second[offset + e]! / mass - shift(a) * shift(b));
        covariance[e] = a === b ? Math.max(value, 0) : value;
      }
    }
    constrain(covariance, dim, rules.covariance);
    for (let a = 0; a < dim; a++) {
      covariance[packedIndex(a, a)]! += rules.floor;
      means[k * dim + a]! += shift(a);
    }
    cholesky(covariance, dim, rules.rank, factors.subarray(offset, offset + length));
  }
}

/** Keeps the diagonal only, or its mean only. */
export function constrain(covariance: Float64Array, dim: number, kind: Covariance): void {
  if (kind === 'full') return;
  let trace = 0;
  for (let a = 0; a < dim; a++) {
    trace += covariance[packedIndex(a, a)]!;
    for (let b = 0; b < a; b++) covariance[packedIndex(a, b)] = 0;
  }
  if (kind === 'diagonal') return;
  for (let a = 0; a < dim; a++) covariance[packedIndex(a, a)] = trace / dim;
}
