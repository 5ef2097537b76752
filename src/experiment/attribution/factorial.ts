/**
 * The factorial of the causes: every combination of them as a cell, on the same random numbers, in
 * blocks of lineages.
 *
 * "No finite n" is not to be had: it is N points, and what chance does with those is looked at by a
 * second run of the same cells with N/4.
 */
import type { Engine } from '../../engine/engine.ts';
import { resolveTruth, type DataSet } from '../../model/truth.ts';
import { STATUS_NAMES } from '../../model/status.ts';
import { planCells } from '../../plan/plan-run.ts';
import { mostPoints } from '../../plan/work.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Spec } from '../../spec/schema.ts';
import { BLOCKS, blockCells, blockSize } from '../blocks.ts';
import { statusAt, type Results } from '../results.ts';
import { runExperiment, type RunOptions } from '../run.ts';
import { CAUSES, COALITIONS, hasCause, withCauses, type Absence } from './causes.ts';

const FINITE = CAUSES.findIndex(({ name }) => name === 'finite-n');

/** Without finite n a batch has so many times the points, between these bounds. */
const MANY_TIMES = 100;
const LEAST_MANY = 10_000;
const MOST_MANY = 100_000;
/** Points of the last training set, at most, where sets grow. */
const MOST_SET = 500_000;
/** Fewer points by this factor tell what chance still does with many. */
const COARSER = 4;
/** Lineages of many points scatter little: so many times fewer of them, and a vector's at least. */
const FEWER = 10;
const LEAST_LINEAGES = 4;

/** What stands in for infinitely many points. */
export function defaultManyPoints(spec: Spec): number {
  const { sampleSize } = spec;
  const wanted = Math.min(MOST_MANY, Math.max(LEAST_MANY, MANY_TIMES * sampleSize));
  const growth = mostPoints(spec) / sampleSize;
  return Math.max(sampleSize, Math.min(wanted, Math.floor(MOST_SET / growth)));
}

/** The cells of a factorial, each experiment once. */
export interface Factorial {
  /** Of the spec without sweep; what is measured is in it. */
  readonly spec: Spec;
  readonly manyPoints: number;
  /** Different specs, with lineages of a block as replicates. */
  readonly specs: readonly Spec[];
  /** [coalition]: its place in `specs`. */
  readonly places: readonly number[];
  /** The same with fewer of the many points; null where these would be no more than n. */
  readonly coarser: readonly number[] | null;
}

/**
 * Of a spec without sweep, as `planRun` gives them in its cells.
 * Throws SpecError where a cause cannot be taken away.
 */
export function factorialOf(
  given: Spec,
  data: DataSet | null,
  manyPoints = defaultManyPoints(given),
): Factorial {
  const spec = { ...given, criteria: [] };
  const truth = resolveTruth(spec.truth, data);
  const known = new Map<string, number>();
  const specs: Spec[] = [];
  const placeOf = (coalition: number, absence: Absence): number => {
    const cell = inBlock(withCauses(spec, coalition, absence), spec);
    const text = JSON.stringify(cell);
    if (!known.has(text)) known.set(text, specs.push(cell) - 1);
    return known.get(text)!;
  };
  const all = (points: number) =>
    Array.from({ length: COALITIONS }, (_, c) => placeOf(c, { truth, manyPoints: points }));
  const places = all(manyPoints);
  const fewer = Math.floor(manyPoints / COARSER);
  const coarser = fewer > spec.sampleSize ? all(fewer) : null;
  return { spec, manyPoints, specs, places, coarser };
}

/** Fewer lineages where chance has hardly any part. */
function inBlock(cell: Spec, { replicates, sampleSize }: Spec): Spec {
  const own = blockSize(replicates);
  const few = Math.min(own, Math.max(LEAST_LINEAGES, Math.ceil(own / FEWER)));
  return { ...cell, replicates: cell.sampleSize > sampleSize ? few : own };
}

export const planFactorial = (factorial: Factorial, engine: Engine, data: DataSet | null): Plan =>
  planCells(blockCells(factorial.specs), engine.limits, { data });

/** What was run: results have the blocks of each spec beside each other. */
export interface FactorialRun extends Factorial {
  readonly results: Results;
}

/** `results.complete` is false where the signal has ended it. */
export const runFactorial = async (
  factorial: Factorial,
  plan: Plan,
  engine: Engine,
  options: RunOptions = {},
): Promise<FactorialRun> => ({
  ...factorial,
  results: await runExperiment(plan, engine, options),
});

export const hasManyPoints = (coalition: number): boolean => !hasCause(coalition, FINITE);

/** Lineages of a spec with a status bit by a generation, over its blocks. */
export function statusCount(
  results: Results,
  place: number,
  generation: number,
  bit: (typeof STATUS_NAMES)[number],
): number {
  const at = STATUS_NAMES.indexOf(bit);
  return Array.from({ length: BLOCKS }, (_, block) => block).reduce(
    (sum, block) => sum + statusAt(results, place * BLOCKS + block, generation)[at]!,
    0,
  );
}
