/**
 * The seam between deciding and doing. An engine takes a Plan and yields Frames; everything behind
 * it (WGSL, WASM, f64 reference) is interchangeable, and a test of the seam runs on all of them.
 */
import type { EngineLimits, Plan } from '../plan/plan.ts';
import type { FramedModel } from '../model/frame.ts';

export type EngineName = 'webgpu' | 'wasm' | 'reference';

/** How much goes into one submit: little while somebody looks, more while nobody does. */
export type PaceName = 'interactive' | 'turbo';

export interface AdapterInfo {
  /** One line for people: "NVIDIA H200 (Vulkan)", "SwiftShader", "JavaScript f64". */
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  /** True where the "GPU" is a CPU in disguise. */
  readonly software: boolean;
  /** Threads of the processor that compute; absent on a GPU. */
  readonly threads?: number;
  /** Of the WASM engine: whether products and sums are rounded once (relaxed) or twice. */
  readonly build?: 'simd128' | 'relaxed';
}

/**
 * Sums over one window of one batch. Rows run [chunk × generation × statistic], row-major, with
 * generation counted from `firstGeneration` (1-based).
 */
export interface Frame {
  readonly batch: number;
  readonly firstGeneration: number;
  readonly generationCount: number;
  /** [rows × MOMENT_FIELDS]: count, mean, m2, min, max, saturated count. */
  readonly moments: Float64Array;
  /** [rows × 14]: order statistics around the seven quantiles; empty after a cell's first chunk. */
  readonly ranks: Float64Array;
  /** [rows × 255] bin edges, only of first chunks of cells with more; else empty. */
  readonly edges: Float64Array;
  /** [rows × 256] counts in the bins of the pilot's edges (also for the pilot itself). */
  readonly bins: Uint32Array;
  /** [chunk × generation × 6]: lineages with each status bit set, in the order of STATUS_NAMES. */
  readonly status: Uint32Array;
  /**
   * [chunk × generation × criterion × COLLAPSE_FIELDS]: lineages that had not met a criterion of
   * collapse before, and those that do now; empty where the spec has none.
   */
  readonly collapses: Uint32Array;
}

/** count, mean, m2 (sum of squared deviations), min, max, saturated (|value| ≥ SATURATION). */
export const MOMENT_FIELDS = 6;
/** Lower and upper neighbour of each of the seven quantiles. */
export const RANK_FIELDS = 14;

export interface Engine {
  readonly name: EngineName;
  readonly adapter: AdapterInfo;
  readonly limits: EngineLimits;
  /**
   * Executes the plan, batch by batch, window by window.
   * Throws EngineError (device lost, compile error) or the signal's reason when aborted.
   */
  run(plan: Plan, signal: AbortSignal): AsyncGenerator<Frame, void, void>;
  /**
   * Every generation of one lineage, generation 1 first: what a density view scrubs through.
   * The same numbers that `run` reduces.
   */
  trace(plan: Plan, cell: number, replicate: number, signal: AbortSignal): Promise<FramedModel[]>;
  /** From the next submit on; engines that submit nothing have no pace. */
  setPace?(pace: PaceName): void;
  /** Frees what the engine holds. */
  close(): void;
}
