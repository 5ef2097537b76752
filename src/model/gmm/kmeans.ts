/**
 * k-means++ (Arthur & Vassilvitskii 2007) then Lloyd. The seeding draws a point with probability
 * ∝ D² as an exponential race, the least E_i / D_i², so that one pass in any order finds it.
 * Twin: shaders/gmm/kmeans.wgsl.
 */

/** Lloyd passes at most; it nearly always settles far sooner. */
export const LLOYD_LIMIT = 100;

/**
 * Centres that would move by no more stay, in units of the frame: in f32 the mean of offsets from a
 * settled centre is not 0, but less than this. So what is settled stays, however often it is asked.
 */
export const SETTLED = 2 ** -20;

/** A race time nobody beats: for points that already are a centre. */
export const NEVER = 1e30;

/** When point i would win: E / D², E ~ Exp(1). */
export const raceTime = (exponential: number, squaredDistance: number): number =>
  squaredDistance > 0 ? Math.min(exponential / squaredDistance, NEVER) : NEVER;

/** Squared distance from the point at `points[at …]` to centre k. */
export function squaredDistance(
  centres: Float64Array,
  k: number,
  points: Float64Array,
  at: number,
  dim: number,
): number {
  let square = 0;
  for (let a = 0; a < dim; a++) square += (points[at + a]! - centres[k * dim + a]!) ** 2;
  return square;
}

/** Nearest of the first `count` centres, first of equals. */
export function nearestCentre(
  centres: Float64Array,
  count: number,
  points: Float64Array,
  at: number,
  dim: number,
): number {
  let nearest = 0;
  let least = squaredDistance(centres, 0, points, at, dim);
  for (let k = 1; k < count; k++) {
    const square = squaredDistance(centres, k, points, at, dim);
    if (square < least) {
      least = square;
      nearest = k;
    }
  }
  return nearest;
}

/**
 * Moves each of the centres [K × dim] to the mean of the points [n × dim] that are nearest to it; an
 * empty one stays. True while any moved.
 */
export function lloydPass(centres: Float64Array, points: Float64Array, dim: number): boolean {
  const count = centres.length / dim;
  const counts = new Float64Array(count);
  const sums = new Float64Array(centres.length);
  for (let at = 0; at < points.length; at += dim) {
    const k = nearestCentre(centres, count, points, at, dim);
    counts[k]! += 1;
    for (let a = 0; a < dim; a++) sums[k * dim + a]! += points[at + a]! - centres[k * dim + a]!;
  }
  let moved = false;
  for (let e = 0; e < sums.length; e++) {
    const members = counts[Math.floor(e / dim)]!;
    const shift = members > 0 ? sums[e]! / members : 0;
    if (Math.abs(shift) <= SETTLED) continue;
    moved = true;
    centres[e]! += shift;
  }
  return moved;
}
