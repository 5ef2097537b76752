/** Cells of a sweep beside each other: what the median lineage has come to, and who is left. */
import { criterionLabel } from '../../spec/criteria.ts';
import { STAGE_SHARES, statisticRow } from '../../spec/statistics.ts';
import { summaryAt, type Results } from '../results.ts';
import { survivalOf } from '../survival.ts';

export interface ComparisonRow {
  readonly label: string;
  /** Whether values are shares of the lineages; else medians over them. */
  readonly share: boolean;
  /** [cell]; NaN where there is none. */
  readonly values: readonly number[];
}

/** A row for each statistic in the order asked for, then one for each criterion of collapse. */
export function comparison(results: Results, generation: number): readonly ComparisonRow[] {
  const { cells, statistics, spec } = results;
  const medians = statistics.map((name, s): ComparisonRow => {
    const share = STAGE_SHARES.some((stage) => stage === name);
    const field = share ? 'mean' : 'q50';
    const values = cells.map((_, cell) => summaryAt(results, cell, generation, s, field));
    return { label: statisticRow(name).label, share, values };
  });
  const survivals = spec.criteria.map((criterion, c): ComparisonRow => {
    const label = `Not yet: ${criterionLabel(criterion)}`;
    const values = cells.map((_, cell) => survivalOf(results, cell, c).survival[generation] ?? NaN);
    return { label, share: true, values };
  });
  return [...medians, ...survivals];
}
