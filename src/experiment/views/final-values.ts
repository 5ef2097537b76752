/**
 * How the lineages of a cell are spread over the values of one statistic at their last generation, as
 * a distribution function: the quantiles that were measured, and the law.
 */
import { QUANTILES } from '../../plan/plan.ts';
import { FIRST_QUANTILE_FIELD, rowIndex, SUMMARY_FIELDS, type Results } from '../results.ts';
import type { LawFan, LawOverlay } from './law-overlay.ts';

export interface FinalValues {
  readonly generation: number;
  /** In the order of QUANTILES: values with such shares of the lineages below; NaN: not there yet. */
  readonly measured: Float64Array;
  readonly law: LawFan | null;
}

/** `statistic` is an index into `results.statistics`, `laws` are the cell's. */
export function finalValues(
  results: Results,
  cell: number,
  statistic: number,
  laws: LawOverlay | null = null,
): FinalValues {
  const { generations: generation } = results.cells[cell]!;
  const row = rowIndex(results, cell, generation, statistic);
  const first = row * SUMMARY_FIELDS.length + FIRST_QUANTILE_FIELD;
  const name = results.statistics[statistic];
  return {
    generation,
    measured: results.values.slice(first, first + QUANTILES.length),
    law: laws?.fans.find((fan) => fan.statistic === name) ?? null,
  };
}
