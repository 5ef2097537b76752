/** The four models that are being measured, read where they lie in the ring. */
import {
  exponentsAt,
  factorsAt,
  meansAt,
  ORIGIN,
  originLowAt,
  SCALE,
  STATUS,
  weightsAt,
} from '../gmm/model';
import { D, K, TRI } from '../shape';

let first: usize = 0;
let rowBytes: usize = 0;

/** The models whose first word lies at `at`, words `bytes` apart. */
export function openModel(at: usize, bytes: usize): void {
  first = at;
  rowBytes = bytes;
}

/** Word w of the packed model. */
@inline
export function word(w: i32): v128 {
  return v128.load(first + <usize>w * rowBytes);
}

@inline
export function scaleOf(): v128 {
  return word(SCALE);
}

@inline
export function originOf(a: i32): v128 {
  return word(ORIGIN + a);
}

@inline
export function originLowOf(a: i32): v128 {
  return word(originLowAt() + a);
}

@inline
export function weightOf(k: i32): v128 {
  return word(weightsAt() + k);
}

@inline
export function meanOf(k: i32, a: i32): v128 {
  return word(meansAt(K) + k * D + a);
}

/** Entry e of the packed factor. */
@inline
export function factorOf(k: i32, e: i32): v128 {
  return word(factorsAt(K) + k * TRI + e);
}

@inline
export function exponentOfFactor(k: i32): v128 {
  return word(exponentsAt(K) + k);
}

/** Adds status bits to the models. */
export function raiseStatus(bits: v128): void {
  const at = first + <usize>STATUS * rowBytes;
  v128.store(at, v128.or(v128.load(at), bits));
}
