import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZERO_EXPONENT, type FramedModel } from '../../src/model/frame.ts';
import type { Covariance } from '../../src/model/gmm/em.ts';
import { unframeModel } from '../../src/model/gmm/model.ts';
import { ancestor, nextModel, runLineage } from '../../src/model/lineage.ts';
import { totalMoments } from '../../src/model/mixture.ts';
import { STREAMS, words } from '../../src/model/rng/coordinates.ts';
import { normalPair } from '../../src/model/rng/normal.ts';
import { STATUS_BITS } from '../../src/model/status.ts';
import { naiveBatch, naiveLineage } from '../support/naive-lineage.ts';
import { seeded, vectorBetween } from '../support/seeded.ts';
import {
  distance,
  naiveOf,
  NEAR,
  SAMPLED,
  settingOf,
  truthOf,
  type Setting,
} from '../support/setting.ts';
import { determinant, sampleMoments, unpack } from '../support/textbook-em.ts';

const PATHS = ['replace', 'off'] as const;

describe('a lineage is the naive one', () => {
  const kinds: readonly Covariance[] = ['full', 'diagonal', 'spherical', 'tied'];
  const cases = [1, 2, 3].flatMap((dim) =>
    [1, 2, 3].flatMap((count) => kinds.map((covariance) => ({ dim, count, covariance }))),
  );
  const sampler = { samplingBias: 0.7, weightSharpening: 1.5 };
  const batches = [
    {},
    { realFraction: 0.3 },
    { realFraction: 0.3, realDraw: 'bernoulli' },
    sampler,
    { ...sampler, realFraction: 0.3, realDraw: 'bernoulli' },
  ];

  const follow = (setting: Setting, generations = 3) => {
    for (const lineage of [0, 5]) {
      const expected = naiveLineage(naiveOf(setting), lineage, generations);
      runLineage(setting.rules, lineage, generations).forEach((model, g) => {
        expect(distance(model, setting.truth, expected[g]!)).toBeLessThan(NEAR);
      });
    }
  };

  test.each(cases)('d = $dim, K = J = $count, $covariance', ({ dim, count, covariance }) => {
    for (const batch of batches) {
      const fit = { components: count, covariance, iterations: 3, covarianceFloor: 0.01 };
      const truth = truthOf(dim, count);
      follow(settingOf({ ...SAMPLED, truth, batch, fit, sampleSize: 61, seed: 3 }));
    }
  });

  test.each([1, 2, 3])('d = %i, unbiased, and without a floor', (dim) => {
    const truth = truthOf(dim, 3);
    for (const batch of batches) {
      const unbiased = { components: 1, estimator: 'unbiased' };
      follow(settingOf({ ...SAMPLED, truth, batch, fit: unbiased }), 5);
      follow(settingOf({ ...SAMPLED, truth, batch, fit: { components: 1 } }), 5);
    }
  });

  test.each([1, 2, 3])('d = %i, started from the truth', (dim) => {
    const fit = { components: 2, init: 'truth', iterations: 4 };
    follow(settingOf({ truth: truthOf(dim, 2), fit, sampleSize: 80 }));
  });

  test.each([1, 2, 3])('d = %i, k-means for fewer components than modes', (dim) => {
    const fit = { components: 2, init: 'kmeans', iterations: 2 };
    follow(settingOf({ truth: truthOf(dim, 3), fit, sampleSize: 90 }));
  });

  const mixed = { realFraction: 0.3, samplingBias: 0.8 };
  const weights = [
    { realWeight: 0.6 },
    { realWeight: 1 },
    { tailWeight: 0.25 },
    { realWeight: 0.2, tailWeight: 0.5 },
  ];
  const fitted = [1, 2, 3].flatMap((dim) => [1, 2].map((count) => ({ dim, count })));

  test.each(fitted)('d = $dim, K = J = $count, points of unlike weight', ({ dim, count }) => {
    const truth = truthOf(dim, count);
    for (const weight of weights) {
      for (const realDraw of ['quota', 'bernoulli']) {
        const fit = { ...weight, components: count, iterations: 3, tolerance: 1e-3 };
        const batch = { ...mixed, realDraw };
        follow(settingOf({ truth, batch, fit, sampleSize: 121, seed: 5 }));
        const synthetic = settingOf({ truth, fit: { ...fit, init: 'kmeans' }, sampleSize: 61 });
        follow(synthetic);
      }
    }
  });

  test.each(fitted)('d = $dim, K = J = $count, under a prior', ({ dim, count }) => {
    const truth = truthOf(dim, count);
    for (const centre of ['parent', 'truth']) {
      for (const covariance of ['full', 'diagonal', 'tied']) {
        const prior = { centre, strength: 17 };
        const fit = { estimator: 'map', prior, covariance, components: count, iterations: 3 };
        follow(settingOf({ truth, batch: mixed, fit, sampleSize: 40, seed: 6 }));
        follow(settingOf({ truth, fit: { ...fit, realWeight: 0.5 }, sampleSize: 40 }));
      }
    }
  });

  test.each([1, 2, 3])('d = %i, centres at random', (dim) => {
    const fit = { components: 3, init: 'random', iterations: 3, covarianceFloor: 0.01 };
    follow(settingOf({ truth: truthOf(dim, 3), fit, sampleSize: 80 }));
    const weighed = { ...fit, tailWeight: 0.3 };
    follow(settingOf({ truth: truthOf(dim, 3), fit: weighed, batch: mixed, sampleSize: 80 }));
  });

  test.each([1, 2, 3])('d = %i, components that come back', (dim) => {
    // Modes so far apart that one of few points is soon without any.
    const component = (weight: number, at: number) => ({
      weight,
      mean: Array.from({ length: dim }, () => 40 * at),
      covariance: Array.from({ length: dim }, (_, a) =>
        Array.from({ length: dim }, (__, b) => (a === b ? 1 : 0)),
      ),
    });
    const truth = {
      kind: 'mixture',
      components: [component(0.9, 0), component(0.07, 1), component(0.03, 2)],
    };
    const fit = { components: 3, iterations: 4, respawn: true, covarianceFloor: 0.01 };
    const setting = settingOf({ truth, fit, sampleSize: 24, seed: 9 });
    follow(setting, 4);
    const models = [0, 5].flatMap((lineage) => runLineage(setting.rules, lineage, 4));
    expect(models.some(({ weights }) => weights.some((weight) => weight === 0))).toBe(true);
  });

  test('a sample longer than a block of sums', () => {
    const fit = { components: 2, iterations: 2 };
    follow(settingOf({ truth: truthOf(1, 2), fit, sampleSize: 1500 }), 2);
  });

  test('rows of data stand for real points', () => {
    const next = seeded(17);
    const rows = Array.from({ length: 37 }, () => vectorBetween(next, 2, -3, 3));
    const setting = settingOf({
      truth: truthOf(2, 2),
      batch: { realFraction: 0.4 },
      fit: { components: 2, iterations: 3 },
      sampleSize: 70,
    });
    const { truth, rules } = setting;
    const unit = 2 ** -truth.log2Unit;
    const inUnits = rows.flatMap((row) => row.map((x, a) => (x - truth.mean[a]!) * unit));
    const dataRules = { ...rules, rows: Float64Array.from(inUnits) };
    const expected = naiveLineage({ ...naiveOf(setting), rows }, 2, 3);
    runLineage(dataRules, 2, 3).forEach((model, g) => {
      expect(distance(model, truth, expected[g]!)).toBeLessThan(NEAR);
    });
  });
});

test('a schedule is at each generation the cell that it says', () => {
  const fit = { components: 2, iterations: 3 };
  const cellWith = (batch: object, more: object) =>
    settingOf({ truth: truthOf(2, 2), batch, fit: { ...fit, ...more }, sampleSize: 40, seed: 8 });
  const steps = (...at: readonly (readonly [number, number])[]) => ({ at });
  const scheduled = cellWith(
    {
      realFraction: { from: 0.5, to: 0.1, until: 4 },
      samplingBias: steps([1, 0.9], [3, 0.6]),
      detector: { recall: steps([1, 0], [5, 0.5]) },
    },
    { iterations: steps([1, 4], [2, 1]), covarianceFloor: steps([1, 0.1], [6, 0]) },
  );
  const shares = [0.5, 0.5, 0.3, 0.1, 0.1, 0.1];
  let parent = ancestor(scheduled.rules);
  runLineage(scheduled.rules, 2, 6).forEach((model, g) => {
    const t = g + 1;
    const plain = cellWith(
      {
        realFraction: shares[g]!,
        samplingBias: t < 3 ? 0.9 : 0.6,
        detector: { recall: t < 5 ? 0 : 0.5 },
      },
      { iterations: t < 2 ? 4 : 1, covarianceFloor: t < 6 ? 0.1 : 0 },
    );
    parent = nextModel(plain.rules, [parent], 2, t);
    expect(model).toEqual(parent);
  });
});

describe('moments', () => {
  test('of the model are the batch’s, for every K, init and covariance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<Covariance>('full', 'diagonal', 'spherical', 'tied'),
        fc.constantFrom('parent', 'kmeans'),
        (seed, dim, components, covariance, init) => {
          const fit = { components, covariance, init, iterations: 2 };
          const setting = settingOf({ seed, truth: truthOf(dim, 3), fit, sampleSize: 60 });
          const { truth, rules } = setting;
          const points = naiveBatch(naiveOf(setting), null, 1, 1);
          const sample = sampleMoments(points);
          const model = nextModel(rules, [ancestor(rules)], 1, 1);
          const found = totalMoments(unframeModel(model, truth.mean, truth.log2Unit));
          const matrix = unpack(found.covariance, dim);
          found.mean.forEach((x, a) => {
            expect(Math.abs(x - sample.mean[a]!)).toBeLessThan(1e-12);
          });
          // Sums of 60 squares under 100, and pivots held at 2⁻²⁴ of a diagonal under 10 where a
          // component has few points.
          const tolerance = dim === 1 ? 1e-12 : 1e-6;
          const trace = (m: number[][]) => m.reduce((sum, row, a) => sum + row[a]!, 0);
          expect(Math.abs(trace(matrix) - trace(sample.covariance))).toBeLessThan(tolerance);
          matrix.forEach((row, a) =>
            row.forEach((x, b) => {
              if (covariance === 'spherical' || (covariance === 'diagonal' && a !== b)) return;
              expect(Math.abs(x - sample.covariance[a]![b]!)).toBeLessThan(tolerance);
            }),
          );
        },
      ),
      { numRuns: 150, seed: 31 },
    );
  });
});

describe('frames', () => {
  test('one Gaussian moved by 10⁹ widths and scaled by 2^k is the same lineage, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 3 }),
        // Means are at most 10¹⁵.
        fc.integer({ min: -40, max: 19 }),
        fc.constantFrom(0, 1e9, -1e9),
        (seed, dim, log2Scale, shift) => {
          const fit = { components: 1 };
          for (const closedForm of PATHS) {
            const run = (truth: object) =>
              runLineage(settingOf({ truth, seed, sampleSize: 12, fit, closedForm }).rules, 4, 6);
            expect(run(truthOf(dim, 1, shift, log2Scale))).toEqual(run(truthOf(dim, 1)));
          }
        },
      ),
      { numRuns: 60, seed: 32 },
    );
  });

  test('a mixture scaled by 2^k is the same lineage, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: -40, max: 40 }),
        (seed, dim, count, log2Scale) => {
          const run = (truth: object) => {
            const fit = { components: count, iterations: 3 };
            const batch = { realFraction: 0.1 };
            const { rules } = settingOf({ truth, seed, batch, fit, sampleSize: 40 });
            return runLineage(rules, 4, 4);
          };
          expect(run(truthOf(dim, count, 0, log2Scale))).toEqual(run(truthOf(dim, count)));
        },
      ),
      { numRuns: 60, seed: 33 },
    );
  });

  test('log variance and mean follow their recursions to e⁻²⁰⁰⁰', () => {
    // s ← s · sd(z), μ ← μ + s · z̄ on the standard normals of each generation, in logs.
    const n = 3;
    const generations = 2100;
    const { rules } = settingOf({
      ...SAMPLED,
      truth: truthOf(1, 1),
      sampleSize: n,
      generations,
      fit: { components: 1 },
    });
    const models = runLineage(rules, 7, generations);
    let logVariance = -2 * Math.LN2;
    let mean = 0;
    models.forEach((model, g) => {
      const z = Array.from({ length: n }, (_, i) => {
        const block = words(rules.key, i >> 1, 7, g + 1, STREAMS.normal);
        return normalPair(block[0]!, block[1]!)[i & 1]!;
      });
      const average = z.reduce((a, b) => a + b, 0) / n;
      mean += Math.exp(logVariance / 2) * average;
      logVariance += Math.log(z.reduce((sum, x) => sum + (x - average) ** 2, 0) / n);
      const log2Width = Math.log2(model.factors[0]!) + model.scale + model.exponents[0]!;
      const position = model.origin[0]! + 2 ** model.scale * model.means[0]!;
      // 2100 additions of rounding 1e-13 at −2000; positions are sums of order 1.
      expect(Math.abs(2 * Math.LN2 * log2Width - logVariance)).toBeLessThan(1e-9);
      expect(Math.abs(position - mean)).toBeLessThan(1e-13);
    });
    expect(logVariance).toBeLessThan(-1900);
    expect(models.at(-1)!.status).toBe(0);
  });

  test.each([2, 3])('d = %i: the log determinant follows however thin the ellipse', (dim) => {
    const n = 8;
    const { rules } = settingOf({
      ...SAMPLED,
      truth: truthOf(dim, 1),
      sampleSize: n,
      fit: { components: 1 },
    });
    const logDet = ({ scale, exponents, factors }: FramedModel) =>
      2 * dim * Math.LN2 * (scale + exponents[0]!) +
      2 * [0, 2, 5].slice(0, dim).reduce((sum, e) => sum + Math.log(factors[e]!), 0);
    const models = runLineage(rules, 1, 300);
    // From generation 2 on; the first is drawn from the truth in its own frame.
    let expected = logDet(models[0]!);
    for (let t = 2; t <= 300; t++) {
      const z = Array.from({ length: n }, (_, i) => {
        const block = words(rules.key, i, 1, t, STREAMS.normal);
        const four = [...normalPair(block[0]!, block[1]!), ...normalPair(block[2]!, block[3]!)];
        return four.slice(0, dim);
      });
      expected += Math.log(determinant(sampleMoments(z).covariance));
      expect(Math.abs(logDet(models[t - 1]!) - expected)).toBeLessThan(1e-8);
    }
    const sizes = [0, 2, 5].slice(0, dim).map((e) => Math.abs(models[299]!.factors[e]!));
    // The thing itself: a thin direction far beyond what a covariance matrix could hold.
    expect(Math.min(...sizes) / Math.max(...sizes)).toBeLessThan(1e-12);
  });
});

describe('a lineage is its own', () => {
  const { rules } = settingOf({
    truth: truthOf(2, 2),
    batch: { realFraction: 0.2, realDraw: 'bernoulli' },
    fit: { components: 3, init: 'kmeans', iterations: 2 },
    sampleSize: 40,
  });

  test('again, after others and between them', () => {
    const alone = [3, 8, 4].map((lineage) => runLineage(rules, lineage, 4));
    let parents = [3, 8, 4].map(() => ancestor(rules));
    for (let t = 1; t <= 4; t++) {
      parents = parents.map((parent, i) => nextModel(rules, [parent], [3, 8, 4][i]!, t));
      expect(parents).toEqual(alone.map((models) => models[t - 1]));
    }
  });

  test('and unlike another’s', () => {
    expect(runLineage(rules, 3, 1)).not.toEqual(runLineage(rules, 4, 1));
  });

  test('a step leaves its parent as it was', () => {
    const parent = runLineage(rules, 3, 1)[0]!;
    const before = structuredClone(parent);
    nextModel(rules, [parent], 3, 2);
    expect(parent).toEqual(before);
  });
});

describe('status', () => {
  const statusOf = (input: Record<string, unknown>, generations: number) =>
    runLineage(settingOf(input).rules, 0, generations).map(({ status }) => status);

  test.each(PATHS)('one point has no width, and stays where it fell: %s', (closedForm) => {
    const fit = { components: 1 };
    const { rules } = settingOf({ truth: truthOf(1, 1), sampleSize: 1, fit, closedForm });
    const models = runLineage(rules, 0, 4);
    expect(models.map(({ status }) => status)).toEqual([1, 1, 1, 1]);
    expect(models.map(({ exponents }) => exponents[0])).toEqual(Array(4).fill(ZERO_EXPONENT));
    const places = models.map((m) => m.origin[0]! + 2 ** m.scale * m.means[0]!);
    expect(new Set(places).size).toBe(1);
  });

  test.each(['full', 'diagonal', 'spherical'])(
    'd = 3, %s: nor has one point there',
    (covariance) => {
      for (const closedForm of PATHS) {
        const fit = { components: 1, covariance };
        const { rules } = settingOf({ truth: truthOf(3, 1), sampleSize: 1, fit, closedForm });
        for (const { status, exponents, factors } of runLineage(rules, 0, 3)) {
          expect([status, exponents[0]]).toEqual([STATUS_BITS.degenerate, ZERO_EXPONENT]);
          expect(factors).toEqual(new Float64Array(6));
        }
      }
    },
  );

  test.each([2, 3])('d = %i points span no volume', (dim) => {
    for (const closedForm of PATHS) {
      const input = { truth: truthOf(dim, 1), fit: { components: 1 }, closedForm };
      expect(statusOf({ ...input, sampleSize: dim }, 3)).toEqual([1, 1, 1]);
      expect(statusOf({ ...input, sampleSize: dim + 1 }, 1)).toEqual([0]);
      expect(statusOf({ ...input, sampleSize: 1 }, 3)).toEqual([1, 1, 1]);
    }
  });

  test('a component without points is lost once and for all', () => {
    const { rules } = settingOf({
      truth: { kind: 'blobs', dim: 1, components: 3, separation: 40 },
      fit: { components: 3, iterations: 3 },
      sampleSize: 12,
    });
    const models = runLineage(rules, 0, 60);
    const lost = models.findIndex(({ status }) => status & STATUS_BITS.componentLost);
    expect(lost).toBeGreaterThan(0);
    const dead = models.map(({ weights }) => weights.filter((weight) => weight === 0).length);
    expect(dead[lost - 1]).toBe(0);
    expect(dead[lost]).toBe(1);
    dead.forEach((count, g) => expect(count).toBeGreaterThanOrEqual(dead[g - 1] ?? 0));
    for (const model of models.slice(lost)) {
      expect(model.status & STATUS_BITS.componentLost).toBe(STATUS_BITS.componentLost);
      expect([...model.weights].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  test('nothing is ever other than a number, however degenerate', () => {
    const spread = { kind: 'blobs', dim: 2, components: 2, separation: 1e3 };
    for (const input of [
      { truth: spread, sampleSize: 2, fit: { components: 2, covariance: 'diagonal' } },
      { truth: spread, sampleSize: 4, fit: { components: 2, covarianceFloor: 1e-12 } },
      { truth: spread, sampleSize: 30, fit: { components: 5, init: 'kmeans' } },
      { truth: truthOf(1, 1, 0, -40), sampleSize: 3, fit: { components: 3, init: 'kmeans' } },
    ]) {
      for (const model of runLineage(settingOf(input).rules, 0, 80)) {
        const numbers = [...model.weights, ...model.means, ...model.factors, ...model.origin];
        expect(numbers.every(Number.isFinite)).toBe(true);
      }
    }
  });
});
