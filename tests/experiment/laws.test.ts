/**
 * Every engine meets the exact laws. A check compares a mean over R lineages with its law by the
 * theoretical standard error where theory gives one: at the first fit for any K, later for K = 1.
 * |z| ≤ 4: by chance a right engine fails one check in 16 000; with the seeds fixed here each
 * outcome is settled once and for all.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { effectiveRealShare, specAt } from '../../src/spec/schema.ts';
import { lawsFor } from '../../src/model/theory/laws.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { runSpec, type Ran } from '../support/run-spec.ts';

const Z_LIMIT = 4;

/**
 * z of the mean at a generation. Where theory has no standard error the sample's stands in: only
 * asked for at t ≤ n/10, where v_t is so near normal (skewness about 3√(2t/n)/√R) that it may.
 */
function zOf(ran: Ran, cell: number, generation: number, statistic: StatisticName): number {
  const { spec, truth } = ran.plan.cells[cell]!;
  const law = lawsFor(spec, truth).find((one) => one.statistic === statistic);
  if (!law) throw new Error(`There is no law for ${statistic} in this cell.`);
  expect(generation).toBeLessThanOrEqual(law.testableUntil(spec.replicates));
  const known = law.standardError(generation, spec.replicates);
  const off = ran.value(cell, generation, statistic, 'mean') - law.at(generation);
  // Without chance, what f32 makes of a sum of numbers up to the generation's own.
  if (known === 0) return off / (2 ** -22 * generation * generation);
  return off / (known ?? ran.value(cell, generation, statistic, 'se'));
}

/** Checks all cells at the generations. */
function check(ran: Ran, generations: readonly number[], statistics: readonly StatisticName[]) {
  for (const { index, values } of ran.plan.cells) {
    for (const generation of generations) {
      for (const statistic of statistics) {
        const z = zOf(ran, index, generation, statistic);
        const where = `${statistic} at generation ${generation}, cell ${JSON.stringify(values)}`;
        expect(Math.abs(z), `z of ${where} is ${z.toFixed(2)}`).toBeLessThanOrEqual(Z_LIMIT);
      }
    }
  }
}

const gaussian = { kind: 'blobs', dim: 1, components: 1 };
/** One Gaussian without points, and by its points. */
const PATHS = ['replace', 'off'] as const;

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  describe.each([1, 2, 3])('second-moment conservation, d = %i', (dim) => {
    it.each([1, 2, 3, 5])('K = %i, EM with 1, 5 and 20 iterations', async (components) => {
      const ran = await runSpec(engine, {
        seed: 7 + 10 * dim + components,
        pairing: 'independent',
        truth: { kind: 'blobs', dim, components, separation: 3 },
        fit: { estimator: 'em', components },
        sampleSize: 40,
        generations: 4,
        replicates: 300,
        // One component takes no steps.
        ...(components > 1 && { sweep: { 'fit.iterations': [1, 5, 20] } }),
        statistics: ['totalVariance', 'meanShiftSquared'],
      });
      check(ran, [1, 4], ['totalVariance', 'meanShiftSquared']);
    });
  });

  const wide = [
    { name: 'a grid of 25', truth: { dim: 2, components: 25, separation: 5, layout: 'grid' } },
    { name: 'four dimensions', truth: { dim: 4, components: 3, separation: 3 } },
    { name: '32 modes for two', truth: { dim: 1, components: 32 }, fit: { components: 2 } },
  ];
  it.each(wide)('second-moment conservation, $name', async ({ truth, fit }) => {
    const ran = await runSpec(engine, {
      seed: 29,
      truth: { kind: 'blobs', ...truth },
      fit: { iterations: 2, ...fit },
      sampleSize: 40,
      generations: 3,
      replicates: 100,
      statistics: ['totalVariance', 'meanShiftSquared'],
    });
    check(ran, [1, 3], ['totalVariance', 'meanShiftSquared']);
  });

  it('keeps the trace with diagonal and spherical covariances', async () => {
    const ran = await runSpec(engine, {
      seed: 3,
      pairing: 'independent',
      truth: {
        kind: 'mixture',
        components: [
          {
            weight: 0.7,
            mean: [0, 0],
            covariance: [
              [1, 0.5],
              [0.5, 2],
            ],
          },
          {
            weight: 0.3,
            mean: [3, -1],
            covariance: [
              [0.5, 0],
              [0, 0.5],
            ],
          },
        ],
      },
      fit: { components: 2, iterations: 5 },
      sampleSize: 50,
      generations: 5,
      replicates: 400,
      sweep: {
        'fit.covariance': ['full', 'diagonal', 'spherical', 'tied'],
        'fit.covarianceFloor': [0, 0.1],
      },
      statistics: ['totalVariance', 'meanShiftSquared'],
    });
    check(ran, [1, 5], ['totalVariance', 'meanShiftSquared']);
  });

  it('K ≠ J: the total is conserved for any start', async () => {
    const ran = await runSpec(engine, {
      seed: 5,
      pairing: 'independent',
      truth: { kind: 'blobs', dim: 1, components: 3, separation: 4, weights: { zipf: 1 } },
      fit: { init: 'kmeans', iterations: 5 },
      sampleSize: 60,
      generations: 5,
      replicates: 400,
      sweep: { 'fit.components': [2, 3, 4] },
      statistics: ['totalVariance', 'meanShiftSquared'],
    });
    check(ran, [1, 5], ['totalVariance', 'meanShiftSquared']);
  });

  const fits = ['mle', 'unbiased'].flatMap((estimator) =>
    PATHS.map((closedForm) => ({ estimator, closedForm })),
  );
  const one = 'K = 1, $estimator, closed form $closedForm';
  it.each(fits)(`${one}: ln v, v, mean, distances`, async ({ estimator, closedForm }) => {
    const replicates = 1000;
    const statistics = ['totalVariance', 'meanShiftSquared', 'logVarianceRatio'] as const;
    const distances = ['wassersteinSquared', 'frechetDistance'] as const;
    const ran = await runSpec(engine, {
      seed: 11,
      pairing: 'independent',
      truth: gaussian,
      closedForm,
      fit: { estimator },
      sampleSize: 10,
      generations: 30,
      replicates,
      sweep: { sampleSize: [10, 100, 1000] },
      statistics: [...statistics, ...distances, 'klTruthToModel', 'ancestry'],
    });
    check(ran, [1, 30], ['ancestry']);
    check(ran, [1, 5, 9], distances);
    // n ln(√R/2)/3 is 9 at n = 10.
    check(ran, [1, 5, 9], statistics);
    check(ran, [30], ['logVarianceRatio']);
    if (estimator === 'mle') check(ran, [1, 4], ['klTruthToModel']);
    ran.plan.cells.forEach(({ spec }, cell) => {
      const law = lawsFor(spec, ran.plan.cells[cell]!.truth);
      const log = law.find((one) => one.statistic === 'logVarianceRatio')!;
      const variance = (log.standardError(30, 1) ?? NaN) ** 2;
      const found = ran.value(cell, 30, 'logVarianceRatio', 'sd') ** 2;
      // The sample variance of R nearly normal values has relative sd √(2/(R−1)); ln χ² at m = 9
      // adds an excess kurtosis of about (4/m²)/(2/m)²/t < 0.1 at t = 30.
      const z = (found / variance - 1) / Math.sqrt((2 + 0.1) / (replicates - 1));
      expect(Math.abs(z), `Var ln v at n = ${spec.sampleSize}`).toBeLessThanOrEqual(Z_LIMIT);
    });
  });

  it('quotes its own numbers: E ln v = −2.0185 with sd 1.4285 at n = 100, t = 100', async () => {
    const replicates = 400;
    const ran = await runSpec(engine, {
      seed: 2,
      truth: gaussian,
      sampleSize: 100,
      generations: 100,
      replicates,
      statistics: ['logVarianceRatio'],
    });
    const z = (ran.value(0, 100, 'logVarianceRatio', 'mean') + 2.0185) * Math.sqrt(replicates);
    expect(Math.abs(z / 1.4285)).toBeLessThanOrEqual(Z_LIMIT);
  });

  it.each(PATHS)('ln det of a full covariance, d = 2 and 3: %s', async (closedForm) => {
    for (const dim of [2, 3]) {
      const ran = await runSpec(engine, {
        seed: 13 + dim,
        closedForm,
        truth: { ...gaussian, dim },
        sampleSize: 10,
        generations: 60,
        replicates: 500,
        statistics: ['logDetRatio', 'totalVariance'],
      });
      check(ran, [1, 10, 60], ['logDetRatio']);
      check(ran, [1, 5], ['totalVariance']);
    }
  });

  const mixes = ['bernoulli', 'quota'].flatMap((realDraw) =>
    ['off', 'counts'].map((closedForm) => ({ realDraw, closedForm })),
  );
  const mix = 'real points in the mix, $realDraw, closed form $closedForm';
  it.each(mixes)(mix, async ({ realDraw, closedForm }) => {
    const ran = await runSpec(engine, {
      seed: 17,
      pairing: 'independent',
      truth: gaussian,
      closedForm,
      batch: { realDraw },
      sampleSize: 20,
      generations: 30,
      replicates: 1500,
      sweep: { 'batch.realFraction': [0.2, 0.5, 1] },
      statistics: ['totalVariance', 'meanShiftSquared', 'ancestry'],
    });
    // Stationary long before 30: f² ≤ .64 a generation.
    check(ran, [2, 10, 30], ['totalVariance', 'meanShiftSquared', 'ancestry']);
  });

  it.each(fits)('a biased sampler, $estimator, closed form $closedForm', async (fit) => {
    const { estimator, closedForm } = fit;
    for (const dim of [1, 2]) {
      const ran = await runSpec(engine, {
        seed: 41 + dim,
        pairing: 'independent',
        truth: { ...gaussian, dim },
        closedForm,
        fit: { estimator },
        sampleSize: 20,
        generations: 12,
        replicates: 1000,
        sweep: { 'batch.samplingBias': [0.5, 0.9, 1.1] },
        statistics: ['totalVariance', 'meanShiftSquared', 'logDetRatio'],
      });
      check(ran, [1, 2, 12], ['totalVariance', 'meanShiftSquared', 'logDetRatio']);
    }
  });

  const weighing = 'real points that weigh more: least at w*, closed form %s';
  it.each(['off', 'counts'])(weighing, async (closedForm) => {
    // n_r = n_s: w* = (√5 − 1)/2.
    const best = (Math.sqrt(5) - 1) / 2;
    const ran = await runSpec(engine, {
      ...{ seed: 67, closedForm },
      pairing: 'independent',
      truth: { ...gaussian, dim: 2 },
      batch: { realFraction: 0.5 },
      fit: { realWeight: 0.5 },
      sampleSize: 40,
      generations: 12,
      replicates: 1500,
      sweep: { 'fit.realWeight': [0.2, best, 0.95] },
      statistics: ['totalVariance', 'meanShiftSquared', 'ancestry'],
    });
    // Half of the points are copies, whatever they weigh.
    check(ran, [1, 2, 12], ['totalVariance', 'meanShiftSquared', 'ancestry']);
    const shifts = [0, 1, 2].map((cell) => ran.value(cell, 12, 'meanShiftSquared', 'mean'));
    expect(Math.min(...shifts)).toBe(shifts[1]);
    // tr C₀ [w²/n_r + (1−w)²/n_s] / [2w − w² + (1−w)²/n_s], but for ((1−w)²(1−1/n_s))^11
    // of the distance from generation 1, less than .005 at w = .2.
    const law = (w: number) =>
      (2 * (w * w + (1 - w) ** 2)) / 20 / (2 * w - w * w + (1 - w) ** 2 / 20);
    [0.2, best, 0.95].forEach((w, cell) => {
      const se = ran.value(cell, 12, 'meanShiftSquared', 'se');
      const limit = Z_LIMIT * se + 0.005 * law(w);
      expect(Math.abs(shifts[cell]! - law(w))).toBeLessThanOrEqual(limit);
    });
  });

  it('tails that weigh more undo a narrow sampler', async () => {
    const ran = await runSpec(engine, {
      seed: 71,
      pairing: 'independent',
      truth: gaussian,
      batch: { samplingBias: 0.8 },
      fit: { tailWeight: 0.25 },
      sampleSize: 100,
      generations: 8,
      replicates: 500,
      sweep: { 'fit.tailWeight': [0, 0.1, 0.25] },
      statistics: ['totalVariance', 'meanShiftSquared'],
    });
    check(ran, [1, 2, 8], ['totalVariance', 'meanShiftSquared']);
    // Of infinitely many points λ/(1 − λγ) a generation, which is 1 at γ = 1/λ − 1.
    const kept = [0, 1, 2].map((cell) => ran.value(cell, 8, 'totalVariance', 'mean'));
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });

  it.each(['parent', 'truth'])('a prior about the %s', async (centre) => {
    for (const [components, closedForm] of [
      [1, 'off'],
      [1, 'counts'],
      [2, 'off'],
    ] as const) {
      // prettier-ignore
      const ran = await runSpec(engine, {
        ...{ seed: 73, closedForm },
        pairing: 'independent',
        truth: { kind: 'blobs', dim: 2, components, separation: 3 },
        batch: { realFraction: 0.2 },
        fit: { estimator: 'map', iterations: 4, prior: { centre, strength: 10 } },
        sampleSize: 40,
        generations: 4,
        replicates: 600,
        sweep: { 'fit.prior.strength': [10, 120], 'batch.realFraction': [0, 0.2] },
        statistics: ['totalVariance', 'meanShiftSquared'],
      });
      check(ran, [1, 2, 4], ['totalVariance', 'meanShiftSquared']);
    }
  });

  it('centres at random, and components that come back, keep the total', async () => {
    const common = {
      seed: 79,
      truth: { kind: 'blobs', dim: 1, components: 3, separation: 20, weights: [0.9, 0.06, 0.04] },
      sampleSize: 40,
      generations: 4,
      replicates: 500,
      statistics: ['totalVariance', 'meanShiftSquared'],
    };
    for (const more of [{ init: 'random' }, { respawn: true }]) {
      const ran = await runSpec(engine, { ...common, fit: { iterations: 4, ...more } });
      check(ran, [1, 4], ['totalVariance', 'meanShiftSquared']);
    }
  });

  it.each(['bernoulli', 'quota'])('a biased sampler among real points, %s', async (realDraw) => {
    const ran = await runSpec(engine, {
      seed: 47,
      pairing: 'independent',
      truth: { ...gaussian, dim: 2 },
      batch: { realDraw, realFraction: 0.25 },
      sampleSize: 20,
      generations: 20,
      replicates: 1500,
      sweep: { 'batch.samplingBias': [0.5, 0.9] },
      statistics: ['totalVariance', 'meanShiftSquared'],
    });
    check(ran, [2, 20], ['totalVariance', 'meanShiftSquared']);
  });

  it.each(['bernoulli', 'quota'])(
    'screening, through the share it leaves, %s',
    async (realDraw) => {
      const ran = await runSpec(engine, {
        seed: 53,
        pairing: 'independent',
        truth: gaussian,
        batch: {
          realDraw,
          realFraction: 0.1,
          detector: { recall: 0.8, falsePositiveRate: 0.3 },
          watermark: { coverage: 0.5, laundering: 0.2 },
        },
        sampleSize: 20,
        generations: 20,
        replicates: 1500,
        sweep: { 'batch.provenance.signedShare': [0, 1] },
        statistics: ['totalVariance', 'meanShiftSquared'],
      });
      // r′ = .07 / (.07 + .9 · .2 · .6) = .393, and with every real point signed .1 / .208 = .481.
      const shares = ran.plan.cells.map(({ spec }) => effectiveRealShare(specAt(spec, 2).batch));
      expect(shares[0]).toBeCloseTo(0.07 / 0.178, 12);
      expect(shares[1]).toBeCloseTo(0.1 / 0.208, 12);
      check(ran, [2, 20], ['totalVariance', 'meanShiftSquared']);
    },
  );

  it.each(['bernoulli', 'quota'])(
    'a share that falls, a detector that comes, %s',
    async (realDraw) => {
      const ran = await runSpec(engine, {
        seed: 61,
        pairing: 'independent',
        truth: { kind: 'blobs', dim: 1, components: 2, separation: 3 },
        batch: {
          realDraw,
          realFraction: { from: 0.6, to: 0.05, until: 8, shape: 'logistic' },
          detector: { recall: { at: [[1, 0], [6, 0.9]] }, decay: 0.1 }, // prettier-ignore
        },
        fit: { components: 1, covarianceFloor: { at: [[1, 0], [4, 0.05]] } }, // prettier-ignore
        sampleSize: 40,
        generations: 12,
        replicates: 1500,
        statistics: ['totalVariance', 'meanShiftSquared'],
      });
      check(ran, [1, 3, 8, 12], ['totalVariance', 'meanShiftSquared']);
    },
  );

  it.each([
    { dim: 1, components: 1, closedForm: 'off' },
    { dim: 2, components: 1, closedForm: 'statistics' },
    { dim: 1, components: 2, closedForm: 'off' },
    { dim: 2, components: 2, closedForm: 'off' },
  ])(
    'a floor, d = $dim, K = $components, closed form $closedForm',
    async ({ dim, components, closedForm }) => {
      const [n, floor, generations] = [40, 0.05, 8];
      const ran = await runSpec(engine, {
        ...{ seed: 113, closedForm, sampleSize: n, generations, replicates: 400 },
        truth: { kind: 'blobs', dim, components, separation: 3 },
        fit: { estimator: 'em', iterations: 4, covarianceFloor: floor },
        statistics: ['totalVariance', 'meanShiftSquared'],
      });
      check(ran, [1, 4, generations], ['totalVariance', 'meanShiftSquared']);
      const { spec, truth } = ran.plan.cells[0]!;
      const law = lawsFor(spec, truth).find(({ statistic }) => statistic === 'totalVariance')!;
      const q = (1 - 1 / n) ** generations;
      const trace = [0, 2].slice(0, dim).reduce((sum, e) => sum + truth.covariance[e]!, 0);
      expect(law.at(generations)).toBeCloseTo(trace * q + dim * n * floor * (1 - q), 12);
    },
  );

  it('sharpening keeps the commoner of two modes: log-odds times β a generation', async () => {
    // 400 points a generation, modes 12 widths apart: weights are counts, and their noise is small.
    const ran = await runSpec(engine, {
      seed: 59,
      truth: { kind: 'blobs', components: 2, separation: 12, weights: [0.45, 0.55] },
      fit: { iterations: 2 },
      batch: { weightSharpening: 1.5 },
      sampleSize: 400,
      generations: 8,
      replicates: 400,
      statistics: ['rarestModeMass'],
    });
    // Of infinitely many points: odds (9/11)^(β^(t−1)). The scatter of the log-odds, Σ β^2k 4/n, is
    // .26² at t = 4, which moves the mean weight by less than a tenth of that squared.
    const odds = (9 / 11) ** (1.5 ** 3);
    const mean = ran.value(0, 4, 'rarestModeMass', 'mean');
    expect(Math.abs(mean - odds / (1 + odds))).toBeLessThan(0.02);
    expect(ran.value(0, 8, 'rarestModeMass', 'mean')).toBeLessThan(mean);
  });

  it('real points in the mix of a mixture, and of a data set', async () => {
    const rows = Float64Array.from([1, 2, 2.5, 4, 4.2, 4.9, 7, 1.5]);
    const data = { name: 'eight.csv', columns: ['x'], rows, rowCount: rows.length };
    const truths = [
      { kind: 'blobs', dim: 2, components: 2, separation: 4 },
      { kind: 'data', file: 'eight.csv', columns: ['x'] },
    ];
    for (const truth of truths) {
      const ran = await runSpec(
        engine,
        {
          seed: 19,
          pairing: 'independent',
          truth,
          batch: { realFraction: 0.25, realDraw: 'quota' },
          fit: { components: 2, iterations: 3 },
          sampleSize: 40,
          generations: 4,
          replicates: 600,
          statistics: ['totalVariance', 'meanShiftSquared', 'ancestry'],
        },
        { data },
      );
      check(ran, [1, 4], ['totalVariance', 'meanShiftSquared', 'ancestry']);
    }
  });

  it.each(PATHS)('stays finite and right to generation 2000 at n = 10: %s', async (closedForm) => {
    const replicates = 64;
    const ran = await runSpec(engine, {
      seed: 23,
      truth: gaussian,
      closedForm,
      sampleSize: 10,
      generations: 2000,
      replicates,
      statistics: ['logVarianceRatio', 'meanShiftSquared'],
    });
    // E ln v = 2000 (ψ(4.5) + ln .2) = −441.0, sd √(2000 ψ₁(4.5)) = 22.3.
    const z = (ran.value(0, 2000, 'logVarianceRatio', 'mean') + 441.0) / (22.3 / 8);
    expect(Math.abs(z)).toBeLessThanOrEqual(Z_LIMIT);
    check(ran, [2000], ['logVarianceRatio']);
  });

  it.each(PATHS)('shrinks by the law at mean 5 and σ = 1e-9: %s', async (closedForm) => {
    const ran = await runSpec(engine, {
      seed: 29,
      closedForm,
      truth: { kind: 'mixture', components: [{ weight: 1, mean: [5], covariance: [[1e-18]] }] },
      sampleSize: 10,
      generations: 200,
      replicates: 300,
      statistics: ['logVarianceRatio', 'varianceRatio', 'meanShiftSquared'],
    });
    check(ran, [1, 50, 200], ['logVarianceRatio']);
    check(ran, [1, 5], ['varianceRatio', 'meanShiftSquared']);
  });
});
