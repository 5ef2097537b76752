/**
 * A thread's side of the engine: takes tasks up with the kernels of `assembly/`, whose memory is
 * laid out as
 *
 *   ring     words [(slot · modelWords + word) · stride + lineage], slot 0 the parents, older models
 *            before it where lineages depend on them
 *   values   f32 [(generation · statistics + statistic) · stride + lineage]
 *   rows of the frame, one per (generation, statistic)
 */
import { CHUNK, EDGE_COUNT } from '../../plan/plan.ts';
import { COLLAPSE_FIELDS } from '../../model/reduce/collapse.ts';
import { STATUS_NAMES } from '../../model/status.ts';
import { MOMENT_FIELDS, RANK_FIELDS } from '../engine.ts';
import { Arena, type Allocator } from './arena.ts';
import { evolveByReference } from './reference-lineages.ts';
import { strideOf } from './stride.ts';
import type {
  AdvanceTask,
  CellBlocks,
  Numbers,
  Part,
  Past,
  ReduceTask,
  Result,
  Rows,
  Shape,
  Sketch,
  Task,
  Words,
} from './messages.ts';

/** What `assembly/index.ts` exports; addresses and counts. */
export interface KernelExports extends Allocator {
  configure(...shape: number[]): void;
  configureStatistics(places: number, count: number): void;
  /** Bytes of memory that could not be had; 0 where all is well. */
  setCell(
    cell: number,
    truth: number,
    rows: number,
    closedForm: number,
    mostPoints: number,
  ): number;
  setTables(tables: number): void;
  evolve(
    ring: number,
    stride: number,
    firstLineage: number,
    lineageCount: number,
    firstReplicate: number,
    firstGeneration: number,
    generationCount: number,
  ): void;
  observe(
    ring: number,
    values: number,
    stride: number,
    firstLineage: number,
    lineageCount: number,
    firstReplicate: number,
    firstGeneration: number,
    generationCount: number,
  ): void;
  moments(values: number, count: number, out: number): void;
  sort(values: number, count: number, sorted: number): void;
  pilotRanks(sorted: number, count: number, out: number): void;
  pilotEdges(sorted: number, count: number, edges: number, out: number): void;
  binCounts(values: number, count: number, edges: number, out: number): void;
  statusCounts(words: number, count: number, out: number): void;
  collapses(
    values: number,
    stride: number,
    first: number,
    count: number,
    firstGeneration: number,
    generationCount: number,
    statisticCount: number,
    thresholds: number,
    criterionCount: number,
    fates: number,
    out: number,
  ): void;
}

type Region =
  | ('cell' | 'truth' | 'rows' | 'tables' | 'places' | 'ring' | 'values' | 'partStatus')
  | ('thresholds' | 'fates' | 'collapses')
  | ('sorted' | 'moments' | 'ranks' | 'edges' | 'rowEdges' | 'bins' | 'status');

const WORD = 4;
const DOUBLE = 8;
const STATUS_WORD = 1;
const BIN_COUNT = EDGE_COUNT + 1;
const BITS = STATUS_NAMES.length;
/** Models of a block of lineages through the window: what stays in a core's second-level cache. */
const BLOCK_BYTES = 2 ** 18;

const NOTHING = {
  ...{ models: null, past: [], fates: null, collapses: null },
  ...{ rows: null, values: null, status: null, trace: null },
} as const;

/** A chunk's window, whose values and status words are in memory. */
interface ChunkWindow {
  readonly count: number;
  readonly stride: number;
  readonly generationCount: number;
  readonly statisticCount: number;
  /** Address of the first generation's status words, and bytes from there to the next one's. */
  readonly status: number;
  readonly statusStep: number;
}

export class ChunkKernels {
  readonly #kernels: KernelExports;
  readonly #arena: Arena<Region>;
  readonly #blocks: ReadonlyMap<number, Words>;
  #shape: Shape | null = null;
  #cell: CellBlocks | null = null;
  /** Most points that there is room for. */
  #points = 0;
  /** Words of older models before the ring. */
  #older = 0;

  /** `blocks` is filled and emptied by the thread's messages. */
  constructor(module: WebAssembly.Module, blocks: ReadonlyMap<number, Words>) {
    const { exports } = new WebAssembly.Instance(module);
    this.#kernels = exports as unknown as KernelExports;
    this.#arena = new Arena(this.#kernels);
    this.#blocks = blocks;
  }

  /** @throws Error where there is no memory left, or the kernels trap. */
  run(task: Task): Result {
    const began = performance.now();
    const found = task.kind === 'advance' ? this.#advance(task) : this.#reduce(task);
    return { ...NOTHING, ...found, milliseconds: performance.now() - began };
  }

  #advance(task: AdvanceTask): Partial<Result> {
    const { blocks, count, generationCount, want } = task;
    const { modelWords, statisticCount } = blocks.shape;
    const stride = strideOf(count);
    const slot = modelWords * stride;
    const rowCount = generationCount * statisticCount;
    this.#older = blocks.reference ? 0 : wordsOf(task.past);
    this.#makeRoom(blocks, {
      ring: (this.#older + (generationCount + 1) * slot) * WORD,
      values: rowCount * stride * WORD,
      fates: 2 * blocks.criterionCount * stride * WORD,
      collapses: generationCount * blocks.criterionCount * COLLAPSE_FIELDS * WORD,
      ...(typeof want === 'object' && rowRegions(generationCount, rowCount, want)),
    });
    this.#takeUp(blocks);
    if (task.models) this.#arena.write('ring', task.models, this.#older);
    const elsewhere = blocks.reference && this.#evolveElsewhere(task, stride);
    if (!elsewhere) this.#placeOlder(task.past);
    if (want !== 'trace') this.#openFates(task, stride);
    this.#evolve(task, stride);
    const models = this.#ringWords(slot, generationCount * slot);
    const past = elsewhere ? [elsewhere] : this.#pastAfter(task, slot);
    if (want === 'trace') return { models, past, trace: this.#firstLineage(task, stride) };
    const next = { models, past, ...this.#fatesOf(task, stride) };
    if (want === 'values') {
      const values = this.#arena.floats('values', rowCount * stride);
      return { ...next, values, status: this.#statusWords(task, stride) };
    }
    const status = this.#ring + (modelWords + STATUS_WORD) * stride * WORD;
    const window = { count, stride, generationCount, statisticCount, status };
    return { ...next, rows: this.#reduceWindow({ ...window, statusStep: slot * WORD }, want) };
  }

  /** Address of the window's parents. */
  get #ring(): number {
    return this.#arena.at('ring') + this.#older * WORD;
  }

  #ringWords(count: number, from: number): Words {
    return this.#arena.words('ring', count, this.#older + from);
  }

  #placeOlder(past: Past) {
    let from = 0;
    for (const block of past) {
      this.#arena.write('ring', block, from);
      from += block.length;
    }
  }

  /** Of the next task: older models than its parents, as many as its lineages depend on. */
  #pastAfter({ blocks, past, firstGeneration, generationCount }: AdvanceTask, slot: number): Past {
    if (blocks.past < 2) return [];
    // Before generation 1 there is no model.
    const first = firstGeneration === 1 ? 1 : 0;
    const known = [...past, this.#ringWords((generationCount - first) * slot, first * slot)];
    const wanted = (blocks.past - 1) * slot;
    while (wordsOf(known.slice(1)) >= wanted) known.shift();
    return known;
  }

  #makeRoom(blocks: CellBlocks, needs: Partial<Record<Region, number>>) {
    if (blocks.points > this.#points) {
      // The kernels take the room for points themselves, and cannot give it back.
      this.#points = blocks.points;
      this.#arena.clear();
    }
    const bytes = (block: number) => this.#blocks.get(block)?.byteLength ?? 0;
    this.#fit({
      ...needs,
      cell: blocks.cell.byteLength,
      truth: bytes(blocks.truth),
      tables: bytes(blocks.tables),
      rows: bytes(blocks.rows),
      places: blocks.shape.places.length * WORD,
      thresholds: blocks.thresholds.byteLength,
    });
  }

  #fit(needs: Partial<Record<Region, number>>) {
    if (!this.#arena.fit(needs)) return;
    this.#shape = null;
    this.#cell = null;
  }

  /** Makes the cell the one whose lineages the kernels compute. */
  #takeUp(blocks: CellBlocks) {
    const { shape } = blocks;
    if (blocks.reference?.measures) {
      // All that kernels do for such a cell is to reduce its values.
      this.#arena.write('thresholds', blocks.thresholds);
      this.#cell = null;
      return;
    }
    if (this.#shape === null || !isEqual(this.#shape, shape)) {
      this.#kernels.configure(...shape.configure);
      this.#arena.write('places', Int32Array.from(shape.places));
      this.#kernels.configureStatistics(this.#arena.at('places'), shape.statisticCount);
      this.#shape = shape;
      this.#cell = null;
    }
    if (this.#cell?.id === blocks.id) return;
    this.#arena.write('cell', blocks.cell);
    this.#arena.write('thresholds', blocks.thresholds);
    for (const region of ['truth', 'tables', 'rows'] as const) {
      const block = blocks[region];
      if (block >= 0 && block !== this.#cell?.[region]) {
        this.#arena.write(region, this.#blocks.get(block)!);
      }
    }
    const [cell, truth, rows] = (['cell', 'truth', 'rows'] as const).map((region) =>
      this.#arena.at(region),
    );
    const closed = blocks.closedForm ? 1 : 0;
    const missing = this.#kernels.setCell(cell!, truth!, rows!, closed, blocks.points);
    if (missing !== 0)
      throw new Error(`${Math.ceil(missing / 2 ** 20)} MiB for points cannot be had`);
    this.#kernels.setTables(this.#arena.at('tables'));
    this.#cell = blocks;
  }

  /** All lineages through all generations, by the reference's code; what the next task needs. */
  #evolveElsewhere(task: AdvanceTask, stride: number): Numbers {
    const { generationCount, blocks, want } = task;
    const { modelWords, ancestry, statisticCount } = blocks.shape;
    const { rules, rows, measures } = blocks.reference!;
    const whole = rows < 0 ? rules : { ...rules, rows: numbersOf(this.#blocks.get(rows)!) };
    const length = (generationCount + 1) * modelWords * stride;
    const { buffer } = this.#kernels.memory;
    const words = new Uint32Array(buffer, this.#ring, length);
    const ring = { words, modelWords, ancestry, stride };
    if (!measures || want === 'trace') return evolveByReference(task, whole, ring);
    const count = generationCount * statisticCount * stride;
    const values = new Float32Array(buffer, this.#arena.at('values'), count);
    return evolveByReference(task, whole, ring, { ...measures, values });
  }

  /** The same, where that was not done yet, and measured, a block of lineages at a time. */
  #evolve(task: AdvanceTask, stride: number) {
    const { blocks, count, firstReplicate, firstGeneration, generationCount, want } = task;
    const [ring, values] = [this.#ring, this.#arena.at('values')];
    const lineageBytes = (generationCount + 1) * blocks.shape.modelWords * WORD;
    const block = Math.max(4, Math.floor(BLOCK_BYTES / lineageBytes / 4) * 4);
    for (let first = 0; first < count; first += block) {
      const some = Math.min(block, count - first);
      const range = [
        stride,
        first,
        some,
        firstReplicate,
        firstGeneration,
        generationCount,
      ] as const;
      if (!blocks.reference) this.#kernels.evolve(ring, ...range);
      if (want === 'trace') continue;
      if (!blocks.reference?.measures) this.#kernels.observe(ring, values, ...range);
      this.#collapse(task, stride, first, some);
    }
  }

  /** Takes up what is known of lineages, and counts from 0. */
  #openFates({ blocks, fates, generationCount }: AdvanceTask, stride: number) {
    const { criterionCount } = blocks;
    this.#arena.write('fates', fates ?? new Uint32Array(2 * criterionCount * stride));
    const length = generationCount * criterionCount * COLLAPSE_FIELDS;
    this.#arena.write('collapses', new Uint32Array(length));
  }

  /** Which of a range of lineages meet criteria of collapse. */
  #collapse(task: AdvanceTask, stride: number, first: number, count: number) {
    const { blocks, firstGeneration, generationCount } = task;
    if (blocks.criterionCount === 0) return;
    const at = (region: Region) => this.#arena.at(region);
    this.#kernels.collapses(
      ...([at('values'), stride, first, count, firstGeneration, generationCount] as const),
      ...([blocks.shape.statisticCount, at('thresholds'), blocks.criterionCount] as const),
      ...([at('fates'), at('collapses')] as const),
    );
  }

  #fatesOf({ blocks, generationCount }: AdvanceTask, stride: number) {
    const { criterionCount } = blocks;
    const length = generationCount * criterionCount * COLLAPSE_FIELDS;
    return {
      fates: this.#arena.words('fates', 2 * criterionCount * stride),
      collapses: this.#arena.words('collapses', length),
    };
  }

  /** [generation × word] of lineage 0. */
  #firstLineage({ blocks, generationCount }: AdvanceTask, stride: number) {
    const { modelWords } = blocks.shape;
    const words = this.#ringWords(generationCount * modelWords * stride, modelWords * stride);
    return words.filter((_, i) => i % stride === 0);
  }

  /** [generation × stride]. */
  #statusWords({ blocks, generationCount }: AdvanceTask, stride: number) {
    const { modelWords } = blocks.shape;
    const status = new Uint32Array(generationCount * stride);
    for (let g = 0; g < generationCount; g++) {
      const from = ((g + 1) * modelWords + STATUS_WORD) * stride;
      status.set(this.#ringWords(stride, from), g * stride);
    }
    return status;
  }

  #reduce({ parts, count, generationCount, statisticCount, sketch }: ReduceTask): Partial<Result> {
    const stride = strideOf(count);
    const rowCount = generationCount * statisticCount;
    this.#fit({
      values: rowCount * stride * WORD,
      partStatus: generationCount * stride * WORD,
      ...rowRegions(generationCount, rowCount, sketch),
    });
    for (const part of parts) this.#place(part, stride, statisticCount);
    const status = this.#arena.at('partStatus');
    const window = { count, stride, generationCount, statisticCount, status };
    return { rows: this.#reduceWindow({ ...window, statusStep: stride * WORD }, sketch) };
  }

  /** Puts a part's rows into their place among the chunk's. */
  #place(part: Part, stride: number, statisticCount: number) {
    const { first, count, firstGeneration, generationCount, values, status } = part;
    const put = (region: Region, words: Float32Array | Uint32Array, perGeneration: number) => {
      for (let row = 0; row < generationCount * perGeneration; row++) {
        const own = words.subarray(row * part.stride, row * part.stride + count);
        this.#arena.write(region, own, (firstGeneration * perGeneration + row) * stride + first);
      }
    };
    put('values', values, statisticCount);
    put('partStatus', status, 1);
  }

  #reduceWindow(window: ChunkWindow, sketch: Sketch): Rows {
    const { generationCount, statisticCount, status, statusStep, count } = window;
    const rowCount = generationCount * statisticCount;
    if (sketch.edges) this.#arena.write('rowEdges', sketch.edges);
    for (let row = 0; row < rowCount; row++) this.#reduceRow(window, sketch, row);
    for (let g = 0; g < generationCount; g++) {
      const out = this.#arena.at('status') + g * BITS * WORD;
      this.#kernels.statusCounts(status + g * statusStep, count, out);
    }
    const { pilot, sketched } = sketch;
    return {
      moments: this.#arena.doubles('moments', rowCount * MOMENT_FIELDS),
      ranks: this.#arena.doubles('ranks', pilot ? rowCount * RANK_FIELDS : 0),
      edges: this.#arena.doubles('edges', pilot && sketched ? rowCount * EDGE_COUNT : 0),
      bins: this.#arena.words('bins', sketched ? rowCount * BIN_COUNT : 0),
      status: this.#arena.words('status', generationCount * BITS),
    };
  }

  #reduceRow({ count, stride }: ChunkWindow, { pilot, sketched }: Sketch, row: number) {
    const kernels = this.#kernels;
    const at = (region: Region, rowBytes: number) => this.#arena.at(region) + row * rowBytes;
    const values = at('values', stride * WORD);
    kernels.moments(values, count, at('moments', MOMENT_FIELDS * DOUBLE));
    const rowEdges = at('rowEdges', EDGE_COUNT * WORD);
    if (pilot) {
      const sorted = this.#arena.at('sorted');
      kernels.sort(values, count, sorted);
      kernels.pilotRanks(sorted, count, at('ranks', RANK_FIELDS * DOUBLE));
      if (sketched) kernels.pilotEdges(sorted, count, rowEdges, at('edges', EDGE_COUNT * DOUBLE));
    }
    if (sketched) kernels.binCounts(values, count, rowEdges, at('bins', BIN_COUNT * WORD));
  }
}

/** Regions that rows of a frame are made in. */
function rowRegions(generationCount: number, rowCount: number, { pilot, sketched }: Sketch) {
  const edges = sketched ? rowCount * EDGE_COUNT : 0;
  return {
    sorted: CHUNK * WORD,
    moments: rowCount * MOMENT_FIELDS * DOUBLE,
    ranks: pilot ? rowCount * RANK_FIELDS * DOUBLE : 0,
    edges: pilot ? edges * DOUBLE : 0,
    rowEdges: edges * WORD,
    bins: sketched ? rowCount * BIN_COUNT * WORD : 0,
    status: generationCount * BITS * WORD,
  };
}

const wordsOf = (past: Past): number => past.reduce((sum, { length }) => sum + length, 0);

const numbersOf = ({ buffer }: Words): Numbers => new Float64Array(buffer);

/** Of plain data of numbers. */
const isEqual = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
