import { describe, expect, test } from 'vitest';
import { randomKey, STREAMS, words } from '../../src/model/rng/coordinates.ts';
import {
  exponential,
  normalPair,
  radiusSquared,
  turn,
  unitUniform,
  wordBelow,
} from '../../src/model/rng/normal.ts';
import { ANDERSON_DARLING_CRITICAL, CHI_SQUARE_CRITICAL, normalFit } from '../support/goodness.ts';
import {
  TAIL_WORD_COUNT,
  tailBound,
  tailProbability,
  TAILS,
  tailWord,
} from '../support/normal-tail.ts';
import { seeded } from '../support/seeded.ts';

describe('uniforms', () => {
  test('unitUniform is the top 24 bits, below 1', () => {
    expect([0, 255, 256, 0x80000000, 0xffffffff].map(unitUniform)).toEqual([
      0,
      0,
      2 ** -24,
      0.5,
      1 - 2 ** -24,
    ]);
  });

  test('wordBelow is the whole part of an exact product', () => {
    const next = seeded(1);
    const counts = [1, 2, 3, 272, 65535, 65536, 65537, 2 ** 24, 2 ** 31, 2 ** 32 - 1];
    const edges = [0, 1, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff];
    for (const count of counts) {
      for (const word of [...edges, ...Array.from({ length: 200 }, next)]) {
        const exact = Number((BigInt(word) * BigInt(count)) >> 32n);
        expect(wordBelow(word, count)).toBe(exact);
      }
    }
  });
});

describe('the radius', () => {
  test('reaches 6.66 and no further, and is never 0', () => {
    expect(Math.sqrt(radiusSquared(0))).toBeCloseTo(Math.sqrt(64 * Math.LN2), 12);
    expect(radiusSquared(0)).toBe(radiusSquared(1));
    expect(radiusSquared(0xffffffff)).toBeGreaterThan(0);
    expect(exponential(12345)).toBe(radiusSquared(12345) / 2);
  });

  test('has the mean of the midpoint rule', () => {
    // Σ ln(k + ½) by Stirling: the mean of −2 ln over N midpoints is 2 − ln 2/N + O(N⁻²). The words
    // used are the midpoints of N = 2¹⁶ cells; | 1 moves each by 2⁻¹⁶ of its place at most, N⁻² twice.
    const N = 2 ** 16;
    let sum = 0;
    for (let k = 0; k < N; k++) sum += radiusSquared((k * N + N / 2) >>> 0);
    expect(Math.abs(sum / N - (2 - Math.LN2 / N))).toBeLessThan(4 * Math.log(N) * N ** -2);
  });
});

describe('the turn', () => {
  test('is cos and sin of the word', () => {
    const next = seeded(2);
    const edges = [0, 0x1fffffff, 0x20000000, 0x40000000, 0x60000000, 0x80000000, 0xc0000000];
    for (const word of [
      ...edges,
      ...edges.map((e) => e + 1),
      ...Array.from({ length: 1e4 }, next),
    ]) {
      const angle = (word / 2 ** 32) * 2 * Math.PI;
      const [c, s] = turn(word);
      // The angle itself is rounded: half an ulp at 2π.
      expect(Math.abs(c - Math.cos(angle))).toBeLessThan(1e-15);
      expect(Math.abs(s - Math.sin(angle))).toBeLessThan(1e-15);
    }
  });

  test('quarter turns are exact', () => {
    expect([0, 1, 2, 3].map((q) => turn((q * 2 ** 30) >>> 0).map((x) => x + 0))).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ]);
  });
});

describe('normals', () => {
  test('the body, by χ² and Anderson–Darling', () => {
    // 2¹⁷ draws, 2048 a bin; α = 10⁻³ each, seed fixed.
    const key = randomKey(77, 0);
    const block = new Uint32Array(4);
    const z = new Float64Array(2 ** 17);
    for (let i = 0; i < z.length / 4; i++) {
      words(key, i, 0, 1, STREAMS.normal, 0, block);
      z.set(normalPair(block[0]!, block[1]!), 4 * i);
      z.set(normalPair(block[2]!, block[3]!), 4 * i + 2);
    }
    const fit = normalFit(z);
    expect(fit.chiSquare).toBeLessThan(CHI_SQUARE_CRITICAL[63]);
    expect(fit.andersonDarling).toBeLessThan(ANDERSON_DARLING_CRITICAL);
  });

  test.each(TAILS)('P(|z| > %f) is %f by visiting every radius word', (x, expected) => {
    const radii = Float64Array.from({ length: TAIL_WORD_COUNT }, (_, k) =>
      radiusSquared(tailWord(k)),
    );
    const found = tailProbability(radii, x);
    expect(Math.abs(found - expected)).toBeLessThan(tailBound(x, expected, 1e-15));
  });

  test('the words counted are all that reach |z| = 4', () => {
    expect(radiusSquared(tailWord(TAIL_WORD_COUNT))).toBeLessThan(16);
  });
});
