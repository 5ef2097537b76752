/**
 * What a run found, as plain data that can be posted between threads: a summary over replicates
 * for every cell, generation and statistic, and the law beside it. NaN means "no number here": not
 * there yet, or held at ±1e18 (25-execution), and is written as an empty field.
 */
import { STATUS_NAMES } from '../model/status.ts';
import type { AxisValue, Spec } from '../spec/schema.ts';
import type { StatisticName } from '../spec/statistics.ts';

export const SUMMARY_FIELDS = [
  'count',
  'mean',
  'sd',
  'se',
  'min',
  'q01',
  'q05',
  'q25',
  'q50',
  'q75',
  'q95',
  'q99',
  'max',
] as const;

export type SummaryField = (typeof SUMMARY_FIELDS)[number];

/** Where the seven quantiles begin in SUMMARY_FIELDS. */
export const FIRST_QUANTILE_FIELD = SUMMARY_FIELDS.indexOf('q01');

/** law, lawSe. */
export const LAW_FIELDS = 2;

export interface ResultAxis {
  /** Dotted path of the swept field. */
  readonly name: string;
  readonly values: readonly AxisValue[];
}

export interface ResultCell {
  /** Value of each axis, in the order of `Results.axes`. */
  readonly values: readonly AxisValue[];
  readonly replicates: number;
  readonly generations: number;
}

/** A law of theory, without its functions: the numbers are in `Results.laws`. */
export interface LawLabel {
  readonly kind: string;
  readonly name: string;
  readonly formula: string;
  readonly source: string;
  /** Last generation at which the mean of this many replicates can be held against the law. */
  readonly testableUntil: number;
}

export interface Results {
  /** The whole spec, sweep included. */
  readonly spec: Spec;
  readonly axes: readonly ResultAxis[];
  /** Row-major over the axes, the last axis fastest. */
  readonly cells: readonly ResultCell[];
  readonly statistics: readonly StatisticName[];
  /** The longest cell's G; generations run 0 … G, 0 being the truth. */
  readonly generations: number;
  /** [cell × (G+1) × statistic × SUMMARY_FIELDS]. */
  readonly values: Float64Array;
  /**
   * [cell × (G+1) × statistic]: largest error of a quantile's rank, as a share of the lineages:
   * 0 up to one chunk of replicates (`chunkReplicates`), where quantiles are exact.
   */
  readonly quantileBound: Float64Array;
  /** [cell × (G+1) × STATUS_NAMES]: lineages with each bit set by that generation. */
  readonly status: Uint32Array;
  /**
   * [cell × (G+1) × criterion × COLLAPSE_FIELDS]: lineages that had not met a criterion of collapse
   * before that generation, and those that do then.
   */
  readonly collapses: Uint32Array;
  /** [cell × (G+1) × statistic × LAW_FIELDS]. */
  readonly laws: Float64Array;
  /** [cell × statistic]; null where no law is known. */
  readonly lawLabels: readonly (LawLabel | null)[];
  /** [cell]: last generation that any replicate has reached. */
  readonly generationsDone: Uint32Array;
  /** [cell]: replicates that have reached the last generation. */
  readonly replicatesDone: Uint32Array;
  /** Every replicate of every cell has reached its last generation. */
  complete: boolean;
}

/** Position of (cell, generation, statistic) among all such rows. */
export const rowIndex = (
  results: Pick<Results, 'generations' | 'statistics'>,
  cell: number,
  generation: number,
  statistic: number,
): number =>
  (cell * (results.generations + 1) + generation) * results.statistics.length + statistic;

/** Position of a statistic in the results' list, −1 if it was not asked for. */
export const statisticIndex = (results: Pick<Results, 'statistics'>, name: string): number =>
  results.statistics.indexOf(name as StatisticName);

/** One number of the table; NaN where there is none. */
export function summaryAt(
  results: Results,
  cell: number,
  generation: number,
  statistic: number,
  field: SummaryField,
): number {
  const row = rowIndex(results, cell, generation, statistic);
  return results.values[row * SUMMARY_FIELDS.length + SUMMARY_FIELDS.indexOf(field)]!;
}

/** The law's value, or its standard error over this cell's replicates. */
export function lawAt(
  results: Results,
  cell: number,
  generation: number,
  statistic: number,
  field: 'value' | 'se' = 'value',
): number {
  const row = rowIndex(results, cell, generation, statistic);
  return results.laws[row * LAW_FIELDS + (field === 'value' ? 0 : 1)]!;
}

export const lawLabel = (results: Results, cell: number, statistic: number): LawLabel | null =>
  results.lawLabels[cell * results.statistics.length + statistic]!;

/** Lineages of a cell with each status bit set by `generation`. */
export function statusAt(results: Results, cell: number, generation: number): Uint32Array {
  const at = (cell * (results.generations + 1) + generation) * STATUS_NAMES.length;
  return results.status.slice(at, at + STATUS_NAMES.length);
}

/** Index of the cell at a position along each axis. */
export const cellAt = (axes: readonly ResultAxis[], position: readonly number[]): number =>
  axes.reduce((index, axis, a) => index * axis.values.length + position[a]!, 0);
