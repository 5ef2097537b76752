/** Draws of the closed form in WGSL against their twins, word for word the same. */
import { expect, test } from 'vitest';
import {
  chiSquared,
  logAcceptance,
  meanNormals,
  scatterFactor,
  type WishartPlace,
} from '../../src/model/gmm/wishart.ts';
import { packedIndex, packedLength } from '../../src/model/mixture.ts';
import { STREAMS, words } from '../../src/model/rng/coordinates.ts';
import { normalPair } from '../../src/model/rng/normal.ts';
import { describeGpu } from '../support/dawn.ts';
import { probe, probeRows } from '../support/probe.ts';
import { between, seeded, type Seeded } from '../support/seeded.ts';

/** One rounding of f32, relative. */
const ROUNDING = 2 ** -24;
// Radius ≤ 6.66 times the errors of rng.test.ts: 1.3e-7 of the turn, 4e-7 of the radius.
const NORMAL_ERROR = 6.66 * 5.3e-7;
/** T = √(2s) (1 + x/√(9s))^(3/2): dT/dx = √(½ + x/√(18s)), 1.4 at s = ⅔ and x = 6.66. */
const ROOT_SLOPE = 1.4;
// What follows the normal: slope, cube, square root and their products, 8 roundings.
const rootError = (root: number): number => ROOT_SLOPE * NORMAL_ERROR + 8 * ROUNDING * root;

const constantsOf = (dim: number) => ({ D: dim, TRI: packedLength(dim), RNG_ROUNDS: 20 });

/** Words of a key, lineage and generation, and the place that they are. */
function randomPlace(next: Seeded): { own: number[]; place: WishartPlace } {
  const own = [next(), next(), next(), 1, next(), 1 + (next() % 1000)];
  const key = Uint32Array.from(own.slice(0, 4));
  return { own, place: { key, lineage: own[4]!, generation: own[5]! } };
}

const PLACE = 'WishartPlace(vec4<u32>(inU(0u), inU(1u), inU(2u), inU(3u)), inU(4u), inU(5u), 0u)';

describeGpu('logAcceptance', () => {
  test.each([0.5 - 1 / 3, 2 / 3, 4.5, 500, 5e5])('at shape %f', async (exact) => {
    const shape = Math.fround(exact);
    const next = seeded(120);
    const rows = [0, 1e-6, -1e-6, 0.75, -0.75].map((x) => Math.fround(x * Math.sqrt(shape)));
    for (let i = 0; i < 1000; i++) rows.push(between(next, -6.66, 6.66));
    // As chiSquared calls it: w from x, and no candidate of w ≤ −1.
    const calls = rows
      .map((x) => [x, Math.fround(x / Math.sqrt(9 * shape)), shape])
      .filter(([, w]) => w! > -1);
    const found = await probe({
      call: 'package::gmm::wishart::logAcceptance',
      parameters: ['f32', 'f32', 'f32'],
      result: 'f32',
      rows: calls,
      constants: constantsOf(1),
    });
    calls.forEach(([x, w, s], i) => {
      // Of a rounded w, x²/2 and s w² · 9/2 are no longer the same, and this difference is not of
      // the candidate: the twin is asked for the series' own x.
      const near = Math.abs(w!) <= 0.25;
      const expected = logAcceptance(near ? w! * Math.sqrt(9 * s!) : x!, w!, s!);
      // P is chosen for ln and not for itself: 3P is off by up to 1.5e-6 near 0, and f32 adds 4e-7.
      // Far out every part has a few roundings, and ln(1 + w) that of 1 + w.
      const logarithm = 3 * Math.abs(Math.log1p(w!));
      const polynomial = Math.abs(w!) * (3 + Math.abs(w!) * (3 + Math.abs(w!)));
      const parts = x! ** 2 + s! * (4 * logarithm + 5 * polynomial + 3 / (1 + w!));
      const error = near ? 1.9e-6 * s! * Math.abs(w!) ** 3 : ROUNDING * parts;
      // f64 loses what cancels, 2⁻⁵³ of x²/2 and s w.
      const own = 2 ** -50 * (x! ** 2 + 3 * s! * Math.abs(w!));
      expect(Math.abs(found[i]![0]! - expected)).toBeLessThanOrEqual(error + own);
    });
  });
});

/** The root of χ² if its first candidate were taken. */
function firstRoot({ key, lineage, generation }: WishartPlace, axis: number, degrees: number) {
  const [radius, angle] = words(key, axis, lineage, generation, STREAMS.wishart, 0);
  const [x] = normalPair(radius!, angle!);
  const shape = degrees / 2 - 1 / 3;
  return Math.sqrt(2 * shape * (1 + (1 / Math.sqrt(9 * shape)) * x) ** 3);
}

describeGpu('chiSquared', () => {
  test.each([1, 2, 3, 10, 99, 1000, 1_000_000])('of %i degrees', async (degrees) => {
    const next = seeded(121);
    const places = Array.from({ length: 500 }, () => randomPlace(next));
    const axis = degrees % 3;
    const found = await probeRows({
      imports: ['package::gmm::wishart::{chiSquared, wishartBlock, WishartPlace}'],
      body: `let place = ${PLACE};
        let first = wishartBlock(place, ${axis}u, 0u);
        outF(0u, chiSquared(place, ${axis}u, ${degrees}u, first));`,
      input: Uint32Array.from(places.flatMap(({ own }) => own)),
      inputWords: 6,
      outputWords: 1,
      constants: constantsOf(3),
    });
    const floats = new Float32Array(found.buffer);
    let refused = 0;
    places.forEach(({ place }, i) => {
      const root = Math.sqrt(chiSquared(place, axis, degrees));
      expect(Math.abs(Math.sqrt(floats[i]!) - root)).toBeLessThanOrEqual(rootError(root));
      if (root !== firstRoot(place, axis, degrees)) refused++;
    });
    // One in 20 first candidates at 2 degrees, so that the next ones are seen too.
    if (degrees === 2) expect(refused).toBeGreaterThan(10);
  });
});

describeGpu('standardFit', () => {
  const shapes = [1, 2, 3].flatMap((dim) =>
    [1, 2, 3, 4, 10, 1000, 1_000_000].map((sampleSize) => ({ dim, sampleSize })),
  );

  test.each(shapes)('d = $dim, n = $sampleSize', async ({ dim, sampleSize }) => {
    const next = seeded(122 + dim);
    const places = Array.from({ length: 200 }, () => randomPlace(next));
    const length = packedLength(dim);
    const found = await probeRows({
      imports: ['package::gmm::wishart::{standardFit, WishartPlace}'],
      body: `var fit = standardFit(${PLACE}, ${sampleSize}u);
        for (var a = 0u; a < ${dim}u; a++) { outF(a, fit.mean[a]); }
        for (var e = 0u; e < ${length}u; e++) { outF(${dim}u + e, fit.factor[e]); }`,
      input: Uint32Array.from(places.flatMap(({ own }) => own)),
      inputWords: 6,
      outputWords: dim + length,
      constants: constantsOf(dim),
    });
    const floats = new Float32Array(found.buffer);
    const mean = new Float64Array(dim);
    const factor = new Float64Array(length);
    places.forEach(({ place }, i) => {
      const own = floats.subarray(i * (dim + length), (i + 1) * (dim + length));
      meanNormals(place, dim, mean);
      mean.forEach((x, a) => expect(Math.abs(own[a]! - x)).toBeLessThanOrEqual(NORMAL_ERROR));
      scatterFactor(place, sampleSize, dim, factor);
      factor.forEach((x, e) => {
        // Columns past the rank are 0, exactly.
        const limit = x === 0 ? 0 : rootError(Math.abs(x));
        expect(Math.abs(own[dim + e]! - x), `entry ${e}`).toBeLessThanOrEqual(limit);
      });
      expect(factor[packedIndex(0, 0)]! > 0).toBe(sampleSize > 1);
    });
  });
});
