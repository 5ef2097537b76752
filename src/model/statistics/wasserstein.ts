/**
 * W₂² on a line, ∫ (F⁻¹(u) − G⁻¹(u))² du with u = Φ(z) at nodes of z, where the truth's quantiles
 * are tabulated. Between single Gaussians it is the Fréchet distance, in any dimension.
 * Twin: shaders/statistics/wasserstein.wgsl.
 */
import type { Gaussians } from './density.ts';
import { normalCdf } from './erfc.ts';
import { quadratureNode, quadratureWeight } from './nodes.ts';
import { lowerMass, width } from './shortfall.ts';
import { lowerTail } from './tails.ts';

/** Halvings, past f64's digits. */
const STEPS = 100;
/** Words of a node: z, Φ(−|z|), weight, the truth's quantile. */
export const QUANTILE_WORDS = 4;

/** [nodes × QUANTILE_WORDS], z ascending. */
export function quantileNodes(truth: Gaussians, nodes: number): Float64Array {
  const rows = new Float64Array(nodes * QUANTILE_WORDS);
  for (let i = 0; i < nodes; i++) {
    const z = quadratureNode(i, nodes);
    const share = normalCdf(-Math.abs(z));
    const row = [z, share, quadratureWeight(z, nodes), quantileAt(truth, z, share)];
    rows.set(row, i * QUANTILE_WORDS);
  }
  return rows;
}

/** In squared units of both. */
export function quantileDistance(g: Gaussians, rows: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at += QUANTILE_WORDS) {
    const apart = quantileAt(g, rows[at]!, rows[at + 1]!) - rows[at + 3]!;
    sum += rows[at + 2]! * apart * apart;
  }
  return sum;
}

/** x with P(X < x) = Φ(z), share = Φ(−|z|); lies between the components' own. */
export function quantileAt(g: Gaussians, z: number, share: number): number {
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < g.count; k++) {
    if (!(g.weights[k]! > 0)) continue;
    const edge = g.means[k]! + width(g, k, z);
    low = Math.min(low, edge);
    high = Math.max(high, edge);
  }
  for (let step = 0; step < STEPS && low < high; step++) {
    const middle = 0.5 * low + 0.5 * high;
    const under = z < 0 ? lowerMass(g, middle) < share : upperMass(g, middle) > share;
    if (under) low = middle;
    else high = middle;
  }
  return high;
}

function upperMass(g: Gaussians, x: number): number {
  let mass = 0;
  for (let k = 0; k < g.count; k++) {
    if (g.weights[k]! > 0) mass += g.weights[k]! * lowerTail(g, k, g.means[k]! - x);
  }
  return mass;
}
