/** What a law is held in. */
import type { Truth } from '../../model/truth.ts';
import type { Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import type { ModelLaw } from './model-law.ts';
import type { StatedLaw } from './stated.ts';

export interface ValidationCase {
  /** The law, in a few words. */
  readonly name: string;
  /** A raw spec without seed and replicates. */
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly statistics: readonly StatisticName[];
  };
  /** At which means are held against their laws, ascending. */
  readonly generations: readonly number[];
  /** Lineages of a cell of the quick run; the full one has FULL_FACTOR times as many. */
  readonly replicates: number;
  /** Laws of a cell that are not of a mean, or of more than the spec tells. */
  readonly stated?: (cell: Spec) => readonly StatedLaw[];
  /** Laws of what no statistic is of, read off the models of the first lineages one by one. */
  readonly models?: {
    /** Of a cell of the quick run, too; no more than replicates. */
    readonly lineages: number;
    readonly laws: (cell: Spec, truth: Truth) => readonly ModelLaw[];
  };
}

/** The square of what standard errors shrink by. */
export const FULL_FACTOR = 16;
