/**
 * The model's mass beyond the truth's two quantiles, D = 1.
 * Twins: src/model/statistics/tails.ts, shaders/statistics/tails.wgsl.
 */
import { J, K } from '../shape';
import { add, fma, max, mul, neg, positive, select, splat, sub } from '../simd';
import { gaussianAt, hasDensity, MEAN, rateOf, WEIGHT } from './density';
import { normalCdf } from './erfc';
import { islandLower, islandUpper } from './tables';

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

/** Mass of q outside the islands of the tables. */
export function massOutside(gaussians: usize): v128 {
  let mass = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weight = v128.load(g + WEIGHT);
    const mean = v128.load(g + MEAN);
    let outside = add(
      lowerTail(g, sub(splat(islandLower(0)), mean)),
      lowerTail(g, sub(mean, splat(islandUpper(J - 1)))),
    );
    for (let j = 1; j < J; j++) {
      const low = sub(splat(islandUpper(j - 1)), mean);
      outside = add(outside, massBetween(g, low, sub(splat(islandLower(j)), mean)));
    }
    mass = fma(v128.and(weight, positive(weight)), outside, mass);
  }
  return mass;
}

/** P(low < deviation < high), from the side where both tails are small. */
export function massBetween(g: usize, low: v128, high: v128): v128 {
  const upper = positive(add(low, high));
  const near = select(neg(low), high, upper);
  const far = select(neg(high), low, upper);
  return max(splat(0), sub(lowerTail(g, near), lowerTail(g, far)));
}

/** P(deviation < distance); a step where there is no width. */
export function lowerTail(g: usize, distance: v128): v128 {
  const step = v128.and(splat(1), positive(distance));
  return select(normalCdf(mul(distance, rateOf(g, 0))), step, hasDensity(g));
}
