/**
 * Fréchet distance of the Gaussians with two sets of moments (Dowson & Landau 1982), squared, as
 * the orthogonal Procrustes problem min_Q ‖L₀ − F Q‖²: a sum of squares, where the usual
 * tr(C + C₀ − 2(C₀^½ C C₀^½)^½) cancels. FᵀL₀ = U S Vᵀ by one-sided Jacobi (Hestenes 1958), then
 * Q = U Vᵀ. Twin: shaders/statistics/frechet.wgsl.
 */
import { scaleBy } from '../math/exponent.ts';
import { packedIndex } from '../mixture.ts';
import type { TotalMoments } from './moments.ts';
import type { StatisticTables } from './tables.ts';

/** Jacobi converges quadratically: at d = 4 five sweeps reach f64. */
const SWEEPS = 8;

/** Squared distance in the truth's own units². */
export function frechetDistance(moments: TotalMoments, tables: StatisticTables): number {
  const { dim, factor, exponent } = moments;
  const product = new Float64Array(dim * dim);
  const columns = new Float64Array(dim * dim);
  for (let c = 0; c < dim; c++) {
    for (let a = c; a < dim; a++) columns[c * dim + a] = tables.factor[packedIndex(a, c)]!;
    for (let a = 0; a < dim; a++) {
      for (let b = a; b < dim; b++) {
        product[c * dim + a]! += factor[packedIndex(b, a)]! * columns[c * dim + b]!;
      }
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < dim; p++) {
      for (let q = p + 1; q < dim; q++) turnPair(product, columns, dim, p, q);
    }
  }
  let sum = 0;
  for (let a = 0; a < dim; a++) {
    sum += scaleBy(moments.mean[a]! - tables.mean[a]!, tables.unitExponent) ** 2;
  }
  for (let c = 0; c < dim; c++) {
    let length = 0;
    for (let a = 0; a < dim; a++) length += product[c * dim + a]! ** 2;
    // A column without length is one that the model has no width in.
    const share = length > 0 ? 1 / Math.sqrt(length) : 0;
    for (let a = 0; a < dim; a++) {
      let image = 0;
      for (let b = 0; b <= a; b++) {
        image += factor[packedIndex(a, b)]! * (share * product[c * dim + b]!);
      }
      const rest = columns[c * dim + a]! - scaleBy(image, exponent);
      sum += scaleBy(rest, tables.unitExponent) ** 2;
    }
  }
  return sum;
}

/** Turns columns p and q of both matrices so that those of the product are at right angles. */
function turnPair(
  product: Float64Array,
  columns: Float64Array,
  dim: number,
  p: number,
  q: number,
): void {
  let difference = 0;
  let dot = 0;
  for (let a = 0; a < dim; a++) {
    const x = product[p * dim + a]!;
    const y = product[q * dim + a]!;
    difference += (y - x) * (y + x);
    dot += x * y;
  }
  if (dot === 0) return;
  const reach = Math.abs(difference) + Math.sqrt(difference * difference + 4 * dot * dot);
  const tangent = ((difference < 0 ? -2 : 2) * dot) / reach;
  const c = 1 / Math.sqrt(1 + tangent * tangent);
  const s = c * tangent;
  for (const matrix of [product, columns]) {
    for (let a = 0; a < dim; a++) {
      const x = matrix[p * dim + a]!;
      const y = matrix[q * dim + a]!;
      matrix[p * dim + a] = c * x - s * y;
      matrix[q * dim + a] = s * x + c * y;
    }
  }
}
