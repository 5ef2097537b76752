/** The closed form of K = 1: the same populations as by points, and the laws where no point could. */
import { describe, expect, test } from 'vitest';
import type { FramedModel } from '../../src/model/frame.ts';
import { runLineage } from '../../src/model/lineage.ts';
import { packedIndex } from '../../src/model/mixture.ts';
import { cellRules } from '../../src/model/rules.ts';
import { STATUS_BITS } from '../../src/model/status.ts';
import { lawsFor } from '../../src/model/theory/laws.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { ALPHA, twoSampleDistance, twoSampleLimit } from '../support/goodness.ts';
import { truthOf } from '../support/setting.ts';

interface Case {
  readonly dim: number;
  readonly count: number;
  readonly covariance: string;
  readonly estimator: string;
  readonly sampleSize: number;
}

interface Lineages {
  readonly closedForm: 'replace' | 'off';
  readonly seed: number;
  readonly replicates: number;
  readonly generations: number;
}

/** [replicate][t − 1] */
function lineagesOf(one: Case, { closedForm, seed, replicates, generations }: Lineages) {
  const { dim, count, covariance, estimator, sampleSize } = one;
  const fit = { components: 1, covariance, estimator };
  const spec = parseSpec({ truth: truthOf(dim, count), fit, sampleSize, seed, closedForm });
  const rules = cellRules(spec, resolveTruth(spec.truth, null), 0);
  return Array.from({ length: replicates }, (_, i) => runLineage(rules, i, generations));
}

const entry = ({ factors }: FramedModel, a: number, b: number): number =>
  factors[packedIndex(a, b)]!;

const widthLog = ({ scale, exponents }: FramedModel): number => Math.LN2 * (scale + exponents[0]!);

const measures: Record<string, (model: FramedModel, dim: number) => number> = {
  'ln variance': (model) =>
    Math.log(model.factors.reduce((sum, f) => sum + f * f, 0)) + 2 * widthLog(model),
  'mean along the last axis': ({ origin, originLow, scale, means }, dim) =>
    origin[dim - 1]! + originLow[dim - 1]! + 2 ** scale * means[dim - 1]!,
  'ln det': (model, dim) => {
    let sum = dim * widthLog(model);
    for (let a = 0; a < dim; a++) sum += Math.log(entry(model, a, a));
    return 2 * sum;
  },
  correlation: (model, dim) => {
    const [row, first] = [dim - 1, entry(model, 0, 0)];
    let square = 0;
    for (let b = 0; b < dim; b++) square += entry(model, row, b) ** 2;
    // To 10⁻⁹, so that flat clouds, where it is ±1, are equal to it on both paths.
    return Math.round((1e9 * Math.sign(first) * entry(model, row, 0)) / Math.sqrt(square)) / 1e9;
  },
};

/** What is a number for every lineage of the case. */
function measuresOf({ dim, covariance, sampleSize }: Case): readonly string[] {
  const names = ['ln variance', 'mean along the last axis'];
  if (sampleSize > dim || covariance !== 'full') names.push('ln det');
  if (dim > 1 && covariance === 'full') names.push('correlation');
  return names;
}

const GENERATIONS = [1, 2, 10];

describe('closed and sampled lineages are one population', () => {
  const shapes = [1, 2, 3].flatMap((dim) =>
    [1, 2].flatMap((count) =>
      (dim === 1 ? ['full'] : ['full', 'diagonal', 'spherical']).flatMap((covariance) =>
        ['mle', 'unbiased'].map((estimator) => ({ dim, count, covariance, estimator })),
      ),
    ),
  );
  const small = shapes.flatMap((shape) =>
    [2, 3, 10].map((sampleSize): Case => ({ ...shape, sampleSize })),
  );
  const large = shapes
    .filter(({ estimator }) => estimator === 'mle')
    .map((shape): Case => ({ ...shape, sampleSize: 1000 }));

  const title = 'd = $dim, J = $count, $covariance, $estimator, n = $sampleSize';
  const compare = (one: Case, replicates: number) => {
    const [closed, sampled] = (['replace', 'off'] as const).map((closedForm, seed) =>
      lineagesOf(one, { closedForm, seed, replicates, generations: 10 }),
    );
    const names = measuresOf(one);
    // All comparisons of a case together fail one right simulation in a thousand.
    const alpha = ALPHA / (names.length * GENERATIONS.length);
    const limit = twoSampleLimit(alpha, replicates, replicates);
    const short = one.sampleSize <= one.dim ? STATUS_BITS.degenerate : 0;
    for (const t of GENERATIONS) {
      for (const models of [...closed!, ...sampled!]) expect(models[t - 1]!.status).toBe(short);
      for (const name of names) {
        const [a, b] = [closed!, sampled!].map((lineages) =>
          Float64Array.from(lineages, (models) => measures[name]!(models[t - 1]!, one.dim)),
        );
        expect(a!.every(Number.isFinite)).toBe(true);
        expect(twoSampleDistance(a!, b!), `${name} at t = ${t}`).toBeLessThan(limit);
      }
    }
  };

  test.each(small)(title, (one) => compare(one, 600));
  test.each(large)(title, (one) => compare(one, 100));
});

describe('where it holds', () => {
  const run = (raw: object, closedForm: string) => {
    const base = { truth: truthOf(2, 2), fit: { components: 1 }, sampleSize: 20 };
    const spec = parseSpec({ ...base, ...raw, closedForm });
    return runLineage(cellRules(spec, resolveTruth(spec.truth, null), 0), 3, 3);
  };

  test('is what auto takes', () => {
    expect(run({}, 'auto')).toEqual(run({}, 'replace'));
  });

  test('the first generation has points unless the truth is one Gaussian', () => {
    const [closed, sampled] = [run({}, 'replace'), run({}, 'off')];
    expect(closed[0]).toEqual(sampled[0]);
    expect(closed[1]).not.toEqual(sampled[1]);
    const one = { truth: truthOf(2, 1) };
    expect(run(one, 'replace')[0]).not.toEqual(run(one, 'off')[0]);
  });

  test('rows are drawn in the first generation, whatever mixture stands for them', () => {
    const rows = Float64Array.from({ length: 64 }, (_, i) => ((i * 37) % 64) / 8);
    const data = { name: 'a.csv', columns: ['x'], rows, rowCount: rows.length };
    const truth = { kind: 'data', file: 'a.csv', columns: ['x'] };
    const [closed, sampled] = ['replace', 'off'].map((closedForm) => {
      const spec = parseSpec({ truth, fit: { components: 1 }, closedForm });
      const resolved = resolveTruth(spec.truth, data);
      return runLineage(cellRules(spec, resolved, 0), 0, 2);
    });
    expect(closed![0]).toEqual(sampled![0]);
    expect(closed![1]).not.toEqual(sampled![1]);
  });

  test.each([
    { fit: { components: 2 } },
    { fit: { components: 1, covarianceFloor: 1e-12 } },
    { batch: { realFraction: 0.025 } },
    { batch: { realFraction: 1e-9, realDraw: 'bernoulli' } },
  ])('points are drawn with %o', (raw) => {
    expect(run(raw, 'replace')).toEqual(run(raw, 'off'));
  });

  test('no memory is kept for points: more of them than any array can hold', () => {
    const spec = parseSpec({ truth: truthOf(2, 1), fit: { components: 1 } });
    const rules = cellRules(spec, resolveTruth(spec.truth, null), 0);
    const models = runLineage({ ...rules, sampleSize: 2 ** 50 }, 0, 3);
    expect(models.every(({ status }) => status === 0)).toBe(true);
  });

  test('a quota of less than half a point is none', () => {
    const raw = { batch: { realFraction: 0.024 } };
    expect(run(raw, 'replace')).toEqual(run({}, 'replace'));
  });
});

describe('laws', () => {
  const REPLICATES = 2000;
  /** One right simulation in 16 000 has a larger |z|. */
  const Z_LIMIT = 4;
  const sizes = [10, 1_000_000];
  const cases = [1, 2, 3].flatMap((dim) =>
    (dim === 1 ? ['full'] : ['full', 'diagonal', 'spherical']).flatMap((covariance) =>
      sizes.flatMap((sampleSize) =>
        ['mle', 'unbiased'].map((estimator) => ({ dim, covariance, sampleSize, estimator })),
      ),
    ),
  );

  test.each(cases)('d = $dim, $covariance, n = $sampleSize, $estimator', (one) => {
    const { dim, covariance, sampleSize, estimator } = one;
    const spec = parseSpec({
      truth: { kind: 'blobs', dim, components: 1 },
      fit: { covariance, estimator },
      sampleSize,
      seed: 100 + dim,
      closedForm: 'replace',
    });
    const truth = resolveTruth(spec.truth, null);
    const rules = cellRules(spec, truth, 0);
    // n ln(√R/2)/3 is 10 at n = 10.
    const last = 10;
    const lineages = Array.from({ length: REPLICATES }, (_, i) => runLineage(rules, i, last));
    const valuesAt = (statistic: StatisticName, t: number) =>
      lineages.map((models) => valueOf(statistic, models[t - 1]!, rules.truth, truth.log2Unit));
    const laws = lawsFor(spec, truth);
    for (const name of STATISTICS) {
      const law = laws.find(({ statistic }) => statistic === name);
      if (!law) continue;
      for (const t of [1, 5, last]) {
        expect(t).toBeLessThanOrEqual(law.testableUntil(REPLICATES));
        const z = (mean(valuesAt(name, t)) - law.at(t)) / law.standardError(t, REPLICATES)!;
        expect(Math.abs(z), `z of ${name} at t = ${t}`).toBeLessThan(Z_LIMIT);
      }
      if (!name.startsWith('log')) continue;
      const values = valuesAt(name, last);
      const average = mean(values);
      const spread = mean(values.map((x) => (x - average) ** 2)) / law.standardError(last, 1)! ** 2;
      // A sample variance has relative variance (2 + κ)/R; a sum of 10 ln χ² of 9 degrees has an
      // excess kurtosis κ = ψ‴(4.5)/(10 ψ′(4.5)²) = 0.05, and one of more degrees or terms less.
      const z = (spread - 1) / Math.sqrt((2 + 0.05) / REPLICATES);
      expect(Math.abs(z), `z of Var ${name}`).toBeLessThan(Z_LIMIT);
    }
    const found = laws
      .map(({ statistic }) => statistic)
      .filter((name) => STATISTICS.includes(name));
    expect(found).toEqual(
      dim === 1 || covariance === 'spherical'
        ? STATISTICS
        : STATISTICS.filter((name) => name !== 'logVarianceRatio'),
    );
  });
});

test.each(['replace', 'off'])('d = 3, n = 2: every shape keeps its trace, %s', (closedForm) => {
  const replicates = 2000;
  for (const covariance of ['full', 'diagonal', 'spherical']) {
    const fit = { components: 1, covariance };
    const spec = parseSpec({ truth: truthOf(3, 1), fit, sampleSize: 2, closedForm });
    const truth = resolveTruth(spec.truth, null);
    const rules = cellRules(spec, truth, 0);
    const ratios = Array.from({ length: replicates }, (_, i) =>
      valueOf('varianceRatio', runLineage(rules, i, 1)[0]!, rules.truth, truth.log2Unit),
    );
    const law = lawsFor(spec, truth).find(({ statistic }) => statistic === 'varianceRatio')!;
    const z = (mean(ratios) - law.at(1)) / law.standardError(1, replicates)!;
    // tr S of two points is a sum of three χ² of one degree: at 2000 replicates its mean's
    // skewness is under √8/√2000 = 0.06.
    expect(Math.abs(z), covariance).toBeLessThan(4);
  }
});

const STATISTICS: readonly StatisticName[] = [
  'totalVariance',
  'varianceRatio',
  'meanShiftSquared',
  'logVarianceRatio',
  'logDetRatio',
];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length;

/** A statistic by its definition. @param truth One Gaussian, in truth units of 2^log2Unit. */
function valueOf(
  statistic: StatisticName,
  model: FramedModel,
  truth: FramedModel,
  log2Unit: number,
): number {
  const dim = model.origin.length;
  const logRatio = (name: string) => measures[name]!(model, dim) - measures[name]!(truth, dim);
  switch (statistic) {
    case 'totalVariance':
      return Math.exp(measures['ln variance']!(model, dim)) * 4 ** log2Unit;
    case 'varianceRatio':
      return Math.exp(logRatio('ln variance'));
    case 'logVarianceRatio':
      return logRatio('ln variance');
    case 'logDetRatio':
      return logRatio('ln det');
    default: {
      const { origin, scale, means } = model;
      const square = origin.reduce((sum, x, a) => sum + (x + 2 ** scale * means[a]!) ** 2, 0);
      return square * 4 ** log2Unit;
    }
  }
}
