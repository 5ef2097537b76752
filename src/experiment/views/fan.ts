/**
 * A fan chart as data: quantile bands, median and mean of one statistic over generations, the law of
 * the mean, and quantiles of the whole law where it is known.
 */
import type { StatisticName } from '../../spec/statistics.ts';
import {
  lawAt,
  lawLabel,
  rowIndex,
  SUMMARY_FIELDS,
  type LawLabel,
  type Results,
  type SummaryField,
} from '../results.ts';
import {
  alongGenerations,
  FAN_QUANTILES,
  type FanQuantile,
  type LawFan,
  type LawOverlay,
} from './law-overlay.ts';

/** A law of which more is known than the mean. */
export interface WholeFan {
  readonly law: LawFan;
  /** Along the fan's generations; NaN where it was not worked out. */
  readonly quantiles: Readonly<Record<FanQuantile, Float64Array>>;
}

export interface Fan {
  /** In order, 0 … G unless others were asked for. All arrays run along it; NaN is a gap. */
  readonly generations: Float64Array;
  readonly series: Readonly<Record<SummaryField, Float64Array>>;
  readonly law: Float64Array;
  readonly lawSe: Float64Array;
  readonly lawLabel: LawLabel | null;
  readonly whole: WholeFan | null;
}

/**
 * The fan of one statistic (an index into `results.statistics`) in one cell, at the generations
 * given or at all; `laws` are that cell's.
 */
export function fan(
  results: Results,
  cell: number,
  statistic: number,
  generations = allGenerations(results.cells[cell]!.generations),
  laws: LawOverlay | null = null,
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
    whole: laws && wholeFan(laws, results.statistics[statistic]!, generations),
  };
}

function wholeFan(
  { fans, generations: own }: LawOverlay,
  statistic: StatisticName,
  generations: Float64Array,
): WholeFan | null {
  const law = fans.find((one) => one.statistic === statistic);
  if (!law) return null;
  const quantiles = Object.fromEntries(
    FAN_QUANTILES.map((name) => [name, alongGenerations(law.quantiles[name], own, generations)]),
  ) as Record<FanQuantile, Float64Array>;
  return { law, quantiles };
}

const allGenerations = (last: number): Float64Array =>
  Float64Array.from({ length: last + 1 }, (_, generation) => generation);
