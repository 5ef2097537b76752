/** Runs a plan on an engine, frame by frame, and gathers what it finds. */
import type { Engine, Frame } from '../engine/engine.ts';
import type { Plan } from '../plan/plan.ts';
import { collect } from './collect.ts';
import { progressMeter, type Progress } from './progress.ts';
import type { Results } from './results.ts';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called once before the first frame: the truth at generation 0 and the laws are there. */
  readonly onStart?: (results: Results) => void;
  /** Called after every frame with the results so far: the same object, filled in place. */
  readonly onUpdate?: (results: Results, frame: Frame) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Resolves with all results, or, once `signal` aborts, with what is there and `complete` false.
 * Throws what the engine throws.
 */
export async function runExperiment(
  plan: Plan,
  engine: Engine,
  options: RunOptions = {},
): Promise<Results> {
  const { onProgress, onUpdate, now = () => performance.now() } = options;
  const signal = options.signal ?? new AbortController().signal;
  const { results, push } = collect(plan);
  const meter = progressMeter(plan, now);
  options.onStart?.(results);
  onProgress?.(meter.start());
  try {
    for await (const frame of engine.run(plan, signal)) {
      push(frame);
      onProgress?.(meter.advance(frame));
      onUpdate?.(results, frame);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  results.complete = results.cells.every(
    ({ replicates }, cell) => results.replicatesDone[cell] === replicates,
  );
  return results;
}
