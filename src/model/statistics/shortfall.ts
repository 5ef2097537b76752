/**
 * The lower 1 % of a model on a line: where it ends, and its mean. The quantile by bisection
 * between the components' own; the mean as x − E(x − X)⁺ / share (Rockafellar & Uryasev 2000),
 * which an error of x touches in second order only. Twin: shaders/statistics/shortfall.wgsl.
 */
import { standardise, stretch, type Gaussians } from './density.ts';
import { lowerTail } from './tails.ts';

export const RISK_SHARE = 0.01;
/** Φ⁻¹(0.01). */
const QUANTILE = -2.3263478740408408;
/** Halvings, past f64's digits. */
const STEPS = 100;

const one = new Float64Array(1);
const stretched = new Float64Array(1);

/** F of component k times z. */
export function width(g: Gaussians, k: number, z: number): number {
  one[0] = z;
  stretch(g, k, one, stretched);
  return stretched[0]!;
}

/** x with P(X < x) = RISK_SHARE; lies between the components' own. */
export function lowerQuantile(g: Gaussians): number {
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < g.count; k++) {
    if (!(g.weights[k]! > 0)) continue;
    const edge = g.means[k]! + width(g, k, QUANTILE);
    low = Math.min(low, edge);
    high = Math.max(high, edge);
  }
  for (let step = 0; step < STEPS && low < high; step++) {
    const middle = 0.5 * low + 0.5 * high;
    if (lowerMass(g, middle) < RISK_SHARE) low = middle;
    else high = middle;
  }
  return high;
}

export function lowerMass(g: Gaussians, x: number): number {
  let mass = 0;
  for (let k = 0; k < g.count; k++) {
    if (g.weights[k]! > 0) mass += g.weights[k]! * lowerTail(g, k, x - g.means[k]!);
  }
  return mass;
}

/** Mean of what lies under the quantile x. */
export function meanBelow(g: Gaussians, x: number): number {
  let short = 0;
  for (let k = 0; k < g.count; k++) {
    if (g.weights[k]! > 0) short += g.weights[k]! * shortfall(g, k, x - g.means[k]!);
  }
  return x - short / RISK_SHARE;
}

const distances = new Float64Array(1);

/** E(distance − component k's deviation)⁺. */
function shortfall(g: Gaussians, k: number, distance: number): number {
  distances[0] = distance;
  standardise(g, k, distances, distances);
  const density = Math.exp(-0.5 * distances[0]! ** 2) / Math.sqrt(2 * Math.PI);
  return distance * lowerTail(g, k, distance) + width(g, k, 1) * density;
}
