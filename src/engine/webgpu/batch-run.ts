/**
 * One batch on the GPU: its buffers, bind groups and dispatches. The kernels share a handful of
 * buffers by name; each names the ones it binds, in order, in BINDINGS.
 */
import { EngineError } from '../../errors.ts';
import { RANK_FIELDS, type Frame } from '../engine.ts';
import type { EdgeStore } from '../edge-store.ts';
import { LLOYD_LIMIT } from '../../model/gmm/kmeans.ts';
import { cellRules, startOf } from '../../model/rules.ts';
import { COLLAPSE_FIELDS } from '../../model/reduce/collapse.ts';
import { STATUS_NAMES } from '../../model/status.ts';
import {
  coresetWords,
  keepsHistory,
  poolWords,
  ringWords,
  seesParents,
} from '../../plan/plan-run.ts';
import { keptBytes } from '../../plan/mapping.ts';
import { EDGE_COUNT, type Batch, type Cell, type Group, type Plan } from '../../plan/plan.ts';
import {
  coresetPasses,
  coresetWork,
  drawsPoints,
  generationWork,
  mostIterations,
} from '../../plan/work.ts';
import { cellThresholds, packThresholds } from '../cell-thresholds.ts';
import { batchTables } from './batch-tables.ts';
import { groupConstants, historyWords, stateWords } from './constants.ts';
import { checked, whileAlive } from './device.ts';
import {
  DISPATCH,
  HISTOGRAM_ROW,
  MOMENT_ROW,
  NO_SLOT,
  packRows,
  PILOT_ROW,
  REDUCE_PARAMS,
  type Row,
} from './layout.ts';
import type { Pipeline, Pipelines } from './pipeline.ts';
import type { Pacer } from './pacer.ts';
import { Readback, type Part } from './readback.ts';
import { decodeMoments, decodeValues, dispatchShape } from './reductions.ts';
import { cutUnits, type Unit } from './units.ts';

/** Buffers in the order of each kernel's bindings. */
const BINDINGS = {
  coreset: 'dispatch chunkOf chunks cells truthModels rows history kept',
  threshold: 'dispatch chunkOf chunks cells truthModels history',
  assemble: 'dispatch chunkOf chunks cells truthModels rows history kept states',
  evolve: 'dispatch chunkOf chunks cells truthModels rows ring kept states',
  closed: 'dispatch chunkOf chunks cells truthModels ring',
  counted: 'dispatch chunkOf chunks cells truthModels ring history',
  wide_closed: 'dispatch chunkOf chunks cells truthModels ring kept history',
  observe: 'dispatch chunkOf chunks cells tableWords ring values',
  wide_observe: 'dispatch chunkOf chunks cells tableWords ring values',
  moments: 'reduce values chunks moments',
  quantiles: 'reduce values chunks pilots ranks edges',
  histogram: 'reduce values chunks histograms edges bins',
  status: 'reduce ring chunks status',
  collapse: 'dispatch values chunks thresholds fates collapses',
} as const;
type Kernel = keyof typeof BINDINGS;
const KERNELS = Object.keys(BINDINGS) as Kernel[];

/** Invocations of a workgroup of observe, as its text says. */
const OBSERVE_WORKGROUP = 64;
/** Of assemble. */
const ASSEMBLE_WORKGROUP = 64;
const BIN_COUNT = EDGE_COUNT + 1;

/** Lineages of a batch. */
interface Span {
  readonly first: number;
  readonly lineages: number;
}

interface Stage {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
}

/** What runs a batch. */
export interface Machine {
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
  readonly pacer: Pacer;
  /** Invocations of a workgroup of evolve and closed; changes no number. */
  readonly workgroup: number;
}

export class BatchRun {
  readonly #device: GPUDevice;
  readonly #workgroup: number;
  readonly #plan: Plan;
  readonly #batch: Batch;
  readonly #edges: EdgeStore;
  readonly #buffers: Readonly<Record<string, GPUBuffer>>;
  readonly #stages: Readonly<Partial<Record<Kernel, Stage>>>;
  readonly #pacer: Pacer;
  readonly #group: Group;
  readonly #readback: Readback;
  /** Whether these chunks fix ranks and edges, and whether any cell has more chunks to come. */
  readonly #pilot: boolean;
  readonly #sketched: boolean;
  /** Ring slot that holds the latest generation. */
  #latest = 0;

  private constructor(
    { device, pacer, workgroup }: Machine,
    plan: Plan,
    batch: Batch,
    edges: EdgeStore,
    buffers: Readonly<Record<string, GPUBuffer>>,
    stages: Readonly<Partial<Record<Kernel, Stage>>>,
  ) {
    this.#device = device;
    this.#workgroup = workgroup;
    this.#plan = plan;
    this.#batch = batch;
    this.#edges = edges;
    this.#buffers = buffers;
    this.#stages = stages;
    this.#pacer = pacer;
    this.#group = plan.groups[batch.group]!;
    this.#pilot = batch.chunks[0]!.firstReplicate === 0;
    this.#sketched = batch.chunks.some((chunk) => edges.sketched(chunk));
    const read = ['moments', 'ranks', 'edges', 'bins', 'status', 'collapses'].map(
      (name) => buffers[name]?.size ?? 0,
    );
    this.#readback = new Readback(device, sum(read));
  }

  /** Creates buffers and pipelines. Throws CapabilityError (memory) or EngineError. */
  static async open(
    machine: Machine,
    plan: Plan,
    batch: Batch,
    edges: EdgeStore,
  ): Promise<BatchRun> {
    const { device, pipelines, workgroup } = machine;
    const group = plan.groups[batch.group]!;
    const cell = plan.cells[batch.chunks[0]!.cell]!;
    if (group.mapping === null && drawsPoints(cell.spec, 1)) {
      throw new EngineError(
        'The plan was made for an engine without lanes: plan with these limits.',
      );
    }
    const constants = groupConstants(cell, group, plan.statistics, workgroup);
    const asked = plan.spec.criteria.length > 0;
    const kernels = KERNELS.filter((kernel) =>
      kernel === 'collapse' ? asked : wants(group, kernel),
    );
    const compiled = await Promise.all(
      kernels.map((kernel) => pipelines.get(kernel, constants, group.mapping?.sums)),
    );
    const buffers = await checked(device, `Batch of ${batch.lineageCount} lineages`, () =>
      createBuffers(device, plan, batch, edges),
    );
    const stages = Object.fromEntries(
      kernels.map((kernel, i) => [kernel, stageOf(device, kernel, compiled[i]!, buffers)]),
    );
    return new BatchRun(machine, plan, batch, edges, buffers, stages);
  }

  /** Generations [first, first + count), slice by slice, in submits of the pacer's size. */
  async evolve(first: number, count: number, signal: AbortSignal): Promise<void> {
    const { lineageCount, sliceLineages } = this.#batch;
    if (first > 1 && this.#buffers.parents) this.#keepParents();
    for (let lineage = 0; lineage < lineageCount; lineage += sliceLineages) {
      const slice = Math.min(sliceLineages, lineageCount - lineage);
      if (first === 1 && this.#stages.coreset) await this.#distil(lineage, slice, signal);
      for (let done = 0; done < count;) {
        const units = this.#units(first + done, count - done, slice);
        for (const unit of units) {
          await this.#pacer.room();
          signal.throwIfAborted();
          this.#submit(lineage, first, first + done, unit);
        }
        done += units[0]!.generations;
      }
    }
    this.#latest = count;
  }

  /** Makes the coresets of a slice, where its training sets are going to be. */
  async #distil(sliceStart: number, lineages: number, signal: AbortSignal): Promise<void> {
    const { spec, truth } = this.#plan.cells[this.#batch.chunks[0]!.cell]!;
    const units = cutUnits({
      budget: this.#pacer.budget,
      ...{ lineages, generations: 1, grain: 1 },
      work: coresetWork(spec, truth.dim),
      passes: coresetPasses(spec),
    });
    for (const unit of units) {
      await this.#pacer.room();
      signal.throwIfAborted();
      this.#setDispatch({
        firstLineage: sliceStart + unit.firstLineage,
        sliceLineages: unit.lineages,
        ...{ firstGeneration: 1, generationCount: 1, parentSlot: 0, firstSlot: 0 },
        ...{ firstPass: unit.firstPass, endPass: unit.endPass },
      });
      const encoder = this.#device.createCommandEncoder();
      this.#encode(encoder, 'coreset', dispatchShape(unit.lineages));
      this.#device.queue.submit([encoder.finish()]);
      const done = whileAlive(this.#device, this.#device.queue.onSubmittedWorkDone());
      this.#pacer.submitted(unit.work, done);
    }
  }

  /** The latest models go to slot 0, where observe finds the window's parents. */
  #keepParents(): void {
    const { ring, parents } = this.#buffers as Record<string, GPUBuffer>;
    const { size } = parents!;
    const encoder = this.#device.createCommandEncoder();
    // No buffer can be copied to itself.
    encoder.copyBufferToBuffer(ring!, this.#latest * size, parents!, 0, size);
    encoder.copyBufferToBuffer(parents!, 0, ring!, 0, size);
    this.#device.queue.submit([encoder.finish()]);
  }

  /** What comes next of a slice that stands at `generation`. */
  #units(generation: number, left: number, lineages: number): Unit[] {
    const members = this.#batch.chunks.map(({ cell }) => this.#plan.cells[cell]!);
    const { spec } = members[0]!;
    const draws = drawsPoints(spec, generation);
    const same = drawsPoints(spec, generation + 1) === draws;
    const work = members.map((c) => generationWork(c.spec, c.truth.dim, generation));
    const { mapping } = this.#group;
    const resumable = draws && mapping !== null && mapping.points !== 'registers';
    return cutUnits({
      budget: this.#pacer.budget,
      lineages,
      generations: same && !this.#group.assembly ? left : 1,
      work: Math.max(...work),
      grain: this.#workgroup / this.#invocations(generation),
      passes: resumable ? passCount(members, generation) : 1,
    });
  }

  /** Of one lineage. */
  #invocations(generation: number): number {
    const { wide, mapping } = this.#group;
    if (wide) return this.#workgroup;
    const { spec } = this.#plan.cells[this.#batch.chunks[0]!.cell]!;
    return drawsPoints(spec, generation) ? mapping!.team : 1;
  }

  #submit(sliceStart: number, windowStart: number, generation: number, unit: Unit): void {
    const draws = drawsPoints(this.#plan.cells[this.#batch.chunks[0]!.cell]!.spec, generation);
    const slot = generation - windowStart;
    this.#setDispatch({
      firstLineage: sliceStart + unit.firstLineage,
      sliceLineages: unit.lineages,
      firstGeneration: generation,
      generationCount: unit.generations,
      parentSlot: slot === 0 ? this.#latest : slot,
      firstSlot: slot + 1,
      firstPass: unit.firstPass,
      endPass: unit.endPass,
    });
    const encoder = this.#device.createCommandEncoder();
    if (this.#group.assembly && unit.firstPass === 0) {
      const first = sliceStart + unit.firstLineage;
      this.#assemble(encoder, generation, slot === 0 ? this.#latest : slot, {
        first,
        lineages: unit.lineages,
      });
    }
    const invocations = unit.lineages * this.#invocations(generation);
    const narrow = this.#group.grouping?.counted ? 'counted' : 'closed';
    const closed = this.#group.wide ? 'wide_closed' : narrow;
    const groups = Math.ceil(invocations / this.#workgroup);
    this.#encode(encoder, draws ? 'evolve' : closed, dispatchShape(groups));
    this.#device.queue.submit([encoder.finish()]);
    const done = whileAlive(this.#device, this.#device.queue.onSubmittedWorkDone());
    this.#pacer.submitted(unit.work, done);
  }

  /** Makes a generation's training sets, after the model before it has gone to the history. */
  #assemble(encoder: GPUCommandEncoder, generation: number, parentSlot: number, span: Span): void {
    const { assembly, mapping } = this.#group;
    const { lineages } = span;
    if (generation > 1) {
      this.#remember(encoder, generation - 1, parentSlot, span);
      if (assembly!.verified) this.#encode(encoder, 'threshold', dispatchShape(lineages));
    }
    const invocations = lineages * mapping!.tiles * mapping!.team;
    this.#encode(encoder, 'assemble', dispatchShape(Math.ceil(invocations / ASSEMBLE_WORKGROUP)));
  }

  /** Copies the unit's models of a generation from the ring. */
  #remember(
    encoder: GPUCommandEncoder,
    generation: number,
    slot: number,
    { first, lineages }: Span,
  ) {
    const { lineageCount } = this.#batch;
    const { spec, truth } = this.#plan.cells[this.#batch.chunks[0]!.cell]!;
    const words = ringWords(spec, truth.dim);
    const place = (generation % this.#group.past) * historyWords(words);
    for (let word = 0; word < words; word++) {
      const from = (slot * words + word) * lineageCount + first;
      const to = (place + word) * lineageCount + first;
      const { ring, history } = this.#buffers;
      encoder.copyBufferToBuffer(ring!, from * 4, history!, to * 4, lineages * 4);
    }
  }

  /** Statistics and sums of the window just evolved. Submits now; resolves when read. */
  async reduce(first: number, count: number): Promise<Frame> {
    const { chunks, lineageCount } = this.#batch;
    const statisticCount = this.#plan.statistics.length;
    const rowCount = chunks.length;
    const encoder = this.#device.createCommandEncoder();
    this.#setDispatch({
      firstLineage: 0,
      sliceLineages: lineageCount,
      firstGeneration: first,
      generationCount: count,
      parentSlot: 0,
      firstSlot: 1,
      firstPass: 0,
      endPass: 0,
    });
    const { queue } = this.#device;
    const params = { rowCount, generationCount: count, statisticCount, lineageCount };
    queue.writeBuffer(this.#buffers.reduce!, 0, packRows(REDUCE_PARAMS, [params]));
    if (this.#sketched && !this.#pilot) this.#uploadEdges(first, count);
    const sums = rowCount * count * statisticCount;
    if (this.#group.wide) {
      this.#encode(encoder, 'wide_observe', dispatchShape(lineageCount * count));
    } else {
      this.#encode(encoder, 'observe', [Math.ceil(lineageCount / OBSERVE_WORKGROUP), count]);
    }
    this.#encode(encoder, 'moments', dispatchShape(sums));
    if (this.#pilot) this.#encode(encoder, 'quantiles', dispatchShape(sums));
    if (this.#sketched) {
      encoder.clearBuffer(this.#buffers.bins!);
      this.#encode(encoder, 'histogram', dispatchShape(sums));
    }
    this.#encode(encoder, 'status', dispatchShape(rowCount * count));
    const criteria = this.#plan.spec.criteria.length;
    if (criteria > 0) this.#encode(encoder, 'collapse', dispatchShape(rowCount * criteria));
    const read = this.#readback.copy(encoder, this.#parts(sums, rowCount * count));
    queue.submit([encoder.finish()]);
    const [moments, status, ranks, bins, edges, collapses] = await read();
    const frame: Frame = {
      batch: this.#batch.index,
      firstGeneration: first,
      generationCount: count,
      moments: decodeMoments(moments!),
      status: new Uint32Array(status!),
      collapses: new Uint32Array(collapses ?? 0),
      ranks: this.#pilot ? decodeValues(ranks!) : new Float64Array(0),
      bins: this.#sketched ? new Uint32Array(bins!) : new Uint32Array(0),
      edges: this.#pilot && this.#sketched ? decodeValues(edges!) : new Float64Array(0),
    };
    if (frame.edges.length > 0) this.#keepEdges(frame);
    return frame;
  }

  /** Words of slots 0 … count of the ring of a batch of one lineage. */
  async readRing(count: number): Promise<Uint32Array> {
    const { spec, truth } = this.#plan.cells[this.#batch.chunks[0]!.cell]!;
    const byteLength = (count + 1) * ringWords(spec, truth.dim) * this.#batch.lineageCount * 4;
    const readback = new Readback(this.#device, byteLength);
    const encoder = this.#device.createCommandEncoder();
    const read = readback.copy(encoder, [{ buffer: this.#buffers.ring!, byteLength }]);
    this.#device.queue.submit([encoder.finish()]);
    const [words] = await read();
    readback.destroy();
    return new Uint32Array(words!);
  }

  destroy(): void {
    this.#readback.destroy();
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
  }

  #setDispatch(at: Omit<DispatchRow, 'lineageCount' | 'iterations'>): void {
    const specs = this.#batch.chunks.map(({ cell }) => this.#plan.cells[cell]!.spec);
    const row: DispatchRow = {
      ...at,
      lineageCount: this.#batch.lineageCount,
      iterations: Math.max(...specs.map(mostIterations)),
    };
    this.#device.queue.writeBuffer(this.#buffers.dispatch!, 0, packRows(DISPATCH, [row]));
  }

  #encode(encoder: GPUCommandEncoder, kernel: Kernel, [x, y]: readonly [number, number]): void {
    const { pipeline, bindGroup } = this.#stages[kernel]!;
    const pass = encoder.beginComputePass({ label: kernel });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(x, y);
    pass.end();
  }

  /** What is read back of a window: always moments and status, the rest where it is written. */
  #parts(sums: number, statusRows: number): Part[] {
    const { moments, status, ranks, bins, edges } = this.#buffers as Record<string, GPUBuffer>;
    const parts: Part[] = [
      { buffer: moments!, byteLength: sums * MOMENT_ROW.rowBytes },
      { buffer: status!, byteLength: statusRows * STATUS_NAMES.length * 4 },
      { buffer: ranks!, byteLength: this.#pilot ? sums * RANK_FIELDS * 4 : 0 },
      { buffer: bins!, byteLength: this.#sketched ? sums * BIN_COUNT * 4 : 0 },
      { buffer: edges!, byteLength: this.#pilot && this.#sketched ? sums * EDGE_COUNT * 4 : 0 },
    ];
    const { collapses } = this.#buffers;
    const perRow = this.#plan.spec.criteria.length * COLLAPSE_FIELDS * 4;
    return collapses ? [...parts, { buffer: collapses, byteLength: statusRows * perRow }] : parts;
  }

  /** The pilots' edges of this window, one slot per chunk. */
  #uploadEdges(first: number, count: number): void {
    const rows = this.#batch.chunks.map((chunk) => this.#edges.window(chunk, first, count));
    const perChunk = rows[0]!.length;
    const edges = new Float32Array(rows.length * perChunk);
    rows.forEach((row, c) => edges.set(row, c * perChunk));
    this.#device.queue.writeBuffer(this.#buffers.edges!, 0, edges);
  }

  #keepEdges({ edges, firstGeneration, generationCount }: Frame): void {
    const perChunk = edges.length / this.#batch.chunks.length;
    this.#batch.chunks.forEach((chunk, c) => {
      const held = this.#edges.window(chunk, firstGeneration, generationCount);
      held.set(edges.subarray(c * perChunk, (c + 1) * perChunk));
    });
  }
}

type DispatchRow = Row<(typeof DISPATCH.fields)[number][0]>;

/** Whether a group's batches run a kernel. */
export function wants(group: Group, kernel: string): boolean {
  const { closed, wide, mapping, assembly, grouping } = group;
  const counted = grouping?.counted === true;
  if (kernel === 'evolve') return mapping !== null;
  if (kernel === 'closed') return closed && !wide && !counted;
  if (kernel === 'counted') return counted && !wide;
  if (kernel === 'observe') return !wide;
  if (kernel.startsWith('wide')) return wide;
  if (kernel === 'assemble') return assembly !== null;
  if (kernel === 'coreset') return Boolean(assembly?.coreset);
  return kernel !== 'threshold' || assembly?.verified === true;
}

/** Passes of one generation between which it may be broken off; of the cell that has most. */
function passCount(cells: readonly Cell[], generation: number): number {
  const { spec, truth, word } = cells[0]!;
  const { components } = spec.fit;
  if (components === 1) return CLOSED_PASSES;
  const rules = cellRules(spec, truth, word);
  const start = startOf(rules, generation);
  const centres = { kmeans: components + LLOYD_LIMIT + 1, random: components + 1 };
  const choice = start === 'kmeans' || start === 'random' ? centres[start] : 0;
  return choice + Math.max(...cells.map((cell) => mostIterations(cell.spec)));
}

/** Passes of a closed fit: the mean, and moments about it. */
const CLOSED_PASSES = 2;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function stageOf(
  device: GPUDevice,
  kernel: Kernel,
  { compute, layout }: Pipeline,
  buffers: Readonly<Record<string, GPUBuffer>>,
): Stage {
  const entries = BINDINGS[kernel].split(' ').map((name, binding) => ({
    binding,
    resource: { buffer: buffers[name]! },
  }));
  return {
    pipeline: compute,
    bindGroup: device.createBindGroup({ label: kernel, layout, entries }),
  };
}

/** Rows of a batch's chunks, one for each criterion. */
const thresholdRows = (plan: Plan, { chunks }: Batch): ArrayBuffer =>
  packThresholds(chunks.flatMap(({ cell }) => cellThresholds(plan, plan.cells[cell]!)));

/** What is known of lineages, and counts of each window; a new buffer is all 0. */
function collapseSizes({ spec }: Plan, { chunks, lineageCount, windowGenerations }: Batch) {
  const { length } = spec.criteria;
  if (length === 0) return {};
  return {
    fates: 2 * length * lineageCount * 4,
    collapses: chunks.length * windowGenerations * length * COLLAPSE_FIELDS * 4,
  };
}

/** Every buffer of a batch; the tables are filled. */
function createBuffers(
  device: GPUDevice,
  plan: Plan,
  batch: Batch,
  edges: EdgeStore,
): Record<string, GPUBuffer> {
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const { chunks, lineageCount, sliceLineages, windowGenerations } = batch;
  const cell = plan.cells[chunks[0]!.cell]!;
  const { spec, truth } = cell;
  const group = plan.groups[batch.group]!;
  const { mapping } = group;
  const { assembly, past } = group;
  const set = keptBytes(group, truth.dim);
  const resumable = mapping !== null && (mapping.points !== 'registers' || assembly !== null);
  const state = resumable ? stateWords(cell, group) * 4 : 0;
  const sums = chunks.length * windowGenerations * plan.statistics.length;
  const pilot = chunks[0]!.firstReplicate === 0;
  const sketched = chunks.some((chunk) => edges.sketched(chunk));
  const words = ringWords(spec, truth.dim);
  const distilled = assembly?.coreset ? coresetWords(spec, truth.dim) : 0;
  const kept = distilled + poolWords(group, truth.dim);
  const sizes: Record<string, number> = {
    ring: (windowGenerations + 1) * words * lineageCount * 4,
    // A binding may not be empty.
    kept: Math.max(4, set * sliceLineages),
    states: Math.max(4, state * sliceLineages),
    history: keepsHistory(group) ? (past * historyWords(words) + kept) * lineageCount * 4 : 4,
    values: windowGenerations * plan.statistics.length * lineageCount * 4,
    moments: sums * MOMENT_ROW.rowBytes,
    status: chunks.length * windowGenerations * STATUS_NAMES.length * 4,
    ...(seesParents(plan.statistics) && { parents: words * lineageCount * 4 }),
    ...collapseSizes(plan, batch),
    ranks: pilot ? sums * RANK_FIELDS * 4 : 4,
    edges: sketched ? sums * EDGE_COUNT * 4 : 4,
    bins: sketched ? sums * BIN_COUNT * 4 : 4,
  };
  const storage = STORAGE | COPY_DST | COPY_SRC;
  const buffers = Object.fromEntries(
    Object.entries(sizes).map(([label, size]) => [
      label,
      device.createBuffer({ label, size, usage: storage }),
    ]),
  );
  const tables: Record<string, ArrayBuffer | ArrayBufferView<ArrayBuffer>> = {
    ...batchTables(plan, batch),
    ...(plan.spec.criteria.length > 0 && { thresholds: thresholdRows(plan, batch) }),
    pilots: packRows(
      PILOT_ROW,
      chunks.map((chunk, c) => ({ chunk: c, edgeSlot: edges.sketched(chunk) ? c : NO_SLOT })),
    ),
    histograms: packRows(
      HISTOGRAM_ROW,
      chunks.map((_, c) => ({ chunk: c, edgeSlot: c, binSlot: c })),
    ),
  };
  for (const [label, data] of Object.entries(tables)) {
    buffers[label] = device.createBuffer({ label, size: data.byteLength, usage: storage });
    device.queue.writeBuffer(buffers[label], 0, data);
  }
  const uniform = UNIFORM | COPY_DST;
  buffers.dispatch = device.createBuffer({ size: DISPATCH.rowBytes, usage: uniform });
  buffers.reduce = device.createBuffer({ size: REDUCE_PARAMS.rowBytes, usage: uniform });
  return buffers;
}
