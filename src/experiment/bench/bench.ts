/**
 * The bench from end to end: cases, then curves, then the targets held against them. Everything of
 * the host (engines, clock, machine) is handed in, so that page, command line and tests share it.
 */
import type { BenchCase } from './cases.ts';
import type { Contender } from './contender.ts';
import { runCurve, type Curve, type CurveReport } from './curves.ts';
import type { BenchReport, ContenderLine } from './report.ts';
import { runCase, type Absence, type CaseReport, type RunnerOptions } from './runner.ts';
import { targetRows } from './targets.ts';

export interface BenchOptions extends RunnerOptions {
  readonly contenders: readonly Contender[];
  readonly missing: readonly Absence[];
  readonly cases: readonly BenchCase[];
  readonly curves: readonly Curve[];
  readonly about: Pick<BenchReport, 'genloss' | 'date' | 'command' | 'machine'>;
  /** After each case: the report so far. */
  readonly onReport?: (report: BenchReport) => void;
}

/** Resolves with what is there, and `complete` false, once the signal aborts. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { contenders, signal, onReport } = options;
  const cases: CaseReport[] = [];
  const curves: CurveReport[] = [];
  const curvesAbsent: Absence[] = [];
  const soFar = (complete: boolean) => reportOf(options, cases, curves, curvesAbsent, complete);
  // Peers do one job only, and slow engines would take most of the time.
  const enginesOf = (curve: Curve) =>
    contenders.filter(({ kind, slow }) => kind === 'engine' && (curve.slow || !slow));
  try {
    for (const benchCase of options.cases) {
      cases.push(await runCase(benchCase, contenders, options));
      onReport?.(soFar(false));
    }
    for (const curve of options.curves) {
      const { reports, absent } = await runCurve(curve, enginesOf(curve), options);
      curves.push(...reports);
      curvesAbsent.push(...absent);
      onReport?.(soFar(false));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return soFar(false);
  }
  return soFar(true);
}

function reportOf(
  { about, runs, targetSeconds, contenders, missing }: BenchOptions,
  cases: readonly CaseReport[],
  curves: readonly CurveReport[],
  curvesAbsent: readonly Absence[],
  complete: boolean,
): BenchReport {
  const measured = {
    ...about,
    runs,
    targetSeconds,
    contenders: contenders.map(lineOf),
    missing,
    cases: [...cases],
    curves: [...curves],
    curvesAbsent: [...curvesAbsent],
    complete,
  };
  return { ...measured, targets: targetRows(measured) };
}

const lineOf = (contender: Contender): ContenderLine => {
  const { name, kind, engine, adapter, description, threads, build, peak } = contender;
  return { name, kind, engine, adapter, description, threads, build, peak };
};
