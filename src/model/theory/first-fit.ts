/**
 * Variances of tr S and ‖ȳ‖² for a sample of n independent points of any distribution with fourth
 * moments, S = Σ (yᵢ − ȳ)(yᵢ − ȳ)ᵀ / n, y measured from its mean: what the first fit's total
 * variance and mean shift scatter by, whatever mixture was fitted. With T = tr C, F = tr C²,
 * A = E‖y‖⁴:
 *
 *   Var ‖ȳ‖² = A/n³ + (n−1)(T² + 2F)/n³ − T²/n²
 *   Var tr S = (A − T²)(1/n − 2/n²) + Var ‖ȳ‖²
 *
 * by expanding the sums; at d = 1 the second is the textbook variance of a sample variance.
 */
import { packedIndex } from '../mixture.ts';
import type { Truth } from '../truth.ts';

export interface FirstFitVariance {
  readonly spread: number;
  readonly shift: number;
}

export function firstFitVariance(truth: Truth, n: number): FirstFitVariance {
  const { covariance, dim } = truth;
  const total = traceOfProduct(covariance, identity(dim), dim);
  const square = traceOfProduct(covariance, covariance, dim);
  const fourth = truth.rows ? fourthOfRows(truth) : fourthOfMixture(truth);
  const shift = fourth / n ** 3 + ((n - 1) * (total ** 2 + 2 * square)) / n ** 3 - (total / n) ** 2;
  return { spread: (fourth - total ** 2) * (1 / n - 2 / n ** 2) + shift, shift };
}

const identity = (dim: number): number[] => {
  const packed: number[] = [];
  for (let a = 0; a < dim; a++) for (let b = 0; b <= a; b++) packed.push(a === b ? 1 : 0);
  return packed;
};

/** tr(A B) of two packed symmetric matrices. */
function traceOfProduct(a: readonly number[], b: readonly number[], dim: number): number {
  let sum = 0;
  for (let row = 0; row < dim; row++) {
    for (let column = 0; column <= row; column++) {
      const e = packedIndex(row, column);
      sum += (row === column ? 1 : 2) * a[e]! * b[e]!;
    }
  }
  return sum;
}

/** E‖y‖⁴: (‖m‖² + tr Σ)² + 2 tr Σ² + 4 mᵀΣm of each component about the mixture's mean. */
function fourthOfMixture({ mixture, mean, dim }: Truth): number {
  return mixture.weights.reduce((sum, weight, j) => {
    const sigma = mixture.covariances[j]!;
    const m = mixture.means[j]!.map((x, a) => x - mean[a]!);
    const outer: number[] = [];
    for (let a = 0; a < dim; a++) for (let b = 0; b <= a; b++) outer.push(m[a]! * m[b]!);
    const norm = m.reduce((total, x) => total + x * x, 0);
    const second = norm + traceOfProduct(sigma, identity(dim), dim);
    const spread = 2 * traceOfProduct(sigma, sigma, dim) + 4 * traceOfProduct(outer, sigma, dim);
    return sum + weight * (second ** 2 + spread);
  }, 0);
}

function fourthOfRows({ rows, mean, dim }: Truth): number {
  const count = rows!.length / dim;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let norm = 0;
    for (let a = 0; a < dim; a++) norm += (rows![i * dim + a]! - mean[a]!) ** 2;
    sum += norm ** 2;
  }
  return sum / count;
}
