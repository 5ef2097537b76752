/**
 * Holds an engine against the exact laws: each case is run with its fixed seed, every number that may
 * be tested is compared with its law by the standard error that theory gives, or else the sample's, and
 * the squares of independent ones are added up.
 */
import type { Engine } from '../../engine/engine.ts';
import { logChiSquares } from '../../model/theory/log-chi-square.ts';
import { planRun } from '../../plan/plan-run.ts';
import { parseSpec, type Spec } from '../../spec/schema.ts';
import { runExperiment } from '../run.ts';
import { lineagesAt, type ValidationCase, type ValidationSize } from './case.ts';
import { checksOf, type Check } from './checks.ts';
import { falseAlarmOf, LEAST_P, type FalseAlarm } from './false-alarm.ts';
import { modelChecks } from './models.ts';

export type { ValidationSize } from './case.ts';
export type { Check } from './checks.ts';

const FIRST_SEED = 2026;

export interface Validation {
  readonly engine: string;
  readonly adapter: string;
  readonly size: ValidationSize;
  readonly checks: readonly Check[];
  readonly failed: number;
  readonly falseAlarm: FalseAlarm;
  /** Of the independent checks: Σ z², and the chance of more. */
  readonly chiSquare: { readonly sum: number; readonly degrees: number; readonly p: number };
  readonly passed: boolean;
  /** False where it was interrupted. */
  readonly complete: boolean;
  readonly seconds: number;
}

export interface ValidationOptions {
  readonly size: ValidationSize;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly onCase?: (name: string, number: number, count: number) => void;
  /** After each case but the last, what is there so far: not complete, and so not passed. */
  readonly onSoFar?: (validation: Validation) => void;
}

/** Throws what the engine throws; where `signal` aborts, the checks so far are there. */
export async function validate(
  engine: Engine,
  cases: readonly ValidationCase[],
  options: ValidationOptions,
): Promise<Validation> {
  const { size, now = () => performance.now(), onCase, onSoFar } = options;
  const signal = options.signal ?? new AbortController().signal;
  const began = now();
  const checks: Check[] = [];
  const report = (complete: boolean) =>
    summarise(engine, size, { checks: [...checks], complete, seconds: (now() - began) / 1000 });
  for (const [i, one] of cases.entries()) {
    onCase?.(one.name, i, cases.length);
    const found = await caseChecks(engine, one, { size, number: i, signal });
    if (!found) return report(false);
    checks.push(...found);
    if (i < cases.length - 1) onSoFar?.(report(false));
  }
  return report(true);
}

interface Turn {
  readonly size: ValidationSize;
  /** Of the case among all. */
  readonly number: number;
  readonly signal: AbortSignal;
}

/** Null where it was interrupted. */
async function caseChecks(
  engine: Engine,
  one: ValidationCase,
  { size, number, signal }: Turn,
): Promise<Check[] | null> {
  const plan = planRun(validationSpec(one, number, size), engine.limits);
  const results = await runExperiment(plan, engine, { signal });
  if (!results.complete) return null;
  const checks: Check[] = [];
  const lineages = lineagesAt(size, one.models?.lineages ?? 0);
  for (let cell = 0; cell < plan.cells.length; cell++) {
    const at = { of: one, plan, results, cell };
    checks.push(...checksOf(at));
    try {
      checks.push(...(await modelChecks(at, engine, lineages, signal)));
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }
  return checks;
}

/** What is run of a case, whose place among all is its seed. */
export function validationSpec(one: ValidationCase, number: number, size: ValidationSize): Spec {
  const replicates = lineagesAt(size, one.replicates);
  const seed = FIRST_SEED + number;
  return parseSpec({ ...one.spec, seed, replicates, pairing: 'independent' });
}

function summarise(
  engine: Engine,
  size: ValidationSize,
  so: Pick<Validation, 'checks' | 'complete' | 'seconds'>,
): Validation {
  const { checks, complete } = so;
  const failed = checks.filter(({ passed }) => !passed).length;
  const chiSquare = chiSquareOf(checks.filter(({ independent }) => independent));
  return {
    engine: engine.name,
    adapter: engine.adapter.description,
    size,
    ...so,
    failed,
    falseAlarm: falseAlarmOf(checks),
    chiSquare,
    passed: complete && failed === 0 && chiSquare.p >= LEAST_P,
  };
}

function chiSquareOf(checks: readonly Check[]): Validation['chiSquare'] {
  const sum = checks.reduce((total, { z }) => total + z * z, 0);
  const degrees = checks.length;
  if (degrees === 0) return { sum, degrees, p: 1 };
  const law = logChiSquares({ shift: 0, terms: [{ degrees, times: 1 }] });
  return { sum, degrees, p: Number.isNaN(sum) ? 0 : 1 - law.cdf(Math.log(sum)) };
}
