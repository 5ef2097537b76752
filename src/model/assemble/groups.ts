/**
 * A training set of K = 1 as groups of points, each of one Gaussian: all that a fit sees of a group
 * is its number of points, their mean and their scatter, which are drawn from their laws.
 * Twin: shaders/assemble/groups.wgsl.
 */
import type { Tally } from '../frame.ts';
import { meanNormals, scatterFactor, type WishartPlace } from '../gmm/wishart.ts';
import { cholesky, lowerRow, multiplyLower } from '../math/triangular.ts';
import { packedIndex, packedLength } from '../mixture.ts';

/** Words of the groups of a batch, and of how many points these have where that is left to chance. */
export const GROUPS = {
  rest: 0,
  real: 1,
  poison: 2,
  poisonedReal: 3,
  poisonedRest: 4,
  realCount: 5,
  realModes: 6,
  restParts: 7,
} as const;

/** Numbers that a tally is: of points, of their mean, of their scatter. */
export const tallyLength = (dim: number): number => 1 + dim + packedLength(dim);

export const createTally = (dim: number): Tally => ({
  points: 0,
  mean: new Float64Array(dim),
  scatter: new Float64Array(packedLength(dim)),
});

/** Adds `points` more (Chan, Golub & LeVeque 1983). */
export function mergeTally(
  tally: Tally,
  points: number,
  mean: Float64Array,
  scatter: Float64Array,
): void {
  if (points === 0) return;
  const dim = tally.mean.length;
  const share = points / (tally.points + points);
  const apart = mean.map((x, a) => x - tally.mean[a]!);
  for (let a = 0; a < dim; a++) {
    for (let b = 0; b <= a; b++) {
      const between = tally.points * share * apart[a]! * apart[b]!;
      tally.scatter[packedIndex(a, b)]! += scatter[packedIndex(a, b)]! + between;
    }
    tally.mean[a]! += share * apart[a]!;
  }
  tally.points += points;
}

/**
 * Two kinds of points as one, each point of a kind weighing the same. `scales` are these weights:
 * number and scatter of a kind are as many times as large.
 */
export function joinTallies(
  rest: Tally,
  real: Tally,
  [restScale, realScale]: readonly [rest: number, real: number],
): Tally {
  const mean = rest.mean.slice();
  const scatter = rest.scatter.map((entry) => restScale * entry);
  const joined = { points: restScale * rest.points, mean, scatter };
  const more = real.scatter.map((entry) => realScale * entry);
  mergeTally(joined, realScale * real.points, real.mean, more);
  return joined;
}

/** `weight` · factor factorᵀ, packed. */
export function scatterOf(factor: Float64Array, dim: number, weight: number): Float64Array {
  const scatter = new Float64Array(packedLength(dim));
  for (let a = 0; a < dim; a++) {
    const row = packedIndex(a, 0);
    for (let b = 0; b <= a; b++) {
      const other = packedIndex(b, 0);
      let dot = 0;
      for (let c = 0; c <= b; c++) dot += factor[row + c]! * factor[other + c]!;
      scatter[row + b] = weight * dot;
    }
  }
  return scatter;
}

/** Adds `points` points of N(mean, factor factorᵀ) by a draw of their mean and scatter, so often. */
export function mergeDraw(
  tally: Tally,
  place: WishartPlace,
  points: number,
  mean: Float64Array,
  factor: Float64Array,
  times = 1,
): void {
  if (points === 0) return;
  const dim = mean.length;
  const z = new Float64Array(dim);
  meanNormals(place, dim, z);
  const own = mean.map((x, a) => x + lowerRow(factor, 0, a, z) / Math.sqrt(points));
  const standard = new Float64Array(packedLength(dim));
  scatterFactor(place, points, dim, standard);
  const wide = new Float64Array(packedLength(dim));
  multiplyLower(factor, standard, dim, wide);
  mergeTally(tally, times * points, own, scatterOf(wide, dim, times));
}

/** Factor of the covariance of what two factors' Gaussians add up to, each times its width. */
export function addFactors(
  first: Float64Array,
  firstWidth: number,
  second: Float64Array,
  secondWidth: number,
  dim: number,
): Float64Array {
  const covariance = scatterOf(first, dim, firstWidth * firstWidth);
  const more = scatterOf(second, dim, secondWidth * secondWidth);
  for (let e = 0; e < more.length; e++) covariance[e]! += more[e]!;
  const factor = new Float64Array(packedLength(dim));
  cholesky(covariance, dim, dim, factor);
  return factor;
}
