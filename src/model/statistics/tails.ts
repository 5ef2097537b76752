/**
 * The model's mass where the truth keeps its outer share, over that share. At d = 1 the normal
 * distribution function beyond the truth's two quantiles; above, nodes of q under the truth's
 * density level. Twin: shaders/statistics/tails.wgsl.
 */
import { SILENT, standardise, type Gaussians } from './density.ts';
import { normalCdf } from './erfc.ts';

/** Stretches of the line: lower and upper end of each, in order. */
export type Islands = readonly (readonly [lower: number, upper: number])[];

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

/** d = 1: mass of q outside the islands, ends of stretches in order. */
export function massOutside(g: Gaussians, islands: Islands): number {
  let mass = 0;
  for (let k = 0; k < g.count; k++) {
    if (!(g.weights[k]! > 0)) continue;
    const mean = g.means[k]!;
    let outside = lowerTail(g, k, islands[0]![0] - mean);
    for (let i = 1; i < islands.length; i++) {
      outside += massBetween(g, k, islands[i - 1]![1] - mean, islands[i]![0] - mean);
    }
    mass += g.weights[k]! * (outside + lowerTail(g, k, mean - islands.at(-1)![1]));
  }
  return mass;
}

/** P(low < component k's deviation < high), from the side where both tails are small. */
export function massBetween(g: Gaussians, k: number, low: number, high: number): number {
  const upper = low + high > 0;
  const near = upper ? -low : high;
  const far = upper ? -high : low;
  return Math.max(0, lowerTail(g, k, near) - lowerTail(g, k, far));
}

/** P(component k's deviation < distance); a step where it has no width. */
export function lowerTail(g: Gaussians, k: number, distance: number): number {
  if (g.constants[k] === SILENT) return distance > 0 ? 1 : 0;
  delta[0] = distance;
  standardise(g, k, delta, z);
  return normalCdf(z[0]!);
}
