/**
 * The model's mass where the truth keeps its outer share, over that share. At d = 1 the normal
 * distribution function beyond the truth's two quantiles; above, nodes of q under the truth's
 * density level. Twin: shaders/statistics/tails.wgsl.
 */
import { SILENT, standardise, type Gaussians } from './density.ts';
import { normalCdf } from './erfc.ts';

const delta = new Float64Array(1);
const z = new Float64Array(1);

/** d = 1: mass of q below `lower` and above `upper`. */
export function twoSidedMass(g: Gaussians, lower: number, upper: number): number {
  let mass = 0;
  for (let k = 0; k < g.count; k++) {
    const beyond = lowerTail(g, k, lower - g.means[k]!) + lowerTail(g, k, g.means[k]! - upper);
    if (g.weights[k]! > 0) mass += g.weights[k]! * beyond;
  }
  return mass;
}

/** P(component k's deviation < distance); a step where it has no width. */
function lowerTail(g: Gaussians, k: number, distance: number): number {
  if (g.constants[k] === SILENT) return distance > 0 ? 1 : 0;
  delta[0] = distance;
  standardise(g, k, delta, z);
  return normalCdf(z[0]!);
}
