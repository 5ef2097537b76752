/** Numbers of points that chance decides: binomial, against exact probabilities. */
import { describe, expect, test } from 'vitest';
import { batchCounts, binomial, modeChance, partCount } from '../../src/model/assemble/counts.ts';
import { GROUPS } from '../../src/model/assemble/groups.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { binomialFit, countMoments } from '../support/binomial.ts';
import { ALPHA, chiSquaredCdf } from '../support/goodness.ts';

const key = randomKey(20261122, 0);
const placeAt = (lineage: number, generation = 2) => ({ key, lineage, generation });
const DRAWS = 20_000;

const countsOf = (trials: number, chance: number, group = 5) =>
  Float64Array.from({ length: DRAWS }, (_, i) =>
    binomial({ ...placeAt(i), group }, trials, chance),
  );

describe('binomial', () => {
  test.each([
    [1, 0.3],
    [16, 0.5],
    [17, 0.5],
    [17, 0.02],
    [40, 0.1],
    [100, 0.7],
    [1000, 0.003],
    [1000, 0.999],
    [5000, 0.25],
    [1_000_000, 2e-6],
  ])('%i trials of %f: χ² of the counts', (trials, chance) => {
    const { distance, degrees } = binomialFit(countsOf(trials, chance), trials, chance);
    expect(chiSquaredCdf(distance, degrees)).toBeLessThan(1 - ALPHA);
  });

  test.each([0.01, 0.2, 0.5, 0.93])('a million trials of %f: mean and variance', (chance) => {
    const { mean, variance } = countMoments(countsOf(1e6, chance), 1e6, chance);
    expect(Math.abs(mean)).toBeLessThanOrEqual(4);
    expect(Math.abs(variance)).toBeLessThanOrEqual(4);
  });

  test('what is certain needs no chance', () => {
    expect(binomial(placeAt(0), 1e6, 0)).toBe(0);
    expect(binomial(placeAt(0), 1e6, 1)).toBe(1e6);
    expect(binomial(placeAt(0), 0, 0.5)).toBe(0);
    // More points than whole numbers below are told apart by their halves.
    const many = binomial(placeAt(0), 2 ** 50, 0.5);
    expect(Math.abs(many - 2 ** 49)).toBeLessThan(4 * 2 ** 24);
  });
});

describe('numbers of a batch', () => {
  const rules = { quota: 40, share: 0, poison: 0.25 };

  test('an adversary takes the place of real points as of others, and all come to n', () => {
    let [poison, real] = [0, 0];
    for (let i = 0; i < DRAWS; i++) {
      const counts = batchCounts(placeAt(i), rules, 100, 0);
      expect(counts.poison + counts.real + counts.rest).toBe(100);
      poison += counts.poison;
      real += counts.real;
    }
    // Binomial(100, 1/4) and Binomial(40, 3/4).
    expect(Math.abs(poison - 25 * DRAWS)).toBeLessThan(4 * Math.sqrt(100 * (3 / 16) * DRAWS));
    expect(Math.abs(real - 30 * DRAWS)).toBeLessThan(4 * Math.sqrt(40 * (3 / 16) * DRAWS));
  });

  test("under bernoulli what is no adversary's is real with its probability", () => {
    let real = 0;
    for (let i = 0; i < DRAWS; i++) {
      real += batchCounts(placeAt(i), { quota: 0, share: 0.5, poison: 0.2 }, 100, 0).real;
    }
    expect(Math.abs(real - 40 * DRAWS)).toBeLessThan(4 * Math.sqrt(100 * 0.4 * 0.6 * DRAWS));
  });

  test('the first generation is real, an archive apart', () => {
    expect(batchCounts(placeAt(0, 1), rules, 100, 0)).toEqual({
      poison: 0,
      real: 0,
      rest: 100,
    });
    expect(batchCounts(placeAt(0, 1), rules, 100, 55)).toEqual({ poison: 0, real: 55, rest: 45 });
  });

  test('modes share points out by their weights', () => {
    const weights = [0.2, 0, 0.5, 0.3, 0];
    const sums = weights.map(() => 0);
    for (let i = 0; i < DRAWS; i++) {
      let left = 50;
      weights.forEach((_, j) => {
        const own = partCount(placeAt(i), GROUPS.realModes, j, left, modeChance(weights, j));
        sums[j]! += own;
        left -= own;
      });
      expect(left).toBe(0);
    }
    weights.forEach((w, j) => {
      const sd = Math.sqrt(50 * w * (1 - w) * DRAWS);
      expect(Math.abs(sums[j]! - 50 * w * DRAWS)).toBeLessThanOrEqual(4 * sd);
    });
  });
});
