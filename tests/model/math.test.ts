import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentOf, FRAME_LIMIT, scaleBy } from '../../src/model/math/exponent.ts';
import {
  cholesky,
  invertLower,
  lowerRow,
  multiplyLower,
  PIVOT_FLOOR,
} from '../../src/model/math/triangular.ts';
import { packedIndex, packedLength } from '../../src/model/mixture.ts';
import { covariancesOf } from '../support/components.ts';
import { pack, unpack } from '../support/textbook-em.ts';

describe('powers of two', () => {
  test.each([
    [1, 1],
    [0.5, 0],
    [-0.75, 0],
    [1 - 2 ** -53, 0],
    [2 ** 100, 101],
    [-(2 ** -100), -99],
    [0, -1_000_000],
  ])('exponentOf(%f) is %i', (x, e) => expect(exponentOf(x)).toBe(e));

  test('x = m · 2^e with m in [½, 1)', () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -500, max: 2 ** 500, noNaN: true }), (x) => {
        const m = x * 2 ** -exponentOf(x);
        expect(m >= 0.5 && m < 1).toBe(true);
      }),
      { seed: 21 },
    );
  });

  test('scaleBy is exact between its limits', () => {
    expect(scaleBy(0.7, 40)).toBe(0.7 * 2 ** 40);
    expect(scaleBy(-0.7, -252)).toBe(-0.7 * 2 ** -252);
    expect(scaleBy(0.7, -1000)).toBe(0.7 * 2 ** -252);
    expect(scaleBy(3, 58)).toBe(FRAME_LIMIT);
    expect(scaleBy(-3, 1_000_000)).toBe(-FRAME_LIMIT);
    expect(scaleBy(0, 1_000_000)).toBe(0);
  });
});

const dims = fc.integer({ min: 1, max: 4 });
const entries = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: 10,
  maxLength: 10,
});

/** A factor with pivots in [½, 1½] from any numbers. */
function factorOf(values: readonly number[], dim: number): Float64Array {
  const factor = Float64Array.from(values.slice(0, packedLength(dim)));
  for (let a = 0; a < dim; a++) factor[packedIndex(a, a)] = 1 + values[packedIndex(a, a)]! / 2;
  return factor;
}

const square = (factor: Float64Array, dim: number): Float64Array =>
  Float64Array.from(pack(covariancesOf(factor, dim)[0]!));

// Entries and pivots of order 1, d ≤ 4: condition under 10⁴, a few dozen roundings of 1e-16.
const TOLERANCE = 1e-11;

describe('packed triangles', () => {
  test('cholesky undoes the square', () => {
    fc.assert(
      fc.property(dims, entries, (dim, values) => {
        const factor = factorOf(values, dim);
        const found = new Float64Array(packedLength(dim));
        cholesky(square(factor, dim), dim, dim, found);
        found.forEach((x, e) => expect(Math.abs(x - factor[e]!)).toBeLessThan(TOLERANCE));
      }),
      { seed: 22 },
    );
  });

  test('a factor times its inverse is 1, on either side', () => {
    fc.assert(
      fc.property(dims, entries, (dim, values) => {
        const factor = factorOf(values, dim);
        const inverse = new Float64Array(packedLength(dim));
        invertLower(factor, dim, inverse);
        const product = new Float64Array(packedLength(dim));
        for (const [left, right] of [
          [factor, inverse],
          [inverse, factor],
        ] as const) {
          multiplyLower(left, right, dim, product);
          unpack([...product], dim).forEach((row, a) =>
            row.forEach((x, b) => expect(Math.abs(x - (a === b ? 1 : 0))).toBeLessThan(TOLERANCE)),
          );
        }
      }),
      { seed: 23 },
    );
  });

  test('lowerRow is a row of the product with a vector, at an offset', () => {
    const factors = Float64Array.of(9, 9, 9, 2, 3, 5);
    const vector = Float64Array.of(7, 11);
    expect([lowerRow(factors, 3, 0, vector), lowerRow(factors, 3, 1, vector)]).toEqual([14, 76]);
  });

  const factored = (matrix: readonly number[], dim: number, rank: number) => {
    const factor = new Float64Array(packedLength(dim)).fill(NaN);
    cholesky(Float64Array.from(matrix), dim, rank, factor);
    return [...factor];
  };

  test('pivots from the rank on are exactly 0', () => {
    expect(factored([4, 2, 5, 2, 3, 6], 3, 3)).toEqual([2, 1, 2, 1, 1, 2]);
    expect(factored([4, 2, 5, 2, 3, 6], 3, 2)).toEqual([2, 1, 2, 1, 1, 0]);
    expect(factored([4, 2, 5, 2, 3, 6], 3, 0)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('no variance along an axis gives a zero column', () => {
    expect(factored([0, 0, 4, 0, 2, 5], 3, 3)).toEqual([0, 0, 2, 0, 1, 2]);
    expect(factored([0, 0, 0], 2, 2)).toEqual([0, 0, 0]);
  });

  test('a pivot is held at its floor where the matrix is singular or beyond', () => {
    expect(factored([1, 1, 1], 2, 2)).toEqual([1, 1, Math.sqrt(PIVOT_FLOOR)]);
    expect(factored([1, 1, 1 - 1e-12], 2, 2)[2]).toBeCloseTo(2 ** -12, 12);
  });
});
