/**
 * Differential entropy of the model in nats: the components' own in closed form, less their overlap
 * E ln(q / own term). Twins: src/model/statistics/entropy.ts, shaders/statistics/entropy.wgsl.
 */
import { D, K } from '../shape';
import { add, fma, fnma, get, mul, or, positive, select, splat, sub } from '../simd';
import { CONSTANT, gaussianAt, hasDensity, SILENT, WEIGHT } from './density';
import { NORMALS, spreadNodes } from './nodes';
import { evaluateAround, logExcess, WEIGHTS } from './points';

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

/** ln of g's weight times its density at node i, which is one of its own. */
export function ownTerm(g: usize, i: i32): v128 {
  let own = v128.load(g + CONSTANT);
  for (let a = 0; a < D; a++) {
    const z = get(NORMALS, i * D + a);
    own = fnma(mul(splat(0.5), z), z, own);
  }
  return own;
}

/** Σ over the block's `n` nodes of component k, of their weights times ln(q / own term of k). */
export function overlap(gaussians: usize, k: i32, n: i32): v128 {
  spreadNodes(gaussianAt(gaussians, k), n, false);
  evaluateAround(gaussians, K, k, NORMALS, n);
  let sum = splat(0);
  for (let i = 0; i < n; i++) sum = fma(get(WEIGHTS, i), logExcess(i), sum);
  return sum;
}
