/**
 * How long lineages of a cell last until they meet a criterion of collapse. All are watched from
 * generation 1 to their last one, where those that never met it are censored.
 */
import { COLLAPSE_FIELDS } from '../model/reduce/collapse.ts';
import { QUANTILES } from '../plan/plan.ts';
import { summaryAt, type Results } from './results.ts';

export interface Survival {
  /** [generation], from 0: share of the lineages there that have not collapsed by then. */
  readonly survival: Float64Array;
  /** [generation]: lineages that had not collapsed before it; from 1. */
  readonly atRisk: Uint32Array;
  /** [generation]: lineages that collapse at it. */
  readonly collapsed: Uint32Array;
  /** In the order of QUANTILES: the first generation by which such a share has collapsed, or NaN. */
  readonly times: readonly number[];
}

/** NaN where no lineage has got that far; `criterion` is its place in the spec's list. */
export function survivalOf(results: Results, cell: number, criterion: number): Survival {
  const { generations } = results.cells[cell]!;
  const survival = new Float64Array(generations + 1).fill(NaN);
  const atRisk = new Uint32Array(generations + 1);
  const collapsed = new Uint32Array(generations + 1);
  survival[0] = 1;
  for (let t = 1; t <= generations; t++) {
    const row = cell * (results.generations + 1) + t;
    const at = (row * results.spec.criteria.length + criterion) * COLLAPSE_FIELDS;
    const lineages = summaryAt(results, cell, t, 0, 'count');
    atRisk[t] = results.collapses[at]!;
    collapsed[t] = results.collapses[at + 1]!;
    if (lineages > 0) survival[t] = (atRisk[t]! - collapsed[t]!) / lineages;
  }
  return { survival, atRisk, collapsed, times: QUANTILES.map((share) => timeOf(survival, share)) };
}

/** 1 − S(t) is held against the share with room for the rounding of S. */
const ROUNDING = 1e-12;

function timeOf(survival: Float64Array, share: number): number {
  const t = survival.findIndex((alive) => 1 - alive >= share - ROUNDING);
  return t < 0 ? NaN : t;
}
