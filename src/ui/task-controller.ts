/**
 * The page's side of a long task beside which no run goes on: a worker of its own for as long as it
 * lasts, how far it is, and what is there so far.
 */
import { wrap, type Remote } from 'comlink';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { startWorker } from './start-worker.ts';

export type TaskPhase = 'idle' | 'opening' | 'running' | 'stopping' | 'done' | 'failed';

interface TaskState<Report> {
  phase: TaskPhase;
  report: Report | null;
  message: string;
}

/** What a dialog has to know of it. */
export interface Task extends Pick<TaskState<unknown>, 'phase' | 'message'> {
  readonly active: boolean;
  stop(): void;
  abandon(): void;
}

/** A worker that does not stop by itself within this time is ended. */
const PATIENCE_MS = 3000;

export abstract class TaskController<Api, Report> implements ReactiveController, Task {
  phase: TaskPhase = 'idle';
  report: Report | null = null;
  message = '';

  readonly #host: ReactiveControllerHost;
  #thread: Worker | null = null;
  #worker: Remote<Api> | null = null;
  #leave: () => void = () => undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#close();
  }

  get active(): boolean {
    return this.phase === 'opening' || this.phase === 'running' || this.phase === 'stopping';
  }

  /** What the worker is told so that it ends after what it is at. */
  protected abstract askToStop(worker: Remote<Api>): void;

  /** Resolves when the task has ended, one way or another. */
  protected async follow(task: (worker: Remote<Api>) => Promise<Report>): Promise<void> {
    try {
      const report = await this.#inWorker(task);
      this.set({ phase: 'done', report: report ?? this.report });
    } catch (error) {
      this.set({ phase: 'failed', message: (error as Error).message });
    } finally {
      this.#close();
    }
  }

  /** The report; null where the worker was ended before it had one. */
  #inWorker(task: (worker: Remote<Api>) => Promise<Report>): Promise<Report | null> {
    const thread = startWorker();
    const worker = wrap<Api>(thread);
    this.#thread = thread;
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      this.#leave = () => resolve(null);
      thread.addEventListener('error', ({ message }) =>
        reject(new Error(`The worker broke off: ${message || 'out of memory'}.`)),
      );
      task(worker).then(resolve, reject);
    });
  }

  /** Ends it after what it is at; what is there stays. */
  stop(): void {
    if (!this.active || this.phase === 'stopping') return;
    this.set({ phase: 'stopping' });
    if (this.#worker) this.askToStop(this.#worker);
    const leave = this.#leave;
    setTimeout(leave, PATIENCE_MS);
  }

  /** Ends it at once; what is there stays. */
  abandon(): void {
    this.#leave();
    this.#close();
  }

  #close() {
    this.#thread?.terminate();
    this.#thread = null;
    this.#worker = null;
  }

  protected set(change: Partial<TaskState<Report>>): void {
    Object.assign(this, change);
    this.#host.requestUpdate();
  }
}
