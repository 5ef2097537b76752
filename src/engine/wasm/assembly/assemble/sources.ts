/**
 * The Gaussians a generation may draw from, truth's first, and the frame it runs in: the widest
 * among the sources drawn, origin at the mean of the narrowest.
 * Twins: src/model/assemble/sources.ts, shaders/assemble/sources.wgsl.
 */
import {
  exponentsAt,
  factorsAt,
  meansAt,
  MODEL,
  ORIGIN,
  originLowAt,
  PARENT,
  SCALE,
  TRUTH,
  weightsAt,
} from '../gmm/model';
import { exponentOf, scaleBy, ZERO_EXPONENT } from '../math/exponent';
import { D, J, K, MOST_D, MOST_SOURCES, MOST_TRI, TRI } from '../shape';
import { add, addI, get, maxI, put, select, splatI, sub, VECTOR } from '../simd';

/** [source], [source × D], [source × TRI], [source]: truth's components, then the parent's. */
export const SOURCE_WEIGHTS = memory.data(MOST_SOURCES * VECTOR, 16);
export const SOURCE_MEANS = memory.data(MOST_SOURCES * MOST_D * VECTOR, 16);
export const SOURCE_FACTORS = memory.data(MOST_SOURCES * MOST_TRI * VECTOR, 16);
const SOURCE_EXPONENTS = memory.data(MOST_SOURCES * VECTOR, 16);
/** Masks: the batch draws from source s. */
export const DRAWN = memory.data(MOST_SOURCES * VECTOR, 16);

/** The working frame: origin in two floats, and log₂ of its unit. */
const FRAME_ORIGIN = memory.data(MOST_D * VECTOR, 16);
const FRAME_ORIGIN_LOW = memory.data(MOST_D * VECTOR, 16);
const FRAME_SCALE = memory.data(VECTOR, 16);
/** Mean of the anchor before the frame was entered. */
export const ANCHOR_MEAN = memory.data(MOST_D * VECTOR, 16);

@inline
export function frameScale(): v128 {
  return v128.load(FRAME_SCALE);
}

/** A place on axis `a` in two floats, truth units, in the working frame. */
@inline
export function intoFrame(a: i32, high: v128, low: v128): v128 {
  const shift = add(sub(high, get(FRAME_ORIGIN, a)), sub(low, get(FRAME_ORIGIN_LOW, a)));
  return scaleBy(shift, i32x4.neg(frameScale()));
}

/** The frame of a model. */
export function setFrame(model: usize): void {
  for (let a = 0; a < D; a++) {
    put(FRAME_ORIGIN, a, get(model, ORIGIN + a));
    put(FRAME_ORIGIN_LOW, a, get(model, originLowAt() + a));
  }
  v128.store(FRAME_SCALE, get(model, SCALE));
}

/** Gives MODEL the working frame's origin, and `scale`. */
export function writeFrame(scale: v128): void {
  put(MODEL, SCALE, scale);
  for (let a = 0; a < D; a++) {
    put(MODEL, ORIGIN + a, get(FRAME_ORIGIN, a));
    put(MODEL, originLowAt() + a, get(FRAME_ORIGIN_LOW, a));
  }
}

/** Sources from `first` on: `count` components of a model, each in its own frame. */
function loadSources(model: usize, count: i32, first: i32): void {
  const means = meansAt(count);
  const factors = factorsAt(count);
  const exponents = exponentsAt(count);
  for (let k = 0; k < count; k++) {
    put(SOURCE_WEIGHTS, first + k, get(model, weightsAt() + k));
    put(SOURCE_EXPONENTS, first + k, get(model, exponents + k));
  }
  for (let e = 0; e < count * D; e++) put(SOURCE_MEANS, first * D + e, get(model, means + e));
  for (let e = 0; e < count * TRI; e++) {
    put(SOURCE_FACTORS, first * TRI + e, get(model, factors + e));
  }
}

/**
 * Brings truth and parent into one frame: the truth's (origin 0, scale 0) in lanes where real
 * points were drawn, else the parent's.
 */
export function gatherSources(inTruthFrame: v128): void {
  loadSources(TRUTH, J, 0);
  loadSources(PARENT, K, J);
  setFrame(PARENT);
  const scale = frameScale();
  for (let s = 0; s < J + K; s++) {
    const real = s < J;
    const settled = real ? inTruthFrame : v128.not(inTruthFrame);
    const shift = real ? i32x4.neg(scale) : scale;
    for (let a = 0; a < D; a++) {
      const origin = add(get(FRAME_ORIGIN, a), get(FRAME_ORIGIN_LOW, a));
      const mean = get(SOURCE_MEANS, s * D + a);
      const moved = real ? scaleBy(sub(mean, origin), shift) : add(origin, scaleBy(mean, shift));
      put(SOURCE_MEANS, s * D + a, select(mean, moved, settled));
    }
    const exponent = get(SOURCE_EXPONENTS, s);
    put(SOURCE_EXPONENTS, s, select(exponent, addI(exponent, shift), settled));
  }
  for (let a = 0; a < D; a++) {
    put(FRAME_ORIGIN, a, v128.andnot(get(FRAME_ORIGIN, a), inTruthFrame));
    put(FRAME_ORIGIN_LOW, a, v128.andnot(get(FRAME_ORIGIN_LOW, a), inTruthFrame));
  }
  v128.store(FRAME_SCALE, v128.andnot(scale, inTruthFrame));
}

/** Finds the narrowest source drawn, first of equals, and keeps its mean in ANCHOR_MEAN. */
export function anchorSource(): void {
  let least = splatI(0x7fffffff);
  for (let a = 0; a < D; a++) put(ANCHOR_MEAN, a, get(SOURCE_MEANS, a));
  for (let s = 0; s < J + K; s++) {
    const exponent = get(SOURCE_EXPONENTS, s);
    const narrower = v128.and(get(DRAWN, s), i32x4.lt_s(exponent, least));
    least = select(exponent, least, narrower);
    for (let a = 0; a < D; a++) {
      const mean = get(SOURCE_MEANS, s * D + a);
      put(ANCHOR_MEAN, a, select(mean, get(ANCHOR_MEAN, a), narrower));
    }
  }
}

/** log₂ of the extent the drawn sources cover about the anchor; 0 where it is nothing. */
export function drawnExtent(): v128 {
  let extent = splatI(ZERO_EXPONENT);
  for (let s = 0; s < J + K; s++) {
    let reach = get(SOURCE_EXPONENTS, s);
    for (let a = 0; a < D; a++) {
      reach = maxI(reach, exponentOf(sub(get(SOURCE_MEANS, s * D + a), get(ANCHOR_MEAN, a))));
    }
    extent = select(maxI(extent, reach), extent, get(DRAWN, s));
  }
  const nothing = i32x4.le_s(extent, splatI(ZERO_EXPONENT / 2));
  return v128.andnot(extent, nothing);
}

/** Moves all sources and the frame to (anchor's mean, unit 2^extent). */
export function enterFrame(extent: v128): void {
  const shrink = i32x4.neg(extent);
  for (let a = 0; a < D; a++) {
    const origin = get(ANCHOR_MEAN, a);
    moveOrigin(a, origin);
    for (let s = 0; s < J + K; s++) {
      const mean = get(SOURCE_MEANS, s * D + a);
      put(SOURCE_MEANS, s * D + a, scaleBy(sub(mean, origin), shrink));
    }
  }
  for (let s = 0; s < J + K; s++) {
    const shift = addI(get(SOURCE_EXPONENTS, s), shrink);
    for (let e = s * TRI; e < (s + 1) * TRI; e++) {
      put(SOURCE_FACTORS, e, scaleBy(get(SOURCE_FACTORS, e), shift));
    }
  }
  v128.store(FRAME_SCALE, addI(frameScale(), extent));
}

/** origin += 2^scale · offset along axis a, in two floats (Knuth's two-sum). */
export function moveOrigin(a: i32, offset: v128): void {
  const high = get(FRAME_ORIGIN, a);
  const step = add(scaleBy(offset, frameScale()), get(FRAME_ORIGIN_LOW, a));
  const sum = add(high, step);
  const part = sub(sum, high);
  put(FRAME_ORIGIN, a, sum);
  put(FRAME_ORIGIN_LOW, a, add(sub(high, sub(sum, part)), sub(step, part)));
}
