/**
 * Points that come from more than truth and parent: from an archive, from models of the past, from
 * an adversary; that are cut off, or paraphrased. Each lineage's point may be of another batch. A
 * candidate is a pure function of (lineage, generation, point, attempt). What looks at densities is
 * handed over to the reference (src/plan/hand-over.ts).
 * Twins: src/model/assemble/batch.ts, shaders/assemble/batch.wgsl.
 */
import {
  firstBatch,
  MEMORY,
  NOISE,
  POINTS,
  POISON,
  POISON_MEAN,
  POISON_SCALE,
  quota,
  QUOTA,
  rowCount,
  rowInHand,
  share,
  SHARE,
  SHARPENING,
  SPREAD,
  TRUNCATION,
  TRUTH_FACTOR,
} from '../cell';
import {
  ancestryAt,
  exponentsAt,
  factorsAt,
  meansAt,
  ORIGIN,
  originLowAt,
  PARENT,
  SCALE,
  TRUTH,
  weightsAt,
} from '../gmm/model';
import { STATUS_ATTEMPTS_EXHAUSTED } from '../gmm/status';
import { scaleBy } from '../math/exponent';
import { packedIndex } from '../math/triangular';
import {
  drawn,
  STREAM_CHOICE,
  STREAM_NORMAL,
  STREAM_ORIGIN,
  STREAM_PARAPHRASE,
  STREAM_POISON,
  STREAM_SCREEN,
  wordsOf,
} from '../rng/coordinates';
import { normalPair, unitUniform, wordBelow } from '../rng/normal';
import {
  ANCESTRY_ON,
  D,
  FIXED,
  J,
  K,
  MOST_D,
  MOST_J,
  MOST_K,
  MOST_TRI,
  REAL_ROWS,
  RETENTION,
  RETENTION_REPLACE,
  TRI,
} from '../shape';
import {
  add,
  any,
  clear,
  constant,
  fma,
  gather,
  get,
  less,
  minI,
  mul,
  nth,
  or,
  positive,
  put,
  select,
  splat,
  splatI,
  sub,
  VECTOR,
} from '../simd';
import { cumulate, gatherRows, pickComponent, sharpen } from './draws';
import { DRAWN, frameScale, intoFrame, SOURCE_FACTORS, SOURCE_MEANS } from './sources';
import { GENERATION, INDEX, openEntry, phaseNumber } from './training-set';

/** Candidates of one point, at most; the last one is taken then, and the status says so. */
const MAX_ATTEMPTS = 255;

/** Normals of the candidate in hand, a pair for each two axes, and the word that chooses. */
const Z = memory.data(4 * VECTOR, 16);
/**
 * The block of first candidates drawn last: its index and generation in each lineage, its normals,
 * and two words. At D = 1 the next point is most often its other half.
 */
const HELD_INDEX = memory.data(VECTOR, 16);
const HELD_GENERATION = memory.data(VECTOR, 16);
const HELD_NORMALS = memory.data(4 * VECTOR, 16);
const HELD_WORDS = memory.data(2 * VECTOR, 16);
/** Other normals: wider or narrower ones, an adversary's, a paraphrase's. */
const NORMALS = memory.data(4 * VECTOR, 16);
const CHOICE = memory.data(VECTOR, 16);
/** d = 2: the word that says whether the point is real. */
const ORIGIN_WORD = memory.data(VECTOR, 16);
/** The point in the working frame. */
const POINT = memory.data(MOST_D * VECTOR, 16);
/** Copies since a human: what the point has where it is synthetic, and all of them so far. */
const COPIES = memory.data(VECTOR, 16);
const CANDIDATE_COPIES = memory.data(VECTOR, 16);
const ALL_COPIES = memory.data(VECTOR, 16);
/** What their sum has lost to rounding: pools have thousands of points. */
const LOST = memory.data(VECTOR, 16);
/** Mean and factor of each lineage's source. */
const MEAN = memory.data(MOST_D * VECTOR, 16);
const FACTOR = memory.data(MOST_TRI * VECTOR, 16);
/** Sums of the truth's weights, and of those of each lineage's model. */
const TRUTH_SUMS = memory.data(MOST_J * VECTOR, 16);
const WEIGHTS = memory.data(MOST_K * VECTOR, 16);
const SUMS = memory.data(MOST_K * VECTOR, 16);

/**
 * Components in the working frame of the model that all lanes draw from: means and factors, what
 * they are chosen by, and copies since a human.
 */
const COMMON_MEANS = memory.data(MOST_K * MOST_D * VECTOR, 16);
const COMMON_FACTORS = memory.data(MOST_K * MOST_TRI * VECTOR, 16);
const COMMON_SUMS = memory.data(MOST_K * VECTOR, 16);
const COMMON_COPIES = memory.data(VECTOR, 16);
/** Generation of that model, of the batch that is drawn from it; 0 for none. */
let commonModel: i32 = 0;
let commonBatch: i32 = 0;

/** Addresses of each lineage's model, and of its component's mean, factor and exponent. */
const MODELS = memory.data(16, 16);
const MEANS = memory.data(16, 16);
const FACTORS = memory.data(16, 16);
const EXPONENTS = memory.data(16, 16);

/** The generation that trains, the address of its model, bytes of a slot, of a word's row. */
let trained: i32 = 0;
let child: usize = 0;
let slotBytes: usize = 0;
let rowBytes: usize = 0;

/**
 * What the training sets of generation t may hold, into DRAWN; whether real points. Their models
 * are to lie at `at`, with those of the past before them, `slot` bytes apart, words `row` bytes.
 */
export function openSet(t: i32, at: usize, slot: usize, row: usize): bool {
  trained = t;
  child = at;
  slotBytes = slot;
  rowBytes = row;
  v128.store(ALL_COPIES, splat(0));
  v128.store(LOST, splat(0));
  v128.store(HELD_INDEX, splatI(-1));
  commonModel = 0;
  const phase = rowInHand();
  const mixed = t == 1 || quota > 0 || share > 0;
  const other = load<f32>(phase + POISON) > 0 || load<f32>(phase + NOISE) > 0;
  const real = mixed || other || RETENTION != RETENTION_REPLACE;
  const truth = nth(TRUTH, weightsAt());
  for (let s = 0; s < J; s++) put(DRAWN, s, real ? positive(get(truth, s)) : splatI(0));
  for (let k = 0; k < K; k++) put(DRAWN, J + k, positive(get(PARENT, weightsAt() + k)));
  cumulate(truth, J, TRUTH_SUMS);
  return real;
}

/** Entry e of the training sets into POINTS; status bits. */
export function setPoint(e: i32): v128 {
  openEntry(e);
  const later = i32x4.gt_s(v128.load(GENERATION), splatI(1));
  const poisoned = v128.and(later, poisonPoint());
  const real = clear(realMask(later), poisoned);
  const synthetic = v128.not(or(real, poisoned));
  let exhausted = splatI(0);
  if (any(synthetic)) exhausted = syntheticPoint(synthetic);
  if (any(real)) realPoint(real, later);
  if (ANCESTRY_ON) {
    addCopies(v128.and(v128.load(COPIES), synthetic));
  }
  for (let a = 0; a < D; a++) put(POINTS, e * D + a, get(POINT, a));
  return v128.and(exhausted, splatI(STATUS_ATTEMPTS_EXHAUSTED));
}

/** Kahan's sum. */
function addCopies(copies: v128): void {
  const sum = v128.load(ALL_COPIES);
  const part = sub(copies, v128.load(LOST));
  const next = add(sum, part);
  v128.store(LOST, sub(sub(next, sum), part));
  v128.store(ALL_COPIES, next);
}

/** Copies since a human of the points made, together. */
export function setCopies(): v128 {
  return v128.load(ALL_COPIES);
}

/** Word `number` of those drawn last, of each lineage another. */
function drawnAt(number: v128): v128 {
  let word = drawn(0);
  for (let w = 1; w < 4; w++) word = select(drawn(w), word, i32x4.eq(number, splatI(w)));
  return word;
}

/** Normals and choice of the first candidate of a point. */
function drawPoint(index: v128, generation: v128): void {
  const block = D == 1 ? i32x4.shr_u(index, 1) : index;
  const other = or(
    v128.xor(block, v128.load(HELD_INDEX)),
    v128.xor(generation, v128.load(HELD_GENERATION)),
  );
  if (any(other)) {
    v128.store(HELD_INDEX, block);
    v128.store(HELD_GENERATION, generation);
    wordsOf(block, generation, STREAM_NORMAL, 0);
    v128.store(HELD_WORDS, drawn(2));
    v128.store(HELD_WORDS, drawn(3), VECTOR);
    plainNormals(HELD_NORMALS);
    if (D > 2) drawChoice(index, generation, 0, HELD_WORDS);
  }
  takeBlock(index, HELD_NORMALS, HELD_WORDS);
}

/** The same of a later candidate. */
function drawCandidate(index: v128, generation: v128, attempt: i32): void {
  wordsOf(D == 1 ? i32x4.shr_u(index, 1) : index, generation, STREAM_NORMAL, attempt);
  v128.store(NORMALS, drawn(2));
  v128.store(NORMALS, drawn(3), VECTOR);
  plainNormals(Z);
  if (D > 2) drawChoice(index, generation, attempt, NORMALS);
  takeBlock(index, Z, NORMALS);
}

/** D > 2: a point's choice has a stream of its own; its word goes to `to`. */
function drawChoice(index: v128, generation: v128, attempt: i32, to: usize): void {
  wordsOf(i32x4.shr_u(index, 2), generation, STREAM_CHOICE, attempt);
  v128.store(to, drawnAt(v128.and(index, splatI(3))));
}

/** A point's part of a block's normals and words. */
function takeBlock(index: v128, normals: usize, words: usize): void {
  if (D == 1) {
    const odd = i32x4.neg(v128.and(index, splatI(1)));
    put(Z, 0, select(get(normals, 1), get(normals, 0), odd));
    v128.store(CHOICE, select(get(words, 1), get(words, 0), odd));
    return;
  }
  for (let a = 0; a < D; a++) put(Z, a, get(normals, a));
  v128.store(CHOICE, get(words, 0));
  if (D == 2) v128.store(ORIGIN_WORD, get(words, 1));
}

/** Points that are real: all of the first batch, and as many of a later one as it is mixed of. */
function realMask(later: v128): v128 {
  const index = v128.load(INDEX);
  let real = i32x4.lt_s(index, phaseNumber(QUOTA));
  const chance = phaseNumber(SHARE);
  if (any(positive(chance))) {
    if (D == 2) drawPoint(index, v128.load(GENERATION));
    let word = v128.load(ORIGIN_WORD);
    if (D != 2) {
      wordsOf(i32x4.shr_u(index, 2), v128.load(GENERATION), STREAM_ORIGIN, 0);
      word = drawnAt(v128.and(index, splatI(3)));
    }
    real = or(real, less(unitUniform(word), chance));
  }
  return or(real, v128.not(later));
}

/** Normals of a block that has nothing but normals, into `to`. */
function plainNormals(to: usize): void {
  normalPair(drawn(0), drawn(1), to);
  if (D > 2) normalPair(drawn(2), drawn(3), nth(to, 2));
}

/** Row `a` of a packed factor times normals. */
function rowOf(factor: usize, a: i32, normals: usize): v128 {
  let sum = splat(0);
  for (let b = 0; b <= a; b++) sum = fma(get(factor, packedIndex(a, b)), get(normals, b), sum);
  return sum;
}

/** Lanes whose point is an adversary's, which is then in POINT. */
function poisonPoint(): v128 {
  const chance = phaseNumber(POISON);
  if (!any(positive(chance))) return splatI(0);
  const index = v128.load(INDEX);
  const generation = v128.load(GENERATION);
  wordsOf(index, generation, STREAM_POISON, 0);
  const poisoned = less(unitUniform(drawn(0)), chance);
  if (!any(poisoned)) return poisoned;
  wordsOf(index, generation, STREAM_POISON, 1);
  plainNormals(NORMALS);
  const scale = phaseNumber(POISON_SCALE);
  for (let a = 0; a < D; a++) {
    const x = fma(scale, get(NORMALS, a), phaseNumber(POISON_MEAN + ((<usize>a) << 2)));
    put(POINT, a, intoFrame(a, x, splat(0)));
  }
  return poisoned;
}

/** In lanes of `real`: a new point, or one of the first generation's. */
function realPoint(real: v128, later: v128): void {
  if (FIXED && any(v128.and(real, later))) openArchive(real, later);
  else drawPoint(v128.load(INDEX), v128.load(GENERATION));
  if (REAL_ROWS) {
    const row = wordBelow(v128.load(CHOICE), splatI(rowCount));
    for (let a = 0; a < D; a++) {
      const y = intoFrame(a, gatherRows(row, a), splat(0));
      put(POINT, a, select(y, get(POINT, a), real));
    }
    return;
  }
  const source = pickComponent(TRUTH_SUMS, J, unitUniform(v128.load(CHOICE)));
  for (let s = 0; s < J; s++) {
    const mask = i32x4.eq(source, splatI(s));
    for (let a = 0; a < D; a++) {
      put(MEAN, a, select(get(SOURCE_MEANS, s * D + a), get(MEAN, a), mask));
    }
    for (let e = 0; e < TRI; e++) {
      put(FACTOR, e, select(get(SOURCE_FACTORS, s * TRI + e), get(FACTOR, e), mask));
    }
  }
  for (let a = 0; a < D; a++) {
    const y = add(get(MEAN, a), rowOf(FACTOR, a, Z));
    put(POINT, a, select(y, get(POINT, a), real));
  }
}

const ARCHIVED = memory.data(VECTOR, 16);

/**
 * Draws the points of the first batch that stand for those of `real` in hand, where these are
 * later: the quota in turn, others at random.
 */
function openArchive(real: v128, later: v128): void {
  const index = v128.load(INDEX);
  const size = firstBatch();
  const inTurn = i32x4.lt_s(index, phaseNumber(QUOTA));
  let random = index;
  if (any(clear(real, inTurn))) {
    drawPoint(index, v128.load(GENERATION));
    random = wordBelow(v128.load(CHOICE), splatI(size));
  }
  v128.store(ARCHIVED, index);
  for (let lane: usize = 0; lane < 16; lane += 4) {
    store<u32>(ARCHIVED + lane, load<u32>(ARCHIVED + lane) % <u32>size);
  }
  const archived = select(v128.load(ARCHIVED), random, inTurn);
  drawPoint(select(archived, index, later), splatI(1));
}

/** In lanes of `synthetic`: candidates until one is let in; lanes where none was. */
function syntheticPoint(synthetic: v128): v128 {
  const index = v128.load(INDEX);
  const generation = v128.load(GENERATION);
  const radius = phaseNumber(TRUNCATION);
  let pending = synthetic;
  for (let attempt = 0; attempt < MAX_ATTEMPTS && any(pending); attempt++) {
    if (attempt > 0) drawCandidate(index, generation, attempt);
    else drawPoint(index, generation);
    const source = modelOf(attempt);
    let square: v128;
    if (isCommon(source)) {
      square = commonPoint(source);
    } else {
      openModel(select(source, splatI(trained - 1), synthetic));
      openComponent();
      square = modelPoint();
    }
    addNoise(attempt);
    for (let a = 0; a < D; a++) put(POINT, a, select(get(MEAN, a), get(POINT, a), pending));
    if (ANCESTRY_ON) {
      v128.store(COPIES, select(v128.load(CANDIDATE_COPIES), v128.load(COPIES), pending));
    }
    pending = clear(pending, f32x4.le(square, mul(radius, radius)));
  }
  return pending;
}

/** Generation of each lineage's model: its batch's parent's, or one of the last few before it. */
function modelOf(attempt: i32): v128 {
  const generation = v128.load(GENERATION);
  const parent = i32x4.sub(generation, splatI(1));
  const models = minI(phaseNumber(MEMORY), parent);
  if (!any(i32x4.gt_s(models, splatI(1)))) return parent;
  wordsOf(v128.load(INDEX), generation, STREAM_SCREEN, attempt);
  return i32x4.sub(parent, wordBelow(drawn(3), models));
}

/** All lanes draw from the same model, for the same batch: one there is. */
function isCommon(source: v128): bool {
  const generation = v128.load(GENERATION);
  const model = i32x4.extract_lane(source, 0);
  const batch = i32x4.extract_lane(generation, 0);
  const other = or(
    v128.xor(source, splatI(model)),
    v128.xor(generation, splatI(batch)),
  );
  return model > 0 && !any(other);
}

/** Brings the components of the model that all lanes draw from into the working frame. */
function openCommon(source: v128): void {
  openModel(source);
  openWeights();
  for (let k = 0; k < K; k++) put(COMMON_SUMS, k, get(SUMS, k));
  const scale = i32x4.sub(modelWord(SCALE), frameScale());
  for (let k = 0; k < K; k++) {
    const width = i32x4.add(modelWord(exponentsAt(K) + k), scale);
    for (let e = 0; e < TRI; e++) {
      const factor = modelWord(factorsAt(K) + k * TRI + e);
      put(COMMON_FACTORS, k * TRI + e, scaleBy(factor, width));
    }
    for (let a = 0; a < D; a++) {
      const shift = intoFrame(a, modelWord(ORIGIN + a), modelWord(originLowAt() + a));
      const mean = scaleBy(modelWord(meansAt(K) + k * D + a), scale);
      put(COMMON_MEANS, k * D + a, add(shift, mean));
    }
  }
  if (ANCESTRY_ON) v128.store(COMMON_COPIES, add(modelWord(ancestryAt()), splat(1)));
}

/** A draw from that model into MEAN; the squared radius of its normals. */
function commonPoint(source: v128): v128 {
  const model = i32x4.extract_lane(source, 0);
  const batch = i32x4.extract_lane(v128.load(GENERATION), 0);
  if (model != commonModel || batch != commonBatch) {
    openCommon(source);
    commonModel = model;
    commonBatch = batch;
  }
  const number = pickComponent(COMMON_SUMS, K, unitUniform(v128.load(CHOICE)));
  for (let a = 0; a < D; a++) put(MEAN, a, get(COMMON_MEANS, a));
  for (let e = 0; e < TRI; e++) put(FACTOR, e, get(COMMON_FACTORS, e));
  for (let k = 1; k < K; k++) {
    const mask = i32x4.eq(number, splatI(k));
    for (let a = 0; a < D; a++) {
      put(MEAN, a, select(get(COMMON_MEANS, k * D + a), get(MEAN, a), mask));
    }
    for (let e = 0; e < TRI; e++) {
      put(FACTOR, e, select(get(COMMON_FACTORS, k * TRI + e), get(FACTOR, e), mask));
    }
  }
  const square = spreadNormals();
  for (let a = 0; a < D; a++) put(MEAN, a, add(get(MEAN, a), rowOf(FACTOR, a, NORMALS)));
  if (ANCESTRY_ON) v128.store(CANDIDATE_COPIES, v128.load(COMMON_COPIES));
  return square;
}

/** Z as wide as the sampler is, into NORMALS; its squared radius. */
function spreadNormals(): v128 {
  const spread = phaseNumber(SPREAD);
  let square = splat(0);
  for (let a = 0; a < D; a++) {
    const z = get(Z, a);
    square = fma(z, z, square);
    put(NORMALS, a, mul(z, spread));
  }
  return square;
}

/** Finds each lineage's model, of generation `source`. */
function openModel(source: v128): void {
  v128.store(MODELS, i32x4.sub(splatI(trained), source));
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const back = <usize>load<u32>(MODELS + lane) * slotBytes;
    store<u32>(MODELS + lane, <u32>(child - back + lane));
  }
}

/** Word `w` of each lineage's model. */
@inline
function modelWord(w: i32): v128 {
  return gather(MODELS, <usize>w * rowBytes);
}

/** What the components of each lineage's model are chosen by, into SUMS. */
function openWeights(): void {
  for (let k = 0; k < K; k++) put(WEIGHTS, k, modelWord(weightsAt() + k));
  const beta = phaseNumber(SHARPENING);
  const sharpened = f32x4.ne(beta, splat(1));
  if (any(sharpened)) {
    const powers = sharpen(WEIGHTS, beta);
    for (let k = 0; k < K; k++) put(WEIGHTS, k, select(get(powers, k), get(WEIGHTS, k), sharpened));
  }
  cumulate(WEIGHTS, K, SUMS);
}

/** Chooses a component of each lineage's model. */
function openComponent(): void {
  openWeights();
  v128.store(EXPONENTS, pickComponent(SUMS, K, unitUniform(v128.load(CHOICE))));
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const model = <usize>load<u32>(MODELS + lane);
    const k = load<i32>(EXPONENTS + lane);
    store<u32>(MEANS + lane, <u32>(model + <usize>(meansAt(K) + k * D) * rowBytes));
    store<u32>(FACTORS + lane, <u32>(model + <usize>(factorsAt(K) + k * TRI) * rowBytes));
    store<u32>(EXPONENTS + lane, <u32>(model + <usize>(exponentsAt(K) + k) * rowBytes));
  }
}

/** A draw from those components into MEAN; the squared radius of its normals. */
function modelPoint(): v128 {
  const square = spreadNormals();
  for (let e = 0; e < TRI; e++) put(FACTOR, e, gather(FACTORS, <usize>e * rowBytes));
  const scale = i32x4.sub(modelWord(SCALE), frameScale());
  const width = i32x4.add(gather(EXPONENTS, 0), scale);
  for (let a = 0; a < D; a++) {
    const shift = intoFrame(a, modelWord(ORIGIN + a), modelWord(originLowAt() + a));
    const mean = scaleBy(gather(MEANS, <usize>a * rowBytes), scale);
    put(MEAN, a, add(add(shift, mean), scaleBy(rowOf(FACTOR, a, NORMALS), width)));
  }
  if (ANCESTRY_ON) v128.store(CANDIDATE_COPIES, add(modelWord(ancestryAt()), splat(1)));
  return square;
}

/** Paraphrases the point in MEAN. */
function addNoise(attempt: i32): void {
  const noise = phaseNumber(NOISE);
  if (!any(positive(noise))) return;
  wordsOf(v128.load(INDEX), v128.load(GENERATION), STREAM_PARAPHRASE, attempt);
  plainNormals(NORMALS);
  const shrink = i32x4.neg(frameScale());
  for (let e = 0; e < TRI; e++) put(FACTOR, e, constant(TRUTH_FACTOR, e));
  for (let a = 0; a < D; a++) {
    const moved = scaleBy(mul(noise, rowOf(FACTOR, a, NORMALS)), shrink);
    put(MEAN, a, add(get(MEAN, a), moved));
  }
}
