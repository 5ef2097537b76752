/** One row of the table of parameters, as a type, and the limits that others need too. */

/** Kinds of truth, which have fields of their own. */
export type TruthKind = 'blobs' | 'mixture' | 'data';

export type ParameterKind =
  | 'integer'
  | 'number'
  | 'numbers'
  | 'numerals'
  | 'choice'
  | 'text'
  | 'texts'
  | 'weights'
  | 'mixture'
  | 'statistics'
  | 'criteria'
  | 'flag'
  | 'switch';

export type ParameterGroup =
  | 'truth'
  | 'batch'
  | 'sampler'
  | 'screening'
  | 'retention'
  | 'fit'
  | 'sizes'
  | 'sweep'
  | 'statistics';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly doc: string;
}

export interface Parameter {
  /** Dotted path in the spec. */
  readonly path: string;
  /** The kind of truth that has this field; absent: all. */
  readonly truth?: TruthKind;
  readonly group: ParameterGroup;
  readonly kind: ParameterKind;
  readonly label: string;
  readonly symbol: string;
  readonly unit: string;
  /** One sentence of help. */
  readonly doc: string;
  /** Bounds of numbers, or of the length of lists and texts; inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Fewest and most entries of a list of numbers; `minimum` and `maximum` bound each of them. */
  readonly length?: readonly [least: number, most: number];
  readonly choices?: readonly Choice[];
  /** Absent where the field is required, derived or optional. */
  readonly default?: unknown;
  /** How the default follows from other fields. */
  readonly derived?: string;
  /** May be null, which means this: "no truncation". */
  readonly nullable?: string;
  /** May be left out and is then absent from the resolved spec. */
  readonly optional?: true;
  /** May change with the generation: in steps, or along a ramp too. */
  readonly schedule?: 'steps' | 'ramp';
  /** May be an axis of the sweep. */
  readonly axis?: true;
}

/** Objects that are null unless one of their fields is given: what is off has no numbers. */
export const NULLABLE_CONTAINERS: readonly string[] = ['batch.coreset', 'batch.web', 'fit.prior'];

/** The container that may be null and that a path lies in. */
export const nullableOf = (path: string): string | undefined =>
  NULLABLE_CONTAINERS.find((container) => path.startsWith(`${container}.`));

/** Most components of a truth: room for the 5 × 5 grid of Alemohammad et al. 2023. */
export const MAX_TRUTH_COMPONENTS = 32;
/** Most components of a model: a grid of 5 × 5 too. */
export const MAX_COMPONENTS = 25;
/** Most dimensions of a truth. */
export const MAX_DIM = 100;
/** Most dimensions in which points are drawn, and so of data, of several components and of EM. */
export const MAX_EM_DIM = 4;
/** Most points of a coreset: a word of its race is one of four in 256 blocks (`rng/coordinates`). */
export const MAX_CORESET = 1024;

/** Whether a truth has so many dimensions that all there is of it are closed forms. */
export const isWide = (dim: number): boolean => dim > MAX_EM_DIM;
