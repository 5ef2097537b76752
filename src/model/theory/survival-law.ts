/**
 * The share of lineages that have not yet met a criterion of collapse, exactly, where their variance
 * is a product of χ²: one Gaussian from its own samples, on a line or round.
 */
import type { Criterion, Spec } from '../../spec/schema.ts';
import type { Truth } from '../truth.ts';
import { chainSetting } from './chain.ts';
import { stayingSteps, type LogStep, type Passage } from './first-passage.ts';
import type { Setting } from './law.ts';
import { traceOf } from './second-moments.ts';
import { isIsotropic } from './wishart.ts';

export interface SurvivalText {
  readonly name: string;
  readonly formula: string;
  readonly source: string;
}

export interface SurvivalLaw extends SurvivalText {
  /** [generation], from 0. */
  readonly shares: Float64Array;
}

export interface SurvivalSteps extends SurvivalText {
  /** The same shares, each worked out when it is asked for. */
  readonly steps: Iterable<number>;
}

/** Null where the law is not known, or would take long. `spec` is one cell's. */
export function survivalLaw(spec: Spec, truth: Truth, criterion: Criterion): SurvivalLaw | null {
  const law = survivalSteps(spec, truth, criterion);
  if (!law) return null;
  const { steps, ...text } = law;
  return { ...text, shares: Float64Array.from(steps) };
}

/** As `survivalLaw`: of a long curve, for those who have to do something else in between. */
export function survivalSteps(
  spec: Spec,
  truth: Truth,
  criterion: Criterion,
): SurvivalSteps | null {
  const setting = chainSetting(spec, truth);
  if (!setting) return null;
  const step = stepOf(setting);
  const level = levelOf(criterion, truth);
  if (!step || level === null) return null;
  const later = { ...step, shift: step.shift + Math.log(setting.bias) };
  const walk = { later, level, above: criterion.above !== undefined };
  const steps =
    criterion.relativeTo === 'first'
      ? sinceFirst(walk, spec.generations)
      : stayingSteps({ ...walk, first: step, steps: spec.generations });
  if (!steps) return null;
  return {
    name: 'share not yet collapsed',
    formula: 'S_t = P(ln v_u on the near side of its level for every u = 1 … t), by renewal',
    source: 'Sums of ln χ², convolved and absorbed at the level; bounded by Suresh et al. 2024',
    steps,
  };
}

/** Against its own first value a lineage sets out at generation 1, from 0. */
function sinceFirst(walk: Omit<Passage, 'first' | 'steps'>, generations: number) {
  const { later, level, above } = walk;
  const inside = above ? level >= 0 : level <= 0;
  if (!inside) return [1, ...new Array<number>(generations).fill(0)];
  const steps = stayingSteps({ ...walk, first: later, steps: generations - 1 });
  return steps && after(1, steps);
}

function* after(first: number, rest: Iterable<number>): Generator<number, void, void> {
  yield first;
  yield* rest;
}

/** What ln v changes by in a generation; null where v is no single χ². */
function stepOf({ n, dim, form, bessel, truth }: Setting): LogStep | null {
  const round = form === 'spherical' && isIsotropic(truth.covariance, dim);
  if (dim > 1 && !round) return null;
  return { degrees: dim * (n - 1), shift: Math.log(bessel / (dim * n)) };
}

/** Of ln(v/σ₀²), or of its change since generation 1; null where a criterion is of something else. */
function levelOf(criterion: Criterion, truth: Truth): number | null {
  const { statistic, above, below, relativeTo, unless } = criterion;
  if (unless) return null;
  const bound = (above ?? below)!;
  if (statistic === 'logVarianceRatio') return bound;
  if (relativeTo === 'first') return null;
  const unit = { varianceRatio: 1, totalVariance: traceOf(truth.covariance, truth.dim) }[
    statistic as string
  ];
  if (unit === undefined) return null;
  const level = Math.log(bound / unit + (relativeTo === 'truth' ? 1 : 0));
  return Number.isFinite(level) ? level : null;
}
