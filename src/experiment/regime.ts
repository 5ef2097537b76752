/**
 * What has become of a cell, in a word, from its last generation:
 *
 *   collapsed  the median lineage keeps under `stages.late` of the variance
 *   diverged   it has more than 1/`stages.late` of it
 *   drifting   its log variance has moved by more than DRIFT nats since half time
 *   stable     else
 */
import { summaryAt, type Results } from './results.ts';

export type Regime = 'stable' | 'drifting' | 'collapsed' | 'diverged';
export const REGIMES: readonly Regime[] = ['stable', 'drifting', 'collapsed', 'diverged'];

/** Nats in the second half of the run: a tenth of the variance. */
const DRIFT = 0.1;

/** Null before the first generation, and where neither varianceRatio nor its logarithm is measured. */
export function regimeOf(results: Results, cell: number): Regime | null {
  const last = results.generationsDone[cell]!;
  if (last === 0 || placeOf(results) === null) return null;
  const { late } = results.spec.stages;
  const log = logVariance(results, cell, last);
  // A logarithm is held where there is no variance, a variance where there is too much.
  if (Number.isNaN(log)) return placeOf(results)!.isLog ? 'collapsed' : 'diverged';
  if (log < Math.log(late)) return 'collapsed';
  if (log > -Math.log(late)) return 'diverged';
  const before = logVariance(results, cell, Math.ceil(last / 2));
  return Math.abs(log - before) > DRIFT ? 'drifting' : 'stable';
}

function placeOf({ statistics }: Results) {
  const at = statistics.indexOf('logVarianceRatio');
  if (at >= 0) return { at, isLog: true };
  const plain = statistics.indexOf('varianceRatio');
  return plain >= 0 ? { at: plain, isLog: false } : null;
}

/** Of the median lineage; NaN where it is held at ±1e18. */
function logVariance(results: Results, cell: number, generation: number): number {
  const { at, isLog } = placeOf(results)!;
  const median = summaryAt(results, cell, generation, at, 'q50');
  return isLog ? median : Math.log(median);
}
