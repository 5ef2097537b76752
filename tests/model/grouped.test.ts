/** K = 1 on groups of points: the same populations as by points, and where it can be had. */
import { describe, expect, test } from 'vitest';
import { unframeModel } from '../../src/model/gmm/model.ts';
import { runLineage } from '../../src/model/lineage.ts';
import {
  cellRules,
  isCounted,
  isGrouped,
  isStandardised,
  usesReal,
} from '../../src/model/rules.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { ALPHA, twoSampleDistance, twoSampleLimit } from '../support/goodness.ts';
import { truthOf } from '../support/setting.ts';

const REPLICATES = 600;
const GENERATIONS = [1, 2, 5];

const FIXED = { realFraction: 0.5, realSource: 'fixed' };

/** What a batch, its fit and what is kept of the past may ask for. */
const RULES: Readonly<Record<string, object>> = {
  'real points': { batch: { realFraction: 0.2 } },
  'one real point of ten': { batch: { realFraction: 0.1, samplingBias: 1.4 } },
  'more and more of them': { batch: { realFraction: { from: 0.1, to: 0.6, until: 5 } } },
  'screened real points': { batch: { realFraction: 0.2, detector: { recall: 0.7 } } },
  'a web': { batch: { web: { stock: 10, published: 10, humanReservoir: 18 } } },
  'a floor': { fit: { covarianceFloor: 0.2 } },
  'a floor and real points': { fit: { covarianceFloor: 0.05 }, batch: { realFraction: 0.3 } },
  'a floor for an unbiased fit': { fit: { covarianceFloor: 0.1, estimator: 'unbiased' } },
  paraphrase: { batch: { paraphrase: { noise: 0.4, passes: 2 }, samplingBias: 0.8 } },
  archive: { batch: FIXED },
  'archive, unbiased': { batch: FIXED, fit: { estimator: 'unbiased' } },
  'an archive that is all there was': { batch: { ...FIXED, realFraction: 1 } },
  accumulate: { retention: 'accumulate' },
  'accumulate, unbiased': { retention: 'accumulate', fit: { estimator: 'unbiased' } },
  'accumulate, growing, with real points': {
    ...{ retention: 'accumulate', growth: 0.5 },
    batch: { realFraction: 0.2 },
  },
  'accumulate, an archive, paraphrase': {
    retention: 'accumulate',
    batch: { ...FIXED, paraphrase: { noise: 0.3 } },
  },
};

const POISON = { share: 0.2, mean: [2], scale: 0.5 };

/** What takes numbers of points that are drawn, too. */
const COUNTED: Readonly<Record<string, object>> = {
  bernoulli: { batch: { realFraction: 0.3, realDraw: 'bernoulli' } },
  'more and more by bernoulli, unbiased': {
    batch: { realFraction: { from: 0, to: 0.8, until: 4 }, realDraw: 'bernoulli' },
    fit: { estimator: 'unbiased' },
  },
  poison: { batch: { poison: POISON } },
  'poison among a quota': { batch: { poison: POISON, realFraction: 0.5 } },
  'poison in a pool, bernoulli': {
    retention: 'accumulate',
    batch: { poison: POISON, realFraction: 0.3, realDraw: 'bernoulli' },
  },
  memory: { batch: { memory: 3 } },
  'memory, paraphrase, bernoulli': {
    batch: { memory: 2, paraphrase: { noise: 0.4 }, realFraction: 0.2, realDraw: 'bernoulli' },
  },
  'three modes': { modes: 3, batch: { realFraction: 0.4 } },
  'an archive of three modes': { modes: 3, batch: FIXED },
  'an archive, and then less of it': {
    batch: { ...FIXED, realFraction: { at: [[1, 0.5], [4, 0.2]] }, samplingBias: 0.8 }, // prettier-ignore
  },
  'less and less of an archive, unbiased': {
    batch: { ...FIXED, realFraction: { from: 1, to: 0.1, until: 5 } },
    fit: { estimator: 'unbiased' },
  },
  'an archive round and round': { growth: 1, batch: FIXED },
  'an archive of three modes in a pool, now more, now less': {
    ...{ modes: 3, retention: 'accumulate', growth: 0.5 },
    batch: { ...FIXED, realFraction: { at: [[1, 0], [3, 0.7], [4, 0.3]] } }, // prettier-ignore
  },
  'an archive that comes late and weighs more': {
    batch: { ...FIXED, realFraction: { at: [[1, 0.2], [5, 0.4]] } }, // prettier-ignore
    fit: { realWeight: 0.7 },
  },
  'three modes, accumulate': { modes: 3, retention: 'accumulate' },
  'real points that weigh more': { batch: { realFraction: 0.3 }, fit: { realWeight: 0.8 } },
  'bernoulli that weighs less': {
    batch: { realFraction: 0.3, realDraw: 'bernoulli' },
    fit: { realWeight: 0.1 },
  },
  'a prior about the parent': {
    batch: { realFraction: 0.2 },
    fit: { estimator: 'map', prior: { centre: 'parent', strength: 5 } },
  },
  'a prior about the truth': {
    fit: { estimator: 'map', prior: { centre: 'truth', strength: 5 } },
  },
  'accumulate, a floor': { retention: 'accumulate', fit: { covarianceFloor: 0.2 } },
  'accumulate, a floor that comes, unbiased, an archive': {
    ...{ retention: 'accumulate', batch: FIXED },
    fit: { covarianceFloor: { at: [[1, 0], [3, 0.3]] }, estimator: 'unbiased' }, // prettier-ignore
  },
  'accumulate, growing, a floor, three modes, paraphrase': {
    ...{ retention: 'accumulate', growth: 0.5, modes: 3, fit: { covarianceFloor: 0.5 } },
    batch: { paraphrase: { noise: 0.3 } },
  },
  'accumulate, a prior about the parent': {
    ...{ retention: 'accumulate', batch: { realFraction: 0.2 } },
    fit: { estimator: 'map', prior: { centre: 'parent', strength: 20 } },
  },
  'accumulate, a prior about the truth, a floor, memory': {
    ...{ retention: 'accumulate', batch: { memory: 2, samplingBias: 1.3 } },
    fit: { estimator: 'map', prior: { centre: 'truth', strength: 8 }, covarianceFloor: 0.1 },
  },
  'accumulate, real points that weigh more': {
    ...{ retention: 'accumulate', batch: { realFraction: 0.3 }, fit: { realWeight: 0.8 } },
  },
  'accumulate, more and more of an archive, which weighs': {
    ...{ retention: 'accumulate', fit: { realWeight: 0.5 } },
    batch: { ...FIXED, realFraction: { from: 0.2, to: 0.6, until: 4 } },
  },
  'accumulate, the first points weigh less and less': {
    ...{ retention: 'accumulate' },
    fit: { realWeight: { at: [[1, 0.5], [4, 0]] } }, // prettier-ignore
  },
  'accumulate, bernoulli that weighs, poison, a floor': {
    retention: 'accumulate',
    batch: { realFraction: 0.3, realDraw: 'bernoulli', poison: POISON },
    fit: { realWeight: 0.6, covarianceFloor: 0.1 },
  },
};

/** Where a shape of the covariance is other than what the points have. */
const SHAPED = [
  'a floor and real points',
  'accumulate, growing, with real points',
  'memory, paraphrase, bernoulli',
  'three modes',
  'accumulate, a prior about the truth, a floor, memory',
  'accumulate, bernoulli that weighs, poison, a floor',
];

const NAMED = [...Object.keys(RULES), ...Object.keys(COUNTED)];

const SHAPES = [
  { dim: 1, covariance: 'full', names: NAMED },
  { dim: 2, covariance: 'full', names: NAMED },
  { dim: 3, covariance: 'diagonal', names: SHAPED },
  { dim: 3, covariance: 'spherical', names: SHAPED },
];

const cellOf = (raw: object) => {
  const spec = parseSpec(raw);
  const truth = resolveTruth(spec.truth, null);
  return { spec, truth, rules: cellRules(spec, truth, 0) };
};

interface Measured {
  readonly 'ln trace': number;
  readonly 'last mean': number;
  readonly 'ln last pivot': number;
  readonly covariance: number;
}

const NAMES = ['ln trace', 'last mean', 'ln last pivot', 'covariance'] as const;

/** [generation][replicate] */
function measured(raw: object): Measured[][] {
  const { truth, rules } = cellOf(raw);
  const dim = truth.dim;
  const lineages = Array.from({ length: REPLICATES }, (_, i) =>
    runLineage(rules, i, GENERATIONS.at(-1)!),
  );
  return GENERATIONS.map((t) =>
    lineages.map((models) => {
      const model = models[t - 1]!;
      expect(model.status).toBe(0);
      const { means, covariances } = unframeModel(model, truth.mean, truth.log2Unit);
      const packed = covariances[0]!;
      const at = (a: number, b: number) => packed[(a * (a + 1)) / 2 + b]!;
      let trace = 0;
      for (let a = 0; a < dim; a++) trace += at(a, a);
      const last = model.factors.at(-1)!;
      const log = Math.log(last) + Math.LN2 * (model.scale + model.exponents[0]!);
      // Rounded to 10⁻⁹: equal where a shape leaves nothing off the diagonal.
      const covariance = Math.round(1e9 * at(dim - 1, 0)) / 1e9;
      return {
        'ln trace': Math.log(trace),
        'last mean': means[0]![dim - 1]!,
        'ln last pivot': log,
        covariance,
      };
    }),
  );
}

describe.each(SHAPES)('d = $dim, $covariance: one population with points', (shape) => {
  test.each(shape.names)('%s', (name) => {
    const known = name in RULES;
    const { fit, modes, ...rule } = (known ? RULES : COUNTED)[name] as {
      fit?: object;
      modes?: number;
    };
    const truth = truthOf(shape.dim, modes ?? 1);
    const base = { truth, sampleSize: 10, generations: 5, ...rule };
    const raw = { ...base, fit: { components: 1, covariance: shape.covariance, ...fit } };
    const drawn = { ...raw, closedForm: known ? 'statistics' : 'counts', seed: 1 };
    expect(cellOf(drawn).rules.grouped).toBe(true);
    expect(isCounted(cellOf(drawn).spec)).toBe(!known);
    const [closed, sampled] = [measured(drawn), measured({ ...raw, closedForm: 'off', seed: 2 })];
    // All comparisons of a case together fail one right simulation in a thousand.
    const alpha = ALPHA / (NAMES.length * GENERATIONS.length);
    const limit = twoSampleLimit(alpha, REPLICATES, REPLICATES);
    GENERATIONS.forEach((t, g) => {
      for (const measure of NAMES) {
        const [a, b] = [closed, sampled].map((found) =>
          Float64Array.from(found[g]!, (one) => one[measure]),
        );
        expect(a!.every(Number.isFinite)).toBe(true);
        expect(twoSampleDistance(a!, b!), `${measure} at t = ${t}`).toBeLessThan(limit);
      }
    });
  });
});

describe('where it holds', () => {
  const one = { truth: truthOf(2, 1), fit: { components: 1 }, sampleSize: 20, generations: 4 };
  const run = (raw: object, closedForm: string) => {
    const { rules } = cellOf({ ...one, ...raw, closedForm });
    return runLineage(rules, 3, 4);
  };

  test('is what auto takes where it is cheaper, and replace does not', () => {
    const raw = { batch: { realFraction: 0.2 } };
    const kept = { ...raw, retention: 'accumulate' };
    const many = { ...raw, sampleSize: 1024 };
    expect(run(many, 'auto')).toEqual(run(many, 'statistics'));
    expect(run(kept, 'cheaper')).toEqual(run(kept, 'statistics'));
    for (const few of [raw, kept]) expect(run(few, 'auto')).toEqual(run(few, 'replace'));
    expect(run(raw, 'replace')).toEqual(run(raw, 'off'));
    expect(run(raw, 'statistics')).not.toEqual(run(raw, 'off'));
  });

  test('auto asks for more points where an archive has more segments', () => {
    const batch = { ...FIXED, realFraction: { from: 0.9, to: 0.1, until: 4 } };
    const grouped = (sampleSize: number) => isGrouped(parseSpec({ ...one, sampleSize, batch }));
    // Three numbers of points, of generations 2, 3 and 4.
    expect([1024, 1024 + 511, 1024 + 512].map(grouped)).toEqual([false, false, true]);
  });

  test('real points that growth brings between two steps are seen', () => {
    // ⌊10t · .02(t < 50) + ½⌋: 0 at generations 1 and 50, and 10 at 49.
    const late = { at: [[1, 0.02], [50, 0]] }; // prettier-ignore
    const raw = {
      ...one,
      sampleSize: 10,
      growth: 1,
      generations: 60,
      batch: { realFraction: late },
    };
    expect(usesReal(parseSpec(raw))).toBe(true);
    expect(isStandardised(parseSpec(raw))).toBe(false);
    // Quotas 8, 8, 12, 16, 8 of an archive of ten points.
    const uneven = { at: [[1, 0.8], [2, 0.4], [5, 0.16]] }; // prettier-ignore
    const archive = { realSource: 'fixed', realFraction: uneven };
    const grown = { ...raw, generations: 5, batch: archive };
    expect(isGrouped(parseSpec({ ...grown, closedForm: 'statistics' }))).toBe(false);
  });

  test('own samples alone are what they were', () => {
    expect(run({}, 'statistics')).toEqual(run({}, 'replace'));
    expect(run({ growth: 1 }, 'statistics')).toEqual(run({ growth: 1 }, 'replace'));
  });

  test.each([
    { truth: truthOf(2, 2), batch: { realFraction: 0.5 } },
    { fit: { components: 2 }, batch: { realFraction: 0.5 } },
    { batch: { realFraction: 0.5, realDraw: 'bernoulli' } },
    { batch: { ...FIXED, realFraction: { from: 0.2, to: 0.6, until: 4 } } },
    { batch: FIXED, growth: 0.5 },
    { batch: { realFraction: 0.5, memory: 2 } },
    { batch: { realFraction: 0.5, truncation: 2 } },
    { batch: { realFraction: 0.5, verifier: { keep: 0.5 } } },
    { batch: { realFraction: 0.5, curation: { candidates: 2 } } },
    { batch: { realFraction: 0.5, qualityFilter: 1 } },
    { batch: { realFraction: 0.5, poison: { share: 0.1, mean: [1], scale: 1 } } },
    { retention: 'accumulate-subsample' },
    { retention: 'accumulate', fit: { components: 1, covarianceFloor: 0.1 } },
  ])('points are drawn with %o', (raw) => {
    expect(run(raw, 'statistics')).toEqual(run(raw, 'off'));
  });

  const prior = { estimator: 'map', prior: { strength: 5 } };

  test.each([
    { truth: truthOf(2, 2), fit: { components: 2 }, batch: { realFraction: 0.5 } },
    { batch: { ...FIXED, realDraw: 'bernoulli' } },
    { batch: { ...FIXED, poison: POISON } },
    { batch: { ...FIXED, poison: { ...POISON, share: { at: [[1, 0], [3, 0.1]] } } } }, // prettier-ignore
    { batch: { ...FIXED, coreset: { size: 5 } } },
    { batch: { memory: 2, truncation: 2 } },
    { batch: { realFraction: 0.5 }, fit: { components: 1, tailWeight: 0.2 } },
    { retention: 'accumulate-subsample', batch: { memory: 2 } },
    { retention: 'accumulate-subsample', fit: { components: 1, ...prior } },
    { retention: 'accumulate-subsample', fit: { components: 1, covarianceFloor: 0.1 } },
    { retention: 'accumulate', fit: { components: 1, realWeight: 0.5, tailWeight: 0.1 } },
  ])('points are drawn with counts too, with %o', (raw) => {
    expect(run(raw, 'counts')).toEqual(run(raw, 'off'));
  });

  test.each(Object.values(COUNTED))('an older reach has the points it had: %o', (rule) => {
    const { fit, modes, ...rest } = rule as { fit?: object; modes?: number };
    const raw = {
      ...{ truth: truthOf(2, modes ?? 1), sampleSize: 5000, generations: 5, ...rest },
      fit: { components: 1, ...fit },
    };
    const grouped = (closedForm: string) => isGrouped(parseSpec({ ...raw, closedForm }));
    const reaches = ['off', 'replace', 'statistics', 'cheaper', 'counts', 'cheapest', 'auto'];
    expect(reaches.map(grouped)).toEqual([false, false, false, false, true, true, true]);
  });

  test('a pool is kept where its model is not what it is', () => {
    const pools = (raw: object) =>
      run({ retention: 'accumulate', ...raw }, 'counts').map(({ pool }) => pool);
    expect(pools({})).toEqual([null, null, null, null]);
    const sizes = (raw: object) => pools(raw).map((pool) => pool!.map(({ points }) => points));
    const floor = { components: 1, covarianceFloor: 0.1 };
    expect(sizes({ fit: floor, growth: 1 })).toEqual([[20], [60], [120], [200]]);
    const batch = { realFraction: 0.25 };
    expect(sizes({ fit: { ...floor, realWeight: 0.5 }, batch })).toEqual([
      [0, 20],
      [15, 25],
      [30, 30],
      [45, 35],
    ]);
  });

  test('known numbers are what they were', () => {
    for (const raw of [{ batch: { realFraction: 0.2 } }, { retention: 'accumulate' }]) {
      expect(run(raw, 'counts')).toEqual(run(raw, 'statistics'));
    }
  });

  test.each([
    { batch: { realFraction: 0.25 } },
    { batch: { ...FIXED, realFraction: 0.25 } },
    { retention: 'accumulate' },
    { batch: { realFraction: 0.25, realDraw: 'bernoulli', memory: 2, poison: POISON } },
  ])('no memory is kept for points: more of them than any array can hold, %o', (raw) => {
    const { rules } = cellOf({ ...one, ...raw, closedForm: 'counts' });
    const points = 2 ** 50;
    const phase = { ...rules.phases[0]!, sampleSize: points, quota: rules.quota > 0 ? 2 ** 48 : 0 };
    const archive = rules.fixed ? [phase.quota] : [];
    const models = runLineage({ ...rules, ...phase, phases: [phase], archive }, 0, 3);
    expect(models.every(({ status }) => status === 0)).toBe(true);
  });

  test('few points: no volume at first, and marked so until there is one', () => {
    const raw = { truth: truthOf(3, 1), retention: 'accumulate', sampleSize: 2 };
    const [closed, sampled] = ['statistics', 'off'].map((closedForm) => run(raw, closedForm));
    const marks = (models: typeof closed) => models!.map(({ status }) => status);
    expect(marks(closed)).toEqual(marks(sampled));
    expect(closed!.map(({ factors }) => factors.at(-1)! > 0)).toEqual(
      sampled!.map(({ factors }) => factors.at(-1)! > 0),
    );
  });
});
