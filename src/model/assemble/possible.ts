/** What a training set may hold, which its frame has to follow. Twin: shaders/assemble/possible.wgsl. */
import type { Rules } from '../rules.ts';
import { livingSources, type SourceSet } from './source-set.ts';

/**
 * Sources of truth and parent that points of an assembled training set may come from: those its
 * frame follows. Models before the parent have no say, as a frame that held them all would be as
 * wide as the widest of the past; their points are as exact as the frame's grain. `weights` are the
 * parent's.
 */
export function possibleSources(
  rules: Rules,
  generation: number,
  weights: Float64Array,
): SourceSet {
  const { truth, quota, share, poison, noise, protectedModes, retention } = rules;
  const mixed = generation === 1 || quota > 0 || share > 0;
  const real =
    mixed || retention !== 'replace' || poison > 0 || noise > 0 || protectedModes.length > 0;
  return livingSources(truth.weights, weights, real, true);
}
