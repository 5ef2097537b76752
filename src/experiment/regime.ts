/**
 * What has become of a cell by a generation, in a word:
 *
 *   collapsed  the median lineage keeps under `stages.late` of the variance
 *   diverged   it has more than 1/`stages.late` of it
 *   drifting   its log variance has moved by more than DRIFT nats since half time, and by more
 *              than it jitters
 *   stable     else
 */
import { CERTAIN } from './estimate.ts';
import { summaryAt, type Results } from './results.ts';

export type Regime = 'stable' | 'drifting' | 'collapsed' | 'diverged';
export const REGIMES: readonly Regime[] = ['stable', 'drifting', 'collapsed', 'diverged'];

/** Modes may die while the variance stands: what is stable is the variance, and is said to be. */
export const REGIME_NAME = 'Regime of the variance';

/** Nats in the second half of the run: a tenth of the variance. */
const DRIFT = 0.1;

/** What each means, for a legend. */
export function regimeDoc(regime: Regime, { late }: Results['spec']['stages']): string {
  const times = Number((1 / late).toPrecision(3));
  switch (regime) {
    case 'stable':
      return `log variance moved by up to ${DRIFT} since half time`;
    case 'drifting':
      return `log variance moved by more than ${DRIFT} since half time`;
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
  const log = logVariance(results, cell, last);
  // A logarithm is held where there is no variance, a variance where there is too much.
  if (Number.isNaN(log)) return placeOf(results).isLog ? 'collapsed' : 'diverged';
  if (log < Math.log(late)) return 'collapsed';
  if (log > -Math.log(late)) return 'diverged';
  const { change, jitter } = movement(results, cell, last);
  return Math.abs(change) > Math.max(DRIFT, CERTAIN * jitter) ? 'drifting' : 'stable';
}

/** Generations that a window is looked at in, at most: a map may have tens of thousands of cells. */
const MOST_LOOKS = 8;

/**
 * From the quarter of the run before half time to its last quarter, by the means of the medians
 * there. Fresh data make a few medians jump about, and a change of that kind is told by their steps
 * from one look to the next (von Neumann 1941); what drifts makes small steps.
 */
function movement(results: Results, cell: number, last: number) {
  const width = Math.max(1, Math.floor(last / 4));
  const looks = Math.min(width, MOST_LOOKS);
  const window = (end: number) =>
    Array.from({ length: looks }, (_, i) =>
      logVariance(results, cell, end - Math.round((i * width) / looks)),
    );
  const recent = window(last);
  const before = window(Math.ceil(last / 2));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value) / looks;
  const steps = [recent, before].flatMap((values) =>
    values.slice(1).map((value, i) => (value - values[i]!) ** 2),
  );
  // Half the mean square of a step is the variance of one look; of a single look none is known.
  const variance =
    steps.length > 0 ? steps.reduce((sum, step) => sum + step) / (2 * steps.length) : 0;
  return { change: mean(recent) - mean(before), jitter: Math.sqrt((2 * variance) / looks) };
}

function placeOf({ statistics }: Results) {
  const name = SOURCES.find((source) => statistics.includes(source))!;
  return { at: statistics.indexOf(name), isLog: name === 'logVarianceRatio' };
}

/** Of the median lineage; NaN where it is held at ±1e18. */
function logVariance(results: Results, cell: number, generation: number): number {
  const { at, isLog } = placeOf(results);
  const median = summaryAt(results, cell, generation, at, 'q50');
  return isLog ? median : Math.log(median);
}
