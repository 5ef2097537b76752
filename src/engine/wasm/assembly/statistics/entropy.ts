/**
 * Differential entropy of the model in nats: the components' own in closed form, less their overlap
 * E ln(q / own term). Twins: src/model/statistics/entropy.ts, shaders/statistics/entropy.wgsl.
 */
import { ln } from '../math/ln';
import {
  add,
  fma,
  fnma,
  get,
  max,
  mul,
  or,
  positive,
  put,
  select,
  splat,
  sub,
  VECTOR,
} from '../simd';
import {
  CONSTANT,
  expFalling,
  gaussianAt,
  hasDensity,
  MEAN,
  SILENT,
  squaredRadius,
  standardiseOne,
  stretch,
  TERMS,
  WEIGHT,
} from './density';
import { D, K } from '../shape';

/** Σ π_k (D/2 − constant_k); SILENT, for −∞, if a component is flat. */
export function ownEntropy(gaussians: usize): v128 {
  let sum = splat(0);
  let flat = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weight = v128.load(g + WEIGHT);
    const weighs = positive(weight);
    flat = or(flat, v128.andnot(weighs, hasDensity(g)));
    const own = sub(splat(0.5 * <f32>D), v128.load(g + CONSTANT));
    sum = add(sum, v128.and(mul(weight, own), weighs));
  }
  return select(splat(SILENT), sum, flat);
}

const OFFSET = memory.data(48, 16);
const DELTA = memory.data(48, 16);

/** ln(q / own term of k) ≥ 0 at component k's standard normal z, by differences of means. */
export function overlap(gaussians: usize, k: i32, z: usize): v128 {
  const home = gaussianAt(gaussians, k);
  stretch(home, z, OFFSET);
  let own = v128.load(home + CONSTANT);
  for (let a = 0; a < D; a++) {
    own = fnma(mul(splat(0.5), get(z, a)), get(z, a), own);
  }
  let best = own;
  for (let l = 0; l < K; l++) {
    if (l == k) continue;
    const other = gaussianAt(gaussians, l);
    const term = fnma(splat(0.5), radiusFrom(home, other), v128.load(other + CONSTANT));
    const heard = select(term, splat(2 * SILENT), hasDensity(other));
    put(TERMS, l, heard);
    best = max(best, heard);
  }
  let sum = expFalling(sub(own, best));
  for (let l = 0; l < K; l++) {
    if (l != k) sum = add(sum, expFalling(sub(get(TERMS, l), best)));
  }
  return add(sub(best, own), ln(sum));
}

/** Squared distance from `other` of the point at OFFSET from the mean of `home`. */
@inline
function radiusFrom(home: usize, other: usize): v128 {
  if (D == 1) {
    const apart = sub(v128.load(home + MEAN), v128.load(other + MEAN));
    const z = standardiseOne(other, add(apart, v128.load(OFFSET)));
    return mul(z, z);
  }
  const end = <usize>D * VECTOR;
  for (let at: usize = 0; at < end; at += VECTOR) {
    const apart = sub(v128.load(home + MEAN + at), v128.load(other + MEAN + at));
    v128.store(DELTA + at, add(apart, v128.load(OFFSET + at)));
  }
  return squaredRadius(other, DELTA);
}
