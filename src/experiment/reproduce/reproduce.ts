/**
 * Runs the figures and holds them against what was published and what is exact. The same figure of the
 * same version gives the same numbers on the same build and machine, seeds being fixed.
 */
import type { Engine } from '../../engine/engine.ts';
import { logChiSquares } from '../../model/theory/log-chi-square.ts';
import type { Plan } from '../../plan/plan.ts';
import { planRun } from '../../plan/plan-run.ts';
import { minimalSpec, parseSpec, type Spec } from '../../spec/schema.ts';
import type { Machine } from '../bench/report.ts';
import type { Progress } from '../progress.ts';
import type { Results } from '../results.ts';
import { runExperiment } from '../run.ts';
import { checksOf, settingOf, Z_LIMIT } from '../validate/checks.ts';
import { LEAST_P } from '../validate/false-alarm.ts';
import { readerOf } from '../validate/stated.ts';
import type { Figure, Part, Row } from './figure.ts';
import { rowOfCheck } from './rows.ts';

export type ReproductionSize = 'quick' | 'published';

/** One run, as it can be given to `genloss run` again. */
export interface PartReport {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly cells: number;
  readonly lineages: number;
  readonly lineageGenerations: number;
  readonly seconds: number;
}

export interface FigureReport {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly about: string;
  readonly size: ReproductionSize;
  readonly parts: readonly PartReport[];
  readonly rows: readonly Row[];
  readonly conclusions: readonly string[];
  /** Of one row of each cell: Σ z², and the chance of more; null without any. */
  readonly chiSquare: { readonly sum: number; readonly degrees: number; readonly p: number } | null;
  readonly genloss: string;
  readonly date: string;
  readonly engine: string;
  readonly adapter: string;
  readonly machine: Machine;
}

export interface ReproduceOptions {
  readonly size: ReproductionSize;
  readonly about: Pick<FigureReport, 'genloss' | 'date' | 'machine'>;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly onProgress?: (progress: Progress) => void;
}

/** Null where `signal` aborts: half a figure is none. Throws what the engine throws. */
export async function reproduceFigure(
  figure: Figure,
  engine: Engine,
  options: ReproduceOptions,
): Promise<FigureReport | null> {
  const parts: PartReport[] = [];
  const rows: Row[] = [];
  for (const [index, part] of figure.parts.entries()) {
    const done = await runPart(part, index, engine, options);
    if (!done) return null;
    parts.push(done.report);
    rows.push(...done.rows);
  }
  const { name, title, citation, about } = figure;
  return {
    ...{ name, title, citation, about, size: options.size, parts, rows },
    conclusions: figure.conclude?.(rows) ?? [],
    chiSquare: chiSquareOf(rows.filter(({ independent }) => independent)),
    ...options.about,
    engine: engine.name,
    adapter: engine.adapter.description,
  };
}

async function runPart(part: Part, index: number, engine: Engine, options: ReproduceOptions) {
  const { signal, onProgress, now = () => performance.now() } = options;
  const spec = specOf(part, index, options.size);
  const plan = planRun(spec, engine.limits);
  const began = now();
  const results = await runExperiment(plan, engine, {
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  if (!results.complete) return null;
  const seconds = (now() - began) / 1000;
  const report: PartReport = {
    spec: minimalSpec(spec),
    cells: plan.cells.length,
    lineages: plan.lineageCount,
    lineageGenerations: plan.lineageGenerations,
    seconds,
  };
  return { report, rows: rowsOf(part, plan, results) };
}

/** What a run that is complete comes to. */
export function rowsOf(part: Part, plan: Plan, results: Results): Row[] {
  const generations = part.generations.filter((t) => t <= results.generations);
  const of = { ...part, name: '', generations };
  return plan.cells.flatMap((_, cell): Row[] => {
    const at = { of, plan, results, cell };
    const read = readerOf(results, cell, plan.cells[cell]!.spec);
    const view = { results, cell, setting: settingOf(at), read };
    const rows = [...checksOf(at).map(rowOfCheck), ...(part.rows?.(view) ?? [])];
    if (part.label === undefined) return rows;
    return rows.map((row) => ({ ...row, setting: joined(part.label!, row.setting) }));
  });
}

const joined = (label: string, setting: string): string =>
  setting === '' ? label : `${label}, ${setting}`;

/** What `genloss run` would be given. */
export function specOf(part: Part, index: number, size: ReproductionSize): Spec {
  const quick = size === 'quick';
  return parseSpec({
    ...part.spec,
    ...(quick && part.quick),
    seed: index + 1,
    ...(part.spec['sweep'] !== undefined && { pairing: 'independent' }),
    replicates: quick ? part.quickReplicates : part.replicates,
  });
}

export function chiSquareOf(rows: readonly Row[]): FigureReport['chiSquare'] {
  const degrees = rows.length;
  if (degrees === 0) return null;
  const sum = rows.reduce((total, { z }) => total + (z ?? NaN) ** 2, 0);
  const law = logChiSquares({ shift: 0, terms: [{ degrees, times: 1 }] });
  return { sum, degrees, p: Number.isNaN(sum) ? 0 : 1 - law.cdf(Math.log(sum)) };
}

/** Rows that do not agree, a missing z without a statement among them. */
export const disagreements = ({ rows }: Pick<FigureReport, 'rows'>): readonly Row[] =>
  rows.filter(({ z, statement }) => (z === null ? statement === '' : !(Math.abs(z) <= Z_LIMIT)));

/** Whether all rows together are further out than chance makes them, though each may agree. */
export const isTooFar = ({ chiSquare }: Pick<FigureReport, 'chiSquare'>): boolean =>
  chiSquare !== null && !(chiSquare.p >= LEAST_P);

/** Every row by itself, and all together. */
export const agrees = (report: Pick<FigureReport, 'rows' | 'chiSquare'>): boolean =>
  disagreements(report).length === 0 && !isTooFar(report);
