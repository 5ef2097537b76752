/**
 * A Gaussian in many dimensions, of unlike and correlated axes, plain algebra about others, and the
 * models that tests/oracle/wide.py has measured.
 */
import type { FramedModel } from '../../src/model/frame.ts';
import { emptyModel, normaliseFactor } from '../../src/model/gmm/model.ts';
import { cholesky } from '../../src/model/math/triangular.ts';
import { resolveTruth, type Truth } from '../../src/model/truth.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';

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

/** p₀ as the oracle has it. */
export const resolvedTruth = (dim: number): Truth =>
  resolveTruth(wideTruth(dim) as Parameters<typeof resolveTruth>[0], null);

/** A model as after t generations of n points, off by `shift`; tests/oracle/wide.py's model_of. */
export function collapsedModel(
  { dim, log2Unit }: Truth,
  [n, t]: readonly [number, number],
  shift: number,
): FramedModel {
  const model = emptyModel(dim, 1);
  // Some of the offset in the frame, which is a quarter of a truth unit.
  model.scale = -2;
  model.weights[0] = 1;
  for (let a = 0, e = 0; a < dim; a++) {
    const offset = shift * Math.cos(1 + a) * 2 ** -log2Unit;
    model.origin[a] = 0.75 * offset;
    model.means[a] = offset;
    for (let b = 0; b <= a; b++, e++) {
      const pivot = (1 + b / dim) * ((n - 1 - b) / n) ** (t / 2);
      model.factors[e] = pivot * (a === b ? 1 : Math.sin(1 + a + 2 * b) / 2 ** (a - b));
    }
  }
  const exponent = normaliseFactor(model.factors, 0, model.factors.length);
  model.exponents[0] = exponent - log2Unit - model.scale;
  return model;
}

interface Factored {
  readonly mean: readonly number[];
  /** [row][column], lower. */
  readonly factor: readonly (readonly number[])[];
}

const rowsOf = (packed: ArrayLike<number>, dim: number, width: number): number[][] =>
  Array.from({ length: dim }, (_, a) =>
    Array.from({ length: dim }, (__, b) => (b > a ? 0 : width * packed[(a * (a + 1)) / 2 + b]!)),
  );

/** In truth units. */
const factored = ({ dim, origin, scale, means, factors, exponents }: FramedModel): Factored => ({
  mean: Array.from(origin, (x, a) => x + 2 ** scale * means[a]!),
  factor: rowsOf(factors, dim, 2 ** (scale + exponents[0]!)),
});

function factoredTruth({ dim, covariance, log2Unit }: Truth): Factored {
  const factor = new Float64Array(covariance.length);
  cholesky(Float64Array.from(covariance), dim, dim, factor);
  return { mean: new Array<number>(dim).fill(0), factor: rowsOf(factor, dim, 2 ** -log2Unit) };
}

/** H⁻¹ of a lower triangle. */
function inverseOf(h: Factored['factor']): number[][] {
  const inverse = h.map((row) => row.map(() => 0));
  h.forEach((row, a) => {
    for (let c = 0; c <= a; c++) {
      let rest = a === c ? 1 : 0;
      for (let b = c; b < a; b++) rest -= row[b]! * inverse[b]![c]!;
      inverse[a]![c] = rest / row[a]!;
    }
  });
  return inverse;
}

/** Products of lower triangles; of their sizes. */
const product = (x: readonly number[][], y: Factored['factor'], size = (v: number) => v) =>
  x.map((row, a) =>
    row.map((_, c) => {
      let dot = 0;
      for (let b = c; b <= a; b++) dot += size(row[b]!) * size(y[b]![c]!);
      return dot;
    }),
  );

/**
 * What KL(p‖q) may be off by where X = H⁻¹ [F, m_p − m_q] is solved for with unit roundoff u, H and
 * F being factors of q and p: sums of k products lose k u of the sum of their sizes, so that X is off
 * by k u |H⁻¹| |H| |X| at most (Higham 2002, theorem 8.5), its last column also by what the
 * difference of means is; and the sum of squares, logarithms and ones by k u of their sizes.
 */
function klError(p: Factored, q: Factored, u: number): number {
  const dim = p.mean.length;
  const k = dim + 8;
  const inverse = inverseOf(q.factor);
  const blame = product(inverse, q.factor, Math.abs);
  const solved = product(inverse, p.factor);
  const apart = p.mean.map((x, a) => x - q.mean[a]!);
  const apartSize = p.mean.map((x, a) => Math.abs(x) + Math.abs(q.mean[a]!));
  const dotOf = (row: readonly number[], v: readonly number[], size = (x: number) => x) =>
    row.reduce((sum, x, b) => sum + size(x) * size(v[b]!), 0);
  const last = inverse.map((row) => dotOf(row, apart));
  const abs = Math.abs;
  let error = 0;
  for (let a = 0; a < dim; a++) {
    const near = dotOf(blame[a]!, last, abs) + dotOf(inverse[a]!, apartSize, abs);
    error += 2 * abs(last[a]!) * near + last[a]! ** 2;
    for (let c = 0; c <= a; c++) {
      let size = 0;
      for (let b = c; b <= a; b++) size += blame[a]![b]! * abs(solved[b]![c]!);
      error += 2 * abs(solved[a]![c]!) * size + solved[a]![c]! ** 2;
    }
    error += 1 + 2 * abs(Math.log(solved[a]![a]!));
  }
  return (k * u * error) / 2;
}

/** Bounds of the statistics of a model in arithmetic of unit roundoff u, by `klError`. */
export function wideErrors(
  truth: Truth,
  model: FramedModel,
  parent: FramedModel,
  expected: Readonly<Record<string, number>>,
  u: number,
): Partial<Record<StatisticName, number>> {
  const [home, own, last] = [factoredTruth(truth), factored(model), factored(parent)];
  const k = truth.dim + 8;
  const logs = ({ factor }: Factored) =>
    factor.reduce((sum, row, a) => sum + 2 + 2 * Math.abs(Math.log(row[a]!)), 0);
  const volume = k * u * (logs(own) + logs(home) + truth.dim * Math.abs(truth.log2Unit));
  const forgotten = klError(home, own, u);
  const relative = (name: string) => k * u * Math.abs(expected[name]!);
  return {
    meanShiftSquared: relative('meanShiftSquared'),
    totalVariance: relative('totalVariance'),
    varianceRatio: relative('varianceRatio'),
    logVarianceRatio: k * u + relative('logVarianceRatio'),
    logDetRatio: volume,
    entropy: volume,
    entropyLoss: volume,
    klTruthToModel: forgotten,
    klModelToTruth: klError(own, home, u),
    stepKl: klError(last, own, u),
    testNll: forgotten + volume,
    selfNll: volume,
    calibrationGap: forgotten + volume,
  };
}
