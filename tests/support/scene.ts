/** Overlapping Gaussians and points around them, all numbers exact in f32, from one seed. */
import { packedIndex } from '../../src/model/mixture.ts';
import { between, seeded, vectorBetween } from './seeded.ts';
import type { Components } from '../../src/model/gmm/em.ts';

export interface Scene {
  readonly components: Components;
  /** [pointCount × dim]. */
  readonly points: Float64Array;
}

/** Means within ±2 and points within ±3 of the origin, pivots in [0.6, 1.1], correlated axes. */
export function scene(seed: number, dim: number, count: number, pointCount: number): Scene {
  const next = seeded(seed);
  const raw = vectorBetween(next, count, 0.2, 1);
  const total = raw.reduce((a, b) => a + b, 0);
  const factors = Array.from({ length: count }, () => {
    const factor = vectorBetween(next, (dim * (dim + 1)) / 2, -0.5, 0.5);
    for (let a = 0; a < dim; a++) factor[packedIndex(a, a)] = between(next, 0.6, 1.1);
    return factor;
  });
  return {
    components: {
      dim,
      count,
      weights: Float64Array.from(raw, (weight) => Math.fround(weight / total)),
      means: Float64Array.from(vectorBetween(next, count * dim, -2, 2)),
      factors: Float64Array.from(factors.flat()),
    },
    points: Float64Array.from(vectorBetween(next, pointCount * dim, -3, 3)),
  };
}

/** Rows of a flat array. */
export const rowsOf = (flat: Float64Array, width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, i) => [
    ...flat.subarray(i * width, (i + 1) * width),
  ]);
