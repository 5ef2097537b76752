/** Shares of a cell's lineages over generations: not yet collapsed, by criterion; by stage. */
import { criterionLabel } from '../../spec/criteria.ts';
import { STAGE_SHARES, statisticRow } from '../../spec/statistics.ts';
import { summaryAt, type Results } from '../results.ts';
import { survivalOf } from '../survival.ts';

export interface Shares {
  /** As given. */
  readonly generations: Float64Array;
  /** Lineages at each of them. */
  readonly counts: Float64Array;
  /** NaN where no lineage has got. */
  readonly series: readonly { readonly label: string; readonly values: Float64Array }[];
}

/** Null where the spec has no criteria. */
export function survivalShares(
  results: Results,
  cell: number,
  generations: Float64Array,
): Shares | null {
  const { criteria } = results.spec;
  if (criteria.length === 0) return null;
  const series = criteria.map((criterion, c) => {
    const { survival } = survivalOf(results, cell, c);
    return { label: criterionLabel(criterion), values: generations.map((t) => survival[t] ?? NaN) };
  });
  return { generations, counts: countsOf(results, cell, generations), series };
}

/** Whether all stages are measured. */
export const hasStages = ({ statistics }: Results): boolean =>
  STAGE_SHARES.every((name) => statistics.includes(name));

/** Null where not all stages are measured. */
export function stageShares(
  results: Results,
  cell: number,
  generations: Float64Array,
): Shares | null {
  if (!hasStages(results)) return null;
  const places = STAGE_SHARES.map((name) => results.statistics.indexOf(name));
  const series = STAGE_SHARES.map((name, i) => ({
    label: statisticRow(name).label,
    values: generations.map((t) => summaryAt(results, cell, t, places[i]!, 'mean')),
  }));
  return { generations, counts: countsOf(results, cell, generations), series };
}

const countsOf = (results: Results, cell: number, generations: Float64Array) =>
  generations.map((t) => summaryAt(results, cell, t, 0, 'count'));
