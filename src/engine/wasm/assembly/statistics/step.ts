/**
 * KL(q_{t−1}‖q_t), what one step forgets, both models in the child's frame. Closed form for one
 * component, else nodes of the parent.
 * Twins: src/model/statistics/step.ts, shaders/statistics/step.wgsl.
 */
import { scaleBy } from '../math/exponent';
import { D, K, MOST_D, MOST_K } from '../shape';
import { add, any, fma, get, positive, put, select, splat, sub } from '../simd';
import { gaussianAt, GAUSSIAN_BYTES, MEAN, setShape, SILENT, WEIGHT } from './density';
import { overlap, ownEntropy, ownTerm } from './entropy';
import { gaussianKlTo } from './likelihood';
import {
  exponentOfFactor,
  meanOf,
  openModel,
  originLowOf,
  originOf,
  scaleOf,
} from './model';
import { drawShift, modelNodesPerComponent, takeNodes } from './nodes';
import { BLOCK, evaluateFrom, logDensity, WEIGHTS } from './points';
import { nodes } from './tables';

const BEFORE = memory.data(MOST_K * <i32>GAUSSIAN_BYTES, 16);
/** Origins of the children, high and low words, and their scales. */
const ORIGIN = memory.data(MOST_D * 16, 16);
const ORIGIN_LOW = memory.data(MOST_D * 16, 16);
const SCALE = memory.data(16, 16);
/** Exponent of the parents' first factors, in the children's frames. */
const EXPONENT = memory.data(16, 16);

/** The parents in the frames of their children; the models in hand are the children's again. */
function parentGaussians(parents: usize, children: usize, rowBytes: usize): void {
  v128.store(SCALE, scaleOf());
  for (let a = 0; a < D; a++) {
    put(ORIGIN, a, originOf(a));
    put(ORIGIN_LOW, a, originLowOf(a));
  }
  openModel(parents, rowBytes);
  const scale = v128.load(SCALE);
  const step = i32x4.sub(scaleOf(), scale);
  v128.store(EXPONENT, i32x4.add(exponentOfFactor(0), step));
  for (let k = 0; k < K; k++) {
    const g = gaussianAt(BEFORE, k);
    for (let a = 0; a < D; a++) {
      const low = sub(originLowOf(a), get(ORIGIN_LOW, a));
      const shift = add(sub(originOf(a), get(ORIGIN, a)), low);
      const moved = add(scaleBy(shift, i32x4.neg(scale)), scaleBy(meanOf(k, a), step));
      put(g + MEAN, a, moved);
    }
    setShape(g, k, i32x4.add(exponentOfFactor(k), step));
  }
  openModel(children, rowBytes);
}

/**
 * Of the models in hand, which lie at `children`, and their parents; `after` are the children in
 * their own frames. −SILENT, for +∞, where a parent has a component without width.
 */
export function stepKl(
  parents: usize,
  children: usize,
  rowBytes: usize,
  after: usize,
): v128 {
  parentGaussians(parents, children, rowBytes);
  if (K == 1) return gaussianKlTo(BEFORE, after, v128.load(EXPONENT));
  const count = modelNodesPerComponent(nodes);
  let sum = splat(0);
  for (let k = 0; k < K; k++) {
    const weight = v128.load(gaussianAt(BEFORE, k) + WEIGHT);
    const weighs = positive(weight);
    if (!any(weighs)) continue;
    if (D > 1) drawShift(k);
    for (let done = 0; done < count; done += BLOCK) {
      const n = count - done < BLOCK ? count - done : BLOCK;
      takeNodes(done, n, count, v128.and(weight, weighs));
      sum = add(sum, v128.and(blockStep(k, n, after), weighs));
    }
  }
  return select(splat(-SILENT), sum, f32x4.eq(ownEntropy(BEFORE), splat(SILENT)));
}

/** Of a block's nodes of component k of the parents. */
function blockStep(k: i32, n: i32, after: usize): v128 {
  const own = gaussianAt(BEFORE, k);
  let sum = overlap(BEFORE, k, n);
  evaluateFrom(after, K, own, n);
  for (let i = 0; i < n; i++) {
    sum = fma(get(WEIGHTS, i), sub(ownTerm(own, i), logDensity(i)), sum);
  }
  return sum;
}
