/**
 * The reference engine: the model of src/model in f64, lineage by lineage, on the same plan, frames
 * and random words as the GPU. Slow and readable; what every other engine is held against.
 */
import { nextModel, Past, runLineage } from '../../model/lineage.ts';
import { chunkMoments } from '../../model/reduce/moments.ts';
import { binCounts, pilotEdges, pilotRanks } from '../../model/reduce/quantiles.ts';
import {
  COLLAPSE_FIELDS,
  MET,
  meetsNow,
  newFates,
  type Fates,
  type Threshold,
} from '../../model/reduce/collapse.ts';
import { statusCounts } from '../../model/reduce/status-counts.ts';
import { cellRules, type Rules } from '../../model/rules.ts';
import { observe } from '../../model/statistics/observe.ts';
import type { StatisticTables } from '../../model/statistics/tables.ts';
import { STATUS_NAMES } from '../../model/status.ts';
import {
  CHUNK,
  EDGE_COUNT,
  type Batch,
  type Cell,
  type Chunk,
  type EngineLimits,
  type Plan,
} from '../../plan/plan.ts';
import { cellTables } from '../cell-tables.ts';
import { cellThresholds } from '../cell-thresholds.ts';
import { EdgeStore } from '../edge-store.ts';
import { MOMENT_FIELDS, RANK_FIELDS, type Engine, type Frame } from '../engine.ts';

/** About 30 ms of work between looks at the abort signal; memory is the host's own. */
const LIMITS: EngineLimits = {
  bufferBytes: 2 ** 30,
  totalBytes: 2 ** 32,
  dispatchWork: 2_000_000,
  // A sweep of some dozen cells then fills generation by generation, not cell by cell.
  batchLineages: 4 * CHUNK,
  lanes: null,
  lacks: [],
};

/** What a cell's lineages share. */
interface CellRun {
  readonly rules: Rules;
  readonly tables: StatisticTables;
  readonly thresholds: readonly Threshold[];
}

/** A batch on its way: each lineage's models as far back as it needs, and this window's values. */
interface BatchRun {
  readonly plan: Plan;
  readonly batch: Batch;
  readonly pasts: Past[];
  /** [generation × statistic × lineage]. */
  readonly values: Float64Array;
  /** [generation × lineage]. */
  readonly status: Uint32Array;
  readonly fates: Fates;
  readonly cells: ReadonlyMap<number, CellRun>;
}

export function createReferenceEngine(): Engine {
  return {
    name: 'reference',
    adapter: {
      description: 'JavaScript, f64, one thread',
      vendor: '',
      architecture: '',
      software: true,
      threads: 1,
    },
    limits: LIMITS,
    run,
    trace: async (plan, cell, replicate) => {
      const { spec, truth, word } = plan.cells[cell]!;
      return runLineage(cellRules(spec, truth, word), replicate, spec.generations);
    },
    close: () => undefined,
  };
}

async function* run(plan: Plan, signal: AbortSignal): AsyncGenerator<Frame, void, void> {
  const edges = new EdgeStore(plan);
  for (const batch of plan.batches) {
    const batchRun = startBatch(plan, batch);
    const generations = plan.cells[batch.chunks[0]!.cell]!.spec.generations;
    for (let first = 1; first <= generations; first += batch.windowGenerations) {
      const count = Math.min(batch.windowGenerations, generations - first + 1);
      for (let lineage = 0; lineage < batch.lineageCount; lineage += batch.sliceLineages) {
        signal.throwIfAborted();
        const end = Math.min(lineage + batch.sliceLineages, batch.lineageCount);
        evolve(batchRun, lineage, end, first, count);
        await nextTask();
      }
      yield reduce(batchRun, first, count, edges);
    }
    edges.release(batch);
  }
}

/** Lets timers, messages and the abort signal through. */
const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function startBatch(plan: Plan, batch: Batch): BatchRun {
  const cells = new Map(
    batch.chunks.map(({ cell }) => [cell, cellRun(plan, plan.cells[cell]!)] as const),
  );
  const rowCount = batch.windowGenerations * batch.lineageCount;
  return {
    plan,
    batch,
    cells,
    pasts: batch.chunks.flatMap(({ cell, count }) =>
      Array.from({ length: count }, () => new Past(cells.get(cell)!.rules)),
    ),
    values: new Float64Array(rowCount * plan.statistics.length),
    status: new Uint32Array(rowCount),
    fates: newFates(plan.spec.criteria.length, batch.lineageCount),
  };
}

const cellRun = (plan: Plan, cell: Cell): CellRun => ({
  rules: cellRules(cell.spec, cell.truth, cell.word),
  tables: cellTables(plan, cell),
  thresholds: cellThresholds(plan, cell),
});

/** Lineages [first, end) of the batch through the window. */
function evolve(run: BatchRun, first: number, end: number, firstGeneration: number, count: number) {
  let base = 0;
  for (const chunk of run.batch.chunks) {
    const from = Math.max(first, base);
    const to = Math.min(end, base + chunk.count);
    for (let lineage = from; lineage < to; lineage++) {
      const replicate = chunk.firstReplicate + lineage - base;
      evolveLineage(run, chunk, lineage, replicate, firstGeneration, count);
    }
    base += chunk.count;
  }
}

function evolveLineage(
  run: BatchRun,
  chunk: Chunk,
  lineage: number,
  replicate: number,
  firstGeneration: number,
  count: number,
) {
  const { plan, batch, pasts, values, status } = run;
  const past = pasts[lineage]!;
  const { rules, tables } = run.cells.get(chunk.cell)!;
  const { statistics } = plan;
  for (let g = 0; g < count; g++) {
    const generation = firstGeneration + g;
    const last = generation > 1 ? past.models.at(-1)! : null;
    const coreset = past.coresetAt(replicate, generation);
    const model = nextModel(rules, past.models, replicate, generation, coreset);
    const coordinate = { key: rules.key, lineage: replicate, generation };
    const found = observe(statistics, model, tables, coordinate, last);
    statistics.forEach((_, s) => {
      values[(g * statistics.length + s) * batch.lineageCount + lineage] = found[s]!;
    });
    status[g * batch.lineageCount + lineage] = model.status;
    past.add(model);
  }
}

/** The window's sums. */
function reduce(
  run: BatchRun,
  firstGeneration: number,
  generationCount: number,
  edges: EdgeStore,
): Frame {
  const { plan, batch } = run;
  const perChunk = generationCount * plan.statistics.length;
  const rowCount = batch.chunks.length * perChunk;
  const sketched = batch.chunks.some((chunk) => edges.sketched(chunk));
  const pilot = batch.chunks[0]!.firstReplicate === 0;
  const frame: Frame = {
    batch: batch.index,
    firstGeneration,
    generationCount,
    moments: new Float64Array(rowCount * MOMENT_FIELDS),
    ranks: new Float64Array(pilot ? rowCount * RANK_FIELDS : 0),
    edges: new Float64Array(pilot && sketched ? rowCount * EDGE_COUNT : 0),
    bins: new Uint32Array(sketched ? rowCount * (EDGE_COUNT + 1) : 0),
    status: new Uint32Array(batch.chunks.length * generationCount * STATUS_NAMES.length),
    collapses: new Uint32Array(batch.chunks.length * generationCount * perCriteria(plan)),
  };
  let base = 0;
  batch.chunks.forEach((chunk, c) => {
    const held = sketched ? edges.window(chunk, firstGeneration, generationCount) : frame.edges;
    for (let g = 0; g < generationCount; g++) {
      const from = g * batch.lineageCount + base;
      const counts = statusCounts(run.status.subarray(from, from + chunk.count));
      frame.status.set(counts, (c * generationCount + g) * STATUS_NAMES.length);
      const met = collapsesAt(run, chunk, base, g, firstGeneration + g);
      frame.collapses.set(met, (c * generationCount + g) * perCriteria(plan));
      for (let s = 0; s < plan.statistics.length; s++) {
        const start = (g * plan.statistics.length + s) * batch.lineageCount + base;
        const at = g * plan.statistics.length + s;
        const own = held.subarray(at * EDGE_COUNT, (at + 1) * EDGE_COUNT);
        reduceRow(run.values.subarray(start, start + chunk.count), frame, c * perChunk + at, own);
      }
    }
    base += chunk.count;
  });
  return frame;
}

/** Numbers of a generation in Frame.collapses. */
const perCriteria = ({ spec }: Plan): number => spec.criteria.length * COLLAPSE_FIELDS;

/** Takes a chunk's generation up, lineages of the batch from `base` on: [criterion × fields]. */
function collapsesAt(
  { plan, batch, values, fates, cells }: BatchRun,
  chunk: Chunk,
  base: number,
  g: number,
  generation: number,
): Uint32Array {
  const counts = new Uint32Array(perCriteria(plan));
  cells.get(chunk.cell)!.thresholds.forEach((threshold, c) => {
    for (let lineage = base; lineage < base + chunk.count; lineage++) {
      const at = c * batch.lineageCount + lineage;
      if (fates.met[at] === MET) continue;
      counts[c * COLLAPSE_FIELDS]!++;
      const valueOf = (statistic: number): number =>
        values[(g * plan.statistics.length + statistic) * batch.lineageCount + lineage]!;
      if (meetsNow(threshold, fates, at, valueOf, generation)) {
        counts[c * COLLAPSE_FIELDS + 1]!++;
      }
    }
  });
  return counts;
}

/** One row of the frame; `edges` are the cell's own, written by its pilot. */
function reduceRow(values: Float64Array, frame: Frame, row: number, edges: Float64Array) {
  const { count, mean, m2, min, max, saturated } = chunkMoments(values);
  frame.moments.set([count, mean, m2, min, max, saturated], row * MOMENT_FIELDS);
  if (frame.ranks.length > 0) {
    const sorted = values.slice().sort();
    frame.ranks.set(pilotRanks(sorted), row * RANK_FIELDS);
    if (frame.edges.length > 0) {
      edges.set(pilotEdges(sorted));
      frame.edges.set(edges, row * EDGE_COUNT);
    }
  }
  if (frame.bins.length > 0) frame.bins.set(binCounts(values, edges), row * (EDGE_COUNT + 1));
}
