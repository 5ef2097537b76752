/**
 * The page's side of a run: owns the worker, keeps the results that the worker's patches fill, and
 * tells the host when there is news. A new run first ends the old one.
 */
import { proxy, wrap, type Remote } from 'comlink';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Problem } from '../errors.ts';
import type { Progress } from '../experiment/progress.ts';
import type { Results } from '../experiment/results.ts';
import type { LawOverlay } from '../experiment/views/law-overlay.ts';
import { estimateCost } from '../experiment/cost.ts';
import { pastePatch } from './results-patch.ts';
import { openResults } from './results-shell.ts';
import { rememberSpeed } from './speed-memory.ts';
import { startWorker } from './start-worker.ts';
import { NO_TRACE, openTrace, type Trace } from './trace.ts';
import type { RunEnd, RunRequest, RunStart, RunUpdate, RunWorker } from './worker-api.ts';

export type RunPhase = 'idle' | 'starting' | 'running' | 'done' | 'stopped' | 'failed';

/** Shorter runs say nothing about speed: most of their time is opening and compiling. */
const LEAST_TIMED_SECONDS = 1;

export class RunController implements ReactiveController {
  phase: RunPhase = 'idle';
  /** What the results belong to: of the run that is on, or was last. */
  start: RunStart | null = null;
  request: RunRequest | null = null;
  results: Results | null = null;
  /** Counts the changes of `results`, which is filled in place. */
  version = 0;
  progress: Progress | null = null;
  seconds = 0;
  message = '';
  problems: readonly Problem[] = [];

  /** Asked for by the user; while the page is hidden there is no other pace. */
  turbo = false;

  readonly #host: ReactiveControllerHost;
  #worker: Remote<RunWorker> | null = null;
  #thread: Worker | null = null;
  #ended: Promise<void> = Promise.resolve();
  #number = 0;
  #requested: RunRequest | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#tellPace);
    this.#openWorker();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#tellPace);
    this.#thread?.terminate();
    this.#thread = null;
    this.#worker = null;
  }

  #openWorker() {
    const thread = startWorker();
    thread.addEventListener('error', ({ message }) => this.#crashed(message));
    this.#thread = thread;
    this.#worker = wrap<RunWorker>(thread);
    const listener = proxy({
      started: (start: RunStart) => this.#started(start),
      updated: (update: RunUpdate) => this.#updated(update),
    });
    void this.#worker.listen(listener);
    this.#tellPace();
  }

  readonly #tellPace = () => {
    void this.#worker?.setPace(this.turbo || document.hidden ? 'turbo' : 'interactive');
  };

  setTurbo(turbo: boolean): void {
    this.#set({ turbo });
    this.#tellPace();
  }

  /** Out of memory, or a fault of ours: what is there stays, and the next run has a new worker. */
  #crashed(reason: string) {
    this.#number++;
    this.#thread?.terminate();
    this.#ended = Promise.resolve();
    this.#openWorker();
    const message = `The run broke off (${reason || 'out of memory'}): press Run to begin afresh.`;
    this.#set({ phase: 'failed', message, problems: [] });
  }

  get active(): boolean {
    return this.phase === 'starting' || this.phase === 'running';
  }

  /** Starts the run; resolves when it has ended or another has taken its place. */
  async run(request: RunRequest): Promise<void> {
    const number = ++this.#number;
    this.stop();
    this.#set({ phase: 'starting', message: '', problems: [], progress: null });
    await this.#ended;
    // Of several runs asked for meanwhile only the last is wanted.
    if (number !== this.#number || !this.#worker) return;
    this.#requested = request;
    const ended = this.#worker.run(request).then((end) => {
      if (number === this.#number) this.#end(end, request);
    });
    this.#ended = ended.catch(() => undefined);
    await ended;
  }

  stop(): void {
    if (this.active) void this.#worker?.stop();
  }

  /** The models of one lineage of the current run, the truth first; null when it is outdated. */
  async trace(cell: number, replicate: number): Promise<Trace | null> {
    const { start } = this;
    const packed = await this.#worker?.trace(cell, replicate);
    if (this.start !== start) return null;
    return packed ? openTrace(packed) : NO_TRACE;
  }

  /** Whole laws of a cell of the current run; null when it is outdated, or the cell is. */
  async laws(cell: number, generations: Float64Array): Promise<LawOverlay | null> {
    const { start } = this;
    const overlay = await this.#worker?.laws(cell, generations);
    return this.start === start ? (overlay ?? null) : null;
  }

  #started(start: RunStart) {
    const request = this.#requested;
    this.version++;
    const results = openResults(start.results);
    this.#set({ phase: 'running', request, start, results, seconds: 0 });
  }

  #updated({ progress, patch }: RunUpdate) {
    if (!this.results || this.phase !== 'running') return;
    pastePatch(this.results, patch);
    this.version++;
    this.#set({ progress, seconds: progress.secondsElapsed });
  }

  #end(end: RunEnd, request: RunRequest) {
    if (end.outcome === 'failed') {
      const { message, problems } = end;
      this.#set({ phase: 'failed', message, problems });
      return;
    }
    const { progress, seconds, start } = this;
    // Where EM may stop early, the work that was done is not the work that was foreseen; and where
    // cells were handed over, the speed is not the engine's own.
    const foreseen = start?.groups.every(
      ({ tolerant, handOver }) => !tolerant && handOver.length === 0,
    );
    if (progress && start && foreseen && seconds >= LEAST_TIMED_SECONDS) {
      const share = progress.lineageGenerationsDone / progress.lineageGenerationsTotal;
      const { work } = estimateCost(request.spec, start.engine);
      rememberSpeed(start.engine, (work * share) / seconds);
    }
    if (this.results) this.results.complete = end.outcome === 'done';
    this.version++;
    this.#set({ phase: end.outcome, seconds: end.seconds });
  }

  #set(change: Partial<RunController>) {
    Object.assign(this, change);
    this.#host.requestUpdate();
  }
}
