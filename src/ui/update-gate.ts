/** Lets at most one update through per interval; what came in between is gathered, never lost. */
import type { Progress } from '../experiment/progress.ts';
import type { Results } from '../experiment/results.ts';
import type { Batch } from '../plan/plan.ts';
import { cutPatch, joinSpans, type Span } from './results-patch.ts';
import type { RunUpdate } from './worker-api.ts';

/** At most ten updates a second. */
const INTERVAL_MS = 100;

type Send = (update: RunUpdate) => void | Promise<void>;

export class UpdateGate {
  readonly #batches: readonly Batch[];
  readonly #send: Send;
  readonly #now: () => number;
  readonly #spans = new Map<number, Span>();
  #progress: Progress | null = null;
  #batch = -1;
  #generation = 0;
  #sentAt = -Infinity;
  /** Sent and not taken yet: a receiver that is busy gets no more to do. */
  #onTheWay = 0;

  constructor(batches: readonly Batch[], send: Send, now: () => number = () => performance.now()) {
    this.#batches = batches;
    this.#send = send;
    this.#now = now;
  }

  /** A frame is done: its batch's cells have news up to its generation. */
  progressed(progress: Progress): void {
    this.#progress = progress;
    const { batch, generation } = progress;
    if (batch !== this.#batch) this.#generation = 0;
    this.#batch = batch;
    if (generation <= this.#generation) return;
    const span = { first: this.#generation + 1, last: generation };
    this.#generation = generation;
    for (const { cell } of this.#batches[batch]!.chunks) {
      this.#spans.set(cell, joinSpans(this.#spans.get(cell), span));
    }
  }

  /** The results hold what the last frame said. */
  updated(results: Results): void {
    if (this.#onTheWay > 0 || this.#now() - this.#sentAt < INTERVAL_MS) return;
    void this.flush(results);
  }

  /** Sends what is left; resolves once the receiver has taken it and all before it. */
  async flush(results: Results): Promise<void> {
    if (!this.#progress) return;
    this.#sentAt = this.#now();
    const patch = cutPatch(results, this.#spans);
    this.#spans.clear();
    this.#onTheWay++;
    try {
      await this.#send({ progress: this.#progress, patch });
    } finally {
      this.#onTheWay--;
    }
  }
}
