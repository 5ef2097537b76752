/**
 * A model in its own frame, as vectors of the words that src/engine/webgpu/pack-model.ts packs:
 * scale, status, origin, originLow, weights, means, factors, exponents, and ancestry where it is
 * asked for.
 * Twins: src/model/gmm/model.ts, shaders/gmm/model.wgsl.
 */
import { exponentOf, scaleBy, ZERO_EXPONENT } from '../math/exponent';
import { ANCESTRY_ON, D, K, MOST_D, MOST_J, MOST_K, MOST_TRI, TRI } from '../shape';
import { abs, get, max, put, select, splat, splatI, VECTOR } from '../simd';
import { STATUS_KEPT } from './status';

const MOST_WORDS = 3 + 2 * MOST_D + MOST_K * (2 + MOST_D + MOST_TRI);
const MOST_TRUTH_WORDS = 2 + 2 * MOST_D + MOST_J * (2 + MOST_D + MOST_TRI);

/** The parent of the generation in hand, and its child. */
export const PARENT = memory.data(MOST_WORDS * VECTOR, 16);
export const MODEL = memory.data(MOST_WORDS * VECTOR, 16);
/** The cell's truth: a model of J components, equal in all lanes. */
export const TRUTH = memory.data(MOST_TRUTH_WORDS * VECTOR, 16);

export const SCALE: i32 = 0;
export const STATUS: i32 = 1;
export const ORIGIN: i32 = 2;

/** Words of a model of `count` components, without its ancestry. */
@inline
export function modelWords(count: i32): i32 {
  return 2 + 2 * D + count * (2 + D + TRI);
}

/** Words of a model of K components in the ring. */
@inline
export function ringWords(): i32 {
  return modelWords(K) + (ANCESTRY_ON ? 1 : 0);
}

@inline
export function ancestryAt(): i32 {
  return modelWords(K);
}

@inline
export function originLowAt(): i32 {
  return ORIGIN + D;
}

@inline
export function weightsAt(): i32 {
  return ORIGIN + 2 * D;
}

/** First word of the means, factors, exponents of a model of `count` components. */
@inline
export function meansAt(count: i32): i32 {
  return weightsAt() + count;
}

@inline
export function factorsAt(count: i32): i32 {
  return meansAt(count) + count * D;
}

@inline
export function exponentsAt(count: i32): i32 {
  return factorsAt(count) + count * TRI;
}

/** A model of K dead components at the origin. */
export function emptyModel(model: usize): void {
  const exponents = exponentsAt(K);
  for (let w = 0; w < exponents; w++) put(model, w, splatI(0));
  for (let k = 0; k < K; k++) put(model, exponents + k, splatI(ZERO_EXPONENT));
  put(model, ancestryAt(), splat(0));
}

/** The packed truth at `words`, into all lanes. */
export function loadTruth(words: usize, count: i32): void {
  const length = modelWords(count);
  for (let w = 0; w < length; w++) put(TRUTH, w, v128.load32_splat(words + ((<usize>w) << 2)));
}

/** The parent from a slot of the ring; `row` bytes lie between a lineage's words. */
export function loadModel(slot: usize, row: usize): void {
  const length = ringWords();
  for (let w = 0; w < length; w++) put(PARENT, w, v128.load(slot + <usize>w * row));
  // Others were raised by observe: they belong to the generation they occurred in.
  put(PARENT, STATUS, v128.and(get(PARENT, STATUS), splatI(STATUS_KEPT)));
}

/** Appends `model` to the ring. */
export function storeModel(model: usize, slot: usize, row: usize): void {
  const length = ringWords();
  for (let w = 0; w < length; w++) v128.store(slot + <usize>w * row, get(model, w));
}

/** Exponent of a packed factor's largest entry; ZERO_EXPONENT where all are 0. */
function factorExponent(factor: usize): v128 {
  let largest = splat(0);
  for (let e = 0; e < TRI; e++) largest = max(largest, abs(get(factor, e)));
  return exponentOf(largest);
}

/** Factor at `to` with its largest entry in [½, 1), from a factor at `from`; its exponent. */
export function setFactor(to: usize, from: usize): v128 {
  const exponent = factorExponent(from);
  const zero = i32x4.eq(exponent, splatI(ZERO_EXPONENT));
  const shift = i32x4.neg(exponent);
  for (let e = 0; e < TRI; e++) {
    put(to, e, select(splat(0), scaleBy(get(from, e), shift), zero));
  }
  return exponent;
}

/** Appends MODEL to the ring; it is the next generation's parent. */
export function handOn(slot: usize, row: usize): void {
  const length = ringWords();
  for (let w = 0; w < length; w++) {
    const word = get(MODEL, w);
    put(PARENT, w, word);
    v128.store(slot + <usize>w * row, word);
  }
}
