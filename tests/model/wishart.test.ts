/** Laws of the closed form's draws, and the closed form against the sampled path. */
import { describe, expect, test } from 'vitest';
import {
  CANDIDATE_LIMIT,
  chiSquared,
  logAcceptance,
  meanNormals,
  scatterFactor,
  type WishartPlace,
} from '../../src/model/gmm/wishart.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import {
  ANDERSON_DARLING_CRITICAL,
  andersonDarling,
  CHI_SQUARE_CRITICAL,
  chiSquare,
  chiSquaredCdf,
  normalFit,
} from '../support/goodness.ts';

const key = randomKey(20261121, 0);
const placeAt = (lineage: number, generation = 1): WishartPlace => ({ key, lineage, generation });
const DRAWS = 20_000;

describe('χ²', () => {
  test.each([1, 2, 3, 10, 99, 1000])('%i degrees: body and tails', (degrees) => {
    const uniforms = Float64Array.from({ length: DRAWS }, (_, i) =>
      chiSquaredCdf(chiSquared(placeAt(i), 0, degrees), degrees),
    ).sort();
    const counts = new Uint32Array(64);
    for (const u of uniforms) counts[Math.floor(64 * u)]! += 1;
    expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_CRITICAL[63]);
    expect(andersonDarling(uniforms)).toBeLessThan(ANDERSON_DARLING_CRITICAL);
  });

  test('a million degrees: standardised, normal to the cube root of Wilson and Hilferty', () => {
    const degrees = 999_999;
    const spread = 2 / (9 * degrees);
    const z = Float64Array.from({ length: DRAWS }, (_, i) => {
      const root = Math.cbrt(chiSquared(placeAt(i), 0, degrees) / degrees);
      return (root - (1 - spread)) / Math.sqrt(spread);
    });
    const fit = normalFit(z);
    expect(fit.chiSquare).toBeLessThan(CHI_SQUARE_CRITICAL[63]);
    expect(fit.andersonDarling).toBeLessThan(ANDERSON_DARLING_CRITICAL);
  });

  test('no degrees give 0', () => {
    expect(chiSquared(placeAt(0), 0, 0)).toBe(0);
    expect(chiSquared(placeAt(0), 0, -3)).toBe(0);
  });

  test('a first candidate is refused as often as the method says, one in 20 at 2 degrees', () => {
    // Marsaglia & Tsang 2000, table: efficiency 0.951 at shape 1.
    const shape = 1 - 1 / 3;
    const slope = 1 / Math.sqrt(9 * shape);
    let refused = 0;
    for (let i = 0; i < DRAWS; i++) {
      const z = new Float64Array(1);
      meanNormals(placeAt(i), 1, z);
      const w = slope * z[0]!;
      if (w <= -1 || Math.exp(logAcceptance(z[0]!, w, shape)) < (i + 0.5) / DRAWS) refused++;
    }
    const sd = Math.sqrt(0.049 * 0.951 * DRAWS);
    expect(Math.abs(refused - 0.049 * DRAWS)).toBeLessThan(4 * sd);
    expect(0.05 ** CANDIDATE_LIMIT).toBeLessThan(2e-21);
  });
});

test.each([0.3, 5, 500])('acceptance at shape %f is x²/2 + s (1 − v + ln v)', (shape) => {
  for (const x of [-1.5, -0.5, 0, 0.1, 1, 3]) {
    const w = x / Math.sqrt(9 * shape);
    if (w <= -1) continue;
    const v = (1 + w) ** 3;
    const direct = 0.5 * x * x + shape * (1 - v + Math.log(v));
    // v has 2 ulp, and what cancels is of the size of the shape.
    expect(Math.abs(logAcceptance(x, w, shape) - direct)).toBeLessThan(1e-14 * (1 + shape) * 10);
  }
});

describe('scatter', () => {
  /** T at n points, d dimensions. */
  const factorAt = (lineage: number, n: number, dim: number): Float64Array => {
    const factor = new Float64Array((dim * (dim + 1)) / 2);
    scatterFactor(placeAt(lineage), n, dim, factor);
    return factor;
  };

  test('entries under the diagonal and means are independent standard normals', () => {
    const z = new Float64Array(3);
    const columns = Array.from({ length: 6 }, () => new Float64Array(DRAWS));
    for (let i = 0; i < DRAWS; i++) {
      const factor = factorAt(i, 50, 3);
      meanNormals(placeAt(i), 3, z);
      [factor[1]!, factor[3]!, factor[4]!, ...z].forEach((x, c) => (columns[c]![i] = x));
    }
    for (const column of columns) {
      const fit = normalFit(column);
      expect(fit.chiSquare).toBeLessThan(CHI_SQUARE_CRITICAL[63]);
      expect(fit.andersonDarling).toBeLessThan(ANDERSON_DARLING_CRITICAL);
    }
    for (let a = 0; a < columns.length; a++) {
      for (let b = 0; b < a; b++) {
        let sum = 0;
        for (let i = 0; i < DRAWS; i++) sum += columns[a]![i]! * columns[b]![i]!;
        expect(Math.abs(sum) / Math.sqrt(DRAWS)).toBeLessThan(4);
      }
    }
  });

  test('columns past the rank n − 1 are 0', () => {
    expect(factorAt(0, 1, 2)).toEqual(new Float64Array(3));
    const two = factorAt(0, 2, 3);
    expect(two[0]).toBeGreaterThan(0);
    expect([two[2], two[4], two[5]]).toEqual([0, 0, 0]);
    expect(two[1]).not.toBe(0);
    expect(two[3]).not.toBe(0);
  });
});
