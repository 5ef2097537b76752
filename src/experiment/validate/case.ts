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
  /** Lineages of a cell of the quick run; see SIZE_FACTORS for others. */
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

/** Lineages to those of the quick run: a glance is for a first look, at twice the standard error. */
export const SIZE_FACTORS = { glance: 1 / 4, quick: 1, full: 16 } as const;
export type ValidationSize = keyof typeof SIZE_FACTORS;

/** Below so many a sample has no standard error to speak of. */
const LEAST = 8;

export const lineagesAt = (size: ValidationSize, quick: number): number =>
  Math.max(Math.min(LEAST, quick), Math.ceil(SIZE_FACTORS[size] * quick));
