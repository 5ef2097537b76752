/** How many lineages carry each status bit. Twin: shaders/kernels/status.wgsl. */
import { STATUS_BITS, STATUS_NAMES } from '../status.ts';

/** Counts in the order of STATUS_NAMES. */
export function statusCounts(words: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(STATUS_NAMES.length);
  for (let i = 0; i < words.length; i++) {
    STATUS_NAMES.forEach((name, bit) => {
      if (words[i]! & STATUS_BITS[name]) counts[bit]!++;
    });
  }
  return counts;
}
