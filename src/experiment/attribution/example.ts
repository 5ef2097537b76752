/** An experiment in which all four causes act: where none is given. */
import type { PlainObject } from '../../spec/paths.ts';

export const FOUR_CAUSES: PlainObject = {
  truth: { kind: 'blobs', components: 3 },
  batch: { samplingBias: 0.98 },
  fit: { components: 2, init: 'kmeans', iterations: 1 },
  sampleSize: 500,
  generations: 20,
  replicates: 400,
};
