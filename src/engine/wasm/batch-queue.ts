/** The plan's batches in order: while the last tasks of one are in work, the next begins. */
import type { Frame } from '../engine.ts';
import type { Batch } from '../../plan/plan.ts';
import type { BatchRun } from './batch-run.ts';

const BATCHES_IN_FLIGHT = 2;

export class BatchQueue {
  readonly #open: (batch: Batch) => BatchRun;
  readonly #batches: readonly Batch[];
  readonly #running: BatchRun[] = [];
  /** Opened, and waiting for the edges that a batch before it makes. */
  #held: BatchRun | null = null;
  #next = 0;

  constructor(batches: readonly Batch[], open: (batch: Batch) => BatchRun) {
    this.#batches = batches;
    this.#open = open;
  }

  get done(): boolean {
    return this.#next === this.#batches.length && this.#running.length === 0 && !this.#held;
  }

  /** A batch with a task to start; null while there is none. */
  ready(): BatchRun | null {
    const found = this.#running.find((batch) => batch.ready);
    if (found) return found;
    if (this.#running.length === BATCHES_IN_FLIGHT) return null;
    const batch = this.#held ?? this.#openNext();
    if (!batch) return null;
    this.#held = batch;
    if (this.#running.some((other) => batch.waitsFor(other))) return null;
    this.#held = null;
    this.#running.push(batch);
    return batch;
  }

  #openNext(): BatchRun | null {
    return this.#next < this.#batches.length ? this.#open(this.#batches[this.#next++]!) : null;
  }

  /** The next frame of the plan, if it is whole. */
  takeFrame(): Frame | null {
    const [first] = this.#running;
    const frame = first?.takeFrame() ?? null;
    if (first?.done) {
      this.#running.shift();
      first.close();
    }
    return frame;
  }

  close(): void {
    for (const batch of this.#running) batch.close();
    this.#held?.close();
  }
}
