/**
 * Batches that are looked at, and fits that start or end elsewhere, against what a few lines of
 * arithmetic or a plain simulation say: nothing here is shared with the engines. |z| ≤ 4 at fixed
 * seeds.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { statusAt } from '../../src/experiment/results.ts';
import { lawsFor } from '../../src/model/theory/laws.ts';
import { STATUS_NAMES } from '../../src/model/status.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { twoSampleLimit } from '../support/goodness.ts';
import {
  clusters,
  em,
  FREE,
  logDensity,
  momentFit,
  ownPoints,
  pointOf,
  populationOf,
  sharesOf,
  until,
  type Draw,
  type Fit,
  type Game,
  type Line,
  type Population,
} from '../support/naive-population.ts';
import { runSpec } from '../support/run-spec.ts';

const LINEAGES = 1500;
/** Of the plain simulation, which is run once for all engines. */
const PLAIN_LINEAGES = 6000;
const n = 20;
/** One in ten thousand of right engines fails a check of a distribution. */
const ALPHA = 1e-4;

/** The truth's density falls with x²: the verifier's top share is what lies nearest to 0. */
const verifier =
  (keep: number, error: number): Draw =>
  (last, _, dice) => {
    const own = () => pointOf(last, dice);
    const squares = Array.from({ length: 256 }, () => own() ** 2).sort((a, b) => a - b);
    const limit = squares[Math.round(keep * 257) - 1]!;
    return () => until(own, (x) => x * x <= limit !== dice.uniform() < error);
  };

const curation =
  (candidates: number): Draw =>
  (last, _, dice) =>
  () => {
    const drawn = Array.from({ length: candidates }, () => pointOf(last, dice));
    return drawn.reduce((best, x) => (x * x < best * best ? x : best));
  };

const filter =
  (s: number, real: number): Draw =>
  (last, truth, dice) => {
    const peak = logDensity(last, last.means[0]!);
    const passes = (x: number) => dice.uniform() < Math.exp(s * (logDensity(last, x) - peak));
    return () => until(() => pointOf(dice.uniform() < real ? truth : last, dice), passes);
  };

/** In so many cases a real point of mode k, else one of the model's that falls to the others. */
const protectedMode =
  (k: number): Draw =>
  (last, truth, dice) => {
    const { means, variances } = truth;
    const mode = { weights: [1], means: [means[k]!], variances: [variances[k]!] };
    const falls = (x: number) => dice.uniform() >= sharesOf(truth, x)[k]!;
    return () =>
      dice.uniform() < truth.weights[k]!
        ? pointOf(mode, dice)
        : until(() => pointOf(last, dice), falls);
  };

const ITERATIONS = 3;
const parentFit: Fit = (points, last, truth) => em(points, last ?? truth, ITERATIONS, FREE);
const kmeansFit: Fit = (points, _, __, dice) =>
  em(points, clusters(points, 2, dice), ITERATIONS, FREE);
const heldTo =
  (strength: number, toParent: boolean): Fit =>
  (points, last, truth) => {
    const centre = toParent ? last : truth;
    return em(points, last ?? truth, ITERATIONS, centre ? { strength, centre } : FREE);
  };

const ONE: Line = { weights: [1], means: [0], variances: [1] };
const TWO: Line = { weights: [0.5, 0.5], means: [-1.5, 1.5], variances: [1, 1] };
const one = { truth: { kind: 'blobs', components: 1 } };
const two = { truth: { kind: 'blobs', components: 2, separation: 3 } };
const map = (centre: string, strength: number) => ({
  fit: { estimator: 'map', iterations: ITERATIONS, prior: { centre, strength } },
});
const game = (truth: Line, fit: Fit, draw: Draw): Game => ({
  ...{ truth, fit, draw },
  ...{ sampleSize: n, generations: 3 },
});

const CASES: readonly (readonly [string, object, Game])[] = [
  [
    'verifier',
    { ...one, batch: { verifier: { keep: 0.5, error: 0.1 } } },
    game(ONE, momentFit, verifier(0.5, 0.1)),
  ],
  [
    'best of 3',
    { ...one, batch: { curation: { candidates: 3 } } },
    game(ONE, momentFit, curation(3)),
  ],
  [
    'quality filter',
    { ...one, batch: { qualityFilter: 0.5 } },
    game(ONE, momentFit, filter(0.5, 0)),
  ],
  [
    'quality filter among real points',
    { ...one, batch: { qualityFilter: 0.5, realFraction: 0.4, realDraw: 'bernoulli' } },
    game(ONE, momentFit, filter(0.5, 0.4)),
  ],
  [
    'protected modes',
    { ...two, batch: { protectedModes: [2] }, fit: { iterations: ITERATIONS } },
    game(TWO, parentFit, protectedMode(1)),
  ],
  ['held to the parent', { ...two, ...map('parent', 8) }, game(TWO, heldTo(8, true), ownPoints)],
  ['held to the truth', { ...two, ...map('truth', 8) }, game(TWO, heldTo(8, false), ownPoints)],
  [
    'k-means',
    { ...two, fit: { init: 'kmeans', iterations: ITERATIONS } },
    game(TWO, kmeansFit, ownPoints),
  ],
];

/** Populations by name, made when first asked for. */
const known = new Map<string, Population>();
function plainly(name: string, of: Game): Population {
  const found = known.get(name) ?? populationOf(of, PLAIN_LINEAGES, 20_261);
  known.set(name, found);
  return found;
}

const STATISTICS = ['totalVariance', 'meanShiftSquared'] as const;
const QUANTILE_FIELDS = [
  ...[
    ['q01', 0.01] as const,
    ['q05', 0.05] as const,
    ['q25', 0.25] as const,
    ['q50', 0.5] as const,
  ],
  ...[['q75', 0.75] as const, ['q95', 0.95] as const, ['q99', 0.99] as const],
];

/** Mean of a sample and its standard error. */
function meanOf(values: Float64Array): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

const shareBelow = (sample: Float64Array, x: number): number =>
  sample.reduce((count, value) => count + (value <= x ? 1 : 0), 0) / sample.length;
const base = { ...one, sampleSize: n, statistics: STATISTICS };

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  it.each(CASES)('%s is what a plain simulation finds', async (name, raw, of) => {
    const ran = await runSpec(engine, {
      ...{ sampleSize: n, statistics: STATISTICS, seed: 89, generations: 3, replicates: LINEAGES },
      ...raw,
    });
    const expected = plainly(name, of);
    for (const statistic of STATISTICS) {
      const { mean, error } = meanOf(expected[statistic]);
      const se = Math.hypot(error, ran.value(0, 3, statistic, 'se'));
      const z = (ran.value(0, 3, statistic, 'mean') - mean) / se;
      expect(Math.abs(z), `${statistic}: z ${z.toFixed(2)}`).toBeLessThanOrEqual(4);
      // Seven places at which the distribution functions of both are known are no further apart
      // than anywhere; a quantile of R values is of its rank to 1/R.
      const limit = twoSampleLimit(ALPHA, LINEAGES, PLAIN_LINEAGES) + 1 / LINEAGES;
      for (const [field, share] of QUANTILE_FIELDS) {
        const below = shareBelow(expected[statistic], ran.value(0, 3, statistic, field));
        const where = `${statistic}: ${below.toFixed(3)} below ${field}`;
        expect(Math.abs(below - share), where).toBeLessThanOrEqual(limit);
      }
    }
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
        statistics: ['modeMass_1', 'ancestry'],
      });
      const { spec, truth } = ran.plan.cells[0]!;
      const law = lawsFor(spec, truth).find(({ statistic }) => statistic === 'ancestry')!;
      // Half of the points are nobody's copies where half of the modes are protected; the f32 sum
      // of 30 numbers under 6 is right to 1e-5.
      const copies = Math.abs(ran.value(0, generations, 'ancestry', 'mean') - law.at(generations));
      expect(copies).toBeLessThanOrEqual(4 * law.standardError(generations, replicates)! + 1e-5);
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

  it('the verifier accepts α(1−ε) + (1−α)ε of whatever model', async () => {
    // Of 256 draws the third is above a share a ~ Beta(3, 254) of all others, and a candidate passes
    // with p = a(1−ε) + (1−a)ε: what runs out of 255 candidates says how many pass.
    const points = 6;
    const [first, rest] = [3, 254];
    const ran = await runSpec(engine, {
      ...{ ...base, seed: 107, sampleSize: points, generations: 2, replicates: LINEAGES },
      batch: { verifier: { keep: first / 257 } },
      sweep: { 'batch.verifier.error': [0, 0.004, 0.02] },
    });
    [0, 0.004, 0.02].forEach((error, cell) => {
      const [steps, end] = [2000, 0.2];
      let [mass, runsOut] = [0, 0];
      for (let i = 0; i < steps; i++) {
        const a = ((i + 0.5) / steps) * end;
        const weight = a ** (first - 1) * (1 - a) ** (rest - 1);
        const out = (1 - (a * (1 - error) + (1 - a) * error)) ** 255;
        mass += weight;
        runsOut += weight * (1 - (1 - out) ** points);
      }
      const p = runsOut / mass;
      const found =
        statusAt(ran.results, cell, 2)[STATUS_NAMES.indexOf('attemptsExhausted')]! / LINEAGES;
      const z = (found - p) / Math.sqrt((p * (1 - p)) / LINEAGES);
      expect(Math.abs(z), `ε = ${error}: ${found} for ${p}`).toBeLessThanOrEqual(4);
    });
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
