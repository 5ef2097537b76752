/**
 * Cuts a slice's generations into what one submit holds: as many lineages as there are and fewer
 * generations first, then fewer lineages, and where a generation of few lineages is still too long,
 * some of its passes over the points.
 */

/** One dispatch. */
export interface Unit {
  /** Lineages from the slice's first. */
  readonly firstLineage: number;
  readonly lineages: number;
  readonly generations: number;
  /** Passes from and up to; up to 0: all. */
  readonly firstPass: number;
  readonly endPass: number;
  /** In the unit of the budget. */
  readonly work: number;
}

export interface UnitRequest {
  /** Work a submit should have. */
  readonly budget: number;
  readonly lineages: number;
  /** Generations that may run in one dispatch. */
  readonly generations: number;
  /** Work of one generation of one lineage. */
  readonly work: number;
  /** Lineages of one workgroup. */
  readonly grain: number;
  /** Passes of a generation that may be cut between them; 1 where it may not. */
  readonly passes: number;
}

/** Workgroups that keep a device busy: rather than fewer, a generation is cut between passes. */
const BUSY_WORKGROUPS = 256;

/**
 * The dispatches that take all lineages through one or more generations (as many as the first unit
 * has), in order.
 */
export function cutUnits({
  budget,
  lineages,
  generations,
  work,
  grain,
  passes,
}: UnitRequest): Unit[] {
  const together = Math.floor(budget / (work * lineages));
  if (together >= 1) {
    const count = Math.min(together, generations);
    const whole = { firstLineage: 0, firstPass: 0, endPass: 0, lineages };
    return [{ ...whole, generations: count, work: work * lineages * count }];
  }
  const busy = Math.min(lineages, passes > 1 ? BUSY_WORKGROUPS * grain : grain);
  const affordable = Math.floor(budget / work);
  if (affordable >= busy || passes === 1) {
    const part = Math.max(grain, affordable - (affordable % grain));
    return parts(lineages, part).map(([firstLineage, count]) => ({
      firstLineage,
      lineages: count,
      generations: 1,
      firstPass: 0,
      endPass: 0,
      work: work * count,
    }));
  }
  const passWork = work / passes;
  const fitting = Math.floor(budget / passWork);
  const part = fitting >= busy ? busy : Math.max(grain, fitting - (fitting % grain));
  const passPart = Math.max(1, Math.floor(budget / (passWork * part)));
  return parts(lineages, part).flatMap(([firstLineage, count]) =>
    parts(passes, passPart).map(([firstPass, passCount]) => ({
      firstLineage,
      lineages: count,
      generations: 1,
      firstPass,
      endPass: firstPass + passCount === passes ? 0 : firstPass + passCount,
      work: passWork * passCount * count,
    })),
  );
}

/** [first, count] of consecutive parts of at most `size`. */
const parts = (total: number, size: number): [number, number][] =>
  Array.from({ length: Math.ceil(total / size) }, (_, i) => [
    i * size,
    Math.min(size, total - i * size),
  ]);
