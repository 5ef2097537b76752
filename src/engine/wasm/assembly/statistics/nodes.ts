/**
 * Nodes of expectations: at D = 1 midpoints of equal cells of z in [−7, 7]; above, Kronecker
 * sequences in 32-bit integers under a random shift, turned normal.
 * Twins: src/model/statistics/nodes.ts, shaders/statistics/nodes.wgsl.
 */
import { allocate } from '../memory';
import { exp } from '../math/exp';
import { normalPair } from '../rng/normal';
import { D, K } from '../shape';
import { splat } from '../simd';

/** Nodes added up before they join the total: bounds f32 error at 65 536 nodes. */
export const NODE_BLOCK = 64;

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

/** Position of quadrature node i, in standard deviations. */
@inline
export function quadratureNode(i: i32): v128 {
  return v128.load32_splat(quadrature + (<usize>i << 3));
}

/** Weight of a quadrature node; they sum to 1 − 2.6e-12. */
@inline
export function quadratureWeight(i: i32): v128 {
  return v128.load32_splat(quadrature + (<usize>i << 3), 4);
}

const PAIR = memory.data(32, 16);

/** Low-discrepancy normal node i, D = 2 or 3, to `z`; `shift` has four vectors of words. */
export function shiftedNode(shift: usize, i: i32, z: usize): void {
  const steps = D == 2 ? STEPS_TWO : STEPS_FOUR;
  normalPair(shifted(shift, steps, i, 0), shifted(shift, steps, i, 1), z);
  if (D == 3) {
    normalPair(shifted(shift, steps, i, 2), shifted(shift, steps, i, 3), PAIR);
    v128.store(z, v128.load(PAIR), 32);
  }
}

@inline
function shifted(shift: usize, steps: usize, i: i32, w: usize): v128 {
  const step = i * load<i32>(steps + (w << 2));
  return i32x4.add(v128.load(shift + (w << 4)), i32x4.splat(step));
}
