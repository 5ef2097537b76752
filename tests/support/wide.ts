/** A Gaussian in many dimensions, of unlike and correlated axes, and plain algebra about others. */

/** Standard deviations from 1 to 2, and correlations that fall by 0.6 from axis to axis. */
export const wideTruth = (dim: number) => ({
  kind: 'mixture',
  components: [
    {
      weight: 1,
      mean: Array.from({ length: dim }, (_, a) => 3 - 0.5 * a),
      covariance: Array.from({ length: dim }, (_, a) =>
        Array.from({ length: dim }, (__, b) => {
          const width = (c: number) => 1 + c / dim;
          return width(a) * width(b) * 0.6 ** Math.abs(a - b);
        }),
      ),
    },
  ],
});

export interface Gaussian {
  readonly mean: readonly number[];
  /** Full. */
  readonly covariance: readonly (readonly number[])[];
}

/** Inverse and ln det by elimination without a choice of pivots: of positive definite matrices. */
export function eliminate(matrix: readonly (readonly number[])[]) {
  const dim = matrix.length;
  const rows = matrix.map((row, a) => [...row, ...row.map((_, b) => (a === b ? 1 : 0))]);
  let logDet = 0;
  for (let p = 0; p < dim; p++) {
    const pivot = rows[p]![p]!;
    logDet += Math.log(pivot);
    rows[p] = rows[p]!.map((x) => x / pivot);
    for (let a = 0; a < dim; a++) {
      if (a === p) continue;
      const times = rows[a]![p]!;
      rows[a] = rows[a]!.map((x, b) => x - times * rows[p]![b]!);
    }
  }
  return { inverse: rows.map((row) => row.slice(dim)), logDet };
}

/** h of a Gaussian. */
export const entropyOf = ({ covariance }: Gaussian): number =>
  0.5 * covariance.length * Math.log(2 * Math.PI * Math.E) + 0.5 * eliminate(covariance).logDet;

/** KL(p‖q) as textbooks have it. */
export function klOf(p: Gaussian, q: Gaussian): number {
  const { inverse, logDet } = eliminate(q.covariance);
  const apart = p.mean.map((x, a) => x - q.mean[a]!);
  let sum = logDet - eliminate(p.covariance).logDet - apart.length;
  inverse.forEach((row, a) =>
    row.forEach((entry, b) => {
      sum += entry * (p.covariance[b]![a]! + apart[a]! * apart[b]!);
    }),
  );
  return 0.5 * sum;
}
