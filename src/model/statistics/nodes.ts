/**
 * Nodes of expectations. At d = 1 midpoints of equal cells of z in [−7, 7]: the trapezoid rule,
 * which converges faster than any power for smooth integrands (Trefethen & Weideman 2014); what
 * lies outside has mass 2.6e-12. Above, Kronecker sequences on the generalised golden ratio
 * (Roberts 2018) in 32-bit integers, so that a random shift (Cranley & Patterson 1976) is exact on
 * every engine, turned normal by Box–Muller. Twin: shaders/statistics/nodes.wgsl.
 */
import { normalPair } from '../rng/normal.ts';
import { STREAMS, words, type RandomKey } from '../rng/coordinates.ts';
import type { Gaussians } from './density.ts';

/** Where a lineage's random nodes come from. */
export interface Coordinate {
  readonly key: RandomKey;
  /** Replicate number within the cell. */
  readonly lineage: number;
  readonly generation: number;
}

/** Standard deviations to each side of a component that quadrature covers. */
export const REACH = 7;
/** Fewest nodes a component gets: a spacing of 0.44 standard deviations. */
export const LEAST_NODES = 32;

/** 2³² / φᵃ rounded, φ² · φ = φ + 1 (two words) and φ⁵ = φ + 1 (four words). */
const STEPS_TWO = [3242174889, 2447445414];
const STEPS_FOUR = [3679390609, 3152041523, 2700274806, 2313257605];

/** Nodes of each of `count` components out of `nodes` in all. */
export const nodesPerComponent = (nodes: number, count: number): number =>
  Math.max(LEAST_NODES, Math.floor(nodes / count));

/** Nodes of each of a model's components: split at d = 1, `nodes` for each above. */
export const modelNodesPerComponent = (dim: number, nodes: number, count: number): number =>
  dim === 1 ? nodesPerComponent(nodes, count) : nodes;

/** Position of quadrature node i of n, in standard deviations. */
export const quadratureNode = (i: number, n: number): number => ((i + 0.5) / n) * 2 * REACH - REACH;

/** Weight of a quadrature node; they sum to 1 − 2.6e-12. */
export const quadratureWeight = (z: number, n: number): number =>
  ((2 * REACH) / n) * Math.exp(-0.5 * z * z - 0.5 * Math.log(2 * Math.PI));

/** Low-discrepancy normal node i, dim 2 to 4, into z. */
export function shiftedNode(shift: Uint32Array, i: number, dim: number, z: Float64Array): void {
  const steps = dim === 2 ? STEPS_TWO : STEPS_FOUR;
  const word = (a: number) => (shift[a]! + Math.imul(i, steps[a]!)) >>> 0;
  [z[0], z[1]] = normalPair(word(0), word(1));
  if (dim === 2) return;
  const [third, fourth] = normalPair(word(2), word(3));
  z[2] = third;
  if (dim === 4) z[3] = fourth;
}

/** Calls `visit(k, z, weight)` for every node of q; z is reused, weights sum to 1. */
export function forEachNode(
  g: Gaussians,
  nodes: number,
  { key, lineage, generation }: Coordinate,
  visit: (k: number, z: Float64Array, weight: number) => void,
): void {
  const { dim, count, weights } = g;
  const each = modelNodesPerComponent(dim, nodes, count);
  const z = new Float64Array(dim);
  for (let k = 0; k < count; k++) {
    if (!(weights[k]! > 0)) continue;
    const shift = words(key, k, lineage, generation, STREAMS.nodes);
    for (let i = 0; i < each; i++) {
      if (dim === 1) z[0] = quadratureNode(i, each);
      else shiftedNode(shift, i, dim, z);
      visit(k, z, weights[k]! * (dim === 1 ? quadratureWeight(z[0]!, each) : 1 / each));
    }
  }
}
