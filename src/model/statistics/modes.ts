/**
 * Which of the truth's modes the model still feeds: mass_j = E_q of truth component j's
 * responsibility. Twin: shaders/statistics/modes.wgsl.
 */
import { ln } from '../math/ln.ts';
import { SILENT, logTerm, type Gaussians } from './density.ts';

/** A mode lives while the model gives it more than this share of its weight. */
export const ALIVE_SHARE = 0.1;

/** Responsibilities of the truth's components at x, into `posterior`; returns ln p₀(x). */
export function truthPosterior(truth: Gaussians, x: Float64Array, posterior: Float64Array): number {
  let best = SILENT;
  for (let j = 0; j < truth.count; j++) {
    posterior[j] = truth.constants[j] === SILENT ? 2 * SILENT : logTerm(truth, j, x);
    best = j === 0 ? posterior[j]! : Math.max(best, posterior[j]!);
  }
  let sum = 0;
  for (let j = 0; j < truth.count; j++) {
    posterior[j] = Math.exp(posterior[j]! - best);
    sum += posterior[j]!;
  }
  for (let j = 0; j < truth.count; j++) posterior[j]! /= sum;
  return best + ln(sum);
}

export function modesAlive(masses: Float64Array, weights: Float64Array): number {
  let alive = 0;
  for (let j = 0; j < masses.length; j++) if (masses[j]! > ALIVE_SHARE * weights[j]!) alive++;
  return alive;
}

/** Exponential of the masses' entropy. */
export function effectiveModes(masses: Float64Array): number {
  let entropy = 0;
  for (const mass of masses) if (mass > 0) entropy -= mass * ln(mass);
  return Math.exp(entropy);
}
