/** Shares of a cell's lineages over generations: not yet collapsed, by criterion; by stage. */
import { criterionLabel } from '../../spec/criteria.ts';
import { QUANTILES } from '../../plan/plan.ts';
import { STAGE_SHARES, statisticRow } from '../../spec/statistics.ts';
import { summaryAt, type Results } from '../results.ts';
import { survivalOf } from '../survival.ts';
import { alongGenerations, type LawOverlay, type LawText } from './law-overlay.ts';

export interface Shares {
  /** As given. */
  readonly generations: Float64Array;
  /** Lineages at each of them. */
  readonly counts: Float64Array;
  readonly series: readonly ShareSeries[];
}

export interface ShareSeries {
  readonly label: string;
  /** NaN where no lineage has got. */
  readonly values: Float64Array;
  /** The first generation at which half of the lineages are gone; NaN where there is none. */
  readonly halfBy: number;
  readonly law: ShareLaw | null;
}

export interface ShareLaw {
  readonly text: LawText;
  /** Along the generations; NaN where it was not worked out. */
  readonly values: Float64Array;
}

/** Null where the spec has no criteria; `laws` are the cell's. */
export function survivalShares(
  results: Results,
  cell: number,
  generations: Float64Array,
  laws: LawOverlay | null = null,
): Shares | null {
  const { criteria } = results.spec;
  if (criteria.length === 0) return null;
  const series = criteria.map((criterion, c) => {
    const { survival, times } = survivalOf(results, cell, c);
    return {
      label: criterionLabel(criterion),
      values: generations.map((t) => survival[t] ?? NaN),
      halfBy: times[QUANTILES.indexOf(0.5)]!,
      law: laws && lawOf(laws, c, generations),
    };
  });
  return { generations, counts: countsOf(results, cell, generations), series };
}

function lawOf(
  { survivals, generations: own }: LawOverlay,
  criterion: number,
  generations: Float64Array,
): ShareLaw | null {
  const text = survivals[criterion];
  return text ? { text, values: alongGenerations(text.shares, own, generations) } : null;
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
    halfBy: NaN,
    law: null,
  }));
  return { generations, counts: countsOf(results, cell, generations), series };
}

const countsOf = (results: Results, cell: number, generations: Float64Array) =>
  generations.map((t) => summaryAt(results, cell, t, 0, 'count'));
