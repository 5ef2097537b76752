/** What is known before the first frame: the truth at generation 0, and the laws beside it. */
import { describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { emptyResults } from '../../src/experiment/empty.ts';
import { lawAt, lawLabel, summaryAt } from '../../src/experiment/results.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { statisticsIn } from '../../src/spec/statistics.ts';

const before = (input: { truth: { dim: number } }) => {
  const statistics = statisticsIn(input.truth.dim);
  const spec = parseSpec({ statistics, generations: 5, ...input });
  return emptyResults(planRun(spec, createReferenceEngine().limits));
};

const blobs = (components: number, dim = 1) => ({ kind: 'blobs', components, dim });

describe.each([
  ['one Gaussian', { truth: blobs(1) }],
  ['one Gaussian, unbiased', { truth: blobs(1), fit: { estimator: 'unbiased' } }],
  ['three modes in the plane', { truth: blobs(3, 2) }],
  ['real points, quota', { truth: blobs(2), batch: { realFraction: 0.3 } }],
  [
    'real points, bernoulli',
    { truth: blobs(1), batch: { realFraction: 0.3, realDraw: 'bernoulli' } },
  ],
  ['a floor', { truth: blobs(1), fit: { components: 1, estimator: 'em', covarianceFloor: 0.01 } }],
])('%s', (_, input) => {
  const results = before(input);

  test('every law starts at the truth, without error', () => {
    results.statistics.forEach((name, s) => {
      if (lawLabel(results, 0, s) === null) {
        expect(lawAt(results, 0, 3, s), name).toBeNaN();
        return;
      }
      const truth = summaryAt(results, 0, 0, s, 'mean');
      // Both are closed forms of a few operations on numbers of order 1 to 100.
      expect(lawAt(results, 0, 0, s), name).toBeCloseTo(truth, 11);
      // NaN where the law's standard error is not known at all.
      expect(lawAt(results, 0, 0, s, 'se') || 0, name).toBe(0);
    });
  });

  test('there is a law for the mean at least', () => {
    expect(results.lawLabels.some((label) => label !== null)).toBe(true);
  });

  test('no lineage is there yet', () => {
    results.statistics.forEach((_name, s) => {
      expect(summaryAt(results, 0, 1, s, 'count')).toBeNaN();
    });
    expect(results.complete).toBe(false);
  });
});
