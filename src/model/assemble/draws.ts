/**
 * What point i of a batch is made from: real or synthetic, which component or row, which normals,
 * each from the words that `rng/coordinates` names. Twin: shaders/assemble/draws.wgsl.
 */
import { STREAMS, words, type RandomKey } from '../rng/coordinates.ts';
import { normalPair, unitUniform } from '../rng/normal.ts';
import type { Words } from '../rng/threefry.ts';

/** Where in the random numbers a generation of a lineage stands. */
export interface Place {
  readonly key: RandomKey;
  readonly lineage: number;
  readonly generation: number;
  readonly dim: number;
  /** Number of the candidate that is drawn; 0 where the first one is taken as it is. */
  attempt: number;
  /** Stream, index and attempt of the words in `block`; −1 before the first. */
  heldStream: number;
  heldIndex: number;
  heldAttempt: number;
  readonly block: Words;
}

export const placeOf = (
  key: RandomKey,
  lineage: number,
  generation: number,
  dim: number,
): Place => ({
  key,
  lineage,
  generation,
  dim,
  attempt: 0,
  heldStream: -1,
  heldIndex: -1,
  heldAttempt: -1,
  block: new Uint32Array(4),
});

/** The four words at (stream, index) and the attempt at hand, kept until another block is asked for. */
export function blockAt(place: Place, stream: number, index: number): Words {
  const { attempt } = place;
  const held = place.heldStream === stream && place.heldIndex === index;
  if (!held || place.heldAttempt !== attempt) {
    words(place.key, index, place.lineage, place.generation, stream, attempt, place.block);
    place.heldStream = stream;
    place.heldIndex = index;
    place.heldAttempt = attempt;
  }
  return place.block;
}

/** The word that picks point i's component, or its row. */
export function choiceWord(place: Place, i: number): number {
  if (place.dim === 1) return blockAt(place, STREAMS.normal, i >>> 1)[2 + (i & 1)]!;
  if (place.dim === 2) return blockAt(place, STREAMS.normal, i)[2]!;
  return blockAt(place, STREAMS.choice, i >>> 2)[i & 3]!;
}

/** The word that says whether point i is real, under `bernoulli`. */
export function originWord(place: Place, i: number): number {
  if (place.dim === 2) return blockAt(place, STREAMS.normal, i)[3]!;
  return blockAt(place, STREAMS.origin, i >>> 2)[i & 3]!;
}

/** Point i's standard normals, into z (length dim). */
export function pointNormals(place: Place, i: number, z: Float64Array): void {
  const { dim } = place;
  if (dim === 1) {
    const block = blockAt(place, STREAMS.normal, i >>> 1);
    z[0] = normalPair(block[0]!, block[1]!)[i & 1]!;
    return;
  }
  const blocks = Math.ceil(dim / 4);
  for (let a = 0; a < dim; a += 2) {
    const block = blockAt(place, STREAMS.normal, i * blocks + (a >> 2));
    const half = a & 2;
    const [first, second] = normalPair(block[half]!, block[half + 1]!);
    z[a] = first;
    if (a + 1 < dim) z[a + 1] = second;
  }
}

/** First component whose cumulative weight exceeds u; the last living one where rounding leaves u. */
export function pickComponent(weights: Float64Array, u: number): number {
  let cumulative = 0;
  let last = 0;
  for (let k = 0; k < weights.length; k++) {
    if (!(weights[k]! > 0)) continue;
    cumulative += weights[k]!;
    last = k;
    if (u < cumulative) return k;
  }
  return last;
}

/** Weights to the power β, about their largest, which has 1; a dead component stays so. */
export function sharpenWeights(weights: Float64Array, sharpening: number): Float64Array {
  if (sharpening === 1) return weights;
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  const powers = weights.map((weight) => (weight > 0 ? (weight / most) ** sharpening : 0));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** How many of a batch's points are real: the first `quota`, or each with probability `share`. */
export interface Mix {
  /** First points that are real; the whole batch at generation 1. */
  readonly quota: number;
  /** Probability under `bernoulli`; 0 where the quota decides. */
  readonly share: number;
}

export const isReal = (place: Place, mix: Mix, i: number): boolean =>
  i < mix.quota || (mix.share > 0 && unitUniform(originWord(place, i)) < mix.share);
