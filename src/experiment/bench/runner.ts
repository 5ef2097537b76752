/**
 * Runs cases: first everybody's output is held together, then each contender's size is found (its
 * last run for that is the warm-up, discarded), then all are timed in turns, A B C A B C …, so that
 * a machine that slows down slows all of them.
 */
import { CapabilityError, EngineError } from '../../errors.ts';
import type { Spec } from '../../spec/schema.ts';
import { agreementOf, type Agreement, type Sample } from './agreement.ts';
import { boundOf, documentedBound, type DocumentedBound } from './bounds.ts';
import { REFERENCE_CASE, specOf, type BenchCase } from './cases.ts';
import type { Contender, Outcome } from './contender.ts';
import { expectedFactor, type Expectation } from './expected.ts';
import { medianOf, spreadOf, type Spread } from './spread.ts';

export type BenchStage = 'prepare' | 'check' | 'warm up' | 'time' | 'curve';

export interface BenchProgress {
  /** Name of the case or curve. */
  readonly name: string;
  readonly contender: string;
  readonly stage: BenchStage;
  /** Timed runs done, of so many; 0 of 0 before. */
  readonly done: number;
  readonly total: number;
}

export interface RunnerOptions {
  /** Timed runs of each contender. */
  readonly runs: number;
  /** About how long a timed run should last. */
  readonly targetSeconds: number;
  /** Whole jobs instead: the case's own replicates, for contenders that are not `slow`. */
  readonly full: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BenchProgress) => void;
}

export interface Standing {
  readonly contender: string;
  /** First contact with the case, one lineage-generation: compilation, above all. */
  readonly prepareSeconds: number;
  /** Per cell. */
  readonly replicates: number;
  readonly generations: number;
  readonly lineageGenerations: number;
  /** Of each timed run, in order. */
  readonly seconds: readonly number[];
  /** Lineage-generations a second. */
  readonly rate: Spread;
  /** From operations counted and the device's measured rate of them; null where not known. */
  readonly bound: number | null;
  /** rate.median / bound. */
  readonly share: number | null;
  /** Of the reference job on a GPU known by name. */
  readonly documented: DocumentedBound | null;
  /** What a mechanism costs; null in cases that have no plain one beside them. */
  readonly beside: Beside | null;
}

/** A case beside the same without its mechanism, timed in the same turns. */
export interface Beside {
  /** Replicates of the plain runs. */
  readonly replicates: number;
  /** Of each plain run, in order. */
  readonly seconds: readonly number[];
  /** Lineage-generations a second, plain. */
  readonly rate: Spread;
  /** Times that a lineage-generation takes: the median over turns. */
  readonly factor: number;
  readonly expected: Expectation;
  /** Whether the two are within WITHIN of each other, either way. */
  readonly explained: boolean;
}

/** What a factor may be from the one expected. */
export const WITHIN = 1.5;

export interface Absence {
  readonly contender: string;
  readonly reason: string;
}

export interface CaseReport {
  readonly name: string;
  readonly title: string;
  readonly spec: Spec;
  /** What its standings are beside; null in usual cases. */
  readonly plain: Spec | null;
  readonly agreement: Agreement;
  /** Why nothing was timed; null where it was. */
  readonly stopped: string | null;
  readonly standings: readonly Standing[];
  /** Who could not take part, and why. */
  readonly absent: readonly Absence[];
}

/** Sizes are found in at most so many runs. */
const WARM_UPS = 10;
/** From one warm-up to the next, a size grows at most so much. */
const GROWTH = 16;

/** A contender in one case, once it has shown that it can run it. */
interface Entrant {
  readonly contender: Contender;
  readonly prepareSeconds: number;
  readonly sample: Sample;
}

export async function runCase(
  benchCase: BenchCase,
  contenders: readonly Contender[],
  options: RunnerOptions,
): Promise<CaseReport> {
  const { name, title, spec, check } = benchCase;
  const { entrants, absent } = await checkIn(benchCase, contenders, options);
  const agreement = agreementOf(
    entrants.map(({ sample }) => sample),
    check.generation,
  );
  const stopped = reasonToStop(agreement, entrants.length);
  const standings = stopped === null ? await race(benchCase, entrants, options) : [];
  return { name, title, spec, plain: benchCase.plain, agreement, stopped, standings, absent };
}

function reasonToStop({ agreed, worst }: Agreement, entrants: number): string | null {
  if (entrants === 0) return 'nobody could run it';
  if (agreed) return null;
  const { contender, against, statistic, measure, z } = worst!;
  const apart = Number.isNaN(z)
    ? 'cannot be compared'
    : `are ${z.toFixed(1)} standard errors apart`;
  return `${contender} and ${against} ${apart} in the ${measure} of ${statistic}`;
}

/** Everybody's first contact and their run to compare. */
async function checkIn(
  benchCase: BenchCase,
  contenders: readonly Contender[],
  options: RunnerOptions,
): Promise<{ entrants: Entrant[]; absent: Absence[] }> {
  const { check, name } = benchCase;
  const entrants: Entrant[] = [];
  const absent: Absence[] = [];
  for (const [index, contender] of contenders.entries()) {
    if (!contender.takes(benchCase.spec)) continue;
    const report = (stage: BenchStage) =>
      options.onProgress({ name, contender: contender.name, stage, done: 0, total: 0 });
    // A seed for each, so that agreement is that of independent samples.
    const seed = 1 + index;
    try {
      report('prepare');
      const first = await contender.run(specOf(benchCase, 1, 1, seed), options.signal);
      report('check');
      const spec = specOf(benchCase, check.replicates, check.generation, seed);
      const { last } = await contender.run(spec, options.signal);
      const sample = { contender: contender.name, last };
      entrants.push({ contender, prepareSeconds: first.seconds, sample });
    } catch (error) {
      absent.push({ contender: contender.name, reason: reasonOf(error) });
    }
  }
  return { entrants, absent };
}

/** What a contender may fail with and the others go on; anything else is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof CapabilityError || error instanceof EngineError) return error.message;
  throw error;
}

async function race(
  benchCase: BenchCase,
  entrants: readonly Entrant[],
  options: RunnerOptions,
): Promise<Standing[]> {
  const { spec, name } = benchCase;
  const { runs, signal } = options;
  const specs: Spec[] = [];
  const plains: Spec[] = [];
  const sized = async (contender: Contender, of: Spec) => {
    const size = (replicates: number) => specOf({ spec: of }, replicates, spec.generations, 1);
    return size(await findSize(contender, size, benchCase.fullReplicates, options));
  };
  for (const { contender } of entrants) {
    options.onProgress({ name, contender: contender.name, stage: 'warm up', done: 0, total: runs });
    if (benchCase.plain) plains.push(await sized(contender, benchCase.plain));
    specs.push(await sized(contender, spec));
  }
  const outcomes: Outcome[][] = entrants.map(() => []);
  const beside: Outcome[][] = entrants.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, { contender }] of entrants.entries()) {
      options.onProgress({
        name,
        contender: contender.name,
        stage: 'time',
        done: run,
        total: runs,
      });
      if (plains[i]) beside[i]!.push(await contender.run(plains[i], signal));
      outcomes[i]!.push(await contender.run(specs[i]!, signal));
    }
  }
  return entrants.map((entrant, i) => ({
    ...standingOf(entrant, specs[i]!, outcomes[i]!, name === REFERENCE_CASE),
    beside: plains[i]
      ? besideOf(entrant.contender, plains[i], specs[i]!, beside[i]!, outcomes[i]!)
      : null,
  }));
}

const rateOf = ({ lineageGenerations, seconds }: Outcome): number => lineageGenerations / seconds;

function besideOf(
  contender: Contender,
  plain: Spec,
  spec: Spec,
  beside: readonly Outcome[],
  outcomes: readonly Outcome[],
): Beside {
  const expected = expectedFactor(plain, spec, contender);
  // Neighbours in time are compared: a machine that slows down slows both.
  const factor = medianOf(beside.map((each, run) => rateOf(each) / rateOf(outcomes[run]!)));
  const apart = Math.max(factor / expected.factor, expected.factor / factor);
  return {
    replicates: plain.replicates,
    seconds: beside.map(({ seconds }) => seconds),
    rate: spreadOf(beside.map(rateOf)),
    factor,
    expected,
    explained: apart <= WITHIN,
  };
}

/**
 * Replicates that take about the time wanted, warm: grown from run to run. The last of these runs
 * was of that size, or near it, and is the warm-up.
 */
export async function findSize(
  contender: Contender,
  size: (replicates: number) => Spec,
  most: number,
  { targetSeconds, full, signal }: Pick<RunnerOptions, 'targetSeconds' | 'full' | 'signal'>,
): Promise<number> {
  if (full && !contender.slow) {
    await contender.run(size(most), signal);
    return most;
  }
  let replicates = Math.min(contender.grain, most);
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) {
    const { seconds } = await contender.run(size(replicates), signal);
    const factor = Math.min(targetSeconds / Math.max(seconds, 1e-6), GROWTH);
    const wanted = wholeGrains(replicates * factor, contender.grain, most);
    const near = wanted < 1.5 * replicates && replicates < 2 * wanted;
    // A first run may have been slow only because it was the first.
    if (near && warmUp > 0) break;
    replicates = near ? replicates : wanted;
  }
  return replicates;
}

/** A whole number of grains, at least one of them where the limit allows. */
const wholeGrains = (replicates: number, grain: number, most: number): number =>
  Math.min(most, Math.max(1, Math.round(replicates / grain)) * grain);

function standingOf(
  { contender, prepareSeconds }: Entrant,
  spec: Spec,
  outcomes: readonly Outcome[],
  isReference: boolean,
): Omit<Standing, 'beside'> {
  const rate = spreadOf(outcomes.map(rateOf));
  const ops = contender.ops(spec);
  const bound = ops !== null && contender.peak ? boundOf(contender.peak.opsPerSecond, ops) : null;
  const { adapter } = contender;
  return {
    contender: contender.name,
    prepareSeconds,
    replicates: spec.replicates,
    generations: spec.generations,
    lineageGenerations: outcomes[0]!.lineageGenerations,
    seconds: outcomes.map(({ seconds }) => seconds),
    rate,
    bound,
    share: bound === null ? null : rate.median / bound,
    documented: isReference && adapter ? documentedBound(adapter.description) : null,
  };
}
