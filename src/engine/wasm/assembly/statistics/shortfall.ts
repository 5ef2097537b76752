/**
 * The lower 1 % of a model on a line: where it ends, by bisection between the components' own
 * quantiles, and its mean, x − E(x − X)⁺ / share.
 * Twins: src/model/statistics/shortfall.ts, shaders/statistics/shortfall.wgsl.
 */
import { K } from '../shape';
import { add, div, fma, less, max, min, mul, positive, select, splat, sub } from '../simd';
import { expFalling, FACTOR, gaussianAt, MEAN, rateOf, WEIGHT, widened } from './density';
import { lowerTail } from './tails';

const RISK_SHARE: f32 = 0.01;
/** Φ⁻¹(0.01). */
const QUANTILE: f32 = -2.32634787;
/** Halvings, past f32's digits. */
const STEPS = 48;

/** F z. */
export function width(g: usize, z: f32): v128 {
  return widened(mul(v128.load(g + FACTOR), splat(z)), g);
}

/** x with P(X < x) = RISK_SHARE. */
export function lowerQuantile(gaussians: usize): v128 {
  let low = splat(1e38);
  let high = splat(-1e38);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weighs = positive(v128.load(g + WEIGHT));
    const edge = add(v128.load(g + MEAN), width(g, QUANTILE));
    low = select(min(low, edge), low, weighs);
    high = select(max(high, edge), high, weighs);
  }
  for (let step = 0; K > 1 && step < STEPS; step++) {
    const middle = add(mul(splat(0.5), low), mul(splat(0.5), high));
    const under = less(lowerMass(gaussians, middle), splat(RISK_SHARE));
    low = select(middle, low, under);
    high = select(high, middle, under);
  }
  return high;
}

export function lowerMass(gaussians: usize, x: v128): v128 {
  let mass = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weight = v128.load(g + WEIGHT);
    const under = lowerTail(g, sub(x, v128.load(g + MEAN)));
    mass = fma(v128.and(weight, positive(weight)), under, mass);
  }
  return mass;
}

/** Mean of what lies under the quantile x. */
export function meanBelow(gaussians: usize, x: v128): v128 {
  let short = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weight = v128.load(g + WEIGHT);
    const part = shortfall(g, sub(x, v128.load(g + MEAN)));
    short = fma(v128.and(weight, positive(weight)), part, short);
  }
  return sub(x, div(short, splat(RISK_SHARE)));
}

/** E(distance − deviation)⁺. */
function shortfall(g: usize, distance: v128): v128 {
  const z = mul(distance, rateOf(g, 0));
  const density = mul(splat(0.39894228), expFalling(mul(splat(-0.5), mul(z, z))));
  return fma(distance, lowerTail(g, distance), mul(width(g, 1), density));
}
