/**
 * What a mechanism should cost beside the plain run of the same shape, from what it has to do:
 * points of its training sets, candidates of a point, words and densities of a candidate, in visits
 * of a point by a component. What a bench measures is held against it.
 */
import { HAND_OVER_COST, handOverReasons, type Lack } from '../../plan/hand-over.ts';
import { DRAW_VISITS, mostIterations, trainingPoints } from '../../plan/work.ts';
import { THRESHOLD_DRAWS } from '../../model/assemble/batch.ts';
import { ROUNDS } from '../../model/assemble/permutation.ts';
import { isAssembled } from '../../model/rules.ts';
import { normalCdf } from '../../model/statistics/erfc.ts';
import { specAt, truthComponentCount, type PhaseSpec, type Spec } from '../../spec/schema.ts';

export interface Expectation {
  /** Times that a lineage-generation of the plain run takes. */
  readonly factor: number;
  /** Where it comes from, for people. */
  readonly why: string;
}

/**
 * Times that the permutation is walked until it is back in the pool: its domain is the next power of
 * four, 1 to 4 times the pool.
 */
const WALK = 2;

/** Of a cell on a line whose truth is equal blobs; `lacks` are what the engine hands over. */
export function expectedFactor(plain: Spec, spec: Spec, lacks: readonly Lack[]): Expectation {
  const fit = mostIterations(spec) * spec.fit.components;
  const point = pointCost(spec);
  const points = meanPoints(spec);
  const handed = handOverReasons(spec, lacks).length > 0;
  const once = thresholdCost(specAt(spec, 2));
  const work = points * (fit + point.visits) + once;
  const usual = plain.sampleSize * (fit + DRAW_VISITS);
  const handOver = handed ? HAND_OVER_COST : 1;
  const relative = points / plain.sampleSize;
  const parts = [
    relative === 1 ? '' : `${short(relative)} times the points, the mean over generations`,
    point.candidates === 1 ? '' : `${short(point.candidates)} candidates a point`,
    point.why,
    once > 0 ? `${THRESHOLD_DRAWS} draws for the verifier's threshold` : '',
    handed ? `${HAND_OVER_COST} times by the reference's code` : '',
  ].filter((part) => part !== '');
  const why = parts.length > 0 ? parts.join('; ') : 'nothing more to do';
  return { factor: (handOver * work) / usual, why };
}

const short = (value: number): string => `${Number(value.toPrecision(3))}`;

/** Points of a training set, the mean over generations. */
function meanPoints(spec: Spec): number {
  let points = 0;
  for (let t = 1; t <= spec.generations; t++) points += trainingPoints(spec, t);
  return points / spec.generations;
}

interface PointCost {
  readonly visits: number;
  readonly candidates: number;
  readonly why: string;
}

/** What one point costs before it is fitted to, in visits, from the second generation on. */
function pointCost(cell: Spec): PointCost {
  if (!isAssembled(cell)) return { visits: DRAW_VISITS, candidates: 1, why: '' };
  const spec = specAt(cell, 2);
  const candidates = candidatesOf(spec);
  const looks = densitiesOf(spec);
  const [ofCandidate, ofPoint] = extraDraws(spec);
  // Further candidates share their words with no neighbour.
  const draws = candidates * (1 + ofCandidate) + (candidates - 1) + ofPoint;
  const subsamples = spec.retention === 'accumulate-subsample';
  const place = subsamples ? DRAW_VISITS + WALK * ROUNDS : 0;
  const why = [
    looks > 0 ? `${looks} component densities a candidate` : '',
    ofCandidate + ofPoint > 0 ? `${short(ofCandidate + ofPoint)} more draws a point` : '',
    subsamples ? 'places in the pool, and points without neighbours' : '',
  ];
  return {
    visits: draws * DRAW_VISITS + candidates * looks + place,
    candidates,
    why: why.filter((part) => part !== '').join('; '),
  };
}

const verifies = ({ verifier }: PhaseSpec['batch']): boolean =>
  verifier.keep < 1 || verifier.error > 0;

/** Synthetic candidates of a point, the mean, and its real one where modes are protected. */
function candidatesOf(spec: PhaseSpec): number {
  const { batch, truth } = spec;
  const { truncation, verifier, curation, qualityFilter, protectedModes } = batch;
  const inside = truncation === null ? 1 : 2 * normalCdf(truncation) - 1;
  const verdict = verifier.keep * (1 - verifier.error) + (1 - verifier.keep) * verifier.error;
  // A Gaussian's density to the power s over its highest, the mean over its own draws at d = 1.
  const liked = 1 / Math.sqrt(1 + qualityFilter);
  // A share P of points is real; of the others' candidates as many fall to protected modes.
  const real = protectedModes.length / truthComponentCount(truth)!;
  return curation.candidates / (inside * verdict * liked) + real;
}

/** Component densities that a candidate is judged by. */
function densitiesOf({ batch, truth, fit }: PhaseSpec): number {
  const judged =
    batch.curation.candidates > 1 || verifies(batch) || batch.protectedModes.length > 0;
  return (
    (judged ? truthComponentCount(truth)! : 0) + (batch.qualityFilter > 0 ? fit.components : 0)
  );
}

/**
 * Words beside its own of a candidate, and of a point, in draws: at d = 1 neighbours share a block
 * and a pair of normals, so that one of either for a point alone is about a draw.
 */
function extraDraws({ batch }: PhaseSpec): [number, number] {
  const screened =
    batch.memory > 1 || verifies(batch) || batch.qualityFilter > 0 || batch.protectedModes.length;
  const noise = batch.paraphrase.noise > 0 ? 2 : 0;
  const poison = batch.poison.share > 0 ? 1 + 2 * batch.poison.share : 0;
  return [(screened ? 1 : 0) + noise, poison + (batch.protectedModes.length > 0 ? 1 : 0)];
}

/** The threshold is found once a generation: draws without neighbours, and the truth's density. */
const thresholdCost = ({ batch, truth }: PhaseSpec): number =>
  batch.verifier.keep < 1 ? THRESHOLD_DRAWS * (3 * DRAW_VISITS + truthComponentCount(truth)!) : 0;
