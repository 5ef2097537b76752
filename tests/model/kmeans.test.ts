import { describe, expect, test } from 'vitest';
import { nearestCentre, NEVER, raceTime, squaredDistance } from '../../src/model/gmm/kmeans.ts';
import { randomKey, STREAMS, words } from '../../src/model/rng/coordinates.ts';
import { exponential } from '../../src/model/rng/normal.ts';
import { seeded, vectorBetween } from '../support/seeded.ts';

describe('k-means++', () => {
  test('the race is won in proportion to the squared distance', () => {
    // 2¹⁴ races of four points; 16.266 is the .999 quantile of χ² with 3 degrees of freedom.
    const squares = [1, 2, 3, 10];
    const key = randomKey(31, 0);
    const wins = [0, 0, 0, 0];
    for (let race = 0; race < 2 ** 14; race++) {
      const block = words(key, race, 0, 1, STREAMS.kmeans);
      const times = squares.map((square, i) => raceTime(exponential(block[i]!), square));
      wins[times.indexOf(Math.min(...times))]! += 1;
    }
    const chi = squares.reduce((sum, square, i) => {
      const expected = (2 ** 14 * square) / 16;
      return sum + (wins[i]! - expected) ** 2 / expected;
    }, 0);
    expect(chi).toBeLessThan(16.266);
  });

  test('a point that is a centre never wins', () => {
    expect(raceTime(1e-9, 0)).toBe(NEVER);
    expect(raceTime(1, 1e-300)).toBe(NEVER);
  });
});

describe('the nearest centre', () => {
  test('is found by looking at all, the first of equals', () => {
    const next = seeded(32);
    for (let run = 0; run < 200; run++) {
      const [dim, count] = [1 + (run % 3), 1 + (run % 5)];
      const centres = Float64Array.from(vectorBetween(next, dim * count, -1, 1));
      const points = Float64Array.from(vectorBetween(next, 2 * dim, -1, 1));
      const squares = Array.from({ length: count }, (_, k) =>
        squaredDistance(centres, k, points, dim, dim),
      );
      const nearest = nearestCentre(centres, count, points, dim, dim);
      expect(nearest).toBe(squares.indexOf(Math.min(...squares)));
    }
    expect(nearestCentre(Float64Array.of(1, -1, 1), 3, Float64Array.of(0), 0, 1)).toBe(0);
  });
});
