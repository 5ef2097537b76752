/** What the page and its worker say to each other: plain data that can be posted. */
import type { Problem } from '../errors.ts';
import type { AdapterInfo, EngineName, PaceName } from '../engine/engine.ts';
import type { GroupRecord } from '../experiment/export/run-json.ts';
import type { Progress } from '../experiment/progress.ts';
import type { LawOverlay } from '../experiment/views/law-overlay.ts';
import type { Truth } from '../model/truth.ts';
import type { Spec } from '../spec/schema.ts';
import type { ResultsPatch } from './results-patch.ts';
import type { ResultsShell } from './results-shell.ts';
import type { PackedTrace } from './trace.ts';

/** `auto` takes WebGPU where there is a real adapter, and WebAssembly elsewhere. */
export type EngineChoice = 'auto' | EngineName;

/** A file as it was read; its rows are parsed in the worker. */
export interface CsvFile {
  readonly name: string;
  readonly text: string;
}

export interface RunRequest {
  readonly spec: Spec;
  /** For truths of kind data. */
  readonly file: CsvFile | null;
  readonly engine: EngineChoice;
}

export interface RunStart {
  readonly engine: EngineName;
  readonly adapter: AdapterInfo;
  /** How the cells are computed. */
  readonly groups: readonly GroupRecord[];
  /** Why the engine is not the one that was hoped for; '' where it is. */
  readonly notice: string;
  /** Cells may differ in their truth; equal ones are listed once. */
  readonly truths: readonly Truth[];
  /** [cell]: index into `truths`. */
  readonly truthOf: Uint32Array;
  /** Before the first frame: generation 0 and the laws. */
  readonly results: ResultsShell;
  /** Bytes of the largest batch on the engine. */
  readonly engineBytes: number;
}

export interface RunUpdate {
  readonly progress: Progress;
  readonly patch: ResultsPatch;
}

/** In the worker these are calls to the page, which resolve once it has taken them. */
export interface RunListener {
  started(start: RunStart): void | Promise<void>;
  updated(update: RunUpdate): void | Promise<void>;
}

export type RunEnd =
  | { readonly outcome: 'done' | 'stopped'; readonly seconds: number }
  | { readonly outcome: 'failed'; readonly message: string; readonly problems: readonly Problem[] };

export interface RunWorker {
  /** Whom to tell about every run from now on. */
  listen(listener: RunListener): void;
  /** Resolves when the run has ended, one way or another; never rejects. */
  run(request: RunRequest): Promise<RunEnd>;
  /** Of the engine that is open, and of all after it; not every engine has one. */
  setPace(pace: PaceName): void;
  /** Ends the run after the frame it is in. */
  stop(): void;
  /** The models of one lineage of the last run; null before there was one. */
  trace(cell: number, replicate: number): Promise<PackedTrace | null>;
  /**
   * Whole laws of a cell of the last run, at those generations; null before there was one, and where
   * another cell was asked for meanwhile.
   */
  laws(cell: number, generations: Float64Array): Promise<LawOverlay | null>;
}
