/**
 * What a group of cells has in common, and what the shaders have as constants: dimensions,
 * components, the form of covariances, the start of fits.
 */

/** Most components of a model, of a truth, and most dimensions: src/spec/parameter.ts. */
export const MOST_K: i32 = 25;
export const MOST_J: i32 = 32;
export const MOST_D: i32 = 4;
export const MOST_TRI: i32 = 10;
export const MOST_SOURCES: i32 = MOST_K + MOST_J;

/** `covariance` of configure; 2 is spherical, 3 full and the same for all components. */
export const FULL: i32 = 0;
export const DIAGONAL: i32 = 1;
const ALL_ALIKE: i32 = 3;
/** `init` of configure. */
export const START_PARENT: i32 = 0;
export const START_TRUTH: i32 = 1;
export const START_KMEANS: i32 = 2;
export const START_RANDOM: i32 = 3;

/** `retention` of configure; 2 is some of all batches. */
export const RETENTION_REPLACE: i32 = 0;
export const RETENTION_ACCUMULATE: i32 = 1;

/** Dimensions, and entries of a packed lower triangle. */
export let D: i32 = 1;
export let TRI: i32 = 1;
/** Components of the model, of the truth. */
export let K: i32 = 1;
export let J: i32 = 1;
export let COVARIANCE: i32 = FULL;
/** Full covariances are one. */
export let TIED: bool = false;
export let INIT: i32 = START_PARENT;
/** Real points are rows of a data set. */
export let REAL_ROWS: bool = false;
/** EM may stop before its last iteration. */
export let TOLERANCE_ON: bool = false;
/** Training sets are made point by point, of batches of which generation. */
export let ASSEMBLED: bool = false;
export let RETENTION: i32 = RETENTION_REPLACE;
/** Real points are those of the first generation. */
export let FIXED: bool = false;
/** Models have one word more: their ancestry. */
export let ANCESTRY_ON: bool = false;

/** Sets the shape; before `setCell`. */
export function configure(
  dim: i32,
  components: i32,
  truthComponents: i32,
  covariance: i32,
  init: i32,
  hasRows: bool,
  toleranceOn: bool,
  assembled: bool,
  retention: i32,
  fixed: bool,
  ancestryOn: bool,
): void {
  D = dim;
  TRI = (dim * (dim + 1)) >> 1;
  K = components;
  J = truthComponents;
  TIED = covariance == ALL_ALIKE;
  COVARIANCE = TIED ? FULL : covariance;
  INIT = init;
  REAL_ROWS = hasRows;
  TOLERANCE_ON = toleranceOn;
  ASSEMBLED = assembled;
  RETENTION = retention;
  FIXED = fixed;
  ANCESTRY_ON = ancestryOn;
}
