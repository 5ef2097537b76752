/** What the plan has to keep to on this engine. */
import { WASM_LACKS } from '../../plan/hand-over.ts';
import { CHUNK, type EngineLimits } from '../../plan/plan.ts';

/** Chunks of a batch for each thread: while one is on its way, others are in work. */
const CHUNKS_PER_THREAD = 4;

/**
 * A thread holds a chunk's ring and values, a training set for four lineages and the tables: some
 * hundred MiB at most with these. It visits 5·10⁸ to 10⁹ points a second, so that a slice is about
 * a tenth of a second until its speed is known.
 */
export const limitsFor = (threadCount: number): EngineLimits => ({
  bufferBytes: 2 ** 28,
  totalBytes: 2 ** 30,
  dispatchWork: 6e7,
  batchLineages: CHUNKS_PER_THREAD * threadCount * CHUNK,
  lanes: null,
  lacks: WASM_LACKS,
});
