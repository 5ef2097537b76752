/** Framed models as the words of shaders/gmm/model.wgsl, and back. */
import type { FramedModel } from '../../model/frame.ts';
import { emptyModel } from '../../model/gmm/model.ts';

/** Fields in the order of the WGSL struct: scale, status, floats, exponents. */
export function packModel(model: FramedModel): Uint32Array<ArrayBuffer> {
  const { scale, status, origin, originLow, weights, means, factors, exponents } = model;
  const floats = Float32Array.from([...origin, ...originLow, ...weights, ...means, ...factors]);
  return Uint32Array.from([scale, status, ...new Uint32Array(floats.buffer), ...exponents]);
}

/** The model whose word w is `wordAt(w)`. */
export function unpackModel(
  dim: number,
  count: number,
  wordAt: (word: number) => number,
): FramedModel {
  const model = emptyModel(dim, count);
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  let next = 2;
  for (const field of ['origin', 'originLow', 'weights', 'means', 'factors'] as const) {
    for (let e = 0; e < model[field].length; e++) {
      word[0] = wordAt(next++);
      model[field][e] = float[0]!;
    }
  }
  for (let k = 0; k < count; k++) model.exponents[k] = wordAt(next++);
  model.scale = wordAt(0) | 0;
  model.status = wordAt(1);
  return model;
}
