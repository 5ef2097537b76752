/**
 * What one cell asks of every lineage, resolved from its spec and truth into the numbers and
 * choices that engines compute with. The WebGPU engine packs the same record (structs.ts).
 */
import {
  cornerSpecs,
  covarianceForm,
  effectiveRealShare,
  phaseStarts,
  resolveClosedForm,
  specAt,
  type PhaseSpec,
  type Spec,
} from '../spec/schema.ts';
import type { FramedModel } from './frame.ts';
import { frameMixture } from './gmm/model.ts';
import { randomKey, type RandomKey } from './rng/coordinates.ts';
import type { Truth } from './truth.ts';

/** How an EM fit starts at a given generation. */
export type Start = 'parent' | 'truth' | 'kmeans';

/** What may change with the generation. */
export interface Phase {
  /** First generation of the phase. */
  readonly firstGeneration: number;
  /** E and M steps; K = 1 needs none and takes the closed form. */
  readonly iterations: number;
  /** EM stops when the mean log-likelihood changes by less; 0: after `iterations`. */
  readonly tolerance: number;
  /** covarianceFloor in truth units². */
  readonly floor: number;
  /** Real points of each batch after the first, under `quota`. */
  readonly quota: number;
  /** Probability that a point is real, under `bernoulli`. */
  readonly share: number;
  /** √λ: what a model's factors are multiplied by when it is sampled. */
  readonly spread: number;
  /** β: the power of its weights that its components are chosen by. */
  readonly sharpening: number;
}

/** A cell in its first phase, and all its phases in order. */
export interface Rules extends Phase {
  readonly dim: number;
  readonly components: number;
  readonly covariance: Spec['fit']['covariance'];
  readonly init: Spec['fit']['init'];
  /** Whether mean and covariance are drawn from their laws wherever no point is needed. */
  readonly closedForm: boolean;
  /** n/(n−1) for `unbiased`, else 1; 0 at n = 1, where no variance can be had. */
  readonly bessel: number;
  readonly sampleSize: number;
  readonly key: RandomKey;
  /** The truth's components in truth units, scale 0. */
  readonly truth: FramedModel;
  /** Rows of a data truth in truth units, [N × dim]; real points are drawn from them. */
  readonly rows: Float64Array | null;
  readonly phases: readonly Phase[];
}

/** Real points in a batch of n under `quota`: ⌊n·r′ + ½⌋. */
export const quotaCount = ({ batch, sampleSize }: PhaseSpec): number =>
  Math.floor(sampleSize * effectiveRealShare(batch) + 0.5);

export function cellRules(spec: Spec, truth: Truth, word: number): Rules {
  const { fit, sampleSize } = spec;
  const unbiased = fit.estimator === 'unbiased';
  const phases = phaseStarts(spec).map((first) => phaseOf(specAt(spec, first), truth, first));
  return {
    ...phases[0]!,
    phases,
    dim: truth.dim,
    components: fit.components,
    covariance: covarianceForm(fit),
    init: fit.init,
    closedForm: closedFormHolds(spec),
    bessel: !unbiased ? 1 : sampleSize > 1 ? sampleSize / (sampleSize - 1) : 0,
    sampleSize,
    key: randomKey(spec.seed, word),
    truth: frameMixture(truth.mixture, truth.mean, truth.log2Unit),
    rows: truth.rows ? rowsInUnits(truth) : null,
  };
}

function phaseOf(spec: PhaseSpec, truth: Truth, firstGeneration: number): Phase {
  const { batch, fit } = spec;
  const quota = batch.realDraw === 'quota';
  return {
    firstGeneration,
    iterations: fit.iterations,
    tolerance: fit.tolerance,
    floor: fit.covarianceFloor * 4 ** -truth.log2Unit,
    quota: quota ? quotaCount(spec) : 0,
    share: quota ? 0 : effectiveRealShare(batch),
    spread: Math.sqrt(batch.samplingBias),
    sharpening: batch.weightSharpening,
  };
}

/** The cell as it is at a generation. */
export function rulesAt(rules: Rules, generation: number): Rules {
  const { phases } = rules;
  if (phases.length === 1) return rules;
  const phase = phases.findLast(({ firstGeneration }) => firstGeneration <= generation)!;
  return { ...rules, ...phase };
}

/** Whether some batch after the first may have real points. */
export const usesReal = (spec: Spec): boolean =>
  cornerSpecs(spec).some((phase) =>
    phase.batch.realDraw === 'quota' ? quotaCount(phase) > 0 : effectiveRealShare(phase.batch) > 0,
  );

/**
 * K = 1 from its own samples, and nothing else: the fit is then a function of sufficient statistics
 * whose laws are known.
 */
export const closedFormHolds = (spec: Spec): boolean =>
  resolveClosedForm(spec.closedForm) !== 'off' && isStandardised(spec);

/** K = 1 from its own samples, whether by points or without: fits commute with affine maps. */
export const isStandardised = (spec: Spec): boolean =>
  spec.fit.components === 1 &&
  cornerSpecs(spec).every(({ fit }) => fit.covarianceFloor === 0) &&
  !usesReal(spec);

function rowsInUnits({ rows, dim, mean, log2Unit }: Truth): Float64Array {
  return Float64Array.from(rows!, (x, i) => (x - mean[i % dim]!) * 2 ** -log2Unit);
}

/** How the fit at generation t starts: without a parent, from the truth if it has as many modes. */
export function startOf(rules: Rules, generation: number): Start {
  if (rules.init !== 'parent' || generation > 1) return rules.init;
  return rules.components === rules.truth.weights.length ? 'truth' : 'kmeans';
}
