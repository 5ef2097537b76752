/**
 * The share of lineages that have not yet met a criterion of collapse, exactly, where their variance
 * is a product of χ²: one Gaussian from its own samples, on a line or round.
 */
import { isScheduled, specAt, type Criterion, type Spec } from '../../spec/schema.ts';
import type { Truth } from '../truth.ts';
import { stayingShares, type LogStep, type Passage } from './first-passage.ts';
import { settingOf, type Setting } from './law.ts';
import { isPooled } from './pool-laws.ts';
import { traceOf } from './second-moments.ts';
import { isIsotropic } from './wishart.ts';

export interface SurvivalLaw {
  readonly name: string;
  readonly formula: string;
  readonly source: string;
  /** [generation], from 0. */
  readonly shares: Float64Array;
}

/** Null where the law is not known, or would take long. `spec` is one cell's. */
export function survivalLaw(spec: Spec, truth: Truth, criterion: Criterion): SurvivalLaw | null {
  if (isPooled(spec) || isScheduled(spec)) return null;
  const setting = settingOf(specAt(spec, 1), truth);
  const step = stepOf(setting);
  const level = levelOf(criterion, truth);
  if (!step || level === null) return null;
  const later = { ...step, shift: step.shift + Math.log(setting.bias) };
  const walk = { later, level, above: criterion.above !== undefined };
  const shares =
    criterion.relativeTo === 'first'
      ? sinceFirst(walk, spec.generations)
      : stayingShares({ ...walk, first: step, steps: spec.generations });
  if (!shares) return null;
  return {
    name: 'share not yet collapsed',
    formula: 'S_t = P(ln v_u on the near side of its level for every u = 1 … t), by renewal',
    source: 'Products of χ², convolved with an absorbing level',
    shares,
  };
}

/** Against its own first value a lineage sets out at generation 1, from 0. */
function sinceFirst(walk: Omit<Passage, 'first' | 'steps'>, generations: number) {
  const { later, level, above } = walk;
  const inside = above ? level >= 0 : level <= 0;
  if (!inside) return Float64Array.from({ length: generations + 1 }, (_, t) => (t === 0 ? 1 : 0));
  const shares = stayingShares({ ...walk, first: later, steps: generations - 1 });
  return shares && Float64Array.of(1, ...shares);
}

/** What ln v changes by in a generation; null where v is no single χ². */
function stepOf({ pure, n, dim, form, bessel, truth }: Setting): LogStep | null {
  const round = form === 'spherical' && isIsotropic(truth.covariance, dim);
  if (!pure || n < 2 || (dim > 1 && !round)) return null;
  return { degrees: dim * (n - 1), shift: Math.log(bessel / (dim * n)) };
}

/** Of ln(v/σ₀²), or of its change since generation 1; null where a criterion is of something else. */
function levelOf({ statistic, above, below, relativeTo }: Criterion, truth: Truth): number | null {
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
