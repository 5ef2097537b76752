/**
 * W₂² on a line, from the model's quantiles at nodes where the truth's are tabulated.
 * Twins: src/model/statistics/wasserstein.ts, shaders/statistics/wasserstein.wgsl.
 */
import { K } from '../shape';
import { add, fma, less, max, min, mul, positive, select, splat, sub } from '../simd';
import { gaussianAt, MEAN, WEIGHT } from './density';
import { lowerMass, width } from './shortfall';
import { quantileNodeCount, quantileNodes } from './tables';
import { lowerTail } from './tails';

/** Halvings, past f32's digits. */
const STEPS = 32;
/** Nodes added up before they join the total: bounds f32 error at 65 536 nodes. */
const BLOCK = 64;

/** In squared truth units. */
export function quantileDistance(gaussians: usize): v128 {
  let sum = splat(0);
  let block = splat(0);
  const rows = quantileNodes();
  for (let i = 0; i < quantileNodeCount; i++) {
    const row = rows + (<usize>i << 4);
    const x = quantileAt(gaussians, load<f32>(row), load<f32>(row, 4));
    const apart = sub(x, v128.load32_splat(row, 12));
    block = fma(v128.load32_splat(row, 8), mul(apart, apart), block);
    if ((i + 1) % BLOCK != 0) continue;
    sum = add(sum, block);
    block = splat(0);
  }
  return add(sum, block);
}

/** x with P(X < x) = Φ(z), share = Φ(−|z|). */
function quantileAt(gaussians: usize, z: f32, share: f32): v128 {
  let low = splat(1e38);
  let high = splat(-1e38);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weighs = positive(v128.load(g + WEIGHT));
    const edge = add(v128.load(g + MEAN), width(g, z));
    low = select(min(low, edge), low, weighs);
    high = select(max(high, edge), high, weighs);
  }
  for (let step = 0; K > 1 && step < STEPS; step++) {
    const middle = add(mul(splat(0.5), low), mul(splat(0.5), high));
    const under =
      z < 0
        ? less(lowerMass(gaussians, middle), splat(share))
        : less(splat(share), upperMass(gaussians, middle));
    low = select(middle, low, under);
    high = select(high, middle, under);
  }
  return high;
}

function upperMass(gaussians: usize, x: v128): v128 {
  let mass = splat(0);
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(gaussians, k);
    const weight = v128.load(g + WEIGHT);
    const over = lowerTail(g, sub(v128.load(g + MEAN), x));
    mass = fma(v128.and(weight, positive(weight)), over, mass);
  }
  return mass;
}
