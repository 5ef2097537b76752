/**
 * Pure functions of the kernels for tests, each over rows of vectors in memory: `count` rows of as
 * many vectors as the function has arguments, and as many as it has results.
 */
import { pickComponent, cumulate } from '../../../src/engine/wasm/assembly/assemble/draws';
import { nearAcceptance } from '../../../src/engine/wasm/assembly/gmm/wishart';
import { exp as exponential, expCut } from '../../../src/engine/wasm/assembly/math/exp';
import { exponentOf, scaleBy } from '../../../src/engine/wasm/assembly/math/exponent';
import { ln } from '../../../src/engine/wasm/assembly/math/ln';
import * as triangular from '../../../src/engine/wasm/assembly/math/triangular';
import { drawn, setPlace, words } from '../../../src/engine/wasm/assembly/rng/coordinates';
import {
  exponential as waitingTime,
  firstNormal,
  normalPair,
  normalsOfWords,
  unitUniform,
  wordBelow,
} from '../../../src/engine/wasm/assembly/rng/normal';
import { setKey, threefry4x32 } from '../../../src/engine/wasm/assembly/rng/threefry';
import { get, nth, put, VECTOR } from '../../../src/engine/wasm/assembly/simd';

export { allocate } from '../../../src/engine/wasm/assembly/memory';
export { configure } from '../../../src/engine/wasm/assembly/shape';
export { setKey };

/** Four vectors of a counter → four of words. */
export function threefry(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const at = nth(input, 4 * i);
    threefry4x32(get(at, 0), get(at, 1), get(at, 2), get(at, 3));
    for (let w = 0; w < 4; w++) put(output, 4 * i + w, drawn(w));
  }
}

/** Rows of scalars (replicate, generation, index, stream, attempt) → four vectors of words. */
export function place(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const at = input + <usize>(20 * i);
    setPlace(load<i32>(at), load<i32>(at, 4));
    words(load<i32>(at, 8), load<i32>(at, 12), load<i32>(at, 16));
    for (let w = 0; w < 4; w++) put(output, 4 * i + w, drawn(w));
  }
}

export function uniform(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) put(output, i, unitUniform(get(input, i)));
}

export function waiting(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) put(output, i, waitingTime(get(input, i)));
}

/** (radius word, angle word) → two normals. */
export function pair(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    normalPair(get(input, 2 * i), get(input, 2 * i + 1), nth(output, 2 * i));
  }
}

/** The same in place and all at once. */
export function pairs(input: usize, output: usize, count: i32): void {
  memory.copy(output, input, <usize>(2 * count * VECTOR));
  normalsOfWords(output, nth(output, 2 * count), 2 * VECTOR);
}

/** (radius word, angle word) → the first normal. */
export function firstOfPair(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    put(output, i, firstNormal(get(input, 2 * i), get(input, 2 * i + 1)));
  }
}

/** (word, count) → a number below the count. */
export function below(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    put(output, i, wordBelow(get(input, 2 * i), get(input, 2 * i + 1)));
  }
}

export function logarithm(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) put(output, i, ln(get(input, i)));
}

export function exponentiated(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) put(output, i, exponential(get(input, i)));
}

export function cutExponential(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) put(output, i, expCut(get(input, i)));
}

export function exponents(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) put(output, i, exponentOf(get(input, i)));
}

/** (x, e) → x · 2^e. */
export function scaled(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    put(output, i, scaleBy(get(input, 2 * i), get(input, 2 * i + 1)));
  }
}

/** (8 weights, u) → the component's number. */
export function picked(input: usize, output: usize, count: i32): void {
  const sums = memory.data(128, 16);
  for (let i = 0; i < count; i++) {
    cumulate(nth(input, 9 * i), 8, sums);
    put(output, i, pickComponent(sums, 8, get(input, 9 * i + 8)));
  }
}

export function acceptance(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) put(output, i, nearAcceptance(get(input, i)));
}

/** (6 entries, rank in each) → a factor, D = 3. */
export function cholesky(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const rank = i32x4.extract_lane(get(input, 7 * i + 6), 0);
    triangular.cholesky(nth(input, 7 * i), rank, nth(output, 6 * i));
  }
}

export function inverse(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) triangular.invertLower(nth(input, 6 * i), nth(output, 6 * i));
}

/** (lower, lower) → their product. */
export function product(input: usize, output: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    triangular.multiplyLower(nth(input, 12 * i), nth(input, 12 * i + 6), nth(output, 6 * i));
  }
}
