/**
 * What one cell asks of every lineage, resolved from its spec and truth into the numbers and
 * choices that engines compute with. The WebGPU engine packs the same record (structs.ts).
 */
import {
  archiveParts,
  batchSize,
  cornerSpecs,
  covarianceForm,
  drawsCounts,
  effectiveRealShare,
  isWide,
  phaseStarts,
  POINT_NEEDS,
  quotaCount,
  resolveClosedForm,
  specAt,
  truthComponentCount,
  truthDim,
  usesReal,
  type PhaseSpec,
  type Spec,
} from '../spec/schema.ts';
import { archiveEnds } from './assemble/archive.ts';
import type { FramedModel } from './frame.ts';
import { frameMixture } from './gmm/model.ts';
import { cholesky } from './math/triangular.ts';
import { packedLength } from './mixture.ts';
import { randomKey, type RandomKey } from './rng/coordinates.ts';
import type { Truth } from './truth.ts';

export { usesReal };

/**
 * How all points so far are known to a fit that is drawn by its groups: not wanted; as its model, which
 * has their mean and covariance; or kept beside the model, all as one or each kind of its own.
 */
export type PoolForm = 'none' | 'model' | 'whole' | 'kinds';

/** How an EM fit starts at a given generation. */
export type Start = 'parent' | 'truth' | 'kmeans' | 'random';

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
  /** n_t: points of the batch. */
  readonly sampleSize: number;
  /** M: models that synthetic points come from, as far as there are so many. */
  readonly memory: number;
  /** c; Infinity where nothing is cut off. */
  readonly truncation: number;
  /** α and ε of the verifier. */
  readonly keep: number;
  readonly error: number;
  /** m: synthetic candidates of which the best is kept. */
  readonly candidates: number;
  /** s: the power of its density that a candidate is kept with. */
  readonly selectivity: number;
  /** ε: probability that a point is an adversary's. */
  readonly poison: number;
  /** Width of the adversary's points, truth units. */
  readonly poisonScale: number;
  /** δ√passes: noise on synthetic points, in standard deviations of the truth. */
  readonly noise: number;
  /** w: what real points weigh together of 1; null where they weigh as others do. */
  readonly realWeight: number | null;
  /** γ: points weigh as the power −γ of their density under the parent. */
  readonly tailWeight: number;
  /** κ: points that a prior stands for; 0 without one. */
  readonly strength: number;
}

/** A cell in its first phase, and all its phases in order. */
export interface Rules extends Phase {
  readonly dim: number;
  readonly components: number;
  readonly covariance: Spec['fit']['covariance'];
  readonly init: Spec['fit']['init'];
  /** What the prior is centred on, where its strength is not 0. */
  readonly centre: 'parent' | 'truth';
  /** Whether components that died come back on a point. */
  readonly respawn: boolean;
  /** Whether mean and covariance are drawn from their laws wherever no point is needed. */
  readonly closedForm: boolean;
  /** Whether they are those of groups of points that one training set is made of. */
  readonly grouped: boolean;
  /** How they know all points so far. */
  readonly pool: PoolForm;
  /** Whether covariances are divided by n − 1. */
  readonly unbiased: boolean;
  readonly retention: Spec['retention'];
  /** Whether real points are those of the first generation. */
  readonly fixed: boolean;
  /** Where the segments end that batches take of them by quota, see `assemble/archive`. */
  readonly archive: readonly number[];
  /** What these are distilled to; null where they are taken as they are. */
  readonly coreset: Spec['batch']['coreset'];
  /** Whether points are made one by one from a past of more than a parent, or looked at. */
  readonly assembled: boolean;
  /** Where the adversary puts points, truth units, length dim. */
  readonly poisonMean: Float64Array;
  /** Protected truth components, ascending, from 0. */
  readonly protectedModes: readonly number[];
  /** Cholesky factor of C₀, packed, truth units. */
  readonly truthFactor: Float64Array;
  readonly key: RandomKey;
  /** The truth's components in truth units, scale 0. */
  readonly truth: FramedModel;
  /** Rows of a data truth in truth units, [N × dim]; real points are drawn from them. */
  readonly rows: Float64Array | null;
  readonly phases: readonly Phase[];
}

export function cellRules(spec: Spec, truth: Truth, word: number): Rules {
  const { fit, batch } = spec;
  const phases = phasesOf(spec, truth);
  const truthModel = frameMixture(truth.mixture, truth.mean, truth.log2Unit);
  const fixed = batch.realSource === 'fixed' && usesReal(spec);
  return {
    ...phases[0]!,
    phases,
    dim: truth.dim,
    components: fit.components,
    covariance: covarianceForm(fit),
    init: fit.init,
    centre: fit.prior?.centre ?? 'parent',
    respawn: fit.respawn,
    closedForm: closedFormHolds(spec),
    grouped: isGrouped(spec),
    pool: poolForm(spec),
    unbiased: fit.estimator === 'unbiased',
    retention: spec.retention,
    fixed,
    archive: fixed ? archiveEnds(phases) : [],
    coreset: distils(spec) ? batch.coreset : null,
    assembled: isAssembled(spec),
    poisonMean: poisonMean(batch.poison.mean, truth),
    protectedModes: batch.protectedModes.map((mode) => mode - 1).sort((a, b) => a - b),
    truthFactor: truthFactor(truth),
    key: randomKey(spec.seed, word),
    truth: truthModel,
    rows: truth.rows ? rowsInUnits(truth) : null,
  };
}

/** Quotas are cut where the reservoir of real points comes to its end. */
function phasesOf(spec: Spec, truth: Truth): Phase[] {
  let left = spec.batch.web?.humanReservoir ?? Infinity;
  return phaseStarts(spec).map((first) => {
    const phase = phaseOf(specAt(spec, first), truth, first);
    // With a web each generation is a phase; all of the first one's points are real.
    const quota = first === 1 ? phase.quota : Math.min(phase.quota, left);
    left -= first === 1 ? phase.sampleSize : quota;
    return { ...phase, quota };
  });
}

function phaseOf(spec: PhaseSpec, truth: Truth, firstGeneration: number): Phase {
  const { batch, fit } = spec;
  const { verifier, curation, poison, paraphrase } = batch;
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
    sampleSize: spec.sampleSize,
    memory: batch.memory,
    truncation: batch.truncation ?? Infinity,
    keep: verifier.keep,
    error: verifier.error,
    candidates: curation.candidates,
    selectivity: batch.qualityFilter,
    poison: poison.share,
    poisonScale: poison.scale * 2 ** -truth.log2Unit,
    noise: paraphrase.noise * Math.sqrt(paraphrase.passes),
    realWeight: fit.realWeight,
    tailWeight: fit.tailWeight,
    strength: fit.prior?.strength ?? 0,
  };
}

function poisonMean(mean: readonly number[], { dim, mean: centre, log2Unit }: Truth) {
  const at = (a: number) => mean[mean.length === 1 ? 0 : a]!;
  return Float64Array.from({ length: dim }, (_, a) => (at(a) - centre[a]!) * 2 ** -log2Unit);
}

function truthFactor({ covariance, dim, log2Unit }: Truth): Float64Array {
  const factor = new Float64Array(packedLength(dim));
  cholesky(Float64Array.from(covariance), dim, dim, factor);
  return factor.map((entry) => entry * 2 ** -log2Unit);
}

/** n/(n−1) for `unbiased`, else 1; 0 at n = 1, where no variance can be had. */
export const besselOf = (unbiased: boolean, points: number): number =>
  !unbiased ? 1 : points > 1 ? points / (points - 1) : 0;

/** Points of the training set of a generation. */
export function trainingSize(rules: Rules, generation: number): number {
  if (rules.retention === 'accumulate') return poolSize(rules, generation);
  const { sampleSize, quota } = rulesAt(rules, generation);
  const distilled = coresetEntries(rules, generation);
  return distilled > 0 ? distilled + sampleSize - quota : sampleSize;
}

/** Points of a generation's training set that are a coreset's. */
export function coresetEntries(rules: Rules, generation: number): number {
  const wanted = generation > 1 && rulesAt(rules, generation).quota > 0;
  return wanted ? (rules.coreset?.size ?? 0) : 0;
}

/** Points of all batches up to a generation's. */
export function poolSize({ phases }: Rules, generation: number): number {
  let points = 0;
  phases.forEach(({ firstGeneration, sampleSize }, p) => {
    const next = phases[p + 1]?.firstGeneration ?? Infinity;
    const count = Math.min(next, generation + 1) - firstGeneration;
    if (count > 0) points += count * sampleSize;
  });
  return points;
}

/** Models of the past that a lineage needs, the parent among them. */
export const pastLength = ({
  retention,
  grouped,
  phases,
}: Pick<Rules, 'retention' | 'grouped' | 'phases'>): number =>
  grouped || retention === 'replace' ? Math.max(...phases.map(({ memory }) => memory)) : Infinity;

/** The same, of a cell. */
export function modelsNeeded(spec: Spec): number {
  if (spec.retention !== 'replace' && !isGrouped(spec)) return spec.generations;
  const most = Math.max(...cornerSpecs(spec).map(({ batch }) => batch.memory));
  return Math.min(most, spec.generations);
}

/** Whether a batch is made point by point, from a past of more than a parent or with a look at them. */
export const isAssembled = (spec: Spec): boolean =>
  spec.retention !== 'replace' ||
  spec.batch.protectedModes.length > 0 ||
  (spec.batch.realSource === 'fixed' && usesReal(spec)) ||
  cornerSpecs(spec).some(
    ({ batch }) =>
      batch.memory > 1 ||
      batch.truncation !== null ||
      batch.verifier.keep < 1 ||
      batch.verifier.error > 0 ||
      batch.curation.candidates > 1 ||
      batch.qualityFilter > 0 ||
      batch.poison.share > 0 ||
      batch.paraphrase.noise > 0,
  );

/** The cell as it is at a generation. */
export function rulesAt(rules: Rules, generation: number): Rules {
  const { phases } = rules;
  if (phases.length === 1) return rules;
  return { ...rules, ...phases[phaseRow(phases, generation)]! };
}

/** Place of the phase that a generation is in: the last that has begun. */
function phaseRow(phases: readonly Phase[], generation: number): number {
  let low = 0;
  let high = phases.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (phases[middle]!.firstGeneration <= generation) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether batches have a coreset in the place of real points. */
export const distils = (spec: Spec): boolean =>
  spec.batch.coreset !== null && spec.batch.realSource === 'fixed' && usesReal(spec);

/** Whether the fit is drawn from the laws of its sufficient statistics. */
export const closedFormHolds = (spec: Spec): boolean =>
  (resolveClosedForm(spec.closedForm) !== 'off' && isStandardised(spec)) || isGrouped(spec);

/**
 * K = 1 on groups of points of one Gaussian each: the fit is a function of their numbers, means and
 * scatters, whose laws are known.
 */
export const isGrouped = (spec: Spec): boolean =>
  asksForGroups(spec) &&
  spec.fit.components === 1 &&
  truthComponentCount(spec.truth) !== null &&
  !isStandardised(spec) &&
  !needsPoints(spec, drawsCounts(spec));

/** The same where it takes more than numbers that are known beforehand, one model and one fit. */
export const isCounted = (spec: Spec): boolean => isGrouped(spec) && needsPoints(spec, false);

/** A floor, a prior or weights make a model that is not what its points are. */
export function poolForm(spec: Spec): PoolForm {
  if (spec.retention !== 'accumulate' || !isGrouped(spec)) return 'none';
  const fits = cornerSpecs(spec).map(({ fit }) => fit);
  if (fits.some(({ realWeight }) => realWeight !== null)) return 'kinds';
  const moved = fits.some(({ prior, covarianceFloor }) => prior !== null || covarianceFloor !== 0);
  return moved ? 'whole' : 'model';
}

/** Tallies of points that a lineage keeps beside its model. */
export const TALLIES_KEPT = { none: 0, model: 0, whole: 1, kinds: 2 } as const;

/** Whether a fit needs points one by one, with numbers of points drawn or not. */
function needsPoints(spec: Spec, counted: boolean): boolean {
  if (!counted && truthComponentCount(spec.truth) !== 1) return true;
  const phases = cornerSpecs(spec);
  return POINT_NEEDS.some((need) =>
    phases.some((phase) => (counted ? need.withCounts : need.holds)(phase, spec)),
  );
}

/**
 * Points of the largest training set from which on it is drawn faster by its statistics than point by
 * point: on the WASM engine, which has kernels for points and none for groups. Of records that say
 * "cheaper" points of a batch.
 */
const MANY_ENTRIES = 1024;
const MANY_POINTS = 4096;
/** More of them for each further segment of an archive, half of which a batch has on average. */
const SEGMENT_ENTRIES = 256;

function asksForGroups(spec: Spec): boolean {
  const asked = resolveClosedForm(spec.closedForm);
  if (asked === 'statistics' || asked === 'counts') return true;
  if (asked === 'cheapest') return isWide(truthDim(spec.truth)) || hasManyEntries(spec);
  return (
    asked === 'cheaper' &&
    (isWide(truthDim(spec.truth)) ||
      isAssembled(spec) ||
      spec.growth > 0 ||
      spec.sampleSize >= MANY_POINTS)
  );
}

/** Whether the last training set, the largest, has so many points. */
function hasManyEntries(spec: Spec): boolean {
  const many = MANY_ENTRIES + SEGMENT_ENTRIES * (archiveParts(spec) - 1);
  let entries = 0;
  const first = spec.retention === 'accumulate' ? 1 : spec.generations;
  for (let t = first; t <= spec.generations && entries < many; t++) {
    entries += batchSize(spec, t);
  }
  return entries >= many;
}

/** Whether points ever weigh differently in a fit. */
export const weighsPoints = (spec: Spec): boolean =>
  distils(spec) ||
  cornerSpecs(spec).some(({ fit }) => fit.realWeight !== null || fit.tailWeight > 0);

/** K = 1 from its own samples, whether by points or without: fits commute with affine maps. */
export const isStandardised = (spec: Spec): boolean =>
  spec.fit.components === 1 &&
  spec.fit.prior === null &&
  !weighsPoints(spec) &&
  cornerSpecs(spec).every(({ fit }) => fit.covarianceFloor === 0) &&
  !usesReal(spec) &&
  !isAssembled(spec);

function rowsInUnits({ rows, dim, mean, log2Unit }: Truth): Float64Array {
  return Float64Array.from(rows!, (x, i) => (x - mean[i % dim]!) * 2 ** -log2Unit);
}

/** How the fit at generation t starts: without a parent, from the truth if it has as many modes. */
export function startOf(rules: Rules, generation: number): Start {
  if (rules.init !== 'parent' || generation > 1) return rules.init;
  return rules.components === rules.truth.weights.length ? 'truth' : 'kmeans';
}
