/**
 * Threefry4x32 (Salmon et al., SC 2011) for four lineages at once, 20 rounds. The key is the cell's
 * and its schedule is splat once. Twins: src/model/rng/threefry.ts, shaders/rng/threefry.wgsl.
 */
import { get, put } from '../simd';

const PARITY: u32 = 0x1bd11bda;
const INJECTIONS = 6;

/** The four words of the last call: vector w is word w of each lineage. */
export const BLOCK_WORDS = memory.data(64, 16);
/** [injection × word], splat; the first is what the counter is added to. */
const SCHEDULE = memory.data(384, 16);

/** Key schedule of all words to come. */
export function setKey(k0: u32, k1: u32, k2: u32, k3: u32): void {
  const parity = PARITY ^ k0 ^ k1 ^ k2 ^ k3;
  for (let s = 0; s < INJECTIONS; s++) {
    for (let w = 0; w < 4; w++) {
      const at = (s + w) % 5;
      const word = at == 0 ? k0 : at == 1 ? k1 : at == 2 ? k2 : at == 3 ? k3 : parity;
      const round: u32 = w == 3 ? s : 0;
      put(SCHEDULE, s * 4 + w, i32x4.splat(word + round));
    }
  }
}

@inline
function rotate(x: v128, left: i32): v128 {
  return v128.or(i32x4.shl(x, left), i32x4.shr_u(x, 32 - left));
}

@inline
function injected(x: v128, at: usize, word: i32): v128 {
  return i32x4.add(x, get(at, word));
}

/** Encrypts a counter of four vectors into BLOCK_WORDS. */
export function threefry4x32(c0: v128, c1: v128, c2: v128, c3: v128): void {
  let at: usize = SCHEDULE;
  let x0 = injected(c0, at, 0);
  let x1 = injected(c1, at, 1);
  let x2 = injected(c2, at, 2);
  let x3 = injected(c3, at, 3);
  // Rounds 1 to 16 in two turns of eight, then four more.
  for (let turn = 0; ; turn++) {
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 10), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(rotate(x3, 26), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(rotate(x3, 11), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(rotate(x1, 21), x2);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 13), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(rotate(x3, 27), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(rotate(x3, 23), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(rotate(x1, 5), x2);
    at += 64;
    x0 = injected(x0, at, 0);
    x1 = injected(x1, at, 1);
    x2 = injected(x2, at, 2);
    x3 = injected(x3, at, 3);
    if (turn == 2) break;
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 6), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(rotate(x3, 20), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(rotate(x3, 17), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(rotate(x1, 11), x2);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 25), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(rotate(x3, 10), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(rotate(x3, 18), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(rotate(x1, 20), x2);
    at += 64;
    x0 = injected(x0, at, 0);
    x1 = injected(x1, at, 1);
    x2 = injected(x2, at, 2);
    x3 = injected(x3, at, 3);
  }
  v128.store(BLOCK_WORDS, x0);
  v128.store(BLOCK_WORDS, x1, 16);
  v128.store(BLOCK_WORDS, x2, 32);
  v128.store(BLOCK_WORDS, x3, 48);
}
