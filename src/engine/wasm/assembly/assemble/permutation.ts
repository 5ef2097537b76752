/**
 * Sampling without replacement from a pool that nobody holds: a Feistel network over the pool's
 * indices, keyed by lineage, walked until it comes back into the pool.
 * Twins: src/model/assemble/permutation.ts, shaders/assemble/permutation.wgsl.
 */
import { drawn, STREAM_RETENTION, words } from '../rng/coordinates';
import { any, get, put, select, splatI, VECTOR } from '../simd';

const ROUNDS = 12;
/** Round keys that a block of words holds. */
const BLOCK_KEYS = 4;
const MOST_HALF_BITS = 16;

/** [ROUNDS]: each lineage's. */
const KEYS = memory.data(12 * VECTOR, 16);
let size: i32 = 1;
let halfBits: i32 = 1;

/** Takes up the pools of the lineages and generation in hand, `points` of each. */
export function openPermutation(points: i32): void {
  size = points;
  halfBits = 1;
  while (halfBits < MOST_HALF_BITS && (<u64>1) << (2 * halfBits) < <u64>size) halfBits++;
  for (let block = 0; block < ROUNDS / BLOCK_KEYS; block++) {
    words(block, STREAM_RETENTION, 0);
    for (let w = 0; w < BLOCK_KEYS; w++) put(KEYS, block * BLOCK_KEYS + w, drawn(w));
  }
}

/** What a round makes of a half: Murmur3's finaliser. */
@inline
function mixHalf(half: v128, key: v128): v128 {
  let x = v128.xor(half, key);
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), splatI(0x85ebca6b));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), splatI(0xc2b2ae35));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

function encrypt(index: v128): v128 {
  const mask = splatI((1 << halfBits) - 1);
  let left = i32x4.shr_u(index, halfBits);
  let right = v128.and(index, mask);
  for (let round = 0; round < ROUNDS; round++) {
    const next = v128.and(v128.xor(left, mixHalf(right, get(KEYS, round))), mask);
    left = right;
    right = next;
  }
  return v128.or(i32x4.shl(left, halfBits), right);
}

/** Where `index` of [0, size) goes in each lineage's pool. */
export function permute(index: v128): v128 {
  let place = encrypt(index);
  let outside = i32x4.ge_u(place, splatI(size));
  while (any(outside)) {
    place = select(encrypt(place), place, outside);
    outside = i32x4.ge_u(place, splatI(size));
  }
  return place;
}
