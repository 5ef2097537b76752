/**
 * A training set of K = 1 drawn as groups of points: all batches before, where these are kept, then
 * what comes from models, from the truth and from an adversary.
 * Twins: groupTally of shaders/kernels/closed.wgsl, counted.wgsl and wide_closed.wgsl.
 */
import type { FramedModel, Pool, Tally } from '../frame.ts';
import { classScales } from '../gmm/weights.ts';
import type { WishartPlace } from '../gmm/wishart.ts';
import { scaleBy } from '../math/exponent.ts';
import { packedIndex, packedLength } from '../mixture.ts';
import { besselOf, type Rules } from '../rules.ts';
import { segmentsOf } from './archive.ts';
import { moveFrame } from './batch.ts';
import { modeChance, partCount, partOfGroup, type BatchCounts } from './counts.ts';
import {
  addFactors,
  createTally,
  GROUPS,
  joinTallies,
  mergeDraw,
  mergeTally,
  scatterOf,
} from './groups.ts';
import type { Sources, WorkingFrame } from './sources.ts';

/** What groups are drawn from. */
export interface GroupedSet {
  /** Of the training set. */
  readonly rules: Rules;
  readonly place: WishartPlace;
  /** Truth and parent, in the working frame. */
  readonly sources: Sources;
  readonly frame: WorkingFrame;
  /** Those that points come from, newest first; empty at generation 1. */
  readonly models: readonly FramedModel[];
  /** All points before, in the working frame; null where these are the parent's, or not wanted. */
  readonly kept: Pool | null;
  readonly batchSize: number;
  readonly counts: BatchCounts;
  /** What real points weigh together of 1; null where all weigh alike. */
  readonly realWeight: number | null;
}

/** A training set as its fit sees it. */
export interface Grouped {
  /** Number, mean and scatter. */
  readonly tally: Tally;
  /** Of its new points, copies since a human, summed and divided by the number of all. */
  readonly copies: number;
  /** All points so far, where they are kept beside the model. */
  readonly pool: Pool | null;
}

export function groupTally(set: GroupedSet): Grouped {
  const { rules, place, sources, kept, batchSize, counts, realWeight } = set;
  const { dim, sampleSize, fixed, unbiased } = rules;
  const [rest = createTally(dim), real = createTally(dim)] = kept ?? [];
  const before = sampleSize - batchSize;
  if (before > 0 && !kept) {
    const bessel = besselOf(unbiased, before);
    const { mean, factor } = sourceAt(sources, sources.count - 1);
    mergeTally(rest, before, mean, scatterOf(factor, dim, bessel > 0 ? before / bessel : 0));
  }
  const first = place.generation === 1;
  let copies = 0;
  if (first) mergeModes(set, rest, place, GROUPS.rest, GROUPS.restParts, counts.rest);
  else copies = mergeModels(set, rest);
  if (fixed) mergeArchive(set, real);
  else mergeModes(set, real, place, GROUPS.real, GROUPS.realModes, counts.real);
  if (counts.poison > 0) mergePoison(set, rest);
  const share = first ? null : realWeight;
  const scales = classScales(rest.points, real.points, share, sampleSize);
  const tally = joinTallies(rest, real, scales);
  return { tally, copies, pool: kept ? poolOf(set, tally, rest, real) : null };
}

/** What is kept of a training set whose kinds these are; all is real at first. */
function poolOf({ rules, place }: GroupedSet, all: Tally, rest: Tally, real: Tally): Pool {
  if (rules.pool === 'whole') return [all];
  return place.generation === 1 ? [createTally(rules.dim), all] : [rest, real];
}

/** Mean and factor of a source. */
function sourceAt({ dim, means, factors }: Sources, s: number) {
  const length = packedLength(dim);
  return {
    mean: means.subarray(s * dim, (s + 1) * dim),
    factor: factors.subarray(s * length, (s + 1) * length),
  };
}

/** Adds the first points of the archive, or all of it that the first generation has apart. */
function mergeArchive(set: GroupedSet, tally: Tally): void {
  const { rules, place } = set;
  for (const { index, points, times } of segmentsOf(rules, place.generation, rules.quota)) {
    const drawnAt = { ...place, generation: 1 + index };
    mergeModes(set, tally, drawnAt, GROUPS.real, GROUPS.realModes, points, times);
  }
}

/** Adds `points` points of the truth, mode by mode, so often. */
function mergeModes(
  { rules, sources }: GroupedSet,
  tally: Tally,
  place: WishartPlace,
  group: number,
  counted: number,
  points: number,
  times = 1,
): void {
  const { weights } = rules.truth;
  let left = points;
  for (let j = 0; j < weights.length && left > 0; j++) {
    const own = partCount(place, counted, j, left, modeChance(weights, j));
    const { mean, factor } = sourceAt(sources, j);
    mergeDraw(tally, { ...place, group: partOfGroup(group, j) }, own, mean, factor, times);
    left -= own;
  }
}

/** Adds the points of models, each from any of them alike; returns copies as `groupTally` does. */
function mergeModels(set: GroupedSet, tally: Tally): number {
  const { rules, place, sources, frame, models, counts } = set;
  const { dim, spread, noise } = rules;
  const noiseFactor = rules.truthFactor.map((entry) => scaleBy(entry, -frame.scale));
  let left = counts.rest;
  let copies = 0;
  for (let back = 0; back < models.length && left > 0; back++) {
    const own = partCount(place, GROUPS.restParts, back, left, 1 / (models.length - back));
    const model = models[back]!;
    const { mean, factor } =
      back === 0 ? sourceAt(sources, sources.count - 1) : modelIn(model, frame);
    const wide = addFactors(factor, spread, noiseFactor, noise, dim);
    const part = partOfGroup(GROUPS.rest, back);
    mergeDraw(tally, { ...place, group: part }, own, mean, wide);
    copies += (own / rules.sampleSize) * (model.ancestry + 1);
    left -= own;
  }
  return copies;
}

/** Mean and factor of a model of one component, in a frame. */
function modelIn(model: FramedModel, frame: WorkingFrame) {
  const mean = new Float64Array(model.dim);
  moveFrame(model.means, model, frame, mean);
  const shift = model.exponents[0]! + model.scale - frame.scale;
  return { mean, factor: model.factors.map((entry) => scaleBy(entry, shift)) };
}

function mergePoison({ rules, place, frame, counts }: GroupedSet, tally: Tally): void {
  const { dim, poisonMean, poisonScale } = rules;
  const { origin, originLow, scale } = frame;
  const mean = poisonMean.map((x, a) => scaleBy(x - origin[a]! - originLow[a]!, -scale));
  const factor = new Float64Array(packedLength(dim));
  for (let a = 0; a < dim; a++) factor[packedIndex(a, a)] = scaleBy(poisonScale, -scale);
  mergeDraw(tally, { ...place, group: GROUPS.poison }, counts.poison, mean, factor);
}
