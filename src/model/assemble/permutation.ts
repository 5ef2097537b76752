/**
 * Sampling without replacement from a pool that nobody holds: a keyed Feistel network over the
 * pool's indices, walked until it comes back into the pool. Of 4, 6 and 12 rounds only the last
 * pass χ² on small pools. Twin: shaders/assemble/permutation.wgsl.
 */
import { STREAMS, words, type RandomKey } from '../rng/coordinates.ts';

export const ROUNDS = 12;
/** Round keys that a block of words holds. */
const BLOCK_KEYS = 4;

export interface Permutation {
  /** Indices that are permuted: [0, size). */
  readonly size: number;
  /** Bits of each half of the network, whose domain is 4^halfBits. */
  readonly halfBits: number;
  readonly keys: Uint32Array;
}

/** The least number of bits of a half with 4^bits ≥ size; 1 … 16. */
export function halfBitsOf(size: number): number {
  let bits = 1;
  while (bits < 16 && 4 ** bits < size) bits++;
  return bits;
}

/** The permutation of a lineage's pool at one generation; `size` is at most 2³¹. */
export function permutationOf(
  key: RandomKey,
  lineage: number,
  generation: number,
  size: number,
): Permutation {
  const keys = new Uint32Array(ROUNDS);
  for (let block = 0; block < ROUNDS / BLOCK_KEYS; block++) {
    keys.set(words(key, block, lineage, generation, STREAMS.retention), block * BLOCK_KEYS);
  }
  return { size, halfBits: halfBitsOf(size), keys };
}

/** What a round makes of a half: Murmur3's finaliser, which avalanches. */
function mixHalf(half: number, key: number): number {
  let x = (half ^ key) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

function encrypt({ halfBits, keys }: Permutation, index: number): number {
  const mask = 2 ** halfBits - 1;
  let left = index >>> halfBits;
  let right = index & mask;
  for (const key of keys) {
    const next = (left ^ mixHalf(right, key)) & mask;
    left = right;
    right = next;
  }
  return ((left << halfBits) | right) >>> 0;
}

/** Where `index` of [0, size) goes: every index of the pool is met once. */
export function permute(permutation: Permutation, index: number): number {
  let place = encrypt(permutation, index);
  while (place >= permutation.size) place = encrypt(permutation, place);
  return place;
}
