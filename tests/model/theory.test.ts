import { describe, expect, test } from 'vitest';
import { normalPair } from '../../src/model/rng/normal.ts';
import { randomKey, words } from '../../src/model/rng/coordinates.ts';
import { firstFitVariance } from '../../src/model/theory/first-fit.ts';
import { lawsFor, type Law } from '../../src/model/theory/laws.ts';
import { digamma, lnGammaRatio, trigamma } from '../../src/model/theory/polygamma.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';

const gaussian = { kind: 'blobs', dim: 1, components: 1 };

function lawOf(statistic: StatisticName, input: Record<string, unknown>): Law | undefined {
  const spec = parseSpec({ truth: gaussian, ...input });
  const laws = lawsFor(spec, resolveTruth(spec.truth, null));
  const found = laws.filter((law) => law.statistic === statistic);
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0];
}

const law = (statistic: StatisticName, input: Record<string, unknown>): Law => {
  const found = lawOf(statistic, input);
  if (!found) throw new Error(`no law for ${statistic}`);
  return found;
};

describe('polygamma', () => {
  // scipy.special.digamma and polygamma(1, x), SciPy 1.17.1.
  test.each([
    [0.5, -1.9635100260214235, 4.934802200544679],
    [1, -0.5772156649015329, 1.6449340668482264],
    [4.5, 1.388870926359529, 0.24872510303901035],
    [49.5, 3.891837650726372, 0.020407455046879994],
  ])('ψ and ψ₁ at %f', (x, psi, psi1) => {
    // Series and recurrence each carry a few roundings of 1e-16.
    expect(Math.abs(digamma(x) - psi)).toBeLessThan(1e-13);
    expect(Math.abs(trigamma(x) - psi1)).toBeLessThan(1e-13);
  });
});

// mpmath 1.2.1, 30 digits: loggamma(x + a) - loggamma(x).
test.each([
  [0.5, 0.5, -0.5723649429247001],
  [1, 1.5, 0.2846828704729192],
  [4.5, 2, 3.2088254890146994],
  [49.5, 0.5, 1.9484611251989035],
  [50000.5, 1, 10.819788284360284],
  [499999.5, 2, 26.244726754807658],
])('ln Γ(%f + %f) − ln Γ(%f)', (x, a, value) => {
  expect(Math.abs(lnGammaRatio(x, a) - value)).toBeLessThan(1e-14);
});

describe('numbers known beforehand', () => {
  test('E ln v and its sd after 100 generations of 100 points', () => {
    const mle = law('logVarianceRatio', { sampleSize: 100 });
    expect(mle.at(100)).toBeCloseTo(-2.0185, 4);
    expect(mle.standardError(100, 1)).toBeCloseTo(1.4285, 4);
    expect(mle.at(0)).toBe(0);
  });

  test('E W₂² after 100 generations of 100 points, and where it goes', () => {
    const distance = (estimator: string, t: number) =>
      law('wassersteinSquared', { sampleSize: 100, fit: { estimator } }).at(t);
    expect(distance('unbiased', 100)).toBeCloseTo(1.44632, 5);
    expect(distance('mle', 100)).toBeCloseTo(1.06001, 5);
    expect(distance('mle', 0)).toBe(0);
    expect(distance('mle', 5000)).toBeCloseTo(2, 5);
    const wide = { truth: { ...gaussian, components: 2 }, sampleSize: 100 };
    expect(lawOf('wassersteinSquared', wide)).toBeUndefined();
  });

  test('n = 10 to generation 2000', () => {
    const mle = law('logVarianceRatio', { sampleSize: 10 });
    expect(mle.at(2000)).toBeCloseTo(-441.1, 1);
    expect(mle.standardError(2000, 1)).toBeCloseTo(22.3, 1);
  });

  test('E KL after 10 generations of 100 points', () => {
    const kl = law('klTruthToModel', { sampleSize: 100 });
    expect(kl.at(10)).toBeCloseTo(0.13645, 5);
    expect(law('testNll', { sampleSize: 100 }).at(10) - kl.at(10)).toBeCloseTo(1.4189385, 6);
    expect(lawOf('klTruthToModel', { sampleSize: 3 })).toBeUndefined();
    expect(law('klTruthToModel', { sampleSize: 5 }).standardError(1, 100)).toBeNull();
  });

  test('means of the variance and of the shift', () => {
    const mle = { sampleSize: 10, generations: 100 };
    const unbiased = { ...mle, fit: { estimator: 'unbiased' } };
    expect(law('varianceRatio', mle).at(20)).toBeCloseTo(0.9 ** 20, 14);
    expect(law('meanShiftSquared', mle).at(20)).toBeCloseTo(1 - 0.9 ** 20, 14);
    expect(law('varianceRatio', unbiased).at(20)).toBeCloseTo(1, 14);
    expect(law('meanShiftSquared', unbiased).at(20)).toBeCloseTo(2, 13);
    // Var v_t / (E v_t)² = [(n+1)/(n−1)]^t − 1 for both estimators.
    const relative = Math.sqrt(((11 / 9) ** 20 - 1) / 1e4);
    expect(law('varianceRatio', mle).standardError(20, 1e4)! / 0.9 ** 20).toBeCloseTo(relative, 12);
    expect(law('varianceRatio', unbiased).standardError(20, 1e4)).toBeCloseTo(relative, 12);
  });

  test.each([
    // u = 1/(n − (n−1) f²) and (1/n)/(1 − f² + f/n), at n = 20, f = 0.9.
    ['bernoulli', 1 / (20 - 19 * 0.81)],
    ['quota', 1 / 20 / (1 - 0.81 + 0.9 / 20)],
  ])('%s mixing settles', (realDraw, u) => {
    const input = { sampleSize: 20, batch: { realFraction: 0.1, realDraw } };
    expect(law('varianceRatio', input).at(500)).toBeCloseTo(1 - u, 12);
    expect(law('meanShiftSquared', input).at(500)).toBeCloseTo(u, 12);
  });

  test('a floor: tr C₀ q^t + d n ε (1 − q^t)', () => {
    const input = {
      truth: { kind: 'blobs', dim: 2, components: 3, separation: 4, layout: 'ring' },
      sampleSize: 50,
      fit: { components: 2, covarianceFloor: 0.01 },
    };
    const spec = parseSpec(input);
    const [a, , c] = resolveTruth(spec.truth, null).covariance;
    const q = 0.98 ** 30;
    const expected = (a! + c!) * q + 2 * 50 * 0.01 * (1 - q);
    expect(law('totalVariance', input).at(30)).toBeCloseTo(expected, 12);
    expect(law('totalVariance', input).formula).toBe('tr C₀ q^t + dnε(1 − q^t), q = 1 − 1/n');
    // What the variance has not, the mean has: nothing but the floor adds to their sum.
    expect(law('meanShiftSquared', input).formula).toBe('tr C₀ + tdε − S_t');
    const sum = a! + c! + 30 * 2 * 0.01;
    expect(law('meanShiftSquared', input).at(30)).toBeCloseTo(sum - expected, 12);
  });

  test('a floor under an unbiased fit: tr C₀ + t d ε', () => {
    const fit = { estimator: 'unbiased', covarianceFloor: 0.01 };
    const input = { truth: { ...gaussian, dim: 2 }, sampleSize: 50, fit };
    expect(law('totalVariance', input).at(30)).toBeCloseTo(2 + 30 * 2 * 0.01, 12);
    expect(law('totalVariance', input).formula).toBe('tr C₀ + tdε');
    const shift = (30 * 2 + 0.5 * 30 * 29 * 2 * 0.01) / 50;
    expect(law('meanShiftSquared', input).at(30)).toBeCloseTo(shift, 12);
    expect(law('meanShiftSquared', input).formula).toBe('[t tr C₀ + ½t(t−1)dε]/n');
  });

  test.each([0.1, 0.2, 0.3, 0.7])(
    'points that weigh alike have the plain recursion: r = %d',
    (real) => {
      const plain = law('varianceRatio', { batch: { realFraction: real, realDraw: 'bernoulli' } });
      expect(plain.formula).toContain('S′ = b(T − U′) + dε');
      const batch = { realFraction: real };
      const weighed = law('varianceRatio', { batch, fit: { realWeight: 0.5 } });
      expect(weighed.formula).toContain('S′ = ρT + (1−ρ)');
    },
  );

  test('what is left of a variance keeps its digits when the mean has wandered as far as it can', () => {
    const ten = { sampleSize: 10, generations: 2000 };
    expect(law('varianceRatio', ten).at(2000) / 0.9 ** 2000).toBeCloseTo(1, 10);
    const quota = { ...ten, batch: { realDraw: 'quota', samplingBias: 0.9 } };
    expect(law('varianceRatio', quota).at(500) / (0.9 ** 500 * 0.9 ** 499)).toBeCloseTo(1, 10);
    // Of a pool's recursion nothing would be left but rounding: there is no number.
    const cut = law('varianceRatio', { ...ten, batch: { truncation: 2 } });
    expect(cut.at(20)).toBeGreaterThan(0);
    expect(cut.at(2000)).toBeNaN();
  });

  test('where a condition fails there is no law', () => {
    const two = { truth: { kind: 'blobs', dim: 1, components: 2 }, fit: { components: 1 } };
    expect(lawOf('logVarianceRatio', two)).toBeUndefined();
    expect(lawOf('tailMass1', {})).toBeUndefined();
    expect(lawOf('logVarianceRatio', { fit: { covarianceFloor: 0.1 } })).toBeUndefined();
    expect(lawOf('logVarianceRatio', { batch: { realFraction: 0.5 } })).toBeUndefined();
    // Past the first fit the fourth moments of the fitted mixtures are not known.
    expect(law('varianceRatio', two).standardError(1, 100)).not.toBeNull();
    expect(law('varianceRatio', two).standardError(2, 100)).toBeNull();
  });
});

test('scatter of the first fit: exact on every sample of a small population', () => {
  // All 4³ samples of size 3 from four rows in the plane: variances by enumeration.
  const rows = [0, 0, 1, 3, -2, 1, 4, 4];
  const data = {
    name: 'four.csv',
    columns: ['x', 'y'],
    rows: Float64Array.from(rows),
    rowCount: 4,
  };
  const truth = resolveTruth({ kind: 'data', file: 'four.csv', columns: ['x', 'y'] }, data);
  const spreads: number[] = [];
  const shifts: number[] = [];
  for (let code = 0; code < 64; code++) {
    const picked = [code & 3, (code >> 2) & 3, code >> 4].map((i) => rows.slice(2 * i, 2 * i + 2));
    const mean = [0, 1].map((a) => picked.reduce((sum, x) => sum + x[a]!, 0) / 3);
    const square = (x: readonly number[], y: readonly number[]) =>
      (x[0]! - y[0]!) ** 2 + (x[1]! - y[1]!) ** 2;
    spreads.push(picked.reduce((sum, x) => sum + square(x, mean), 0) / 3);
    shifts.push(square(mean, truth.mean));
  }
  const variance = (values: readonly number[]) => {
    const mean = values.reduce((sum, v) => sum + v, 0) / 64;
    return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 64;
  };
  const found = firstFitVariance(truth, 3);
  expect(found.spread).toBeCloseTo(variance(spreads), 10);
  expect(found.shift).toBeCloseTo(variance(shifts), 10);
});

test('scatter of the first fit to a mixture: the textbook variance of a sample variance', () => {
  const spec = parseSpec({ truth: { kind: 'blobs', components: 2, separation: 4 } });
  // ±2 with unit variance: σ² = 5, μ₄ = 2⁴ + 6·2² + 3 = 43; Var s² = ((n−1)²/n³)(μ₄ − σ⁴(n−3)/(n−1)).
  const { spread } = firstFitVariance(resolveTruth(spec.truth, null), 40);
  expect(spread).toBeCloseTo((39 ** 2 / 40 ** 3) * (43 - (25 * 37) / 39), 10);
});

/** Plain Monte Carlo of one Gaussian fitted again and again; [generation][lineage] of `pick`. */
interface Chain {
  readonly dim: number;
  readonly n: number;
  readonly generations: number;
  readonly lineages: number;
  readonly covariance: 'full' | 'diagonal' | 'spherical';
  readonly divisor: number;
  /** Real points of a batch from generation 2 on, the first of them; d = 1 only. */
  readonly real?: { share: number; quota: boolean };
}

interface Fitted {
  readonly mean: number[];
  /** Full symmetric matrix. */
  readonly covariance: number[][];
}

function* chains(chain: Chain): Generator<Fitted[]> {
  const { dim, n, generations, lineages, divisor } = chain;
  let counter = 0;
  const key = randomKey(20_240_607, 0);
  const block = new Uint32Array(4);
  const draw = () => {
    words(key, counter++, 0, 0, 0, 0, block);
    return [...normalPair(block[0]!, block[1]!), block[2]! / 2 ** 32] as const;
  };
  const axes = Array.from({ length: dim }, (_, a) => a);
  for (let lineage = 0; lineage < lineages; lineage++) {
    let model: Fitted = {
      mean: axes.map(() => 0),
      covariance: axes.map((a) => axes.map((b) => (a === b ? 1 : 0))),
    };
    const path: Fitted[] = [];
    for (let t = 1; t <= generations; t++) {
      const l = choleskyOf(model.covariance);
      const points = Array.from({ length: n }, (_, i) => {
        const z: number[] = [];
        let u = 0;
        while (z.length < dim) {
          const [x, y, w] = draw();
          z.push(x, y);
          u = w;
        }
        const { share = 0, quota = true } = chain.real ?? {};
        if (t > 1 && (quota ? i < share * n : u < share)) return z.slice(0, dim);
        return axes.map((a) => axes.reduce((s, b) => s + l[a]![b]! * z[b]!, model.mean[a]!));
      });
      const mean = axes.map((a) => points.reduce((s, x) => s + x[a]!, 0) / n);
      const scatter = (a: number, b: number) =>
        points.reduce((s, x) => s + (x[a]! - mean[a]!) * (x[b]! - mean[b]!), 0) / divisor;
      model = { mean, covariance: constrained(axes, scatter, chain.covariance) };
      path.push(model);
    }
    yield path;
  }
}

function constrained(
  axes: readonly number[],
  scatter: (a: number, b: number) => number,
  kind: Chain['covariance'],
): number[][] {
  const trace = axes.reduce((s, a) => s + scatter(a, a), 0);
  return axes.map((a) =>
    axes.map((b) => {
      if (kind === 'full') return scatter(a, b);
      if (a !== b) return 0;
      return kind === 'diagonal' ? scatter(a, a) : trace / axes.length;
    }),
  );
}

function choleskyOf(matrix: number[][]): number[][] {
  const l = matrix.map((row) => row.map(() => 0));
  matrix.forEach((row, a) => {
    for (let b = 0; b <= a; b++) {
      let rest = row[b]!;
      for (let c = 0; c < b; c++) rest -= l[a]![c]! * l[b]![c]!;
      l[a]![b] = a === b ? Math.sqrt(rest) : rest / l[b]![b]!;
    }
  });
  return l;
}

const traceOf = ({ covariance }: Fitted) => covariance.reduce((s, row, a) => s + row[a]!, 0);
const logDetOf = ({ covariance }: Fitted) =>
  choleskyOf(covariance).reduce((s, row, a) => s + 2 * Math.log(row[a]!), 0);
const measures: Partial<Record<StatisticName, (q: Fitted, dim: number) => number>> = {
  totalVariance: traceOf,
  varianceRatio: (q, dim) => traceOf(q) / dim,
  meanShiftSquared: ({ mean }) => mean.reduce((s, m) => s + m * m, 0),
  logVarianceRatio: (q, dim) => Math.log(traceOf(q) / dim),
  logDetRatio: logDetOf,
  entropy: (q, dim) => 0.5 * (dim * Math.log(2 * Math.PI * Math.E) + logDetOf(q)),
  wassersteinSquared: (q) => q.mean[0]! ** 2 + (Math.sqrt(traceOf(q)) - 1) ** 2,
  frechetDistance: (q) => q.mean[0]! ** 2 + (Math.sqrt(traceOf(q)) - 1) ** 2,
  klTruthToModel: (q) => 0.5 * (logDetOf(q) + (1 + q.mean[0]! ** 2) / traceOf(q) - 1),
};

describe('laws against plain Monte Carlo', () => {
  const lineages = 8000;
  const cases: readonly [string, Chain, Record<string, unknown>][] = [
    ...([1, 2, 3] as const).flatMap((dim) =>
      (['full', 'diagonal', 'spherical'] as const)
        .filter((covariance) => dim > 1 || covariance === 'full')
        .map((covariance): [string, Chain, Record<string, unknown>] => [
          `d = ${dim}, ${covariance}, mle`,
          { dim, n: 20, generations: 4, lineages, covariance, divisor: 20 },
          { truth: { ...gaussian, dim }, fit: { covariance }, sampleSize: 20 },
        ]),
    ),
    [
      'd = 1, unbiased',
      { dim: 1, n: 20, generations: 4, lineages, covariance: 'full', divisor: 19 },
      { fit: { estimator: 'unbiased' }, sampleSize: 20 },
    ],
    ...[true, false].map((quota): [string, Chain, Record<string, unknown>] => [
      `d = 1, a quarter real, ${quota ? 'quota' : 'bernoulli'}`,
      {
        ...{ dim: 1, n: 20, generations: 4, lineages, covariance: 'full', divisor: 20 },
        real: { share: 0.25, quota },
      },
      {
        sampleSize: 20,
        batch: { realFraction: 0.25, realDraw: quota ? 'quota' : 'bernoulli' },
      },
    ]),
  ];

  test.each(cases)('%s', (_, chain, input) => {
    const spec = parseSpec({ truth: gaussian, ...input });
    const laws = lawsFor(spec, resolveTruth(spec.truth, null)).filter(
      ({ statistic }) => measures[statistic],
    );
    const last = chain.generations;
    const sums = laws.map(() => ({ sum: 0, square: 0 }));
    for (const path of chains(chain)) {
      laws.forEach(({ statistic }, i) => {
        const x = measures[statistic]!(path[last - 1]!, chain.dim) - laws[i]!.at(last);
        sums[i]!.sum += x;
        sums[i]!.square += x * x;
      });
    }
    laws.forEach((one, i) => {
      const { sum, square } = sums[i]!;
      const sample = Math.sqrt(square / lineages / lineages);
      const error = one.standardError(last, lineages);
      // |z| ≤ 4 of a fixed seed: 6e-5 a check.
      expect(Math.abs(sum / lineages), one.statistic).toBeLessThan(4 * (error ?? sample));
      // sd of a sample sd is √((κ−1)/4R), under 3 % at R = 8000 for kurtosis κ ≤ 30; four of those.
      if (error !== null) expect(Math.abs(sample / error - 1), one.statistic).toBeLessThan(0.12);
    });
    expect(laws.length).toBeGreaterThanOrEqual(3);
  });
});
