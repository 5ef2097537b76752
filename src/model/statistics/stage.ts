/**
 * How far a lineage is on its way: 3 late collapse, 2 early collapse, 1 faithful (Shumailov et al.
 * 2024). Twin: shaders/statistics/stage.wgsl.
 */

/** Thresholds of the spec. */
export interface Stages {
  /** Share of the outer 1 % under which a lineage is in early collapse. */
  readonly early: number;
  /** Share of the variance under which it is in late collapse. */
  readonly late: number;
}

/** `alive` of `modes` modes: one left of several is late collapse too. */
export function stageOf(
  varianceRatio: number,
  tailMass1: number,
  alive: number,
  modes: number,
  { early, late }: Stages,
): 1 | 2 | 3 {
  if (varianceRatio < late || (modes > 1 && alive <= 1)) return 3;
  return tailMass1 < early ? 2 : 1;
}
