import { expect, test } from 'vitest';
import { packModel, unpackModel } from '../../src/engine/webgpu/pack-model.ts';
import { ZERO_EXPONENT, type FramedModel } from '../../src/model/frame.ts';
import {
  accumulate,
  constrainFactor,
  createPrecision,
  createSums,
  DEAD_LOG_WEIGHT,
  fold,
  maximise,
  prepare,
  responsibilities,
  type Covariance,
  type MaximiseRules,
} from '../../src/model/gmm/em.ts';
import { nearestCentre, NEVER, raceTime } from '../../src/model/gmm/kmeans.ts';
import { emptyModel, normaliseFactor } from '../../src/model/gmm/model.ts';
import { packedLength } from '../../src/model/mixture.ts';
import { covariancesOf, toMixture } from '../support/components.ts';
import { describeGpu } from '../support/dawn.ts';
import { probe, probeRows } from '../support/probe.ts';
import { rowsOf, scene, type Scene } from '../support/scene.ts';
import { seeded, vectorBetween } from '../support/seeded.ts';
import { textbookShares, textbookStep } from '../support/textbook-em.ts';

const ULP = 2 ** -23;
/** Half of it: one rounding, relative. */
const ROUNDING = 2 ** -24;
/** Logarithms and precisions of the shaders are in bits. */
const BITS_PER_NAT = Math.LOG2E;
const ROOT_HALF_BITS = Math.sqrt(Math.LOG2E / 2);
const COVARIANCES: readonly Covariance[] = ['full', 'diagonal', 'spherical', 'tied'];

interface Shape {
  readonly dim: number;
  readonly count: number;
}

const constantsOf = ({ dim, count }: Shape, covariance: Covariance = 'full') => ({
  D: dim,
  K: count,
  TRI: packedLength(dim),
  COVARIANCE: covariance === 'tied' ? 0 : COVARIANCES.indexOf(covariance),
  TIED: covariance === 'tied' ? 1 : 0,
  ANCESTRY: 0,
  MODEL_WORDS: 2 + 2 * dim + count * (2 + dim + packedLength(dim)),
});

/** WGSL that reads the components of a row's first words. */
const readComponents = ({ dim, count }: Shape): string => {
  const length = packedLength(dim);
  const factors = count + count * dim;
  return `var components = Components();
  for (var k = 0u; k < ${count}u; k++) { components.weights[k] = inF(k); }
  for (var e = 0u; e < ${count * dim}u; e++) { components.means[e] = inF(${count}u + e); }
  for (var e = 0u; e < ${count * length}u; e++) { components.factors[e] = inF(${factors}u + e); }`;
};

/** Points of a scene, folded into the total eight at a time. */
const POINT_COUNT = 24;
const FOLD_EVERY = 8;

/** One E- and M-step in WGSL. `i += 1u` keeps the linker from unrolling the points. */
const stepBody = ({ dim, count }: Shape): string => {
  const length = packedLength(dim);
  const means = count;
  const factors = means + count * dim;
  const rules = factors + count * length;
  const points = rules + 5;
  const shares = count + count * length;
  const fitted = shares + POINT_COUNT * count;
  return `${readComponents({ dim, count })}
  var widths = prepare(&components, inF(${rules}u));
  for (var k = 0u; k < ${count}u; k++) { outF(k, widths.logWeights[k]); }
  for (var e = 0u; e < ${count * length}u; e++) { outF(${count}u + e, widths.inverses[e]); }
  var total = Sums();
  var block = Sums();
  for (var i = 0u; i < ${POINT_COUNT}u; i += 1u) {
    var y = array<f32, ${dim}>();
    for (var a = 0u; a < ${dim}u; a++) { y[a] = inF(${points}u + i * ${dim}u + a); }
    var r = responsibilities(&components, &widths, y);
    for (var k = 0u; k < ${count}u; k++) { outF(${shares}u + i * ${count}u + k, r[k]); }
    accumulate(&components, y, r, &block);
    if (i % ${FOLD_EVERY}u == ${FOLD_EVERY - 1}u) { fold(&total, &block); }
  }
  maximise(&components, &total,
    MaximiseRules(inF(${rules + 1}u), inF(${rules + 2}u), inF(${rules + 3}u), inU(${rules + 4}u)));
  for (var k = 0u; k < ${count}u; k++) { outF(${fitted}u + k, components.weights[k]); }
  for (var e = 0u; e < ${count * dim}u; e++) { outF(${fitted + means}u + e, components.means[e]); }
  for (var e = 0u; e < ${count * length}u; e++) {
    outF(${fitted + factors}u + e, components.factors[e]);
  }`;
};

interface Step {
  /** In nats, as the twin has them; inverses without the root that makes their squares bits. */
  readonly logWeights: number[];
  readonly inverses: number[];
  /** [point][component]. */
  readonly shares: number[][];
  readonly weights: number[];
  readonly means: number[];
  readonly factors: number[];
}

const WIDTH_FLOOR = 2 ** -20;

async function stepOnDevice(
  shape: Shape,
  scenes: readonly Scene[],
  rules: readonly MaximiseRules[],
): Promise<Step[]> {
  const { dim, count } = shape;
  const length = packedLength(dim);
  const rows = scenes.map(({ components: { weights, means, factors }, points }, i) => {
    const { sampleSize, bessel, floor, rank } = rules[i]!;
    const head = [...weights, ...means, ...factors, WIDTH_FLOOR, sampleSize, bessel, floor];
    const words = new Uint32Array(Float32Array.from([...head, 0, ...points]).buffer);
    words[head.length] = rank;
    return words;
  });
  const sizes = [count, count * length, POINT_COUNT * count, count, count * dim, count * length];
  const outputWords = sizes.reduce((a, b) => a + b, 0);
  const input = new Uint32Array(rows.length * rows[0]!.length);
  rows.forEach((row, i) => input.set(row, i * row.length));
  const names = [
    ...['accumulate', 'Components', 'fold', 'maximise', 'MaximiseRules'],
    ...['prepare', 'responsibilities', 'Sums'],
  ];
  const found = await probeRows({
    imports: [`package::gmm::em::{${names.join(', ')}}`],
    body: stepBody(shape),
    input,
    inputWords: rows[0]!.length,
    outputWords,
    constants: constantsOf(shape, rules[0]!.covariance),
  });
  const floats = Float64Array.from(new Float32Array(found.buffer));
  return scenes.map((_, i) => {
    let from = i * outputWords;
    const parts = sizes.map((size) => [...floats.subarray(from, (from += size))]);
    const shares = rowsOf(Float64Array.from(parts[2]!), count);
    const [logWeights, inverses, , weights, means, factors] = parts as [
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
    ];
    return {
      logWeights: logWeights.map((bits) => bits / BITS_PER_NAT),
      inverses: inverses.map((scaled) => scaled / ROOT_HALF_BITS),
      ...{ shares, weights, means, factors },
    };
  });
}

function stepOfTwin({ components: start, points }: Scene, rules: MaximiseRules): Step {
  const { dim, count } = start;
  const fitted = {
    ...start,
    weights: start.weights.slice(),
    means: start.means.slice(),
    factors: start.factors.slice(),
  };
  const precision = createPrecision(dim, count);
  const [total, block] = [createSums(dim, count), createSums(dim, count)];
  const shares: number[][] = [];
  const r = new Float64Array(count);
  prepare(fitted, WIDTH_FLOOR, precision);
  for (let i = 0; i < POINT_COUNT; i++) {
    responsibilities(fitted, precision, points, i, 1, r);
    shares.push([...r]);
    accumulate(fitted, points, i, 1, r, block);
    if (i % FOLD_EVERY === FOLD_EVERY - 1) fold(total, block);
  }
  maximise(fitted, total, rules);
  return {
    logWeights: [...precision.logWeights],
    inverses: [...precision.inverses],
    shares,
    weights: [...fitted.weights],
    means: [...fitted.means],
    factors: [...fitted.factors],
  };
}

/** Of every floor, Bessel factor and rank, by scene; all with the same covariance rule. */
const rulesOf = (i: number, dim: number, covariance: Covariance): MaximiseRules => ({
  sampleSize: POINT_COUNT,
  covariance,
  bessel: i % 3 === 1 ? Math.fround(POINT_COUNT / (POINT_COUNT - 1)) : 1,
  floor: i % 3 === 0 ? 2 ** -6 : 0,
  rank: i % 3 === 2 ? dim - 1 : dim,
});

/** Absolute up to 1, relative above. */
function expectClose(found: readonly number[], expected: readonly number[], tolerance: number) {
  expect(found.length).toBe(expected.length);
  const errors = expected.map((x, i) => Math.abs(found[i]! - x) / Math.max(1, Math.abs(x)));
  expect(Math.max(...errors)).toBeLessThanOrEqual(tolerance);
}

// ln of a weight and of three pivots, each to 1.5 ulp, their sum and a factor: 6 ulp and six roundings.
const PREPARE_ERROR = 12 * ULP;

// A share counts while its square is under 40 nats, formed in d + 3 ≤ 6 roundings of half an ulp:
// 1.5e-5 in a log-odds, of which r(1 − r) ≤ ¼ reaches a share. At K = 2, d = 1 the odds are a
// polynomial about the narrower mean: three roundings of 2 ab ≤ 80 nats, a and b the components'
// squares there, come to the same.
const SHARE_ERROR = 4e-6;

// Moments average such errors over 24 points within 6 of a mean: at worst 36 of them, were they all
// of one sign; they are of either, and √24 of 24 remain.
const MOMENT_ERROR = (36 * SHARE_ERROR) / Math.sqrt(POINT_COUNT);

describeGpu('an EM step equals its twin and the textbook', () => {
  const shapes = [1, 2, 3].flatMap((dim) => [1, 2, 3, 5].map((count) => ({ dim, count })));
  const cases = shapes.flatMap((shape) =>
    COVARIANCES.map((covariance) => ({ ...shape, covariance })),
  );

  test.each(cases)('K = $count, d = $dim, $covariance', async ({ covariance, ...shape }) => {
    const { dim, count } = shape;
    const scenes = Array.from({ length: 12 }, (_, i) =>
      scene(100 * i + 7, dim, count, POINT_COUNT),
    );
    const rules = scenes.map((_, i) => rulesOf(i, dim, covariance));
    const found = await stepOnDevice(shape, scenes, rules);
    scenes.forEach((each, i) => {
      const step = found[i]!;
      const twin = stepOfTwin(each, rules[i]!);
      const covariances = covariancesOf(step.factors, dim).flat(2);
      expectClose(step.logWeights, twin.logWeights, PREPARE_ERROR);
      expectClose(step.inverses, twin.inverses, PREPARE_ERROR);
      expectClose(step.shares.flat(), twin.shares.flat(), SHARE_ERROR);
      expectClose(step.weights, twin.weights, SHARE_ERROR);
      expectClose(step.means, twin.means, MOMENT_ERROR);
      expectClose(covariances, covariancesOf(twin.factors, dim).flat(2), MOMENT_ERROR);
      const start = toMixture(each.components);
      const points = rowsOf(each.points, dim);
      const shares = points.flatMap((x) => textbookShares(start, x));
      expectClose(step.shares.flat(), shares, SHARE_ERROR);
      const textbook = textbookStep(start, points, rules[i]!);
      expectClose(step.weights, textbook.weights, SHARE_ERROR);
      expectClose(step.means, textbook.means.flat(), MOMENT_ERROR);
      // The textbook knows no rank.
      if (rules[i]!.rank === dim) {
        expectClose(covariances, textbook.covariances.flat(2), MOMENT_ERROR);
      }
    });
  });
});

describeGpu('extinction', () => {
  const shape = { dim: 1, count: 2 };
  const pair = (weights: number[], gap: number, spot: number): Scene => ({
    components: {
      ...shape,
      weights: Float64Array.from(weights),
      means: Float64Array.of(0, gap),
      factors: Float64Array.of(1, 1),
    },
    points: new Float64Array(POINT_COUNT).fill(spot),
  });
  const rules: MaximiseRules = {
    sampleSize: POINT_COUNT,
    covariance: 'full',
    bessel: 1,
    floor: 0,
    rank: 1,
  };

  test('a component with less than e⁻⁶⁴ of a point keeps exactly nothing', async () => {
    // gap²/2 nats: e⁻⁶⁴ shared by all points, ± 1e-5 relative in the gap, twenty times the roundings
    // of its square.
    const gap = Math.sqrt(128 + 2 * Math.log(POINT_COUNT));
    const scenes = [gap * (1 - 1e-5), gap * (1 + 1e-5)].map((g) => pair([0.5, 0.5], g, 0));
    const [near, far] = await stepOnDevice(shape, scenes, [rules, rules]);
    expect(near!.weights[1]).toBeGreaterThan(0);
    expect(far!.weights).toEqual([1, 0]);
    expect(far!.means[1]).toBe(Math.fround(gap * (1 + 1e-5)));
    expect(far!.factors).toEqual([0, 0]);
  });

  test('a dead component has ln weight −1e30 and stays dead where points are', async () => {
    const dead = pair([1, 0], 8, 8);
    dead.components.factors[1] = 0;
    const [step] = await stepOnDevice(shape, [dead], [rules]);
    // Not a logarithm, and so not scaled.
    expect(step!.logWeights[1]! * BITS_PER_NAT).toBeCloseTo(Math.fround(DEAD_LOG_WEIGHT), -20);
    expect(step!.shares.every(([first, second]) => first === 1 && second === 0)).toBe(true);
    expect(step!.weights).toEqual([1, 0]);
    expect(step!.factors[1]).toBe(0);
  });

  test('widths are held at the floor', async () => {
    const narrow = pair([0.5, 0.5], 1, 0);
    narrow.components.factors.set([2 ** -30, 0]);
    const [step] = await stepOnDevice(shape, [narrow], [rules]);
    // One rounding of the root, one of the product with it.
    for (const inverse of step!.inverses) {
      expect(Math.abs(inverse * WIDTH_FLOOR - 1)).toBeLessThanOrEqual(2 * ROUNDING);
    }
  });
});

/** Likelihoods of a scene's points and, for K = 2, odds and both shares. */
async function oddsOnDevice(shape: Shape, scenes: readonly Scene[]) {
  const { dim, count } = shape;
  const first = count * (1 + dim + packedLength(dim));
  const outputWords = POINT_COUNT * (1 + (count === 2 ? 3 : 0));
  const rows = scenes.map(({ components: { weights, means, factors }, points }) =>
    Float32Array.of(...weights, ...means, ...factors, ...points),
  );
  const odds = `let odds = logOdds(&components, &widths, y);
    var both = complementary(odds);
    outF(${POINT_COUNT}u + 3u * i, odds);
    outF(${POINT_COUNT}u + 3u * i + 1u, both[0]);
    outF(${POINT_COUNT}u + 3u * i + 2u, both[1]);`;
  const names = ['complementary', 'Components', 'logLikelihood', 'logOdds', 'prepare'];
  const found = await probeRows({
    imports: [`package::gmm::em::{${names.join(', ')}}`],
    body: `${readComponents(shape)}
    var widths = prepare(&components, ${WIDTH_FLOOR});
    for (var i = 0u; i < ${POINT_COUNT}u; i += 1u) {
      var y = array<f32, ${dim}>();
      for (var a = 0u; a < ${dim}u; a++) { y[a] = inF(${first}u + i * ${dim}u + a); }
      outF(i, logLikelihood(&components, &widths, y));
      ${count === 2 ? odds : ''}
    }`,
    input: new Uint32Array(Float32Array.from(rows.flatMap((row) => [...row])).buffer),
    inputWords: rows[0]!.length,
    outputWords,
    constants: constantsOf(shape),
  });
  const floats = Float64Array.from(new Float32Array(found.buffer));
  return scenes.map((_, i) => {
    const own = floats.subarray(i * outputWords, (i + 1) * outputWords);
    return {
      likelihoods: own.slice(0, POINT_COUNT),
      odds: rowsOf(own.slice(POINT_COUNT), 3),
    };
  });
}

/**
 * ln(weight · density) of each component at a point, and how far f32 may be off: d + 3 roundings of
 * each square, were none of its d terms of another sign, and those of `prepare`.
 */
function logTerms({ components }: Scene, y: readonly number[]) {
  const { dim, count, means } = components;
  const precision = createPrecision(dim, count);
  prepare(components, WIDTH_FLOOR, precision);
  return Array.from({ length: count }, (_, k) => {
    let [square, size] = [0, 0];
    for (let a = 0; a < dim; a++) {
      const parts = Array.from({ length: a + 1 }, (__, b) => {
        const entry = k * packedLength(dim) + (a * (a + 1)) / 2 + b;
        return precision.inverses[entry]! * (y[b]! - means[k * dim + b]!);
      });
      square += parts.reduce((u, part) => u + part, 0) ** 2;
      size += parts.reduce((u, part) => u + Math.abs(part), 0) ** 2;
    }
    const value = precision.logWeights[k]! - square / 2;
    return { value, error: 2 * (dim + 3) * ROUNDING * (size / 2 + 1) + PREPARE_ERROR };
  });
}

describeGpu('likelihoods and odds', () => {
  const shapes = [1, 2, 3].flatMap((dim) => [1, 2, 3, 5].map((count) => ({ dim, count })));

  test.each(shapes)('of K = $count, d = $dim are those of the twin', async (shape) => {
    const scenes = Array.from({ length: 12 }, (_, i) =>
      scene(900 + i, shape.dim, shape.count, POINT_COUNT),
    );
    const found = await oddsOnDevice(shape, scenes);
    scenes.forEach((each, s) => {
      const { dim, count } = each.components;
      const precision = createPrecision(dim, count);
      prepare(each.components, WIDTH_FLOOR, precision);
      const r = new Float64Array(count);
      rowsOf(each.points, dim).forEach((y, i) => {
        const likelihood = responsibilities(each.components, precision, each.points, i, 1, r, true);
        const terms = logTerms(each, y);
        // Each component errs as much as it has a share; a sum's logarithm by an ulp and a half.
        const own = terms.reduce((sum, { error }, k) => sum + r[k]! * error, 0);
        const limit = own + 4 * ULP * Math.max(1, Math.abs(likelihood));
        expect(Math.abs(found[s]!.likelihoods[i]! - likelihood)).toBeLessThanOrEqual(limit);
        if (count !== 2) return;
        const [odds, first, second] = found[s]!.odds[i] as [number, number, number];
        const expected = terms[0]!.value - terms[1]!.value;
        const error = terms[0]!.error + terms[1]!.error;
        expect(Math.abs(odds / BITS_PER_NAT - expected)).toBeLessThanOrEqual(error);
        // Each keeps its digits, however small: what is off is the odds, an exponential of 3 + 2 |x|
        // ulp (WGSL), a reciprocal of 2.5, and the cutoff.
        const digits = error + (3 + 2 * Math.abs(odds) + 4) * ULP;
        [first, second].forEach((share, k) => {
          const cut = 2 * Math.exp(-64);
          expect(Math.abs(share - r[k]!)).toBeLessThanOrEqual(digits * r[k]! + cut);
        });
      });
    });
  });

  test('both shares of far points add up to one, and the lesser keeps its digits', async () => {
    const nats = [0, 1e-3, 1, 20, 63, 65, 90, 1e4, 1e9];
    const rows = [...nats, ...nats.map((x) => -x)].map((x) => [x * BITS_PER_NAT]);
    const found = await probe({
      call: 'package::gmm::em::complementary',
      parameters: ['f32'],
      result: 'array<f32, 2>',
      rows,
      constants: constantsOf({ dim: 1, count: 2 }),
    });
    rows.forEach(([bits], i) => {
      const odds = Math.fround(bits!) / BITS_PER_NAT;
      const [first, second] = found[i] as [number, number];
      expect(Math.abs(first + second - 1)).toBeLessThanOrEqual(4 * ULP);
      expect(first > second).toBe(odds > 0);
      const lesser = Math.min(first, second);
      if (Math.abs(odds) >= 64) {
        expect(lesser).toBeLessThan(Math.exp(-64));
      } else {
        // WGSL's exp2 may be 3 + 2|x| ulp off; sum, reciprocal and product add one each.
        const ulps = 6 + 2 * Math.abs(bits!);
        const ratio = lesser / Math.max(first, second) / 2 ** -Math.abs(Math.fround(bits!));
        expect(Math.abs(ratio - 1)).toBeLessThanOrEqual(ulps * ULP);
      }
    });
  });
});

describeGpu.each(COVARIANCES)('constrainFactor, %s', (covariance) => {
  test.each([1, 2, 3])('d = %i', async (dim) => {
    const next = seeded(64 + dim);
    const length = packedLength(dim);
    const zero = new Array<number>(length).fill(0);
    const rows = [
      zero,
      ...Array.from({ length: 200 }, (_, i) =>
        vectorBetween(next, length, -1, 1).map((x) => Math.fround(x * 2 ** ((i % 40) - 20))),
      ),
    ];
    const type = `array<f32, ${length}>`;
    const found = await probe({
      call: 'package::gmm::em::constrainFactor',
      parameters: [type],
      result: type,
      rows,
      constants: constantsOf({ dim, count: 1 }, covariance),
    });
    rows.forEach((row, i) => {
      const expected = Float64Array.from(row);
      constrainFactor(expected, dim, covariance);
      expected.forEach((x, e) => {
        // Up to six squares, their sum, a share of it and a root: none cancels.
        expect(Math.abs(found[i]![e]! - x)).toBeLessThanOrEqual(7 * ROUNDING * Math.abs(x));
      });
    });
  });
});

describeGpu('k-means', () => {
  test('raceTime', async () => {
    const next = seeded(61);
    const rows = [
      [1, 0],
      [1, 2 ** -126],
      [0.5, 2 ** 100],
      ...Array.from({ length: 500 }, () => vectorBetween(next, 2, 0.01, 10)),
    ];
    const found = await probe({
      call: 'package::gmm::kmeans::raceTime',
      parameters: ['f32', 'f32'],
      result: 'f32',
      rows,
      constants: constantsOf({ dim: 1, count: 1 }),
    });
    expect(found[0]![0]).toBe(Math.fround(NEVER));
    // A quotient, which WGSL rounds to 2.5 ulp.
    rows.forEach(([exponential, square], i) => {
      const expected = raceTime(exponential!, square!);
      expect(Math.abs(found[i]![0]! / expected - 1)).toBeLessThanOrEqual(2.5 * ULP);
    });
  });

  test.each([1, 2, 3])('nearestCentre of the first count, first of equals, d = %i', async (dim) => {
    const count = 5;
    const next = seeded(62);
    const rows = Array.from({ length: 500 }, (_, i) => {
      // Multiples of 1/8: squares are exact, and ties happen.
      const coarse = (n: number) => vectorBetween(next, n, -1, 1).map((x) => Math.round(8 * x) / 8);
      return [...coarse(count * dim), ...coarse(dim), 1 + (i % count)];
    });
    const width = count * dim;
    const words = new Uint32Array(Float32Array.from(rows.flat()).buffer);
    const found = await probeRows({
      imports: ['package::gmm::kmeans::nearestCentre'],
      body: `var centres = array<f32, ${width}>();
        for (var e = 0u; e < ${width}u; e++) { centres[e] = inF(e); }
        var y = array<f32, ${dim}>();
        for (var a = 0u; a < ${dim}u; a++) { y[a] = inF(${width}u + a); }
        outU(0u, nearestCentre(&centres, u32(inF(${width + dim}u)), y));`,
      input: words,
      inputWords: width + dim + 1,
      outputWords: 1,
      constants: constantsOf({ dim, count }),
    });
    const expected = rows.map((row) => {
      const values = Float64Array.from(row);
      return nearestCentre(values, row.at(-1)!, values, width, dim);
    });
    expect([...found]).toEqual(expected);
  });
});

describeGpu.each([
  { dim: 1, count: 1 },
  { dim: 2, count: 3 },
  { dim: 3, count: 5 },
])('models as words, d = $dim, K = $count', (shape) => {
  const { dim, count } = shape;
  const length = packedLength(dim);
  const constants = constantsOf(shape);
  const next = seeded(63);

  const model = (): FramedModel => {
    const made = emptyModel(dim, count);
    made.scale = (next() | 0) >> 12;
    made.status = next() & 63;
    for (const field of ['origin', 'originLow', 'weights', 'means', 'factors'] as const) {
      made[field].set(vectorBetween(next, made[field].length, -2, 2));
    }
    for (let k = 1; k < count; k++) made.exponents[k] = (next() | 0) >> 12;
    return made;
  };

  test('host → WGSL → host changes nothing', async () => {
    const models = Array.from({ length: 70 }, model);
    const words = Uint32Array.from(models.flatMap((each) => [...packModel(each)]));
    const width = constants.MODEL_WORDS;
    expect(words.length).toBe(70 * width);
    const found = await probeRows({
      imports: ['package::gmm::model::{packModel, unpackModel}'],
      body: `var packed = array<u32, ${width}>();
        for (var w = 0u; w < ${width}u; w++) { packed[w] = inU(w); }
        var model = unpackModel(&packed);
        var again = packModel(&model);
        for (var w = 0u; w < ${width}u; w++) { outU(w, again[w]); }`,
      input: words,
      inputWords: width,
      outputWords: width,
      constants,
    });
    expect(found).toEqual(words);
    models.forEach((each, i) => {
      expect(unpackModel(dim, count, (word) => found[i * width + word]!)).toEqual(each);
    });
  });

  test('the struct has its fields in their places', async () => {
    const each = model();
    const words = packModel(each);
    const lengths = { origin: dim, originLow: dim, weights: count, means: count * dim };
    const fields = Object.entries({ ...lengths, factors: count * length });
    const floatCount = fields.reduce((sum, [, size]) => sum + size, 0);
    let at = 2;
    const writes = fields.map(([field, size]) => {
      const from = at;
      at += size;
      return `for (var e = 0u; e < ${size}u; e++) { outF(${from}u + e, model.${field}[e]); }`;
    });
    const found = await probeRows({
      imports: ['package::gmm::model::unpackModel'],
      body: `var packed = array<u32, ${words.length}>();
        for (var w = 0u; w < ${words.length}u; w++) { packed[w] = inU(w); }
        var model = unpackModel(&packed);
        outI(0u, model.scale);
        outU(1u, model.status);
        ${writes.join('\n')}
        for (var k = 0u; k < ${count}u; k++) { outI(${2 + floatCount}u + k, model.exponents[k]); }`,
      input: words,
      inputWords: words.length,
      outputWords: words.length,
      constants,
    });
    expect(found).toEqual(words);
  });

  test('setFactor normalises exactly', async () => {
    const zero = new Array<number>(length).fill(0);
    const factors = Array.from({ length: 100 }, (_, i) =>
      vectorBetween(next, length, -1, 1).map((x) => Math.fround(x * 2 ** (i - 50))),
    );
    const rows = [zero, ...factors];
    const found = await probeRows({
      imports: ['package::gmm::model::{emptyModel, setFactor}'],
      body: `var model = emptyModel();
        var factor = array<f32, ${length}>();
        for (var e = 0u; e < ${length}u; e++) { factor[e] = inF(e); }
        setFactor(&model, ${count - 1}u, factor);
        outI(0u, model.exponents[${count - 1}u]);
        for (var e = 0u; e < ${length}u; e++) {
          outF(1u + e, model.factors[${(count - 1) * length}u + e]);
        }`,
      input: new Uint32Array(Float32Array.from(rows.flat()).buffer),
      inputWords: length,
      outputWords: 1 + length,
      constants,
    });
    const floats = new Float32Array(found.buffer);
    rows.forEach((row, i) => {
      const expected = Float64Array.from(row);
      const exponent = normaliseFactor(expected, 0, length);
      const from = i * (1 + length);
      expect(found[from]! | 0).toBe(i === 0 ? ZERO_EXPONENT : exponent);
      expect([...floats.subarray(from + 1, from + 1 + length)]).toEqual([...expected]);
    });
  });
});
