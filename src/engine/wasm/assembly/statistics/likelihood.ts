/**
 * The model's loss on the truth: closed form for a single component, else over the truth's nodes.
 * Twins: src/model/statistics/likelihood.ts, shaders/statistics/likelihood.wgsl.
 */
import { ln } from '../math/ln';
import { packedIndex } from '../math/triangular';
import { D, K, MOST_D } from '../shape';
import { abs, add, fma, fnma, get, max, mul, put, select, splat, sub } from '../simd';
import {
  CONSTANT,
  FACTOR,
  hasDensity,
  LN2,
  MEAN,
  SILENT,
  squaredRadius,
  standardise,
  widened,
} from './density';
import { BLOCK, evaluate, logDensity, POINTS, WEIGHTS } from './points';
import { tableFactor, tableMean, truthNodeCount, truthNodes } from './tables';

/** −E ln q under p₀ in truth units; −SILENT, for +∞, if the component is flat. */
export function gaussianNll(g: usize): v128 {
  let sum = meanRadius(g);
  for (let c = 0; c < D; c++) {
    truthColumn(g, c);
    for (let a: i32 = c; a < D; a++) {
      const z = get(COLUMN, a);
      sum = fma(z, z, sum);
    }
  }
  const nll = sub(mul(splat(0.5), sum), v128.load(g + CONSTANT));
  return select(nll, splat(-SILENT), hasDensity(g));
}

/** KL(p₀‖q) between single Gaussians as a sum of squares, exactly 0 at the truth. */
export function gaussianKl(g: usize): v128 {
  let sum = meanRadius(g);
  for (let c = 0; c < D; c++) {
    truthColumn(g, c);
    sum = add(sum, excess(get(COLUMN, c)));
    for (let a = c + 1; a < D; a++) {
      const z = get(COLUMN, a);
      sum = fma(z, z, sum);
    }
  }
  return select(mul(splat(0.5), sum), splat(-SILENT), hasDensity(g));
}

/** KL(q‖p) between single Gaussians as a sum of squares, exactly 0 between equals. */
export function gaussianKlTo(g: usize, home: usize, exponent: v128): v128 {
  for (let a = 0; a < D; a++) put(COLUMN, a, sub(get(g + MEAN, a), get(home + MEAN, a)));
  let sum = squaredRadius(home, COLUMN);
  for (let c = 0; c < D; c++) {
    for (let a = 0; a < D; a++) {
      put(COLUMN, a, a < c ? splat(0) : get(g + FACTOR, packedIndex(a, c)));
    }
    standardise(home, COLUMN, COLUMN);
    sum = add(sum, scaledExcess(get(COLUMN, c), widened(get(COLUMN, c), g), exponent));
    for (let a = c + 1; a < D; a++) {
      const t = widened(get(COLUMN, a), g);
      sum = fma(t, t, sum);
    }
  }
  const both = v128.and(hasDensity(g), hasDensity(home));
  return select(mul(splat(0.5), sum), splat(-SILENT), both);
}

/** excess(scaled) with scaled = t · 2^exponent, t > 0, where that is too small for its square. */
function scaledExcess(t: v128, scaled: v128, exponent: v128): v128 {
  const u = mul(sub(scaled, splat(1)), add(scaled, splat(1)));
  const lnT = fma(f32x4.convert_i32x4_s(exponent), splat(LN2), ln(max(t, splat(1e-37))));
  const far = fnma(splat(2), lnT, u);
  return select(excess(scaled), far, f32x4.lt(abs(u), splat(0.0625)));
}

/** t² − 1 − ln t², t > 0; near 1 by the series of u − ln(1 + u), next term u⁷/7. */
export function excess(t: v128): v128 {
  const u = mul(sub(t, splat(1)), add(t, splat(1)));
  let p = fma(splat(-0.166666667), u, splat(0.2));
  p = fma(f32x4.neg(u), p, splat(0.25));
  p = fma(f32x4.neg(u), p, splat(0.333333333));
  p = fma(f32x4.neg(u), p, splat(0.5));
  const near = mul(mul(u, u), p);
  const far = sub(u, mul(splat(2), ln(max(t, splat(1e-37)))));
  return select(near, far, f32x4.lt(abs(u), splat(0.0625)));
}

const COLUMN = memory.data(MOST_D * 16, 16);

/** ‖F⁻¹(mean of p₀ − mean)‖². */
function meanRadius(g: usize): v128 {
  for (let a = 0; a < D; a++) {
    put(COLUMN, a, sub(splat(tableMean(a)), get(g + MEAN, a)));
  }
  return squaredRadius(g, COLUMN);
}

/** Column c of F⁻¹ L, to COLUMN. */
function truthColumn(g: usize, c: i32): void {
  for (let a = 0; a < D; a++) {
    put(COLUMN, a, splat(a < c ? 0 : tableFactor(packedIndex(a, c))));
  }
  standardise(g, COLUMN, COLUMN);
}

/** −E ln q and KL over the truth's nodes, truth units: two vectors at `out`. */
export function nodeLoss(gaussians: usize, out: usize): void {
  let nll = splat(0);
  let kl = splat(0);
  for (let done = 0; done < truthNodeCount; done += BLOCK) {
    const n = min(BLOCK, truthNodeCount - done);
    const rows = takeTruthNodes(done, n);
    evaluate(gaussians, K, n);
    let blockNll = splat(0);
    let blockKl = splat(0);
    for (let i = 0; i < n; i++) {
      const weight = get(WEIGHTS, i);
      const logQ = logDensity(i);
      blockNll = sub(blockNll, mul(weight, logQ));
      const logP = v128.load32_splat(rows + <usize>(i * (D + 2) + D + 1) * 4);
      blockKl = fma(weight, sub(logP, logQ), blockKl);
    }
    nll = add(nll, blockNll);
    kl = add(kl, blockKl);
  }
  put(out, 0, nll);
  put(out, 1, kl);
}

/** The truth's nodes from number `first` on become the block's points; where their rows begin. */
export function takeTruthNodes(first: i32, n: i32): usize {
  const rows = truthNodes() + <usize>(first * (D + 2)) * 4;
  let at = rows;
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < D; a++) {
      put(POINTS, i * D + a, v128.load32_splat(at));
      at += 4;
    }
    put(WEIGHTS, i, v128.load32_splat(at));
    at += 8;
  }
  return rows;
}
