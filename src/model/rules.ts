/**
 * What one cell asks of every lineage, resolved from its spec and truth into the numbers and
 * choices that engines compute with. The WebGPU engine packs the same record (structs.ts).
 */
import { resolveClosedForm, type Spec } from '../spec/schema.ts';
import type { FramedModel } from './frame.ts';
import { frameMixture } from './gmm/model.ts';
import { randomKey, type RandomKey } from './rng/coordinates.ts';
import type { Truth } from './truth.ts';

/** How an EM fit starts at a given generation. */
export type Start = 'parent' | 'truth' | 'kmeans';

export interface Rules {
  readonly dim: number;
  readonly components: number;
  readonly covariance: Spec['fit']['covariance'];
  readonly init: Spec['fit']['init'];
  /** E and M steps; K = 1 needs none and takes the closed form. */
  readonly iterations: number;
  /** EM stops when the mean log-likelihood changes by less; 0: after `iterations`. */
  readonly tolerance: number;
  /** Whether mean and covariance are drawn from their laws wherever no point is needed. */
  readonly closedForm: boolean;
  /** n/(n−1) for `unbiased`, else 1; 0 at n = 1, where no variance can be had. */
  readonly bessel: number;
  /** covarianceFloor in truth units². */
  readonly floor: number;
  readonly sampleSize: number;
  /** Real points of each batch after the first, under `quota`. */
  readonly quota: number;
  /** Probability that a point is real, under `bernoulli`. */
  readonly share: number;
  readonly key: RandomKey;
  /** The truth's components in truth units, scale 0. */
  readonly truth: FramedModel;
  /** Rows of a data truth in truth units, [N × dim]; real points are drawn from them. */
  readonly rows: Float64Array | null;
}

/** Real points in a batch of n under `quota`: ⌊n·r + ½⌋. */
export const quotaCount = (sampleSize: number, realFraction: number): number =>
  Math.floor(sampleSize * realFraction + 0.5);

export function cellRules(spec: Spec, truth: Truth, word: number): Rules {
  const { fit, batch, sampleSize } = spec;
  const unbiased = fit.estimator === 'unbiased';
  const quota = batch.realDraw === 'quota';
  return {
    dim: truth.dim,
    components: fit.components,
    covariance: fit.covariance,
    init: fit.init,
    iterations: fit.iterations,
    tolerance: fit.tolerance,
    closedForm: closedFormHolds(spec),
    bessel: !unbiased ? 1 : sampleSize > 1 ? sampleSize / (sampleSize - 1) : 0,
    floor: fit.covarianceFloor * 4 ** -truth.log2Unit,
    sampleSize,
    quota: quota ? quotaCount(sampleSize, batch.realFraction) : 0,
    share: quota ? 0 : batch.realFraction,
    key: randomKey(spec.seed, word),
    truth: frameMixture(truth.mixture, truth.mean, truth.log2Unit),
    rows: truth.rows ? rowsInUnits(truth) : null,
  };
}

/** Whether batches after the first may have real points. */
export const usesReal = ({ batch, sampleSize }: Spec): boolean =>
  batch.realDraw === 'quota'
    ? quotaCount(sampleSize, batch.realFraction) > 0
    : batch.realFraction > 0;

/**
 * K = 1 from its own samples, and nothing else: the fit is then a function of sufficient statistics
 * whose laws are known.
 */
export const closedFormHolds = (spec: Spec): boolean =>
  resolveClosedForm(spec.closedForm) !== 'off' &&
  spec.fit.components === 1 &&
  spec.fit.covarianceFloor === 0 &&
  !usesReal(spec);

function rowsInUnits({ rows, dim, mean, log2Unit }: Truth): Float64Array {
  return Float64Array.from(rows!, (x, i) => (x - mean[i % dim]!) * 2 ** -log2Unit);
}

/** How the fit at generation t starts: without a parent, from the truth if it has as many modes. */
export function startOf(rules: Rules, generation: number): Start {
  if (rules.init !== 'parent' || generation > 1) return rules.init;
  return rules.components === rules.truth.weights.length ? 'truth' : 'kmeans';
}
