/** A fan chart as data: quantile bands, median, mean and law of one statistic over generations. */
import {
  lawAt,
  lawLabel,
  rowIndex,
  SUMMARY_FIELDS,
  type LawLabel,
  type Results,
  type SummaryField,
} from '../results.ts';

export interface Fan {
  /** In order, 0 … G unless others were asked for. All arrays run along it; NaN is a gap. */
  readonly generations: Float64Array;
  readonly series: Readonly<Record<SummaryField, Float64Array>>;
  readonly law: Float64Array;
  readonly lawSe: Float64Array;
  readonly lawLabel: LawLabel | null;
}

/**
 * The fan of one statistic (an index into `results.statistics`) in one cell, at the generations
 * given or at all.
 */
export function fan(
  results: Results,
  cell: number,
  statistic: number,
  generations = allGenerations(results.cells[cell]!.generations),
): Fan {
  const column = (value: (generation: number) => number): Float64Array => generations.map(value);
  const rowAt = (generation: number): number => rowIndex(results, cell, generation, statistic);
  const series = Object.fromEntries(
    SUMMARY_FIELDS.map((name, field) => [
      name,
      column((generation) => results.values[rowAt(generation) * SUMMARY_FIELDS.length + field]!),
    ]),
  ) as Record<SummaryField, Float64Array>;
  return {
    generations,
    series,
    law: column((generation) => lawAt(results, cell, generation, statistic)),
    lawSe: column((generation) => lawAt(results, cell, generation, statistic, 'se')),
    lawLabel: lawLabel(results, cell, statistic),
  };
}

const allGenerations = (last: number): Float64Array =>
  Float64Array.from({ length: last + 1 }, (_, generation) => generation);
