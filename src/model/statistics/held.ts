/**
 * How far a statistic may be from 0, and what is said of a lineage that has one farther out.
 * Twin: shaders/statistics/held.wgsl.
 */
import { SATURATION, STATUS_BITS } from '../status.ts';

/** A value within ±SATURATION; what is not a number counts as +SATURATION. Status is raised. */
export function held(value: number, model: { status: number }): number {
  if (Number.isNaN(value)) {
    model.status |= STATUS_BITS.nonFinite;
    return SATURATION;
  }
  if (Math.abs(value) < SATURATION) return value;
  model.status |= STATUS_BITS.overflow;
  return Math.sign(value) * SATURATION;
}
