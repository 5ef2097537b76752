/**
 * How far a lineage is on its way: 3 late collapse, 2 early collapse, 1 faithful.
 * Twins: src/model/statistics/stage.ts, shaders/statistics/stage.wgsl.
 */
import { J } from '../shape';
import { less, or, select, splat, splatI } from '../simd';
import { early, late } from './tables';

/** `alive` of the truth's modes: one left of several is late collapse too. */
export function stageOf(varianceRatio: v128, tailMass1: v128, alive: v128): v128 {
  let over = less(varianceRatio, splat(late));
  if (J > 1) over = or(over, f32x4.le(alive, splat(1)));
  const begun = select(splatI(2), splatI(1), less(tailMass1, splat(early)));
  return select(splatI(3), begun, over);
}
