/**
 * Lineages in independent blocks. Engines return summaries over lineages and not what each of them
 * has, and the error of a function of several summaries, such as a difference of medians of cells
 * that share their random numbers, cannot be had from theirs. So every cell is run in BLOCKS blocks,
 * block b of all cells on the same numbers; the function is formed in each block, and how blocks
 * differ is its error, by Student's t (batch means: Schmeiser 1982). Block 0 has the lineages of a
 * plain run.
 */
import type { Spec } from '../spec/schema.ts';
import type { Estimate } from './estimate.ts';
import { summaryAt, type Results, type SummaryField } from './results.ts';

/** Between 10 and 30, as Schmeiser has it: more would make blocks too small for medians. */
export const BLOCKS = 10;
/** Quantile 0.975 of Student's t with BLOCKS − 1 degrees of freedom. */
export const BLOCK_CERTAIN = 2.262157162798205;

/** What is said of lineages: the median one, or the mean over all. */
export type BlockSummary = Extract<SummaryField, 'q50' | 'mean'>;
export const BLOCK_SUMMARIES: readonly BlockSummary[] = ['q50', 'mean'];

/** A cell for each block of each spec, a spec's beside each other. */
export const blockCells = (specs: readonly Spec[]): { spec: Spec; word: number }[] =>
  specs.flatMap((spec) => Array.from({ length: BLOCKS }, (_, word) => ({ spec, word })));

/** Lineages of a block, so that all blocks have as many as were asked for, or a few more. */
export const blockSize = (replicates: number): number => Math.ceil(replicates / BLOCKS);

/** [block] of spec number `place`; NaN where a block has no such number. */
export const blockValues = (
  results: Results,
  place: number,
  generation: number,
  statistic: number,
  summary: BlockSummary,
): Float64Array =>
  Float64Array.from({ length: BLOCKS }, (_, block) =>
    summaryAt(results, place * BLOCKS + block, generation, statistic, summary),
  );

/** Mean and standard error of a number of which each block has one; NaN where one has none. */
export function overBlocks(values: Float64Array): Estimate {
  const { length } = values;
  const value = values.reduce((sum, one) => sum + one, 0) / length;
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, se: Math.sqrt(squares / (length - 1) / length) };
}

/** Half the width of the interval that holds the number in 19 of 20 runs. */
export const reachOf = ({ se }: Estimate): number => BLOCK_CERTAIN * se;

/** Whether the interval leaves 0 out. */
export const isTold = (estimate: Estimate): boolean => Math.abs(estimate.value) > reachOf(estimate);
