/**
 * One E- and one M-step of EM for a Gaussian mixture on rows in memory, f64 (Dempster, Laird &
 * Rubin 1977). For the one fit of a data truth; lineages are fitted by src/model/gmm.
 */
import { cholesky, invertLower } from '../math/triangular.ts';
import { packedIndex, packedLength } from '../mixture.ts';

/** Added to every variance of standardised data: keeps the factor of tied rows from vanishing. */
const FLOOR = 1e-9;

export interface Fit {
  readonly dim: number;
  /** K. */
  readonly count: number;
  readonly rowCount: number;
  /** Length K. */
  readonly weights: Float64Array;
  /** [K × dim]. */
  readonly means: Float64Array;
  /** [K × dim(dim+1)/2], packed lower triangles; inverses are of their Cholesky factors. */
  readonly covariances: Float64Array;
  readonly inverses: Float64Array;
  /** Length K: ½ ln det Σ. */
  readonly logVolumes: Float64Array;
  /** [rows × K]. */
  readonly responsibilities: Float64Array;
  /** Nats, of the last E-step. */
  logLikelihood: number;
}

export function makeFit(dim: number, count: number, rowCount: number): Fit {
  const size = packedLength(dim);
  return {
    ...{ dim, count, rowCount },
    weights: new Float64Array(count),
    means: new Float64Array(count * dim),
    covariances: new Float64Array(count * size),
    inverses: new Float64Array(count * size),
    logVolumes: new Float64Array(count),
    responsibilities: new Float64Array(rowCount * count),
    logLikelihood: -Infinity,
  };
}

/** Fills the responsibilities; returns the log-likelihood. */
export function expectation(fit: Fit, sample: Float64Array): number {
  const { count, dim, rowCount, weights, logVolumes, responsibilities } = fit;
  const constant = Float64Array.from(
    weights,
    (weight, k) => Math.log(weight) - logVolumes[k]! - (dim / 2) * Math.log(2 * Math.PI),
  );
  const logs = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < rowCount; i++) {
    let largest = -Infinity;
    for (let k = 0; k < count; k++) {
      logs[k] = constant[k]! - 0.5 * squaredRadius(fit, sample, i, k);
      if (logs[k]! > largest) largest = logs[k]!;
    }
    let sum = 0;
    for (let k = 0; k < count; k++) sum += logs[k] = Math.exp(logs[k]! - largest);
    for (let k = 0; k < count; k++) responsibilities[i * count + k] = logs[k]! / sum;
    total += largest + Math.log(sum);
  }
  return (fit.logLikelihood = total);
}

/** Squared Mahalanobis distance of row i from component k. */
function squaredRadius(
  { dim, means, inverses }: Fit,
  sample: Float64Array,
  i: number,
  k: number,
): number {
  const offset = k * packedLength(dim);
  let sum = 0;
  for (let a = 0; a < dim; a++) {
    let z = 0;
    for (let b = 0; b <= a; b++) {
      z += inverses[offset + packedIndex(a, b)]! * (sample[i * dim + b]! - means[k * dim + b]!);
    }
    sum += z * z;
  }
  return sum;
}

/** Weights, means, then covariances about the new means. */
export function maximisation(fit: Fit, sample: Float64Array): void {
  for (let k = 0; k < fit.count; k++) {
    const mass = updateMean(fit, sample, k);
    updateCovariance(fit, sample, k, mass);
  }
}

function updateMean(fit: Fit, sample: Float64Array, k: number): number {
  const { count, dim, rowCount, responsibilities } = fit;
  const mean = fit.means.subarray(k * dim, (k + 1) * dim).fill(0);
  let mass = 0;
  for (let i = 0; i < rowCount; i++) {
    const share = responsibilities[i * count + k]!;
    mass += share;
    for (let a = 0; a < dim; a++) mean[a]! += share * sample[i * dim + a]!;
  }
  // A component without points keeps a tiny mass: it has no covariance and is discarded later.
  mass = Math.max(mass, Number.MIN_VALUE * 2 ** 60);
  for (let a = 0; a < dim; a++) mean[a]! /= mass;
  fit.weights[k] = mass / rowCount;
  return mass;
}

function updateCovariance(fit: Fit, sample: Float64Array, k: number, mass: number): void {
  const { count, dim, rowCount, responsibilities, means } = fit;
  const size = packedLength(dim);
  const covariance = fit.covariances.subarray(k * size, (k + 1) * size).fill(0);
  for (let i = 0; i < rowCount; i++) {
    const share = responsibilities[i * count + k]! / mass;
    for (let a = 0; a < dim; a++) {
      const away = sample[i * dim + a]! - means[k * dim + a]!;
      for (let b = 0; b <= a; b++) {
        covariance[packedIndex(a, b)]! +=
          share * away * (sample[i * dim + b]! - means[k * dim + b]!);
      }
    }
  }
  const factor = new Float64Array(size);
  for (let a = 0; a < dim; a++) covariance[packedIndex(a, a)]! += FLOOR;
  cholesky(covariance, dim, dim, factor);
  invertLower(factor, dim, fit.inverses.subarray(k * size, (k + 1) * size));
  let logVolume = 0;
  for (let a = 0; a < dim; a++) logVolume += Math.log(factor[packedIndex(a, a)]!);
  fit.logVolumes[k] = logVolume;
}
