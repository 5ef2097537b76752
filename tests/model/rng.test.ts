import { describe, expect, test } from 'vitest';
import {
  cellWord,
  randomKey,
  RNG_VERSION,
  STREAMS,
  words,
} from '../../src/model/rng/coordinates.ts';
import { threefry4x32 } from '../../src/model/rng/threefry.ts';
import { chiSquare, CHI_SQUARE_CRITICAL } from '../support/goodness.ts';
import { knownAnswers } from '../support/known-answers.ts';

describe('threefry4x32', () => {
  test('three answers at each of three numbers of rounds are known', () => {
    expect(knownAnswers.map(({ rounds }) => rounds)).toEqual([13, 13, 13, 20, 20, 20, 72, 72, 72]);
  });

  test.each(knownAnswers)('known answer at $rounds rounds, counter $counter', (answer) => {
    const out = new Uint32Array(4);
    const { counter, key, rounds } = answer;
    threefry4x32(Uint32Array.from(counter), Uint32Array.from(key), out, rounds);
    expect(Array.from(out)).toEqual(answer.words);
  });

  test('the output may be the counter', () => {
    const { counter, key, rounds, words: expected } = knownAnswers[5]!;
    const inPlace = Uint32Array.from(counter);
    threefry4x32(inPlace, Uint32Array.from(key), inPlace, rounds);
    expect(Array.from(inPlace)).toEqual(expected);
  });
});

describe('coordinates', () => {
  test('are the counter and key of one block, in the documented order', () => {
    const expected = new Uint32Array(4);
    const counter = Uint32Array.of(11, 22, 33, STREAMS.kmeans * 256 + 5);
    threefry4x32(counter, Uint32Array.of(7, 3, 9, RNG_VERSION), expected);
    const key = randomKey(3 * 2 ** 32 + 7, 9);
    expect(words(key, 11, 22, 33, STREAMS.kmeans, 5)).toEqual(expected);
  });

  test('a seed up to 2^53 − 1 keeps all its bits', () => {
    expect(Array.from(randomKey(2 ** 53 - 1, 0))).toEqual([0xffffffff, 0x1fffff, 0, RNG_VERSION]);
  });

  test('streams do not overlap', () => {
    const values = Object.values(STREAMS);
    expect(new Set(values).size).toBe(values.length);
  });

  test('a cell is its axes and values, not its position nor their order', () => {
    const word = cellWord(['sampleSize', 'fit.init'], [10, 'parent']);
    expect(cellWord(['fit.init', 'sampleSize'], ['parent', 10])).toBe(word);
    const others = [
      cellWord(['sampleSize', 'fit.init'], [11, 'parent']),
      cellWord(['sampleSize', 'fit.init'], [10, 'truth']),
      cellWord(['sampleSize'], [10]),
      cellWord(['fit.init', 'sampleSize'], [10, 'parent']),
    ];
    expect(new Set([word, ...others]).size).toBe(5);
    for (const other of others) expect(Number.isInteger(other) && other >= 0).toBe(true);
  });
});

/** Words met when one coordinate counts up from 0 and the others stand still. */
type Walk = (step: number, out: Uint32Array) => void;

const key = randomKey(20240607, 0);
const walks: Record<string, Walk> = {
  index: (i, out) => words(key, i, 3, 5, STREAMS.normal, 0, out),
  lineage: (i, out) => words(key, 3, i, 5, STREAMS.normal, 0, out),
  generation: (i, out) => words(key, 3, 5, i, STREAMS.normal, 0, out),
  'stream and attempt': (i, out) => words(key, 3, 5, 7, i >>> 8, i & 255, out),
  seed: (i, out) => words(randomKey(i, 0), 3, 5, 7, STREAMS.normal, 0, out),
  cell: (i, out) => words(randomKey(1, i), 3, 5, 7, STREAMS.normal, 0, out),
};

// 2¹⁴ blocks: 64 words or pairs a bin, enough for χ² to be itself. Each statistic exceeds its
// critical value with probability ALPHA; seeds are fixed, so a failure is a change.
const BLOCKS = 2 ** 14;

describe.each(Object.entries(walks))('words along %s', (_, walk) => {
  const met = new Uint32Array(4 * BLOCKS);
  const block = new Uint32Array(4);
  for (let i = 0; i < BLOCKS; i++) {
    walk(i, block);
    met.set(block, 4 * i);
  }
  const wordAt = (step: number, place: number) => met[4 * step + place]!;

  test.each([0, 1, 2, 3])('word %i is uniform in its first and in its last byte', (place) => {
    const first = new Uint32Array(256);
    const last = new Uint32Array(256);
    for (let i = 0; i < BLOCKS; i++) {
      first[wordAt(i, place) >>> 24]! += 1;
      last[wordAt(i, place) & 255]! += 1;
    }
    expect(chiSquare(first)).toBeLessThan(CHI_SQUARE_CRITICAL[255]);
    expect(chiSquare(last)).toBeLessThan(CHI_SQUARE_CRITICAL[255]);
  });

  test.each([0, 1, 2, 3])('word %i and its successors are independent', (place) => {
    const toNext = new Uint32Array(256);
    const toNeighbour = new Uint32Array(256);
    for (let i = 0; i < BLOCKS; i++) {
      const high = (wordAt(i, place) >>> 28) << 4;
      const next = wordAt((i + 1) % BLOCKS, place);
      const neighbour = wordAt(i, (place + 1) & 3);
      toNext[high | (next >>> 28)]! += 1;
      toNeighbour[high | (neighbour >>> 28)]! += 1;
    }
    // All 255 degrees of freedom: the marginals are known, not estimated.
    expect(chiSquare(toNext)).toBeLessThan(CHI_SQUARE_CRITICAL[255]);
    expect(chiSquare(toNeighbour)).toBeLessThan(CHI_SQUARE_CRITICAL[255]);
  });
});

test('words of different coordinates coincide as often as chance has it', () => {
  // 6 · 2¹⁶ words of six walks: m²/2³³ = 18.0 expected coincidences, Poisson; [5, 33] leaves out
  // less than ALPHA on either side.
  const seen: number[] = [];
  const block = new Uint32Array(4);
  for (const walk of Object.values(walks)) {
    // From 1000 on, so that no two walks cross: their fixed coordinates are all below 10.
    for (let i = 1000; i < 1000 + 2 ** 14; i++) {
      walk(i, block);
      seen.push(...block);
    }
  }
  const sorted = Uint32Array.from(seen).sort();
  let coincidences = 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) coincidences++;
  expect(coincidences).toBeGreaterThanOrEqual(5);
  expect(coincidences).toBeLessThanOrEqual(33);
});
