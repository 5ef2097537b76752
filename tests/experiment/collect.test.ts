import { describe, expect, test } from 'vitest';
import { collect } from '../../src/experiment/collect.ts';
import { summaryAt, statusAt, type Results } from '../../src/experiment/results.ts';
import { CHUNK, type EngineLimits } from '../../src/plan/plan.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { framesOf, rowValues, type ValueOf } from './frames-fixture.ts';

const LIMITS: EngineLimits = {
  bufferBytes: 2 ** 30,
  totalBytes: 2 ** 32,
  dispatchWork: 1e12,
  lanes: null,
  lacks: [],
  batchLineages: 2 ** 20,
};

const spec = (replicates: number, more: object = {}) =>
  parseSpec({
    truth: { kind: 'blobs', components: 1 },
    replicates,
    generations: 4,
    statistics: ['varianceRatio', 'logVarianceRatio'],
    sweep: { sampleSize: [10, 20] },
    ...more,
  });

/** A skewed law with a far mean, a hash of the coordinates: all distinct and reproducible. */
const scattered: ValueOf = (cell, replicate, generation, statistic) => {
  const x = Math.sin((replicate + 1) * 12.9898 + generation * 78.233 + cell * 3.7 + statistic);
  const u = x * 43758.5453 - Math.floor(x * 43758.5453);
  return 1000 * (cell + 1) - Math.log(1 - u);
};

function collected(replicates: number, valueOf: ValueOf, batchLineages = 2 ** 20): Results {
  const plan = planRun(spec(replicates), { ...LIMITS, batchLineages });
  const { results, push } = collect(plan);
  for (const frame of framesOf(plan, valueOf)) push(frame);
  return results;
}

/** Type 7 by its definition. */
function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)]!;
  return low + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - low);
}

const QUANTILE_FIELDS = [
  ['q01', 0.01],
  ['q05', 0.05],
  ['q25', 0.25],
  ['q50', 0.5],
  ['q75', 0.75],
  ['q95', 0.95],
  ['q99', 0.99],
] as const;

describe.each([1, 2, 37, CHUNK, CHUNK + 1, 3 * CHUNK - 5])('%i replicates', (replicates) => {
  const results = collected(replicates, scattered);
  const places = [0, 1].flatMap((cell) => [1, 4].map((generation) => [cell, generation] as const));

  test.each(places)('cell %i generation %i against brute force', (cell, generation) => {
    const values = rowValues(scattered, [cell, generation, 1], 0, replicates);
    const at = (field: Parameters<typeof summaryAt>[4]) =>
      summaryAt(results, cell, generation, 1, field);
    const mean = values.reduce((sum, value) => sum + value, 0) / replicates;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(at('count')).toBe(replicates);
    // Naive sums of n terms err by at most n·2⁻⁵³ relative: 1.4e-12 for 12 283.
    expect(Math.abs(at('mean') / mean - 1)).toBeLessThan(2e-12);
    expect(at('min')).toBe(Math.min(...values));
    expect(at('max')).toBe(Math.max(...values));
    if (replicates === 1) {
      expect([at('sd'), at('se')]).toEqual([NaN, NaN]);
      return;
    }
    const sd = Math.sqrt(squares / (replicates - 1));
    // The mean of 2000 is rounded to 2e-13 · n^½ at worst; squared offsets of order 1 feel 1e-8.
    expect(Math.abs(at('sd') / sd - 1)).toBeLessThan(1e-8);
    expect(at('se')).toBe(at('sd') / Math.sqrt(replicates));
  });

  test.each(places)('cell %i generation %i quantiles', (cell, generation) => {
    const sorted = rowValues(scattered, [cell, generation, 0], 0, replicates).sort();
    const row = (cell * 5 + generation) * 2;
    const bound = results.quantileBound[row]!;
    // 12 283 values fall into bins of 1/256 of the pilot: 0.4 %, twice that by chance at most.
    if (replicates > CHUNK) expect(bound).toBeLessThan(2 / 256);
    else expect(bound).toBe(0);
    for (const [field, p] of QUANTILE_FIELDS) {
      const found = summaryAt(results, cell, generation, 0, field);
      if (replicates <= CHUNK) {
        // Interpolated by the same two neighbours; the weights differ in their last bits.
        expect(Math.abs(found / quantile(sorted, p) - 1)).toBeLessThan(1e-15);
      } else {
        // One rank is the least that a share of the lineages can be told to.
        const slack = bound + 1 / replicates;
        expect(found).toBeGreaterThanOrEqual(quantile(sorted, Math.max(0, p - slack)));
        expect(found).toBeLessThanOrEqual(quantile(sorted, Math.min(1, p + slack)));
      }
    }
  });

  test('status, progress and completeness add up', () => {
    for (const cell of [0, 1]) {
      expect([...statusAt(results, cell, 0)]).toEqual(new Array(6).fill(0));
      expect([...statusAt(results, cell, 3)]).toEqual(new Array(6).fill(replicates));
    }
    expect([...results.generationsDone]).toEqual([4, 4]);
    expect([...results.replicatesDone]).toEqual([replicates, replicates]);
  });
});

test('the same bytes for any batching', () => {
  const replicates = 2 * CHUNK + 100;
  const whole = collected(replicates, scattered);
  const cut = collected(replicates, scattered, CHUNK);
  expect(cut.values).toEqual(whole.values);
  expect(cut.quantileBound).toEqual(whole.quantileBound);
  expect(cut.status).toEqual(whole.status);
});

test('generation 0 is the truth, of every lineage', () => {
  const results = collected(7, scattered);
  const row = ['count', 'mean', 'sd', 'se', 'min', 'q01', 'q50', 'q99', 'max'] as const;
  const of = (statistic: number) => row.map((field) => summaryAt(results, 1, 0, statistic, field));
  expect(of(0)).toEqual([7, 1, 0, 0, 1, 1, 1, 1, 1]);
  expect(of(1)).toEqual([7, 0, 0, 0, 0, 0, 0, 0, 0]);
});

describe('values held at ±1e18', () => {
  // 3 of 100 lineages are saturated downwards.
  const low: ValueOf = (_, replicate) => (replicate < 3 ? -1e18 : replicate);
  const at = (results: Results, field: Parameters<typeof summaryAt>[4]) =>
    summaryAt(results, 0, 2, 0, field);

  test('count, but leave no mean, sd or se, and no quantile where they are', () => {
    const results = collected(100, low);
    const fields = ['count', 'mean', 'sd', 'se', 'min', 'q01', 'q05', 'q50', 'max'] as const;
    const found = fields.map((field) => at(results, field));
    // Rank 4.95 of the sorted values −1e18 ×3, 3, 4, 5 …
    expect(found).toEqual([100, NaN, NaN, NaN, NaN, NaN, 4.95, 49.5, 99]);
  });

  test('a quantile between a number and a saturated value is empty', () => {
    // Of 51 values rank 2.5 is half-way between the third, saturated, and the fourth.
    const results = collected(51, low);
    expect(at(results, 'q05')).toBeNaN();
    expect(at(results, 'q25')).toBe(12.5);
  });
});
