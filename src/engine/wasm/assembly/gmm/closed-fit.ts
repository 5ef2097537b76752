/**
 * K = 1: mean and covariance of the points in two passes, the second about the mean that the first
 * found, by the M-step of EM with every share 1. Twin: closedFit of src/model/lineage.ts.
 */
import { floor, POINTS, sampleSize } from '../cell';
import { COVARIANCE, D, FULL, TRI } from '../shape';
import { add, fma, get, mul, nth, put, splat, sub, VECTOR } from '../simd';
import { BLOCK, FACTORS, maximise, MEANS, TOTALS, WEIGHTS, clearSums } from './em';

const SUMS = memory.data(10 * VECTOR, 16);

/** Fits one component to POINTS. */
export function closedFit(): void {
  put(WEIGHTS, 0, splat(1));
  for (let a = 0; a < D; a++) put(MEANS, a, splat(0));
  for (let e = 0; e < TRI; e++) put(FACTORS, e, splat(0));
  // Points that span no volume have a width along every axis all the same.
  const flat = floor == 0 && COVARIANCE == FULL;
  const rank = flat ? sampleSize - 1 : D;
  for (let pass = 0; pass < 2; pass++) {
    clearSums(TOTALS);
    for (let first = 0; first < sampleSize; first += BLOCK) {
      const end = first + BLOCK < sampleSize ? first + BLOCK : sampleSize;
      accumulate(first, end);
    }
    put(TOTALS, 0, splat(<f32>sampleSize));
    maximise(rank);
  }
}

/** Adds points first … end − 1 to TOTALS, but for their number. */
function accumulate(first: i32, end: i32): void {
  for (let e = 0; e < D + TRI; e++) put(SUMS, e, splat(0));
  for (let i = first; i < end; i++) {
    const point = nth(POINTS, i * D);
    let e = D;
    for (let a = 0; a < D; a++) {
      const delta = sub(get(point, a), get(MEANS, a));
      put(SUMS, a, add(get(SUMS, a), delta));
      for (let b = 0; b <= a; b++) {
        put(SUMS, e, fma(delta, sub(get(point, b), get(MEANS, b)), get(SUMS, e)));
        e++;
      }
    }
  }
  for (let e = 0; e < D + TRI; e++) put(TOTALS, 1 + e, add(get(TOTALS, 1 + e), get(SUMS, e)));
}
