/**
 * One batch on its way through its generations. Its chunks, or pieces of them where chunks are few
 * or slow, advance each on its own: a task takes a piece's models to a thread and brings them back
 * some generations later, with rows of the frame or, of less than a chunk, with values, which are
 * reduced once those of the whole chunk are there. No piece goes further than some windows past the
 * first frame that is not out. Small pieces go together.
 */
import { MOMENT_FIELDS, RANK_FIELDS, type Frame } from '../engine.ts';
import type { EdgeStore } from '../edge-store.ts';
import { COLLAPSE_FIELDS } from '../../model/reduce/collapse.ts';
import { STATUS_NAMES } from '../../model/status.ts';
import { EDGE_COUNT, type Batch, type Chunk, type Plan } from '../../plan/plan.ts';
import { costliest, generationWork, lineageWork } from '../../plan/work.ts';
import { BlockShelf } from './cell-blocks.ts';
import type {
  AdvanceTask,
  Part,
  Past,
  ReduceTask,
  Result,
  Rows,
  Sketch,
  Words,
} from './messages.ts';
import type { Pool } from './pool.ts';
import type { Pace } from './pace.ts';
import { strideOf } from './stride.ts';

/** Windows that may be computed before the frame of the first of them is out. */
const WINDOWS_AHEAD = 3;
/** Pieces for each thread: one is in work, one on its way. */
const PIECES_PER_THREAD = 2;
/** Lineages side by side, and fewest that a chunk is cut into for the sake of threads. */
const BY_KERNELS = { lanes: 4, leastPiece: 16 };
const BY_REFERENCE = { lanes: 1, leastPiece: 1 };

/** Lineages of a chunk that go from thread to thread together. */
interface Piece {
  readonly chunk: number;
  /** First lineage within the chunk. */
  readonly first: number;
  readonly count: number;
  models: Words | null;
  past: Past;
  fates: Words | null;
  /** Next to be computed, counted from 1. */
  generation: number;
  inWork: boolean;
  /** Of one generation, as last measured; 0 before. */
  milliseconds: number;
}

/** A frame in the making. */
interface Draft {
  readonly frame: Frame;
  /** Lineage-generations of each chunk that are not there yet. */
  readonly missing: number[];
  readonly parts: Part[][];
  /** Chunks whose rows are not there yet. */
  chunksMissing: number;
}

export class BatchRun {
  readonly #plan: Plan;
  readonly #batch: Batch;
  readonly #edges: EdgeStore;
  readonly #pool: Pool;
  readonly #pace: Pace;
  readonly #shelf: BlockShelf;
  readonly #handedOver: boolean;
  readonly #generations: number;
  readonly #pieces: readonly Piece[];
  /** Pieces of each chunk. */
  readonly #pieceCounts: readonly number[];
  readonly #drafts = new Map<number, Draft>();
  /** Chunks of windows whose parts are all there. */
  readonly #reducible: { readonly window: number; readonly chunk: number }[] = [];
  readonly #pilot: boolean;
  readonly #sketched: boolean;
  #windowsOut = 0;

  constructor(plan: Plan, batch: Batch, edges: EdgeStore, pool: Pool, pace: Pace) {
    this.#plan = plan;
    this.#batch = batch;
    this.#edges = edges;
    this.#pool = pool;
    this.#pace = pace;
    const group = plan.groups[batch.group]!;
    this.#handedOver = group.handOver.length > 0;
    this.#shelf = new BlockShelf(pool, plan, group);
    this.#generations = plan.cells[batch.chunks[0]!.cell]!.spec.generations;
    this.#pilot = batch.chunks[0]!.firstReplicate === 0;
    this.#sketched = batch.chunks.some((chunk) => edges.sketched(chunk));
    const cuts = batch.chunks.map((chunk, c) => this.#cut(chunk, c));
    this.#pieces = cuts.flat();
    this.#pieceCounts = cuts.map((pieces) => pieces.length);
  }

  /** Equal pieces, of as many lineages as a slice and the engine's pace allow. */
  #cut({ cell, count }: Chunk, chunk: number): Piece[] {
    const { spec, truth } = this.#plan.cells[cell]!;
    const { chunks, sliceLineages } = this.#batch;
    const { lanes, leastPiece } = this.#handedOver ? BY_REFERENCE : BY_KERNELS;
    const later = Math.max(2, costliest(spec));
    const timely = this.#pace.lineagesFor(generationWork(spec, truth.dim, later));
    const most = Math.max(lanes, Math.min(sliceLineages, timely, count));
    const wanted = Math.ceil((PIECES_PER_THREAD * this.#pool.threadCount) / chunks.length);
    const useful = Math.min(wanted, Math.floor(count / leastPiece));
    const size = Math.ceil(count / Math.max(useful, Math.ceil(count / most)) / lanes) * lanes;
    const pieces: Piece[] = [];
    for (let first = 0; first < count; first += size) {
      const own = Math.min(size, count - first);
      const start = {
        models: null,
        past: [],
        fates: null,
        generation: 1,
        inWork: false,
        milliseconds: 0,
      };
      pieces.push({ chunk, first, count: own, ...start });
    }
    return pieces;
  }

  /** Whether its edges come from a batch that is not `done` yet. */
  waitsFor(other: BatchRun): boolean {
    return this.#batch.chunks.some(
      ({ cell, firstReplicate }) =>
        firstReplicate > 0 &&
        other.#batch.chunks.some((pilot) => pilot.cell === cell && pilot.firstReplicate === 0),
    );
  }

  get done(): boolean {
    return this.#windowStart(this.#windowsOut) > this.#generations;
  }

  /** The next frame, if it is whole. */
  takeFrame(): Frame | null {
    const draft = this.#drafts.get(this.#windowsOut);
    if (!draft || draft.chunksMissing > 0) return null;
    this.#drafts.delete(this.#windowsOut++);
    return draft.frame;
  }

  get ready(): boolean {
    return this.#reducible.length > 0 || this.#readyPieces().length > 0;
  }

  /** Gives the next tasks to the pool; settles when their results are in place. */
  start(): Promise<void> {
    const whole = this.#reducible.shift();
    if (whole) return this.#reduce(whole.window, whole.chunk);
    return this.#advance(this.#nextPieces());
  }

  close(): void {
    this.#shelf.clear();
    this.#edges.release(this.#batch);
  }

  /** First generation of a window. */
  #windowStart(window: number): number {
    return 1 + window * this.#batch.windowGenerations;
  }

  #windowOf(generation: number): number {
    return Math.floor((generation - 1) / this.#batch.windowGenerations);
  }

  /** Pieces that may go on, the furthest behind first. */
  #readyPieces(): Piece[] {
    const end = Math.min(
      this.#generations + 1,
      this.#windowStart(this.#windowsOut + WINDOWS_AHEAD),
    );
    return this.#pieces
      .filter(({ inWork, generation }) => !inWork && generation < end)
      .sort((a, b) => a.generation - b.generation);
  }

  /** The next piece, or several that together make up a task and leave enough for other threads. */
  #nextPieces(): Piece[] {
    const ready = this.#readyPieces();
    const most = Math.ceil(ready.length / (PIECES_PER_THREAD * this.#pool.threadCount));
    let [count, share] = [0, 0];
    while (count < most && share < 1) {
      const piece = ready[count++]!;
      const { generation } = piece;
      share += this.#pace.shareOf(
        this.#workOf(piece, generation, this.#generationsLeft(generation)),
      );
    }
    return ready.slice(0, count);
  }

  async #advance(pieces: readonly Piece[]): Promise<void> {
    const tasks = pieces.map((piece) => this.#taskOf(piece));
    const transfer = pieces.flatMap(({ models, past, fates }) =>
      [models, ...past, fates].flatMap(bufferOf),
    );
    for (const piece of pieces) piece.inWork = true;
    const results = await this.#pool.run(tasks, transfer);
    pieces.forEach((piece, i) => this.#advanced(piece, tasks[i]!, results[i]!));
  }

  #advanced(piece: Piece, { firstGeneration, generationCount }: AdvanceTask, result: Result) {
    const { chunk } = piece;
    piece.models = result.models;
    piece.past = result.past;
    piece.fates = result.fates;
    piece.generation += generationCount;
    piece.inWork = false;
    piece.milliseconds = result.milliseconds / generationCount;
    const work = this.#workOf(piece, firstGeneration, generationCount);
    this.#pace.measured(work, result.milliseconds);
    const window = this.#windowOf(firstGeneration);
    const draft = this.#draft(window);
    const offset = firstGeneration - draft.frame.firstGeneration;
    draft.missing[chunk]! -= piece.count * generationCount;
    this.#addCollapses(draft, chunk, offset, result.collapses!);
    if (result.rows) this.#place(draft, chunk, offset, result.rows);
    else draft.parts[chunk]!.push(partOf(piece, offset, generationCount, result));
    if (draft.missing[chunk] !== 0) return;
    if (result.rows) draft.chunksMissing--;
    else this.#reducible.push({ window, chunk });
  }

  /** Counts of a piece's generations from the window's `offset` on, into the frame. */
  #addCollapses({ frame }: Draft, chunk: number, offset: number, counts: Words): void {
    const perGeneration = this.#plan.spec.criteria.length * COLLAPSE_FIELDS;
    const at = (chunk * frame.generationCount + offset) * perGeneration;
    counts.forEach((count, i) => (frame.collapses[at + i]! += count));
  }

  /** Of all its lineages in some generations. */
  #workOf({ chunk, count }: Piece, first: number, generationCount: number): number {
    const { spec, truth } = this.#plan.cells[this.#batch.chunks[chunk]!.cell]!;
    return count * lineageWork(spec, truth.dim, first, generationCount);
  }

  /** From one on to the end of its window. */
  #generationsLeft(generation: number): number {
    const windowEnd = this.#windowStart(this.#windowOf(generation) + 1);
    return Math.min(windowEnd, this.#generations + 1) - generation;
  }

  /** As many of the window's generations as fit into the engine's time for a task. */
  #taskOf(piece: Piece): AdvanceTask {
    const { cell, firstReplicate } = this.#batch.chunks[piece.chunk]!;
    const firstGeneration = piece.generation;
    const left = this.#generationsLeft(firstGeneration);
    const generationCount = Math.min(left, this.#pace.generationsFor(piece.milliseconds));
    const whole = this.#pieceCounts[piece.chunk] === 1;
    return {
      kind: 'advance',
      blocks: this.#shelf.cell(cell),
      count: piece.count,
      firstReplicate: firstReplicate + piece.first,
      firstGeneration,
      generationCount,
      models: piece.models,
      past: piece.past,
      fates: piece.fates,
      want: whole ? this.#sketchOf(piece.chunk, firstGeneration, generationCount) : 'values',
    };
  }

  #sketchOf(chunk: number, firstGeneration: number, generationCount: number): Sketch {
    const [pilot, sketched] = [this.#pilot, this.#sketched];
    if (pilot || !sketched) return { pilot, sketched, edges: null };
    const own = this.#batch.chunks[chunk]!;
    const held = this.#edges.window(own, firstGeneration, generationCount);
    return { pilot, sketched, edges: Float32Array.from(held) };
  }

  async #reduce(number: number, chunk: number): Promise<void> {
    const draft = this.#drafts.get(number)!;
    const { firstGeneration, generationCount } = draft.frame;
    const parts = draft.parts[chunk]!;
    draft.parts[chunk] = [];
    const task: ReduceTask = {
      kind: 'reduce',
      parts,
      count: this.#batch.chunks[chunk]!.count,
      generationCount,
      statisticCount: this.#plan.statistics.length,
      sketch: this.#sketchOf(chunk, firstGeneration, generationCount),
    };
    const transfer = parts.flatMap(({ values, status }) => [values.buffer, status.buffer]);
    const [result] = await this.#pool.run([task], transfer);
    this.#place(draft, chunk, 0, result!.rows!);
    draft.chunksMissing--;
  }

  #draft(number: number): Draft {
    const known = this.#drafts.get(number);
    if (known) return known;
    const { chunks, windowGenerations } = this.#batch;
    const firstGeneration = this.#windowStart(number);
    const left = this.#generations + 1 - firstGeneration;
    const generationCount = Math.min(windowGenerations, left);
    const draft: Draft = {
      frame: this.#emptyFrame(firstGeneration, generationCount),
      missing: chunks.map(({ count }) => count * generationCount),
      parts: chunks.map(() => []),
      chunksMissing: chunks.length,
    };
    this.#drafts.set(number, draft);
    return draft;
  }

  #emptyFrame(firstGeneration: number, generationCount: number): Frame {
    const { index, chunks } = this.#batch;
    const rowCount = chunks.length * generationCount * this.#plan.statistics.length;
    const [pilot, sketched] = [this.#pilot, this.#sketched];
    const perGeneration = this.#plan.spec.criteria.length * COLLAPSE_FIELDS;
    return {
      batch: index,
      firstGeneration,
      generationCount,
      moments: new Float64Array(rowCount * MOMENT_FIELDS),
      ranks: new Float64Array(pilot ? rowCount * RANK_FIELDS : 0),
      edges: new Float64Array(pilot && sketched ? rowCount * EDGE_COUNT : 0),
      bins: new Uint32Array(sketched ? rowCount * (EDGE_COUNT + 1) : 0),
      status: new Uint32Array(chunks.length * generationCount * STATUS_NAMES.length),
      collapses: new Uint32Array(chunks.length * generationCount * perGeneration),
    };
  }

  /** Rows of a chunk's generations from the window's `offset` on, into the frame. */
  #place({ frame }: Draft, chunk: number, offset: number, rows: Rows): void {
    const { generationCount } = frame;
    const at = chunk * generationCount + offset;
    const perGeneration = this.#plan.statistics.length;
    const row = at * perGeneration;
    frame.moments.set(rows.moments, row * MOMENT_FIELDS);
    if (this.#pilot) frame.ranks.set(rows.ranks, row * RANK_FIELDS);
    if (this.#sketched) frame.bins.set(rows.bins, row * (EDGE_COUNT + 1));
    frame.status.set(rows.status, at * STATUS_NAMES.length);
    if (!this.#pilot || !this.#sketched) return;
    frame.edges.set(rows.edges, row * EDGE_COUNT);
    const count = rows.edges.length / perGeneration / EDGE_COUNT;
    const first = frame.firstGeneration + offset;
    this.#edges.window(this.#batch.chunks[chunk]!, first, count).set(rows.edges);
  }
}

const bufferOf = (array: Past[number] | null): ArrayBuffer[] => (array ? [array.buffer] : []);

const partOf = (
  { first, count }: Piece,
  firstGeneration: number,
  generationCount: number,
  { values, status }: Result,
): Part => ({
  first,
  count,
  stride: strideOf(count),
  firstGeneration,
  generationCount,
  values: values!,
  status: status!,
});
