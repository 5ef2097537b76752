/**
 * Threads as a host has them: worker_threads in Node, Worker in the browser. Handed down from layer
 * 5; the program that they run is bundled to a string, so that one file is all there is to ship.
 */

export interface Thread {
  /** Posts a message; the buffers in `transfer` are moved and no longer usable here. */
  post(message: object, transfer: readonly ArrayBuffer[]): void;
  /** Whether the process waits for this thread: only while there is work. */
  setBusy(busy: boolean): void;
  /** Ends the thread at once. */
  end(): void;
}

export interface ThreadEvents {
  message(data: unknown): void;
  /** The thread has died, or a message could not be read; `reason` is for people. */
  died(reason: string): void;
}

export interface ThreadHost {
  /** Hardware threads of the machine. */
  readonly threadCount: number;
  /** The processor's name; '' where the host does not say. */
  readonly processor: string;
  /** Starts a thread that runs the text of a program written for a browser's Worker. */
  start(program: string, events: ThreadEvents): Thread;
  /** Switches relaxed SIMD on where the host has it behind a flag. */
  allowRelaxedSimd?(): void;
}
