/** Sampling without replacement: the network is a permutation, and its shuffles are fair. */
import { describe, expect, test } from 'vitest';
import { halfBitsOf, permutationOf, permute } from '../../src/model/assemble/permutation.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { chiSquaredCdf, ALPHA } from '../support/goodness.ts';

const key = randomKey(20, 3);
const imageOf = (size: number, lineage = 0) => {
  const permutation = permutationOf(key, lineage, 5, size);
  return Array.from({ length: size }, (_, i) => permute(permutation, i));
};

test('halves are as narrow as a pool allows', () => {
  const sizes = [1, 4, 5, 16, 17, 2 ** 20, 2 ** 20 + 1, 2 ** 31];
  expect(sizes.map(halfBitsOf)).toEqual([1, 1, 2, 2, 3, 10, 11, 16]);
});

test.each([1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000, 4097, 65_537])(
  'every index of %i is met once',
  (size) => {
    const met = new Set(imageOf(size));
    expect(met.size).toBe(size);
    expect(Math.max(...[...met].slice(0, 1e4))).toBeLessThan(size);
    expect(Math.min(...[...met].slice(0, 1e4))).toBeGreaterThanOrEqual(0);
  },
);

/** χ² of counts against what is expected of each. */
function expectFair(counts: Map<string, number>, expected: (name: string) => number) {
  let square = 0;
  for (const [name, count] of counts) square += (count - expected(name)) ** 2 / expected(name);
  expect(1 - chiSquaredCdf(square, counts.size - 1)).toBeGreaterThan(ALPHA);
}

const tally = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

describe('over lineages', () => {
  const lineages = 40_000;

  test.each([3, 4, 5, 7])('the first two of %i are any ordered pair alike', (size) => {
    const pairs = Array.from({ length: lineages }, (_, lineage) => {
      const permutation = permutationOf(key, lineage, 5, size);
      return `${permute(permutation, 0)} ${permute(permutation, 1)}`;
    });
    const counts = tally(pairs);
    expect(counts.size).toBe(size * (size - 1));
    expectFair(counts, () => lineages / counts.size);
  });

  test.each([3, 4])('all %i! orders are alike', (size) => {
    const orders = Array.from({ length: lineages }, (_, lineage) =>
      imageOf(size, lineage).join(' '),
    );
    const counts = tally(orders);
    expect(counts.size).toBe({ 3: 6, 4: 24 }[size]);
    expectFair(counts, () => lineages / counts.size);
  });

  test('how many of a subsample are of one batch is hypergeometric', () => {
    // 10 of 30, of which the first 10 are one batch: C(10, k) C(20, 10 − k) / C(30, 10).
    const found = Array.from({ length: lineages }, (_, lineage) => {
      const permutation = permutationOf(key, lineage, 5, 30);
      let own = 0;
      for (let e = 0; e < 10; e++) if (permute(permutation, e) < 10) own++;
      // Cells of fewer than five expected are put together: P(k > 7) is 3e-4 in all.
      return String(Math.min(own, 7));
    });
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    const share = (k: number) => (choose(10, k) * choose(20, 10 - k)) / choose(30, 10);
    const top = [7, 8, 9, 10].reduce((sum, k) => sum + share(k), 0);
    expectFair(tally(found), (name) => lineages * (name === '7' ? top : share(Number(name))));
  });
});
