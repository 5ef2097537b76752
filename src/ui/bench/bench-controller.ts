/**
 * The page's side of a comparison: a worker of its own for as long as it lasts, how far it is, and
 * what is there so far.
 */
import { proxy, wrap, type Remote } from 'comlink';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { BenchReport } from '../../experiment/bench/report.ts';
import type { BenchProgress } from '../../experiment/bench/runner.ts';
import { startWorker } from '../start-worker.ts';
import type { BenchRequest, BenchWorker } from './bench-api.ts';
import { BenchClock } from './bench-clock.ts';

export type BenchPhase = 'idle' | 'opening' | 'running' | 'stopping' | 'done' | 'failed';

/** A worker that does not stop by itself within this time is ended. */
const PATIENCE_MS = 3000;

export class BenchController implements ReactiveController {
  phase: BenchPhase = 'idle';
  report: BenchReport | null = null;
  progress: BenchProgress | null = null;
  clock: BenchClock | null = null;
  message = '';
  /** Whether the page was out of sight at some time of the comparison. */
  wasHidden = false;

  readonly #host: ReactiveControllerHost;
  #thread: Worker | null = null;
  #worker: Remote<BenchWorker> | null = null;
  #leave: () => void = () => undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#look);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#look);
    this.#close();
  }

  readonly #look = () => {
    if (this.active && document.hidden) this.wasHidden = true;
  };

  get active(): boolean {
    return this.phase === 'opening' || this.phase === 'running' || this.phase === 'stopping';
  }

  /** Resolves when it has ended, one way or another. */
  async start(request: BenchRequest): Promise<void> {
    if (this.active) return;
    const wasHidden = document.hidden;
    this.#set({ phase: 'opening', report: null, progress: null, clock: null, wasHidden });
    try {
      const report = await this.#compare(request);
      this.#set({ phase: 'done', report: report ?? this.report });
    } catch (error) {
      this.#set({ phase: 'failed', message: (error as Error).message });
    } finally {
      this.#close();
    }
  }

  /** The report; null where the worker was ended before it had one. */
  #compare(request: BenchRequest): Promise<BenchReport | null> {
    const thread = startWorker();
    const worker = wrap<BenchWorker>(thread);
    this.#thread = thread;
    this.#worker = worker;
    const now = () => performance.now();
    const listener = proxy({
      opened: (contenders: number) => {
        if (!this.active) return;
        const clock = new BenchClock(request.cases.length, contenders, request, now);
        this.#set(this.phase === 'opening' ? { phase: 'running', clock } : { clock });
      },
      // Its calls and its result come through different ports, and may overtake one another.
      progressed: (progress: BenchProgress) => {
        if (!this.active) return;
        this.clock?.advance(progress);
        this.#set({ progress });
      },
      reported: (report: BenchReport) => {
        if (this.active) this.#set({ report });
      },
    });
    return new Promise((resolve, reject) => {
      this.#leave = () => resolve(null);
      thread.addEventListener('error', ({ message }) =>
        reject(new Error(`The comparison broke off: ${message || 'out of memory'}.`)),
      );
      worker.compare(request, listener).then(resolve, reject);
    });
  }

  /** Ends it after what is being measured; what is there stays. */
  stop(): void {
    if (!this.active || this.phase === 'stopping') return;
    this.#set({ phase: 'stopping' });
    void this.#worker?.stopComparing();
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

  #set(change: Partial<BenchController>) {
    Object.assign(this, change);
    this.#host.requestUpdate();
  }
}
