/**
 * When lineages first meet a criterion of collapse. What is known of a lineage goes from generation
 * to generation in two words for each criterion: whether it has been met, and the statistic at
 * generation 1. Counts are integers, so that it matters neither how generations are cut into windows
 * nor lineages into pieces. Twin: shaders/kernels/collapse.wgsl.
 */
import type { Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';

/** A criterion as engines have it. */
export interface Threshold {
  /** Place of the statistic among those measured. */
  readonly statistic: number;
  /** Met above the level, or else below. */
  readonly above: boolean;
  /** Whether the lineage's own value at generation 1 is added to the level. */
  readonly fromFirst: boolean;
  readonly level: number;
}

/** Numbers of a generation: lineages that had not met the criterion before, and those that do now. */
export const COLLAPSE_FIELDS = 2;

/** One for each criterion of the spec; `truth` has the truth's own values, as `statistics` are. */
export const thresholdsOf = (
  { criteria }: Spec,
  statistics: readonly StatisticName[],
  truth: ArrayLike<number>,
): Threshold[] =>
  criteria.map(({ statistic, above, below, relativeTo }) => {
    const place = statistics.indexOf(statistic);
    // What the truth has no number for, it has 0 of: the step that led to it.
    const own = relativeTo === 'truth' ? truth[place]! || 0 : 0;
    return {
      statistic: place,
      above: above !== undefined,
      fromFirst: relativeTo === 'first',
      level: own + (above ?? below)!,
    };
  });

/** What is known of lineages. */
export interface Fates {
  /** [threshold × lineage]: 1 once met. */
  readonly met: Uint8Array;
  /** [threshold × lineage]: the statistic at generation 1. */
  readonly firsts: Float64Array;
}

export const newFates = (thresholdCount: number, lineageCount: number): Fates => ({
  met: new Uint8Array(thresholdCount * lineageCount),
  firsts: new Float64Array(thresholdCount * lineageCount),
});

/** Takes a value of a lineage up, which lies at `at` of the fates; whether it meets it just now. */
export function meetsNow(
  { above, fromFirst, level }: Threshold,
  fates: Fates,
  at: number,
  value: number,
  generation: number,
): boolean {
  if (generation === 1) fates.firsts[at] = value;
  const limit = fromFirst ? fates.firsts[at]! + level : level;
  const meets = above ? value > limit : value < limit;
  if (meets) fates.met[at] = 1;
  return meets;
}
