/**
 * Framed models as the words of shaders/gmm/model.wgsl, and back; and as numbers, with all their
 * digits. Their ancestry comes last, where it is asked for. And the tallies of a pool, as numbers.
 */
import { tallyLength } from '../../model/assemble/groups.ts';
import type { FramedModel, Tally } from '../../model/frame.ts';
import { emptyModel } from '../../model/gmm/model.ts';

const FLOATS = ['origin', 'originLow', 'weights', 'means', 'factors'] as const;

/** Fields in the order of the WGSL struct: scale, status, floats, exponents, ancestry. */
export function packModel(model: FramedModel, ancestry = false): Uint32Array<ArrayBuffer> {
  const { scale, status, origin, weights, means, factors, exponents } = model;
  // What the origin loses as a float is kept beside it.
  const low = model.originLow.map((rest, a) => rest + (origin[a]! - Math.fround(origin[a]!)));
  const floats = Float32Array.from([...origin, ...low, ...weights, ...means, ...factors]);
  const last = Float32Array.from(ancestry ? [model.ancestry] : []);
  const words = [...new Uint32Array(floats.buffer), ...exponents, ...new Uint32Array(last.buffer)];
  return Uint32Array.from([scale, status, ...words]);
}

/** The model whose word w is `wordAt(w)`. */
export function unpackModel(
  dim: number,
  count: number,
  wordAt: (word: number) => number,
  ancestry = false,
): FramedModel {
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  const floatAt = (w: number) => {
    word[0] = wordAt(w);
    return float[0]!;
  };
  return readModel(dim, count, floatAt, (w) => wordAt(w) | 0, ancestry);
}

/** Writes the same fields as numbers, from number `at` on. */
export function writeNumbers(
  model: FramedModel,
  numbers: Float64Array,
  at: number,
  ancestry = false,
): void {
  const { scale, status, exponents } = model;
  numbers.set([scale, status], at);
  let next = at + 2;
  for (const values of [...FLOATS.map((field) => model[field]), exponents]) {
    numbers.set(values, next);
    next += values.length;
  }
  if (ancestry) numbers[next] = model.ancestry;
}

/** The model that `writeNumbers` wrote. */
export function readNumbers(
  dim: number,
  count: number,
  numbers: Float64Array,
  at: number,
  ancestry = false,
): FramedModel {
  const numberAt = (n: number) => numbers[at + n]!;
  return readModel(dim, count, numberAt, numberAt, ancestry);
}

function readModel(
  dim: number,
  count: number,
  floatAt: (place: number) => number,
  integerAt: (place: number) => number,
  ancestry: boolean,
): FramedModel {
  const model = emptyModel(dim, count);
  let next = 2;
  for (const field of FLOATS) {
    for (let e = 0; e < model[field].length; e++) model[field][e] = floatAt(next++);
  }
  for (let k = 0; k < count; k++) model.exponents[k] = integerAt(next++);
  if (ancestry) model.ancestry = floatAt(next);
  model.scale = integerAt(0);
  model.status = integerAt(1);
  return model;
}

/** Writes tallies one after the other, from number `at` on. */
export function writeTallies(tallies: readonly Tally[], numbers: Float64Array, at: number): void {
  let next = at;
  for (const { points, mean, scatter } of tallies) {
    numbers[next] = points;
    numbers.set(mean, next + 1);
    numbers.set(scatter, next + 1 + mean.length);
    next += tallyLength(mean.length);
  }
}

/** The tally that was written at `at`. */
export function readTally(dim: number, numbers: Float64Array, at: number): Tally {
  const scatter = at + 1 + dim;
  return {
    points: numbers[at]!,
    mean: numbers.slice(at + 1, scatter),
    scatter: numbers.slice(scatter, at + tallyLength(dim)),
  };
}
