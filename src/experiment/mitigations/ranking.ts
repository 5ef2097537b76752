/**
 * Mitigations ranked at equal cost of human points, as data for a table or a chart: how far each
 * leaves the last models from the truth, by one statistic, who is told apart from whom in pairs, and
 * how each fails. Pure: another statistic that was measured, or another summary, costs nothing.
 */
import { criterionLabel } from '../../spec/criteria.ts';
import { trainingPoints } from '../../plan/work.ts';
import type { Spec } from '../../spec/schema.ts';
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
  /** Best first; where nothing is done is among them, at a lower price. */
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
  /** 1 and how many are told to be better: those who cannot be told apart from the best share 1. */
  readonly rank: number;
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
      return { trial, values, distances: distancesOf(run, trial, statistic, values) };
    })
    .toSorted((a, b) => order(overBlocks(a.distances).value, overBlocks(b.distances).value));
  const pairs = tried.map((one) =>
    tried.map((other) => overBlocks(one.distances.map((d, b) => d - other.distances[b]!))),
  );
  const rows = tried.map(({ trial, values, distances }, row): RankedMitigation => {
    const { name, label, doc, assumes } = trial.mitigation;
    return {
      ...{ name, label, doc, assumes },
      rank: 1 + pairs[row]!.filter((pair) => pair.value > 0 && isTold(pair)).length,
      spent: trial.spent,
      trained: trainedPoints(run.specs[trial.place]!),
      value: overBlocks(values),
      distance: overBlocks(distances),
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

function trainedPoints(spec: Spec): number {
  let points = 0;
  for (let t = 1; t <= spec.generations; t++) points += trainingPoints(spec, t);
  return points;
}

/** What has no number is last. */
const order = (a: number, b: number): number =>
  (Number.isNaN(a) ? Infinity : a) > (Number.isNaN(b) ? Infinity : b) ? 1 : a === b ? 0 : -1;

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
