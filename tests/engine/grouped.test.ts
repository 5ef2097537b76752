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

const planOf = (name: string, more: object = {}) =>
  planFor(
    {
      seed: 83,
      generations: 6,
      replicates: 3,
      sampleSize: 40,
      closedForm: 'statistics',
      statistics: ['varianceRatio', 'ancestry'],
      ...CASES[name],
      ...more,
    },
    SUBGROUPS,
  );

describeGpu('groups of points', () => {
  test.each(Object.keys(CASES))("are the reference's: %s", async (name) => {
    const plan = planOf(name);
    expect(plan.groups[0]).toMatchObject({ closed: true, mapping: null, assembly: null });
    expect(plan.groups[0]!.grouping).not.toBeNull();
    await expectReference(plan);
  });

  test.each(['d = 2, everything at once', 'd = 1, a growing pool with real points'])(
    'are the same bits however cut: %s',
    async (name) => {
      const plan = planOf(name, { replicates: 150 });
      const whole = await ringOf(plan);
      const shredded = await ringOf(plan, { budget: 1 });
      // Three workgroups of 64 lineages in each of six generations.
      expect([whole.submits, shredded.submits]).toEqual([1, 18]);
      expect(shredded.words).toEqual(whole.words);
    },
  );
});
