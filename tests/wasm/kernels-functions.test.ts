/** Pure functions of the WASM kernels, in both builds, against their twins in f64. */
import { beforeAll, describe, expect, test } from 'vitest';
import { pickComponent } from '../../src/model/assemble/draws.ts';
import { logAcceptance } from '../../src/model/gmm/wishart.ts';
import { exponentOf, scaleBy } from '../../src/model/math/exponent.ts';
import { ln } from '../../src/model/math/ln.ts';
import { cholesky, invertLower, multiplyLower } from '../../src/model/math/triangular.ts';
import { packedIndex, packedLength } from '../../src/model/mixture.ts';
import { randomKey, STREAMS, words } from '../../src/model/rng/coordinates.ts';
import {
  exponential,
  normalPair,
  radiusSquared,
  unitUniform,
  wordBelow,
} from '../../src/model/rng/normal.ts';
import { threefry4x32 } from '../../src/model/rng/threefry.ts';
import { covariancesOf } from '../support/components.ts';
import { knownAnswers } from '../support/known-answers.ts';
import { between, seeded, vectorBetween } from '../support/seeded.ts';
import { BUILDS, openKernels, place } from '../support/wasm-kernels.ts';

type Rows = readonly (readonly number[])[];
type Scalars = 'f32' | 'u32' | 'i32';
type Kernel = (input: number, output: number, count: number) => void;
type Functions = { readonly memory: WebAssembly.Memory } & {
  readonly [name: string]: (...args: number[]) => number;
};

const VIEW = { f32: Float32Array, u32: Uint32Array, i32: Int32Array } as const;
const LANES = 4;

const next = seeded(71);
const ULP = 2 ** -23;
const LEAST_NORMAL = 2 ** -126;

const floatOf = (bits: number): number => new Float32Array(Uint32Array.of(bits).buffer)[0]!;

/** Any normal positive f32, exponents evenly. */
const anyNormal = (): number => floatOf(0x00800000 + (next() % (0x7f800000 - 0x00800000)));

/** 0, the largest, and the neighbours of every power of two and of the fold at √½. */
const edgeWords = [
  ...Array.from({ length: 32 }, (_, e) => [2 ** e - 1, 2 ** e, 2 ** e + 1]).flat(),
  ...[-2, -1, 0, 1, 2].map((step) => 0xb504f334 + step),
  0xffffffff,
  0xfffffffe,
].map((word) => word >>> 0);
const someWords = [...edgeWords, ...Array.from({ length: 20_000 }, next)];

/** lnOfParts rounds thrice near the result: 1.5 ulp, of 2⁻²³ relative where the mantissa is 1. */
const LN_ERROR = 1.5 * ULP;
/** The lower half of the words is rounded first: 2⁻²⁴ of a logarithm over ln 2, another .75 ulp. */
const RADIUS_SQUARED_ERROR = LN_ERROR + 2 ** -24 / Math.LN2;
/** As of shaders/rng/normal.wgsl, see tests/shaders/rng.test.ts. */
const TURN_ERROR = 2.2 * 2 ** -24;
/** √ halves a relative error; it and the product round by half an ulp each. */
const NORMAL_ERROR = RADIUS_SQUARED_ERROR / 2 + ULP;

describe.each(BUILDS)('%s', (build) => {
  let functions: Functions;
  beforeAll(async () => {
    functions = await openKernels<Functions>(build, 'tests/wasm/assembly/functions.ts');
  });

  const allocate = (bytes: number): number => functions.allocate!(bytes);

  /** Results of `name`, a row of `width` for each row, four rows side by side in the lanes. */
  function call(
    name: string,
    rows: Rows,
    types: readonly Scalars[],
    width = 1,
    result: Scalars = 'f32',
  ): number[][] {
    const vectors = Math.ceil(rows.length / LANES);
    const bytes = new ArrayBuffer(vectors * types.length * LANES * 4);
    const views = types.map((type) => new VIEW[type](bytes));
    rows.forEach((row, r) => {
      row.forEach((value, j) => {
        views[j]![(Math.floor(r / LANES) * types.length + j) * LANES + (r % LANES)] = value;
      });
    });
    const input = place({ memory: functions.memory, allocate }, bytes);
    const output = allocate(vectors * width * LANES * 4);
    (functions[name] as Kernel)(input, output, vectors);
    const found = new VIEW[result](functions.memory.buffer, output, vectors * width * LANES);
    return rows.map((_, r) =>
      Array.from(
        { length: width },
        (__, j) => found[(Math.floor(r / LANES) * width + j) * LANES + (r % LANES)]!,
      ),
    );
  }

  const u32 = (count: number): Scalars[] => new Array<Scalars>(count).fill('u32');
  const f32 = (count: number): Scalars[] => new Array<Scalars>(count).fill('f32');
  const single = (values: readonly number[]): number[][] => values.map((x) => [x]);

  describe('threefry4x32', () => {
    test('known answers', () => {
      const answers = knownAnswers.filter(({ rounds }) => rounds === 20);
      expect(answers.length).toBeGreaterThan(2);
      for (const answer of answers) {
        functions.setKey!(...answer.key);
        const [found] = call('threefry', [answer.counter], u32(4), 4, 'u32');
        expect(found).toEqual(answer.words);
      }
    });

    test('random counters under random keys, bit for bit', () => {
      for (let trial = 0; trial < 20; trial++) {
        const key = Uint32Array.from({ length: 4 }, next);
        functions.setKey!(...key);
        const counters = Array.from({ length: 500 }, () => Array.from({ length: 4 }, next));
        const expected = counters.map((counter) => {
          const out = new Uint32Array(4);
          threefry4x32(Uint32Array.from(counter), key, out);
          return [...out];
        });
        expect(call('threefry', counters, u32(4), 4, 'u32')).toEqual(expected);
      }
    });

    test('words of every stream, at the coordinates of four lineages', () => {
      const key = randomKey(2 ** 40 + 12345, next());
      functions.setKey!(...key);
      const places = Object.values(STREAMS).flatMap((stream) =>
        [0, 1, 15].flatMap((attempt) =>
          [0, 7, 1_000_000].map((index) => [
            next() & 0xffff_fffc,
            1 + (next() % 1000),
            index,
            stream,
            attempt,
          ]),
        ),
      );
      const input = place({ memory: functions.memory, allocate }, Uint32Array.from(places.flat()));
      const output = allocate(places.length * 64);
      functions.place!(input, output, places.length);
      const found = new Uint32Array(functions.memory.buffer, output, places.length * 16);
      places.forEach(([replicate, generation, index, stream, attempt], i) => {
        for (let lane = 0; lane < LANES; lane++) {
          const expected = words(key, index!, replicate! + lane, generation!, stream!, attempt!);
          const mine = [0, 1, 2, 3].map((w) => found[16 * i + 4 * w + lane]);
          expect(mine).toEqual([...expected]);
        }
      });
    });
  });

  describe('uniforms and normals', () => {
    test('unitUniform and wordBelow exactly', () => {
      const uniforms = call('uniform', single(someWords), u32(1)).flat();
      expect(uniforms).toEqual(someWords.map(unitUniform));
      // Products that f64 holds, as the twin needs.
      const counts = [1, 2, 3, 272, 65535, 65536, 65537, 2 ** 21 - 1, 2 ** 24, 2 ** 31];
      const pairs = someWords.map((word, i) => [word, counts[i % counts.length]!]);
      const edges = edgeWords.flatMap((word) => counts.map((count) => [word, count]));
      const all = [...pairs, ...edges];
      expect(call('below', all, u32(2), 1, 'u32').flat()).toEqual(
        all.map(([word, count]) => wordBelow(word!, count!)),
      );
    });

    test('exponential, half the squared radius', () => {
      const found = call('waiting', single(someWords), u32(1)).flat();
      const worst = Math.max(...found.map((x, i) => Math.abs(x / exponential(someWords[i]!) - 1)));
      expect(worst).toBeLessThanOrEqual(RADIUS_SQUARED_ERROR);
    });

    test('normals, one pair, many in place, and the first alone', () => {
      const rows = someWords.map((word, i) => [word, someWords[(i * 7 + 3) % someWords.length]!]);
      const found = call('pair', rows, u32(2), 2);
      // Relative to the radius: the turn's absolute error, the radius's relative one.
      const worst = Math.max(
        ...rows.flatMap(([radius, angle], i) =>
          normalPair(radius!, angle!).map(
            (x, j) => Math.abs(found[i]![j]! - x) / Math.sqrt(radiusSquared(radius!)),
          ),
        ),
      );
      expect(worst).toBeLessThanOrEqual(TURN_ERROR + NORMAL_ERROR);
      expect(call('pairs', rows, u32(2), 2)).toEqual(found);
      expect(call('firstOfPair', rows, u32(2)).flat()).toEqual(found.map(([first]) => first));
    });
  });

  describe('ln and exp', () => {
    test('ln to 1.5 ulp: over all numbers, near 1, at powers of two and at √½', () => {
      const values = [
        ...Array.from({ length: 20_000 }, anyNormal),
        ...Array.from({ length: 2001 }, (_, k) => floatOf(0x3f800000 + k - 1000)),
        ...vectorBetween(next, 5000, 0.7, 1.42),
        ...Array.from({ length: 254 }, (_, e) => 2 ** (e - 126)),
        ...[-2, -1, 0, 1, 2].map((step) => floatOf(0x3f3504f3 + step)),
        floatOf(0x7f7fffff),
      ];
      const found = call('logarithm', single(values), f32(1)).flat();
      values.forEach((x, i) => {
        const error = Math.abs(found[i]! - ln(x));
        expect(error, `ln(${x})`).toBeLessThanOrEqual(LN_ERROR * Math.abs(ln(x)));
      });
    });

    test('exp: polynomial and what is left of the argument, 1 at 0, held beyond ±87', () => {
      const values = [0, -0, 87, -87, ...vectorBetween(next, 20_000, -87, 87)];
      values.push(...vectorBetween(next, 5000, -0.4, 0.4));
      const found = call('exponentiated', single(values), f32(1)).flat();
      // tests/oracle/fit-exp.py: 1.9e-7. The reduced argument is off by the rounding of two products
      // with ln 2's low part, under 2⁻²⁴ · 126 · 2.1e-4 · 2, and of the difference, 2⁻²⁵ · .35.
      const bound = 1.9e-7 + 2 ** -24 * (126 * 2.2e-4 * 2 + 0.35);
      values.forEach((x, i) => {
        expect(Math.abs(found[i]! / Math.exp(x) - 1), `exp(${x})`).toBeLessThan(bound);
      });
      expect(found.slice(0, 2)).toEqual([1, 1]);
      const [far, near] = [call('exponentiated', [[1e30], [-1e30]], f32(1)), found];
      expect(far.flat()).toEqual([near[2], near[3]]);
    });

    test('expCut: nothing under −64, whatever is under it', () => {
      const values = [0, ...vectorBetween(next, 20_000, -63.99, 0)];
      const found = call('cutExponential', single(values), f32(1)).flat();
      values.forEach((x, i) => {
        // One rounding of x log₂ e, 2⁻²⁴ of it and as much from log₂ e, acts like |x| of that.
        const bound = Math.exp(x) * (1.9e-7 + Math.abs(x) * 2 ** -23);
        expect(Math.abs(found[i]! - Math.exp(x)), `exp(${x})`).toBeLessThan(bound);
      });
      expect(found[0]).toBe(1);
      const under = [-64.01, -87, -100, -126, -1e4, -1e30, -3e38, -Infinity];
      expect(call('cutExponential', single(under), f32(1)).flat()).toEqual(under.map(() => 0));
    });
  });

  describe('powers of two', () => {
    test('exponentOf, 0 and denormals as 0', () => {
      const values = [0, -0, 1, -1, 0.5, LEAST_NORMAL, ...Array.from({ length: 2000 }, anyNormal)];
      values.push(...values.map((x) => -x));
      const found = call('exponents', single([...values, LEAST_NORMAL / 2]), f32(1), 1, 'i32');
      expect(found.flat()).toEqual([...values.map(exponentOf), -1_000_000]);
    });

    test('scaleBy is exact and clamped alike', () => {
      const shifts = [0, 1, -1, 59, -59, 126, -126, 127, -127, 252, -252, 253, -253, 1e6, -2e6];
      const values = [0, 1, -1, 2 ** 59, ...Array.from({ length: 300 }, anyNormal)];
      const rows = values.flatMap((x) => [...shifts, (next() % 600) - 300].map((e) => [x, e]));
      const found = call('scaled', rows, ['f32', 'i32']).flat();
      rows.forEach(([x, e], i) => {
        // Denormals round.
        const slack = Math.abs(scaleBy(x!, e!)) < LEAST_NORMAL ? LEAST_NORMAL : 0;
        const error = Math.abs(found[i]! - scaleBy(x!, e!));
        expect(error, `${x} · 2^${e}`).toBeLessThanOrEqual(slack);
      });
    });
  });

  test('pickComponent, with dead components anywhere and weights that do not reach 1', () => {
    // Eighths: sums are exact, so that both engines see the same thresholds.
    const rows = Array.from({ length: 4000 }, (_, i) => {
      const weights = Array.from({ length: 8 }, () => (next() % 3 === 0 ? 0 : (next() % 4) / 32));
      weights[i % 8] = 1 / 8;
      const u = [0, 1 / 8, 1 - 2 ** -24, unitUniform(next()) / 2][i % 4]!;
      return [...weights, u];
    });
    const found = call('picked', rows, f32(9), 1, 'i32').flat();
    expect(found).toEqual(
      rows.map((row) => pickComponent(Float64Array.from(row.slice(0, 8)), row[8]!)),
    );
  });

  test('acceptance of a candidate near 0', () => {
    const values = vectorBetween(next, 20_000, -0.25, 0.25);
    const found = call('acceptance', single(values), f32(1)).flat();
    values.forEach((w, i) => {
      // x²/2 = 4.5 s w² at s = 1. P errs by 4.93e-7 there; 3 P − 1 rounds P, 3 P and itself, each
      // near 1 or under. The twin's terms, of size 3 w, cancel in f64.
      const bound = Math.abs(w) ** 3 * (3 * 4.93e-7 + 5 * 2 ** -24) + 6 * Math.abs(w) * 2 ** -53;
      expect(Math.abs(found[i]! - logAcceptance(3 * w, w, 1)), `w = ${w}`).toBeLessThan(bound);
    });
  });

  describe.each([1, 2, 3])('packed triangles at d = %i', (dim) => {
    const length = packedLength(dim);
    beforeAll(() => {
      functions.configure!(dim, 1, 1, 0, 0, 0, 0);
    });

    /** Pivots in [½, 1½], entries in [−1, 1]. */
    const factor = (): number[] => {
      const entries = vectorBetween(next, length, -1, 1);
      for (let a = 0; a < dim; a++) entries[packedIndex(a, a)] = between(next, 0.5, 1.5);
      return entries;
    };
    const factors = Array.from({ length: 300 }, factor);
    /** Filled up to the six entries of d = 3. */
    const six = (row: readonly number[]) => [...row, ...new Array<number>(6 - row.length).fill(0)];
    const twin = (rows: Rows, f: (row: Float64Array, out: Float64Array) => void) =>
      rows.map((row) => {
        const out = new Float64Array(length);
        f(Float64Array.from(row), out);
        return [...out];
      });
    const triangles = (found: Rows): number[][] => found.map((row) => row.slice(0, length));
    const factorise = (matrices: Rows, rank: number) => {
      const rows = matrices.map((row) => [...six(row), rank]);
      return triangles(call('cholesky', rows, [...f32(6), 'i32'], 6));
    };

    test('cholesky: its square is the matrix', () => {
      const matrices = factors.map((entries) => {
        const [square] = covariancesOf(entries, dim);
        return square!.flatMap((row, a) => row.slice(0, a + 1)).map(Math.fround);
      });
      const found = factorise(matrices, dim);
      // Backward error of Cholesky: (d + 1) ulp/2 of √(m_aa m_bb) (Higham 2002, theorem 10.3).
      found.forEach((result, i) => {
        const matrix = matrices[i]!;
        covariancesOf(result, dim)[0]!.forEach((row, a) =>
          row.slice(0, a + 1).forEach((x, b) => {
            const size = Math.sqrt(matrix[packedIndex(a, a)]! * matrix[packedIndex(b, b)]!);
            const error = Math.abs(x - matrix[packedIndex(a, b)]!);
            expect(error).toBeLessThanOrEqual((dim + 1) * (ULP / 2) * size);
          }),
        );
      });
    });

    test('cholesky: rank, no variance, and the floor of pivots', () => {
      const flat = new Array<number>(length).fill(1);
      const none = new Array<number>(length).fill(0);
      for (let rank = 0; rank <= dim; rank++) {
        const expected = twin([flat, none], (row, out) => cholesky(row, dim, rank, out));
        expect(factorise([flat, none], rank)).toEqual(expected);
      }
    });

    test('inverse and product', () => {
      const inverses = triangles(call('inverse', factors.map(six), f32(6), 6));
      const products = triangles(
        call(
          'product',
          factors.map((row, i) => [...six(row), ...six(factors[299 - i]!)]),
          f32(12),
          6,
        ),
      );
      const exact = twin(factors, (row, out) => invertLower(row, dim, out));
      const square = factors.map((row, i) => {
        const out = new Float64Array(length);
        multiplyLower(Float64Array.from(row), Float64Array.from(factors[299 - i]!), dim, out);
        return [...out];
      });
      const worst = (found: Rows, expected: Rows) =>
        Math.max(...found.flatMap((row, i) => row.map((x, e) => Math.abs(x - expected[i]![e]!))));
      // d products of entries ≤ 1.5², each rounded twice.
      expect(worst(products, square)).toBeLessThanOrEqual(2 * dim * 2.25 * 2 ** -24);
      // Entries reach 1/½³ · (1 + 2) and pass d sums and quotients of one rounding each, of sizes up
      // to that: (2 d + 1) roundings of 24.
      expect(worst(inverses, exact)).toBeLessThanOrEqual((2 * dim + 1) * 24 * 2 ** -24);
    });
  });
});
