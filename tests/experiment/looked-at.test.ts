/**
 * Batches that are looked at, against what a few lines of arithmetic or a plain simulation say:
 * nothing here is shared with the engines. |z| ≤ 4 at fixed seeds.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { statusAt } from '../../src/experiment/results.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { STATUS_NAMES } from '../../src/model/status.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { runSpec } from '../support/run-spec.ts';

const LINEAGES = 1500;
const n = 20;

/** Normals and uniforms of Park and Miller's generator and the polar method. */
function sampler(seed: number) {
  let state = seed;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const normal = (): number => {
    const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
    const s = a * a + b * b;
    return s > 0 && s < 1 ? a * Math.sqrt((-2 * Math.log(s)) / s) : normal();
  };
  return { uniform, normal };
}

interface Gaussian {
  readonly mean: number;
  readonly variance: number;
}
type Draw = (last: Gaussian, uniform: () => number, normal: () => number) => () => number;

/** Mean and squared error of v and μ² after `generations`, truth N(0, 1), K = 1. */
function simulate(generations: number, draw: Draw) {
  const { uniform, normal } = sampler(20_261);
  const values: number[][] = [];
  for (let lineage = 0; lineage < LINEAGES; lineage++) {
    let model: Gaussian = { mean: 0, variance: 1 };
    for (let t = 1; t <= generations; t++) {
      const point = t === 1 ? normal : draw(model, uniform, normal);
      const x = Array.from({ length: n }, () => point());
      const mean = x.reduce((a, b) => a + b, 0) / n;
      model = { mean, variance: x.reduce((sum, one) => sum + (one - mean) ** 2, 0) / n };
    }
    values.push([model.variance, model.mean ** 2]);
  }
  return [0, 1].map((column) => {
    const of = values.map((row) => row[column]!);
    const mean = of.reduce((a, b) => a + b, 0) / LINEAGES;
    const square = of.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (LINEAGES - 1);
    return { mean, error: square / LINEAGES };
  });
}

const until = (make: () => number, accept: (x: number) => boolean): number => {
  for (;;) {
    const x = make();
    if (accept(x)) return x;
  }
};

/** The truth's density falls with x²: the verifier's top share is what lies nearest to 0. */
const verifier =
  (keep: number, error: number): Draw =>
  (last, uniform, normal) => {
    const own = () => last.mean + Math.sqrt(last.variance) * normal();
    const squares = Array.from({ length: 256 }, () => own() ** 2).sort((a, b) => a - b);
    const limit = squares[Math.round(keep * 257) - 1]!;
    return () => until(own, (x) => x * x <= limit !== uniform() < error);
  };

const curation =
  (candidates: number): Draw =>
  (last, _, normal) =>
  () => {
    const drawn = Array.from(
      { length: candidates },
      () => last.mean + Math.sqrt(last.variance) * normal(),
    );
    return drawn.reduce((best, x) => (x * x < best * best ? x : best));
  };

const filter =
  (s: number, real: number): Draw =>
  (last, uniform, normal) => {
    const sd = Math.sqrt(last.variance);
    const passes = (x: number) =>
      uniform() < Math.exp((-s * (x - last.mean) ** 2) / (2 * last.variance));
    return () => until(() => (uniform() < real ? normal() : last.mean + sd * normal()), passes);
  };

const CASES: readonly (readonly [string, object, Draw])[] = [
  ['verifier', { verifier: { keep: 0.5, error: 0.1 } }, verifier(0.5, 0.1)],
  ['best of 3', { curation: { candidates: 3 } }, curation(3)],
  ['quality filter', { qualityFilter: 0.5 }, filter(0.5, 0)],
  [
    'quality filter among real points',
    { qualityFilter: 0.5, realFraction: 0.4, realDraw: 'bernoulli' },
    filter(0.5, 0.4),
  ],
];

const STATISTICS: readonly StatisticName[] = ['totalVariance', 'meanShiftSquared'];
const base = { truth: { kind: 'blobs', components: 1 }, sampleSize: n, statistics: STATISTICS };

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  it.each(CASES)('%s is what a plain simulation finds', async (_, batch, draw) => {
    const ran = await runSpec(engine, {
      ...{ ...base, seed: 89, generations: 3, replicates: LINEAGES },
      batch,
    });
    const expected = simulate(3, draw);
    STATISTICS.forEach((statistic, i) => {
      const { mean, error } = expected[i]!;
      const se = Math.sqrt(error + ran.value(0, 3, statistic, 'se') ** 2);
      const z = (ran.value(0, 3, statistic, 'mean') - mean) / se;
      expect(Math.abs(z), `${statistic}: z ${z.toFixed(2)}`).toBeLessThanOrEqual(4);
    });
  });

  it('a filter of s leaves v/(1+s): (1−1/n)² tr C₀/(1+s) after one look', async () => {
    const ran = await runSpec(engine, {
      ...{ ...base, seed: 97, generations: 2, replicates: LINEAGES },
      batch: { qualityFilter: 1 },
    });
    const se = ran.value(0, 2, 'totalVariance', 'se');
    const z = (ran.value(0, 2, 'totalVariance', 'mean') - (1 - 1 / n) ** 2 / 2) / se;
    expect(Math.abs(z)).toBeLessThanOrEqual(4);
  });

  it('weights of far modes drift as Wright and Fisher say, protected ones do not', async () => {
    const [points, generations, replicates] = [30, 6, 500];
    for (const protectedModes of [[], [2]]) {
      const ran = await runSpec(engine, {
        ...{ seed: 103, sampleSize: points, generations, replicates, fit: { iterations: 2 } },
        truth: { kind: 'blobs', components: 2, separation: 20 },
        batch: { protectedModes },
        statistics: ['modeMass_1'],
      });
      // 2p(1−p) falls by 1 − 1/n; protected, counts are binomial in every generation.
      const lost = protectedModes.length > 0 ? 1 / points : 1 - (1 - 1 / points) ** generations;
      const variance = lost / 4;
      const mean = ran.value(0, generations, 'modeMass_1', 'mean') - 0.5;
      const found = ran.value(0, generations, 'modeMass_1', 'sd') ** 2;
      expect(Math.abs(mean)).toBeLessThanOrEqual(4 * Math.sqrt(variance / replicates));
      // Both laws are flatter than a normal one, whose sample variance has relative sd √(2/(R−1)).
      const relative = Math.abs(found / variance - 1);
      expect(relative).toBeLessThanOrEqual(4 * Math.sqrt(2 / (replicates - 1)));
    }
  });

  it('what can hardly be passed is counted', async () => {
    const ran = await runSpec(engine, {
      ...{ ...base, seed: 101, generations: 2, replicates: 40 },
      // Of 255 candidates in a radius of .01 none, with probability .992^255 = .13 a point.
      batch: { truncation: 0.01 },
    });
    const counted = (t: number) =>
      statusAt(ran.results, 0, t)[STATUS_NAMES.indexOf('attemptsExhausted')]!;
    expect(counted(1)).toBe(0);
    // Of 40 lineages of 20 points: 40 (1 − .870²⁰) = 37.5, sd 1.53.
    expect(Math.abs(counted(2) - 37.5)).toBeLessThanOrEqual(4 * 1.53);
  });
});
