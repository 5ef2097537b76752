/**
 * What has become of a cell by a generation, in a word:
 *
 *   collapsed  the median lineage keeps under `stages.late` of the variance
 *   diverged   it has more than 1/`stages.late` of it
 *   drifting   its log variance has moved by more than DRIFT nats since half time, and by more
 *              than chance moves the median of so many lineages
 *   stable     else
 */
import { CERTAIN, medianAt, type Estimate } from './estimate.ts';
import type { Results } from './results.ts';

export type Regime = 'stable' | 'drifting' | 'collapsed' | 'diverged';
export const REGIMES: readonly Regime[] = ['stable', 'drifting', 'collapsed', 'diverged'];

/** Nats in the second half of the run: a tenth of the variance. */
const DRIFT = 0.1;

/** What each means, for a legend. */
export function regimeDoc(regime: Regime, { late }: Results['spec']['stages']): string {
  const times = Number((1 / late).toPrecision(3));
  switch (regime) {
    case 'stable':
      return `log variance moved by up to ${DRIFT}, or chance, since half time`;
    case 'drifting':
      return `log variance moved by more than ${DRIFT} and chance since half time`;
    case 'collapsed':
      return `median lineage under ${late} of the variance`;
    case 'diverged':
      return `median lineage over ${times} times the variance`;
  }
}

/** The statistics that regimes are told by, the better one first. */
const SOURCES = ['logVarianceRatio', 'varianceRatio'] as const;

/** Whether any cell may have one. */
export const hasRegimes = ({ statistics }: Pick<Results, 'statistics'>): boolean =>
  SOURCES.some((name) => statistics.includes(name));

/**
 * By the last generation there is, or an earlier one. Null before the first generation, and where
 * neither varianceRatio nor its logarithm is measured.
 */
export function regimeOf(
  results: Results,
  cell: number,
  generation = results.generationsDone[cell]!,
): Regime | null {
  const last = Math.min(generation, results.generationsDone[cell]!);
  if (last === 0 || !hasRegimes(results)) return null;
  const { late } = results.spec.stages;
  const now = logVariance(results, cell, last);
  const log = now.value;
  // A logarithm is held where there is no variance, a variance where there is too much.
  if (Number.isNaN(log)) return placeOf(results).isLog ? 'collapsed' : 'diverged';
  if (log < Math.log(late)) return 'collapsed';
  if (log > -Math.log(late)) return 'diverged';
  const before = logVariance(results, cell, Math.ceil(last / 2));
  // So far independent medians would part, those of the same lineages less: one that is narrow stays
  // narrow. Of a single lineage there is no error to be told.
  const chance = CERTAIN * (Math.hypot(now.se, before.se) || 0);
  return Math.abs(log - before.value) > Math.max(DRIFT, chance) ? 'drifting' : 'stable';
}

function placeOf({ statistics }: Results) {
  const name = SOURCES.find((source) => statistics.includes(source))!;
  return { at: statistics.indexOf(name), isLog: name === 'logVarianceRatio' };
}

/** Of the median lineage; NaN where it is held at ±1e18. */
function logVariance(results: Results, cell: number, generation: number): Estimate {
  const { at, isLog } = placeOf(results);
  return medianAt(results, cell, generation, at, isLog ? (log) => log : Math.log);
}
