/**
 * The Gaussians a generation may draw from, and the frame it runs in: the widest among the sources
 * actually drawn, with its origin at the mean of the narrowest of them, so that a lineage that
 * lives on in one narrow component loses no digits. Twin: shaders/assemble/sources.wgsl.
 */
import type { FramedModel } from '../frame.ts';
import { ZERO_EXPONENT } from '../frame.ts';
import { exponentOf, scaleBy } from '../math/exponent.ts';
import { packedIndex, packedLength } from '../mixture.ts';
import type { SourceSet } from './source-set.ts';

/**
 * Truth components first (0 … J−1), the parent's after them (J … J+K−1), all in one frame.
 * After `enterFrame` factors hold the exponents too and exponents are 0.
 */
export interface Sources {
  readonly dim: number;
  readonly count: number;
  readonly means: Float64Array;
  readonly factors: Float64Array;
  readonly exponents: Int32Array;
}

/** Origin (two floats a dimension, truth units) and log₂ unit of what a generation computes in. */
export interface WorkingFrame {
  readonly origin: Float64Array;
  readonly originLow: Float64Array;
  scale: number;
}

export function createSources(dim: number, count: number): Sources {
  return {
    dim,
    count,
    means: new Float64Array(count * dim),
    factors: new Float64Array(count * packedLength(dim)),
    exponents: new Int32Array(count),
  };
}

/**
 * Brings truth and parent into one frame: the truth's (origin 0, scale 0) where real points were
 * drawn, else the parent's.
 */
export function gatherSources(
  truth: FramedModel,
  parent: FramedModel,
  inTruthFrame: boolean,
  sources: Sources,
  frame: WorkingFrame,
): void {
  const { dim } = sources;
  const truthCount = truth.weights.length;
  sources.factors.set(truth.factors, 0);
  sources.factors.set(parent.factors, truth.factors.length);
  for (let s = 0; s < sources.count; s++) {
    const real = s < truthCount;
    const k = real ? s : s - truthCount;
    for (let a = 0; a < dim; a++) {
      const mean = (real ? truth : parent).means[k * dim + a]!;
      const origin = parent.origin[a]! + parent.originLow[a]!;
      sources.means[s * dim + a] =
        real === inTruthFrame
          ? mean
          : real
            ? scaleBy(mean - origin, -parent.scale)
            : origin + scaleBy(mean, parent.scale);
    }
    const shift = real === inTruthFrame ? 0 : real ? -parent.scale : parent.scale;
    sources.exponents[s] = (real ? truth : parent).exponents[k]! + shift;
  }
  frame.origin.set(parent.origin);
  frame.originLow.set(parent.originLow);
  frame.scale = parent.scale;
  if (inTruthFrame) {
    frame.origin.fill(0);
    frame.originLow.fill(0);
    frame.scale = 0;
  }
}

/** The narrowest source among those drawn, first of equals. */
export function anchorSource(sources: Sources, drawn: SourceSet): number {
  let anchor = -1;
  for (let s = 0; s < sources.count; s++) {
    if (drawn[s] === 0) continue;
    if (anchor < 0 || sources.exponents[s]! < sources.exponents[anchor]!) anchor = s;
  }
  return anchor;
}

/** log₂ of the extent that the drawn sources cover about the anchor; 0 where it is nothing. */
export function drawnExtent(sources: Sources, drawn: SourceSet, anchor: number): number {
  const { dim, means } = sources;
  let extent = ZERO_EXPONENT;
  for (let s = 0; s < sources.count; s++) {
    if (drawn[s] === 0) continue;
    extent = Math.max(extent, sources.exponents[s]!);
    for (let a = 0; a < dim; a++) {
      extent = Math.max(extent, exponentOf(means[s * dim + a]! - means[anchor * dim + a]!));
    }
  }
  return extent <= ZERO_EXPONENT / 2 ? 0 : extent;
}

/** Moves all sources and the frame to (anchor's mean, unit 2^extent). */
export function enterFrame(
  sources: Sources,
  frame: WorkingFrame,
  anchor: number,
  extent: number,
): void {
  const { dim, count, means, factors, exponents } = sources;
  const length = packedLength(dim);
  for (let a = 0; a < dim; a++) {
    const origin = means[anchor * dim + a]!;
    moveOrigin(frame, a, origin);
    for (let s = 0; s < count; s++) {
      means[s * dim + a] = scaleBy(means[s * dim + a]! - origin, -extent);
    }
  }
  for (let s = 0; s < count; s++) {
    for (let e = 0; e < length; e++) {
      factors[s * length + e] = scaleBy(factors[s * length + e]!, exponents[s]! - extent);
    }
    exponents[s] = 0;
  }
  frame.scale += extent;
}

/** origin += 2^scale · offset along axis a (f64 needs no second float). */
export function moveOrigin(frame: WorkingFrame, a: number, offset: number): void {
  frame.origin[a]! += scaleBy(offset, frame.scale);
}

/** Point of source `s` for standard normals z, component a, in the working frame. */
export function sourcePoint(sources: Sources, s: number, a: number, z: Float64Array): number {
  const { dim, means, factors } = sources;
  const offset = s * packedLength(dim);
  let x = means[s * dim + a]!;
  for (let b = 0; b <= a; b++) x += factors[offset + packedIndex(a, b)]! * z[b]!;
  return x;
}
