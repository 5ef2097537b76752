/**
 * Measures: every statistic that was asked for, of four lineages at a time, from the models in the
 * ring; what nobody asked for costs nothing.
 * Twins: src/model/statistics/observe.ts, shaders/kernels/observe.wgsl.
 */
import { ancestryAt, ringWords, SCALE } from './gmm/model';
import { STATUS_NON_FINITE, STATUS_OVERFLOW } from './gmm/status';
import { scaleBy } from './math/exponent';
import { isSaturated, SATURATION } from './reduce/saturation';
import { setPlace } from './rng/coordinates';
import { D, J, K, MOST_J, MOST_K } from './shape';
import {
  abs,
  add,
  any,
  get,
  max,
  min,
  mul,
  or,
  positive,
  put,
  select,
  splat,
  splatI,
  sub,
} from './simd';
import { coverage } from './statistics/coverage';
import {
  frameGaussians,
  gaussianAt,
  GAUSSIAN_BYTES,
  LN2,
  scaleByPowers,
  SILENT,
  truthGaussians,
  WEIGHT,
} from './statistics/density';
import { overlap, ownEntropy } from './statistics/entropy';
import { frechetDistance } from './statistics/frechet';
import { labelled, RECALLS } from './statistics/labels';
import { gaussianKl, gaussianKlTo, gaussianNll, nodeLoss } from './statistics/likelihood';
import { exponentOfFactor, openModel, raiseStatus, scaleOf, word } from './statistics/model';
import { addPosteriors, effectiveModes, modesAlive } from './statistics/modes';
import {
  EXPONENT,
  logDetRatio,
  logVarianceRatio,
  meanShiftSquared,
  totalMoments,
  totalVariance,
  trace,
  varianceRatio,
} from './statistics/moments';
import {
  drawShift,
  dropQuadrature,
  makeQuadrature,
  modelNodesPerComponent,
  spreadNodes,
  takeNodes,
} from './statistics/nodes';
import { BLOCK } from './statistics/points';
import { lowerQuantile, meanBelow } from './statistics/shortfall';
import { stageOf } from './statistics/stage';
import { stepKl } from './statistics/step';
import * as tables from './statistics/tables';
import { massOutside, twoSidedMass } from './statistics/tails';
import { quantileDistance } from './statistics/wasserstein';

/** Statistics in the order of STATISTIC_NAMES in src/spec/statistics.ts. */
const MEAN_SHIFT_SQUARED = 0;
const TOTAL_VARIANCE = 1;
const VARIANCE_RATIO = 2;
const LOG_VARIANCE_RATIO = 3;
const LOG_DET_RATIO = 4;
const FRECHET_DISTANCE = 5;
const WASSERSTEIN_SQUARED = 6;
const ENTROPY = 7;
const ENTROPY_LOSS = 8;
const KL_TRUTH_TO_MODEL = 9;
const KL_MODEL_TO_TRUTH = 10;
const STEP_KL = 11;
const TEST_NLL = 12;
const SELF_NLL = 13;
const CALIBRATION_GAP = 14;
const COVERAGE_95 = 15;
const TAIL_MASS_10 = 16;
const TAIL_MASS_1 = 17;
const TAIL_MASS_01 = 18;
const HALLUCINATED_MASS = 19;
const VALUE_AT_RISK_99 = 20;
const EXPECTED_SHORTFALL_99 = 21;
const MODES_ALIVE = 22;
const EFFECTIVE_MODES = 23;
const RAREST_MODE_MASS = 24;
const BULK_ACCURACY = 25;
const STAGE_1_SHARE = 26;
const STAGE_2_SHARE = 27;
const STAGE_3_SHARE = 28;
const ANCESTRY = 29;
/** One for each of the truth's components, up to MOST_J. */
const MODE_MASS = 30;
const MODE_RECALL = MODE_MASS + MOST_J;
const NAMED = MODE_RECALL + MOST_J;

/** Each statistic's place in the list of those asked for, −1 where it is not. */
const PLACES = memory.data(376, 4);
let statisticCount = 0;
let asksMoments = false;
let onLine = false;
let asksEntropy = false;
let asksLoss = false;
let asksTails = false;
let asksRisk = false;
let asksModes = false;
let asksStage = false;
let asksLabels = false;
let asksNodes = false;
let sumsOverlap = false;
let sumsDivergence = false;
let sumsTails = false;
let sumsModes = false;
let sumsTruth = false;

/** Words of a model of one Gaussian on a line. */
const LINE_ORIGIN = 2;
const LINE_ORIGIN_LOW = 3;
const LINE_WEIGHT = 4;
const LINE_MEAN = 5;
const LINE_FACTOR = 6;
const LINE_EXPONENT = 7;

const IN_FRAME = memory.data(MOST_K * <i32>GAUSSIAN_BYTES, 16);
const IN_TRUTH = memory.data(MOST_K * <i32>GAUSSIAN_BYTES, 16);
const TRUTH = memory.data(MOST_J * <i32>GAUSSIAN_BYTES, 16);

/** E ln(q/p₀). */
const DIVERGENCE = memory.data(16, 16);
/** Expectations under q: overlap, tail masses, masses of the truth's modes; a vector each. */
const OVERLAP: usize = 0;
const TAILS: usize = 16;
const MASSES: usize = 64;
const SUMS = memory.data(64 + MOST_J * 16, 16);
const LOSS = memory.data(32, 16);

/** Where the values of the models in hand go, and the bits that they raise. */
let column: usize = 0;
let rowBytes: usize = 0;
const RAISED = memory.data(16, 16);
/** Where the models in hand begin, and their parents; and whether these are the truth. */
let MODELS: usize = 0;
let PARENTS: usize = 0;
let first = false;
/** What the stage of a lineage follows from: variance kept, tail mass, modes alive. */
const FATE = memory.data(48, 16);

/** `places`: 94 i32, see PLACES. After `configure`. */
export function configureStatistics(places: usize, count: i32): void {
  memory.copy(PLACES, places, NAMED << 2);
  statisticCount = count;
  asksStage = asksAny(STAGE_1_SHARE, STAGE_3_SHARE);
  asksMoments = asksAny(MEAN_SHIFT_SQUARED, WASSERSTEIN_SQUARED) || asksStage;
  onLine = asksMoments && !asksAny(LOG_DET_RATIO, WASSERSTEIN_SQUARED) && D == 1 && K == 1;
  asksEntropy = asksAny(ENTROPY, ENTROPY_LOSS) || asksAny(SELF_NLL, CALIBRATION_GAP);
  asksLoss = asks(KL_TRUTH_TO_MODEL) || asks(TEST_NLL) || asks(CALIBRATION_GAP);
  asksTails = asksAny(TAIL_MASS_10, HALLUCINATED_MASS) || asksStage;
  asksRisk = asksAny(VALUE_AT_RISK_99, EXPECTED_SHORTFALL_99);
  asksModes =
    asksAny(MODES_ALIVE, RAREST_MODE_MASS) || asksAny(MODE_MASS, MODE_RECALL - 1) || asksStage;
  asksLabels = asks(BULK_ACCURACY) || asksAny(MODE_RECALL, NAMED - 1);
  sumsOverlap = K > 1 && (asksEntropy || asks(KL_MODEL_TO_TRUTH));
  sumsDivergence = K + J > 2 && asks(KL_MODEL_TO_TRUTH);
  sumsTails = D > 1 && asksTails;
  sumsModes = J > 1 && asksModes;
  sumsTruth = sumsDivergence || sumsTails || sumsModes;
  asksNodes = sumsOverlap || sumsTruth || (K > 1 && (asks(STEP_KL) || asks(COVERAGE_95)));
  dropQuadrature();
}

@inline
function placeOf(name: i32): i32 {
  return load<i32>(PLACES + (<usize>name << 2));
}

@inline
function asks(name: i32): bool {
  return placeOf(name) >= 0;
}

function asksAny(first: i32, last: i32): bool {
  for (let name = first; name <= last; name++) if (asks(name)) return true;
  return false;
}

/** Takes up the tables of the cell whose key `setCell` has set. */
export function setTables(words: usize): void {
  tables.openTables(words, TRUTH);
  if (D > 1 || !asksNodes) return;
  makeQuadrature(modelNodesPerComponent(tables.nodes));
}

/**
 * Values of lineages [first, first + count) in the window's generations, `ring` and `values` laid
 * out as ring[(slot · MODEL_WORDS + word) · stride + lineage], slot 0 the window's parent, and
 * values[(generation · statistics + statistic) · stride + lineage]; `first` and `stride` are
 * multiples of 4. Status bits of the values are added to the ring's.
 */
export function observe(
  ring: usize,
  values: usize,
  stride: i32,
  firstLineage: i32,
  lineageCount: i32,
  firstReplicate: i32,
  firstGeneration: i32,
  generationCount: i32,
): void {
  rowBytes = <usize>stride << 2;
  const slotBytes = <usize>ringWords() * rowBytes;
  const windowBytes = <usize>statisticCount * rowBytes;
  const end = firstLineage + lineageCount;
  for (let g = 0; g < generationCount; g++) {
    const slot = ring + <usize>(g + 1) * slotBytes;
    for (let lineage = firstLineage; lineage < end; lineage += 4) {
      MODELS = slot + (<usize>lineage << 2);
      PARENTS = MODELS - slotBytes;
      first = firstGeneration + g == 1;
      openModel(MODELS, rowBytes);
      column = values + <usize>g * windowBytes + (<usize>lineage << 2);
      if (D > 1) setPlace(firstReplicate + lineage, firstGeneration + g);
      observeModels();
    }
  }
}

function observeModels(): void {
  v128.store(RAISED, splatI(0));
  if (onLine) observeLineMoments();
  else if (asksMoments) observeMoments();
  if (asksEntropy || sumsOverlap || asks(STEP_KL)) frameGaussians(IN_FRAME);
  const measures = asks(WASSERSTEIN_SQUARED) || asks(COVERAGE_95) || asks(STEP_KL);
  const looksAtTruth =
    asksLoss || asksTails || asksRisk || asksLabels || measures || asks(KL_MODEL_TO_TRUTH);
  if (looksAtTruth || sumsTruth) truthGaussians(IN_TRUTH);
  if (sumsOverlap || sumsTruth) sumNodes();
  if (asksEntropy) observeEntropy();
  if (asks(KL_MODEL_TO_TRUTH)) observeDivergence();
  if (asksLoss || (first && asks(STEP_KL))) observeLoss();
  if (asks(STEP_KL)) observeStep();
  if (asks(WASSERSTEIN_SQUARED) && K + J > 2) observeDistance();
  if (asks(COVERAGE_95)) publish(COVERAGE_95, coverage(IN_TRUTH, TRUTH));
  if (asksTails) observeTails();
  if (asksRisk) observeRisk();
  if (asksModes) observeModes();
  if (asksLabels) observeLabels();
  if (asksStage) observeStage();
  if (asks(ANCESTRY)) publish(ANCESTRY, word(ancestryAt()));
  const raised = v128.load(RAISED);
  if (any(raised)) raiseStatus(raised);
}

/** Writes one statistic, held within ±SATURATION; what is not a number counts as +SATURATION. */
@inline
function publish(name: i32, value: v128): void {
  const place = placeOf(name);
  if (place < 0) return;
  const held = any(isSaturated(value)) ? hold(value) : value;
  v128.store(column + <usize>place * rowBytes, held);
}

/** Holds what publish may not write, and raises its bits. */
function hold(value: v128): v128 {
  const nan = f32x4.ne(value, value);
  raise(STATUS_NON_FINITE, nan);
  raise(STATUS_OVERFLOW, f32x4.ge(abs(value), splat(SATURATION)));
  const held = max(min(value, splat(SATURATION)), splat(-SATURATION));
  return select(splat(SATURATION), held, nan);
}

function raise(bit: i32, where: v128): void {
  v128.store(RAISED, or(v128.load(RAISED), v128.and(splatI(bit), where)));
}

function observeMoments(): void {
  totalMoments();
  if (asks(MEAN_SHIFT_SQUARED)) publish(MEAN_SHIFT_SQUARED, meanShiftSquared());
  const exponent = v128.load(EXPONENT);
  publishVariance(trace(), exponent);
  if (asks(LOG_DET_RATIO)) publish(LOG_DET_RATIO, logDetRatio(tables.logDet, exponent));
  const single = K + J == 2 && asks(WASSERSTEIN_SQUARED);
  if (!asks(FRECHET_DISTANCE) && !single) return;
  const distance = frechetDistance(exponent);
  publish(FRECHET_DISTANCE, distance);
  if (single) publish(WASSERSTEIN_SQUARED, distance);
}

/** The same of one Gaussian on a line, which needs no memory. */
function observeLineMoments(): void {
  const scale = word(SCALE);
  const centre = mul(word(LINE_WEIGHT), word(LINE_MEAN));
  const mean = add(word(LINE_ORIGIN), add(word(LINE_ORIGIN_LOW), scaleBy(centre, scale)));
  const shift = scaleByPowers(mean, tables.UNIT);
  publish(MEAN_SHIFT_SQUARED, mul(shift, shift));
  const factor = word(LINE_FACTOR);
  publishVariance(mul(factor, factor), i32x4.add(word(LINE_EXPONENT), scale));
}

@inline
function publishVariance(sum: v128, exponent: v128): void {
  const share = f32x4.div(sum, splat(tables.trace));
  if (asks(TOTAL_VARIANCE)) publish(TOTAL_VARIANCE, totalVariance(sum, exponent));
  if (asks(VARIANCE_RATIO) || asksStage) {
    const kept = varianceRatio(share, exponent);
    put(FATE, 0, kept);
    publish(VARIANCE_RATIO, kept);
  }
  if (asks(LOG_VARIANCE_RATIO)) publish(LOG_VARIANCE_RATIO, logVarianceRatio(share, exponent));
}

/** Expectations under q, component by component, a block of nodes at a time. */
function sumNodes(): void {
  memory.fill(SUMS, 0, MASSES + (<usize>J << 4));
  v128.store(DIVERGENCE, splat(0));
  const count = modelNodesPerComponent(tables.nodes);
  const gaussians = sumsTruth ? IN_TRUTH : IN_FRAME;
  for (let k = 0; k < K; k++) {
    const weight = v128.load(gaussianAt(gaussians, k) + WEIGHT);
    const weighs = positive(weight);
    if (!any(weighs)) continue;
    if (D > 1) drawShift(k);
    for (let done = 0; done < count; done += BLOCK) {
      const n = count - done < BLOCK ? count - done : BLOCK;
      takeNodes(done, n, count, v128.and(weight, weighs));
      addBlock(k, n, weighs);
    }
  }
}

/** Adds what the block's nodes of component k find. */
function addBlock(k: i32, n: i32, weighs: v128): void {
  if (sumsOverlap) {
    const sum = v128.and(overlap(IN_FRAME, k, n), weighs);
    v128.store(SUMS + OVERLAP, add(v128.load(SUMS + OVERLAP), sum));
    if (sumsDivergence) v128.store(DIVERGENCE, add(v128.load(DIVERGENCE), sum));
  }
  if (sumsTruth) {
    const own = gaussianAt(IN_TRUTH, k);
    spreadNodes(own, n, true);
    const masses = sumsModes ? SUMS + MASSES : 0;
    const tails = sumsTails ? SUMS + TAILS : 0;
    addPosteriors(TRUTH, own, n, masses, tails, sumsDivergence ? DIVERGENCE : 0);
  }
}

/** In truth units; SILENT for −∞. */
const OWN_ENTROPY = memory.data(16, 16);

function observeEntropy(): void {
  const own = ownEntropy(IN_FRAME);
  let entropy = own;
  if (sumsOverlap) entropy = sub(own, v128.load(SUMS + OVERLAP));
  const scale = f32x4.convert_i32x4_s(i32x4.mul(scaleOf(), splatI(D)));
  entropy = add(entropy, mul(scale, splat(LN2)));
  entropy = select(splat(SILENT), entropy, f32x4.eq(own, splat(SILENT)));
  v128.store(OWN_ENTROPY, entropy);
  publish(ENTROPY, add(entropy, splat(tables.logUnit)));
  publish(ENTROPY_LOSS, sub(splat(tables.entropy), entropy));
  publish(SELF_NLL, add(entropy, splat(tables.logUnit)));
}

/** A component without width is infinitely unlike the truth. */
function observeDivergence(): void {
  let divergence = v128.load(DIVERGENCE);
  if (!sumsDivergence) {
    const exponent = i32x4.add(exponentOfFactor(0), scaleOf());
    divergence = gaussianKlTo(IN_TRUTH, TRUTH, exponent);
  }
  const flat = f32x4.eq(ownEntropy(IN_TRUTH), splat(SILENT));
  publish(KL_MODEL_TO_TRUTH, select(splat(-SILENT), divergence, flat));
}

function observeLoss(): void {
  if (K > 1) {
    nodeLoss(IN_TRUTH, LOSS);
  } else {
    const nll = gaussianNll(IN_TRUTH);
    put(LOSS, 0, nll);
    put(LOSS, 1, J == 1 ? gaussianKl(IN_TRUTH) : sub(nll, splat(tables.entropy)));
  }
  publish(TEST_NLL, add(get(LOSS, 0), splat(tables.logUnit)));
  publish(KL_TRUTH_TO_MODEL, get(LOSS, 1));
  if (asks(CALIBRATION_GAP)) {
    publish(CALIBRATION_GAP, sub(get(LOSS, 0), v128.load(OWN_ENTROPY)));
  }
}

function observeTails(): void {
  for (let level = 0; level < tables.LEVELS; level++) {
    const name = TAIL_MASS_10 + level;
    const forStage = level == 1 && asksStage;
    if (!asks(name) && !forStage) continue;
    const mass = D > 1 ? get(SUMS + TAILS, level) : massBeyond(level);
    const kept = mul(mass, splat(level == 0 ? 10 : level == 1 ? 100 : 1000));
    if (forStage) put(FATE, 1, kept);
    publish(name, kept);
  }
  if (!asks(HALLUCINATED_MASS)) return;
  publish(HALLUCINATED_MASS, D > 1 ? get(SUMS + TAILS, 2) : massOutside(IN_TRUTH));
}

function massBeyond(level: i32): v128 {
  return twoSidedMass(IN_TRUTH, tables.lowerLevel(level), tables.upperLevel(level));
}

function observeRisk(): void {
  const quantile = lowerQuantile(IN_TRUTH);
  publish(VALUE_AT_RISK_99, f32x4.div(quantile, splat(tables.riskQuantile())));
  if (!asks(EXPECTED_SHORTFALL_99)) return;
  const mean = meanBelow(IN_TRUTH, quantile);
  publish(EXPECTED_SHORTFALL_99, f32x4.div(mean, splat(tables.riskMeanBelow())));
}

function observeModes(): void {
  const masses = SUMS + MASSES;
  if (J == 1) put(masses, 0, splat(1));
  const alive = modesAlive(masses, TRUTH);
  put(FATE, 2, alive);
  publish(MODES_ALIVE, alive);
  if (asks(EFFECTIVE_MODES)) publish(EFFECTIVE_MODES, effectiveModes(masses));
  publish(RAREST_MODE_MASS, get(masses, tables.rarest));
  for (let j = 0; j < J; j++) publish(MODE_MASS + j, get(masses, j));
}

function observeLabels(): void {
  publish(BULK_ACCURACY, labelled(IN_TRUTH, TRUTH));
  for (let j = 0; j < J; j++) publish(MODE_RECALL + j, get(RECALLS, j));
}

function observeStage(): void {
  const stage = stageOf(get(FATE, 0), get(FATE, 1), get(FATE, 2));
  for (let s = 0; s < 3; s++) {
    const here = i32x4.eq(stage, splatI(s + 1));
    publish(STAGE_1_SHARE + s, v128.and(splat(1), here));
  }
}

/** The parent of the first generation is the truth. */
function observeStep(): void {
  const step = first ? get(LOSS, 1) : stepKl(PARENTS, MODELS, rowBytes, IN_FRAME);
  publish(STEP_KL, step);
}

function observeDistance(): void {
  const apart = quantileDistance(IN_TRUTH);
  const once = scaleByPowers(apart, tables.UNIT);
  publish(WASSERSTEIN_SQUARED, scaleByPowers(once, tables.UNIT));
}
