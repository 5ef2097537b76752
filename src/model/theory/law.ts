/** What theory says about a statistic: its exact mean by generation, and how to test it. */
import { effectiveRealShare, quotaCount, type PhaseSpec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import type { Truth } from '../truth.ts';

export interface Law {
  readonly statistic: StatisticName;
  /** What the law is of: so far always the mean over lineages. */
  readonly kind: 'mean';
  readonly name: string;
  readonly formula: string;
  readonly source: string;
  /** Expected value; generation 0 is the truth. */
  at(generation: number): number;
  /** Theoretical standard error of a mean over replicates; null where it is not known. */
  standardError(generation: number, replicates: number): number | null;
  /**
   * Last generation at which the mean over so many replicates is near normal. Beyond it rare
   * lineages carry the mean, and a correct simulator misses it.
   */
  testableUntil(replicates: number): number;
}

/** The numbers of a cell, at one generation, that laws are made of. */
export interface Setting {
  readonly spec: PhaseSpec;
  readonly truth: Truth;
  readonly n: number;
  readonly dim: number;
  /** The form of one component's covariance. */
  readonly form: 'full' | 'diagonal' | 'spherical';
  /** n/(n − 1) for the unbiased estimator, else 1. */
  readonly bessel: number;
  /** Synthetic share of a batch from generation 2 on. */
  readonly synthetic: number;
  /** λ: what covariances are multiplied by when a model is sampled. */
  readonly bias: number;
  /** w: what real points weigh together; their share of the batch where points weigh alike. */
  readonly realWeight: number;
  /** κ: points that a prior stands for. */
  readonly strength: number;
  /** One component fitted to a Gaussian truth from its own samples alone: the products of χ². */
  readonly pure: boolean;
}

export function settingOf(spec: PhaseSpec, truth: Truth): Setting {
  const n = spec.sampleSize;
  const { realDraw, samplingBias } = spec.batch;
  const { covariance } = spec.fit;
  const real = realDraw === 'quota' ? quotaCount(spec) / n : effectiveRealShare(spec.batch);
  const weighed = spec.fit.realWeight !== null && real > 0 && real < 1;
  const strength = spec.fit.prior?.strength ?? 0;
  const gaussian = truth.rows === null && truth.mixture.weights.length === 1;
  return {
    spec,
    truth,
    n,
    dim: truth.dim,
    form: truth.dim === 1 || covariance === 'tied' ? 'full' : covariance,
    bessel: spec.fit.estimator === 'unbiased' ? n / (n - 1) : 1,
    synthetic: 1 - real,
    bias: samplingBias,
    realWeight: weighed ? spec.fit.realWeight! : real,
    strength,
    pure:
      gaussian &&
      spec.fit.components === 1 &&
      real === 0 &&
      strength === 0 &&
      spec.fit.covarianceFloor === 0,
  };
}

/** Value number `index` of start, step(start), step(step(start)) …, each computed once. */
export function sequence<T>(start: T, step: (previous: T, index: number) => T): (i: number) => T {
  const values = [start];
  return (index) => {
    for (let i = values.length; i <= index; i++) values.push(step(values[i - 1]!, i));
    return values[index]!;
  };
}

/**
 * Variance-like means are near normal while t ≤ n ln(√R/2)/3: v_t is close to log-normal with
 * Var ln v = 2t/n, and its mean sits √(2t/n) standard deviations out in the population.
 */
export const logNormalWindow = (n: number, replicates: number): number =>
  Math.floor((n * Math.max(0, Math.log(Math.sqrt(replicates) / 2))) / 3);

/** √(variance / replicates); null where the variance is unknown or does not exist. */
export const meanError = (variance: number | null, replicates: number): number | null =>
  variance !== null && Number.isFinite(variance) ? Math.sqrt(variance / replicates) : null;
