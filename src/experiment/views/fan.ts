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
  /** 0 … G. All arrays run along it; NaN is a gap. */
  readonly generations: Float64Array;
  readonly series: Readonly<Record<SummaryField, Float64Array>>;
  readonly law: Float64Array;
  readonly lawSe: Float64Array;
  readonly lawLabel: LawLabel | null;
}

/** The fan of one statistic (an index into `results.statistics`) in one cell. */
export function fan(results: Results, cell: number, statistic: number): Fan {
  const length = results.cells[cell]!.generations + 1;
  const column = (value: (generation: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, generation) => value(generation));
  const rowAt = (generation: number): number => rowIndex(results, cell, generation, statistic);
  const series = Object.fromEntries(
    SUMMARY_FIELDS.map((name, field) => [
      name,
      column((generation) => results.values[rowAt(generation) * SUMMARY_FIELDS.length + field]!),
    ]),
  ) as Record<SummaryField, Float64Array>;
  return {
    generations: column((generation) => generation),
    series,
    law: column((generation) => lawAt(results, cell, generation, statistic)),
    lawSe: column((generation) => lawAt(results, cell, generation, statistic, 'se')),
    lawLabel: lawLabel(results, cell, statistic),
  };
}
