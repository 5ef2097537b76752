/**
 * Fits and samples: four lineages at a time through the generations of a window, each drawing a
 * batch, choosing its frame, fitting it, and appending the model to the ring.
 * Twins: src/model/lineage.ts, shaders/kernels/evolve.wgsl.
 */
import { openSet, setCopies, setPoint } from './assemble/batch';
import { composeModel } from './assemble/compose';
import {
  drawNormals,
  drawPoints,
  drawSources,
  sampleWidth,
  syntheticShare,
} from './assemble/draws';
import {
  anchorSource,
  DRAWN,
  drawnExtent,
  enterFrame,
  frameScale,
  gatherSources,
  SOURCE_FACTORS,
  SOURCE_MEANS,
  SOURCE_WEIGHTS,
  writeFrame,
} from './assemble/sources';
import { openTraining } from './assemble/training-set';
import {
  bessel,
  closedForm,
  floor,
  iterations,
  phaseEnd,
  quota,
  sampleSize,
  share,
  spread,
  takePhase,
} from './cell';
import { closedLine } from './closed-line';
import {
  expectation,
  FACTORS,
  maximise,
  MEANS,
  prepare,
  SHARES,
  startFit,
  SUM,
  sumPoints,
  WEIGHTS,
} from './gmm/em';
import { kmeans } from './gmm/kmeans';
import {
  ancestryAt,
  emptyModel,
  exponentsAt,
  factorsAt,
  handOn,
  loadModel,
  meansAt,
  MODEL,
  PARENT,
  ringWords,
  setFactor,
  STATUS,
  storeModel,
  TRUTH,
  weightsAt,
} from './gmm/model';
import { expectationOfPair, preparePair } from './gmm/pair';
import { STATUS_COMPONENT_LOST, STATUS_DEGENERATE, STATUS_UNCONVERGED } from './gmm/status';
import { DONE, settle } from './gmm/tolerance';
import { drawWishart, WISHART_FACTOR, WISHART_MEAN } from './gmm/wishart';
import { ZERO_EXPONENT } from './math/exponent';
import { packedIndex } from './math/triangular';
import { setPlace } from './rng/coordinates';
import {
  ANCESTRY_ON,
  ASSEMBLED,
  COVARIANCE,
  D,
  FULL,
  INIT,
  J,
  K,
  MOST_K,
  REAL_ROWS,
  START_KMEANS,
  START_PARENT,
  START_RANDOM,
  START_TRUTH,
  TOLERANCE_ON,
  TRI,
} from './shape';
import {
  add,
  all,
  clear,
  div,
  get,
  less,
  max,
  min,
  mul,
  nth,
  or,
  positive,
  put,
  select,
  splat,
  splatI,
  VECTOR,
} from './simd';

/** 2⁻²⁰: components narrower than this share of the sample's sd are degenerate. */
const DEGENERATE_WIDTH: f32 = 9.5367431640625e-7;
/** 2⁻⁵⁹: the least width at which squares of frame-limited offsets stay finite. */
const LEAST_WIDTH: f32 = 1.734723475976807e-18;

/** Share of the training set that is synthetic. */
const COPIED = memory.data(VECTOR, 16);
/** Masks: components that were alive when the fit began. */
const LIVING = memory.data(MOST_K * VECTOR, 16);

/**
 * Lineages first … first + count − 1 of a chunk (`first` a multiple of 4) through the generations
 * firstGeneration … of a window; a lineage's replicate is firstReplicate + its number. Ring: words
 * [(slot · words + word) · stride + lineage]; slot 0 holds the window's parents, and is made here
 * before generation 1. Where training sets are assembled, older models lie before it.
 */
export function evolve(
  ring: usize,
  stride: i32,
  firstLineage: i32,
  lineageCount: i32,
  firstReplicate: i32,
  firstGeneration: i32,
  generationCount: i32,
): void {
  const row = (<usize>stride) << 2;
  const end = firstLineage + lineageCount;
  for (let lineage = firstLineage; lineage < end; lineage += 4) {
    const at = ring + ((<usize>lineage) << 2);
    if (firstGeneration > 1) {
      loadModel(at, row);
    } else {
      emptyModel(PARENT);
      storeModel(PARENT, at, row);
    }
    evolveFour(at, row, firstReplicate + lineage, firstGeneration, generationCount);
  }
}

/** Four lineages from replicate `replicate` on through a window, after PARENT in slot 0 at `at`. */
function evolveFour(at: usize, row: usize, replicate: i32, generation: i32, count: i32): void {
  const slot = row * <usize>ringWords();
  const end = generation + count;
  let t = generation;
  while (t < end) {
    takePhase(t);
    at += slot;
    if (D == 1 && isClosed(t)) {
      const count = phaseEnd(end) - t;
      closedLine(t == 1 ? TRUTH : PARENT, at, slot, row, replicate, t, count);
      if (ANCESTRY_ON) ancestryLine(at, slot, row, t, count);
      at += slot * <usize>(count - 1);
      t += count;
    } else {
      setPlace(replicate, t);
      if (ASSEMBLED) assembledStep(t, at, slot, row);
      else nextModel(t);
      handOn(at, row);
      t++;
    }
  }
}

/** Ancestry of `count` models in closed form, written from `at` on, and of the last as a parent. */
function ancestryLine(at: usize, slot: usize, row: usize, generation: i32, count: i32): void {
  let ancestry = get(PARENT, ancestryAt());
  const word = at + row * <usize>ancestryAt();
  for (let g = 0; g < count; g++) {
    ancestry = generation + g == 1 ? splat(0) : add(ancestry, splat(1));
    v128.store(word + slot * <usize>g, ancestry);
  }
  put(PARENT, ancestryAt(), ancestry);
}

/** Needs no points at generation t: at the first, where the truth is one Gaussian. */
function isClosed(t: i32): bool {
  return closedForm && (t > 1 || (J == 1 && !REAL_ROWS));
}

/** q_t from q_{t−1}; at generation 1 every point is real. */
function nextModel(t: i32): void {
  const first = t == 1;
  v128.store(COPIED, splat(first ? 0 : 1));
  if (isClosed(t)) {
    closedStep(first);
  } else if (K == 1 && floor == 0 && !first && quota == 0 && share == 0) {
    standardisedStep();
  } else {
    framedStep(first);
  }
  if (!ANCESTRY_ON) return;
  put(MODEL, ancestryAt(), mul(v128.load(COPIED), add(get(PARENT, ancestryAt()), splat(1))));
}

/** K = 1 from its own samples, fitted on the standard normals and multiplied on. */
function standardisedStep(): void {
  drawNormals();
  startFit(splatI(0));
  closedFit();
  stretch();
  composeModel(PARENT, MEANS, FACTORS, fitStatus());
}

/** A fit to standard normals becomes one to those of a wider or narrower sampler. */
function stretch(): void {
  for (let a = 0; a < D; a++) put(MEANS, a, mul(get(MEANS, a), splat(spread)));
  for (let e = 0; e < TRI; e++) put(FACTORS, e, mul(get(FACTORS, e), splat(spread)));
}

/**
 * The same without points: mean and factor of the standard normals are drawn from their laws. At
 * t = 1 the parent is the truth, where it is one Gaussian.
 */
function closedStep(first: bool): void {
  drawWishart();
  // The first sample is the truth's own.
  const root = Math.sqrt(<f64>sampleSize) / (first ? 1 : <f64>spread);
  const shrink = splat(<f32>(1 / root));
  const scale = splat(<f32>(Math.sqrt(<f64>bessel) / root));
  for (let a = 0; a < D; a++) put(WISHART_MEAN, a, mul(get(WISHART_MEAN, a), shrink));
  for (let e = 0; e < TRI; e++) put(WISHART_FACTOR, e, mul(get(WISHART_FACTOR, e), scale));
  composeModel(first ? TRUTH : PARENT, WISHART_MEAN, WISHART_FACTOR, fitStatus());
}

/** The parent's status; n ≤ D points span no volume. */
function fitStatus(): v128 {
  const short = K == 1 && floor == 0 && sampleSize <= D ? STATUS_DEGENERATE : 0;
  return or(get(PARENT, STATUS), splatI(short));
}

/** Any other generation: sources into one frame, points, fit, and the frame kept. */
function framedStep(first: bool): void {
  const realPoints = first ? sampleSize : quota;
  const realShare: f32 = first ? 0 : share;
  drawSources(realPoints, realShare);
  // Before k-means takes the labels.
  if (ANCESTRY_ON) v128.store(COPIED, syntheticShare());
  let realDrawn = splatI(0);
  for (let s = 0; s < J; s++) realDrawn = or(realDrawn, get(DRAWN, s));
  gatherSources(realDrawn);
  anchorSource();
  const extent = drawnExtent();
  enterFrame(extent);
  fitPoints(first, drawPoints(realPoints, realShare, extent), fitStatus());
}

/** Points made one by one, from any batch of the past: at `at` for q_t, see `openSet`. */
function assembledStep(t: i32, at: usize, slot: usize, row: usize): void {
  openTraining(t);
  const real = openSet(t, at, slot, row);
  gatherSources(splatI(real ? -1 : 0));
  anchorSource();
  enterFrame(drawnExtent());
  let status = fitStatus();
  for (let e = 0; e < sampleSize; e++) status = or(status, setPoint(e));
  fitPoints(t == 1, sampleWidth(), status);
  if (ANCESTRY_ON) put(MODEL, ancestryAt(), div(setCopies(), splat(<f32>sampleSize)));
}

/** Fits POINTS, whose sd is given, and writes the model down in the working frame. */
function fitPoints(first: bool, sd: v128, status: v128): void {
  startFit(frameScale());
  if (K == 1) {
    closedFit();
  } else {
    startComponents(first);
    status = or(status, mixtureFit(sd));
  }
  writeFrame(frameScale());
  writeComponents(sd, status);
}

/** K = 1: mean and covariance in two passes, the second about the mean that the first found. */
function closedFit(): void {
  put(WEIGHTS, 0, splat(1));
  for (let a = 0; a < D; a++) put(MEANS, a, splat(0));
  for (let e = 0; e < TRI; e++) put(FACTORS, e, splat(0));
  // Points that span no volume have a width along every axis all the same.
  const flat = floor == 0 && COVARIANCE == FULL;
  for (let pass = 0; pass < 2; pass++) {
    sumPoints(wholeShares);
    maximise(flat ? sampleSize - 1 : D);
  }
}

/** Every point is the one component's. */
function wholeShares(_: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    put(SHARES, i, splat(1));
    put(SUM, i, splat(1));
  }
}

/** K > 1: where EM starts from. */
function startComponents(first: bool): void {
  let start = INIT;
  if (INIT == START_PARENT && first) start = K == J ? START_TRUTH : START_KMEANS;
  if (start == START_KMEANS || start == START_RANDOM) {
    kmeans(start == START_RANDOM);
    return;
  }
  const from = start == START_TRUTH ? 0 : J;
  for (let k = 0; k < K; k++) put(WEIGHTS, k, get(SOURCE_WEIGHTS, from + k));
  for (let e = 0; e < K * D; e++) put(MEANS, e, get(SOURCE_MEANS, from * D + e));
  for (let e = 0; e < K * TRI; e++) put(FACTORS, e, get(SOURCE_FACTORS, from * TRI + e));
}

/** K > 1: E and M steps; status bits. */
function mixtureFit(sd: v128): v128 {
  for (let k = 0; k < K; k++) put(LIVING, k, positive(get(WEIGHTS, k)));
  const widthFloor = max(mul(sd, splat(DEGENERATE_WIDTH)), splat(LEAST_WIDTH));
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (K == 2 && D == 1) {
      preparePair(widthFloor);
      expectationOfPair();
    } else {
      prepare(widthFloor);
      expectation();
    }
    maximise(D);
    if (TOLERANCE_ON) {
      settle();
      if (all(v128.load(DONE))) break;
    }
  }
  let lost = splatI(0);
  for (let k = 0; k < K; k++) lost = or(lost, clear(get(LIVING, k), positive(get(WEIGHTS, k))));
  const status = v128.and(lost, splatI(STATUS_COMPONENT_LOST));
  if (!TOLERANCE_ON) return status;
  return or(status, clear(splatI(STATUS_UNCONVERGED), v128.load(DONE)));
}

/** The fitted components as a model in the working frame, its degenerate ones marked. */
function writeComponents(sd: v128, status: v128): void {
  const thin = mul(sd, splat(DEGENERATE_WIDTH));
  const flat = f32x4.eq(sd, splat(0));
  let marked = splatI(0);
  for (let k = 0; k < K; k++) {
    const alive = positive(get(WEIGHTS, k));
    put(MODEL, weightsAt() + k, v128.and(get(WEIGHTS, k), alive));
    const factor = nth(FACTORS, k * TRI);
    let thinnest = get(factor, 0);
    for (let a = 0; a < D; a++) {
      put(MODEL, meansAt(K) + k * D + a, v128.and(get(MEANS, k * D + a), alive));
      thinnest = min(thinnest, get(factor, packedIndex(a, a)));
    }
    marked = or(marked, v128.and(alive, or(flat, less(thinnest, thin))));
    const to = nth(MODEL, factorsAt(K) + k * TRI);
    const exponent = setFactor(to, factor);
    for (let e = 0; e < TRI; e++) put(to, e, v128.and(get(to, e), alive));
    put(MODEL, exponentsAt(K) + k, select(exponent, splatI(ZERO_EXPONENT), alive));
  }
  put(MODEL, STATUS, or(status, v128.and(marked, splatI(STATUS_DEGENERATE))));
}
