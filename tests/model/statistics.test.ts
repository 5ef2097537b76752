import { describe, expect, test } from 'vitest';
import { ZERO_EXPONENT, type FramedModel } from '../../src/model/frame.ts';
import { frameMixture } from '../../src/model/gmm/model.ts';
import { totalMoments, type Mixture } from '../../src/model/mixture.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { erfc } from '../../src/model/statistics/erfc.ts';
import { excess } from '../../src/model/statistics/likelihood.ts';
import { observe } from '../../src/model/statistics/observe.ts';
import { packTables, statisticTables, truthValues } from '../../src/model/statistics/tables.ts';
import { chiSquaredQuantile } from '../../src/model/statistics/truth-levels.ts';
import { SATURATION, STATUS_BITS } from '../../src/model/status.ts';
import type { Truth } from '../../src/model/truth.ts';
import {
  STAGE_SHARES,
  STATISTIC_NAMES,
  statisticsIn,
  type StatisticName,
} from '../../src/spec/statistics.ts';
import oracle from '../oracle/statistics.json' with { type: 'json' };
import { pack } from '../support/textbook-em.ts';

const key = randomKey(1, 0);

function truthOf(mixture: Mixture): Truth {
  const { mean, covariance } = totalMoments(mixture);
  let trace = 0;
  for (let a = 0; a < mixture.dim; a++) trace += covariance[(a * (a + 3)) / 2]!;
  const log2Unit = Math.floor(Math.log2(Math.sqrt(trace / mixture.dim))) + 1;
  return { mixture, mean, covariance, log2Unit, rows: null, dim: mixture.dim };
}

const framed = (truth: Truth, mixture: Mixture): FramedModel =>
  frameMixture(mixture, truth.mean, truth.log2Unit);

type Values = Record<StatisticName, number>;

function measure(
  truth: Truth,
  model: FramedModel,
  nodes = 256,
  parent: FramedModel | null = null,
): Values {
  const names = statisticsIn(truth.dim, truth.mixture.weights.length, model.weights.length);
  const tables = statisticTables(truth, nodes, names);
  const values = observe(names, model, tables, { key, lineage: 0, generation: 1 }, parent);
  return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Values;
}

const gaussian = (dim: number): Mixture => ({
  dim,
  weights: [1],
  means: [new Array<number>(dim).fill(0)],
  covariances: [[1, 0, 1, 0, 0, 1, 0, 0, 0, 1].slice(0, (dim * (dim + 1)) / 2)],
});

const two: Mixture = {
  dim: 1,
  weights: [0.5, 0.5],
  means: [[-2], [2]],
  covariances: [[1], [1]],
};

/** At d > 1 in closed form, or unbiased about it. */
const CLOSED: readonly StatisticName[] = [
  'meanShiftSquared',
  'totalVariance',
  'varianceRatio',
  'logVarianceRatio',
  'logDetRatio',
  'frechetDistance',
  'wassersteinSquared',
  'entropy',
  'selfNll',
  'klModelToTruth',
  'stepKl',
];

/** Of a model's past, which a mixture has not. */
const HISTORY = 'ancestry';

describe('against dense grids (tests/oracle/statistics.py)', () => {
  const planar = oracle.filter(({ truth }) => truth.dim === 1);
  const spatial = oracle.filter(({ truth }) => truth.dim > 1);

  test.each(planar.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const truth = truthOf(row.truth);
    const found = measure(truth, framed(truth, row.model), 1024, framed(truth, row.parent));
    for (const name of statisticsIn(1, row.truth.weights.length)) {
      if (name === HISTORY) continue;
      const expected = (row.expected as Partial<Values>)[name]!;
      const bound = lineError(name, expected, row.truth.means.flat());
      expect(Math.abs(found[name] - expected), name).toBeLessThan(bound);
    }
  });

  test.each(spatial.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const truth = truthOf(row.truth);
    const names = statisticsIn(row.truth.dim, row.truth.weights.length, row.model.weights.length);
    const tables = statisticTables(truth, 256, names);
    const model = framed(truth, row.model);
    const parent = framed(truth, row.parent);
    // Four dimensions take their time.
    const lineages = row.truth.dim < 4 ? 100 : 40;
    const rows = Array.from({ length: lineages }, (_, lineage) =>
      observe(names, model, tables, { key, lineage, generation: 1 }, parent),
    );
    const [variance, tail, alive, ...stages] = (
      ['varianceRatio', 'tailMass1', 'modesAlive', ...STAGE_SHARES] as const
    ).map((name) => names.indexOf(name));
    names.forEach((name, s) => {
      // A lineage whose tail tips on the threshold is in another stage.
      if (stages.includes(s) || name === HISTORY) return;
      const expected = (row.expected as Partial<Values>)[name]!;
      const values = rows.map((values) => values[s]!);
      const mean = values.reduce((sum, x) => sum + x, 0) / lineages;
      const square = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
      const error = Math.sqrt(square / lineages / (lineages - 1));
      const bound = 5 * error + fixedError(name, expected, row.truth.weights.length);
      expect(Math.abs(mean - expected), `${name}: ${mean}, ${expected}`).toBeLessThan(bound);
    });
    for (const values of rows) {
      const last = row.truth.weights.length > 1 && values[alive!] === 1;
      const late = values[variance!]! < 0.1 || last;
      const stage = late ? 3 : values[tail!]! < 0.5 ? 2 : 1;
      expect(stages.map((s) => values[s!])).toEqual([1, 2, 3].map((s) => (s === stage ? 1 : 0)));
    }
  });

  /** Of 1024 nodes at d = 1. */
  function lineError(name: StatisticName, expected: number, modes: readonly number[]): number {
    // A region's ends, or a label's, are misplaced by the square of a segment's 14/512 sd or less,
    // where densities are under 0.06; there are some four of them.
    if (name === 'coverage95' || name.startsWith('modeRecall')) return 2e-4;
    // Half a node's mass, 0.4 · 14/512, at either end of the bulk, where a tenth of the density is.
    if (name === 'bulkAccuracy') return 2e-3;
    if (name === 'wassersteinSquared') {
      // Half a node's mass times the squared gap, where the model's quantile jumps it and where the
      // truth's does; else the trapezoid rule over a bend half a sd wide.
      const gap = Math.max(...modes) - Math.min(...modes);
      return gap > 10 ? 0.4 * (14 / 1024) * gap ** 2 : 1e-5 * Math.max(1, expected);
    }
    // Beyond 7 sd lie 2.6e-12 of the mass, times at most some hundred nats.
    return 1e-9 * Math.max(1, Math.abs(expected));
  }

  /** What does not average out over random shifts at d > 1. */
  function fixedError(name: StatisticName, expected: number, modes: number): number {
    const scale = Math.max(1, Math.abs(expected));
    if (CLOSED.includes(name)) return 1e-9 * scale;
    // The truth's entropy at J > 1 comes from 65 536 points.
    if (name === 'entropyLoss') return 1e-4 + 1e-9 * scale;
    // A count of modes may tip on the threshold in some lineages, and e^entropy is not linear.
    if (name === 'modesAlive') return 0.05;
    if (name === 'effectiveModes') return 1e-2;
    if (name === 'rarestModeMass') return 1e-9;
    // Counts of fixed nodes: under four sd of as many random points, and a node.
    if (/coverage|bulk|Recall/.test(name)) {
      const count = name.startsWith('modeRecall') ? 256 / modes : 256;
      return 4 * Math.sqrt((expected * (1 - expected)) / count) + 1 / count;
    }
    // The level at J > 1 comes from 65 536 points, the oracle's masses from cells of 1/8 sd.
    if (name.startsWith('tailMass')) return 0.03 * scale;
    if (name === 'hallucinatedMass') return 0.03 * Math.max(0.001, expected);
    // Fixed nodes under p₀: 256 of them, for a spread of ln q of about one nat.
    return 4 / 256 + 1e-9 * scale;
  }
});

describe('special functions', () => {
  // scipy.special.erfc, SciPy 1.17.1.
  test.each([
    [-3, 1.9999779095030015],
    [-0.5, 1.5204998778130465],
    [0, 1],
    [0.1, 0.8875370839817152],
    [1, 0.15729920705028513],
    [2.4999, 0.0004071699003334512],
    [2.5, 0.0004069520174449589],
    [5, 1.5374597944280347e-12],
    [10, 2.088487583762545e-45],
    [26, 5.663192408856143e-296],
  ])('erfc %f', (x, expected) => {
    expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(1e-12);
  });

  test('χ² quantiles that bound regions of highest density', () => {
    // scipy.stats.chi2.isf(share, 3); at d = 2 the law is −2 ln share.
    expect(chiSquaredQuantile(0.1, 3)).toBeCloseTo(6.251388631170324, 10);
    expect(chiSquaredQuantile(0.001, 3)).toBeCloseTo(16.26623619623813, 10);
    expect(chiSquaredQuantile(0.01, 2)).toBeCloseTo(-2 * Math.log(0.01), 12);
    // The same of 4.
    expect(chiSquaredQuantile(0.1, 4)).toBeCloseTo(7.779440339734858, 10);
    expect(chiSquaredQuantile(0.001, 4)).toBeCloseTo(18.466826952903173, 10);
  });

  test('excess near 1 is (t² − 1)²/2', () => {
    const t = 1 + 1e-6;
    expect(excess(t) / (0.5 * (t * t - 1) ** 2)).toBeCloseTo(1, 5);
  });
});

test('the row of generation 0 is what the truth measures of itself', () => {
  for (const mixture of [gaussian(1), gaussian(3), gaussian(4), two]) {
    const truth = truthOf(mixture);
    const modes = mixture.weights.length;
    const names = statisticsIn(mixture.dim, modes, modes).filter((name) => name !== 'stepKl');
    const tables = statisticTables(truth, 1024, names);
    const row = truthValues(names, truth, tables);
    const found = measure(truth, framed(truth, mixture), 1024);
    names.forEach((name, i) => {
      // Above d = 1 a tail is a count of 1024 nodes: under four sd of as many random points.
      const share = { tailMass10: 0.1, tailMass1: 0.01 }[name as string] ?? 0.001;
      const region = name === 'coverage95' ? 4 * Math.sqrt((0.95 * 0.05) / 1024) : 0;
      const counted = mixture.dim > 1 && /tailMass|hallucinated|coverage/.test(name);
      const unit = name === 'hallucinatedMass' ? share : 1;
      const tail = 4 * unit * Math.sqrt((1 - share) / share / 1024);
      const bound = counted ? region || tail : 1e-9;
      expect(Math.abs(found[name] - row[i]!), name).toBeLessThan(bound);
    });
  }
});

describe('four dimensions', () => {
  const axes = [0, 1, 2, 3];
  /** R diag(variances) R for the reflection R = I − 2 v vᵀ, v = (1, 2, 3, 4)/√30. */
  const turned = (variances: readonly number[]) => {
    const reflection = (a: number, b: number) => Number(a === b) - ((a + 1) * (b + 1)) / 15;
    const entry = (a: number, b: number) =>
      axes.reduce((sum, c) => sum + reflection(a, c) * variances[c]! * reflection(c, b), 0);
    return axes.map((a) => axes.map((b) => entry(a, b)));
  };
  const mixtureOf = (weights: readonly number[], variances: readonly number[][]): Mixture => ({
    ...{ dim: 4, weights },
    means: weights.map((_, k) => [60 * k, -30 * k, 0, 10 * k]),
    covariances: variances.map((each) => pack(turned(each))),
  });
  const [home, away] = [[1, 0.5, 2, 0.25], [0.8, 1.5, 0.1, 3]] as const; // prettier-ignore

  test('the Fréchet distance of covariances that commute', () => {
    const truth = truthOf(mixtureOf([1], [[...home]]));
    const { frechetDistance } = measure(truth, framed(truth, mixtureOf([1], [[...away]])));
    // Σ (√a − √b)².
    const expected = axes.reduce((s, a) => s + (Math.sqrt(home[a]!) - Math.sqrt(away[a]!)) ** 2, 0);
    expect(frechetDistance).toBeCloseTo(expected, 10);
  });

  test('far components: entropy, loss and modes of each alone', () => {
    const truth = truthOf(mixtureOf([0.3, 0.7], [[...home], [...away]]));
    const model = framed(truth, mixtureOf([0.6, 0.4], [[...away], [...away]]));
    const found = measure(truth, model);
    const log = (variances: readonly number[]) => variances.reduce((s, v) => s + Math.log(v), 0);
    const own = 2 * Math.log(2 * Math.PI * Math.E) + 0.5 * log(away);
    const mixing = -0.6 * Math.log(0.6) - 0.4 * Math.log(0.4);
    expect(found.entropy).toBeCloseTo(own + mixing, 9);
    // KL of the weights, and of the first component: its covariance commutes with the model's.
    const ratios = axes.map((a) => home[a]! / away[a]!);
    const divergence = 0.5 * ratios.reduce((s, ratio) => s + ratio - 1 - Math.log(ratio), 0);
    const weights = 0.3 * Math.log(0.3 / 0.6) + 0.7 * Math.log(0.7 / 0.4);
    expect(found.klTruthToModel).toBeCloseTo(weights + 0.3 * divergence, 9);
    expect(found['modeMass_1']).toBeCloseTo(0.6, 9);
  });
});

describe('degenerate models', () => {
  test('variance e^-1940 of one component', () => {
    const truth = truthOf(gaussian(2));
    const model = framed(truth, gaussian(2));
    model.scale = -1400;
    const found = measure(truth, model);
    const log = -2 * 1400 * Math.LN2;
    expect(found.logVarianceRatio).toBeCloseTo(log, 9);
    expect(found.logDetRatio).toBeCloseTo(2 * log, 9);
    expect(found.entropy).toBeCloseTo(Math.log(2 * Math.PI * Math.E) + log, 9);
    expect(found.entropyLoss).toBeCloseTo(-log, 9);
    expect(found.klTruthToModel).toBe(SATURATION);
    // ½ [tr C₀⁻¹C − d − ln det C₀⁻¹C]
    expect(found.klModelToTruth).toBeCloseTo(-1 - log, 9);
    expect(found.calibrationGap).toBe(SATURATION);
    expect(found.tailMass1).toBe(0);
    expect(found.hallucinatedMass).toBe(0);
    expect(model.status).toBe(STATUS_BITS.overflow);
  });

  test('two components in a frame of e^-970', () => {
    const truth = truthOf(two);
    const reference = measure(truth, framed(truth, two));
    const model = framed(truth, two);
    model.scale = -1400;
    const found = measure(truth, model);
    expect(found.logDetRatio).toBeCloseTo(-2 * 1400 * Math.LN2, 9);
    expect(found.entropy).toBeCloseTo(reference.entropy - 1400 * Math.LN2, 9);
    // All of it lies at the origin, halfway between the modes.
    expect(found.rarestModeMass).toBeCloseTo(0.5, 9);
  });

  test('a thin direction keeps its logarithm', () => {
    const truth = truthOf(gaussian(2));
    const model = framed(truth, gaussian(2));
    // Correlation 1 − 5e-17: the covariance itself would be singular in f64.
    model.factors.set([0.5, 0.5, 0.5e-8]);
    const log = 2 * Math.log(0.5) + 2 * Math.log(0.5e-8) + 4 * model.exponents[0]! * Math.LN2;
    const unit = 4 * truth.log2Unit * Math.LN2;
    expect(measure(truth, model).logDetRatio).toBeCloseTo(log + unit, 9);
  });

  test('no width at all, in one component of two and in both', () => {
    const truth = truthOf(two);
    const half = framed(truth, two);
    half.factors[0] = 0;
    half.exponents[0] = ZERO_EXPONENT;
    const whole = framed(truth, two);
    whole.factors.fill(0);
    whole.exponents.fill(ZERO_EXPONENT);
    whole.means.fill(0);
    const some = measure(truth, half);
    const none = measure(truth, whole);
    expect(some.entropy).toBe(-SATURATION);
    expect(some.klModelToTruth).toBe(SATURATION);
    // The other component alone, with half the weight: KL(p₀ ‖ q) is finite.
    expect(some.klTruthToModel).toBeLessThan(10);
    // Half the mass at −2 and half around 2, of a variance between them of 4.
    expect(some.varianceRatio).toBeCloseTo(4.5 / 5, 12);
    expect(none.logVarianceRatio).toBe(-SATURATION);
    expect(none.klTruthToModel).toBe(SATURATION);
    expect(none.varianceRatio).toBe(0);
    expect(none.modesAlive).toBe(2);
    for (const values of [some, none]) {
      for (const name of statisticsIn(1, 2)) expect(Number.isFinite(values[name]), name).toBe(true);
    }
    expect([half.status, whole.status]).toEqual([STATUS_BITS.overflow, STATUS_BITS.overflow]);
  });

  test('a diverged mean is held', () => {
    const truth = truthOf(gaussian(1));
    const model = framed(truth, gaussian(1));
    model.origin[0] = 1e15;
    expect(measure(truth, model).meanShiftSquared).toBe(SATURATION);
  });
});

test('tables pack to a header, components and nodes', () => {
  const truth = truthOf(two);
  const words = packTables(statisticTables(truth, 64, STATISTIC_NAMES));
  // 19 + mean + factor, 2 × (weight, constant, mean, factor, inverse, 2 ends), 64 × (x, weight, ln p₀),
  // 64 × (z, share, weight, quantile).
  expect(words.length).toBe(19 + 2 + 2 * 7 + 64 * 3 + 64 * 4);
  expect(words[0]).toBe(64);
  expect(words[7]).toBe(64);
  expect(packTables(statisticTables(truth, 64, ['varianceRatio'])).length).toBe(35);
});
