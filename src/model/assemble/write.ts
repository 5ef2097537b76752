/** Fitted components as a model of the working frame. Twin: shaders/assemble/write.wgsl. */
import { DEGENERATE_LOG2_WIDTH, type FramedModel } from '../frame.ts';
import type { Components } from '../gmm/em.ts';
import { emptyModel, normaliseFactor } from '../gmm/model.ts';
import { packedIndex, packedLength } from '../mixture.ts';
import { STATUS_BITS } from '../status.ts';
import type { WorkingFrame } from './sources.ts';

/** The fitted components as a model in the working frame, with its degenerate ones marked. */
export function writeModel(
  components: Components,
  frame: WorkingFrame,
  sd: number,
  status: number,
): FramedModel {
  const { dim, count, weights, means, factors } = components;
  const length = packedLength(dim);
  const model = emptyModel(dim, count);
  model.scale = frame.scale;
  model.status = status;
  model.origin.set(frame.origin);
  model.originLow.set(frame.originLow);
  model.factors.set(factors);
  for (let k = 0; k < count; k++) {
    if (!(weights[k]! > 0)) {
      model.factors.fill(0, k * length, (k + 1) * length);
      continue;
    }
    model.weights[k] = weights[k]!;
    model.means.set(means.subarray(k * dim, (k + 1) * dim), k * dim);
    if (thinnest(factors, k, dim) < sd * 2 ** DEGENERATE_LOG2_WIDTH || sd === 0) {
      model.status |= STATUS_BITS.degenerate;
    }
    model.exponents[k] = normaliseFactor(model.factors, k * length, length);
  }
  return model;
}

/** Smallest pivot of a component's factor. */
function thinnest(factors: Float64Array, k: number, dim: number): number {
  let least = Infinity;
  for (let a = 0; a < dim; a++) {
    least = Math.min(least, factors[k * packedLength(dim) + packedIndex(a, a)]!);
  }
  return least;
}
