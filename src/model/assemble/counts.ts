/**
 * How many points of a batch are an adversary's, real, of each mode and of each model, where chance
 * says so. A binomial number comes from order statistics (Relles 1972; Ahrens & Dieter 1974; Devroye
 * 1986, X.4.3): of n uniforms the i-th smallest is Beta(i, n + 1 − i), two χ² of one sum; it is below
 * p or not, and of the others so many are known to be that what is left is binomial again, of about
 * √n expected ones. So the work grows like ln ln n. Twin: shaders/assemble/counts.wgsl.
 *
 * Words are those of a group of `gmm/wishart`: step s has the χ² of axes 2s and 2s + 1, and the last
 * trials have a word each from block 2¹⁶ on.
 */
import { CANDIDATE_LIMIT, chiSquared, type WishartPlace } from '../gmm/wishart.ts';
import { STREAMS, words } from '../rng/coordinates.ts';
import { unitUniform } from '../rng/normal.ts';
import type { Phase } from '../rules.ts';
import { GROUPS } from './groups.ts';

/** So many trials are made one by one. */
const FEW_TRIALS = 16;
/** Block of the first of them. */
const TRIAL_BLOCK = 1 << 16;

/**
 * Group number of part s of a group: a mode of the truth, or a model of the past. As an attempt it is
 * 2¹⁶ s higher, above the streams of the last word of a coordinate.
 */
export const partOfGroup = (group: number, part: number): number => group + 4096 * part;

/** Successes of `trials` trials, each with probability `chance`. */
export function binomial(place: WishartPlace, trials: number, chance: number): number {
  let left = trials;
  let p = chance;
  let successes = 0;
  for (let step = 0; left > FEW_TRIALS && p > 0 && p < 1; step++) {
    const rank = Math.min(left, Math.max(1, Math.floor((left + 1) * p)));
    const below = chiSquared(place, 2 * step, 2 * rank);
    const above = chiSquared(place, 2 * step + 1, 2 * (left + 1 - rank));
    const split = below / (below + above);
    if (split <= p) {
      successes += rank;
      left -= rank;
      p = (p - split) / (1 - split);
    } else {
      left = rank - 1;
      p /= split;
    }
  }
  if (p >= 1) return successes + left;
  return p > 0 ? successes + fewSuccesses(place, left, p) : successes;
}

function fewSuccesses(
  { key, lineage, generation, group = 0 }: WishartPlace,
  trials: number,
  chance: number,
): number {
  let successes = 0;
  for (let i = 0; i < trials; i++) {
    const index = TRIAL_BLOCK + (i >> 2);
    const block = words(key, index, lineage, generation, STREAMS.wishart, CANDIDATE_LIMIT * group);
    if (unitUniform(block[i & 3]!) < chance) successes++;
  }
  return successes;
}

/** Points of a batch by kind. */
export interface BatchCounts {
  readonly poison: number;
  readonly real: number;
  /** Of models; at the first generation, of the truth. */
  readonly rest: number;
}

/**
 * Of a batch of n points: an adversary's take the place of real ones by quota as well as of others,
 * and the others are real with a probability. All are real in the first generation, where only what
 * is ever taken of an archive, so many points, is apart.
 */
export function batchCounts(
  place: WishartPlace,
  { quota, share, poison }: Pick<Phase, 'quota' | 'share' | 'poison'>,
  batchSize: number,
  archive: number,
): BatchCounts {
  if (place.generation === 1) {
    return { poison: 0, real: archive, rest: batchSize - archive };
  }
  const poisonedReal = binomial({ ...place, group: GROUPS.poisonedReal }, quota, poison);
  const others = batchSize - quota;
  const poisonedRest = binomial({ ...place, group: GROUPS.poisonedRest }, others, poison);
  const left = others - poisonedRest;
  const chosen = binomial({ ...place, group: GROUPS.realCount }, left, share);
  return {
    poison: poisonedReal + poisonedRest,
    real: quota - poisonedReal + chosen,
    rest: left - chosen,
  };
}

/** How many of `points` are of part `part` of a group, of so many that are of it or of later parts. */
export const partCount = (
  place: WishartPlace,
  group: number,
  part: number,
  points: number,
  chance: number,
): number => binomial({ ...place, group: partOfGroup(group, part) }, points, chance);

/** Probability of mode j among the modes from it on; 1 for the last that lives. */
export function modeChance(weights: ArrayLike<number>, mode: number): number {
  let rest = 0;
  for (let j = mode; j < weights.length; j++) rest += weights[j]!;
  return weights[mode]! > 0 ? weights[mode]! / rest : 0;
}
