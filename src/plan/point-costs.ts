/**
 * What it takes to make a point, in visits of a point by a component (`work.ts`): from operations
 * counted for a kernel (`experiment/bench/bounds.ts`), some 20 to a visit at K = 2 and d = 1, and
 * measured for the reference, whose visit is 27 ns.
 */

export interface PointCosts {
  /** Four words of Threefry. */
  readonly block: number;
  /** Two normals of two words. */
  readonly pair: number;
  /** A component chosen, its mean and factor applied. */
  readonly place: number;
  /** A component's density at a point. */
  readonly look: number;
  /** A model of a lane's own, where others draw from other ones. */
  readonly model: number;
  /** What an assembled point takes beside all that, and each of its candidates. */
  readonly entry: number;
  readonly candidate: number;
  /** A model brought into the working frame for one point alone. */
  readonly opening: number;
  /** A place of the pool encrypted once. */
  readonly walk: number;
}

/**
 * Of kernels: 224 operations a block, 69 a pair, 132 a walk. `entry` and `model`, which are loads
 * and stores above all, are what archive and memory cost on WASM beside their words, and `opening`
 * what an accumulated pool costs SwiftShader.
 */
export const KERNEL_COSTS: PointCosts = {
  block: 12,
  pair: 4,
  place: 2,
  look: 2,
  model: 6,
  entry: 4,
  candidate: 0,
  opening: 48,
  walk: 6,
};

/**
 * Of the reference: 96 ns a block, 50 ns a pair, 20 ns a choice, 190 ns two densities. An archive's
 * points and the best of 4, 1.60 and 3.49 times plain, are what 26 and 10 were found from: arrays
 * made, frames changed.
 */
export const REFERENCE_COSTS: PointCosts = {
  block: 3.5,
  pair: 2,
  place: 1,
  look: 4,
  model: 0,
  entry: 26,
  candidate: 10,
  opening: 0,
  walk: 6,
};

/** A plain point at d = 1: its half of a block and of a pair. */
export const plainVisits = ({ block, pair, place }: PointCosts): number =>
  (block + pair) / 2 + place;

/** A candidate that shares nothing, with a block to be judged by: the dearest a point may have. */
export const dearVisits = ({ block, pair, place, model, entry }: PointCosts): number =>
  entry + 2 * block + pair + place + model;
