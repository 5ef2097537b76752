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

/** J correlated Gaussians of unequal weight, width and place. */
const truthOf = (dim: number, count: number) => ({
  kind: 'mixture',
  components: [0.375, 0.625].slice(-count).map((weight, k) => ({
    weight: count === 1 ? 1 : weight,
    mean: Array.from({ length: dim }, (_, a) => 3 * k - a),
    covariance: Array.from({ length: dim }, (_, a) =>
      Array.from({ length: dim }, (__, b) => (a === b ? 1 + a + k : 0.75)),
    ),
  })),
});

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

  test.each(small)(title, (one) => compare(one, 1000));
  test.each(large)(title, (one) => compare(one, 250));
});
