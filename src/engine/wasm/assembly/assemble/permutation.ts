/**
 * Sampling without replacement from a pool that nobody holds: a Feistel network over the pool's
 * indices, keyed by lineage, walked until it comes back into the pool.
 * Twins: src/model/assemble/permutation.ts, shaders/assemble/permutation.wgsl.
 */
import { drawn, STREAM_RETENTION, words } from '../rng/coordinates';
import { any, get, nth, put, select, splatI, VECTOR } from '../simd';

const ROUNDS = 12;
/** Round keys that a block of words holds. */
const BLOCK_KEYS = 4;
const MOST_HALF_BITS = 16;

/** [ROUNDS]: each lineage's. */
const KEYS = memory.data(12 * VECTOR, 16);
/** Four places a step further. */
const WALKED = memory.data(4 * VECTOR, 16);
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

/** Four vectors at `at`, side by side: a round waits for two products one after the other. */
function encryptFour(at: usize): void {
  const mask = splatI((1 << halfBits) - 1);
  let l0 = i32x4.shr_u(get(at, 0), halfBits);
  let l1 = i32x4.shr_u(get(at, 1), halfBits);
  let l2 = i32x4.shr_u(get(at, 2), halfBits);
  let l3 = i32x4.shr_u(get(at, 3), halfBits);
  let r0 = v128.and(get(at, 0), mask);
  let r1 = v128.and(get(at, 1), mask);
  let r2 = v128.and(get(at, 2), mask);
  let r3 = v128.and(get(at, 3), mask);
  // Two rounds a turn: halves come back to where they were.
  for (let round = 0; round < ROUNDS; round += 2) {
    const even = get(KEYS, round);
    l0 = v128.and(v128.xor(l0, mixHalf(r0, even)), mask);
    l1 = v128.and(v128.xor(l1, mixHalf(r1, even)), mask);
    l2 = v128.and(v128.xor(l2, mixHalf(r2, even)), mask);
    l3 = v128.and(v128.xor(l3, mixHalf(r3, even)), mask);
    const odd = get(KEYS, round + 1);
    r0 = v128.and(v128.xor(r0, mixHalf(l0, odd)), mask);
    r1 = v128.and(v128.xor(r1, mixHalf(l1, odd)), mask);
    r2 = v128.and(v128.xor(r2, mixHalf(l2, odd)), mask);
    r3 = v128.and(v128.xor(r3, mixHalf(l3, odd)), mask);
  }
  put(at, 0, v128.or(i32x4.shl(l0, halfBits), r0));
  put(at, 1, v128.or(i32x4.shl(l1, halfBits), r1));
  put(at, 2, v128.or(i32x4.shl(l2, halfBits), r2));
  put(at, 3, v128.or(i32x4.shl(l3, halfBits), r3));
}

/**
 * Where indices 0 … count − 1 of the pool go in each lineage, vectors at `places`, which has room
 * for a multiple of four of them. The rest repeats the last index: one out of the pool might never
 * come in.
 */
export function permuteAll(places: usize, count: i32): void {
  for (let e = 0; e < count; e += 4) {
    const four = nth(places, e);
    for (let i = 0; i < 4; i++) put(four, i, splatI(e + i < count ? e + i : count - 1));
    encryptFour(four);
    while (any(outside(four))) {
      for (let i = 0; i < 4; i++) put(WALKED, i, get(four, i));
      encryptFour(WALKED);
      for (let i = 0; i < 4; i++) {
        const place = get(four, i);
        const walks = i32x4.ge_u(place, splatI(size));
        put(four, i, select(get(WALKED, i), place, walks));
      }
    }
  }
}

/** Some lane of four vectors is not in the pool: all bits of a lane. */
function outside(four: usize): v128 {
  const end = splatI(size);
  const first = v128.or(i32x4.ge_u(get(four, 0), end), i32x4.ge_u(get(four, 1), end));
  const last = v128.or(i32x4.ge_u(get(four, 2), end), i32x4.ge_u(get(four, 3), end));
  return v128.or(first, last);
}
