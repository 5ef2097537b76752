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
import { FULL_FACTOR, type ValidationCase } from './case.ts';
import { checksOf, type Check } from './checks.ts';

export type { Check } from './checks.ts';

/** P(|z| > 4). */
const FALSE_ALARM = 6.334e-5;
/** Below this the sum of squares is called too large. */
const LEAST_P = 1e-4;
const FIRST_SEED = 2026;

export interface Validation {
  readonly engine: string;
  readonly adapter: string;
  readonly size: ValidationSize;
  readonly checks: readonly Check[];
  readonly failed: number;
  /** The chance that a right engine fails any of so many checks, were they independent. */
  readonly falseAlarm: number;
  /** Of the independent checks: Σ z², and the chance of more. */
  readonly chiSquare: { readonly sum: number; readonly degrees: number; readonly p: number };
  readonly passed: boolean;
  /** False where it was interrupted. */
  readonly complete: boolean;
  readonly seconds: number;
}

export type ValidationSize = 'quick' | 'full';

export interface ValidationOptions {
  readonly size: ValidationSize;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly onCase?: (name: string, number: number, count: number) => void;
}

/** Throws what the engine throws; where `signal` aborts, the checks so far are there. */
export async function validate(
  engine: Engine,
  cases: readonly ValidationCase[],
  { size, signal, now = () => performance.now(), onCase }: ValidationOptions,
): Promise<Validation> {
  const began = now();
  const checks: Check[] = [];
  let complete = true;
  for (const [i, one] of cases.entries()) {
    onCase?.(one.name, i, cases.length);
    const plan = planRun(specOf(one, i, size), engine.limits);
    const results = await runExperiment(plan, engine, signal ? { signal } : {});
    if (!results.complete) {
      complete = false;
      break;
    }
    checks.push(...plan.cells.flatMap((_, cell) => checksOf({ of: one, plan, results, cell })));
  }
  const failed = checks.filter(({ passed }) => !passed).length;
  const chiSquare = chiSquareOf(checks.filter(({ independent }) => independent));
  return {
    engine: engine.name,
    adapter: engine.adapter.description,
    size,
    checks,
    failed,
    falseAlarm: 1 - (1 - FALSE_ALARM) ** checks.length,
    chiSquare,
    passed: complete && failed === 0 && chiSquare.p >= LEAST_P,
    complete,
    seconds: (now() - began) / 1000,
  };
}

function specOf(one: ValidationCase, number: number, size: ValidationSize): Spec {
  const replicates = one.replicates * (size === 'full' ? FULL_FACTOR : 1);
  const seed = FIRST_SEED + number;
  return parseSpec({ ...one.spec, seed, replicates, pairing: 'independent' });
}

function chiSquareOf(checks: readonly Check[]): Validation['chiSquare'] {
  const sum = checks.reduce((total, { z }) => total + z * z, 0);
  const degrees = checks.length;
  if (degrees === 0) return { sum, degrees, p: 1 };
  const law = logChiSquares({ shift: 0, terms: [{ degrees, times: 1 }] });
  return { sum, degrees, p: Number.isNaN(sum) ? 0 : 1 - law.cdf(Math.log(sum)) };
}
