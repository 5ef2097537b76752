/**
 * Holds an engine against the exact laws: each case is run with its fixed seed, every mean that may be
 * tested is compared with its law by the standard error that theory gives, or else the sample's, and
 * the squares of independent ones are added up.
 */
import type { Engine } from '../../engine/engine.ts';
import { logChiSquares } from '../../model/theory/log-chi-square.ts';
import { survivalLaw } from '../../model/theory/survival-law.ts';
import { planRun } from '../../plan/plan-run.ts';
import type { Plan } from '../../plan/plan.ts';
import { parseSpec, type Spec } from '../../spec/schema.ts';
import { lawAt, lawLabel, summaryAt, type Results } from '../results.ts';
import { runExperiment } from '../run.ts';
import { survivalOf } from '../survival.ts';
import { FULL_FACTOR, type ValidationCase } from './cases.ts';

/** Two-sided: a right engine fails one check in 16 000. */
export const Z_LIMIT = 4;
const FALSE_ALARM = 6.334e-5;
/** Below this the sum of squares is called too large. */
const LEAST_P = 1e-4;
const FIRST_SEED = 2026;
/** What f32 makes of a number to which each generation adds as much as it was: its share. */
const ROUNDING = 2 ** -22;

export interface Check {
  readonly law: string;
  /** The axes of the cell: `sampleSize = 10`; empty without any. */
  readonly setting: string;
  /** What is measured, and how it is summed up: `varianceRatio, mean`. */
  readonly quantity: string;
  readonly formula: string;
  readonly source: string;
  readonly generation: number;
  readonly lineages: number;
  readonly expected: number;
  readonly found: number;
  readonly se: number;
  /** Where the standard error is from; `rounding` where chance has no part. */
  readonly seFrom: 'theory' | 'sample' | 'rounding';
  readonly z: number;
  readonly passed: boolean;
  /** One of each cell, whose squares may be added up: other checks are of the same lineages. */
  readonly independent: boolean;
}

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
    checks.push(...plan.cells.flatMap((_, cell) => checksOf(one, plan, results, cell)));
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

function checksOf(one: ValidationCase, plan: Plan, results: Results, cell: number): Check[] {
  const found = [
    ...survivalChecks(one, plan, results, cell),
    ...plan.statistics.flatMap((_, s) => meanChecks(one, plan, results, cell, s)),
  ];
  // The last generation of the first quantity, with chance in it.
  const last = found.findLast(
    ({ quantity, seFrom }) => quantity === found[0]!.quantity && seFrom !== 'rounding',
  );
  return found.map((check) => ({ ...check, independent: check === last }));
}

const settingOf = (plan: Plan, cell: number): string =>
  plan.axes.map((axis, a) => `${axis} = ${plan.cells[cell]!.values[a]!}`).join(', ');

function meanChecks(
  one: ValidationCase,
  plan: Plan,
  results: Results,
  cell: number,
  s: number,
): Check[] {
  const label = lawLabel(results, cell, s);
  if (!label) return [];
  const { sampleSize } = plan.cells[cell]!.spec;
  return one.generations.flatMap((generation) => {
    if (generation > label.testableUntil) return [];
    const known = lawAt(results, cell, generation, s, 'se');
    // A sample's own error can be trusted where the population is near normal.
    const bounded = label.testableUntil === Infinity || 10 * generation <= sampleSize;
    if (Number.isNaN(known) && !bounded) return [];
    const field = (name: 'mean' | 'se' | 'count') => summaryAt(results, cell, generation, s, name);
    const expected = lawAt(results, cell, generation, s);
    const chance = Number.isNaN(known) ? field('se') : known;
    const rounding = ROUNDING * generation ** 2 * Math.abs(expected);
    const seFrom = chance <= rounding ? 'rounding' : Number.isNaN(known) ? 'sample' : 'theory';
    const se = Math.hypot(chance, rounding);
    const { name: law, source, formula } = { ...label, name: one.name };
    const quantity = `${plan.statistics[s]!}, mean`;
    const numbers = { generation, lineages: field('count'), expected, found: field('mean'), se };
    const setting = settingOf(plan, cell);
    return [checkOf({ law, source, formula, quantity, setting, seFrom, ...numbers })];
  });
}

function survivalChecks(one: ValidationCase, plan: Plan, results: Results, cell: number): Check[] {
  const { spec, truth } = plan.cells[cell]!;
  const [criterion] = spec.criteria;
  // Specs have one by default: it is asked about where a case is about it.
  if (!criterion || one.spec['criteria'] === undefined) return [];
  const law = survivalLaw(spec, truth, criterion);
  const shares = one.survival ?? law?.shares;
  if (!shares) return [];
  const { survival } = survivalOf(results, cell, 0);
  return one.generations.map((generation) => {
    const expected = shares[generation]!;
    const lineages = spec.replicates;
    return checkOf({
      law: one.name,
      formula: law?.formula ?? 'The chain of counts, generation by generation',
      source: law?.source ?? 'Wright 1931, Fisher 1930',
      quantity: `${criterion.name}, survival`,
      setting: settingOf(plan, cell),
      ...{ generation, lineages, expected, found: survival[generation]! },
      se: Math.sqrt((expected * (1 - expected)) / lineages),
      seFrom: 'theory',
    });
  });
}

function checkOf(numbers: Omit<Check, 'z' | 'passed' | 'independent'>): Check {
  const { found, expected, se } = numbers;
  const off = found - expected;
  const z = off === 0 ? 0 : off / se;
  // A missing number never passes.
  return { ...numbers, z, passed: Math.abs(z) <= Z_LIMIT, independent: false };
}

function chiSquareOf(checks: readonly Check[]): Validation['chiSquare'] {
  const sum = checks.reduce((total, { z }) => total + z * z, 0);
  const degrees = checks.length;
  if (degrees === 0) return { sum, degrees, p: 1 };
  const law = logChiSquares({ shift: 0, terms: [{ degrees, times: 1 }] });
  return { sum, degrees, p: Number.isNaN(sum) ? 0 : 1 - law.cdf(Math.log(sum)) };
}
