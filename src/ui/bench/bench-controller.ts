/** The page's side of a comparison of engines. */
import { proxy, type Remote } from 'comlink';
import type { BenchReport } from '../../experiment/bench/report.ts';
import type { BenchProgress } from '../../experiment/bench/runner.ts';
import { TaskController } from '../task-controller.ts';
import type { BenchListener, BenchRequest, BenchWorker } from './bench-api.ts';
import { BenchClock } from './bench-clock.ts';

export class BenchController extends TaskController<BenchWorker, BenchReport> {
  progress: BenchProgress | null = null;
  clock: BenchClock | null = null;
  /** Whether the page was out of sight at some time of the comparison. */
  wasHidden = false;

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#look);
  }

  override hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#look);
    super.hostDisconnected();
  }

  readonly #look = () => {
    if (this.active && document.hidden) this.wasHidden = true;
  };

  /** Resolves when it has ended, one way or another. */
  async start(request: BenchRequest): Promise<void> {
    if (this.active) return;
    this.progress = null;
    this.clock = null;
    this.wasHidden = document.hidden;
    this.set({ phase: 'opening', report: null });
    const listener = proxy(this.#listener(request));
    await this.follow((worker) => worker.compare(request, listener));
  }

  #listener(request: BenchRequest): BenchListener {
    return {
      opened: (contenders) => {
        if (!this.active) return;
        this.clock = new BenchClock(request.cases.length, contenders, request, now);
        this.set({ phase: this.phase === 'opening' ? 'running' : this.phase });
      },
      // Its calls and its result come through different ports, and may overtake one another.
      progressed: (progress) => {
        if (!this.active) return;
        this.clock?.advance(progress);
        this.progress = progress;
        this.set({});
      },
      reported: (report) => {
        if (this.active) this.set({ report });
      },
    };
  }

  protected override askToStop(worker: Remote<BenchWorker>): void {
    void worker.stopComparing();
  }
}

const now = () => performance.now();
