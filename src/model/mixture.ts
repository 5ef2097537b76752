/**
 * A Gaussian mixture in absolute coordinates, f64: the plain noun that truths, presets and charts
 * use. Covariances are packed lower triangles, row-major: (0,0) (1,0) (1,1) (2,0) …
 */
export interface Mixture {
  readonly dim: number;
  /** Length K, non-negative, sums to 1. */
  readonly weights: readonly number[];
  /** [K][dim]. */
  readonly means: readonly (readonly number[])[];
  /** [K][dim(dim+1)/2]. */
  readonly covariances: readonly (readonly number[])[];
}

/** Entries of a packed lower triangle of a dim × dim matrix. */
export const packedLength = (dim: number): number => (dim * (dim + 1)) / 2;

/** Position of entry (row, column), column ≤ row, in a packed lower triangle. */
export const packedIndex = (row: number, column: number): number => (row * (row + 1)) / 2 + column;

/** Mean and packed covariance of the whole mixture. */
export function totalMoments(mixture: Mixture): { mean: number[]; covariance: number[] } {
  const { dim, weights, means, covariances } = mixture;
  const mean = new Array<number>(dim).fill(0);
  weights.forEach((weight, k) => {
    for (let a = 0; a < dim; a++) mean[a]! += weight * means[k]![a]!;
  });
  const covariance = new Array<number>(packedLength(dim)).fill(0);
  weights.forEach((weight, k) => {
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b <= a; b++) {
        const between = (means[k]![a]! - mean[a]!) * (means[k]![b]! - mean[b]!);
        covariance[packedIndex(a, b)]! += weight * (covariances[k]![packedIndex(a, b)]! + between);
      }
    }
  });
  return { mean, covariance };
}
