/**
 * All points that an accumulating lineage has been fitted to, kept beside its model where this does
 * not tell them: with a floor, a prior or weights a model is not what its points are. They are in the
 * model's own frame, whose unit is of their order: a pool has its first batch for ever, and comes to
 * no width or place that is further from the truth's than by powers of the generation.
 */
import type { Pool, Tally } from '../frame.ts';
import { scaleBy } from '../math/exponent.ts';
import { moveFrame } from './batch.ts';
import { createTally } from './groups.ts';
import type { WorkingFrame } from './sources.ts';

/** The same points in another frame. */
export const movePool = (pool: Pool, from: WorkingFrame, to: WorkingFrame): Pool =>
  pool.map((tally) => moveTally(tally, from, to));

/** Twins: heldTally of shaders/kernels/counted.wgsl and wide_closed.wgsl. */
function moveTally({ points, mean, scatter }: Tally, from: WorkingFrame, to: WorkingFrame): Tally {
  const moved = createTally(mean.length);
  // No points are nowhere.
  if (points === 0) return moved;
  moved.points = points;
  moveFrame(mean, from, to, moved.mean);
  const shift = from.scale - to.scale;
  scatter.forEach((entry, e) => (moved.scatter[e] = scaleBy(scaleBy(entry, shift), shift)));
  return moved;
}
