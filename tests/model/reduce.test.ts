import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chunkMoments,
  EMPTY_MOMENTS,
  mergeMoments,
  type Moments,
} from '../../src/model/reduce/moments.ts';
import {
  binCounts,
  edgeRank,
  lowerRank,
  pilotEdges,
  pilotRanks,
  QUANTILE_PERCENTS,
  quantilesFromBins,
  quantilesFromRanks,
  upperRank,
} from '../../src/model/reduce/quantiles.ts';
import { statusCounts } from '../../src/model/reduce/status-counts.ts';
import { SATURATION } from '../../src/model/status.ts';
import { QUANTILES } from '../../src/plan/plan.ts';

// One fixed run of the property tests.
fc.configureGlobal({ seed: 20 });

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** Type 7 by its textbook formula, h = (N − 1) p. */
function type7(sorted: ArrayLike<number>, p: number): number {
  const h = (sorted.length - 1) * p;
  const low = sorted[Math.floor(h)]!;
  return low + (h - Math.floor(h)) * (sorted[Math.ceil(h)]! - low);
}

/** A cheap deterministic sequence in [0, 1): the golden ratio's multiples. */
const golden = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => ((i + from) * 0.6180339887498949) % 1);

describe('moments', () => {
  test('of 1 … 5', () => {
    expect(chunkMoments([3, 1, 2, 5, 4])).toEqual({
      count: 5,
      mean: 3,
      m2: 10,
      min: 1,
      max: 5,
      saturated: 0,
    });
  });

  test('a mean of 1e9 costs no digits of a spread of 1e-6', () => {
    const values = golden(4096).map((u) => 1e9 + Math.round(u * 1024) * 2 ** -20);
    const small = golden(4096).map((u) => Math.round(u * 1024) * 2 ** -20);
    // Every deviation is exact in both, so the sums are the same numbers.
    expect(chunkMoments(values).m2).toBe(chunkMoments(small).m2);
  });

  test('saturated values reach count, min and max, not mean and m2', () => {
    expect(chunkMoments([1, SATURATION, 3, -SATURATION])).toEqual({
      count: 4,
      mean: 2,
      m2: 2,
      min: -SATURATION,
      max: SATURATION,
      saturated: 2,
    });
    expect(chunkMoments([SATURATION])).toEqual({
      count: 1,
      mean: 0,
      m2: 0,
      min: SATURATION,
      max: SATURATION,
      saturated: 1,
    });
  });

  const value = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(SATURATION, -SATURATION),
  );
  const moments = fc.array(value, { maxLength: 50 }).map(chunkMoments);

  /** Equal within 1e-12 of the largest magnitude that could enter (values reach 1e6). */
  const expectClose = (a: Moments, b: Moments): void => {
    expect([a.count, a.min, a.max, a.saturated]).toEqual([b.count, b.min, b.max, b.saturated]);
    expect(Math.abs(a.mean - b.mean)).toBeLessThan(1e-12 * 1e6);
    expect(Math.abs(a.m2 - b.m2)).toBeLessThan(1e-12 * (1 + a.count) * 1e12);
  };

  test('merging is a monoid: empty is neutral, order of grouping does not matter', () => {
    fc.assert(
      fc.property(moments, moments, moments, (a, b, c) => {
        expect(mergeMoments(EMPTY_MOMENTS, a)).toEqual(a);
        expect(mergeMoments(a, EMPTY_MOMENTS)).toEqual(a);
        expectClose(mergeMoments(mergeMoments(a, b), c), mergeMoments(a, mergeMoments(b, c)));
      }),
    );
  });

  test('merging parts is the whole', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.array(value, { minLength: 1 }), (a, b) => {
        expectClose(mergeMoments(chunkMoments(a), chunkMoments(b)), chunkMoments([...a, ...b]));
      }),
    );
  });
});

describe('quantiles', () => {
  test('the percents are those of the plan', () => {
    expect(QUANTILE_PERCENTS.map((p) => p / 100)).toEqual([...QUANTILES]);
  });

  test('ranks are integer arithmetic: no rounding of (N − 1) p', () => {
    expect(lowerRank(5, 4096)).toBe(204);
    expect([lowerRank(99, 1), upperRank(99, 1)]).toEqual([0, 0]);
    expect([lowerRank(50, 2), upperRank(50, 2)]).toEqual([0, 1]);
    expect([edgeRank(1, 4096), edgeRank(255, 4096)]).toEqual([16, 4080]);
  });

  test.each([1, 2, 3, 255, 1000, 4096])('of %i values are type 7', (count) => {
    const sorted = ascending(golden(count));
    const quantiles = quantilesFromRanks(pilotRanks(sorted), count);
    QUANTILES.forEach((p, q) => {
      // h = (N − 1) p is rounded in the formula: half an ulp of 4095 times the spread of 1.
      expect(Math.abs(quantiles[q]! - type7(sorted, p))).toBeLessThan(4095 * 2 ** -52);
    });
  });

  test('an atom stays itself', () => {
    const sorted = ascending([...new Array<number>(60).fill(0.1), ...golden(40).map((u) => 1 + u)]);
    expect(quantilesFromRanks(pilotRanks(sorted), 100).slice(0, 4)).toEqual([0.1, 0.1, 0.1, 0.1]);
  });

  test('bins hold their lower edge, and every value is in one', () => {
    const sorted = ascending(golden(4096));
    const counts = binCounts(sorted, pilotEdges(sorted));
    expect([...counts]).toEqual(new Array(256).fill(16));
  });

  test('repeated edges give the atom a bin of its own', () => {
    const sorted = ascending([
      ...new Array<number>(2048).fill(5),
      ...golden(2048).map((u) => 6 + u),
    ]);
    const edges = pilotEdges(sorted);
    const counts = binCounts([4, 5, 5, 5, 5.5, 6.5], edges);
    expect([counts[0], counts[1]]).toEqual([1, 3]);
    expect(counts.reduce((a, b) => a + b)).toBe(6);
  });
});

describe('quantiles from bins', () => {
  const PILOT = 4096;

  function binned(values: readonly number[]) {
    const edges = pilotEdges(ascending(values.slice(0, PILOT)));
    const sorted = ascending(values);
    const bins = binCounts(values, edges);
    const found = quantilesFromBins(bins, edges, sorted[0]!, sorted.at(-1)!);
    return { sorted, ...found };
  }

  test('the bound holds: rank error at most the share of the bin', () => {
    // Squared, so that the density is far from even; 20 chunks.
    const { sorted, quantiles, bound } = binned(golden(20 * PILOT).map((u) => u * u));
    quantiles.forEach((value, q) => {
      const rank = sorted.findIndex((x) => x >= value) / sorted.length;
      expect(Math.abs(rank - QUANTILES[q]!)).toBeLessThanOrEqual(bound);
    });
    // A golden-ratio pilot is even to a few values in 4096: bins hold about 1/256 of all.
    expect(bound).toBeLessThan(1.5 / 256);
  });

  test('an atom of more than two bins is exact, and has no bound', () => {
    const values = golden(4 * PILOT).map((u) => (u < 0.6 ? 0 : u));
    const { quantiles } = binned(values);
    expect(quantiles.slice(0, 4)).toEqual([0, 0, 0, 0]);
  });

  test('saturated values stay saturated', () => {
    const values = golden(4 * PILOT).map((u) => (u < 0.9 ? -SATURATION : u));
    const { quantiles } = binned(values);
    expect(quantiles.slice(0, 5)).toEqual(new Array(5).fill(-SATURATION));
  });

  test('all equal, and none at all', () => {
    expect(binned(new Array<number>(2 * PILOT).fill(7))).toMatchObject({
      quantiles: new Array(7).fill(7),
      bound: 0,
    });
    const none = quantilesFromBins(new Uint32Array(256), new Float64Array(255), 0, 0);
    expect(none).toEqual({ quantiles: new Array(7).fill(NaN), bound: 0 });
  });
});

test('status counts are per bit', () => {
  expect([...statusCounts([0, 1, 3, 32, 33, 0xffffffff])]).toEqual([4, 2, 1, 1, 1, 3]);
});
