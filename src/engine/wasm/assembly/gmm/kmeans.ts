/**
 * k-means++ as an exponential race, and Lloyd, in four lineages at once: each lane has its own
 * winners, and a lane that has settled finds the same centres again while others still move.
 * Twins: src/model/gmm/kmeans.ts, shaders/gmm/kmeans.wgsl.
 */
import { LABELS, POINTS, sampleSize } from '../cell';
import { drawn, STREAM_KMEANS, words } from '../rng/coordinates';
import { exponential } from '../rng/normal';
import { D, K, MOST_D, MOST_K, TRI } from '../shape';
import {
  add,
  any,
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
import { BLOCK, clearSums, MEANS, maximise, TOTALS } from './em';

const LLOYD_LIMIT: i32 = 100;
const NEVER: f32 = 1e30;

/** [K × (1 + D)]: number of points and their offsets from the centre. */
const MOVES = memory.data(MOST_K * (1 + MOST_D) * VECTOR, 16);
const WINNER = memory.data(MOST_D * VECTOR, 16);
const LABEL_SUMS = memory.data(10 * VECTOR, 16);

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
  return square;
}

@inline
function centreOf(k: i32): usize {
  return nth(MEANS, k * D);
}

@inline
function pointAt(i: i32): usize {
  return nth(POINTS, i * D);
}

/** Nearest of the K centres, first of equals. */
@inline
function nearestCentre(point: usize): v128 {
  let nearest = splatI(0);
  let least = squaredDistance(MEANS, point);
  for (let k = 1; k < K; k++) {
    const square = squaredDistance(centreOf(k), point);
    const nearer = less(square, least);
    nearest = select(splatI(k), nearest, nearer);
    least = select(square, least, nearer);
  }
  return nearest;
}

/** Centres by k-means++ and Lloyd into MEANS, then an M-step of the labels. */
export function kmeans(): void {
  for (let k = 0; k < K; k++) {
    raceWinner(k);
    for (let a = 0; a < D; a++) put(MEANS, k * D + a, get(WINNER, a));
  }
  for (let sweep = 0; sweep < LLOYD_LIMIT; sweep++) {
    if (!lloydPass()) break;
  }
  sumLabels();
  maximise(D);
}

/**
 * The point that becomes centre k, into WINNER: the least E / D² to the centres chosen before it.
 * LABELS keeps each point's squared distance to the nearest of them.
 */
function raceWinner(k: i32): void {
  for (let a = 0; a < D; a++) put(WINNER, a, get(POINTS, a));
  let least = splat(NEVER);
  for (let i = 0; i < sampleSize; i++) {
    const point = pointAt(i);
    let square = splat(1);
    if (k > 0) {
      square = squaredDistance(centreOf(k - 1), point);
      if (k > 1) square = min(get(LABELS, i), square);
      put(LABELS, i, square);
    }
    words(i, STREAM_KMEANS, k);
    const time = raceTime(exponential(drawn(0)), square);
    const sooner = less(time, least);
    least = select(time, least, sooner);
    for (let a = 0; a < D; a++) put(WINNER, a, select(get(point, a), get(WINNER, a), sooner));
  }
}

/** Moves each centre to the mean of its points; an empty one stays. True while any moved. */
function lloydPass(): bool {
  const width = 1 + D;
  for (let e = 0; e < K * width; e++) put(MOVES, e, splat(0));
  for (let i = 0; i < sampleSize; i++) {
    const point = pointAt(i);
    const nearest = nearestCentre(point);
    for (let k = 0; k < K; k++) {
      const mine = i32x4.eq(nearest, splatI(k));
      const at = nth(MOVES, k * width);
      v128.store(at, add(v128.load(at), v128.and(splat(1), mine)));
      for (let a = 0; a < D; a++) {
        const offset = v128.and(sub(get(point, a), get(centreOf(k), a)), mine);
        put(at, 1 + a, add(get(at, 1 + a), offset));
      }
    }
  }
  let moved = splatI(0);
  for (let k = 0; k < K; k++) {
    const at = nth(MOVES, k * width);
    const count = v128.load(at);
    const share = max(count, splat(1));
    for (let a = 0; a < D; a++) {
      const centre = get(MEANS, k * D + a);
      const step = v128.and(div(get(at, 1 + a), share), positive(count));
      const next = add(centre, step);
      moved = or(moved, f32x4.ne(next, centre));
      put(MEANS, k * D + a, next);
    }
  }
  return any(moved);
}

/** TOTALS of the points, each wholly its nearest centre's. */
function sumLabels(): void {
  clearSums(TOTALS);
  for (let i = 0; i < sampleSize; i++) put(LABELS, i, nearestCentre(pointAt(i)));
  for (let k = 0; k < K; k++) {
    for (let first = 0; first < sampleSize; first += BLOCK) {
      const end = first + BLOCK < sampleSize ? first + BLOCK : sampleSize;
      sumLabel(k, first, end);
    }
  }
}

/** Adds the points of centre k among first … end − 1 to its TOTALS. */
function sumLabel(k: i32, first: i32, end: i32): void {
  const length = 1 + D + TRI;
  for (let e = 0; e < length; e++) put(LABEL_SUMS, e, splat(0));
  for (let i = first; i < end; i++) {
    const share = v128.and(splat(1), i32x4.eq(get(LABELS, i), splatI(k)));
    put(LABEL_SUMS, 0, add(get(LABEL_SUMS, 0), share));
    let e = 1 + D;
    for (let a = 0; a < D; a++) {
      const delta = mul(share, sub(get(pointAt(i), a), get(centreOf(k), a)));
      put(LABEL_SUMS, 1 + a, add(get(LABEL_SUMS, 1 + a), delta));
      for (let b = 0; b <= a; b++) {
        const offset = sub(get(pointAt(i), b), get(centreOf(k), b));
        put(LABEL_SUMS, e, fma(delta, offset, get(LABEL_SUMS, e)));
        e++;
      }
    }
  }
  const totals = nth(TOTALS, k * length);
  for (let e = 0; e < length; e++) put(totals, e, add(get(totals, e), get(LABEL_SUMS, e)));
}
