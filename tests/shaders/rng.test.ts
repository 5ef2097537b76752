import { beforeAll, describe, expect, test } from 'vitest';
import { randomKey, STREAMS, words } from '../../src/model/rng/coordinates.ts';
import {
  exponential,
  normalPair,
  radiusSquared,
  turn,
  unitUniform,
  wordBelow,
} from '../../src/model/rng/normal.ts';
import { threefry4x32 } from '../../src/model/rng/threefry.ts';
import type { Sources } from '../../src/engine/webgpu/link.ts';
import { shaderSources, softwareSources } from '../../src/engine/webgpu/shaders.ts';
import { describeGpu } from '../support/dawn.ts';
import { ANDERSON_DARLING_CRITICAL, CHI_SQUARE_CRITICAL, normalFit } from '../support/goodness.ts';
import { knownAnswers } from '../support/known-answers.ts';
import {
  TAIL_WORD_COUNT,
  tailBound,
  tailProbability,
  TAILS,
  tailWord,
} from '../support/normal-tail.ts';
import { probe, probeRows } from '../support/probe.ts';
import { seeded } from '../support/seeded.ts';

/** lnOfParts rounds thrice near the result: 1.5 ulp, of 2⁻²³ relative where the mantissa is 1. */
const RADIUS_SQUARED_ERROR = 1.5 * 2 ** -23;

/**
 * Of sine and cosine, absolute, in units of 2⁻²⁴: two roundings of an angle ≤ π/4 times the slope
 * ≤ √½, 1.1; of the polynomial's terms ≤ .6; of the result ½. Together 2.2, or 1.3e-7.
 */
const TURN_ERROR = 2.2 * 2 ** -24;

/** f32 square root and product: √'s 2 ulp allow for drivers that take 1/inverseSqrt. */
const NORMAL_ERROR = RADIUS_SQUARED_ERROR / 2 + 2.5 * 2 ** -23;

const next = seeded(41);
const randomWords = (count: number) => Uint32Array.from({ length: count }, next);

/** 0, the largest, and the neighbours of every power of two and of the fold at √½. */
const edgeWords = [
  ...Array.from({ length: 32 }, (_, e) => [2 ** e - 1, 2 ** e, 2 ** e + 1]).flat(),
  ...[-2, -1, 0, 1, 2].map((step) => 0xb504f334 + step),
  0xffffffff,
  0xfffffffe,
].map((word) => word >>> 0);

/** The text for GPUs and that for CPUs. */
const BITS: readonly [string, Sources][] = [
  ['hardware', shaderSources],
  ['software', softwareSources],
];

describeGpu.each(BITS)('threefry4x32 on %s', (_, modules) => {
  const run = (input: Uint32Array, rounds: number): Promise<Uint32Array> =>
    probeRows({
      imports: ['package::rng::threefry::threefry4x32'],
      body: `let out = threefry4x32(vec4<u32>(inU(0u), inU(1u), inU(2u), inU(3u)),
          vec4<u32>(inU(4u), inU(5u), inU(6u), inU(7u)));
        outU(0u, out.x); outU(1u, out.y); outU(2u, out.z); outU(3u, out.w);`,
      input,
      inputWords: 8,
      outputWords: 4,
      constants: { RNG_ROUNDS: rounds },
      modules,
    });

  test.each([13, 20])('known answers at %i rounds', async (rounds) => {
    const answers = knownAnswers.filter((answer) => answer.rounds === rounds);
    const input = Uint32Array.from(answers.flatMap(({ counter, key }) => [...counter, ...key]));
    const expected = Uint32Array.from(answers.flatMap((answer) => [...answer.words]));
    expect(await run(input, rounds)).toEqual(expected);
  });

  test.each([13, 20])('10⁴ random counters and keys at %i rounds, bit for bit', async (rounds) => {
    const input = randomWords(8e4);
    const found = await run(input, rounds);
    const expected = new Uint32Array(4e4);
    for (let row = 0; row < 1e4; row++) {
      const [counter, key] = [input.slice(8 * row, 8 * row + 4), input.slice(8 * row + 4)];
      threefry4x32(counter, key, expected.subarray(4 * row, 4 * row + 4), rounds);
    }
    expect(found).toEqual(expected);
  });
});

/** Runs of ones from every bit to every other, 2¹⁵ random words, and the complements of all. */
const runsOfOnes = Array.from({ length: 32 }, (_, from) =>
  Array.from({ length: 32 - from }, (_, width) => (2 ** (width + 1) - 1) * 2 ** from),
).flat();
const structuredWords = Uint32Array.from(
  [...runsOfOnes, ...randomWords(2 ** 15)].flatMap((word) => [word, ~word]),
);

describeGpu.each(BITS)('package::bits on %s, bit for bit', (_, modules) => {
  const words = (body: string, input: Uint32Array, outputWords: number) =>
    probeRows({
      imports: ['rotatePair', 'fractionOf', 'lnParts', 'larger'].map((f) => `package::bits::${f}`),
      body,
      input,
      inputWords: 1,
      outputWords,
      modules,
    });

  test('rotations by every number of bits that Threefry uses', async () => {
    const pairs = [
      [10, 26],
      [11, 21],
      [13, 27],
      [23, 5],
      [6, 20],
      [17, 11],
      [25, 10],
      [18, 20],
    ];
    const body = pairs.map(
      ([a, b], i) => `{
        let found = rotatePair(vec2<u32>(inU(0u)), vec2<u32>(1u << ${a}u, 1u << ${b}u),
          vec2<u32>(32u - ${a}u, 32u - ${b}u));
        outU(${2 * i}u, found.x); outU(${2 * i + 1}u, found.y);
      }`,
    );
    const found = await words(body.join('\n'), structuredWords, 16);
    const rotated = (x: number, bits: number) => ((x << bits) | (x >>> (32 - bits))) >>> 0;
    const expected = Array.from(structuredWords, (x) => pairs.flat().map((b) => rotated(x, b)));
    expect(found).toEqual(Uint32Array.from(expected.flat()));
  });

  test('fractions', async () => {
    const found = await words('outF(0u, fractionOf(inU(0u)));', structuredWords, 1);
    const expected = Float32Array.from(structuredWords, (word) => (word >>> 8) / 2 ** 24);
    expect(new Float32Array(found.buffer)).toEqual(expected);
  });

  test('parts of a logarithm, by doubles, beside every fold too', async () => {
    const folds = Array.from({ length: 32 }, (_, zeros) =>
      Array.from({ length: 400 }, (_, i) => Math.floor(0xb504f334 / 2 ** zeros) - 200 + i),
    ).flat();
    const positive = folds.filter((word) => word > 0);
    const odd = Uint32Array.from([...structuredWords, ...positive], (word) => word | 1);
    const body = 'let parts = lnParts(inU(0u)); outF(0u, parts.x); outF(1u, parts.y);';
    // Adding 0 makes 0 of -0: the parts of a word near 2³² have either sign.
    const found = new Float32Array((await words(body, odd, 2)).buffer).map((part) => part + 0);
    const parts = (word: number) => {
      const zeros = Math.clz32(word);
      const m = word * 2 ** zeros;
      return m < 0xb504f334 ? [m / 2 ** 31 - 1, -zeros - 1] : [m / 2 ** 32 - 1, 0 - zeros];
    };
    // A distance from 1 has 32 digits at most: as a double it is exact, and rounded here once.
    expect(found).toEqual(Float32Array.from(Array.from(odd, parts).flat()));
  });

  test('the larger of two', async () => {
    const input = Uint32Array.from([0, 0x3f800000, 0xbf800000, 0x00800000, 0x7f7fffff]);
    const body = 'outF(0u, larger(inF(0u), 0.5)); outF(1u, larger(-1.0, inF(0u)));';
    const found = new Float32Array((await words(body, input, 2)).buffer);
    const numbers = Array.from(new Float32Array(input.buffer));
    const expected = numbers.flatMap((x) => [Math.max(x, 0.5), Math.max(-1, x)]);
    expect(Array.from(found)).toEqual(expected);
  });
});

describeGpu('coordinates', () => {
  test('words, bit for bit, streams by name', async () => {
    const names = Object.keys(STREAMS) as (keyof typeof STREAMS)[];
    const rows = Array.from({ length: 500 }, (_, i) => {
      const key = [...randomKey(next() * 2 ** 21 + (next() >>> 11), next())];
      return [...key, next(), next(), next(), i % names.length, next() & 255];
    });
    const constant = (name: string) => `STREAM_${name.toUpperCase()}`;
    const found = await probeRows({
      imports: [
        'package::rng::coordinates::words',
        ...names.map((name) => `package::rng::coordinates::${constant(name)}`),
      ],
      body: `var streams = array<u32, ${names.length}>(${names.map(constant).join(', ')});
        let key = vec4<u32>(inU(0u), inU(1u), inU(2u), inU(3u));
        let out = words(key, inU(4u), inU(5u), inU(6u), streams[inU(7u)], inU(8u));
        for (var j = 0u; j < 4u; j++) { outU(j, out[j]); }`,
      input: Uint32Array.from(rows.flat()),
      inputWords: 9,
      outputWords: 4,
      constants: { RNG_ROUNDS: 20 },
    });
    const expected = rows.flatMap(([k0, k1, k2, k3, index, lineage, generation, s, attempt]) => {
      const key = Uint32Array.of(k0!, k1!, k2!, k3!);
      return [...words(key, index!, lineage!, generation!, STREAMS[names[s!]!], attempt)];
    });
    expect(Array.from(found)).toEqual(expected);
  });
});

const callNormal = (name: string, parameters: string[], result: string, rows: number[][]) =>
  probe({ call: `package::rng::normal::${name}`, parameters, result, rows });

describeGpu('uniforms and normals equal their twins', () => {
  const row = [...edgeWords, ...randomWords(2e4)];
  const rows = row.map((word) => [word]);

  test('unitUniform exactly', async () => {
    const found = await callNormal('unitUniform', ['u32'], 'f32', rows);
    expect(found.flat()).toEqual(row.map(unitUniform));
  });

  test('wordBelow exactly', async () => {
    const counts = [1, 2, 3, 272, 65535, 65536, 65537, 2 ** 24, 2 ** 31, 2 ** 32 - 1];
    const pairs = row.map((word, i) => [word, counts[i % counts.length]!]);
    const edges = edgeWords.flatMap((word) => counts.map((count) => [word, count]));
    const random = Array.from({ length: 1e4 }, () => [next(), next()]);
    const all = [...pairs, ...edges, ...random];
    const found = await callNormal('wordBelow', ['u32', 'u32'], 'u32', all);
    expect(found.flat()).toEqual(all.map(([word, count]) => wordBelow(word!, count!)));
  });

  test.each([
    ['radiusSquared', radiusSquared],
    ['exponential', exponential],
  ])('%s to 1.5 ulp', async (name, twin) => {
    const found = await callNormal(name, ['u32'], 'f32', rows);
    const worst = Math.max(...row.map((word, i) => Math.abs(found[i]![0]! / twin(word) - 1)));
    expect(worst).toBeLessThanOrEqual(RADIUS_SQUARED_ERROR);
  });

  test('turn', async () => {
    const found = await callNormal('turn', ['u32'], 'vec2<f32>', rows);
    const worst = Math.max(
      ...row.flatMap((word, i) => turn(word).map((x, j) => Math.abs(found[i]![j]! - x))),
    );
    expect(worst).toBeLessThanOrEqual(TURN_ERROR);
  });

  test('normalPair', async () => {
    const pairs = row.map((word, i) => [word, row[(i * 7 + 3) % row.length]!]);
    const found = await callNormal('normalPair', ['u32', 'u32'], 'vec2<f32>', pairs);
    // Relative to the radius: the turn's absolute error, the radius's relative one.
    const worst = Math.max(
      ...pairs.flatMap(([radius, angle], i) =>
        normalPair(radius!, angle!).map(
          (x, j) => Math.abs(found[i]![j]! - x) / Math.sqrt(radiusSquared(radius!)),
        ),
      ),
    );
    expect(worst).toBeLessThanOrEqual(TURN_ERROR + NORMAL_ERROR);
  });
});

describeGpu('moments over an even grid of words', () => {
  // Midpoints of N cells. f64 would give exactly 0, ½, 3/8 for the turn (N > 4) and, by Stirling,
  // 2 − ln 2/N and 8 − O(ln N/N) for the radius; each is then off by f32's error at most.
  const N = 2 ** 16;
  const grid = Array.from({ length: N }, (_, k) => [(k * 2 ** 16 + 2 ** 15) >>> 0]);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

  test('the turn is unbiased, of second moment ½ and fourth 3/8', async () => {
    const pairs = await callNormal('turn', ['u32'], 'vec2<f32>', grid);
    for (const j of [0, 1]) {
      const x = pairs.map((pair) => pair[j]!);
      expect(Math.abs(mean(x))).toBeLessThan(TURN_ERROR);
      expect(Math.abs(mean(x.map((v) => v ** 2)) - 1 / 2)).toBeLessThan(2 * TURN_ERROR);
      expect(Math.abs(mean(x.map((v) => v ** 4)) - 3 / 8)).toBeLessThan(4 * TURN_ERROR);
    }
    expect(Math.abs(mean(pairs.map(([c, s]) => c! * s!)))).toBeLessThan(2 * TURN_ERROR);
  });

  test('the squared radius has mean 2', async () => {
    const squares = (await callNormal('radiusSquared', ['u32'], 'f32', grid)).flat();
    expect(Math.abs(mean(squares) - (2 - Math.LN2 / N))).toBeLessThan(2 * RADIUS_SQUARED_ERROR);
  });
});

describeGpu('the normal law', () => {
  test('its body, by χ² and Anderson–Darling', async () => {
    // 2¹⁷ draws, 2048 a bin; α = 10⁻³ each, seed fixed and not the one of the f64 draws.
    const found = await probeRows({
      imports: ['package::rng::coordinates::words', 'package::rng::normal::normalPair'],
      body: `let block = words(vec4<u32>(78u, 0u, 0u, 1u), inU(0u), 0u, 1u, 0u, 0u);
        let a = normalPair(block.x, block.y);
        let b = normalPair(block.z, block.w);
        outF(0u, a.x); outF(1u, a.y); outF(2u, b.x); outF(3u, b.y);`,
      input: Uint32Array.from({ length: 2 ** 15 }, (_, i) => i),
      inputWords: 1,
      outputWords: 4,
      constants: { RNG_ROUNDS: 20 },
    });
    const fit = normalFit(Float64Array.from(new Float32Array(found.buffer)));
    expect(fit.chiSquare).toBeLessThan(CHI_SQUARE_CRITICAL[63]);
    expect(fit.andersonDarling).toBeLessThan(ANDERSON_DARLING_CRITICAL);
  });

  describe('its tail, by visiting every radius word', () => {
    let radii: Float32Array = new Float32Array();

    beforeAll(async () => {
      const found = await probeRows({
        imports: ['package::rng::normal::radiusSquared'],
        body: 'outF(0u, radiusSquared(inU(0u)));',
        input: Uint32Array.from({ length: TAIL_WORD_COUNT }, (_, k) => tailWord(k)),
        inputWords: 1,
        outputWords: 1,
      });
      radii = new Float32Array(found.buffer);
    });

    test.each(TAILS)('P(|z| > %f) is %f', (x, expected) => {
      const bound = tailBound(x, expected, RADIUS_SQUARED_ERROR);
      expect(Math.abs(tailProbability(radii, x) - expected)).toBeLessThan(bound);
    });

    test('each squared radius is its twin to 1.5 ulp', () => {
      let worst = 0;
      radii.forEach((square, k) => {
        worst = Math.max(worst, Math.abs(square / radiusSquared(tailWord(k)) - 1));
      });
      expect(worst).toBeLessThanOrEqual(RADIUS_SQUARED_ERROR);
    });
  });
});
