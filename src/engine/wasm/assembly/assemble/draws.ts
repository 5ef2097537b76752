/**
 * What the points of a batch are made from. Two passes: the first draws all words once, keeps each
 * point's normals and the source it comes from, and so finds which sources are drawn; the second,
 * in the frame that follows from them, turns normals into points.
 * Twins: src/model/assemble/draws.ts, shaders/assemble/draws.wgsl.
 */
import { LABELS, POINTS, rowCount, ROWS, sampleSize, sharpening, spread } from '../cell';
import { PARENT, TRUTH, weightsAt } from '../gmm/model';
import { exp } from '../math/exp';
import { scaleBy } from '../math/exponent';
import { ln } from '../math/ln';
import { packedIndex } from '../math/triangular';
import { STREAM_CHOICE, STREAM_NORMAL, STREAM_ORIGIN, drawn, words } from '../rng/coordinates';
import { firstNormal, normalsOfWords, unitUniform, wordBelow } from '../rng/normal';
import { D, J, K, MOST_K, MOST_SOURCES, REAL_ROWS, TRI } from '../shape';
import {
  add,
  any,
  clear,
  div,
  fma,
  fnma,
  get,
  less,
  max,
  mul,
  nth,
  or,
  positive,
  put,
  select,
  splat,
  splatI,
  sqrt,
  sub,
  VECTOR,
} from '../simd';
import { ANCHOR_MEAN, DRAWN, SOURCE_FACTORS, SOURCE_MEANS } from './sources';

/** Running sums of weights, [source], see `cumulate`. */
const CUMULATIVE = memory.data(MOST_SOURCES * VECTOR, 16);
/** Uniforms of four points each, one choice and one origin. */
const CHOICES = memory.data(4 * VECTOR, 16);
const ORIGINS = memory.data(4 * VECTOR, 16);
/** Bit k of a lane: component k of the truth, of the parent has been drawn from. */
const SEEN_TRUTH = memory.data(VECTOR, 16);
const SEEN_PARENT = memory.data(VECTOR, 16);
const LIVING_TRUTH = memory.data(VECTOR, 16);
/** Bit of the component that `pickComponent` found last. */
const PICKED = memory.data(VECTOR, 16);
/** What the parent's components are chosen by, where not by their weights. */
const SHARPENED = memory.data(MOST_K * VECTOR, 16);
/** Above every uniform. */
const CERTAIN: f32 = 2;

/**
 * Sums of weights such that a uniform u picks the component whose number is that of the sums ≤ u:
 * dead components repeat the sum before them, and from the last living one on all are certain.
 */
export function cumulate(weights: usize, count: i32, sums: usize): void {
  let sum = splat(0);
  for (let k = 0; k < count; k++) {
    const weight = get(weights, k);
    sum = add(sum, v128.and(weight, positive(weight)));
    put(sums, k, sum);
  }
  // Lanes where a living component has been met from the end.
  let met = splatI(0);
  for (let k = count - 1; k >= 0; k--) {
    put(sums, k, select(get(sums, k), splat(CERTAIN), met));
    met = or(met, positive(get(weights, k)));
  }
}

/** What the parent's components are chosen by. */
function chosenBy(): usize {
  const weights = nth(PARENT, weightsAt());
  return sharpening == 1 ? weights : sharpen(weights, splat(sharpening));
}

/** A model's weights to the power β, about their largest; a dead component stays so. */
export function sharpen(weights: usize, beta: v128): usize {
  let most = splat(1e-37);
  for (let k = 0; k < K; k++) most = max(most, get(weights, k));
  let sum = splat(1e-37);
  for (let k = 0; k < K; k++) {
    const weight = get(weights, k);
    const log = ln(max(div(weight, most), splat(1e-37)));
    const power = v128.and(exp(mul(beta, log)), positive(weight));
    put(SHARPENED, k, power);
    sum = add(sum, power);
  }
  for (let k = 0; k < K; k++) put(SHARPENED, k, div(get(SHARPENED, k), sum));
  return SHARPENED;
}

/** Number of the component for uniform u; its bit goes to PICKED. */
export function pickComponent(sums: usize, count: i32, u: v128): v128 {
  let number = splatI(0);
  let bit = splatI(1);
  for (let k = 0; k < count - 1; k++) {
    const passed = f32x4.ge(u, get(sums, k));
    number = i32x4.sub(number, passed);
    bit = i32x4.add(bit, v128.and(bit, passed));
  }
  v128.store(PICKED, bit);
  return number;
}

/** Bits of the truth's living components. */
function livingMask(weights: usize, count: i32): v128 {
  let mask = splatI(0);
  for (let k = 0; k < count; k++) {
    mask = or(mask, v128.and(positive(get(weights, k)), splatI(1 << k)));
  }
  return mask;
}

/** Source of a real point: a component of the truth, or −1 − its row. */
function realSource(choice: v128, where: v128): v128 {
  if (REAL_ROWS) {
    // Rows spread over the whole truth: its frame must hold them all.
    const living = v128.and(v128.load(LIVING_TRUTH), where);
    v128.store(SEEN_TRUTH, or(v128.load(SEEN_TRUTH), living));
    return v128.not(wordBelow(choice, splatI(rowCount)));
  }
  const number = pickComponent(CUMULATIVE, J, unitUniform(choice));
  const seen = v128.and(v128.load(PICKED), where);
  v128.store(SEEN_TRUTH, or(v128.load(SEEN_TRUTH), seen));
  return number;
}

function modelSource(choice: v128, where: v128): v128 {
  const sums = nth(CUMULATIVE, J);
  const number = pickComponent(sums, K, unitUniform(choice));
  const seen = v128.and(v128.load(PICKED), where);
  v128.store(SEEN_PARENT, or(v128.load(SEEN_PARENT), seen));
  return i32x4.add(number, splatI(J));
}

/** The source of point i, given its words; writes it to LABELS. */
function sourceOf(i: i32, quota: i32, share: f32, choice: v128, origin: v128): void {
  const everywhere = splatI(-1);
  let source: v128;
  if (i < quota) {
    source = realSource(choice, everywhere);
  } else if (share > 0) {
    const real = less(unitUniform(origin), splat(share));
    const other = modelSource(choice, v128.not(real));
    source = select(realSource(choice, real), other, real);
  } else {
    source = modelSource(choice, everywhere);
  }
  put(LABELS, i, source);
}

/** Words of four points from point i on, a multiple of 4, kept at `to`. */
function fourWords(i: i32, stream: i32, to: usize): void {
  words(i >> 2, stream, 0);
  for (let w = 0; w < 4; w++) put(to, w, drawn(w));
}

/** First pass: normals into POINTS, sources into LABELS, masks of the sources drawn into DRAWN. */
export function drawSources(quota: i32, share: f32): void {
  cumulate(nth(TRUTH, weightsAt()), J, CUMULATIVE);
  cumulate(chosenBy(), K, nth(CUMULATIVE, J));
  v128.store(SEEN_TRUTH, splatI(0));
  v128.store(SEEN_PARENT, splatI(0));
  v128.store(LIVING_TRUTH, livingMask(nth(TRUTH, weightsAt()), J));
  if (D == 1) drawPairs(quota, share);
  else if (D == 2) drawFlat(quota, share);
  else drawSolid(quota, share);
  turnWords();
  for (let s = 0; s < J + K; s++) {
    const seen = v128.load(s < J ? SEEN_TRUTH : SEEN_PARENT);
    const bit = splatI(1 << (s < J ? s : s - J));
    put(DRAWN, s, i32x4.eq(v128.and(seen, bit), bit));
  }
}

/** Share of the points whose source is the model. */
export function syntheticShare(): v128 {
  let count = splatI(0);
  const lastReal = splatI(J - 1);
  for (let i = 0; i < sampleSize; i++) {
    count = i32x4.sub(count, i32x4.gt_s(get(LABELS, i), lastReal));
  }
  return div(f32x4.convert_i32x4_s(count), splat(<f32>sampleSize));
}

/** D = 1: two points to a block. */
function drawPairs(quota: i32, share: f32): void {
  for (let i = 0; i < sampleSize; i += 2) {
    if (share > 0 && (i & 3) == 0) fourWords(i, STREAM_ORIGIN, ORIGINS);
    wordsOfPair(i >> 1, nth(POINTS, i));
    const odd = drawn(3);
    sourceOf(i, quota, share, drawn(2), get(ORIGINS, i & 3));
    if (i + 1 < sampleSize) sourceOf(i + 1, quota, share, odd, get(ORIGINS, (i + 1) & 3));
  }
}

/** D = 2: a block is a point. */
function drawFlat(quota: i32, share: f32): void {
  for (let i = 0; i < sampleSize; i++) {
    wordsOfPair(i, nth(POINTS, 2 * i));
    sourceOf(i, quota, share, drawn(2), drawn(3));
  }
}

/** D = 3 or 4: normals take a block, choices and origins have streams of their own. */
function drawSolid(quota: i32, share: f32): void {
  for (let i = 0; i < sampleSize; i++) {
    if ((i & 3) == 0) {
      if (J > 1 || K > 1 || REAL_ROWS) fourWords(i, STREAM_CHOICE, CHOICES);
      if (share > 0) fourWords(i, STREAM_ORIGIN, ORIGINS);
    }
    wordsOfBlock(i);
    sourceOf(i, quota, share, get(CHOICES, i & 3), get(ORIGINS, i & 3));
  }
}

/** Words of a pair of normals, at `to`. */
@inline
function wordsOfPair(index: i32, to: usize): void {
  words(index, STREAM_NORMAL, 0);
  v128.store(to, drawn(0));
  v128.store(to, drawn(1), 16);
}

/** D = 3: words of a pair, and the third normal, the first of a second pair. D = 4: two pairs. */
@inline
function wordsOfBlock(i: i32): void {
  const to = nth(POINTS, D * i);
  wordsOfPair(i, to);
  if (D == 3) {
    v128.store(to, firstNormal(drawn(2), drawn(3)), 32);
  } else {
    v128.store(to, drawn(2), 32);
    v128.store(to, drawn(3), 48);
  }
}

/** Turns the words that the first pass left in POINTS into normals. */
function turnWords(): void {
  normalsOfWords(POINTS, nth(POINTS, sampleSize * D), D == 3 ? 3 * VECTOR : 2 * VECTOR);
}

/** Standard normals of all points into POINTS. */
export function drawNormals(): void {
  for (let i = 0; i < sampleSize; i++) {
    if (D == 1) {
      wordsOfPair(i >> 1, nth(POINTS, i));
      i++;
    } else if (D == 2) {
      wordsOfPair(i, nth(POINTS, 2 * i));
    } else {
      wordsOfBlock(i);
    }
  }
  turnWords();
}

/** Second pass: POINTS in the working frame; returns the sample's sd, √(trace / D). */
export function drawPoints(quota: i32, share: f32, extent: v128): v128 {
  const shrink = i32x4.neg(extent);
  if (spread != 1) biasNormals(quota);
  pointsOf(0, quota, 0, J, shrink);
  pointsOf(quota, sampleSize, share > 0 ? 0 : J, J + K, shrink);
  return sampleWidth();
}

/** √(trace / D) of POINTS about their mean. */
export function sampleWidth(): v128 {
  const count = splat(<f32>sampleSize);
  let spread = splat(0);
  for (let a = 0; a < D; a++) {
    let sum = splat(0);
    let squares = splat(0);
    const end = nth(POINTS, sampleSize * D + a);
    for (let p = nth(POINTS, a); p < end; p += D * VECTOR) {
      const y = v128.load(p);
      sum = add(sum, y);
      squares = fma(y, y, squares);
    }
    const mean = div(sum, count);
    spread = add(spread, fnma(mean, mean, div(squares, count)));
  }
  // A product that is fused leaves one point a spread of its rounding.
  if (sampleSize == 1) return splat(0);
  return sqrt(div(max(spread, splat(0)), splat(<f32>D)));
}

/** Makes the normals of points from the model those of a wider or narrower sampler. */
function biasNormals(quota: i32): void {
  const synthetic = splatI(J - 1);
  for (let i = quota; i < sampleSize; i++) {
    const width = select(splat(spread), splat(1), i32x4.gt_s(get(LABELS, i), synthetic));
    for (let a = 0; a < D; a++) put(POINTS, i * D + a, mul(get(POINTS, i * D + a), width));
  }
}

/** Points from … to − 1, each of one of the sources first … end − 1 or a row. */
function pointsOf(from: i32, to: i32, first: i32, end: i32, shrink: v128): void {
  if (D == 1) linePoints(from, to, first, end);
  else if (D == 2) flatPoints(from, to, first, end);
  else if (D == 3) solidPoints(from, to, first, end);
  else deepPoints(from, to, first, end);
  if (!REAL_ROWS || first > 0) return;
  for (let i = from; i < to; i++) rowPoint(get(LABELS, i), shrink, nth(POINTS, i * D));
}

/** D = 1: normals become points. The first source's where the label is no other's. */
function linePoints(from: i32, to: i32, first: i32, end: i32): void {
  const firstMean = get(SOURCE_MEANS, first);
  const firstFactor = get(SOURCE_FACTORS, first);
  for (let i = from; i < to; i++) {
    const label = get(LABELS, i);
    let mean = firstMean;
    let factor = firstFactor;
    for (let s = first + 1; s < end; s++) {
      const mask = i32x4.eq(label, splatI(s));
      mean = select(get(SOURCE_MEANS, s), mean, mask);
      factor = select(get(SOURCE_FACTORS, s), factor, mask);
    }
    put(POINTS, i, fma(factor, get(POINTS, i), mean));
  }
}

function flatPoints(from: i32, to: i32, first: i32, end: i32): void {
  for (let i = from; i < to; i++) {
    const label = get(LABELS, i);
    const point = nth(POINTS, 2 * i);
    const z0 = v128.load(point);
    const z1 = v128.load(point, 16);
    let y0 = splat(0);
    let y1 = splat(0);
    for (let s = first; s < end; s++) {
      const mask = i32x4.eq(label, splatI(s));
      const m = nth(SOURCE_MEANS, 2 * s);
      const f = nth(SOURCE_FACTORS, 3 * s);
      const x0 = fma(v128.load(f), z0, v128.load(m));
      const x1 = fma(v128.load(f, 32), z1, fma(v128.load(f, 16), z0, v128.load(m, 16)));
      y0 = select(x0, y0, mask);
      y1 = select(x1, y1, mask);
    }
    v128.store(point, y0);
    v128.store(point, y1, 16);
  }
}

function solidPoints(from: i32, to: i32, first: i32, end: i32): void {
  for (let i = from; i < to; i++) {
    const label = get(LABELS, i);
    const point = nth(POINTS, 3 * i);
    const z0 = v128.load(point);
    const z1 = v128.load(point, 16);
    const z2 = v128.load(point, 32);
    let y0 = splat(0);
    let y1 = splat(0);
    let y2 = splat(0);
    for (let s = first; s < end; s++) {
      const mask = i32x4.eq(label, splatI(s));
      const m = nth(SOURCE_MEANS, 3 * s);
      const f = nth(SOURCE_FACTORS, 6 * s);
      const x0 = fma(v128.load(f), z0, v128.load(m));
      const x1 = fma(v128.load(f, 32), z1, fma(v128.load(f, 16), z0, v128.load(m, 16)));
      const part = fma(v128.load(f, 64), z1, fma(v128.load(f, 48), z0, v128.load(m, 32)));
      y0 = select(x0, y0, mask);
      y1 = select(x1, y1, mask);
      y2 = select(fma(v128.load(f, 80), z2, part), y2, mask);
    }
    v128.store(point, y0);
    v128.store(point, y1, 16);
    v128.store(point, y2, 32);
  }
}

/** D = 4: from the last axis to the first, whose normal all others need. */
function deepPoints(from: i32, to: i32, first: i32, end: i32): void {
  for (let i = from; i < to; i++) {
    const label = get(LABELS, i);
    const point = nth(POINTS, D * i);
    for (let a = D - 1; a >= 0; a--) {
      let y = splat(0);
      for (let s = first; s < end; s++) {
        const row = nth(SOURCE_FACTORS, s * TRI + packedIndex(a, 0));
        let x = get(SOURCE_MEANS, s * D + a);
        for (let b = 0; b <= a; b++) x = fma(get(row, b), get(point, b), x);
        y = select(x, y, i32x4.eq(label, splatI(s)));
      }
      put(point, a, y);
    }
  }
}

/** In lanes whose label is a row: the row, in the working frame. */
function rowPoint(label: v128, shrink: v128, point: usize): void {
  const isRow = i32x4.shr_s(label, 31);
  if (!any(isRow)) return;
  // Other lanes read row 0.
  const row = v128.and(v128.not(label), isRow);
  for (let a = 0; a < D; a++) {
    const x = gatherRows(row, a);
    const y = scaleBy(sub(x, get(ANCHOR_MEAN, a)), shrink);
    put(point, a, or(clear(get(point, a), isRow), v128.and(y, isRow)));
  }
}

/** Axis a of each lane's row. */
export function gatherRows(row: v128, a: i32): v128 {
  const at = ROWS + ((<usize>a) << 2);
  const width = <usize>(D << 2);
  let x = v128.load32_splat(at + <usize>i32x4.extract_lane(row, 0) * width);
  x = v128.load_lane<f32>(at + <usize>i32x4.extract_lane(row, 1) * width, x, 1);
  x = v128.load_lane<f32>(at + <usize>i32x4.extract_lane(row, 2) * width, x, 2);
  return v128.load_lane<f32>(at + <usize>i32x4.extract_lane(row, 3) * width, x, 3);
}
