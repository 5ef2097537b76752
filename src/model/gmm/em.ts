/**
 * Expectation–maximisation for a Gaussian mixture (Dempster, Laird & Rubin 1977; Bishop 2006
 * §9.2.2), free of how many points are taken at a time. Moments are taken about the
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

export type Covariance = 'full' | 'diagonal' | 'spherical' | 'tied';

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

/**
 * Posterior probabilities of the components for `count` points from number `first` on, times what
 * the points weigh, into shares[k · count + i]. Component by component, so that the inner loops are
 * long and plain. Returns the points' log-likelihood up to a constant per point, or 0 where it is
 * not `asked` for.
 */
export function responsibilities(
  components: Components,
  precision: Precision,
  points: Float64Array,
  first: number,
  count: number,
  shares: Float64Array,
  asked = false,
  weights: Float64Array | null = null,
): number {
  let likelihood = 0;
  for (let k = 0; k < components.count; k++) {
    logDensities(components, precision, k, points, first, count, shares);
  }
  const end = components.count * count;
  for (let i = 0; i < count; i++) {
    let best = shares[i]!;
    for (let e = i + count; e < end; e += count) best = Math.max(best, shares[e]!);
    let total = 0;
    for (let e = i; e < end; e += count) {
      const below = shares[e]! - best;
      // exp 0, the best component's, is spared: half the exponentials at K = 2.
      const share = below === 0 ? 1 : below < -RESPONSIBILITY_CUTOFF ? 0 : Math.exp(below);
      shares[e] = share;
      total += share;
    }
    for (let e = i; e < end; e += count) shares[e]! /= total;
    const weight = weights ? weights[first + i]! : 1;
    if (weights) for (let e = i; e < end; e += count) shares[e]! *= weight;
    if (asked) likelihood += weight * (best + Math.log(total));
  }
  return likelihood;
}

/** ln(weight · density) of component k at the points, up to a constant common to all k. */
function logDensities(
  { dim, means }: Components,
  { logWeights, inverses }: Precision,
  k: number,
  points: Float64Array,
  first: number,
  count: number,
  logs: Float64Array,
): void {
  const logWeight = logWeights[k]!;
  const from = k * packedLength(dim);
  if (dim === 1) {
    const mean = means[k]!;
    const inverse = inverses[from]!;
    for (let i = 0; i < count; i++) {
      const u = inverse * (points[first + i]! - mean);
      logs[k * count + i] = logWeight - 0.5 * (u * u);
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const at = (first + i) * dim;
    let square = 0;
    let entry = from;
    for (let a = 0; a < dim; a++) {
      let u = 0;
      for (let b = 0; b <= a; b++)
        u += inverses[entry++]! * (points[at + b]! - means[k * dim + b]!);
      square += u * u;
    }
    logs[k * count + i] = logWeight - 0.5 * square;
  }
}

/** Adds `count` points from number `first` on, with shares[k · count + i]. */
export function accumulate(
  components: Components,
  points: Float64Array,
  first: number,
  count: number,
  shares: Float64Array,
  sums: Sums,
): void {
  const { dim, means } = components;
  const { zeroth, second } = sums;
  for (let k = 0; k < components.count; k++) {
    if (dim > 1) {
      accumulateVectors(components, k, points, first, count, shares, sums);
      continue;
    }
    const mean = means[k]!;
    let mass = zeroth[k]!;
    let moment = sums.first[k]!;
    let squares = second[k]!;
    for (let i = 0; i < count; i++) {
      const share = shares[k * count + i]!;
      const offset = points[first + i]! - mean;
      const delta = share * offset;
      mass += share;
      moment += delta;
      squares += delta * offset;
    }
    zeroth[k] = mass;
    sums.first[k] = moment;
    second[k] = squares;
  }
}

function accumulateVectors(
  { dim, means }: Components,
  k: number,
  points: Float64Array,
  first: number,
  count: number,
  shares: Float64Array,
  sums: Sums,
): void {
  const from = k * packedLength(dim);
  for (let i = 0; i < count; i++) {
    const at = (first + i) * dim;
    const share = shares[k * count + i]!;
    sums.zeroth[k]! += share;
    let entry = from;
    for (let a = 0; a < dim; a++) {
      const delta = share * (points[at + a]! - means[k * dim + a]!);
      sums.first[k * dim + a]! += delta;
      for (let b = 0; b <= a; b++) {
        sums.second[entry++]! += delta * (points[at + b]! - means[k * dim + b]!);
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

/**
 * The M-step. A component that no point reached keeps weight 0 from now on. Tied covariances are one,
 * the mean scatter of points about their own component's mean.
 */
export function maximise(components: Components, sums: Sums, rules: MaximiseRules): void {
  const { dim, count, weights, means, factors } = components;
  const length = packedLength(dim);
  const covariance = new Float64Array(length);
  const pooled = rules.covariance === 'tied' ? pooledScatter(components, sums) : null;
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
        const own = () => sums.second[offset + e]! / mass - shift(a) * shift(b);
        const value = rules.bessel * (pooled?.[e] ?? own());
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

/** Σ W_k / Σ N_k, W_k the scatter of component k about its own new mean; packed. */
function pooledScatter({ dim, count }: Components, { zeroth, first, second }: Sums): Float64Array {
  const length = packedLength(dim);
  const pooled = new Float64Array(length);
  let total = 0;
  for (let k = 0; k < count; k++) {
    const mass = zeroth[k]!;
    if (!(mass > 0)) continue;
    total += mass;
    for (let a = 0; a < dim; a++) {
      const shift = first[k * dim + a]! / mass;
      for (let b = 0; b <= a; b++) {
        const e = packedIndex(a, b);
        pooled[e]! += second[k * length + e]! - shift * first[k * dim + b]!;
      }
    }
  }
  return pooled.map((sum) => sum / total);
}

/** Keeps the diagonal only, or its mean only. */
export function constrain(covariance: Float64Array, dim: number, kind: Covariance): void {
  if (kind === 'full' || kind === 'tied') return;
  let trace = 0;
  for (let a = 0; a < dim; a++) {
    trace += covariance[packedIndex(a, a)]!;
    for (let b = 0; b < a; b++) covariance[packedIndex(a, b)] = 0;
  }
  if (kind === 'diagonal') return;
  for (let a = 0; a < dim; a++) covariance[packedIndex(a, a)] = trace / dim;
}

/** The same of a covariance given by its factor: entries of the diagonal from the rows' norms. */
export function constrainFactor(factor: Float64Array, dim: number, kind: Covariance): void {
  if (kind === 'full' || kind === 'tied') return;
  let trace = 0;
  for (let a = 0; a < dim; a++) {
    let square = 0;
    for (let b = 0; b <= a; b++) {
      square += factor[packedIndex(a, b)]! ** 2;
      factor[packedIndex(a, b)] = 0;
    }
    factor[packedIndex(a, a)] = Math.sqrt(square);
    trace += square;
  }
  if (kind === 'diagonal') return;
  for (let a = 0; a < dim; a++) factor[packedIndex(a, a)] = Math.sqrt(trace / dim);
}
