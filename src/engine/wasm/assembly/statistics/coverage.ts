/**
 * The truth's mass in the model's region of highest density that holds 95 % of it: an ellipsoid at
 * K = 1, else everything over a level of ln q, found by bisection.
 * Twins: src/model/statistics/coverage.ts, shaders/statistics/coverage.wgsl.
 */
import { ln } from '../math/ln';
import { D, J, K, MOST_D } from '../shape';
import {
  add,
  any,
  clear,
  fma,
  get,
  less,
  max,
  min,
  mul,
  positive,
  put,
  select,
  splat,
  sub,
} from '../simd';
import {
  CONSTANT,
  gaussianAt,
  hasDensity,
  MEAN,
  SILENT,
  squaredRadius,
  WEIGHT,
} from './density';
import { ownTerm } from './entropy';
import { shareOver } from './labels';
import { takeTruthNodes } from './likelihood';
import { drawShift, modelNodesPerComponent, NORMALS, spreadNodes, takeNodes } from './nodes';
import {
  BLOCK,
  evaluate,
  evaluateAround,
  logDensity,
  logExcess,
  POINTS,
  WEIGHTS,
} from './points';
import { width } from './shortfall';
import { nodes, truthNodeCount } from './tables';
import { massBetween } from './tails';

const COVERED: f32 = 0.95;
/** The level lies at most so far under the lowest of the components' tops. */
const DEPTH: f32 = 31;
/** Halvings, past f32's digits. */
const STEPS = 32;

/** Quantile of χ² of that share for D degrees of freedom. */
function coveredRadius(): f32 {
  return D == 1 ? 3.84145882 : D == 2 ? 5.99146455 : D == 3 ? 7.8147279 : 9.48772904;
}

export function coverage(gaussians: usize, truth: usize): v128 {
  if (K == 1 && D == 1) return intervalMass(gaussians, truth);
  const level = K > 1 ? regionLevel(gaussians) : splat(0);
  return massOver(gaussians, level);
}

/** D = K = 1: the truth's mass between the model's 2.5 % and 97.5 % quantiles. */
function intervalMass(g: usize, truth: usize): v128 {
  const reach = width(g, 1.95996398);
  let mass = splat(0);
  for (let j = 0; j < J; j++) {
    const home = gaussianAt(truth, j);
    const centre = sub(v128.load(g + MEAN), v128.load(home + MEAN));
    const inside = massBetween(home, sub(centre, reach), add(centre, reach));
    mass = fma(v128.load(home + WEIGHT), inside, mass);
  }
  return mass;
}

/** ln of the density over which q holds its share. */
function regionLevel(gaussians: usize): v128 {
  let low = splat(1e38);
  let high = splat(-1e38);
  let flat = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const sounds = hasDensity(g);
    const weight = v128.load(g + WEIGHT);
    const top = v128.load(g + CONSTANT);
    low = select(min(low, sub(top, splat(DEPTH))), low, sounds);
    // No density is above the sum of the components' tops.
    high = select(max(high, add(top, ln(splat(<f32>K)))), high, sounds);
    // A component without width is over every level.
    flat = add(flat, v128.and(weight, v128.andnot(positive(weight), sounds)));
  }
  for (let step = 0; step < STEPS; step++) {
    const middle = add(mul(splat(0.5), low), mul(splat(0.5), high));
    const covered = f32x4.ge(add(flat, ownMassOver(gaussians, middle)), splat(COVERED));
    // Where no component has width, low stays above all.
    low = select(middle, low, v128.and(covered, less(low, high)));
    high = select(high, middle, covered);
  }
  return low;
}

/** q's mass where its density is over a level, but for components without width. */
function ownMassOver(gaussians: usize, level: v128): v128 {
  const count = modelNodesPerComponent(nodes);
  let mass = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const sounds = hasDensity(g);
    if (!any(sounds)) continue;
    if (D > 1) drawShift(k);
    const weight = v128.and(v128.load(g + WEIGHT), sounds);
    let weightBefore = splat(0);
    let heightBefore = splat(0);
    for (let done = 0; done < count; done += BLOCK) {
      const n = count - done < BLOCK ? count - done : BLOCK;
      takeNodes(done, n, count, weight);
      spreadNodes(g, n, false);
      evaluateAround(gaussians, K, k, NORMALS, n);
      let block = splat(0);
      for (let i = 0; i < n; i++) {
        const height = sub(add(logExcess(i), ownTerm(g, i)), level);
        if (D > 1) block = add(block, whole(i, height));
        else if (done + i > 0) block = add(block, part(i, weightBefore, heightBefore, height));
        weightBefore = get(WEIGHTS, i);
        heightBefore = height;
      }
      mass = add(mass, v128.and(block, sounds));
    }
  }
  return mass;
}

/** Weight of node i, if its height is not under 0. */
@inline
function whole(i: i32, height: v128): v128 {
  return clear(get(WEIGHTS, i), f32x4.lt(height, splat(0)));
}

/** What of the way from the last node to node i is not under 0, by weight. */
@inline
function part(i: i32, weightBefore: v128, heightBefore: v128, height: v128): v128 {
  const weight = mul(splat(0.5), add(weightBefore, get(WEIGHTS, i)));
  return mul(weight, shareOver(heightBefore, height));
}

/** The truth's mass in the ellipsoid at K = 1, else where q's density is over a level. */
function massOver(gaussians: usize, level: v128): v128 {
  const each = truthNodeCount / J;
  let mass = splat(0);
  let weightBefore = splat(0);
  let heightBefore = splat(0);
  for (let done = 0; done < truthNodeCount; done += BLOCK) {
    const n = truthNodeCount - done < BLOCK ? truthNodeCount - done : BLOCK;
    takeTruthNodes(done, n);
    if (K > 1) evaluate(gaussians, K, n);
    let block = splat(0);
    for (let i = 0; i < n; i++) {
      const height = K > 1 ? sub(logDensity(i), level) : roomAt(gaussians, i);
      if (D > 1) block = add(block, whole(i, height));
      else if ((done + i) % each > 0) {
        block = add(block, part(i, weightBefore, heightBefore, height));
      }
      weightBefore = get(WEIGHTS, i);
      heightBefore = height;
    }
    mass = add(mass, block);
  }
  return mass;
}

const DELTA = memory.data(MOST_D * 16, 16);

/** K = 1: how far inside the ellipsoid point i is; where that has no width, nothing is inside. */
function roomAt(g: usize, i: i32): v128 {
  for (let a = 0; a < D; a++) put(DELTA, a, sub(get(POINTS, i * D + a), get(g + MEAN, a)));
  const room = sub(splat(coveredRadius()), squaredRadius(g, DELTA));
  return select(room, splat(SILENT), hasDensity(g));
}
