/**
 * Points of a batch that are looked at before they are let in, or that come from more than truth
 * and parent: archive, memory, poison, truncation, paraphrase, verifier, curation, quality filter,
 * protected modes. A candidate is a pure function of (lineage, generation, point, attempt), so any
 * point of any batch can be made again at any time. Twin: shaders/assemble/batch.wgsl.
 */
import type { FramedModel } from '../frame.ts';
import { scaleBy } from '../math/exponent.ts';
import { lowerRow } from '../math/triangular.ts';
import { packedLength } from '../mixture.ts';
import { normalPair, unitUniform, wordBelow } from '../rng/normal.ts';
import { STREAMS } from '../rng/coordinates.ts';
import { rulesAt, type Rules } from '../rules.ts';
import {
  frameGaussians,
  logDensity,
  logTerm,
  SILENT,
  type Gaussians,
} from '../statistics/density.ts';
import { STATUS_BITS } from '../status.ts';
import {
  blockAt,
  choiceWord,
  isReal,
  pickComponent,
  placeOf,
  pointNormals,
  sharpenWeights,
  type Mix,
  type Place,
} from './draws.ts';
import type { WorkingFrame } from './sources.ts';

/** Candidates of one point, at most; the last one is taken then, and the status says so. */
export const MAX_ATTEMPTS = 255;
/** Draws from a model by which the verifier judges what its best are. */
export const THRESHOLD_DRAWS = 256;

/** What the points of one batch of one lineage are made from. */
export interface Batch {
  readonly rules: Rules;
  readonly place: Place;
  readonly mix: Mix;
  /** Newest first: what synthetic points come from; empty at generation 1. */
  readonly models: readonly FramedModel[];
  /** What their components are chosen by. */
  readonly weights: readonly Float64Array[];
  readonly screen: Screen | null;
  /** Whether the point made last is a real one, and how many copies it is from a human. */
  real: boolean;
  ancestry: number;
}

/** What candidates are judged by. */
interface Screen {
  /** p₀ in truth units. */
  readonly truth: Gaussians;
  /** The last model in its own frame, and its ln density at its densest mean. */
  readonly model: Gaussians;
  readonly peak: number;
  /** ln p₀ that the verifier asks for. */
  readonly threshold: number;
}

/** @param past Models of the lineage, q_{generation − 1} last. */
export function batchOf(
  cell: Rules,
  past: readonly FramedModel[],
  lineage: number,
  generation: number,
): Batch {
  const rules = rulesAt(cell, generation);
  const place = placeOf(rules.key, lineage, generation, rules.dim);
  if (generation === 1) {
    const mix = { quota: rules.sampleSize, share: 0 };
    return { rules, place, mix, models: [], weights: [], screen: null, real: true, ancestry: 0 };
  }
  const count = Math.min(rules.memory, generation - 1);
  const models = Array.from({ length: count }, (_, back) => past.at(-1 - back)!);
  return {
    rules,
    place,
    mix: { quota: rules.quota, share: rules.share },
    models,
    weights: models.map(({ weights }) => sharpenWeights(weights, rules.sharpening)),
    screen: isLookedAt(rules) ? screenOf(rules, place, models[0]!) : null,
    real: false,
    ancestry: 0,
  };
}

const verifies = ({ keep, error }: Rules): boolean => keep < 1 || error > 0;

const isLookedAt = (rules: Rules): boolean =>
  verifies(rules) ||
  rules.candidates > 1 ||
  rules.selectivity > 0 ||
  rules.protectedModes.length > 0;

export function screenOf(rules: Rules, place: Place, parent: FramedModel): Screen {
  const model = frameGaussians(parent);
  const truth = frameGaussians(rules.truth);
  let peak = SILENT;
  for (let k = 0; k < model.count; k++) {
    if (model.constants[k] === SILENT) continue;
    const mean = model.means.subarray(k * rules.dim, (k + 1) * rules.dim);
    peak = Math.max(peak, logDensity(model, mean));
  }
  const threshold = rules.keep < 1 ? thresholdOf(rules, place, parent, truth) : -Infinity;
  return { truth, model, peak, threshold };
}

/**
 * The ln p₀ that the top α of 256 draws from the model have: of so many, a further draw is above the
 * k-th with probability k/257.
 */
function thresholdOf(rules: Rules, place: Place, parent: FramedModel, truth: Gaussians): number {
  const own = placeOf(place.key, place.lineage, place.generation, rules.dim);
  const z = new Float64Array(rules.dim);
  const x = new Float64Array(rules.dim);
  const found = new Float64Array(THRESHOLD_DRAWS);
  for (let j = 0; j < THRESHOLD_DRAWS; j++) {
    own.attempt = 1;
    const u = unitUniform(blockAt(own, STREAMS.threshold, j)[0]!);
    own.attempt = 0;
    plainNormals(blockAt(own, STREAMS.threshold, j), z);
    modelPoint(parent, pickComponent(parent.weights, u), z, TRUTH_FRAME, x);
    found[j] = logDensity(truth, x);
  }
  found.sort();
  return found[THRESHOLD_DRAWS - thresholdRank(rules.keep)]!;
}

/** k of the k-th largest draw. */
export const thresholdRank = (keep: number): number =>
  Math.min(THRESHOLD_DRAWS, Math.max(1, Math.floor(keep * (THRESHOLD_DRAWS + 1) + 0.5)));

/** Truth units themselves, for d up to 4. */
export const TRUTH_FRAME: WorkingFrame = {
  origin: new Float64Array(4),
  originLow: new Float64Array(4),
  scale: 0,
};

/** Standard normals of a block that has nothing but normals, into z. */
export function plainNormals(block: Uint32Array, z: Float64Array): void {
  for (let a = 0; a < z.length; a += 2) {
    const [first, second] = normalPair(block[a]!, block[a + 1]!);
    z[a] = first;
    if (a + 1 < z.length) z[a + 1] = second;
  }
}

/** Component k of a model at standard normals z, in a frame. */
function modelPoint(
  model: FramedModel,
  k: number,
  z: Float64Array,
  frame: WorkingFrame,
  y: Float64Array,
): void {
  const { dim, origin, originLow, scale } = model;
  for (let a = 0; a < dim; a++) {
    const offset = scaleBy(
      lowerRow(model.factors, k * packedLength(dim), a, z),
      model.exponents[k]!,
    );
    const shift = origin[a]! - frame.origin[a]! + (originLow[a]! - frame.originLow[a]!);
    const own = model.means[k * dim + a]! + offset;
    y[a] = scaleBy(shift, -frame.scale) + scaleBy(own, scale - frame.scale);
  }
}

/** A point of the frame in another one. */
export function moveFrame(
  y: Float64Array,
  from: WorkingFrame,
  to: WorkingFrame,
  out: Float64Array,
) {
  for (let a = 0; a < y.length; a++) {
    const shift = from.origin[a]! - to.origin[a]! + (from.originLow[a]! - to.originLow[a]!);
    out[a] = scaleBy(shift, -to.scale) + scaleBy(y[a]!, from.scale - to.scale);
  }
}

/** Point i of the batch in a frame, into y; returns status bits. */
export function batchPoint(batch: Batch, i: number, frame: WorkingFrame, y: Float64Array): number {
  const { rules, place } = batch;
  place.attempt = 0;
  batch.real = place.generation === 1;
  // An adversary's point is nobody's copy.
  batch.ancestry = 0;
  if (place.generation > 1 && rules.poison > 0 && poisonPoint(batch, i, frame, y)) return 0;
  if (place.generation > 1) return screenedPoint(batch, i, frame, y);
  realPoint(batch, i, frame, y);
  return 0;
}

/** Whether point i is an adversary's, which is then in y. */
export function poisonPoint(
  { rules, place }: Batch,
  i: number,
  frame: WorkingFrame,
  y: Float64Array,
) {
  const poisoned = unitUniform(blockAt(place, STREAMS.poison, i)[0]!) < rules.poison;
  if (!poisoned) return false;
  place.attempt = 1;
  plainNormals(blockAt(place, STREAMS.poison, i), y);
  for (let a = 0; a < y.length; a++) y[a] = rules.poisonMean[a]! + rules.poisonScale * y[a]!;
  moveFrame(y, TRUTH_FRAME, frame, y);
  return true;
}

/** Candidates until one is let in. */
function screenedPoint(batch: Batch, i: number, frame: WorkingFrame, y: Float64Array): number {
  const { rules, place, mix } = batch;
  for (place.attempt = 0; ; place.attempt++) {
    let exhausted = 0;
    batch.real = isReal(place, mix, i);
    batch.ancestry = 0;
    if (batch.real) {
      realPoint(batch, i, frame, y);
    } else if (rules.protectedModes.length > 0 && protectedPoint(batch, i, frame, y)) {
      batch.real = true;
      return 0;
    } else {
      exhausted = bestCandidate(batch, i, frame, y);
    }
    if (rules.selectivity === 0 || exhausted !== 0) return exhausted;
    if (passesFilter(batch, i, frame, y)) return 0;
    if (place.attempt === MAX_ATTEMPTS - 1) return STATUS_BITS.attemptsExhausted;
  }
}

/** A real point: a new one, or one of the first generation's. */
function realPoint(
  { rules, place, mix }: Batch,
  i: number,
  frame: WorkingFrame,
  y: Float64Array,
): void {
  if (!rules.fixed || place.generation === 1) {
    freshPoint(rules, place, i, frame, y);
    return;
  }
  const { sampleSize } = rules.phases[0]!;
  const index = i < mix.quota ? i % sampleSize : wordBelow(choiceWord(place, i), sampleSize);
  freshPoint(rules, placeOf(rules.key, place.lineage, 1, rules.dim), index, frame, y);
}

/** Point i of a batch as a real one. */
export function freshPoint(
  { truth, rows, dim }: Rules,
  place: Place,
  i: number,
  frame: WorkingFrame,
  y: Float64Array,
): void {
  if (rows) {
    const row = wordBelow(choiceWord(place, i), rows.length / dim);
    moveFrame(rows.subarray(row * dim, (row + 1) * dim), TRUTH_FRAME, frame, y);
    return;
  }
  const k = componentOf(truth.weights, place, i);
  pointNormals(place, i, y);
  modelPoint(truth, k, y.slice(), frame, y);
}

const componentOf = (weights: Float64Array, place: Place, i: number): number =>
  weights.length === 1 ? 0 : pickComponent(weights, unitUniform(choiceWord(place, i)));

/** In the place of a synthetic point: whether it is a real one of the protected modes. */
function protectedPoint({ rules, place }: Batch, i: number, frame: WorkingFrame, y: Float64Array) {
  const { truth, protectedModes } = rules;
  const block = blockAt(place, STREAMS.protect, i);
  const weights = truth.weights.map((w, j) => (protectedModes.includes(j) ? w : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const [chance, choice] = [unitUniform(block[0]!), unitUniform(block[1]!)];
  if (!(chance < total)) return false;
  pointNormals(place, i, y);
  modelPoint(truth, pickComponent(weights, choice * total), y.slice(), frame, y);
  return true;
}

/**
 * The best of so many synthetic candidates that the verifier and the protected modes let through,
 * into y; `place.attempt` is left at the last one drawn. Returns status bits.
 */
function bestCandidate(batch: Batch, i: number, frame: WorkingFrame, y: Float64Array): number {
  const { rules, place, screen } = batch;
  const candidate = new Float64Array(rules.dim);
  const x = new Float64Array(rules.dim);
  let best = -Infinity;
  let found = 0;
  for (; ; place.attempt++) {
    const last = place.attempt >= MAX_ATTEMPTS - 1;
    const back = sourceModel(batch, i);
    const drawn = syntheticPoint(batch, i, back, frame, candidate);
    let density = 0;
    let passes = drawn;
    if (screen) {
      moveFrame(candidate, frame, TRUTH_FRAME, x);
      density = logDensity(screen.truth, x);
      passes = drawn && isLetThrough(batch, screen, i, x, density);
    }
    // Where nothing has passed by the end, the last one drawn is taken.
    if ((passes && (found === 0 || density > best)) || (last && found === 0)) {
      best = density;
      y.set(candidate);
      batch.ancestry = batch.models[back]!.ancestry + 1;
    }
    if (passes) found++;
    if (found === rules.candidates) return 0;
    if (last) return STATUS_BITS.attemptsExhausted;
  }
}

/** Which of the models a candidate is drawn from. */
const sourceModel = ({ place, models }: Batch, i: number): number =>
  models.length > 1 ? wordBelow(blockAt(place, STREAMS.screen, i)[3]!, models.length) : 0;

/** A draw from one of the models; false where it lies beyond the truncation. */
function syntheticPoint(
  { rules, place, models, weights }: Batch,
  i: number,
  back: number,
  frame: WorkingFrame,
  y: Float64Array,
): boolean {
  const k = componentOf(weights[back]!, place, i);
  const z = new Float64Array(rules.dim);
  pointNormals(place, i, z);
  const radius = z.reduce((sum, entry) => sum + entry * entry, 0);
  for (let a = 0; a < rules.dim; a++) z[a]! *= rules.spread;
  modelPoint(models[back]!, k, z, frame, y);
  if (rules.noise > 0) {
    plainNormals(blockAt(place, STREAMS.paraphrase, i), z);
    for (let a = 0; a < rules.dim; a++) {
      y[a]! += scaleBy(rules.noise * lowerRow(rules.truthFactor, 0, a, z), -frame.scale);
    }
  }
  return radius <= rules.truncation * rules.truncation;
}

/** The verifier's verdict, and whether the point falls to a mode that is not protected. */
function isLetThrough(
  { rules, place }: Batch,
  { truth, threshold }: Screen,
  i: number,
  x: Float64Array,
  density: number,
): boolean {
  const block = blockAt(place, STREAMS.screen, i);
  if (verifies(rules)) {
    const flipped = unitUniform(block[0]!) < rules.error;
    if (density >= threshold === flipped) return false;
  }
  if (rules.protectedModes.length === 0) return true;
  let share = 0;
  for (const j of rules.protectedModes) share += Math.exp(logTerm(truth, j, x) - density);
  return unitUniform(block[2]!) >= share;
}

/** Kept with probability min(1, (q/q*)^s), q the density of the last model. */
function passesFilter(
  { rules, place, models, screen }: Batch,
  i: number,
  frame: WorkingFrame,
  y: Float64Array,
) {
  const own = new Float64Array(rules.dim);
  moveFrame(y, frame, models[0]!, own);
  const { model, peak } = screen!;
  const acceptance = Math.exp(Math.min(0, rules.selectivity * (logDensity(model, own) - peak)));
  return unitUniform(blockAt(place, STREAMS.screen, i)[1]!) < acceptance;
}
