/**
 * Mitigations ranked at equal cost of human points, as data for a table or a chart: how far each
 * leaves the last models from the truth, by one statistic, who is told apart from whom in pairs, and
 * how each fails. Pure: another statistic that was measured, or another summary, costs nothing.
 */
import { criterionLabel } from '../../spec/criteria.ts';
import { trainingPoints } from '../../plan/work.ts';
import { specAt, type Spec } from '../../spec/schema.ts';
import { acceptance } from '../../spec/screening.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import { BLOCKS, blockValues, isTold, overBlocks, type BlockSummary } from '../blocks.ts';
import type { Estimate } from '../estimate.ts';
import { statisticIndex, summaryAt } from '../results.ts';
import { survivalOf } from '../survival.ts';
import { failureOf, type Failure } from './failure.ts';
import type { HumanPoints } from './human-points.ts';
import type { Trial, TrialRun } from './trials.ts';

export interface RankingRequest {
  readonly statistic: StatisticName;
  readonly summary: BlockSummary;
  readonly budget: number;
}

export interface Ranking extends RankingRequest {
  readonly generation: number;
  /**
   * What spends the budget, best first and without a number last; then what spends less or more of
   * it, in the same order. Where nothing is done is among these, unless the budget is the first
   * generation's.
   */
  readonly rows: readonly RankedMitigation[];
  /**
   * [row × row]: how much farther from the truth the first is than the second, lineage numbers being
   * the same, and whether its interval leaves 0 out. NaN where one of them has no number.
   */
  readonly pairs: readonly (readonly Estimate[])[];
  readonly omissions: readonly { readonly label: string; readonly reason: string }[];
  /** What `survival` is of. */
  readonly criterion: string;
  readonly lineages: number;
  readonly complete: boolean;
}

export interface RankedMitigation {
  readonly name: string;
  readonly label: string;
  readonly doc: string;
  readonly assumes: string | null;
  /**
   * Null where there is none: of what does not spend the budget, has no number, or was interrupted.
   * See `ranksOf`.
   */
  readonly rank: number | null;
  /** How much of the budget, up to the rounding of its batches. */
  readonly spends: 'all' | 'less' | 'more';
  /** Human points over the whole run. */
  readonly spent: HumanPoints;
  /** Points of all training sets, synthetic ones too. */
  readonly trained: number;
  readonly value: Estimate;
  /** From the truth's own value. */
  readonly distance: Estimate;
  /** Share of lineages that have not met the criterion of collapse. */
  readonly survival: number;
  readonly failure: Failure;
}

/** Throws RangeError where the statistic was not measured. */
export function rankingOf(run: TrialRun, request: RankingRequest): Ranking {
  const { results, base } = run;
  const { generations: generation, criteria, replicates } = base;
  const statistic = statisticIndex(results, request.statistic);
  if (statistic < 0) throw new RangeError(`${request.statistic} was not measured.`);
  const tried = run.trials
    .filter(({ budget }) => budget === request.budget)
    .map((trial) => {
      const values = blockValues(results, trial.place, generation, statistic, request.summary);
      const distances = distancesOf(run, trial, statistic, values);
      const distance = overBlocks(distances);
      const spends = spendingOf(trial, run.specs[trial.place]!);
      return { trial, values, distances, distance, spends };
    })
    .toSorted(
      (a, b) =>
        Number(a.spends !== 'all') - Number(b.spends !== 'all') ||
        order(a.distance.value, b.distance.value),
    );
  const pairs = tried.map((one) =>
    tried.map((other) => overBlocks(one.distances.map((d, b) => d - other.distances[b]!))),
  );
  const ranked = tried.filter(
    ({ spends, distance }) => spends === 'all' && Number.isFinite(distance.value),
  );
  const ranks = results.complete ? ranksOf(ranked.length, pairs) : [];
  const rows = tried.map(({ trial, values, distance, spends }, row): RankedMitigation => {
    const { name, label, doc, assumes } = trial.mitigation;
    return {
      ...{ name, label, doc, assumes, spends, distance },
      rank: ranks[row] ?? null,
      spent: trial.spent,
      trained: trainedPoints(run.specs[trial.place]!),
      value: overBlocks(values),
      survival: survivalAt(run, trial, generation),
      failure: failureOf(run, trial.place, generation),
    };
  });
  return {
    ...{ ...request, generation, rows, pairs },
    omissions: run.omissions
      .filter(({ budget }) => budget === request.budget)
      .map(({ mitigation: { label }, reason }) => ({ label, reason })),
    criterion: criteria[0] ? criterionLabel(criteria[0]) : '',
    lineages: replicates * BLOCKS,
    complete: results.complete,
  };
}

/**
 * Of the first so many rows: a row shares the rank of the one above it, unless it is told to be worse
 * than the first that has this rank; then its rank is its place. So ranks never fall down the list,
 * and a row whose own error is wide has the rank of the place where it stands.
 */
export function ranksOf(rows: number, pairs: Ranking['pairs']): number[] {
  const ranks: number[] = [];
  let first = 0;
  for (let row = 0; row < rows; row++) {
    const worse = pairs[row]![first]!;
    if (worse.value > 0 && isTold(worse)) first = row;
    ranks.push(first + 1);
  }
  return ranks;
}

/** Whole points, or the last one of so many candidates, may be missing or too many. */
function spendingOf({ budget, spent }: Trial, spec: Spec): RankedMitigation['spends'] {
  const rounding = 1 / acceptance(specAt(spec, 2).batch).real;
  if (Math.abs(spent.mean - budget) <= rounding + TINY) return 'all';
  return spent.mean < budget ? 'less' : 'more';
}

/** What sums of as many terms as there are generations may be off by. */
const TINY = 1e-6;

function trainedPoints(spec: Spec): number {
  let points = 0;
  for (let t = 1; t <= spec.generations; t++) points += trainingPoints(spec, t);
  return points;
}

/** What has no number is last. */
const order = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;

/** The side of the truth is that of all blocks together, so that distances are linear in them. */
function distancesOf(
  { results }: TrialRun,
  { place }: Trial,
  statistic: number,
  values: Float64Array,
): Float64Array {
  const truth = summaryAt(results, place * BLOCKS, 0, statistic, 'mean');
  const side = overBlocks(values).value < truth ? -1 : 1;
  return values.map((value) => side * (value - truth));
}

/** By the first criterion; NaN where there is none. */
function survivalAt({ results, base }: TrialRun, { place }: Trial, generation: number): number {
  if (base.criteria.length === 0) return NaN;
  const shares = Array.from(
    { length: BLOCKS },
    (_, block) => survivalOf(results, place * BLOCKS + block, 0).survival[generation]!,
  );
  return shares.reduce((sum, share) => sum + share, 0) / BLOCKS;
}
