/**
 * The model's mass beyond the truth's two quantiles, D = 1.
 * Twins: src/model/statistics/tails.ts, shaders/statistics/tails.wgsl.
 */
import { K } from '../shape';
import { add, fma, mul, positive, select, splat, sub } from '../simd';
import { gaussianAt, hasDensity, MEAN, rateOf, WEIGHT } from './density';
import { normalCdf } from './erfc';

/** Mass of q below `lower` and above `upper`. */
export function twoSidedMass(gaussians: usize, lower: f32, upper: f32): v128 {
  let mass = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weight = v128.load(g + WEIGHT);
    const mean = v128.load(g + MEAN);
    const beyond = add(
      lowerTail(g, sub(splat(lower), mean)),
      lowerTail(g, sub(mean, splat(upper))),
    );
    mass = fma(v128.and(weight, positive(weight)), beyond, mass);
  }
  return mass;
}

/** P(deviation < distance); a step where there is no width. */
function lowerTail(g: usize, distance: v128): v128 {
  const step = v128.and(splat(1), positive(distance));
  return select(normalCdf(mul(distance, rateOf(g, 0))), step, hasDensity(g));
}
