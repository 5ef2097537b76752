/**
 * k-means++ as an exponential race, and Lloyd, in four lineages at once: each lane has its own
 * winners, and one that has settled keeps its centres while others still move.
 * Twins: src/model/gmm/kmeans.ts, shaders/gmm/kmeans.wgsl.
 */
import { LABELS, POINTS, sampleSize } from '../cell';
import { drawn, STREAM_KMEANS, words } from '../rng/coordinates';
import { exponential } from '../rng/normal';
import { D, K, MOST_D } from '../shape';
import {
  abs,
  add,
  any,
  clear,
  div,
  fma,
  get,
  less,
  max,
  min,
  mul,
  nth,
  or,
  positive,
  put,
  select,
  splat,
  splatI,
  sub,
  VECTOR,
} from '../simd';
import { BEST, maximise, MEANS, SHARES, SUM, sumPoints, sumsOf, TILE, TOTALS } from './em';

const LLOYD_LIMIT: i32 = 100;
/** 2⁻²⁰ of the frame's unit: centres that would move by no more stay. */
const SETTLED: f32 = 9.5367431640625e-7;
const NEVER: f32 = 1e30;

/** The point that is ahead in the race. */
const WINNER = memory.data(MOST_D * VECTOR, 16);

/** When a point would win: E / D², E ~ Exp(1). */
@inline
function raceTime(exponential: v128, squared: v128): v128 {
  const time = min(div(exponential, max(squared, splat(1e-37))), splat(NEVER));
  return select(time, splat(NEVER), positive(squared));
}

@inline
function squaredDistance(centre: usize, point: usize): v128 {
  const d0 = sub(v128.load(point), v128.load(centre));
  let square = mul(d0, d0);
  if (D > 1) {
    const d1 = sub(v128.load(point, 16), v128.load(centre, 16));
    square = fma(d1, d1, square);
  }
  if (D > 2) {
    const d2 = sub(v128.load(point, 32), v128.load(centre, 32));
    square = fma(d2, d2, square);
  }
  if (D > 3) {
    const d3 = sub(v128.load(point, 48), v128.load(centre, 48));
    square = fma(d3, d3, square);
  }
  return square;
}

/**
 * Centres by k-means++ and Lloyd, or K points at random, into MEANS, then an M-step of the labels.
 */
export function kmeans(random: bool): void {
  for (let k = 0; k < K; k++) {
    raceWinner(k, random);
    for (let a = 0; a < D; a++) put(MEANS, k * D + a, get(WINNER, a));
  }
  let moving = random ? splatI(0) : splatI(-1);
  for (let sweep = 0; sweep < LLOYD_LIMIT && any(moving); sweep++) moving = lloydPass(moving);
  sumPoints(nearestCentre);
  maximise(D);
}

/**
 * The point that becomes centre k, into WINNER: the least E / D² to the centres chosen before it.
 * LABELS keeps each point's squared distance to the nearest of them. At random, the least E of
 * those that are none.
 */
function raceWinner(k: i32, random: bool): void {
  for (let a = 0; a < D; a++) put(WINNER, a, get(POINTS, a));
  let least = splat(NEVER);
  for (let i = 0; i < sampleSize; i++) {
    const point = nth(POINTS, i * D);
    let square = splat(1);
    if (k > 0) {
      square = squaredDistance(nth(MEANS, (k - 1) * D), point);
      if (k > 1) square = min(get(LABELS, i), square);
      put(LABELS, i, square);
      if (random) square = v128.and(splat(1), positive(square));
    }
    words(i, STREAM_KMEANS, k);
    const time = raceTime(exponential(drawn(0)), square);
    const sooner = less(time, least);
    least = select(time, least, sooner);
    for (let a = 0; a < D; a++) put(WINNER, a, select(get(point, a), get(WINNER, a), sooner));
  }
}

/** SHARES of a tile: each point wholly its nearest centre's, first of equals. */
function nearestCentre(points: usize, count: i32): void {
  const width = <usize>(D * VECTOR);
  for (let k = 0; k < K; k++) {
    const squares = nth(SHARES, k * TILE);
    const centre = nth(MEANS, k * D);
    let point = points;
    for (let i = 0; i < count; i++) {
      const square = squaredDistance(centre, point);
      put(squares, i, square);
      put(BEST, i, k == 0 ? square : min(get(BEST, i), square));
      point += width;
    }
  }
  for (let i = 0; i < count; i++) {
    const least = get(BEST, i);
    let found = splatI(0);
    for (let k = 0; k < K; k++) {
      const nearest = clear(f32x4.eq(get(SHARES, k * TILE + i), least), found);
      found = or(found, nearest);
      put(SHARES, k * TILE + i, v128.and(splat(1), nearest));
    }
    put(SUM, i, splat(1));
  }
}

/**
 * Moves each centre to the mean of its points, in lanes that are not settled; an empty one stays.
 * Lanes where any moved.
 */
function lloydPass(moving: v128): v128 {
  sumPoints(nearestCentre);
  let moved = splatI(0);
  for (let k = 0; k < K; k++) {
    const sums = sumsOf(TOTALS, k);
    const count = v128.load(sums);
    const free = v128.and(moving, positive(count));
    for (let a = 0; a < D; a++) {
      const shift = div(get(sums, 1 + a), max(count, splat(1)));
      const moves = v128.and(free, less(splat(SETTLED), abs(shift)));
      moved = or(moved, moves);
      put(MEANS, k * D + a, add(get(MEANS, k * D + a), v128.and(shift, moves)));
    }
  }
  return moved;
}
