/**
 * Mean and covariance of n points of a Gaussian, drawn from their laws without the points: the mean
 * is N(0, I/n) and the scatter Wishart with n − 1 degrees of freedom, by Bartlett's decomposition
 * (1933): T lower triangular, T_aa² ~ χ² with n − 1 − a degrees, N(0, 1) below. Costs the same for
 * every n. Twin: shaders/gmm/wishart.wgsl.
 *
 * Words, stream `wishart`: block a of attempt k holds (radius, angle, uniform, –), whose pair of
 * normals is (candidate of T_aa, normal of mean a); the mean's comes from attempt 0. Normals below
 * the diagonal, in packed order, are four to a block from block d on. Group g has attempts from 16 g;
 * numbers of points are groups too, see assemble/counts.
 */
import { packedIndex } from '../mixture.ts';
import { STREAMS, words, type RandomKey } from '../rng/coordinates.ts';
import { normalPair, radiusSquared } from '../rng/normal.ts';
import type { Words } from '../rng/threefry.ts';

/** Where a draw stands in the random numbers. */
export interface WishartPlace {
  readonly key: RandomKey;
  readonly lineage: number;
  readonly generation: number;
  /** Which of the groups of points that a training set is made of; 0 where there is one. */
  readonly group?: number;
}

/** Candidates for one χ²; at least 95 % are taken, so that a 17th is wanted once in 10²¹ draws. */
export const CANDIDATE_LIMIT = 16;

/** v = (1 + w)³ where w ≤ −1, which is never taken but must not be a failure. */
const LEAST_CUBE = 1e-30;

function blockOf(
  { key, lineage, generation, group = 0 }: WishartPlace,
  index: number,
  attempt = 0,
): Words {
  const own = group * CANDIDATE_LIMIT + attempt;
  return words(key, index, lineage, generation, STREAMS.wishart, own);
}

/** The standard normals of the mean, √n (mean − μ), into z (length dim). */
export function meanNormals(place: WishartPlace, dim: number, z: Float64Array): void {
  for (let a = 0; a < dim; a++) {
    const block = blockOf(place, a);
    z[a] = normalPair(block[0]!, block[1]!)[1];
  }
}

/** The scatter's factor T for n points, packed into `factor`; columns from n − 1 on are 0. */
export function scatterFactor(
  place: WishartPlace,
  sampleSize: number,
  dim: number,
  factor: Float64Array,
): void {
  let normals: readonly number[] = [];
  let entry = 0;
  for (let a = 0; a < dim; a++) {
    factor[packedIndex(a, a)] = Math.sqrt(chiSquared(place, a, sampleSize - 1 - a));
    for (let b = 0; b < a; b++, entry++) {
      if (entry % 4 === 0) normals = normalsBelow(place, dim + entry / 4);
      factor[packedIndex(a, b)] = b < sampleSize - 1 ? normals[entry % 4]! : 0;
    }
  }
}

/** Four entries under the diagonal, in packed order. */
function normalsBelow(place: WishartPlace, index: number): readonly number[] {
  const block = blockOf(place, index);
  return [...normalPair(block[0]!, block[1]!), ...normalPair(block[2]!, block[3]!)];
}

/** χ² with `degrees` of freedom for axis a (Marsaglia & Tsang 2000); 0 without any. */
export function chiSquared(place: WishartPlace, axis: number, degrees: number): number {
  if (degrees <= 0) return 0;
  const shape = degrees / 2 - 1 / 3;
  const slope = 1 / Math.sqrt(9 * shape);
  let cube = 1;
  for (let attempt = 0; attempt < CANDIDATE_LIMIT; attempt++) {
    const block = blockOf(place, axis, attempt);
    const x = normalPair(block[0]!, block[1]!)[0];
    // One degree is a normal's square, which the method does not reach.
    if (degrees === 1) return x * x;
    const w = slope * x;
    cube = Math.max(1 + w, 0) ** 3;
    const logUniform = -0.5 * radiusSquared(block[2]!);
    if (w > -1 && logUniform < logAcceptance(x, w, shape)) break;
  }
  return 2 * shape * Math.max(cube, LEAST_CUBE);
}

/** ln of the probability that candidate x, w = x/√(9 shape), is taken: x²/2 + s (1 − v + ln v). */
export const logAcceptance = (x: number, w: number, shape: number): number =>
  0.5 * x * x + shape * (3 * Math.log1p(w) - w * (3 + w * (3 + w)));
