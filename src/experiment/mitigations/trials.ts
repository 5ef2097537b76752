/**
 * Every mitigation of the toolbox on one spec at each budget, as cells of one run, on the same random
 * numbers, in blocks of lineages.
 */
import { SpecError, type Problem } from '../../errors.ts';
import type { Engine } from '../../engine/engine.ts';
import { resolveTruth, type DataSet, type Truth } from '../../model/truth.ts';
import { planCells } from '../../plan/plan-run.ts';
import type { Plan } from '../../plan/plan.ts';
import { isWide, parseSpec, truthDim, type Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import { blockCells, blockSize } from '../blocks.ts';
import type { Results } from '../results.ts';
import { runExperiment, type RunOptions } from '../run.ts';
import { humanPoints, type HumanPoints } from './human-points.ts';
import { MITIGATIONS, NOTHING, type Mitigation } from './toolbox.ts';

/** A mitigation at a budget. */
export interface Trial {
  readonly mitigation: Mitigation;
  readonly budget: number;
  readonly spent: HumanPoints;
  /** Its place in `specs`; trials of equal specs share one. */
  readonly place: number;
}

export interface Omission {
  readonly mitigation: Mitigation;
  readonly budget: number;
  /** A sentence. */
  readonly reason: string;
}

export interface Trials {
  readonly base: Spec;
  readonly truth: Truth;
  readonly budgets: readonly number[];
  /** Different specs, with lineages of a block as replicates. */
  readonly specs: readonly Spec[];
  /** By budget, then in the order of the toolbox, after what happens where nothing is done. */
  readonly trials: readonly Trial[];
  readonly omissions: readonly Omission[];
}

/** What failures are told by, as far as points of that many dimensions have it. */
const TOLD_BY: readonly StatisticName[] = ['klTruthToModel', 'varianceRatio', 'meanShiftSquared'];
const TOLD_BY_SHAPE: readonly StatisticName[] = ['logDetRatio'];
const TOLD_BY_POINTS: readonly StatisticName[] = ['tailMass1'];
const TOLD_BY_MODES: readonly StatisticName[] = ['modesAlive', 'rarestModeMass'];

/** Three points for each of the first generation's. */
export const defaultBudget = ({ sampleSize }: Spec): number => 3 * sampleSize;

/**
 * Of a spec without sweep and without human points after the first generation.
 * Throws SpecError where it has some, or a budget is too small.
 */
export function trialsOf(
  given: Spec,
  data: DataSet | null,
  statistic: StatisticName,
  budgets: readonly number[] = [defaultBudget(given)],
): Trials {
  const problems = [...baseProblems(given), ...budgets.flatMap((one) => budgetProblem(one, given))];
  if (problems.length > 0) throw new SpecError(problems);
  const truth = resolveTruth(given.truth, data);
  const statistics = measured(given, truth, statistic);
  const { criteria, ...rest } = given;
  const base = parseSpec({
    ...rest,
    statistics,
    replicates: blockSize(given.replicates),
    // Else half the variance, which is measured here.
    ...(criteria.length > 0 && { criteria }),
  });
  const known = new Map<string, number>();
  const specs: Spec[] = [];
  const trials: Trial[] = [];
  const omissions: Omission[] = [];
  for (const budget of budgets) {
    for (const mitigation of [NOTHING, ...MITIGATIONS]) {
      const spec = setUp(mitigation, { base, truth, budget });
      if (typeof spec === 'string') {
        omissions.push({ mitigation, budget, reason: spec });
        continue;
      }
      const text = JSON.stringify(spec);
      if (!known.has(text)) known.set(text, specs.push(spec) - 1);
      const spent = humanPoints(spec)!;
      trials.push({ mitigation, budget, spent, place: known.get(text)! });
    }
  }
  return { base, truth, budgets, specs, trials, omissions };
}

/** What the spec forbids is a reason to leave a mitigation out. */
function setUp(
  { setUp: made }: Mitigation,
  purse: Parameters<Mitigation['setUp']>[0],
): Spec | string {
  const spec = made(purse);
  if (typeof spec === 'string') return spec;
  try {
    return parseSpec(spec);
  } catch (error) {
    if (error instanceof SpecError) return error.problems[0]!.message;
    throw error;
  }
}

function measured(spec: Spec, truth: Truth, statistic: StatisticName): StatisticName[] {
  const wide = isWide(truthDim(spec.truth));
  const modes = truth.mixture.weights.length > 1;
  const names = [
    statistic,
    ...TOLD_BY,
    ...(truth.dim > 1 ? TOLD_BY_SHAPE : []),
    ...(wide ? [] : TOLD_BY_POINTS),
    ...(wide || !modes ? [] : TOLD_BY_MODES),
  ];
  return [...new Set(names)];
}

function baseProblems({ batch }: Spec): Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, remedy: string) =>
    problems.push({ field, message: 'Mitigations are tried on a spec without any.', remedy });
  if (batch.realFraction !== 0) refuse('batch.realFraction', 'Set it to 0.');
  if (batch.web !== null) refuse('batch.web', 'Leave it out.');
  if (batch.coreset !== null) refuse('batch.coreset', 'Leave it out.');
  if (batch.protectedModes.length > 0) refuse('batch.protectedModes', 'Leave it out.');
  if (batch.qualityFilter !== 0) {
    problems.push({
      field: 'batch.qualityFilter',
      message: 'How many human points it turns away is a matter of chance that has no price.',
      remedy: 'Set it to 0.',
    });
  }
  return problems;
}

function budgetProblem(budget: number, { sampleSize, generations }: Spec): Problem[] {
  if (generations < 3) {
    const message = 'There is one later batch at most to spend human points on.';
    return [{ field: 'generations', message, remedy: 'Raise it to 3 or more.' }];
  }
  if (budget >= sampleSize) return [];
  const message = `The first generation alone takes ${sampleSize} human points, and there are ${budget}.`;
  return [{ field: '--budget', message, remedy: `Give ${sampleSize} or more.` }];
}

export const planTrials = ({ specs }: Trials, engine: Engine, data: DataSet | null): Plan =>
  planCells(blockCells(specs), engine.limits, { data });

/** What was run: results have the blocks of each spec beside each other. */
export interface TrialRun extends Trials {
  readonly results: Results;
}

/** `results.complete` is false where the signal has ended it. */
export const runTrials = async (
  trials: Trials,
  plan: Plan,
  engine: Engine,
  options: RunOptions = {},
): Promise<TrialRun> => ({ ...trials, results: await runExperiment(plan, engine, options) });
