/** What a run waits for: a task of its own or another's that ends, or the word to stop. */
import type { Pool } from './pool.ts';

export class Progress {
  readonly #signal: AbortSignal;
  readonly #unwatch: () => void;
  #failure: { readonly error: unknown } | null = null;
  #news = false;
  #wake: () => void = () => undefined;

  constructor(pool: Pool, signal: AbortSignal) {
    this.#signal = signal;
    const unwatch = pool.onSettled(this.#changed);
    signal.addEventListener('abort', this.#changed);
    this.#unwatch = () => {
      unwatch();
      signal.removeEventListener('abort', this.#changed);
    };
  }

  #changed = (): void => {
    this.#news = true;
    this.#wake();
  };

  watch(task: Promise<void>): void {
    task.then(this.#changed, (error: unknown) => {
      this.#failure ??= { error };
      this.#changed();
    });
  }

  /**
   * Resolves at the next news, at once if there were any since the last call.
   * @throws what a task failed with, or the signal's reason.
   */
  async made(): Promise<void> {
    while (!this.#news) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#news = false;
    if (this.#signal.aborted) throw this.#signal.reason;
    if (this.#failure) throw this.#failure.error;
  }

  close(): void {
    this.#unwatch();
  }
}
