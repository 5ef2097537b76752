/**
 * Frames of values chosen by a test, reduced by the twins of src/model/reduce: what an engine would
 * yield, without an engine.
 */
import { MOMENT_FIELDS, RANK_FIELDS, type Frame } from '../../src/engine/engine.ts';
import { chunkMoments } from '../../src/model/reduce/moments.ts';
import { binCounts, pilotEdges, pilotRanks } from '../../src/model/reduce/quantiles.ts';
import { STATUS_NAMES } from '../../src/model/status.ts';
import { CHUNK, EDGE_COUNT, type Plan } from '../../src/plan/plan.ts';

/** Value of a lineage's statistic. */
export type ValueOf = (
  cell: number,
  replicate: number,
  generation: number,
  statistic: number,
) => number;

const BIN_COUNT = EDGE_COUNT + 1;

/** All values of one row, by replicate, from `first`. */
export const rowValues = (
  valueOf: ValueOf,
  [cell, generation, statistic]: readonly [number, number, number],
  first: number,
  count: number,
): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => valueOf(cell, first + i, generation, statistic));

/** Every frame of a plan, window by window. Status counts are the chunk's lineage count. */
export function* framesOf(plan: Plan, valueOf: ValueOf): Generator<Frame, void, void> {
  const { generations } = plan.spec;
  for (const batch of plan.batches) {
    const span = batch.windowGenerations;
    for (let first = 1; first <= generations; first += span) {
      yield frameOf(plan, batch.index, first, Math.min(span, generations - first + 1), valueOf);
    }
  }
}

function frameOf(
  plan: Plan,
  batch: number,
  firstGeneration: number,
  generationCount: number,
  valueOf: ValueOf,
): Frame {
  const { chunks } = plan.batches[batch]!;
  const rows = chunks.length * generationCount * plan.statistics.length;
  const frame: Frame = {
    batch,
    firstGeneration,
    generationCount,
    moments: new Float64Array(rows * MOMENT_FIELDS),
    ranks: new Float64Array(rows * RANK_FIELDS).fill(NaN),
    edges: new Float64Array(rows * EDGE_COUNT).fill(NaN),
    bins: new Uint32Array(rows * BIN_COUNT),
    status: new Uint32Array(chunks.length * generationCount * STATUS_NAMES.length),
    collapses: new Uint32Array(chunks.length * generationCount * 2 * plan.spec.criteria.length),
  };
  let row = 0;
  for (const [c, { cell, firstReplicate, count }] of chunks.entries()) {
    for (let g = 0; g < generationCount; g++) {
      const statusAt = (c * generationCount + g) * STATUS_NAMES.length;
      frame.status.fill(count, statusAt, statusAt + STATUS_NAMES.length);
      for (let s = 0; s < plan.statistics.length; s++, row++) {
        const place = [cell, firstGeneration + g, s] as const;
        const values = rowValues(valueOf, place, firstReplicate, count);
        reduceRow(
          frame,
          row,
          values,
          rowValues(valueOf, place, 0, Math.min(CHUNK, plan.spec.replicates)),
        );
      }
    }
  }
  return frame;
}

function reduceRow(frame: Frame, row: number, values: Float64Array, pilot: Float64Array) {
  const { count, mean, m2, min, max, saturated } = chunkMoments(values);
  frame.moments.set([count, mean, m2, min, max, saturated], row * MOMENT_FIELDS);
  const sorted = pilot.slice().sort();
  const edges = pilotEdges(sorted);
  frame.ranks.set(pilotRanks(sorted), row * RANK_FIELDS);
  frame.edges.set(edges, row * EDGE_COUNT);
  frame.bins.set(binCounts(values, edges), row * BIN_COUNT);
}
