/**
 * What will be run, as plain data: cells, batches, slices, windows, bytes. `planRun` makes it from
 * a spec and an engine's limits; an engine only executes it. Literal plans are asserted in tests.
 *
 *   cell     one parameter set, R replicates
 *   chunk    up to chunkReplicates of one cell, aligned: the unit of the moment reduction
 *   batch    chunks of one pipeline group that go through all their generations together
 *   slice    lineages of a batch in one dispatch (limited by scratch memory)
 *   window   generations of a batch in one dispatch (limited by the ring and by time)
 */
import type { Lack } from './hand-over.ts';
import type { Lanes, Mapping } from './mapping.ts';
import { isWide, type AxisValue, type Spec } from '../spec/schema.ts';
import type { StatisticName } from '../spec/statistics.ts';
import type { PoolForm } from '../model/rules.ts';
import type { Truth } from '../model/truth.ts';

/** Replicates in an aligned chunk: moments are formed per chunk and merged in order. */
export const CHUNK = 4096;
/** The same in many dimensions: two models of d = 100 for each are 42 MiB of a binding's 128. */
export const WIDE_CHUNK = 1024;
/** Edges that the pilot chunk fixes for cells with more chunks than that. */
export const EDGE_COUNT = 255;
/** Ranks read from a sorted pilot: the neighbours of the seven quantiles. */
export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

export interface EngineLimits {
  /** Bytes of one storage buffer (and binding). */
  readonly bufferBytes: number;
  /** Bytes of all buffers together. */
  readonly totalBytes: number;
  /** Points visited (lineages · generations · n · passes · K) between two looks at the results. */
  readonly dispatchWork: number;
  /** Lineages that keep the engine busy: batches are no larger without need. */
  readonly batchLineages: number;
  /** How a lineage may be laid out over lanes; null where an engine has none. */
  readonly lanes: Lanes | null;
  /** What it has no kernels for, and hands over to the reference's code. */
  readonly lacks: readonly Lack[];
}

/** How training sets are made point by point, from any generation of the past. */
export interface Assembly {
  readonly retention: Spec['retention'];
  /** Whether real points are those of the first generation. */
  readonly fixed: boolean;
  /** What these are distilled to. */
  readonly coreset: Spec['batch']['coreset'];
  /** Whether synthetic points come from several models. */
  readonly memory: boolean;
  /** Whether candidates are looked at before they are let in, and by the verifier. */
  readonly looked: boolean;
  readonly verified: boolean;
  readonly poisoned: boolean;
  readonly noisy: boolean;
  readonly protects: boolean;
  /** Whether what points have in copies since a human is kept with them. */
  readonly ancestry: boolean;
}

/** What groups of points a training set is made of, where its fit is drawn from their laws. */
export interface Grouping {
  /** How all batches before are one of them. */
  readonly pool: PoolForm;
  /** Whether real points are those of the first generation, and whether now more, now fewer. */
  readonly fixed: boolean;
  readonly segmented: boolean;
  /** Whether synthetic points are wider than their model. */
  readonly noisy: boolean;
  /** Whether it takes more than numbers known beforehand, one model and one fit; if so, what. */
  readonly counted: boolean;
  readonly memory: boolean;
  readonly poisoned: boolean;
}

/** What the cells of a pipeline group have in common: kernels are specialised on it. */
export interface Group {
  /** Whether generations from the second on are drawn in closed form. */
  readonly closed: boolean;
  /** Whether one lineage is a workgroup's, its factors in storage: many dimensions. */
  readonly wide: boolean;
  /** Whether they are fitted on standard normals and multiplied on. */
  readonly standardised: boolean;
  /** Whether cells change from generation to generation. */
  readonly phased: boolean;
  /** Whether batches have other sizes at other generations. */
  readonly grows: boolean;
  /** Whether they may have real points. */
  readonly real: boolean;
  /** Whether EM may stop early. */
  readonly tolerant: boolean;
  /** Whether models are sampled with another width, or with other weights, than they have. */
  readonly biased: boolean;
  readonly sharpened: boolean;
  /** Whether points weigh unlike in a fit, and whether by their density under the parent. */
  readonly weighed: boolean;
  readonly tailed: boolean;
  /** What a prior is centred on. */
  readonly prior: 'none' | 'parent' | 'truth';
  /** Whether dead components come back. */
  readonly respawn: boolean;
  /** How the sampled path is laid out; null where an engine has no lanes. */
  readonly mapping: Mapping | null;
  /** Null where batches are drawn plainly, and on engines that do not work in lanes. */
  readonly assembly: Assembly | null;
  /** Null where fits are not drawn from groups of points. */
  readonly grouping: Grouping | null;
  /** Why its lineages are computed by the reference's code; empty: by the engine's own. */
  readonly handOver: readonly string[];
  /** Latest models of its own past that a handed over or assembled lineage keeps; 0 elsewhere. */
  readonly past: number;
}

export interface Cell {
  readonly index: number;
  /** Value of each axis, in the order of `Plan.axes`. */
  readonly values: readonly AxisValue[];
  /** The full spec of this cell, without its sweep. */
  readonly spec: Spec;
  /** Word of the random key: 0, or a hash of the axis values (pairing "independent"). */
  readonly word: number;
  readonly truth: Truth;
}

export interface Chunk {
  readonly cell: number;
  readonly firstReplicate: number;
  readonly count: number;
}

export interface Batch {
  readonly index: number;
  /** Cells of one group share dims, rules and so the pipeline's text. */
  readonly group: number;
  readonly chunks: readonly Chunk[];
  readonly lineageCount: number;
  /** Lineages of each slice but the last. */
  readonly sliceLineages: number;
  /** Generations of each window but the last. */
  readonly windowGenerations: number;
}

export interface Plan {
  readonly spec: Spec;
  readonly axes: readonly string[];
  readonly cells: readonly Cell[];
  readonly statistics: readonly StatisticName[];
  readonly groups: readonly Group[];
  readonly batches: readonly Batch[];
  readonly lineageCount: number;
  /** lineageCount × generations. */
  readonly lineageGenerations: number;
  /** Largest need of any batch, by buffer. */
  readonly bufferBytes: Readonly<Record<string, number>>;
  /** Bytes of results and sketches held on the host. */
  readonly resultBytes: number;
  /** Cells with more than one chunk that are filled breadth-first together. */
  readonly cellsPerWave: number;
}

/** Replicates in a chunk of so many dimensions, on every engine. */
export const chunkReplicates = (dim: number): number => (isWide(dim) ? WIDE_CHUNK : CHUNK);

/** Whether a cell has chunks after its pilot, which are counted between the pilot's edges. */
export const isSketched = ({ spec, truth }: Cell): boolean =>
  spec.replicates > chunkReplicates(truth.dim);

/** The pipeline group of a cell. */
export function groupOf({ groups, batches }: Plan, cell: number): Group {
  return groups[batches.find(({ chunks }) => chunks.some((own) => own.cell === cell))!.group]!;
}
