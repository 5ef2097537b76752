/**
 * Which of the truth's modes the model still feeds.
 * Twins: src/model/statistics/modes.ts, shaders/statistics/modes.wgsl.
 */
import { exp } from '../math/exp';
import { ln } from '../math/ln';
import { J } from '../shape';
import { add, fnma, get, less, mul, positive, put, select, splat } from '../simd';
import { gaussianAt, WEIGHT } from './density';
import { addShares, evaluate, logDensity, WEIGHTS } from './points';
import { LEVELS, lowerLevel } from './tables';

/** A mode lives while the model gives it more than this share of its weight. */
const ALIVE_SHARE: f32 = 0.1;

/**
 * Adds to `masses` the truth's responsibilities for the block's `n` points times their weights, and
 * to `tails` the weights of points under each level of ln p₀; either may be 0, for not asked for.
 */
export function addPosteriors(truth: usize, n: i32, masses: usize, tails: usize): void {
  evaluate(truth, J, n);
  if (tails != 0) addTails(n, tails);
  if (masses != 0) addShares(J, n, masses);
}

function addTails(n: i32, tails: usize): void {
  for (let level = 0; level < LEVELS; level++) {
    const limit = splat(lowerLevel(level));
    let sum = splat(0);
    for (let i = 0; i < n; i++) {
      sum = add(sum, v128.and(get(WEIGHTS, i), less(logDensity(i), limit)));
    }
    put(tails, level, add(get(tails, level), sum));
  }
}

export function modesAlive(masses: usize, truth: usize): v128 {
  let alive = splat(0);
  for (let j = 0; j < J; j++) {
    const weight = v128.load(gaussianAt(truth, j) + WEIGHT);
    const lives = f32x4.gt(get(masses, j), mul(splat(ALIVE_SHARE), weight));
    alive = add(alive, v128.and(lives, splat(1)));
  }
  return alive;
}

/** Exponential of the masses' entropy. */
export function effectiveModes(masses: usize): v128 {
  let entropy = splat(0);
  for (let j = 0; j < J; j++) {
    const mass = get(masses, j);
    const feeds = positive(mass);
    entropy = fnma(mass, ln(select(mass, splat(1), feeds)), entropy);
  }
  return exp(entropy);
}
