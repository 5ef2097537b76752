/**
 * What the engine and its threads say to each other. Tasks carry all that they need but for larger
 * blocks of words, which are kept in the threads under a number until they are dropped; so any
 * thread can take any task, and none has a lineage of its own. Short tasks travel together.
 */

import type { Rules } from '../../model/rules.ts';
import type { StatisticTables } from '../../model/statistics/tables.ts';
import type { StatisticName } from '../../spec/statistics.ts';

/** What `configure` and `configureStatistics` of the kernels are told. */
export interface Shape {
  /**
   * dim, components, truth components, covariance, init, has rows, has a tolerance, is assembled,
   * retention, has an archive, ancestry.
   */
  readonly configure: readonly number[];
  /** Words of a model in the ring. */
  readonly modelWords: number;
  /** Whether the last of them is its ancestry. */
  readonly ancestry: boolean;
  /** Place of each statistic of STATISTIC_NAMES in the list of those asked for, −1: not asked. */
  readonly places: readonly number[];
  readonly statisticCount: number;
}

/** A cell as the kernels take it up. */
export interface CellBlocks {
  /** Of this record: no other has it. */
  readonly id: number;
  readonly shape: Shape;
  /** A row of CELL_PARAMS. */
  readonly cell: Words;
  /** Blocks by their numbers; −1: none, as no kernel reads it. */
  readonly truth: number;
  readonly rows: number;
  readonly tables: number;
  /** Rows of THRESHOLD_ROW, one for each criterion of collapse. */
  readonly thresholds: Words;
  readonly criterionCount: number;
  /** Of the largest training set. */
  readonly points: number;
  /** Latest models of a lineage that its next one may depend on; 0: its parent alone. */
  readonly past: number;
  readonly closedForm: boolean;
  /** How lineages go on that the kernels have no code for; null where they have. */
  readonly reference: ReferenceCell | null;
}

/** A cell as the reference's code takes it up. */
export interface ReferenceCell {
  /** Without rows. */
  readonly rules: Rules;
  /** Block of the rows in f64; -1: no rows. */
  readonly rows: number;
  /** What it takes to measure them; null where kernels do. */
  readonly measures: Measures | null;
}

export interface Measures {
  readonly statistics: readonly StatisticName[];
  readonly tables: StatisticTables;
}

/** Whether a chunk fixes ranks, and whether its values are counted into bins. */
export interface Sketch {
  readonly pilot: boolean;
  readonly sketched: boolean;
  /** Edges of a later chunk, [generation × statistic × 255]; null for a pilot, which makes them. */
  readonly edges: Float32Array<ArrayBuffer> | null;
}

/** Lineages through generations. */
export interface AdvanceTask {
  readonly kind: 'advance';
  readonly blocks: CellBlocks;
  readonly count: number;
  readonly firstReplicate: number;
  /** Counted from 1. */
  readonly firstGeneration: number;
  readonly generationCount: number;
  /** Parents, [word × stride], stride the count rounded up to 4; null before generation 1. */
  readonly models: Uint32Array<ArrayBuffer> | null;
  /** What is known of lineages, words [(2 · criterion + word) · stride]; null as above. */
  readonly fates: Words | null;
  readonly past: Past;
  /**
   * What comes back beside the latest models: rows of a frame (the lineages are a whole chunk),
   * values to be reduced with those of others, or every model on the way.
   */
  readonly want: Sketch | 'values' | 'trace';
}

/** Values of a range of a chunk's lineages. */
export interface Part {
  /** First lineage of the range within the chunk. */
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  /** Within the window, from 0. */
  readonly firstGeneration: number;
  readonly generationCount: number;
  /** [generation × statistic × stride]. */
  readonly values: Float32Array<ArrayBuffer>;
  /** [generation × stride]. */
  readonly status: Uint32Array<ArrayBuffer>;
}

/** A whole chunk's window from its parts. */
export interface ReduceTask {
  readonly kind: 'reduce';
  readonly parts: readonly Part[];
  readonly count: number;
  readonly generationCount: number;
  readonly statisticCount: number;
  readonly sketch: Sketch;
}

export type Task = AdvanceTask | ReduceTask;

/** Rows of a frame, as src/engine/engine.ts describes them, of one chunk. */
export interface Rows {
  readonly moments: Float64Array<ArrayBuffer>;
  readonly ranks: Float64Array<ArrayBuffer>;
  readonly edges: Float64Array<ArrayBuffer>;
  readonly bins: Uint32Array<ArrayBuffer>;
  readonly status: Uint32Array<ArrayBuffer>;
}

export interface Result {
  /** Of the last generation, as the next task takes them. */
  readonly models: Uint32Array<ArrayBuffer> | null;
  /** As the next task takes it, and of this one [generation × criterion × COLLAPSE_FIELDS]. */
  readonly fates: Words | null;
  readonly collapses: Words | null;
  readonly past: Past;
  readonly rows: Rows | null;
  readonly values: Float32Array<ArrayBuffer> | null;
  readonly status: Uint32Array<ArrayBuffer> | null;
  /** [generation × word] of the first lineage. */
  readonly trace: Uint32Array<ArrayBuffer> | null;
  /** Time that the thread took. */
  readonly milliseconds: number;
}

/**
 * What next models depend on beside their parents, blocks of generations in order: models older than
 * the parents, words [generation × word × stride]; of lineages that go by the reference, one block
 * with all that they depend on, see reference-lineages.ts.
 */
export type Past = readonly (Words | Numbers)[];

/** Numbers with all their digits. */
export type Numbers = Float64Array<ArrayBuffer>;

/** A block of words, of f32, u32 or halves of f64: only their bits matter. */
export type Words = Uint32Array<ArrayBuffer>;

export type ToThread =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module }
  | { readonly kind: 'keep'; readonly block: number; readonly words: Words }
  | { readonly kind: 'drop'; readonly blocks: readonly number[] }
  | { readonly kind: 'work'; readonly id: number; readonly tasks: readonly Task[] };

export type FromThread =
  | { readonly kind: 'started' }
  | { readonly kind: 'done'; readonly id: number; readonly results: readonly Result[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
