/**
 * Which of the truth's modes the model still feeds.
 * Twins: src/model/statistics/modes.ts, shaders/statistics/modes.wgsl.
 */
import { exp } from '../math/exp';
import { ln } from '../math/ln';
import { J } from '../shape';
import { add, div, fnma, get, max, mul, positive, put, select, splat, sub } from '../simd';
import { expFalling, gaussianAt, hasDensity, logTerm, SILENT, WEIGHT } from './density';

/** A mode lives while the model gives it more than this share of its weight. */
const ALIVE_SHARE: f32 = 0.1;

/** Responsibilities of the truth's components at x, to `posterior`; returns ln p₀(x). */
export function truthPosterior(truth: usize, x: usize, posterior: usize): v128 {
  let best = splat(-Infinity);
  for (let j = 0; j < J; j++) {
    const g = gaussianAt(truth, j);
    const term = select(logTerm(g, x), splat(2 * SILENT), hasDensity(g));
    put(posterior, j, term);
    best = max(best, term);
  }
  let sum = splat(0);
  for (let j = 0; j < J; j++) {
    const share = expFalling(sub(get(posterior, j), best));
    put(posterior, j, share);
    sum = add(sum, share);
  }
  const inverse = div(splat(1), sum);
  for (let j = 0; j < J; j++) put(posterior, j, mul(get(posterior, j), inverse));
  return add(best, ln(sum));
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
