/**
 * The bin edges that pilot chunks fixed, held until the last chunk of their cell has been counted.
 */
import { EDGE_COUNT, isSketched, type Batch, type Chunk, type Plan } from '../plan/plan.ts';

export class EdgeStore {
  readonly #plan: Plan;
  /** Per cell [generation × statistic × EDGE_COUNT]. */
  readonly #cells = new Map<number, Float64Array>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Whether the cell has chunks after its pilot. */
  sketched({ cell }: Chunk): boolean {
    return isSketched(this.#plan.cells[cell]!);
  }

  /** Rows [generation × statistic × EDGE_COUNT] of a window, to be written by the pilot. */
  window({ cell }: Chunk, firstGeneration: number, generationCount: number): Float64Array {
    const { cells, statistics } = this.#plan;
    const perGeneration = statistics.length * EDGE_COUNT;
    let all = this.#cells.get(cell);
    if (!all) {
      all = new Float64Array(cells[cell]!.spec.generations * perGeneration);
      this.#cells.set(cell, all);
    }
    const from = (firstGeneration - 1) * perGeneration;
    return all.subarray(from, from + generationCount * perGeneration);
  }

  /** Lets go of cells whose last chunk was in this batch. */
  release(batch: Batch): void {
    for (const { cell, firstReplicate, count } of batch.chunks) {
      if (firstReplicate + count === this.#plan.cells[cell]!.spec.replicates) {
        this.#cells.delete(cell);
      }
    }
  }
}
