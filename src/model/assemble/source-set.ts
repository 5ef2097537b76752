/**
 * Sets of sources, the truth's components and after them the parent's: 1 for each that is in it.
 * Twins: shaders/set/word.wgsl and shaders/set/pair.wgsl, which have a bit each.
 */
export type SourceSet = Uint8Array;

/** Components with weight, of the truth where `real` and of the parent where `model`. */
export function livingSources(
  truth: Float64Array,
  parent: Float64Array,
  real: boolean,
  model: boolean,
): SourceSet {
  const set = new Uint8Array(truth.length + parent.length);
  if (real) truth.forEach((weight, j) => (set[j] = weight > 0 ? 1 : 0));
  if (model) parent.forEach((weight, k) => (set[truth.length + k] = weight > 0 ? 1 : 0));
  return set;
}

/** Whether some of the first `count` sources are in the set. */
export const meetsFirst = (set: SourceSet, count: number): boolean =>
  set.subarray(0, count).includes(1);
