/**
 * Requests at the edge of sense, on every engine: the run ends, nothing is NaN or infinite, no
 * lineage is lost, and status bits say what is wrong.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { resultsCsv } from '../../src/experiment/export/csv.ts';
import { statusAt, SUMMARY_FIELDS, type Results } from '../../src/experiment/results.ts';
import { packedIndex } from '../../src/model/mixture.ts';
import { SATURATION, STATUS_NAMES, type StatusBit } from '../../src/model/status.ts';
import { statisticsIn, type StatisticName } from '../../src/spec/statistics.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { runSpec, type Ran } from '../support/run-spec.ts';

const R = 40;
const BASE = {
  seed: 9,
  sampleSize: 10,
  generations: 4,
  replicates: R,
  statistics: statisticsIn(1),
  nodes: 64,
};

const blobs = (dim: number, components: number, more = {}) => ({
  kind: 'blobs',
  dim,
  components,
  ...more,
});

const gaussian = (variance: number, mean = 0) => ({
  kind: 'mixture',
  components: [{ weight: 1, mean: [mean], covariance: [[variance]] }],
});

const pair = (weight: number, distance: number, variance = 1) => ({
  kind: 'mixture',
  components: [
    { weight: 1 - weight, mean: [0], covariance: [[variance]] },
    { weight, mean: [distance], covariance: [[variance]] },
  ],
});

interface Case {
  readonly raw: object;
  /** Lineages with a bit at the last generation: all, none, or some. */
  readonly bits?: Partial<Record<StatusBit, 'all' | 'none' | 'some'>>;
  readonly also?: (ran: Ran) => void;
}

const last = (ran: Ran, statistic: StatisticName, field: 'min' | 'max' | 'mean') =>
  ran.value(0, ran.plan.cells[0]!.spec.generations, statistic, field);

/** No variance at all: 0 exactly, and its logarithm is held and so left empty. */
const pointlike = (ran: Ran) => {
  expect(last(ran, 'varianceRatio', 'max')).toBe(0);
  expect(last(ran, 'logVarianceRatio', 'max')).toBeNaN();
};

const CASES: Record<string, Case> = {
  'one point, one Gaussian': {
    raw: { truth: blobs(1, 1), sampleSize: 1 },
    bits: { degenerate: 'all', overflow: 'all' },
    also: pointlike,
  },
  'two points, one Gaussian': {
    raw: { truth: blobs(1, 1), sampleSize: 2 },
    bits: { degenerate: 'none' },
  },
  'two points, unbiased': {
    raw: { truth: blobs(1, 1), sampleSize: 2, fit: { estimator: 'unbiased' } },
  },
  'as many points as dimensions': {
    raw: { truth: blobs(3, 1), sampleSize: 3, statistics: statisticsIn(3) },
    bits: { degenerate: 'all', overflow: 'all' },
  },
  'one point in three dimensions': {
    raw: { truth: blobs(3, 1), sampleSize: 1, statistics: statisticsIn(3) },
    bits: { degenerate: 'all' },
    also: pointlike,
  },
  'one point, half of it real': {
    raw: { truth: blobs(1, 1), sampleSize: 1, batch: { realFraction: 0.5, realDraw: 'bernoulli' } },
    also: pointlike,
  },
  'one point, all real': {
    raw: { truth: blobs(1, 1), sampleSize: 1, batch: { realFraction: 1 } },
    also: pointlike,
  },
  'one point, ⌊½ + ½⌋ real': {
    raw: { truth: blobs(1, 1), sampleSize: 1, batch: { realFraction: 0.5 } },
    also: pointlike,
  },
  'two components, one point, a floor': {
    raw: { truth: blobs(1, 2), sampleSize: 1, fit: { covarianceFloor: 0.1 } },
    // The sample has no sd of its own to compare with.
    bits: { degenerate: 'all', overflow: 'none' },
  },
  'three components, two points, a floor': {
    raw: { truth: blobs(1, 3), sampleSize: 2, fit: { covarianceFloor: 0.1 } },
  },
  'two components, two points': { raw: { truth: blobs(1, 2), sampleSize: 2 } },
  'two components, three points, k-means': {
    raw: { truth: blobs(1, 2), sampleSize: 3, fit: { init: 'kmeans' } },
  },
  'three components of two modes, three points': {
    raw: { truth: blobs(1, 2), sampleSize: 3, fit: { components: 3 } },
  },
  'all points equal but for 1e-15': {
    raw: { truth: gaussian(1e-30, 7) },
    bits: { degenerate: 'none', overflow: 'none' },
  },
  'all points equal, two components': {
    raw: { truth: pair(0.5, 0, 1e-30) },
    bits: { degenerate: 'none', overflow: 'none' },
  },
  'all points equal, k-means': {
    raw: { truth: pair(0.5, 0, 1e-30), fit: { init: 'kmeans' } },
  },
  'modes a million widths apart': { raw: { truth: blobs(1, 2, { separation: 1e6 }) } },
  'modes 1e15 apart of width 1e-15': { raw: { truth: pair(0.5, 1e15, 1e-30) } },
  'sd 1e-30': { raw: { truth: gaussian(1e-60) }, bits: { degenerate: 'none', overflow: 'none' } },
  'sd 1e-30 at mean 1e15': {
    raw: { truth: gaussian(1e-60, 1e15) },
    bits: { degenerate: 'none', overflow: 'none' },
  },
  'sd 1e15': { raw: { truth: gaussian(1e30) }, bits: { degenerate: 'none', overflow: 'all' } },
  'sd 1e15, two components': { raw: { truth: pair(0.5, 1e15, 1e30) } },
  'a mode of weight 1e-12': {
    raw: { truth: pair(1e-12, 5) },
    // The others follow an outlier with the second component.
    bits: { componentLost: 'some' },
  },
  'a mode of weight 1e-12, started from the truth': {
    raw: { truth: pair(1e-12, 5), fit: { init: 'truth' } },
  },
  'a floor of 1e12': {
    raw: { truth: blobs(1, 2), fit: { covarianceFloor: 1e12 } },
    bits: { degenerate: 'none', overflow: 'none' },
  },
  'a floor of 1e12 on one Gaussian': {
    raw: { truth: blobs(1, 1), fit: { covarianceFloor: 1e12 } },
  },
  'a floor of 1e12 under sd 1e-30': {
    raw: { truth: gaussian(1e-60), fit: { covarianceFloor: 1e12 } },
    bits: { degenerate: 'none', overflow: 'all' },
  },
  'a floor of 1e-12 on one point': {
    raw: { truth: blobs(1, 1), sampleSize: 1, fit: { covarianceFloor: 1e-12 } },
  },
  'one replicate': { raw: { truth: blobs(1, 2), replicates: 1 } },
  'one generation': { raw: { truth: blobs(1, 2), generations: 1 } },
  'one of everything': {
    raw: { truth: blobs(1, 1), sampleSize: 1, replicates: 1, generations: 1 },
    also: pointlike,
  },
};

/** Of the truth; in f64, never held. */
function totalVariance({ plan }: Ran): number {
  const { covariance, dim } = plan.cells[0]!.truth;
  let trace = 0;
  for (let a = 0; a < dim; a++) trace += covariance[packedIndex(a, a)]!;
  return trace;
}

/** No number of a summary is infinite; what is empty is said by a bit or a lone replicate. */
function checkNumbers(results: Results, truthVariance: number) {
  const { replicates, generations } = results.cells[0]!;
  const width = SUMMARY_FIELDS.length;
  const wide = truthVariance >= SATURATION;
  for (let row = 0; row < results.values.length / width; row++) {
    const values = results.values.subarray(row * width, (row + 1) * width);
    expect(values[0]).toBe(replicates);
    const generation = Math.floor(row / results.statistics.length);
    const bits = statusAt(results, 0, generation);
    // A truth has no lineages to count, and is empty where it passes 1e18 itself.
    const held = bits[STATUS_NAMES.indexOf('overflow')]! > 0 || (generation === 0 && wide);
    SUMMARY_FIELDS.forEach((field, f) => {
      const statistic = results.statistics[row % results.statistics.length]!;
      const where = `${field} of ${statistic} at ${generation}`;
      expect(Math.abs(values[f]!), where).not.toBe(Infinity);
      const spread = field === 'sd' || field === 'se';
      // No step leads to the truth.
      const none = generation === 0 && statistic === 'stepKl';
      const mayBeEmpty = held || none || (spread && replicates === 1);
      if (!mayBeEmpty) expect(values[f], where).not.toBeNaN();
    });
    const at = (field: (typeof SUMMARY_FIELDS)[number]) => values[SUMMARY_FIELDS.indexOf(field)]!;
    const ordered = (['min', 'q01', 'q05', 'q25', 'q50', 'q75', 'q95', 'q99', 'max'] as const)
      .map(at)
      .filter((value) => !Number.isNaN(value));
    expect(ordered).toEqual(ordered.slice().sort((a, b) => a - b));
  }
  expect(results.generationsDone[0]).toBe(generations);
  expect(results.complete).toBe(true);
}

function checkBits(results: Results, { bits = {} }: Case) {
  const { replicates, generations } = results.cells[0]!;
  const counts = statusAt(results, 0, generations);
  const found = Object.fromEntries(STATUS_NAMES.map((name, bit) => [name, counts[bit]!]));
  // A NaN would have been held, and counted here.
  expect(found.nonFinite, JSON.stringify(found)).toBe(0);
  for (const [name, share] of Object.entries(bits)) {
    const count = found[name]!;
    if (share === 'all') expect(count, name).toBe(replicates);
    else if (share === 'none') expect(count, name).toBe(0);
    else expect(count > 0 && count < replicates, `${name}: ${count}`).toBe(true);
  }
}

const UNITLESS = ['varianceRatio', 'logVarianceRatio', 'tailMass10', 'klTruthToModel'] as const;
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!) / Math.max(1, Math.abs(b[i]!))));
// Under 64 roundings of 2⁻²⁴ in each of 4 generations.
const NEAR = 2 ** -16;

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  it.each(Object.keys(CASES))('%s', async (name) => {
    const request = CASES[name]!;
    const ran = await runSpec(engine, { ...BASE, ...request.raw });
    const csv = [...resultsCsv(ran.results)].join('');
    expect(csv).not.toMatch(/nan|inf|undefined|null/i);
    checkNumbers(ran.results, totalVariance(ran));
    checkBits(ran.results, request);
    request.also?.(ran);
  });

  it('a Gaussian behaves alike at any scale and place', async () => {
    // The same random numbers: f64 and f32 differ by scale only in how a mean is rounded.
    const places = [gaussian(1), gaussian(1e-60), gaussian(1e-60, 1e15), gaussian(1e30, -1e15)];
    const [here, ...elsewhere] = await Promise.all(places.map((truth) => means({ truth })));
    for (const found of elsewhere) expect(apart(found, here!)).toBeLessThan(NEAR);
  });

  it('a mixture behaves alike at any scale and place', async () => {
    const places = [pair(0.5, 3), pair(0.5, 3e-30, 1e-60), pair(0.5, 9e14, 9e28)];
    // Points enough that no component narrows to a few of them, which magnifies roundings.
    const raw = { sampleSize: 60 };
    const [here, ...elsewhere] = await Promise.all(places.map((truth) => means({ ...raw, truth })));
    for (const found of elsewhere) expect(apart(found, here!)).toBeLessThan(NEAR);
  });

  /** Means at the last generation of what has no unit. */
  const means = async (raw: object) => {
    const ran = await runSpec(engine, { ...BASE, ...raw });
    return UNITLESS.map((statistic) => last(ran, statistic, 'mean'));
  };
});
