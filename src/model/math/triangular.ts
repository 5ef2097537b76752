/**
 * Packed lower-triangular algebra: (0,0) (1,0) (1,1) (2,0) …, several matrices in one
 * array at an offset. Twin: shaders/math/triangular.wgsl.
 */
import { packedIndex } from '../mixture.ts';

/**
 * Squared pivots are held at this share of the diagonal: f32 resolves no thinner direction, and
 * every engine uses the same bound so that they simulate the same thing.
 */
export const PIVOT_FLOOR = 2 ** -24;

/**
 * Cholesky factor of a positive semi-definite packed matrix. Pivots from `rank` on are exactly 0;
 * a zero diagonal gives a zero column.
 */
export function cholesky(matrix: Float64Array, dim: number, rank: number, factor: Float64Array) {
  for (let a = 0; a < dim; a++) {
    const row = packedIndex(a, 0);
    const diagonal = matrix[row + a]!;
    let rest = diagonal;
    for (let c = 0; c < a; c++) rest -= factor[row + c]! ** 2;
    const pivot = a < rank ? Math.sqrt(Math.max(rest, PIVOT_FLOOR * diagonal)) : 0;
    factor[row + a] = pivot;
    for (let b = a + 1; b < dim; b++) {
      const below = packedIndex(b, 0);
      let dot = matrix[below + a]!;
      for (let c = 0; c < a; c++) dot -= factor[below + c]! * factor[row + c]!;
      factor[below + a] = pivot > 0 ? dot / pivot : 0;
    }
  }
}

/** Inverse of a lower triangle with positive diagonal. */
export function invertLower(factor: Float64Array, dim: number, inverse: Float64Array) {
  for (let a = 0; a < dim; a++) {
    const pivot = 1 / factor[packedIndex(a, a)]!;
    inverse[packedIndex(a, a)] = pivot;
    for (let b = 0; b < a; b++) {
      let dot = 0;
      for (let c = b; c < a; c++) dot += factor[packedIndex(a, c)]! * inverse[packedIndex(c, b)]!;
      inverse[packedIndex(a, b)] = -dot * pivot;
    }
  }
}

/** Product of two lower triangles. */
export function multiplyLower(
  left: Float64Array,
  right: Float64Array,
  dim: number,
  product: Float64Array,
) {
  for (let a = 0; a < dim; a++) {
    const row = packedIndex(a, 0);
    for (let b = 0; b <= a; b++) {
      let dot = 0;
      // Entry (c, b) is c + 1 before the one under it.
      let at = packedIndex(b, b);
      for (let c = b; c <= a; at += ++c) dot += left[row + c]! * right[at]!;
      product[row + b] = dot;
    }
  }
}

/** Row `a` of factor · vector. */
export function lowerRow(
  factor: Float64Array,
  offset: number,
  a: number,
  vector: Float64Array,
): number {
  let dot = 0;
  const row = offset + packedIndex(a, 0);
  for (let b = 0; b <= a; b++) dot += factor[row + b]! * vector[b]!;
  return dot;
}
