/**
 * Every engine meets the exact laws in ten and in a hundred dimensions, by |z| ≤ 4 with the
 * theoretical standard error where there is one, else with the sample's: traces and squared shifts
 * of many dimensions are sums of many terms, and near normal.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { lawsFor } from '../../src/model/theory/laws.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { WIDE_CHUNK } from '../../src/plan/plan.ts';
import { rowIndex } from '../../src/experiment/results.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { chiSquaredCdf } from '../support/goodness.ts';
import { runSpec, type Ran } from '../support/run-spec.ts';

const Z_LIMIT = 4;

function check(ran: Ran, generations: readonly number[], statistics: readonly StatisticName[]) {
  for (const { index, spec, truth, values } of ran.plan.cells) {
    for (const name of statistics) {
      const law = lawsFor(spec, truth).find(({ statistic }) => statistic === name)!;
      for (const t of generations) {
        expect(t).toBeLessThanOrEqual(law.testableUntil(spec.replicates));
        const se = law.standardError(t, spec.replicates) ?? ran.value(index, t, name, 'se');
        const z = (ran.value(index, t, name, 'mean') - law.at(t)) / se;
        const where = `z of ${name} at ${t}, ${JSON.stringify(values)}`;
        expect(Math.abs(z), `${where} is ${z.toFixed(2)}`).toBeLessThanOrEqual(Z_LIMIT);
      }
    }
  }
}

const blobs = (dim: number) => ({ kind: 'blobs', dim, components: 1 });
const MOMENTS = ['totalVariance', 'meanShiftSquared'] as const;

/** The fresh data loop of Alemohammad et al. 2023, figure 10. */
const FRESH = {
  truth: blobs(100),
  batch: { realFraction: 0.1 },
  fit: { estimator: 'unbiased' },
  sampleSize: 1000,
  sweep: { 'batch.samplingBias': [1, 0.8] },
};

it('the fresh data loop comes to rest where its law says', () => {
  const rests = [1, 0.8].map((samplingBias) => {
    const spec = parseSpec({ ...FRESH, sweep: {}, batch: { ...FRESH.batch, samplingBias } });
    const laws = lawsFor(spec, resolveTruth(spec.truth, null));
    return MOMENTS.map((name) => laws.find(({ statistic }) => statistic === name)!.at(1000));
  });
  // M(1 − f²) = (n_r d + n_s λT)/n² and T(n − 1) = n_r d + n_s λT − n_r M, d = n_r = 100, n_s = 900.
  expect(rests[0]![0]).toBeCloseTo(100.476, 3);
  expect(rests[0]![1]).toBeCloseTo(0.52857, 5);
  expect(rests[1]![0]).toBeCloseTo(35.775, 3);
  expect(rests[1]![1]).toBeCloseTo(0.1882, 5);
});

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  it('trace, determinant, entropy and mean, d = 10', async () => {
    const ran = await runSpec(engine, {
      seed: 21,
      pairing: 'independent',
      truth: blobs(10),
      sampleSize: 20,
      generations: 8,
      replicates: 150,
      sweep: { 'fit.covariance': ['full', 'diagonal', 'spherical'] },
      statistics: [...MOMENTS, 'logDetRatio', 'entropy'],
    });
    check(ran, [1, 3, 8], [...MOMENTS, 'logDetRatio', 'entropy']);
  });

  it('keeps everything, or an archive, d = 10', async () => {
    const shared = {
      ...{ seed: 22, truth: blobs(10), sampleSize: 15, generations: 10, replicates: 150 },
      statistics: MOMENTS,
    };
    check(await runSpec(engine, { ...shared, retention: 'accumulate' }), [2, 10], MOMENTS);
    const batch = { realFraction: 0.4, realSource: 'fixed' };
    check(await runSpec(engine, { ...shared, batch }), [2, 10], MOMENTS);
  });

  it('real points by chance, and an adversary, d = 10', async () => {
    const shared = {
      ...{ seed: 25, truth: blobs(10), sampleSize: 30, generations: 10, replicates: 200 },
      statistics: [...MOMENTS, 'ancestry'],
    };
    const bernoulli = { realFraction: 0.3, realDraw: 'bernoulli' };
    const poison = { share: 0.2, mean: [1, 0, 0, 2, 0, -1, 0, 0, 0, 0.5], scale: 0.5 };
    for (const batch of [bernoulli, { poison }, { ...bernoulli, poison }]) {
      const asked = batch === bernoulli ? [...MOMENTS, 'ancestry' as const] : MOMENTS;
      check(await runSpec(engine, { ...shared, batch }), [2, 10], asked);
    }
  });

  it('trace, determinant and mean, d = 100', async () => {
    const ran = await runSpec(engine, {
      seed: 23,
      truth: blobs(100),
      sampleSize: 150,
      generations: 4,
      replicates: 24,
      statistics: [...MOMENTS, 'logDetRatio'],
    });
    check(ran, [1, 4], [...MOMENTS, 'logDetRatio']);
  });

  it('fresh real points and a sampler with a bias, d = 100', async () => {
    const ran = await runSpec(engine, {
      ...FRESH,
      seed: 24,
      pairing: 'independent',
      generations: 8,
      replicates: 16,
      statistics: MOMENTS,
    });
    check(ran, [2, 8], MOMENTS);
  });

  it('more replicates than a chunk, d = 5', async () => {
    const replicates = 2 * WIDE_CHUNK + 300;
    const ran = await runSpec(engine, {
      ...{ seed: 25, truth: blobs(5), sampleSize: 30, generations: 3, replicates },
      statistics: [...MOMENTS, 'logDetRatio'],
    });
    check(ran, [1, 3], [...MOMENTS, 'logDetRatio']);
    const chunks = ran.plan.batches.flatMap((batch) => batch.chunks.map(({ count }) => count));
    expect(chunks).toEqual([WIDE_CHUNK, WIDE_CHUNK, 300]);
    // Of 30 points, 30 tr Σ̂ is a χ² of 5 · 29 degrees of freedom.
    for (const [field, p] of [
      ['q05', 0.05],
      ['q50', 0.5],
      ['q95', 0.95],
    ] as const) {
      const x = 30 * ran.value(0, 1, 'totalVariance', field);
      // A bin's mass at most is a quantile's error of rank, beside that of a sample of so many.
      const bound = ran.results.quantileBound[rowIndex(ran.results, 0, 1, 0)]!;
      expect(bound).toBeGreaterThan(0);
      const slack = bound + Z_LIMIT * Math.sqrt((p * (1 - p)) / replicates);
      expect(Math.abs(chiSquaredCdf(x, 145) - p), field).toBeLessThan(slack);
    }
  });
});
