/**
 * Fixed nodes under p₀, an equal number in each component. At d = 1 quadrature. Above, a
 * low-discrepancy normal set, whitened: its mean is exactly 0 and its covariance the identity, so
 * quadratic log densities, and the far field of any narrow model, integrate without error.
 */
import { packedIndex, packedLength } from '../mixture.ts';
import { cholesky, invertLower } from '../math/triangular.ts';
import { logDensity, stretch, type Gaussians } from './density.ts';
import { nodesPerComponent, quadratureNode, quadratureWeight, shiftedNode } from './nodes.ts';

/** [count × (dim + 2)]: position, weight, ln p₀; weights sum to 1. */
export function truthNodes(truth: Gaussians, nodes: number): Float64Array {
  const { dim, count, weights, means } = truth;
  const each = nodesPerComponent(nodes, count);
  const { points, shares } = dim === 1 ? quadratureSet(each) : normalSet(each, dim);
  const rows = new Float64Array(count * each * (dim + 2));
  const x = new Float64Array(dim);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < each; i++) {
      stretch(truth, j, points.subarray(i * dim, (i + 1) * dim), x);
      for (let a = 0; a < dim; a++) x[a]! += means[j * dim + a]!;
      const row = [...x, weights[j]! * shares[i]!, logDensity(truth, x)];
      rows.set(row, (j * each + i) * (dim + 2));
    }
  }
  return rows;
}

function quadratureSet(count: number) {
  const points = Float64Array.from({ length: count }, (_, i) => quadratureNode(i, count));
  const raw = points.map((z) => quadratureWeight(z, count));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return { points, shares: raw.map((weight) => weight / sum) };
}

/** Low-discrepancy normal points with mean 0 and covariance I, each of weight 1/count. */
export function normalSet(count: number, dim: number) {
  // The middle of the unit cell: no point falls on the edge where a normal is most extreme.
  const shift = new Uint32Array(4).fill(0x80000000);
  const points = new Float64Array(count * dim);
  for (let i = 0; i < count; i++) {
    shiftedNode(shift, i, dim, points.subarray(i * dim, (i + 1) * dim));
  }
  whiten(points, dim);
  return { points, shares: new Float64Array(count).fill(1 / count) };
}

function whiten(points: Float64Array, dim: number): void {
  const count = points.length / dim;
  const mean = new Float64Array(dim);
  for (let at = 0; at < points.length; at++) mean[at % dim]! += points[at]! / count;
  for (let at = 0; at < points.length; at++) points[at]! -= mean[at % dim]!;
  const covariance = new Float64Array(packedLength(dim));
  for (let at = 0; at < points.length; at += dim) {
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b <= a; b++) {
        covariance[packedIndex(a, b)]! += (points[at + a]! * points[at + b]!) / count;
      }
    }
  }
  const factor = new Float64Array(packedLength(dim));
  const inverse = new Float64Array(packedLength(dim));
  cholesky(covariance, dim, dim, factor);
  invertLower(factor, dim, inverse);
  for (let at = 0; at < points.length; at += dim) {
    // From the last row up: row a reads entries ≤ a only, which are still the old ones.
    for (let a = dim - 1; a >= 0; a--) {
      let dot = 0;
      for (let b = 0; b <= a; b++) dot += inverse[packedIndex(a, b)]! * points[at + b]!;
      points[at + a] = dot;
    }
  }
}
