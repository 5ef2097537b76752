/** The life of one lineage in numbers: its models at chosen generations, measured in f64. */
import type { FramedModel } from '../model/frame.ts';
import { packedIndex } from '../model/mixture.ts';
import { cellRules } from '../model/rules.ts';
import { totalMoments } from '../model/statistics/moments.ts';
import { observe } from '../model/statistics/observe.ts';
import { statisticTables, truthValues } from '../model/statistics/tables.ts';
import type { Cell } from '../plan/plan.ts';
import { trainingPoints } from '../plan/work.ts';
import { isWide } from '../spec/schema.ts';
import type { StatisticName } from '../spec/statistics.ts';

export interface LifeRow {
  /** 0 is the truth. */
  readonly generation: number;
  /** Points that the model was fitted to; 0 of the truth. */
  readonly points: number;
  /** Of the whole model along each axis, in the truth's own units. */
  readonly mean: readonly number[];
  /** √(tr Σ/d) of the whole model, in the truth's own units. */
  readonly sd: number;
  /** In the order of the names asked for; NaN where there is no number. */
  readonly values: Float64Array;
}

/**
 * Rows for the truth and each of `generations`, ascending from 1.
 * @param models Every generation of the lineage, as `Engine.trace` gives them.
 */
export function lifeOf(
  { spec, truth, word }: Cell,
  models: readonly FramedModel[],
  lineage: number,
  generations: readonly number[],
  names: readonly StatisticName[],
): LifeRow[] {
  const tables = statisticTables(truth, spec.nodes, names, spec.stages);
  const { key } = cellRules(spec, truth, word);
  const origin: LifeRow = {
    generation: 0,
    points: 0,
    mean: truth.mean,
    sd: Math.sqrt(traceOf(truth.covariance, truth.dim) / truth.dim),
    values: truthValues(names, truth, tables),
  };
  const rows = generations.map((generation) => {
    const model = models[generation - 1]!;
    const parent = models[generation - 2] ?? null;
    const { mean, factor, exponent } = totalMoments(model);
    const unit = 2 ** truth.log2Unit;
    const squares = factor.reduce((sum, entry) => sum + entry * entry, 0);
    return {
      generation,
      points: trainingPoints(spec, generation),
      mean: Array.from(mean, (x, a) => truth.mean[a]! + unit * x),
      sd: unit * 2 ** exponent * Math.sqrt(squares / truth.dim),
      values: observe(names, model, tables, { key, lineage, generation }, parent),
    };
  });
  return [origin, ...rows];
}

/** Of a packed symmetric matrix, row by row. */
function traceOf(packed: readonly number[], dim: number): number {
  let trace = 0;
  for (let a = 0; a < dim; a++) trace += packed[packedIndex(a, a)]!;
  return trace;
}

const NO_VALUE = '–';
/** Digits that are shown: beyond, engines in f32 and f64 part. */
const DIGITS = 3;

const shown = (value: number): string => {
  if (Number.isNaN(value)) return NO_VALUE;
  const rounded = Number(value.toPrecision(DIGITS));
  return Math.abs(rounded) >= 1e6 || (rounded !== 0 && Math.abs(rounded) < 1e-4)
    ? rounded.toExponential()
    : `${rounded}`;
};

/** A table in Markdown, its columns in line. */
export function lifeTable(rows: readonly LifeRow[], names: readonly StatisticName[]): string {
  const { length: dim } = rows[0]!.mean;
  // A hundred columns of means are no table.
  const shownDims = isWide(dim) ? 0 : dim;
  const means = dim === 1 ? ['mean'] : Array.from({ length: shownDims }, (_, a) => `mean ${a + 1}`);
  const head = ['generation', 'points', ...means, 'sd', ...names];
  const body = rows.map(({ generation, points, mean, sd, values }) => [
    `${generation}`,
    points === 0 ? NO_VALUE : `${points}`,
    ...[...mean.slice(0, shownDims), sd, ...values].map(shown),
  ]);
  const widths = head.map((text, c) => Math.max(text.length, ...body.map((row) => row[c]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, c) => text.padStart(widths[c]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => `${'-'.repeat(width + 1)}:`).join('|')}|`;
  return `${[line(head), rule, ...body.map(line)].join('\n')}\n`;
}
