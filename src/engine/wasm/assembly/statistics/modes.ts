/**
 * Which of the truth's modes the model still feeds.
 * Twins: src/model/statistics/modes.ts, shaders/statistics/modes.wgsl.
 */
import { exp } from '../math/exp';
import { ln } from '../math/ln';
import { J } from '../shape';
import { add, fma, fnma, get, less, mul, positive, put, select, splat, sub } from '../simd';
import { gaussianAt, WEIGHT } from './density';
import { ownTerm } from './entropy';
import { addShares, evaluate, logDensity, WEIGHTS } from './points';
import { LEVELS, lowerLevel } from './tables';

/** A mode lives while the model gives it more than this share of its weight. */
const ALIVE_SHARE: f32 = 0.1;

/**
 * Adds to `masses` the truth's responsibilities for the block's `n` points times their weights, and
 * to `tails` the weights of points under each level of ln p₀, and to `divergence` the weighted
 * differences of the term of `own`, whose nodes the points are, and ln p₀; each may be 0, for not
 * asked for.
 */
export function addPosteriors(
  truth: usize,
  own: usize,
  n: i32,
  masses: usize,
  tails: usize,
  divergence: usize,
): void {
  evaluate(truth, J, n);
  if (divergence != 0) addDivergence(own, n, divergence);
  if (tails != 0) addTails(n, tails);
  if (masses != 0) addShares(J, n, masses);
}

function addDivergence(own: usize, n: i32, divergence: usize): void {
  let sum = splat(0);
  for (let i = 0; i < n; i++) {
    sum = fma(get(WEIGHTS, i), sub(ownTerm(own, i), logDensity(i)), sum);
  }
  put(divergence, 0, add(get(divergence, 0), sum));
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
