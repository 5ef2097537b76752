/** How many real points the batches of a cell have after the first, all of whose points are real. */
import { phaseStarts, specAt } from './schedule.ts';
import { effectiveRealShare, quotaCount } from './screening.ts';
import type { Spec } from './spec.ts';

interface RealUse {
  /** Whether some batch may have real points. */
  readonly any: boolean;
  /** Real points of every batch under `quota`; null where they change. */
  readonly count: number | null;
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
  const use = { any, count: counts.size === 1 ? [...counts][0]! : null };
  knownUses.set(spec, use);
  return use;
}

/** Whether some batch after the first may have real points. */
export const usesReal = (spec: Spec): boolean => realUse(spec).any;
