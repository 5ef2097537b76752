/**
 * K = 1 on groups of points, on the GPU: every rule gives the reference's lineage, and the same bits
 * however the generations are cut into dispatches.
 */
import { expect, test } from 'vitest';
import { expectReference, planFor, ringOf, SUBGROUPS } from '../support/batch.ts';
import { describeGpu } from '../support/dawn.ts';

const blobs = (dim: number) => ({ kind: 'blobs', dim, components: 1 });
const FIXED = { realFraction: 0.5, realSource: 'fixed' };

const CASES: Readonly<Record<string, object>> = {
  'd = 1, more and more real points, of a narrow sampler': {
    truth: blobs(1),
    batch: { realFraction: { from: 0.1, to: 0.6, until: 4 }, samplingBias: 0.7 },
  },
  'd = 3, a few real points': { truth: blobs(3), batch: { realFraction: 0.05 } },
  'd = 2, a floor, spherical': {
    truth: blobs(2),
    fit: { covariance: 'spherical', covarianceFloor: 0.01 },
  },
  'd = 3, a floor and one point': {
    truth: blobs(3),
    fit: { covarianceFloor: 0.01 },
    sampleSize: 1,
  },
  'd = 2, paraphrase': { truth: blobs(2), batch: { paraphrase: { noise: 0.3, passes: 2 } } },
  'd = 2, archive, unbiased': { truth: blobs(2), batch: FIXED, fit: { estimator: 'unbiased' } },
  'd = 3, accumulate from four points': { truth: blobs(3), retention: 'accumulate', sampleSize: 4 },
  'd = 1, accumulate, unbiased, from two points': {
    truth: blobs(1),
    retention: 'accumulate',
    fit: { estimator: 'unbiased' },
    sampleSize: 2,
  },
  'd = 1, accumulate from one point': {
    truth: blobs(1),
    retention: 'accumulate',
    sampleSize: 1,
  },
  'd = 2, everything at once': {
    truth: blobs(2),
    retention: 'accumulate',
    batch: { ...FIXED, samplingBias: 1.2, paraphrase: { noise: 0.2 } },
    fit: { covariance: 'diagonal', estimator: 'unbiased' },
  },
  'd = 1, a growing pool with real points': {
    truth: blobs(1),
    retention: 'accumulate',
    growth: 0.5,
    batch: { realFraction: 0.2 },
  },
};

const blobsOf = (dim: number, components: number) => ({
  ...blobs(dim),
  components,
  separation: 3,
  weights: { zipf: 1 },
});
const POISON = { share: 0.2, mean: [3], scale: 0.5 };

/** What takes numbers that are drawn, too. */
const COUNTED: Readonly<Record<string, object>> = {
  'd = 1, bernoulli, of a narrow sampler': {
    truth: blobs(1),
    batch: { realFraction: 0.3, realDraw: 'bernoulli', samplingBias: 0.7 },
  },
  'd = 2, bernoulli, more and more, unbiased': {
    truth: blobs(2),
    batch: { realFraction: { from: 0.1, to: 0.9, until: 4 }, realDraw: 'bernoulli' },
    fit: { estimator: 'unbiased' },
  },
  'd = 2, poison among a quota': { truth: blobs(2), batch: { realFraction: 0.3, poison: POISON } },
  'd = 3, poison among a pool, bernoulli': {
    ...{ truth: blobs(3), retention: 'accumulate' },
    batch: { realFraction: 0.3, realDraw: 'bernoulli', poison: { ...POISON, mean: [1, 2, -3] } },
  },
  'd = 1, memory': { truth: blobs(1), batch: { memory: 3 } },
  'd = 2, more and more memory, real points, paraphrase': {
    truth: blobs(2),
    batch: {
      ...{ memory: { at: [[1, 2], [4, 4]] }, realFraction: 0.2 }, // prettier-ignore
      paraphrase: { noise: 0.3 },
    },
    fit: { covariance: 'diagonal' },
  },
  'd = 1, two modes': {
    truth: blobsOf(1, 2),
    batch: { realFraction: 0.25 },
    fit: { components: 1 },
  },
  'd = 2, five modes, an archive, paraphrase': {
    truth: blobsOf(2, 5),
    batch: { ...FIXED, paraphrase: { noise: 0.2 } },
    fit: { components: 1 },
  },
  'd = 1, an archive that comes late, and is less then': {
    truth: blobs(1),
    batch: { ...FIXED, realFraction: { at: [[1, 0], [3, 0.6], [5, 0.2]] } }, // prettier-ignore
  },
  'd = 2, two modes, an archive round and round in a pool': {
    ...{ truth: blobsOf(2, 2), retention: 'accumulate', growth: 1 },
    ...{ batch: FIXED, fit: { components: 1 } },
  },
  'd = 2, real points that weigh more': {
    truth: blobs(2),
    batch: { realFraction: 0.25 },
    fit: { realWeight: { at: [[1, 0.7], [4, 1]] } }, // prettier-ignore
  },
  'd = 1, bernoulli that weighs, and may be nobody': {
    ...{ truth: blobs(1), sampleSize: 6 },
    batch: { realFraction: 0.2, realDraw: 'bernoulli' },
    fit: { realWeight: 0.4 },
  },
  'd = 2, a prior about the parent': {
    truth: blobs(2),
    fit: { estimator: 'map', prior: { centre: 'parent', strength: 7 } },
  },
  'd = 3, a prior about the truth, few points': {
    ...{ truth: blobs(3), sampleSize: 3 },
    fit: { estimator: 'map', prior: { centre: 'truth', strength: 7 } },
    batch: { realFraction: 0.4 },
  },
  'd = 1, a pool with a floor, from one point': {
    ...{ truth: blobs(1), retention: 'accumulate', sampleSize: 1 },
    fit: { covarianceFloor: 0.1 },
  },
  'd = 2, five modes, an archive in a pool, a floor that comes, unbiased': {
    ...{ truth: blobsOf(2, 5), retention: 'accumulate', batch: FIXED },
    fit: {
      ...{ components: 1, estimator: 'unbiased' },
      covarianceFloor: { at: [[1, 0], [4, 0.2]] }, // prettier-ignore
    },
  },
  'd = 2, a pool, memory, a prior about the truth': {
    ...{ truth: blobs(2), retention: 'accumulate', growth: 0.5 },
    batch: { memory: 2, paraphrase: { noise: 0.2 } },
    fit: { estimator: 'map', prior: { centre: 'truth', strength: 30 }, covarianceFloor: 0.01 },
  },
  'd = 2, two modes, more and more of an archive in a pool, which weighs': {
    ...{ truth: blobsOf(2, 2), retention: 'accumulate' },
    batch: { ...FIXED, realFraction: { from: 0.2, to: 0.6, until: 4 } },
    fit: { components: 1, realWeight: 0.6 },
  },
  'd = 3, a pool whose kinds weigh unlike': {
    ...{ truth: blobs(3), retention: 'accumulate', sampleSize: 12 },
    batch: { realFraction: 0.3, realDraw: 'bernoulli', poison: POISON },
    fit: { realWeight: { at: [[1, 0.7], [4, 1]] }, estimator: 'map', prior: { strength: 5 } }, // prettier-ignore
  },
  'd = 2, all at once': {
    truth: blobsOf(2, 3),
    batch: { memory: 2, realFraction: 0.3, realDraw: 'bernoulli', poison: POISON },
    fit: { components: 1, realWeight: 0.5, covarianceFloor: 0.01, covariance: 'spherical' },
  },
};

const planOf = (name: string, more: object = {}) =>
  planFor(
    {
      seed: 83,
      generations: 6,
      replicates: 3,
      sampleSize: 40,
      closedForm: 'statistics',
      statistics: ['varianceRatio', 'ancestry'],
      ...(CASES[name] ?? { ...COUNTED[name], closedForm: 'counts' }),
      ...more,
    },
    SUBGROUPS,
  );

describeGpu('groups of points', () => {
  test.each([...Object.keys(CASES), ...Object.keys(COUNTED)])(
    "are the reference's: %s",
    async (name) => {
      const plan = planOf(name);
      expect(plan.groups[0]!.grouping?.counted).toBe(name in COUNTED);
      expect(plan.groups[0]).toMatchObject({ closed: true, mapping: null, assembly: null });
      expect(plan.groups[0]!.grouping).not.toBeNull();
      await expectReference(plan);
    },
  );

  test.each([
    'd = 2, everything at once',
    'd = 1, a growing pool with real points',
    'd = 2, all at once',
    'd = 2, two modes, an archive round and round in a pool',
    'd = 3, a pool whose kinds weigh unlike',
  ])('are the same bits however cut: %s', async (name) => {
    const plan = planOf(name, { replicates: 150 });
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, { budget: 1 });
    // Three workgroups of 64 lineages in each of six generations.
    expect([whole.submits, shredded.submits]).toEqual([1, 18]);
    expect(shredded.words).toEqual(whole.words);
  });
});
