/**
 * Training sets that are assembled point by point, on the GPU: every mechanism gives the
 * reference's lineage, and the same bits however the generations are cut into dispatches.
 */
import { expect, test } from 'vitest';
import type { DataSet } from '../../src/model/truth.ts';
import { expectReference, planFor, ringOf, SUBGROUPS } from '../support/batch.ts';
import { describeGpu } from '../support/dawn.ts';

const rows = Float64Array.from({ length: 200 }, (_, i) => Math.sin(3 * i) + (i % 4 === 0 ? 5 : 0));
const data: DataSet = { name: 'rows.csv', columns: ['x'], rows, rowCount: rows.length };

const line = { truth: { kind: 'blobs', components: 2 }, sampleSize: 60 };
const plane = { truth: { kind: 'blobs', dim: 2, components: 2, separation: 5 }, sampleSize: 50 };
const ROWS = { kind: 'data', file: 'rows.csv', columns: ['x'] };

const archive = { realFraction: 0.4, realSource: 'fixed' };
const coreset = (method: string, size: number) => ({ size, method });

const CASES: Readonly<Record<string, object>> = {
  accumulate: { ...line, retention: 'accumulate' },
  'accumulate, growing': { ...line, retention: 'accumulate', growth: 0.7 },
  'accumulate-subsample': { ...line, retention: 'accumulate-subsample' },
  'accumulate-subsample, growing, in the plane': {
    ...plane,
    retention: 'accumulate-subsample',
    growth: 0.5,
  },
  'a growing batch': { ...line, growth: 1 },
  archive: { ...line, batch: { realFraction: 0.4, realSource: 'fixed' } },
  'archive, by chance': {
    ...line,
    batch: { realFraction: 0.4, realDraw: 'bernoulli', realSource: 'fixed' },
  },
  'a uniform coreset': { ...line, batch: { ...archive, coreset: coreset('uniform', 7) } },
  'a coreset of centres': { ...line, batch: { ...archive, coreset: coreset('kmeans', 9) } },
  'a coreset of centres in the plane, larger than what it stands for': {
    ...plane,
    batch: { ...archive, coreset: coreset('kmeans', 30) },
  },
  'a coreset of bins': { ...line, batch: { ...archive, coreset: coreset('quantile', 11) } },
  'a coreset of all points': { ...line, batch: { ...archive, coreset: coreset('quantile', 60) } },
  'a coreset of rows, K = 1, more and more synthetic points': {
    truth: ROWS,
    fit: { components: 1 },
    batch: {
      ...{ realFraction: { from: 1, to: 0, until: 4 }, realSource: 'fixed' },
      coreset: coreset('kmeans', 5),
    },
    sampleSize: 40,
  },
  'a coreset, of unlike weight, under a prior, poisoned': {
    ...line,
    batch: {
      ...{ ...archive, coreset: coreset('kmeans', 6) },
      poison: { share: 0.1, mean: [3], scale: 0.5 },
    },
    fit: {
      ...{ iterations: 4, estimator: 'map', prior: { strength: 20 } },
      ...{ realWeight: 0.5, tailWeight: 0.2 },
    },
  },
  memory: { ...line, batch: { memory: 2 } },
  'memory and real points': { ...plane, batch: { memory: 3, realFraction: 0.2 } },
  truncation: { ...line, batch: { truncation: 1.2 } },
  'truncation in the plane': { ...plane, batch: { truncation: 1.5, samplingBias: 0.8 } },
  poison: { ...line, batch: { poison: { share: 0.2, mean: [3], scale: 0.5 } } },
  'poison in the plane': { ...plane, batch: { poison: { share: 0.2, mean: [3, -1], scale: 2 } } },
  paraphrase: { ...line, batch: { paraphrase: { noise: 0.3, passes: 2 } } },
  'paraphrase in the plane': { ...plane, batch: { paraphrase: { noise: 0.3 } } },
  verifier: { ...line, batch: { verifier: { keep: 0.5, error: 0.1 } } },
  curation: { ...line, batch: { curation: { candidates: 4 } } },
  'quality filter': { ...line, batch: { qualityFilter: 1, realFraction: 0.3 } },
  'quality filter, by chance': {
    ...plane,
    batch: { qualityFilter: 0.5, realFraction: 0.3, realDraw: 'bernoulli' },
  },
  'protected modes': { ...line, batch: { protectedModes: [2] } },
  'web with a reservoir': {
    ...line,
    batch: { web: { stock: 100, published: 50, humanReservoir: 100 } },
  },
  'rows of a data set, accumulated': {
    truth: ROWS,
    fit: { components: 2 },
    retention: 'accumulate',
    batch: { realFraction: 0.3 },
    sampleSize: 60,
  },
  'one component, accumulated, unbiased': {
    truth: { kind: 'blobs', components: 1 },
    fit: { estimator: 'unbiased' },
    retention: 'accumulate',
    closedForm: 'off',
    sampleSize: 20,
  },
  'everything at once': {
    ...line,
    retention: 'accumulate-subsample',
    batch: {
      ...{ realFraction: 0.2, realDraw: 'bernoulli', memory: 2, truncation: 2 },
      ...{ verifier: { keep: 0.6, error: 0.05 }, curation: { candidates: 2 } },
      ...{ qualityFilter: 0.3, poison: { share: 0.05, mean: [2], scale: 1 } },
      ...{ paraphrase: { noise: 0.1, passes: 1 }, samplingBias: 0.9, weightSharpening: 1.2 },
    },
  },
};

const planOf = (name: string) =>
  planFor(
    {
      ...{ seed: 79, generations: 4, replicates: 3, fit: { iterations: 4 } },
      statistics: ['varianceRatio', 'ancestry'],
      ...CASES[name],
    },
    SUBGROUPS,
    data,
  );

describeGpu('assembled training sets', () => {
  test.each(Object.keys(CASES))("are the reference's: %s", async (name) => {
    await expectReference(planOf(name));
  });

  test.each([
    'accumulate, growing',
    'memory',
    'verifier',
    'a coreset of centres',
    'a coreset of bins',
  ])('are the same bits however cut: %s', async (name) => {
    const plan = planOf(name);
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, { budget: 1 });
    expect(shredded.submits).toBeGreaterThanOrEqual(whole.submits);
    expect(shredded.words).toEqual(whole.words);
  });

  test('are the same bits in slices, whose coresets are made one after the other', async () => {
    const plan = planOf('a coreset of centres');
    const whole = await ringOf(plan);
    const [batch] = plan.batches;
    const sliced = { ...plan, batches: [{ ...batch!, sliceLineages: 2 }] };
    expect((await ringOf(sliced)).words).toEqual(whole.words);
  });
});
