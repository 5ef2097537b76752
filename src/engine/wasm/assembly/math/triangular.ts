/**
 * Packed lower-triangular algebra, D × D: (0,0) (1,0) (1,1) (2,0) …, each entry a vector.
 * Twins: src/model/math/triangular.ts, shaders/math/triangular.wgsl.
 */
import { D } from '../shape';
import { div, fma, fnma, get, max, mul, neg, positive, put, splat, sqrt } from '../simd';

/** f32 resolves no thinner direction than this share of the diagonal: 2⁻²⁴. */
const PIVOT_FLOOR: f32 = 5.9604644775390625e-8;

@inline
export function packedIndex(row: i32, column: i32): i32 {
  return ((row * (row + 1)) >> 1) + column;
}

/** Cholesky factor of a positive semi-definite matrix; pivots from `rank` on are exactly 0. */
export function cholesky(matrix: usize, rank: i32, factor: usize): void {
  for (let a = 0; a < D; a++) {
    const diagonal = get(matrix, packedIndex(a, a));
    let rest = diagonal;
    for (let c = 0; c < a; c++) {
      const entry = get(factor, packedIndex(a, c));
      rest = fnma(entry, entry, rest);
    }
    const least = mul(splat(PIVOT_FLOOR), diagonal);
    const pivot = a < rank ? sqrt(max(rest, least)) : splat(0);
    put(factor, packedIndex(a, a), pivot);
    const solid = positive(pivot);
    const divisor = max(pivot, splat(1e-30));
    for (let b = a + 1; b < D; b++) {
      let dot = get(matrix, packedIndex(b, a));
      for (let c = 0; c < a; c++) {
        dot = fnma(get(factor, packedIndex(b, c)), get(factor, packedIndex(a, c)), dot);
      }
      put(factor, packedIndex(b, a), v128.and(div(dot, divisor), solid));
    }
  }
}

/** Inverse of a lower triangle with positive diagonal. */
export function invertLower(lower: usize, inverse: usize): void {
  for (let a = 0; a < D; a++) {
    const pivot = div(splat(1), get(lower, packedIndex(a, a)));
    put(inverse, packedIndex(a, a), pivot);
    for (let b = 0; b < a; b++) {
      let dot = splat(0);
      for (let c = b; c < a; c++) {
        dot = fma(get(lower, packedIndex(a, c)), get(inverse, packedIndex(c, b)), dot);
      }
      put(inverse, packedIndex(a, b), mul(neg(dot), pivot));
    }
  }
}

/** Product of two lower triangles. */
export function multiplyLower(left: usize, right: usize, product: usize): void {
  for (let a = 0; a < D; a++) {
    for (let b = 0; b <= a; b++) {
      let dot = splat(0);
      for (let c = b; c <= a; c++) {
        dot = fma(get(left, packedIndex(a, c)), get(right, packedIndex(c, b)), dot);
      }
      put(product, packedIndex(a, b), dot);
    }
  }
}

/** Row a of lower · vector. */
export function lowerRow(lower: usize, a: i32, vector: usize): v128 {
  let dot = splat(0);
  for (let b = 0; b <= a; b++) dot = fma(get(lower, packedIndex(a, b)), get(vector, b), dot);
  return dot;
}
