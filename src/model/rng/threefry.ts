/**
 * Threefry4x32, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011), held to Random123's published known answers. Twin: shaders/rng/threefry.wgsl.
 */

/** Key-schedule parity of the 32-bit Threefish key (Skein 1.3, Salmon 2011 §4). */
const PARITY = 0x1bd11bda;

/** Rotations of the two mixed pairs, round by round, period eight (Salmon 2011, table 2). */
const ROTATIONS = [10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20];

/** Rounds that genloss draws with; recorded with every result. */
export const RNG_ROUNDS = 20;

export type Words = Uint32Array;

/** Encrypts `counter` (4 words) under `key` (4 words) into `out` (4 words, may be the counter). */
export function threefry4x32(counter: Words, key: Words, out: Words, rounds = RNG_ROUNDS): void {
  const k0 = key[0]!;
  const k1 = key[1]!;
  const k2 = key[2]!;
  const k3 = key[3]!;
  const schedule = [k0, k1, k2, k3, PARITY ^ k0 ^ k1 ^ k2 ^ k3];
  let x0 = (counter[0]! + k0) | 0;
  let x1 = (counter[1]! + k1) | 0;
  let x2 = (counter[2]! + k2) | 0;
  let x3 = (counter[3]! + k3) | 0;
  for (let round = 0; round < rounds; round++) {
    const a = ROTATIONS[(2 * round) & 15]!;
    const b = ROTATIONS[(2 * round + 1) & 15]!;
    if ((round & 1) === 0) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << a) | (x1 >>> (32 - a))) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << b) | (x3 >>> (32 - b))) ^ x2;
    } else {
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << a) | (x3 >>> (32 - a))) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << b) | (x1 >>> (32 - b))) ^ x2;
    }
    if ((round & 3) === 3) {
      const s = (round + 1) >> 2;
      x0 = (x0 + schedule[s % 5]!) | 0;
      x1 = (x1 + schedule[(s + 1) % 5]!) | 0;
      x2 = (x2 + schedule[(s + 2) % 5]!) | 0;
      x3 = (x3 + schedule[(s + 3) % 5]! + s) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}
