/** How many real points the batches of a cell have after the first, all of whose points are real. */
import { phaseStarts, specAt } from './schedule.ts';
import { effectiveRealShare, quotaCount } from './screening.ts';
import type { Spec } from './spec.ts';

interface RealUse {
  /** Whether some batch may have real points. */
  readonly any: boolean;
  /** Real points of every batch under `quota`; null where they change. */
  readonly count: number | null;
  /** How many such numbers there are, 0 not counted. */
  readonly sizes: number;
}

/** Specs are never changed, and are asked for the same again and again. */
const knownUses = new WeakMap<Spec, RealUse>();

/** Every phase is looked at: a rounded product may be more between two corners than at both. */
export function realUse(spec: Spec): RealUse {
  const known = knownUses.get(spec);
  if (known) return known;
  const counts = new Set<number>();
  let any = false;
  for (const first of phaseStarts(spec)) {
    const phase = specAt(spec, first);
    const count = quotaCount(phase);
    counts.add(count);
    any ||= phase.batch.realDraw === 'quota' ? count > 0 : effectiveRealShare(phase.batch) > 0;
  }
  const count = counts.size === 1 ? [...counts][0]! : null;
  const use = { any, count, sizes: counts.size - (counts.has(0) ? 1 : 0) };
  knownUses.set(spec, use);
  return use;
}

/** Whether some batch after the first may have real points. */
export const usesReal = (spec: Spec): boolean => realUse(spec).any;

/** Whether batches have always the same points of the first generation, or none. */
export function archiveHolds(spec: Spec): boolean {
  if (spec.batch.web !== null) return false;
  const { count } = realUse(spec);
  return count !== null && count <= spec.sampleSize;
}

/** Segments of an archive that batches take more or fewer of, about so many; 1 elsewhere. */
export const archiveParts = (spec: Spec): number =>
  spec.batch.realSource === 'fixed' && !archiveHolds(spec) ? Math.max(1, realUse(spec).sizes) : 1;
