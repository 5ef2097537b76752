/** Numbers from summaries over lineages, with the standard error that the same summaries tell. */
import { rowIndex, summaryAt, type Results } from './results.ts';

export interface Estimate {
  readonly value: number;
  /** Standard error, or a bound of it. */
  readonly se: number;
}

/** Standard errors that a difference has to pass: 95 %, both sides. */
export const CERTAIN = 1.959963984540054;

export const meanAt = (
  results: Results,
  cell: number,
  generation: number,
  s: number,
): Estimate => ({
  value: summaryAt(results, cell, generation, s, 'mean'),
  se: summaryAt(results, cell, generation, s, 'se'),
});

/**
 * The density at the median is taken to be that between the quartiles, ½/(q75 − q25): the standard
 * error of a normal sample's median comes out 8 % too large. NaN of a single lineage.
 */
export function medianAt(results: Results, cell: number, generation: number, s: number): Estimate {
  const at = (field: 'count' | 'q25' | 'q50' | 'q75') =>
    summaryAt(results, cell, generation, s, field);
  const rankError = results.quantileBound[rowIndex(results, cell, generation, s)]!;
  const share = 1 / (2 * Math.sqrt(at('count'))) + rankError;
  const se = at('count') > 1 ? 2 * share * (at('q75') - at('q25')) : NaN;
  return { value: at('q50'), se };
}

/**
 * The error of a difference is at most the sum of both, however the lineages behind them hang
 * together (Minkowski).
 */
export const difference = (a: Estimate, b: Estimate): Estimate => ({
  value: a.value - b.value,
  se: a.se + b.se,
});
