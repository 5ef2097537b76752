/**
 * Frames in, Results out. Chunks are merged in the order they come, which the plan makes the order
 * of replicates within a cell, in f64 (Chan, Golub, LeVeque 1979): the same bytes for any batching
 * (25-execution).
 */
import { MOMENT_FIELDS, RANK_FIELDS, type Frame } from '../engine/engine.ts';
import { mergeMoments, type Moments } from '../model/reduce/moments.ts';
import { quantilesFromBins, quantilesFromRanks } from '../model/reduce/quantiles.ts';
import { COLLAPSE_FIELDS } from '../model/reduce/collapse.ts';
import { STATUS_NAMES } from '../model/status.ts';
import { EDGE_COUNT, isSketched, type Chunk, type Plan } from '../plan/plan.ts';
import { emptyResults } from './empty.ts';
import { rowIndex, SUMMARY_FIELDS, type Results } from './results.ts';
import { writeSummary } from './summary.ts';

const BIN_COUNT = EDGE_COUNT + 1;

/** What is kept of one row of a cell with more than one chunk until its last chunk is in. */
interface Sketch {
  readonly edges: Float64Array;
  readonly bins: Float64Array;
}

export interface Collector {
  /** Filled as frames come; the same object throughout. */
  readonly results: Results;
  push(frame: Frame): void;
}

export function collect(plan: Plan): Collector {
  const results = emptyResults(plan);
  const moments = new Float64Array((results.values.length / SUMMARY_FIELDS.length) * MOMENT_FIELDS);
  const sketches = new Map<number, Sketch>();

  const push = (frame: Frame) => {
    const { chunks } = plan.batches[frame.batch]!;
    chunks.forEach((chunk, c) => {
      const first = frame.firstGeneration;
      const last = Math.min(
        first + frame.generationCount - 1,
        results.cells[chunk.cell]!.generations,
      );
      for (let generation = first; generation <= last; generation++) {
        pushGeneration(frame, chunk, c, generation);
      }
      progressOf(results, chunk, last);
    });
  };

  const pushGeneration = (frame: Frame, chunk: Chunk, c: number, generation: number) => {
    const statisticCount = results.statistics.length;
    const at = c * frame.generationCount + generation - frame.firstGeneration;
    addStatus(results, frame, chunk.cell, generation, at);
    addCollapses(results, frame, chunk.cell, generation, at);
    for (let s = 0; s < statisticCount; s++) {
      const row = rowIndex(results, chunk.cell, generation, s);
      pushRow(frame, at * statisticCount + s, chunk, row);
    }
  };

  const pushRow = (frame: Frame, frameRow: number, chunk: Chunk, row: number) => {
    const merged = mergeMoments(momentsAt(moments, row), momentsAt(frame.moments, frameRow));
    storeMoments(moments, row, merged);
    const { replicates } = results.cells[chunk.cell]!;
    const ranks = () => frame.ranks.subarray(frameRow * RANK_FIELDS, (frameRow + 1) * RANK_FIELDS);
    const sketched = isSketched(plan.cells[chunk.cell]!);
    const sketch = sketched ? mergeSketch(sketches, frame, frameRow, chunk, row) : null;
    const exact = sketch === null || chunk.firstReplicate === 0;
    const { quantiles, bound } = exact
      ? { quantiles: quantilesFromRanks(ranks(), merged.count), bound: 0 }
      : quantilesFromBins(sketch.bins, sketch.edges, merged.min, merged.max);
    if (merged.count === replicates) sketches.delete(row);
    writeSummary(results.values, row * SUMMARY_FIELDS.length, merged, quantiles);
    results.quantileBound[row] = bound;
  };

  return { results, push };
}

/** Adds a chunk's bins to its row's; the pilot chunk brings the edges. */
function mergeSketch(
  sketches: Map<number, Sketch>,
  frame: Frame,
  frameRow: number,
  chunk: Chunk,
  row: number,
): Sketch {
  if (chunk.firstReplicate === 0) {
    const edges = frame.edges.slice(frameRow * EDGE_COUNT, (frameRow + 1) * EDGE_COUNT);
    sketches.set(row, { edges, bins: new Float64Array(BIN_COUNT) });
  }
  const sketch = sketches.get(row)!;
  const from = frameRow * BIN_COUNT;
  for (let bin = 0; bin < BIN_COUNT; bin++) sketch.bins[bin]! += frame.bins[from + bin]!;
  return sketch;
}

function momentsAt(values: Float64Array, row: number): Moments {
  const at = row * MOMENT_FIELDS;
  return {
    count: values[at]!,
    mean: values[at + 1]!,
    m2: values[at + 2]!,
    min: values[at + 3]!,
    max: values[at + 4]!,
    saturated: values[at + 5]!,
  };
}

function storeMoments(values: Float64Array, row: number, moments: Moments) {
  const { count, mean, m2, min, max, saturated } = moments;
  values.set([count, mean, m2, min, max, saturated], row * MOMENT_FIELDS);
}

function addStatus(
  results: Results,
  frame: Frame,
  cell: number,
  generation: number,
  frameAt: number,
) {
  const width = STATUS_NAMES.length;
  const at = (cell * (results.generations + 1) + generation) * width;
  for (let bit = 0; bit < width; bit++) {
    results.status[at + bit]! += frame.status[frameAt * width + bit]!;
  }
}

function addCollapses(
  results: Results,
  frame: Frame,
  cell: number,
  generation: number,
  frameAt: number,
) {
  const width = results.spec.criteria.length * COLLAPSE_FIELDS;
  const at = (cell * (results.generations + 1) + generation) * width;
  for (let i = 0; i < width; i++) {
    results.collapses[at + i]! += frame.collapses[frameAt * width + i]!;
  }
}

function progressOf(results: Results, chunk: Chunk, generation: number) {
  const { cell, count } = chunk;
  const { generations } = results.cells[cell]!;
  results.generationsDone[cell] = Math.max(results.generationsDone[cell]!, generation);
  if (generation === generations) results.replicatesDone[cell]! += count;
}
