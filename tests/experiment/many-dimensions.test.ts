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
import { weighedPool } from '../support/weighed-pool.ts';

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

/** Memory over several models in the fresh data loop: figure 30 there. */
const REMEMBERED = { truth: blobs(100), batch: { realFraction: 0.1 }, sampleSize: 1000 };

it.each([1, 2, 5, 10])('of the last %i models the fresh data loop keeps its exact mean', (M) => {
  const [n, f] = [1000, 0.9];
  const shiftOf = (realDraw: string) => {
    const spec = parseSpec({ ...REMEMBERED, batch: { realFraction: 0.1, memory: M, realDraw } });
    const laws = lawsFor(spec, resolveTruth(spec.truth, null));
    return laws.find(({ statistic }) => statistic === 'meanShiftSquared')!.at(1000) / 100;
  };
  // u of E‖μ − μ₀‖² = u tr C₀, by the products of a new mean with those remembered.
  const apart = M - (M - 1) * f;
  expect(shiftOf('bernoulli')).toBeCloseTo(1 / (n - ((n - 1) * f * f) / apart), 9);
  expect(shiftOf('quota')).toBeCloseTo(1 / n / (1 - (f * f - f / n) / apart), 9);
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
    const more = { at: [[1, 0.2], [4, 0.6], [7, 0.4]] }; // prettier-ignore
    for (const realFraction of [0.4, more]) {
      const batch = { realFraction, realSource: 'fixed' };
      check(await runSpec(engine, { ...shared, batch }), [2, 10], MOMENTS);
    }
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

  it('of several models, by quota and by chance, d = 10', async () => {
    const shared = {
      ...{ seed: 26, truth: blobs(10), sampleSize: 20, generations: 8, replicates: 120 },
      statistics: [...MOMENTS, 'ancestry'],
    };
    for (const realDraw of ['quota', 'bernoulli']) {
      const batch = { realFraction: 0.2, memory: 3, realDraw };
      const ran = await runSpec(engine, { ...shared, batch });
      check(ran, [2, 4, 8], MOMENTS);
      // How many copies a quota leaves differs only once models of unlike ancestry are mixed.
      check(ran, realDraw === 'quota' ? [4, 8] : [2, 4, 8], ['ancestry']);
    }
  });

  it('of five models, d = 100', async () => {
    const ran = await runSpec(engine, {
      ...REMEMBERED,
      ...{ seed: 27, generations: 8, replicates: 10, statistics: MOMENTS },
      batch: { realFraction: 0.1, memory: 5 },
    });
    check(ran, [3, 8], MOMENTS);
  });

  it('real points that weigh more, d = 10', async () => {
    const ran = await runSpec(engine, {
      ...{ seed: 28, truth: blobs(10), sampleSize: 40, generations: 10, replicates: 150 },
      pairing: 'independent',
      batch: { realFraction: 0.5 },
      fit: { realWeight: 0.5 },
      sweep: { 'fit.realWeight': [0.3, 0.618] },
      statistics: MOMENTS,
    });
    check(ran, [1, 2, 10], MOMENTS);
    // tr C₀ [w²/n_r + (1−w)²/n_s] / [2w − w² + (1−w)²/n_s], but for ((1−w)²)⁹ of what generation 1
    // lacks of it.
    [0.3, 0.618].forEach((w, cell) => {
      const noise = (1 - w) ** 2 / 20;
      const law = (10 * ((w * w) / 20 + noise)) / (2 * w - w * w + noise);
      const se = ran.value(cell, 10, 'meanShiftSquared', 'se');
      const off = Math.abs(ran.value(cell, 10, 'meanShiftSquared', 'mean') - law);
      expect(off, `w = ${w}`).toBeLessThanOrEqual(Z_LIMIT * se + (1 - w) ** 18 * law);
    });
  });

  it.each(['parent', 'truth'])('a prior about the %s, d = 10', async (centre) => {
    const ran = await runSpec(engine, {
      ...{ seed: 29, truth: blobs(10), sampleSize: 20, generations: 6, replicates: 150 },
      fit: { estimator: 'map', prior: { centre, strength: 15 } },
      statistics: MOMENTS,
    });
    check(ran, [1, 2, 6], MOMENTS);
    // Whatever the centre, trace and squared shift are tr C₀ together.
    for (const t of [1, 2, 6]) {
      const total = MOMENTS.reduce((sum, name) => sum + ran.value(0, t, name, 'mean'), 0);
      const se = MOMENTS.reduce((sum, name) => sum + ran.value(0, t, name, 'se'), 0);
      expect(Math.abs(total - 10), `at ${t}`).toBeLessThanOrEqual(Z_LIMIT * se);
    }
  });

  it('a pool with a floor and a prior, d = 10', async () => {
    const ran = await runSpec(engine, {
      ...{ seed: 30, truth: blobs(10), sampleSize: 20, generations: 6, replicates: 120 },
      retention: 'accumulate',
      fit: { covarianceFloor: 0.1, estimator: 'map', prior: { centre: 'truth', strength: 10 } },
      statistics: MOMENTS,
    });
    check(ran, [1, 2, 6], MOMENTS);
  });

  it('a pool whose kinds weigh unlike, d = 10', async () => {
    const [n, real, w, floor] = [30, 12, 0.7, 0.1];
    const ran = await runSpec(engine, {
      ...{ seed: 31, truth: blobs(10), sampleSize: n, generations: 6, replicates: 120 },
      ...{ retention: 'accumulate', batch: { realFraction: real / n } },
      fit: { realWeight: w, covarianceFloor: floor },
      statistics: MOMENTS,
    });
    const law = weighedPool(n, real, w, floor);
    for (const t of [2, 6]) {
      // Ten axes of a variance of 1 each.
      law(t).forEach((value, i) => {
        const off = Math.abs(ran.value(0, t, MOMENTS[i]!, 'mean') - 10 * value);
        const limit = Z_LIMIT * ran.value(0, t, MOMENTS[i]!, 'se');
        expect(off, `${MOMENTS[i]} at ${t}`).toBeLessThanOrEqual(limit);
      });
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
