/**
 * The models of one lineage, generation by generation. A lineage may be a million generations long:
 * it is posted as a few arrays of numbers, and a model is made of them when somebody looks.
 */
import { packedLength, type Mixture } from '../model/mixture.ts';

/** Generation 0, the truth, first. An array of mixtures is one. */
export interface Trace {
  readonly length: number;
  at(generation: number): Mixture | undefined;
}

export const NO_TRACE: Trace = [];

/** Generations 1 … G, and the truth before them. */
export interface PackedTrace {
  readonly truth: Mixture;
  readonly components: number;
  /** [generation × component × (weight, mean, covariance)]. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

const modelNumbers = (dim: number, components: number): number =>
  components * (1 + dim + packedLength(dim));

/** @param models At least one, all of the same shape. */
export function packTrace(truth: Mixture, models: readonly Mixture[]): PackedTrace {
  const { dim } = truth;
  const components = models[0]!.weights.length;
  const numbers = new Float64Array(models.length * modelNumbers(dim, components));
  let at = 0;
  for (const { weights, means, covariances } of models) {
    for (let k = 0; k < components; k++) {
      for (const part of [[weights[k]!], means[k]!, covariances[k]!]) {
        numbers.set(part, at);
        at += part.length;
      }
    }
  }
  return { truth, components, numbers };
}

export function openTrace({ truth, components, numbers }: PackedTrace): Trace {
  const { dim } = truth;
  const width = modelNumbers(dim, components);
  const each = width / components;
  const length = 1 + numbers.length / width;
  return {
    length,
    at: (generation) => {
      if (generation === 0) return truth;
      if (!(generation > 0 && generation < length)) return undefined;
      const from = (k: number) => (generation - 1) * width + k * each;
      const all = Array.from({ length: components }, (_, k) => from(k));
      return {
        dim,
        weights: all.map((at) => numbers[at]!),
        means: all.map((at) => [...numbers.subarray(at + 1, at + 1 + dim)]),
        covariances: all.map((at) => [...numbers.subarray(at + 1 + dim, at + each)]),
      };
    },
  };
}

/** At most `most` generations of a trace, evenly spaced, the middles of as many equal parts. */
export function sampledGenerations(length: number, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) / count) * length));
}
