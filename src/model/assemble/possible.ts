/** What a training set may hold, which its frame has to follow. Twin: shaders/assemble/possible.wgsl. */
import type { Rules } from '../rules.ts';

/** Bit k for each weight above 0. */
export function livingMask(weights: Float64Array): number {
  let mask = 0;
  weights.forEach((weight, k) => (mask |= weight > 0 ? 1 << k : 0));
  return mask;
}

/**
 * Sources that points of an assembled training set may come from, bit s for source s: the truth's
 * components, then the parent's. `weights` are the parent's.
 */
export function possibleSources(rules: Rules, generation: number, weights: Float64Array): number {
  const { truth, quota, share, poison, noise, protectedModes, retention } = rules;
  const mixed = generation === 1 || quota > 0 || share > 0;
  const real =
    mixed || retention !== 'replace' || poison > 0 || noise > 0 || protectedModes.length > 0;
  const model = livingMask(weights) << truth.weights.length;
  return (real ? livingMask(truth.weights) : 0) | model;
}
