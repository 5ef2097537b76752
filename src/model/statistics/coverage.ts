/**
 * The truth's mass in the model's region of highest density that holds 95 % of the model (Hyndman
 * 1996): an ellipsoid at K = 1, else everything over a level of ln q, found by bisection.
 * Twin: shaders/statistics/coverage.wgsl.
 */
import { MAX_EM_DIM } from '../../spec/parameter.ts';
import { SILENT, logDensity, squaredRadius, type Gaussians } from './density.ts';
import { overlap, ownTerm } from './entropy.ts';
import { shareOver } from './labels.ts';
import { forEachNode, type Coordinate } from './nodes.ts';
import { width } from './shortfall.ts';
import type { StatisticTables } from './tables.ts';
import { massBetween } from './tails.ts';

const COVERED = 0.95;
/** χ² quantiles of that share for 1 to 4 degrees of freedom (scipy.stats.chi2.ppf). */
const RADIUS = [
  3.841458820694124, 5.991464547107979, 7.814727903251179, 9.487729036781154,
] as const;
/** The level lies at most so far under the lowest of the components' tops: χ²₄ passes 62 in 1.1e-12. */
const DEPTH = 31;
/** Halvings: 2⁻⁴⁰ of some hundred nats. */
const STEPS = 40;

export function coverage(g: Gaussians, tables: StatisticTables, coordinate: Coordinate): number {
  if (g.count > 1) return massOver(g, tables, regionLevel(g, tables.nodes, coordinate));
  return g.dim === 1 ? intervalMass(g, tables.truth) : ellipsoidMass(g, tables);
}

/** d = K = 1: the truth's mass between the model's 2.5 % and 97.5 % quantiles. */
export function intervalMass(g: Gaussians, truth: Gaussians): number {
  const reach = width(g, 0, Math.sqrt(RADIUS[0]));
  let mass = 0;
  for (let j = 0; j < truth.count; j++) {
    const centre = g.means[0]! - truth.means[j]!;
    mass += truth.weights[j]! * massBetween(truth, j, centre - reach, centre + reach);
  }
  return mass;
}

const delta = new Float64Array(MAX_EM_DIM);

/** d > 1, K = 1; nothing where the component has no width. */
function ellipsoidMass(g: Gaussians, { truthNodes, dim }: StatisticTables): number {
  if (g.constants[0] === SILENT) return 0;
  let mass = 0;
  for (let at = 0; at < truthNodes.length; at += dim + 2) {
    for (let a = 0; a < dim; a++) delta[a] = truthNodes[at + a]! - g.means[a]!;
    if (squaredRadius(g, 0, delta) <= RADIUS[dim - 1]!) mass += truthNodes[at + dim]!;
  }
  return mass;
}

/** ln of the density over which q holds its share. */
export function regionLevel(g: Gaussians, nodes: number, coordinate: Coordinate): number {
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < g.count; k++) {
    if (g.constants[k] === SILENT) continue;
    low = Math.min(low, g.constants[k]! - DEPTH);
    // No density is above the sum of the components' tops.
    high = Math.max(high, g.constants[k]! + Math.log(g.count));
  }
  for (let step = 0; step < STEPS && low < high; step++) {
    const middle = 0.5 * low + 0.5 * high;
    if (ownMassOver(g, middle, nodes, coordinate) >= COVERED) low = middle;
    else high = middle;
  }
  return low;
}

/** q's mass where its density is over a level; a component without width is over all. */
function ownMassOver(g: Gaussians, level: number, nodes: number, coordinate: Coordinate): number {
  let mass = 0;
  let before = { k: -1, weight: 0, height: 0 };
  for (let k = 0; k < g.count; k++) {
    if (g.weights[k]! > 0 && g.constants[k] === SILENT) mass += g.weights[k]!;
  }
  forEachNode(g, nodes, coordinate, (k, z, weight) => {
    if (g.constants[k] === SILENT) return;
    const height = overlap(g, k, z) + ownTerm(g, k, z) - level;
    const now = { k, weight, height };
    const from = g.dim > 1 ? now : before;
    before = now;
    if (from.k === k) mass += 0.5 * (from.weight + weight) * shareOver(from.height, height);
  });
  return mass;
}

/** The truth's mass where q's density is over a level. */
function massOver(g: Gaussians, { truth, truthNodes, dim }: StatisticTables, level: number) {
  const rowCount = truthNodes.length / (dim + 2);
  const each = rowCount / truth.count;
  let mass = 0;
  let before = { weight: 0, height: 0 };
  for (let row = 0; row < rowCount; row++) {
    const at = row * (dim + 2);
    const height = logDensity(g, truthNodes.subarray(at, at + dim)) - level;
    const now = { weight: truthNodes[at + dim]!, height };
    const from = dim > 1 ? now : before;
    before = now;
    if (dim === 1 && row % each === 0) continue;
    mass += 0.5 * (from.weight + now.weight) * shareOver(from.height, height);
  }
  return mass;
}
