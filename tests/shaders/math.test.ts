import { expect, test } from 'vitest';
import { exponentOf, scaleBy } from '../../src/model/math/exponent.ts';
import { ln } from '../../src/model/math/ln.ts';
import { cholesky, invertLower, multiplyLower } from '../../src/model/math/triangular.ts';
import { packedIndex, packedLength } from '../../src/model/mixture.ts';
import { covariancesOf } from '../support/components.ts';
import { describeGpu } from '../support/dawn.ts';
import { probe, probeRows } from '../support/probe.ts';
import { between, seeded, vectorBetween } from '../support/seeded.ts';

const next = seeded(51);
const ULP = 2 ** -23;
const LEAST_NORMAL = 2 ** -126;

const floatOf = (bits: number): number => new Float32Array(Uint32Array.of(bits).buffer)[0]!;

/** Any normal positive f32, exponents evenly. */
const anyNormal = (): number => floatOf(0x00800000 + (next() % (0x7f800000 - 0x00800000)));

describeGpu('ln equals its twin to 1.5 ulp', () => {
  const check = async (values: readonly number[]) => {
    const found = await probe({
      call: 'package::math::ln::ln',
      parameters: ['f32'],
      result: 'f32',
      rows: values.map((x) => [x]),
    });
    values.forEach((x, i) => {
      const error = Math.abs(found[i]![0]! - ln(x));
      expect(error, `ln(${x})`).toBeLessThanOrEqual(1.5 * ULP * Math.abs(ln(x)));
    });
  };

  test('over all normal numbers', () => check(Array.from({ length: 20_000 }, anyNormal)));

  test('near 1, where the built-in fails', () =>
    check([
      ...Array.from({ length: 2001 }, (_, k) => floatOf(0x3f800000 + k - 1000)),
      ...vectorBetween(next, 5000, 0.7, 1.42),
    ]));

  test('at powers of two, at √½ and at the ends', () =>
    check([
      ...Array.from({ length: 254 }, (_, e) => 2 ** (e - 126)),
      ...[-2, -1, 0, 1, 2].map((step) => floatOf(0x3f3504f3 + step)),
      floatOf(0x7f7fffff),
    ]));
});

describeGpu('powers of two', () => {
  test('exponentOf, 0 and denormals as 0', async () => {
    const values = [0, -0, 1, -1, 0.5, LEAST_NORMAL, ...Array.from({ length: 2000 }, anyNormal)];
    values.push(...values.map((x) => -x));
    const found = await probe({
      call: 'package::math::exponent::exponentOf',
      parameters: ['f32'],
      result: 'i32',
      rows: [...values, LEAST_NORMAL / 2].map((x) => [x]),
    });
    expect(found.flat()).toEqual([...values.map(exponentOf), -1_000_000]);
  });

  test('scaleBy is exact, clamped alike, and flushes what no normal number holds', async () => {
    const shifts = [0, 1, -1, 59, -59, 126, -126, 127, -127, 252, -252, 253, -253, 1e6, -1e6, -2e6];
    const values = [0, 1, -1, 2 ** 59, ...Array.from({ length: 300 }, anyNormal)];
    const rows = [
      ...values.flatMap((x) => shifts.map((e) => [x, e])),
      ...values.flatMap((x) => [
        [x, (next() % 600) - 300],
        [-x, (next() % 600) - 300],
      ]),
    ];
    const found = await probe({
      call: 'package::math::exponent::scaleBy',
      parameters: ['f32', 'i32'],
      result: 'f32',
      rows,
    });
    rows.forEach(([x, e], i) => {
      const expected = scaleBy(x!, e!);
      // Under the least normal number drivers may keep a denormal or make it 0.
      const slack = Math.abs(expected) < LEAST_NORMAL ? LEAST_NORMAL : 0;
      const error = Math.abs(found[i]![0]! - expected);
      expect(error, `${x} · 2^${e}`).toBeLessThanOrEqual(slack);
    });
  });
});

const at = (length: number, read: string, from = 0) =>
  Array.from({ length }, (_, e) => `${read}(${from + e}u)`).join(', ');

describeGpu.each([1, 2, 3])('packed triangles at d = %i', (dim) => {
  const length = packedLength(dim);
  const constants = { D: dim, TRI: length };
  const triangle = `array<f32, ${length}>`;

  /** Pivots in [½, 1½], entries in [−1, 1]. */
  const factor = (): number[] => {
    const entries = vectorBetween(next, length, -1, 1);
    for (let a = 0; a < dim; a++) entries[packedIndex(a, a)] = between(next, 0.5, 1.5);
    return entries;
  };
  const factors = Array.from({ length: 300 }, factor);
  const twin = (rows: number[][], f: (row: Float64Array, out: Float64Array) => void) =>
    rows.map((row) => {
      const out = new Float64Array(length);
      f(Float64Array.from(row), out);
      return [...out];
    });

  const factorise = (rows: number[][], rank: number) =>
    probe({
      call: 'package::math::triangular::cholesky',
      parameters: [triangle, 'u32'],
      result: triangle,
      rows: rows.map((row) => [...row, rank]),
      constants,
    });

  test('cholesky: its square is the matrix', async () => {
    const matrices = factors.map((entries) => {
      const [square] = covariancesOf(entries, dim);
      return square!.flatMap((row, a) => row.slice(0, a + 1)).map(Math.fround);
    });
    const found = await factorise(matrices, dim);
    // Backward error of Cholesky: (d + 1) ulp/2 of √(m_aa m_bb) (Higham 2002, theorem 10.3), and as
    // much again for √ and ÷, which WGSL rounds less well than IEEE.
    found.forEach((result, i) => {
      const matrix = matrices[i]!;
      covariancesOf(result, dim)[0]!.forEach((row, a) =>
        row.slice(0, a + 1).forEach((x, b) => {
          const size = Math.sqrt(matrix[packedIndex(a, a)]! * matrix[packedIndex(b, b)]!);
          const error = Math.abs(x - matrix[packedIndex(a, b)]!);
          expect(error).toBeLessThanOrEqual((dim + 1) * ULP * size);
        }),
      );
    });
  });

  test('cholesky: rank, no variance, and the floor of pivots', async () => {
    const matrices = [
      [4, 2, 5, 2, 3, 6],
      [0, 0, 4, 0, 2, 5],
      [0, 0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1, 1],
      [1, 0.5, 1, 0.5, 1, 1],
    ].map((entries) => entries.slice(0, length));
    for (let rank = 0; rank <= dim; rank++) {
      const found = await factorise(matrices, rank);
      const expected = twin(matrices, (matrix, out) => cholesky(matrix, dim, rank, out));
      // Singular matrices of small integers: all but √ and ÷ is exact, and zeros are.
      found.flat().forEach((x, i) => {
        const value = expected.flat()[i]!;
        expect(Math.abs(x - value)).toBeLessThanOrEqual(4 * ULP * Math.abs(value));
      });
    }
  });

  test('invertLower', async () => {
    const found = await probe({
      call: 'package::math::triangular::invertLower',
      parameters: [triangle],
      result: triangle,
      rows: factors,
      constants,
    });
    const expected = twin(factors, (row, out) => invertLower(row, dim, out));
    // Forward error: d + 3 roundings of |X||L||X| (Higham 2002, §14.2).
    found.forEach((result, i) => {
      const sizes = Float64Array.from(expected[i]!.map(Math.abs));
      const middle = new Float64Array(length);
      const bound = new Float64Array(length);
      multiplyLower(Float64Array.from(factors[i]!.map(Math.abs)), sizes, dim, middle);
      multiplyLower(sizes, middle, dim, bound);
      result.forEach((x, e) => {
        expect(Math.abs(x - expected[i]![e]!)).toBeLessThanOrEqual((dim + 3) * ULP * bound[e]!);
      });
    });
  });

  test('products with a triangle and with a vector', async () => {
    const rows = factors.map((left, i) => [
      ...left,
      ...factors[(i + 1) % factors.length]!,
      ...vectorBetween(next, dim, -2, 2),
    ]);
    const found = await probeRows({
      imports: ['package::math::triangular::{multiplyLower, multiplyVector}'],
      body: `let left = ${triangle}(${at(length, 'inF')});
        var product = multiplyLower(left, ${triangle}(${at(length, 'inF', length)}));
        var image = multiplyVector(left, array<f32, ${dim}>(${at(dim, 'inF', 2 * length)}));
        for (var e = 0u; e < ${length}u; e++) { outF(e, product[e]); }
        for (var a = 0u; a < ${dim}u; a++) { outF(${length}u + a, image[a]); }`,
      input: new Uint32Array(Float32Array.from(rows.flat()).buffer),
      inputWords: 2 * length + dim,
      outputWords: length + dim,
      constants,
    });
    const values = new Float32Array(found.buffer);
    rows.forEach((row, i) => {
      const left = Float64Array.from(row.slice(0, length));
      const product = new Float64Array(length);
      multiplyLower(left, Float64Array.from(row.slice(length)), dim, product);
      const image = Array.from({ length: dim }, (_, a) => {
        let dot = 0;
        for (let b = 0; b <= a; b++) dot += left[packedIndex(a, b)]! * row[2 * length + b]!;
        return dot;
      });
      // At most 3 products of at most 3, rounded twice each.
      [...product, ...image].forEach((value, e) => {
        expect(Math.abs(values[i * (length + dim) + e]! - value)).toBeLessThanOrEqual(9 * ULP);
      });
    });
  });
});
