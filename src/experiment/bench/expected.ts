/**
 * What a mechanism should cost beside the plain run of the same shape, from what it has to do:
 * points of its training sets, candidates of a point, words and densities of a candidate, in visits
 * of a point by a component (`plan/point-costs.ts`). What a bench measures is held against it.
 */
import { HAND_OVER_COST, handOverReasons } from '../../plan/hand-over.ts';
import { KERNEL_COSTS, REFERENCE_COSTS, type PointCosts } from '../../plan/point-costs.ts';
import { coresetWork, DRAW_VISITS, mostIterations, trainingPoints } from '../../plan/work.ts';
import { THRESHOLD_DRAWS } from '../../model/assemble/batch.ts';
import { isAssembled, weighsPoints } from '../../model/rules.ts';
import { normalCdf } from '../../model/statistics/erfc.ts';
import {
  specAt,
  truthComponentCount,
  truthDim,
  type PhaseSpec,
  type Spec,
} from '../../spec/schema.ts';
import type { Contender } from './contender.ts';

export interface Expectation {
  /** Times that a lineage-generation of the plain run takes. */
  readonly factor: number;
  /** Where it comes from, for people. */
  readonly why: string;
}

/** How points are made. */
interface Maker {
  readonly costs: PointCosts;
  /** Points that are made at once, and wait for the one with most candidates. */
  readonly lanes: number;
  /** Places of a pool that are found at once. */
  readonly places: number;
  /** A lane goes from point to point: neighbours in one batch share a block and a pair. */
  readonly shares: boolean;
  /** Lanes are masked: what stands in any branch takes its time for every point. */
  readonly masks: boolean;
  /** Values of sets that outgrow the registers are fetched on every pass, in visits. */
  readonly fetch: number;
  /** Values that one tile of such a set has room for; a pass goes through all of one with a point. */
  readonly tile: number;
  /** Pairs of the verifier's draws are held against each other, in visits. */
  readonly rank: number;
}

const ONE_BY_ONE = { lanes: 1, places: 1, shares: true, masks: false, fetch: 0, tile: 1, rank: 0 };
const REFERENCE: Maker = { costs: REFERENCE_COSTS, ...ONE_BY_ONE };
/** Four lineages in a vector, four vectors of places side by side. */
const VECTORS: Maker = { ...ONE_BY_ONE, costs: KERNEL_COSTS, lanes: 4, places: 16 };
/** A subgroup is 32 lanes; two comparisons, choices and sums are .3 of a visit. */
const LANES: Maker = {
  ...{ costs: KERNEL_COSTS, lanes: 32, places: 32 },
  ...{ shares: false, masks: false, fetch: 1, tile: 1, rank: 0.3 },
};
/** SwiftShader: vectors of four lanes with 16 places each, and no branch is ever left out. */
const MASKED_LANES: Maker = { ...LANES, lanes: 4, places: 4, tile: 64, masks: true };

type Engine = Pick<Contender, 'engine' | 'adapter' | 'lacks'>;

function makerOf({ engine, adapter }: Engine): Maker {
  if (engine === 'reference') return REFERENCE;
  if (engine === 'webgpu') return adapter?.software ? MASKED_LANES : LANES;
  return VECTORS;
}

/** Of a cell on a line whose truth is equal blobs, on an engine. */
export function expectedFactor(plain: Spec, spec: Spec, engine: Engine): Expectation {
  const handed = handOverReasons(spec, engine.lacks).length > 0;
  const maker = handed ? REFERENCE : makerOf(engine);
  const points = meanPoints(spec);
  const relative = points / plain.sampleSize;
  const point = pointCost(spec, maker);
  const steps = mostIterations(spec);
  const fit = steps * spec.fit.components;
  // Where points weigh unlike, each has its weight beside it.
  const values = weighsPoints(spec) ? 2 : 1;
  const outgrows = trainingPoints(spec, spec.generations) * values > plain.sampleSize;
  const fetched = outgrows ? steps * maker.fetch * values : 0;
  const tile = Math.ceil(maker.tile / values);
  const places = outgrows ? meanPoints(spec, tile) : points;
  const phase = specAt(spec, 2);
  const once = thresholdCost(phase, maker) + coresetOnce(spec);
  const work = places * (fit + fetched) + points * point.visits + once;
  const usual = plain.sampleSize * (fit + DRAW_VISITS);
  const parts = [
    relative === 1 ? '' : `${short(relative)} times the points, the mean over generations`,
    places === points ? '' : `in tiles of ${tile} places`,
    fetched > 0 ? `${values > 1 ? 'points and weights' : 'points'} fetched on every pass` : '',
    point.why,
    phase.batch.verifier.keep < 1 ? `${THRESHOLD_DRAWS} draws for the verifier's threshold` : '',
    handed ? `${HAND_OVER_COST} times by the reference's code` : '',
  ].filter((part) => part !== '');
  const why = parts.length > 0 ? parts.join('; ') : 'nothing more to do';
  return { factor: ((handed ? HAND_OVER_COST : 1) * work) / usual, why };
}

const short = (value: number): string => `${Number(value.toPrecision(3))}`;

/** Points of a training set in whole tiles, the mean over generations. */
const meanPoints = (spec: Spec, tile = 1): number =>
  meanOver(spec.generations, (t) => tile * Math.ceil(trainingPoints(spec, t) / tile));

function meanOver(generations: number, of: (t: number) => number): number {
  let sum = 0;
  for (let t = 1; t <= generations; t++) sum += of(t);
  return sum / generations;
}

/**
 * Attempts of the slowest of so many lanes, the mean, where each attempt succeeds with probability
 * p and a lane has to try at all with probability `asked`: the sum of the chances that after k
 * attempts somebody is still at it.
 */
export function slowestOf(lanes: number, p: number, asked = 1): number {
  let mean = 0;
  for (let k = 0, left = 1; left > 1e-9; k++) {
    left = 1 - (1 - asked * (1 - p) ** k) ** lanes;
    mean += left;
  }
  return mean;
}

interface PointCost {
  readonly visits: number;
  readonly why: string;
}

/** What one point costs before it is fitted to, in visits, from the second generation on. */
function pointCost(cell: Spec, maker: Maker): PointCost {
  const spec = specAt(cell, 2);
  const { block } = maker.costs;
  if (!isAssembled(cell)) {
    const asks = maker.masks ? spec.batch.realFraction > 0 || spec.batch.web !== null : false;
    return asks
      ? { visits: DRAW_VISITS + block, why: 'a block that says whether a point is real' }
      : { visits: DRAW_VISITS, why: '' };
  }
  const attempts = candidatesOf(spec, maker.lanes);
  const parts: [visits: number, why: string][] = [
    [maker.costs.entry, 'assembled one by one'],
    [drawVisits(spec, attempts, maker), attempts === 1 ? '' : `${short(attempts)} candidates`],
    lookVisits(spec, attempts, maker),
    wordVisits(spec, attempts, maker),
    modelVisits(spec, attempts, maker),
    placeVisits(cell, maker),
    branchVisits(spec, attempts, maker),
  ];
  return {
    visits: parts.reduce((sum, [visits]) => sum + visits, 0),
    why: parts.flatMap(([visits, why]) => (visits > 0 && why !== '' ? [why] : [])).join('; '),
  };
}

/** Normals and component of each candidate; only the first may share its words. */
function drawVisits({ retention }: PhaseSpec, attempts: number, { costs, shares }: Maker): number {
  const words = costs.block + costs.pair;
  const first = shares && retention !== 'accumulate-subsample' ? words / 2 : words;
  return first + (attempts - 1) * words + attempts * (costs.place + costs.candidate);
}

const verifies = ({ verifier }: PhaseSpec['batch']): boolean =>
  verifier.keep < 1 || verifier.error > 0;

/** Whether the truth's density decides over candidates. */
const judged = ({ batch }: PhaseSpec): boolean =>
  batch.curation.candidates > 1 || verifies(batch) || batch.protectedModes.length > 0;

/**
 * Candidates of a point, the mean over the slowest of the lanes, and its real one where modes are
 * protected: with so much of the truth's weight in them a place has a real point, and each candidate
 * of the others falls to them.
 */
function candidatesOf(spec: PhaseSpec, lanes: number): number {
  const { batch, truth } = spec;
  const { truncation, verifier, curation, qualityFilter, protectedModes } = batch;
  const inside = truncation === null ? 1 : 2 * normalCdf(truncation) - 1;
  const verdict = verifier.keep * (1 - verifier.error) + (1 - verifier.keep) * verifier.error;
  // A Gaussian's density to the power s over its highest, the mean over its own draws at d = 1.
  const liked = 1 / Math.sqrt(1 + qualityFilter);
  const real = protectedModes.length / truthComponentCount(truth)!;
  const accepted = inside * verdict * liked * (1 - real);
  return curation.candidates * slowestOf(lanes, accepted, 1 - real) + real;
}

/** Component densities that a candidate is judged by. */
function lookVisits(spec: PhaseSpec, attempts: number, { costs }: Maker): [number, string] {
  const { batch, truth, fit } = spec;
  const filters = batch.qualityFilter > 0;
  const looks =
    (judged(spec) || filters ? truthComponentCount(truth)! : 0) + (filters ? fit.components : 0);
  return [attempts * looks * costs.look, `${looks} component densities a candidate`];
}

/** Blocks beside those that points are drawn with, and what is made of them. */
function wordVisits(spec: PhaseSpec, attempts: number, maker: Maker): [number, string] {
  const { batch } = spec;
  const { block, pair, place } = maker.costs;
  const normals = block + pair + place;
  const screened = judged(spec) || batch.memory > 1 || batch.qualityFilter > 0 ? block : 0;
  const noise = batch.paraphrase.noise > 0 ? normals : 0;
  const { share } = batch.poison;
  // All lanes wait where one of them is an adversary's.
  const poisoned = maker.masks ? 1 : 1 - (1 - share) ** maker.lanes;
  const poison = share > 0 ? block + poisoned * normals : 0;
  const guard = batch.protectedModes.length > 0 ? block : 0;
  const visits = attempts * (screened + noise) + poison + guard;
  return [visits, `${short(visits / block)} blocks' worth of other words`];
}

/** Models that differ from lane to lane, and from point to point. */
function modelVisits(spec: PhaseSpec, attempts: number, maker: Maker): [number, string] {
  const { batch, retention } = spec;
  const pooled = retention !== 'replace';
  const opened = (pooled ? 1 : 0) + (batch.memory > 1 ? attempts : 0);
  if (maker.masks) return [opened * maker.costs.opening, 'a model opened for every point'];
  const apart = batch.memory > 1 || retention === 'accumulate-subsample';
  return [apart ? attempts * maker.costs.model : 0, 'a model of its own'];
}

/** Places in a pool: the permutation of the next power of four is walked until it comes back. */
function placeVisits(cell: Spec, { costs, places }: Maker): [number, string] {
  if (cell.retention !== 'accumulate-subsample') return [0, ''];
  const walks = meanOver(cell.generations, (t) => {
    const pool = meanOver(t, (s) => trainingPoints(cell, s)) * t;
    return slowestOf(places, pool / 4 ** Math.ceil(Math.log2(pool) / 2));
  });
  return [walks * costs.walk, `${short(walks)} walks to a place in the pool`];
}

/**
 * What a point's branches hold that it does not take, of words and normals that it has not made
 * anyway: an origin's word, an archive point's block, the normals of a real point and of a protected
 * one. A filter asks for all of it again at each of its attempts.
 */
function branchVisits(spec: PhaseSpec, attempts: number, maker: Maker): [number, string] {
  if (!maker.masks) return [0, ''];
  const { block, pair, place } = maker.costs;
  const { batch } = spec;
  const asks = batch.realFraction > 0 || batch.web !== null ? block : 0;
  const archive = batch.realSource === 'fixed' && asks > 0 ? block : 0;
  const drawn = (batch.protectedModes.length > 0 ? 2 : 1) * (pair + place);
  const times = batch.qualityFilter > 0 ? attempts : 1;
  return [times * (asks + archive + drawn), 'branches that are not left out'];
}

/** The threshold is found once a generation: draws without neighbours, and the truth's density. */
function thresholdCost({ batch, truth }: PhaseSpec, { costs, rank }: Maker): number {
  if (batch.verifier.keep === 1) return 0;
  const { block, pair, place, look } = costs;
  const draw = 2 * block + pair + place + truthComponentCount(truth)! * look;
  return THRESHOLD_DRAWS * (draw + rank * THRESHOLD_DRAWS);
}

/** A coreset is made once, and is paid by all generations. */
const coresetOnce = (spec: Spec): number =>
  coresetWork(spec, truthDim(spec.truth)) / spec.generations;
