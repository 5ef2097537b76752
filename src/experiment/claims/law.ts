/**
 * The exact probability of a claim, where it is known: late collapse of one Gaussian from its own
 * samples, which is a passage of a sum of ln χ² (src/model/theory/survival-law.ts).
 */
import { survivalLaw } from '../../model/theory/survival-law.ts';
import type { Cell } from '../../plan/plan.ts';
import { truthComponentCount } from '../../spec/schema.ts';
import type { Predicate } from './claim.ts';
import { LATE } from './events.ts';

/** Of one Gaussian, late collapse is this and nothing else. */
const NARROW = { name: 'late', statistic: 'varianceRatio', below: LATE } as const;

/** The probability of a predicate in this cell, or null where no law is known. */
export function claimLaw({ spec, truth }: Cell): (predicate: Predicate) => number | null {
  const shares =
    truthComponentCount(spec.truth) === 1 ? survivalLaw(spec, truth, NARROW)?.shares : null;
  if (!shares) return () => null;
  const horizon = spec.generations;
  return (predicate) => {
    if (predicate.kind === 'faithful' || predicate.event !== 'late') return null;
    if (predicate.kind === 'never') return shares[horizon]!;
    const { from, to, among } = predicate;
    return among ? null : shares[from - 1]! - shares[Math.min(to ?? horizon, horizon)]!;
  };
}
