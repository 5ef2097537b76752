/**
 * When lineages first meet a criterion of collapse. What is known of a lineage goes from generation
 * to generation in two words for each criterion: whether it has been met or never will be, and the
 * statistic at generation 1. Counts are integers, so that it matters neither how generations are cut into windows
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
  /** A lineage of which this has held, before or at that generation, never meets it. */
  readonly unless: Bar | null;
}

export interface Bar {
  readonly statistic: number;
  readonly above: boolean;
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
  criteria.map(({ statistic, above, below, relativeTo, unless }) => {
    const place = statistics.indexOf(statistic);
    // What the truth has no number for, it has 0 of: the step that led to it.
    const own = relativeTo === 'truth' ? truth[place]! || 0 : 0;
    return {
      statistic: place,
      above: above !== undefined,
      fromFirst: relativeTo === 'first',
      level: own + (above ?? below)!,
      unless: unless
        ? {
            statistic: statistics.indexOf(unless.statistic),
            above: unless.above !== undefined,
            level: (unless.above ?? unless.below)!,
          }
        : null,
    };
  });

export const MET = 1;
export const BARRED = 2;

/** What is known of lineages. */
export interface Fates {
  /** [threshold × lineage]: MET, or BARRED by what had to come later; else 0. */
  readonly met: Uint8Array;
  /** [threshold × lineage]: the statistic at generation 1. */
  readonly firsts: Float64Array;
}

export const newFates = (thresholdCount: number, lineageCount: number): Fates => ({
  met: new Uint8Array(thresholdCount * lineageCount),
  firsts: new Float64Array(thresholdCount * lineageCount),
});

/**
 * Takes a lineage's values of a generation up, in the order of the statistics; what is known of it
 * lies at `at` of the fates. Whether it meets the criterion just now.
 */
export function meetsNow(
  { statistic, above, fromFirst, level, unless }: Threshold,
  fates: Fates,
  at: number,
  valueOf: (statistic: number) => number,
  generation: number,
): boolean {
  const value = valueOf(statistic);
  if (generation === 1) fates.firsts[at] = value;
  if (unless && isBeyond(unless, valueOf(unless.statistic))) fates.met[at] = BARRED;
  if (fates.met[at] === BARRED) return false;
  const limit = fromFirst ? fates.firsts[at]! + level : level;
  const meets = isBeyond({ above, level: limit }, value);
  if (meets) fates.met[at] = MET;
  return meets;
}

const isBeyond = ({ above, level }: Pick<Bar, 'above' | 'level'>, value: number): boolean =>
  above ? value > level : value < level;
