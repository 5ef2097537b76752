/** Where none is given: minority knowledge, and nothing but the models' own output to learn from. */
import type { PlainObject } from '../../spec/paths.ts';

export const MINORITY: PlainObject = {
  truth: { kind: 'blobs', components: 4, separation: 6, weights: { zipf: 2 } },
  sampleSize: 100,
  generations: 40,
  replicates: 400,
};
