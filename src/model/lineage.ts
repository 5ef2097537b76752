/**
 * One lineage, one generation at a time: draw the batch, choose the frame, fit, and write the model
 * down in its frame. The readable truth that shaders/kernels/evolve.wgsl is tested against, and
 * beside it assemble.wgsl, coreset.wgsl, closed.wgsl, counted.wgsl and wide_closed.wgsl, and
 * evolve.ts of WASM.
 */
import { batchOf, batchPoint, type Batch } from './assemble/batch.ts';
import { composeModel } from './assemble/compose.ts';
import { archiveSize, coresetOf, coresetPoint, type Coreset } from './assemble/coreset.ts';
import { batchCounts } from './assemble/counts.ts';
import { groupTally } from './assemble/group-tally.ts';
import {
  anchorSource,
  createSources,
  drawnExtent,
  enterFrame,
  gatherSources,
  sourcePoint,
  type Sources,
  type WorkingFrame,
} from './assemble/sources.ts';
import {
  choiceWord,
  isReal,
  pickComponent,
  placeOf,
  pointNormals,
  sharpenWeights,
  type Mix,
  type Place,
} from './assemble/draws.ts';
import { movePool } from './assemble/pool.ts';
import { possibleSources } from './assemble/possible.ts';
import { livingSources, meetsFirst, type SourceSet } from './assemble/source-set.ts';
import { trainingRules, trainingSet } from './assemble/training-set.ts';
import { writeModel } from './assemble/write.ts';
import { DEGENERATE_LOG2_WIDTH, type FramedModel, type Pool } from './frame.ts';
import {
  accumulate,
  BLOCK,
  createComponents,
  createPrecision,
  createSums,
  fold,
  maximise,
  prepare,
  responsibilities,
  type Components,
  type MaximiseRules,
} from './gmm/em.ts';
import {
  LLOYD_LIMIT,
  lloydPass,
  nearestCentre,
  NEVER,
  raceTime,
  squaredDistance,
} from './gmm/kmeans.ts';
import { emptyModel } from './gmm/model.ts';
import { addPrior } from './gmm/prior.ts';
import { tailLogs, weighPoints } from './gmm/weights.ts';
import { meanNormals, scatterFactor } from './gmm/wishart.ts';
import { FRAME_LIMIT, scaleBy } from './math/exponent.ts';
import { packedIndex, packedLength } from './mixture.ts';
import { STREAMS, words } from './rng/coordinates.ts';
import { exponential, unitUniform, wordBelow } from './rng/normal.ts';
import {
  besselOf,
  coresetEntries,
  pastLength,
  rulesAt,
  startOf,
  TALLIES_KEPT,
  type Rules,
} from './rules.ts';
import { STATUS_BITS, STATUS_KEPT } from './status.ts';

/** One generation of one lineage while it is computed. */
interface Step {
  readonly rules: Rules;
  readonly place: Place;
  readonly parent: FramedModel;
  readonly mix: Mix;
  /** What the parent's components are chosen by. */
  readonly weights: Float64Array;
  readonly sources: Sources;
  readonly frame: WorkingFrame;
  /** [n × dim], working frame; empty where none are drawn. */
  readonly points: Float64Array;
  /** 1 for each point that is real. */
  readonly real: Uint8Array;
  /** Points that each stands for; null where each is one. */
  masses: Float64Array | null;
  /** What each point weighs in the fit, n together; null where all are alike. */
  pointWeights: Float64Array | null;
  readonly components: Components;
  /**
   * Copies since a human, the mean of the training set: begins as that of copies of the parent alone,
   * which framedStep multiplies by their share, and the steps of other sets write anew.
   */
  ancestry: number;
}

/** The model before the first fit: nothing is drawn from it. */
export const ancestor = (rules: Rules): FramedModel => emptyModel(rules.dim, rules.components);

/**
 * q_t from the models before it, `past` with q_{t−1} last and the ancestor where there is none;
 * `generation` counts from 1, where every point is real. A lineage's coreset is made where it is
 * wanted and not given: whoever goes on with the lineage had better keep it.
 */
export function nextModel(
  cell: Rules,
  past: readonly FramedModel[],
  lineage: number,
  generation: number,
  coreset: Coreset | null = null,
): FramedModel {
  const parent = past.at(-1)!;
  const rules = trainingRules(cell, generation);
  const { dim, components, truth } = rules;
  const first = generation === 1;
  const oneGaussian = truth.weights.length === 1 && rules.rows === null;
  const closed = rules.grouped || (rules.closedForm && (!first || oneGaussian));
  const step: Step = {
    rules,
    parent,
    place: placeOf(rules.key, lineage, generation, dim),
    weights: sharpenWeights(parent.weights, rules.sharpening),
    mix: { quota: first ? rules.sampleSize : rules.quota, share: first ? 0 : rules.share },
    sources: createSources(dim, truth.weights.length + components),
    frame: { origin: new Float64Array(dim), originLow: new Float64Array(dim), scale: 0 },
    points: new Float64Array(closed ? 0 : rules.sampleSize * dim),
    real: new Uint8Array(closed ? 0 : rules.sampleSize),
    masses: null,
    pointWeights: null,
    components: createComponents(dim, components),
    ancestry: first ? 0 : parent.ancestry + 1,
  };
  const model = takeStep(step, cell, past, closed, coreset);
  model.ancestry = step.ancestry;
  return model;
}

function takeStep(
  step: Step,
  cell: Rules,
  past: readonly FramedModel[],
  closed: boolean,
  coreset: Coreset | null,
): FramedModel {
  const { rules, place } = step;
  const { generation } = place;
  if (rules.grouped) return groupedStep(step, cell, past);
  if (closed) return closedStep(step);
  if (rules.assembled) return assembledStep(step, cell, past, coreset);
  const own = generation > 1 && rules.quota === 0 && rules.share === 0;
  const plain = own && rules.floor === 0 && !isWeighed(step) && priorOf(step) === null;
  return rules.components === 1 && plain ? standardisedStep(step) : framedStep(step);
}

/** All generations of one lineage, generation 1 first. */
export function runLineage(rules: Rules, lineage: number, generations: number): FramedModel[] {
  const models: FramedModel[] = [];
  const past = new Past(rules);
  for (let t = 1; t <= generations; t++) {
    const model = nextModel(rules, past.models, lineage, t, past.coresetAt(lineage, t));
    past.add(model);
    models.push(model);
  }
  return models;
}

/** The models that a lineage's next generation may need, and its coreset. */
export class Past {
  /** Latest last. */
  readonly models: FramedModel[];
  readonly #rules: Rules;
  readonly #most: number;
  #coreset: Coreset | null = null;

  constructor(rules: Rules) {
    this.#rules = rules;
    this.models = [ancestor(rules)];
    this.#most = pastLength(rules);
  }

  add(model: FramedModel): void {
    this.models.push(model);
    if (this.models.length > this.#most) this.models.shift();
  }

  /** What `nextModel` takes beside the models, made when it is first wanted. */
  coresetAt(lineage: number, generation: number): Coreset | null {
    if (coresetEntries(this.#rules, generation) === 0) return null;
    this.#coreset ??= coresetOf(this.#rules, lineage);
    return this.#coreset;
  }
}

/** A training set made point by point, from any generation of the past. */
function assembledStep(
  step: Step,
  cell: Rules,
  past: readonly FramedModel[],
  given: Coreset | null,
): FramedModel {
  const { rules, place, parent, sources, frame, points } = step;
  const { dim, sampleSize } = rules;
  const { generation, lineage } = place;
  const possible = possibleSources(rules, generation, parent.weights);
  const realPossible = meetsFirst(possible, rules.truth.weights.length);
  gatherSources(rules.truth, parent, realPossible, sources, frame);
  const anchor = anchorSource(sources, possible);
  enterFrame(sources, frame, anchor, drawnExtent(sources, possible, anchor));
  const entry = trainingSet(cell, lineage, generation);
  const wanted = coresetEntries(cell, generation) > 0;
  const coreset = wanted ? (given ?? coresetOf(cell, lineage)) : null;
  if (coreset) step.masses = massesOf(coreset, step, archiveSize(cell));
  const batches = new Map<number, Batch>();
  let status = parent.status & STATUS_KEPT;
  let copies = 0;
  for (let e = 0; e < sampleSize; e++) {
    const { generation: from, index } = entry(e);
    const y = points.subarray(e * dim, (e + 1) * dim);
    if (from === 0) {
      coresetPoint(coreset!, index, frame, y);
      step.real[e] = 1;
      continue;
    }
    // What was before generation `from`: all but the models since.
    const since = generation - from;
    const batch =
      batches.get(from) ?? batchOf(cell, past.slice(0, past.length - since), lineage, from);
    batches.set(from, batch);
    status |= batchPoint(batch, index, frame, y);
    step.real[e] = batch.real ? 1 : 0;
    copies += batch.ancestry;
  }
  // A coreset has none, and stands for as many points as the batch has real ones.
  step.ancestry = copies / (coreset ? rulesAt(cell, generation).sampleSize : sampleSize);
  const sd = sampleWidth(points, dim);
  if (isWeighed(step)) step.pointWeights = weigh(step);
  status |= rules.components === 1 ? closedFit(step) : mixtureFit(step, sd);
  return writeModel(step.components, frame, sd, status);
}

/** What each point of a training set stands for: the coreset's, the first ones, for real ones. */
function massesOf({ counts }: Coreset, { rules }: Step, archive: number): Float64Array {
  const masses = new Float64Array(rules.sampleSize).fill(1);
  masses.set(counts.map((count) => (count * rules.quota) / archive));
  return masses;
}

/** √(tr S / d) of points about their mean. */
function sampleWidth(points: Float64Array, dim: number): number {
  const count = points.length / dim;
  const sum = new Float64Array(dim);
  let squares = 0;
  for (let e = 0; e < points.length; e++) {
    sum[e % dim]! += points[e]!;
    squares += points[e]! * points[e]!;
  }
  const spread = squares / count - sum.reduce((s, total) => s + (total / count) ** 2, 0);
  return Math.sqrt(Math.max(spread, 0) / dim);
}

/**
 * K = 1 from its own samples: the fit commutes with affine maps, so it is done on the standard
 * normals and multiplied on. Log determinants stay right however thin the lineage has become.
 */
function standardisedStep(step: Step): FramedModel {
  const { rules, parent, place, components, points } = step;
  const { dim, sampleSize } = rules;
  for (let i = 0; i < sampleSize; i++) {
    pointNormals(place, i, points.subarray(i * dim, (i + 1) * dim));
  }
  const status = (parent.status & STATUS_KEPT) | closedFit(step);
  stretch(components, rules.spread);
  return composeModel(parent, components.means, components.factors, rules.covariance, status);
}

/**
 * The same without points: mean and factor of the standard normals are drawn from their laws. At
 * t = 1 the parent is the truth, where it is one Gaussian.
 */
function closedStep(step: Step): FramedModel {
  const { rules, place, components } = step;
  const { dim, sampleSize } = rules;
  const parent = place.generation === 1 ? rules.truth : step.parent;
  meanNormals(place, dim, components.means);
  scatterFactor(place, sampleSize, dim, components.factors);
  const root = Math.sqrt(sampleSize);
  for (let a = 0; a < dim; a++) components.means[a]! /= root;
  const scale = Math.sqrt(besselOf(rules.unbiased, sampleSize)) / root;
  for (let e = 0; e < components.factors.length; e++) components.factors[e]! *= scale;
  if (place.generation > 1) stretch(components, rules.spread);
  const status = (step.parent.status & STATUS_KEPT) | shortSample(rules);
  return composeModel(parent, components.means, components.factors, rules.covariance, status);
}

/**
 * K = 1 on a batch in groups of points, after the pool of all batches before where that is wanted: a
 * model of it has its mean and scatter, or it is kept beside the model.
 */
function groupedStep(step: Step, cell: Rules, past: readonly FramedModel[]): FramedModel {
  const { rules, parent, sources, frame, components } = step;
  const { dim, sampleSize, truth, archive, noise } = rules;
  const { key, lineage, generation } = step.place;
  const place = { key, lineage, generation };
  const first = generation === 1;
  const batchSize = rulesAt(cell, generation).sampleSize;
  const counts = batchCounts(place, rules, batchSize, archive.at(-1) ?? 0);
  const before = sampleSize - batchSize;
  const realPossible = first || counts.real + counts.poison > 0 || noise > 0;
  const modelled = !first && counts.rest + before > 0;
  const possible = livingSources(truth.weights, parent.weights, realPossible, modelled);
  gatherSources(truth, parent, realPossible, sources, frame);
  const anchor = anchorSource(sources, possible);
  enterFrame(sources, frame, anchor, drawnExtent(sources, possible, anchor));
  const models = first ? [] : past.slice(-Math.min(rules.memory, generation - 1)).reverse();
  const { realWeight } = rules;
  const set = { rules, place, sources, frame, models, batchSize, counts, realWeight };
  const { tally, copies, pool } = groupTally({ ...set, kept: keptPool(step) });
  step.ancestry = first ? 0 : (before / sampleSize) * parent.ancestry + copies;
  const { points, mean, scatter } = tally;
  components.means.set(mean);
  const sums = createSums(dim, 1);
  sums.zeroth[0] = points;
  sums.second.set(scatter);
  const centre = priorOf(step);
  if (centre) addPrior(components, sourceComponents(step, centre), rules.strength, sums);
  maximise(components, sums, maximiseRules(step));
  let trace = 0;
  for (let a = 0; a < dim; a++) trace += scatter[packedIndex(a, a)]!;
  const short = centre ? 0 : shortSample(rules);
  const status = (parent.status & STATUS_KEPT) | short;
  const model = writeModel(components, frame, Math.sqrt(trace / points / dim), status);
  model.pool = pool;
  return model;
}

/** All points before, in the working frame, of a lineage that keeps them; else null. */
function keptPool({ rules, place, parent, frame }: Step): Pool | null {
  if (TALLIES_KEPT[rules.pool] === 0) return null;
  return place.generation === 1 ? [] : movePool(parent.pool!, parent, frame);
}

/** A fit to standard normals becomes one to those of a wider or narrower sampler. */
function stretch({ means, factors }: Components, spread: number): void {
  for (let e = 0; e < means.length; e++) means[e]! *= spread;
  for (let e = 0; e < factors.length; e++) factors[e]! *= spread;
}

/** Any other generation: sources into one frame, points, fit, and the frame kept. */
function framedStep(step: Step): FramedModel {
  const { rules, parent, mix, sources, frame, components } = step;
  const { truth } = rules;
  const drawn = drawnSources(step);
  const realDrawn = meetsFirst(drawn, truth.weights.length);
  gatherSources(truth, parent, realDrawn, sources, frame);
  const anchor = anchorSource(sources, drawn);
  const anchorMean = sources.means.slice(anchor * rules.dim, (anchor + 1) * rules.dim);
  const extent = drawnExtent(sources, drawn, anchor);
  enterFrame(sources, frame, anchor, extent);
  const sd = drawPoints(step, mix, anchorMean, extent);
  step.ancestry *= 1 - step.real.reduce((sum, real) => sum + real, 0) / rules.sampleSize;
  if (isWeighed(step)) step.pointWeights = weigh(step);
  let status = parent.status & STATUS_KEPT;
  if (rules.components === 1) {
    status |= closedFit(step);
  } else {
    status |= mixtureFit(step, sd);
  }
  return writeModel(components, frame, sd, status);
}

/** Which sources this batch draws from; stops once all have been seen. */
function drawnSources({ rules, place, parent, weights, mix }: Step): SourceSet {
  const { truth, rows, sampleSize } = rules;
  const truthCount = truth.weights.length;
  const anyReal = mix.quota > 0 || mix.share > 0;
  const unseen = livingSources(truth.weights, parent.weights, anyReal, mix.quota < sampleSize);
  const drawn = new Uint8Array(unseen.length);
  let left = unseen.reduce((sum, one) => sum + one, 0);
  const see = (s: number) => {
    left -= unseen[s]!;
    unseen[s] = 0;
    drawn[s] = 1;
  };
  for (let i = 0; i < sampleSize && left > 0; i++) {
    const real = isReal(place, mix, i);
    if (real && rows) {
      // Rows spread over the whole truth: its frame must hold them all.
      for (let j = 0; j < truthCount; j++) if (truth.weights[j]! > 0) see(j);
    } else {
      see(real ? sourceOf(truth.weights, place, i) : truthCount + sourceOf(weights, place, i));
    }
  }
  return drawn;
}

const sourceOf = (weights: Float64Array, place: Place, i: number): number =>
  weights.length === 1 ? 0 : pickComponent(weights, unitUniform(choiceWord(place, i)));

/** Fills the points; returns the sample's sd, √(tr S / d). */
function drawPoints(step: Step, mix: Mix, anchorMean: Float64Array, extent: number): number {
  const { rules, place, sources, points } = step;
  const { dim, sampleSize, truth, rows } = rules;
  const z = new Float64Array(dim);
  for (let i = 0; i < sampleSize; i++) {
    const real = isReal(place, mix, i);
    step.real[i] = real ? 1 : 0;
    const row = real && rows ? wordBelow(choiceWord(place, i), rows.length / dim) : -1;
    const weights = real ? truth.weights : step.weights;
    const s = row >= 0 ? 0 : (real ? 0 : truth.weights.length) + sourceOf(weights, place, i);
    if (row < 0) pointNormals(place, i, z);
    if (!real) for (let a = 0; a < dim; a++) z[a]! *= rules.spread;
    for (let a = 0; a < dim; a++) {
      const x =
        row >= 0
          ? scaleBy(rows![row * dim + a]! - anchorMean[a]!, -extent)
          : sourcePoint(sources, s, a, z);
      points[i * dim + a] = x;
    }
  }
  return sampleWidth(points, dim);
}

/** Whether points of this generation weigh differently: there is a parent to judge them by. */
const isWeighed = ({ rules, place, masses }: Step): boolean =>
  place.generation > 1 && (rules.realWeight !== null || rules.tailWeight > 0 || masses !== null);

function weigh(step: Step): Float64Array {
  const { rules, points, real, masses } = step;
  const weights = tailLogs(sourceComponents(step, 'parent'), points, rules.tailWeight);
  weighPoints(weights, real, rules.realWeight, masses);
  return weights;
}

/** The truth or the parent as it stands among the sources, in the working frame. */
function sourceComponents({ rules, sources, parent }: Step, which: 'parent' | 'truth'): Components {
  const { dim, components: count, truth } = rules;
  const real = which === 'truth';
  const from = real ? 0 : truth.weights.length;
  const length = packedLength(dim);
  return {
    ...{ dim, count },
    weights: (real ? truth : parent).weights.slice(),
    means: sources.means.slice(from * dim, (from + count) * dim),
    factors: sources.factors.slice(from * length, (from + count) * length),
  };
}

/** What the prior is centred on; null without one, and where there is no parent yet. */
function priorOf({ rules, place }: Step): 'parent' | 'truth' | null {
  if (rules.strength === 0) return null;
  return rules.centre === 'parent' && place.generation === 1 ? null : rules.centre;
}

function maximiseRules(step: Step): MaximiseRules {
  const { rules, frame } = step;
  const { components, covariance, floor, dim, sampleSize } = rules;
  const prior = priorOf(step) === null ? 0 : rules.strength;
  // Points that span no volume have a width along every axis all the same.
  const flat = components === 1 && floor === 0 && prior === 0 && covariance === 'full';
  return {
    ...{ sampleSize: sampleSize + prior, covariance, bessel: besselOf(rules.unbiased, sampleSize) },
    floor: scaleBy(scaleBy(floor, -frame.scale), -frame.scale),
    rank: flat ? sampleSize - 1 : dim,
  };
}

/** K = 1: mean and covariance in two passes, the second about the mean that the first found. */
function closedFit(step: Step): number {
  step.components.weights[0] = 1;
  for (let pass = 0; pass < 2; pass++) {
    fitPass(step, (first, count, shares) => {
      for (let i = 0; i < count; i++) shares[i] = weightOf(step, first + i);
      return 0;
    });
  }
  return priorOf(step) === null ? shortSample(step.rules) : 0;
}

const weightOf = ({ pointWeights }: Step, i: number): number =>
  pointWeights ? pointWeights[i]! : 1;

/** n ≤ d points span no volume. */
const shortSample = ({ floor, sampleSize, dim }: Rules): number =>
  floor === 0 && sampleSize <= dim ? STATUS_BITS.degenerate : 0;

/** K > 1: a start, then `iterations` E and M steps. */
function mixtureFit(step: Step, sd: number): number {
  const { rules, components, place, points, pointWeights } = step;
  const { dim } = rules;
  const start = startOf(rules, place.generation);
  if (start === 'kmeans' || start === 'random') {
    clusters(step, start);
  } else {
    const { weights, means, factors } = sourceComponents(step, start);
    components.weights.set(weights);
    components.means.set(means);
    components.factors.set(factors);
    if (rules.respawn) respawn(step, sd);
  }
  const living = components.weights.map((weight) => (weight > 0 ? 1 : 0));
  const precision = createPrecision(dim, rules.components);
  // The least normal width at which squares of frame-limited offsets stay finite in f32.
  const widthFloor = Math.max(sd * 2 ** DEGENERATE_LOG2_WIDTH, 1 / FRAME_LIMIT);
  const asked = rules.tolerance > 0;
  let last = -Infinity;
  let converged = !asked;
  for (let iteration = 0; iteration < rules.iterations; iteration++) {
    prepare(components, widthFloor, precision);
    const likelihood = fitPass(step, (first, count, shares) =>
      responsibilities(components, precision, points, first, count, shares, asked, pointWeights),
    );
    if (asked && Math.abs(likelihood - last) < rules.tolerance) {
      converged = true;
      break;
    }
    last = likelihood;
  }
  const lost = living.some((alive, k) => alive === 1 && !(components.weights[k]! > 0));
  return (lost ? STATUS_BITS.componentLost : 0) | (converged ? 0 : STATUS_BITS.unconverged);
}

/**
 * Writes shares[k · count + i] of `count` points from number `first` on; returns the sum of their
 * log-likelihoods, up to a constant, where somebody wants it.
 */
type Assign = (first: number, count: number, shares: Float64Array) => number;

/** One pass over the points and an M-step, points shared out by `assign`; mean log-likelihood. */
function fitPass(step: Step, assign: Assign): number {
  const { components, rules, points } = step;
  const { dim, sampleSize } = rules;
  const total = createSums(dim, rules.components);
  const block = createSums(dim, rules.components);
  const shares = new Float64Array(rules.components * Math.min(BLOCK, sampleSize));
  let likelihood = 0;
  for (let first = 0; first < sampleSize; first += BLOCK) {
    const count = Math.min(BLOCK, sampleSize - first);
    likelihood += assign(first, count, shares);
    accumulate(components, points, first, count, shares, block);
    fold(total, block);
  }
  const centre = priorOf(step);
  if (centre) addPrior(components, sourceComponents(step, centre), rules.strength, total);
  maximise(components, total, maximiseRules(step));
  return likelihood / sampleSize;
}

/**
 * Components that are dead when a fit starts are put on a point each, taken at random of all, with
 * the width √(tr S / d) K^(−1/d) of a K-th of the sample's volume, and have 1/K of the weight.
 */
function respawn({ rules, place, points, components }: Step, sd: number): void {
  const { dim, components: count } = rules;
  const { weights, means, factors } = components;
  const length = packedLength(dim);
  const dead = weights.reduce((sum, weight) => sum + (weight > 0 ? 0 : 1), 0);
  for (let k = 0; k < count; k++) {
    if (weights[k]! > 0) {
      weights[k]! *= 1 - dead / count;
      continue;
    }
    const word = words(rules.key, k, place.lineage, place.generation, STREAMS.respawn)[0]!;
    const at = wordBelow(word, rules.sampleSize) * dim;
    weights[k] = 1 / count;
    means.set(points.subarray(at, at + dim), k * dim);
    factors.fill(0, k * length, (k + 1) * length);
    for (let a = 0; a < dim; a++) {
      factors[k * length + packedIndex(a, a)] = sd * count ** (-1 / dim);
    }
  }
}

/**
 * Centres by k-means++ and Lloyd, or K points at random, then weights, means and covariances of the
 * points that are nearest to each. Points are chosen without regard to what they weigh.
 */
function clusters(step: Step, start: 'kmeans' | 'random'): void {
  const { rules, components, points } = step;
  const { dim } = rules;
  const centres = components.means;
  for (let k = 0; k < rules.components; k++) {
    const at = raceWinner(step, k, start) * dim;
    centres.set(points.subarray(at, at + dim), k * dim);
  }
  const limit = start === 'kmeans' ? LLOYD_LIMIT : 0;
  for (let pass = 0; pass < limit && lloydPass(centres, points, dim); pass++);
  fitPass(step, (first, count, shares) => {
    shares.fill(0);
    for (let i = 0; i < count; i++) {
      const k = nearestCentre(centres, rules.components, points, (first + i) * dim, dim);
      shares[k * count + i] = weightOf(step, first + i);
    }
    return 0;
  });
}

/**
 * The point that becomes centre k: the least E_i / D_i² to the centres chosen before it; at random,
 * the least E_i of those that are none.
 */
function raceWinner(step: Step, k: number, start: 'kmeans' | 'random'): number {
  const { rules, place, points, components } = step;
  const { means } = components;
  const { dim } = rules;
  let winner = 0;
  let least = NEVER;
  for (let i = 0; i < rules.sampleSize; i++) {
    const word = words(rules.key, i, place.lineage, place.generation, STREAMS.kmeans, k)[0]!;
    const nearest = k === 0 ? 0 : nearestCentre(means, k, points, i * dim, dim);
    const apart = k === 0 ? 1 : squaredDistance(means, nearest, points, i * dim, dim);
    const square = start === 'random' ? Math.sign(apart) : apart;
    const time = raceTime(exponential(word), square);
    if (time < least) {
      least = time;
      winner = i;
    }
  }
  return winner;
}
