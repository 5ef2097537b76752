/**
 * What the model's components, taken for labels, get right of the truth's points: each is named by
 * the truth's component it is nearest to, and labels where its weighted density is highest.
 * Twins: src/model/statistics/labels.ts, shaders/statistics/labels.wgsl.
 */
import { D, J, K, MOST_D, MOST_J, MOST_K } from '../shape';
import {
  add,
  clear,
  div,
  fma,
  get,
  less,
  max,
  min,
  mul,
  put,
  select,
  splat,
  splatI,
  sub,
} from '../simd';
import { gaussianAt, MEAN, SILENT, squaredRadius } from './density';
import { takeTruthNodes } from './likelihood';
import { BLOCK, POINTS, setTerms, termAt, WEIGHTS } from './points';
import { lowerLevel, truthNodeCount, upperLevel } from './tables';

/** [K]: numbers of the truth's components. */
const NAMES = memory.data(MOST_K * 16, 16);
const DELTA = memory.data(MOST_D * 16, 16);
/** Nearer means nearer by more than rounding, so that every engine sees the same equals. */
const NEARER: f32 = 0.999984741;

/** Names each component by the truth's one nearest to it, by its own covariance. */
function componentNames(gaussians: usize, truth: usize): void {
  for (let k = 0; k < K; k++) {
    let nearest = splat(3e38);
    let name = splatI(0);
    for (let j = 0; j < J; j++) {
      const home = gaussianAt(truth, j);
      for (let a = 0; a < D; a++) {
        put(DELTA, a, sub(get(gaussianAt(gaussians, k) + MEAN, a), get(home + MEAN, a)));
      }
      const radius = squaredRadius(home, DELTA);
      const nearer = less(radius, mul(splat(NEARER), nearest));
      nearest = select(radius, nearest, nearer);
      name = select(splatI(j), name, nearer);
    }
    put(NAMES, k, name);
  }
}

/** How far mode j's label is ahead of any other at point i of the block, from its terms. */
function labelMargin(j: i32, i: i32): v128 {
  const none = splat(2 * SILENT);
  let own = none;
  let other = none;
  for (let k = 0; k < K; k++) {
    const term = termAt(k, i);
    const named = i32x4.eq(get(NAMES, k), splatI(j));
    own = select(max(own, term), own, named);
    other = select(other, max(other, term), named);
  }
  return select(sub(own, other), splat(SILENT), f32x4.gt(own, none));
}

/** Share of a segment on which what is `before` and `now` at its ends is at least 0. */
export function shareOver(before: v128, now: v128): v128 {
  const top = max(before, now);
  const bottom = min(before, now);
  const part = div(top, max(sub(top, bottom), splat(1e-37)));
  const negative = less(bottom, splat(0));
  return clear(select(part, splat(1), negative), less(top, splat(0)));
}

/** [J]: of each mode's points, the share labelled by it. */
export const RECALLS = memory.data(MOST_J * 16, 16);

let mass: f32 = 0;
let right: v128 = i32x4.splat(0);
let central: f32 = 0;
let centralRight: v128 = i32x4.splat(0);

/** Fills RECALLS; gives the share of the truth's central 90 % that is labelled right. */
export function labelled(gaussians: usize, truth: usize): v128 {
  if (J == 1) {
    put(RECALLS, 0, splat(1));
    return splat(1);
  }
  componentNames(gaussians, truth);
  const each = truthNodeCount / J;
  let whole: f32 = 0;
  let sum = splat(0);
  for (let j = 0; j < J; j++) {
    mass = 0;
    central = 0;
    right = splat(0);
    centralRight = splat(0);
    addMode(gaussians, j, each);
    put(RECALLS, j, div(right, splat(mass)));
    whole += central;
    sum = add(sum, centralRight);
  }
  return div(sum, splat(whole));
}

/** Over the nodes of mode j: at d = 1 from each to the next, above one by one. */
function addMode(gaussians: usize, j: i32, each: i32): void {
  let weightBefore: f32 = 0;
  let bulkBefore: f32 = 0;
  let marginBefore = splat(0);
  for (let done = 0; done < each; done += BLOCK) {
    const n = each - done < BLOCK ? each - done : BLOCK;
    const rows = takeTruthNodes(j * each + done, n);
    setTerms(gaussians, K, n);
    let blockMass: f32 = 0;
    let blockCentral: f32 = 0;
    let blockRight = splat(0);
    let blockCentralRight = splat(0);
    for (let i = 0; i < n; i++) {
      const weightNow = f32x4.extract_lane(get(WEIGHTS, i), 0);
      const bulkNow = isCentral(i, rows);
      const marginNow = labelMargin(j, i);
      const alone = D > 1;
      if (alone || done + i > 0) {
        const weight: f32 = alone ? weightNow : (weightBefore + weightNow) * 0.5;
        const bulk: f32 = alone ? weight * bulkNow : weight * (bulkBefore + bulkNow) * 0.5;
        const share = shareOver(alone ? marginNow : marginBefore, marginNow);
        blockMass += weight;
        blockCentral += bulk;
        blockRight = fma(splat(weight), share, blockRight);
        blockCentralRight = fma(splat(bulk), share, blockCentralRight);
      }
      weightBefore = weightNow;
      bulkBefore = bulkNow;
      marginBefore = marginNow;
    }
    mass += blockMass;
    central += blockCentral;
    right = add(right, blockRight);
    centralRight = add(centralRight, blockCentralRight);
  }
}

/** 1 where the truth's node i of the block is of its central 90 %, else 0. */
function isCentral(i: i32, rows: usize): f32 {
  if (D == 1) {
    const x = f32x4.extract_lane(get(POINTS, i), 0);
    return x >= lowerLevel(0) && x <= upperLevel(0) ? 1 : 0;
  }
  return load<f32>(rows + <usize>(i * (D + 2) + D + 1) * 4) >= lowerLevel(0) ? 1 : 0;
}
