/**
 * Randomness is a coordinate: four words are a pure function of (seed, cell, index, lineage,
 * generation, stream, attempt), so no result depends on batch, dispatch, pause or engine.
 * Twin: shaders/rng/coordinates.wgsl.
 *
 * Which words a point i of a batch uses, by dimension d:
 *
 * | d   | normals                                    | component or row      | real or synthetic    |
 * | --- | ------------------------------------------ | --------------------- | -------------------- |
 * | 1   | normal, index i>>1, pair (0, 1), half i&1  | same, word 2 + (i&1)  | origin, i>>2, i&3    |
 * | 2   | normal, index i, pair (0, 1)               | same, word 2          | same, word 3         |
 * | ≥ 3 | normal, index i·⌈d/4⌉ + b, pairs (0,1)(2,3) | choice, i>>2, i&3     | origin, i>>2, i&3    |
 *
 * Where points are looked at, candidate a of point i has the words of attempt a of all three, and
 *
 * | stream     | index, attempt | words                                                          |
 * | ---------- | -------------- | -------------------------------------------------------------- |
 * | screen     | i, a           | 0 verdict flipped, 1 quality, 2 mode let through, 3 model of memory |
 * | protect    | i, a           | 0 of a protected mode, 1 of which                              |
 * | paraphrase | i, a           | normals of the noise, pairs (0,1)(2,3)                         |
 * | poison     | i, 0; i, 1     | word 0 whether; normals, pairs (0,1)(2,3)                      |
 * | threshold  | j, 0; j, 1     | normals of draw j of the verifier, pairs (0,1)(2,3); word 0 component |
 * | wishart    | a, 16 g + k    | candidate k of group g's axis a (`gmm/wishart`)                |
 * |            | a, 16 g + k + 2¹⁶ s | the same of part s of the group (`assemble/counts`)          |
 * |            | the same       | segment s of an archive: as real points of generation 1 + s    |
 * | retention  | b, 0           | round keys 4b … 4b + 3 of the subsample's permutation          |
 * | respawn    | k, 0           | word 0 chooses the point that component k comes back on         |
 * | coreset    | i, k >> 2      | word k & 3: archive point i in the race for centre k           |
 */
import { RNG_ROUNDS, threefry4x32, type Words } from './threefry.ts';

/** Changes when any draw changes its words: part of the key and of every result. */
export const RNG_VERSION = 1;

/** What a block of words is for. Values are part of RNG_VERSION. */
export const STREAMS = {
  normal: 0,
  choice: 1,
  origin: 2,
  kmeans: 3,
  nodes: 4,
  wishart: 5,
  screen: 6,
  protect: 7,
  paraphrase: 8,
  poison: 9,
  threshold: 10,
  retention: 11,
  respawn: 12,
  coreset: 13,
} as const;

/** (seed low, seed high, cell word, RNG_VERSION). */
export type RandomKey = Words;

/** Key of a cell. `seed` is an integer in [0, 2⁵³). */
export function randomKey(seed: number, cellWord: number): RandomKey {
  return new Uint32Array([seed >>> 0, Math.floor(seed / 2 ** 32), cellWord, RNG_VERSION]);
}

const counter = new Uint32Array(4);

/** Four random words; `lineage` is the replicate's number within its cell. */
export function words(
  key: RandomKey,
  index: number,
  lineage: number,
  generation: number,
  stream: number,
  attempt = 0,
  out: Words = new Uint32Array(4),
): Words {
  counter[0] = index;
  counter[1] = lineage;
  counter[2] = generation;
  counter[3] = stream * 256 + attempt;
  threefry4x32(counter, key, out, RNG_ROUNDS);
  return out;
}

/**
 * Key word of a cell whose random numbers are its own (pairing "independent"): FNV-1a over the
 * axis names and values, never the cell's position, so that a cell run alone draws the same.
 */
export function cellWord(
  axes: readonly string[],
  values: readonly (number | string | null)[],
): number {
  let hash = 0x811c9dc5;
  const pairs = axes.map((axis, i) => [axis, values[i]] as const);
  // Sorted by name: the order in which axes are written down changes no number.
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const character of JSON.stringify(pairs)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash >>> 0;
}
