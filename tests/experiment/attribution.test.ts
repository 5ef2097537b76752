/** Which error did it: the switches, exact laws of their shares on every engine, and what is said. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import {
  attributionOf,
  type Attribution,
  type AttributionRequest,
} from '../../src/experiment/attribution/attribution.ts';
import {
  CAUSES,
  COALITIONS,
  withCauses,
  type CauseName,
} from '../../src/experiment/attribution/causes.ts';
import { FOUR_CAUSES } from '../../src/experiment/attribution/example.ts';
import {
  defaultManyPoints,
  factorialOf,
  planFactorial,
  runFactorial,
} from '../../src/experiment/attribution/factorial.ts';
import { attributionCsv, attributionText } from '../../src/experiment/attribution/report.ts';
import { BLOCKS, overBlocks, reachOf } from '../../src/experiment/blocks.ts';
import { summaryAt } from '../../src/experiment/results.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { digamma, trigamma } from '../../src/model/theory/polygamma.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { runSpec } from '../support/run-spec.ts';

const specOf = (raw: object) => parseSpec(raw);
const absenceOf = (raw: object, manyPoints = 10_000) => ({
  truth: resolveTruth(specOf(raw).truth, null),
  manyPoints,
});
const bitOf = (name: CauseName) => 1 << CAUSES.findIndex((cause) => cause.name === name);
const ALL = COALITIONS - 1;

/** The spec without one cause. */
const without = (name: CauseName, raw: object) =>
  withCauses(specOf(raw), ALL & ~bitOf(name), absenceOf(raw));

async function attributed(
  engine: Engine,
  raw: object,
  request: Partial<AttributionRequest> = {},
  manyPoints?: number,
): Promise<Attribution> {
  const spec = specOf(raw);
  const factorial = factorialOf(spec, null, manyPoints);
  const run = await runFactorial(factorial, planFactorial(factorial, engine, null), engine);
  const [statistic] = spec.statistics;
  const { generations: generation } = spec;
  return attributionOf(run, { statistic: statistic!, summary: 'q50', generation, ...request });
}

describe('switches', () => {
  const blobs = { kind: 'blobs', components: 3 };

  test('with all causes a spec is what it was', () => {
    const raw = { ...FOUR_CAUSES };
    expect(withCauses(specOf(raw), ALL, absenceOf(raw))).toEqual(specOf(raw));
  });

  test('without finite n, what stands for a share of the points grows with them', () => {
    const raw = {
      truth: blobs,
      batch: { web: { stock: 10, published: 5, humanReservoir: 700 } },
      fit: { estimator: 'map', prior: { strength: { at: [[1, 10], [5, 20]] } } }, // prettier-ignore
      sampleSize: 100,
    };
    const spec = without('finite-n', raw);
    expect(spec.sampleSize).toBe(10_000);
    expect(spec.fit.prior!.strength).toEqual({ at: [[1, 1000], [5, 2000]] }); // prettier-ignore
    expect(spec.batch.web).toEqual({ stock: 10, published: 5, humanReservoir: 70_000 });
    // More than so many are no finite n to be taken away.
    const large = { ...raw, batch: {}, sampleSize: 20_000 };
    expect(without('finite-n', large)).toEqual(specOf(large));
  });

  test("without the family, J components of a shape that is the truth's", () => {
    const one = { truth: blobs, fit: { components: 1 } };
    expect(without('family', one).fit).toMatchObject({ components: 3, estimator: 'em' });
    // Round blobs are spherical, diagonal and tied: that is no wrong family.
    for (const covariance of ['full', 'diagonal', 'spherical', 'tied']) {
      const raw = { truth: { ...blobs, dim: 2 }, fit: { covariance } };
      expect(without('family', raw)).toEqual(specOf(raw));
    }
    const component = (mean: number[], covariance: number[][]) => ({
      weight: 0.5,
      mean,
      covariance,
    });
    const shapes = (a: number[][], b: number[][]) => ({
      kind: 'mixture',
      components: [component([0, 0], a), component([6, 0], b)],
    });
    const [round, wide] = [[[1, 0], [0, 1]], [[2, 0], [0, 1]]]; // prettier-ignore
    const tilted = [[1, 0.5], [0.5, 1]]; // prettier-ignore
    const kept = (truth: object, covariance: string) =>
      without('family', { truth, fit: { covariance } }).fit.covariance;
    expect(kept(shapes(wide, wide), 'diagonal')).toBe('diagonal');
    expect(kept(shapes(wide, wide), 'spherical')).toBe('full');
    expect(kept(shapes(tilted, tilted), 'tied')).toBe('tied');
    expect(kept(shapes(tilted, tilted), 'diagonal')).toBe('full');
    expect(kept(shapes(round, wide), 'tied')).toBe('full');
    expect(kept(shapes(round, wide), 'diagonal')).toBe('diagonal');
  });

  test('without learning, EM to its end from the parent; without the sampler, the model as it is', () => {
    const raw = {
      ...FOUR_CAUSES,
      batch: { samplingBias: 0.9, truncation: 2, weightSharpening: 1.5, realFraction: 0.1 },
    };
    const learned = without('learning', raw).fit;
    expect(learned).toMatchObject({ init: 'parent', iterations: 1000, tolerance: 1e-6 });
    const { batch } = without('sampler', raw);
    expect(batch).toMatchObject({ samplingBias: 1, truncation: null, weightSharpening: 1 });
    // What is no cause stays.
    expect(batch.realFraction).toBe(0.1);
  });

  test('one component has no start and no steps: learning is no cause', () => {
    const raw = { truth: { kind: 'blobs', components: 1 }, fit: { iterations: 3, init: 'kmeans' } };
    const absence = absenceOf(raw);
    for (let coalition = 0; coalition < COALITIONS; coalition++) {
      const other = coalition ^ bitOf('learning');
      const [one, two] = [coalition, other].map((c) => withCauses(specOf(raw), c, absence));
      expect(one).toEqual(two);
    }
  });

  test('what cannot be without a cause says so', () => {
    // More modes than models have components.
    const raw = { truth: { kind: 'blobs', components: 30 }, fit: { components: 2 } };
    expect(() => without('family', raw)).toThrow(/Without Family: /);
  });

  test('many points: a hundred times as many, within bounds, and fewer where sets grow', () => {
    const many = (raw: object) => defaultManyPoints(specOf({ truth: blobs, ...raw }));
    expect(many({ sampleSize: 10 })).toBe(10_000);
    expect(many({ sampleSize: 500 })).toBe(50_000);
    expect(many({ sampleSize: 5000 })).toBe(100_000);
    expect(many({ sampleSize: 200_000 })).toBe(200_000);
    expect(many({ retention: 'accumulate', sampleSize: 1000, generations: 50 })).toBe(10_000);
  });
});

describe('blocks', () => {
  test('mean, standard error and reach of ten numbers', () => {
    const values = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // Var = 110/12 · … = 55/6; se = √(55/6/10).
    const estimate = overBlocks(values);
    expect(estimate.value).toBe(5.5);
    expect(estimate.se).toBeCloseTo(Math.sqrt(55 / 60), 12);
    // scipy.stats.t.ppf(.975, 9).
    expect(reachOf(estimate) / estimate.se).toBe(2.262157162798205);
  });

  test('block 0 has the lineages of a plain run, and no two blocks are alike', async () => {
    const raw = { ...FOUR_CAUSES, sampleSize: 50, generations: 3, replicates: 40, criteria: [] };
    const engine = createReferenceEngine();
    const factorial = factorialOf(specOf(raw), null, 200);
    const { results, places } = await runFactorial(
      factorial,
      planFactorial(factorial, engine, null),
      engine,
    );
    const plain = await runSpec(engine, { ...raw, replicates: 4 });
    const first = places[ALL]! * BLOCKS;
    const [name] = plain.plan.statistics;
    const meanOf = (block: number) => summaryAt(results, first + block, 3, 0, 'mean');
    expect(meanOf(0)).toBe(plain.value(0, 3, name!, 'mean'));
    expect(new Set(Array.from({ length: BLOCKS }, (_, block) => meanOf(block))).size).toBe(BLOCKS);
  });
});

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  /**
   * K = J = 1: ln v_t is a sum, t terms ln(χ²_{n−1}/n) and t − 1 terms ln λ. So chance has
   * t·(g(n) − g(N)), g(n) = ψ((n − 1)/2) + ln(2/n), the sampler (t − 1)·ln λ to rounding and in every
   * lineage, and there is no interaction.
   */
  test('one Gaussian: shares are those of theory', async () => {
    const [n, many, t, lambda, replicates] = [20, 2000, 10, 0.9, 2000];
    const found = await attributed(
      engine,
      {
        seed: 11,
        truth: { kind: 'blobs', components: 1 },
        batch: { samplingBias: lambda },
        fit: { iterations: 3, init: 'kmeans' },
        ...{ sampleSize: n, generations: t, replicates, statistics: ['logVarianceRatio'] },
      },
      { summary: 'mean' },
      many,
    );
    const [finite, family, learning, sampler] = found.causes;
    const drift = (points: number) => t * (digamma((points - 1) / 2) + Math.log(2 / points));
    const spread = (points: number) => t * trigamma((points - 1) / 2);
    // Lineages with N points are a tenth; sums of both errors, as cells share their numbers.
    const se = Math.sqrt(spread(n) / replicates) + Math.sqrt(spread(many) / (replicates / 10));
    const z = (finite!.share.value - (drift(n) - drift(many))) / se;
    expect(Math.abs(z)).toBeLessThanOrEqual(4);
    // The blocks' own error has 9 degrees of freedom: χ²₉/9 is within 0.02 … 4.2 but once in 10⁴;
    // the true one lies between that of n alone and the sum.
    expect(finite!.share.se).toBeLessThan(se * Math.sqrt(4.2));
    expect(finite!.share.se).toBeGreaterThan(Math.sqrt((0.02 * spread(n)) / replicates));
    // f32: log variances up to 4 with errors of some 2⁻²² of themselves, in differences of two.
    const rounding = 4 * 4 * 2 ** -22;
    expect(Math.abs(sampler!.share.value - (t - 1) * Math.log(lambda))).toBeLessThan(rounding);
    for (const { value } of found.interactions) {
      expect(Math.abs(value.value)).toBeLessThan(4 * rounding);
    }
    for (const idle of [family!, learning!]) {
      expect(idle).toMatchObject({ acts: false, share: { value: 0, se: 0 } });
    }
    // Moving from N/4 to N goes as 1/N: what is left is that of g(N) to second order in 1/N, and chance.
    const few = 2 * Math.sqrt(spread(many / 4) / (replicates / 10));
    expect(Math.abs(finite!.left - drift(many))).toBeLessThan(4 * few);
  });

  test('where only n acts it has all, and a spec without any cause has nothing', async () => {
    const raw = {
      seed: 5,
      truth: { kind: 'blobs', components: 2 },
      fit: { iterations: 1000, tolerance: 1e-6 },
      ...{ sampleSize: 30, generations: 3, replicates: 40, statistics: ['klTruthToModel'] },
    };
    const found = await attributed(engine, raw, {}, 400);
    const [finite, ...idle] = found.causes;
    expect(finite!.acts).toBe(true);
    // Quarters and twelfths of the same difference.
    expect(finite!.share.value).toBeCloseTo(found.explained.value, 12);
    expect(finite!.share.se).toBeCloseTo(found.explained.se, 12);
    expect(finite!.portion).toBeCloseTo(1, 12);
    expect(finite!.share.value).toBeGreaterThan(reachOf(finite!.share));
    idle.forEach((cause) => expect(cause).toMatchObject({ acts: false, share: { value: 0 } }));
    const nothing = await attributed(engine, raw, {}, 30);
    nothing.causes.forEach(({ acts, share }) => {
      expect([acts, share.value]).toEqual([false, 0]);
    });
  });
});

describe('all four', () => {
  const engine = createReferenceEngine();
  let found: Attribution;
  beforeAll(async () => {
    const small = { sampleSize: 40, generations: 4, replicates: 60 };
    found = await attributed(
      engine,
      { ...FOUR_CAUSES, ...small, statistics: ['klTruthToModel'] },
      {},
      400,
    );
  });

  test('shares add up to all less none, and so do portions to 1', () => {
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    const shares = found.causes.map(({ share }) => share.value);
    expect(sum(shares)).toBeCloseTo(found.all.value - found.none.value, 12);
    expect(sum(found.causes.map(({ portion }) => portion))).toBeCloseTo(1, 12);
    expect(found.combinations.map(({ value }) => value.value)).toHaveLength(COALITIONS);
    expect(new Set(found.combinations.map(({ value }) => value.value)).size).toBe(COALITIONS);
    expect(found.complete).toBe(true);
  });

  test('lineages: all where n is finite, fewer elsewhere', () => {
    for (const { causes, sampleSize, lineages } of found.combinations) {
      const finite = causes.includes('finite-n');
      expect([sampleSize, lineages]).toEqual(finite ? [40, 60] : [400, 40]);
    }
  });

  test('the text has bars, sixteen rows and the sum; CSV a row for each number', () => {
    const text = attributionText(found);
    expect(text).toContain('█');
    expect(text.match(/^ {2}[×·] /gm)).toHaveLength(COALITIONS);
    expect(text).toContain(`less ${Number(found.none.value.toPrecision(6))} with none`);
    const lines = attributionCsv(found).trim().split('\n');
    expect(lines).toHaveLength(1 + 16 + 4 + 6);
    const fields = lines.map((line) => line.split(','));
    expect(new Set(fields.map((row) => row.length))).toEqual(new Set([12]));
    expect(fields[1]!.slice(0, 5)).toEqual(['combination', '0', '0', '0', '0']);
    expect(Number(fields[16]![5])).toBe(found.all.value);
  });

  test('what has no number is said, and is empty in CSV', () => {
    const gone = { value: NaN, se: NaN };
    const held: Attribution = {
      ...found,
      summary: 'mean',
      causes: found.causes.map((cause) => ({ ...cause, share: gone, portion: NaN })),
      combinations: found.combinations.map((one) => ({ ...one, value: gone, held: 3 })),
      all: gone,
      explained: gone,
    };
    const text = attributionText(held);
    expect(text).toContain('In 16 of 16 combinations some lineages are held at ±1e18');
    expect(text).toContain('--summary q50');
    expect(text).not.toMatch(/NaN|Infinity/);
    expect(attributionCsv(held).split('\n')[1]).toBe('combination,0,0,0,0,,,,,400,40,3');
  });
});

test('the example of the README is what is run where nothing is given', () => {
  const file = new URL('../../examples/attribution/spec.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(FOUR_CAUSES);
});
