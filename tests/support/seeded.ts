/**
 * Inputs for tests from a generator that is not the one under test: splitmix32, a Weyl sequence
 * through the finaliser of MurmurHash3 (Steele, Lea & Flood 2014).
 */
export type Seeded = () => number;

/** A function that returns the next 32-bit word. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  };
}

/** Uniform on [low, high), an exact f32. */
export const between = (next: Seeded, low: number, high: number): number =>
  Math.fround(low + (high - low) * (next() / 2 ** 32));

/** `length` of them. */
export const vectorBetween = (next: Seeded, length: number, low: number, high: number): number[] =>
  Array.from({ length }, () => between(next, low, high));
