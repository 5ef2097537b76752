/**
 * What happens to lineages, as criteria of collapse. Stages are those of Shumailov et al. 2024 as
 * src/model/statistics/stage.ts has them, with the thresholds of the spec.
 */
import type { Criterion } from '../../spec/schema.ts';
import { ALIVE_SHARE } from '../../model/statistics/modes.ts';
import type { EventName } from './claim.ts';

/** Share of the outer 1 % under which a lineage is in early collapse. */
export const EARLY = 0.5;
/** Share of the variance under which a lineage is in late collapse. */
export const LATE = 0.1;

const IN_LATE = { statistic: 'stage3Share', above: 0.5 } as const;
const TAILS_GONE = { statistic: 'tailMass1', below: EARLY } as const;

/** Criteria of all events that a truth with this rarest weight knows. */
export function eventCriteria(rarestWeight: number): Criterion[] {
  const events: Record<Exclude<EventName, 'rarestFirst'>, Omit<Criterion, 'name'>> = {
    early: TAILS_GONE,
    late: IN_LATE,
    departed: { statistic: 'stage1Share', below: 0.5 },
    tailsFirst: { ...TAILS_GONE, unless: IN_LATE },
  };
  const gone = { statistic: 'rarestModeMass', below: ALIVE_SHARE * rarestWeight } as const;
  const unless = { statistic: 'varianceRatio', below: LATE } as const;
  const named = Object.entries(events).map(([name, event]) => ({ name, ...event }));
  return rarestWeight < 1 ? [...named, { name: 'rarestFirst', ...gone, unless }] : named;
}
