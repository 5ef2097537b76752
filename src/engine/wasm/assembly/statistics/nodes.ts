/**
 * Nodes of expectations: at D = 1 midpoints of equal cells of z in [−7, 7]; above, Kronecker
 * sequences in 32-bit integers under a random shift, turned normal.
 * Twins: src/model/statistics/nodes.ts, shaders/statistics/nodes.wgsl.
 */
import { exp } from '../math/exp';
import { packedIndex } from '../math/triangular';
import { allocate } from '../memory';
import { drawn, STREAM_NODES, words } from '../rng/coordinates';
import { firstNormal, normalsOfWords } from '../rng/normal';
import { D, K, MOST_D } from '../shape';
import { div, fma, get, mul, nth, put, splat } from '../simd';
import { FACTOR, MEAN, widened } from './density';
import { BLOCK, POINTS, WEIGHTS } from './points';

/** Standard deviations to each side of a component that quadrature covers. */
const REACH: f32 = 7;
const LEAST_NODES = 32;

/** 2³² / φᵃ rounded, φ³ = φ + 1 (two words) and φ⁵ = φ + 1 (four words). */
const STEPS_TWO = memory.data<u32>([3242174889, 2447445414]);
const STEPS_FOUR = memory.data<u32>([3679390609, 3152041523, 2700274806, 2313257605]);

/** Nodes of each of the model's components: split at D = 1, `nodes` for each above. */
export function modelNodesPerComponent(nodes: i32): i32 {
  return D == 1 ? max(LEAST_NODES, nodes / K) : nodes;
}

/** Position and weight of each quadrature node, f32, and how many there is room for. */
let quadrature: usize = 0;
let room = 0;
let made = 0;

/** Forgets the nodes: their memory is gone. */
export function dropQuadrature(): void {
  room = 0;
  made = 0;
}

/** Makes the `count` nodes of a component, unless they are those already there. */
export function makeQuadrature(count: i32): void {
  if (made == count) return;
  if (count > room) {
    quadrature = allocate(<usize>count << 3);
    room = count;
  }
  made = count;
  const share: f32 = (REACH * 2) / <f32>count;
  for (let i = 0; i < count; i++) {
    const z: f32 = (<f32>(i * 2 + 1) / <f32>count - 1) * REACH;
    const weight: f32 = share * 0.39894228 * f32x4.extract_lane(exp(splat(z * z * -0.5)), 0);
    const at = quadrature + (<usize>i << 3);
    store<f32>(at, z);
    store<f32>(at, weight, 4);
  }
}

/** Standard normals of the block's nodes, D vectors each. */
export const NORMALS = memory.data(BLOCK * MOST_D * 16, 16);

/** Nodes first … first + n − 1 of `count` of a component of `weight`: NORMALS and WEIGHTS. */
export function takeNodes(first: i32, n: i32, count: i32, weight: v128): void {
  if (D == 1) takeQuadrature(first, n, weight);
  else takeShifted(first, n, div(weight, splat(<f32>count)));
}

function takeQuadrature(first: i32, n: i32, weight: v128): void {
  const rows = quadrature + (<usize>first << 3);
  for (let i = 0; i < n; i++) {
    const row = rows + (<usize>i << 3);
    put(NORMALS, i, v128.load32_splat(row));
    put(WEIGHTS, i, mul(weight, v128.load32_splat(row, 4)));
  }
}

/** Random shift of a component's nodes: four words of each lineage. */
const SHIFT = memory.data(64, 16);

/** Draws the shift of component k's nodes. */
export function drawShift(k: i32): void {
  words(k, STREAM_NODES, 0);
  for (let w = 0; w < 4; w++) put(SHIFT, w, drawn(w));
}

/** Low-discrepancy normal nodes, D = 2, 3 or 4. */
function takeShifted(first: i32, n: i32, weight: v128): void {
  const steps = D == 2 ? STEPS_TWO : STEPS_FOUR;
  for (let i = 0; i < n; i++) {
    put(WEIGHTS, i, weight);
    put(NORMALS, i * D, shifted(steps, first + i, 0));
    put(NORMALS, i * D + 1, shifted(steps, first + i, 1));
    if (D < 4) continue;
    put(NORMALS, i * D + 2, shifted(steps, first + i, 2));
    put(NORMALS, i * D + 3, shifted(steps, first + i, 3));
  }
  normalsOfWords(NORMALS, nth(NORMALS, n * D), D == 3 ? 48 : 32);
  if (D != 3) return;
  for (let i = 0; i < n; i++) {
    const third = firstNormal(shifted(steps, first + i, 2), shifted(steps, first + i, 3));
    put(NORMALS, i * D + 2, third);
  }
}

@inline
function shifted(steps: usize, i: i32, w: i32): v128 {
  const step = i * load<i32>(steps + (<usize>w << 2));
  return i32x4.add(get(SHIFT, w), i32x4.splat(step));
}

/** The block's nodes as points: stretched by the Gaussian's factor, about its mean if `moved`. */
export function spreadNodes(g: usize, n: i32, moved: bool): void {
  for (let a = 0; a < D; a++) {
    const mean = moved ? get(g + MEAN, a) : splat(0);
    for (let i = 0; i < n; i++) put(POINTS, i * D + a, mean);
    for (let b = 0; b <= a; b++) {
      const entry = widened(get(g + FACTOR, packedIndex(a, b)), g);
      for (let i = 0; i < n; i++) {
        put(POINTS, i * D + a, fma(entry, get(NORMALS, i * D + b), get(POINTS, i * D + a)));
      }
    }
  }
}
