/** The page's side of a validation. */
import { proxy, type Remote } from 'comlink';
import type { Validation } from '../../experiment/validate/validate.ts';
import { TaskController } from '../task-controller.ts';
import type { ValidationListener, ValidationRequest, ValidationWorker } from './validate-api.ts';
import { caseShares, ValidationClock } from './validate-clock.ts';

export class ValidationController extends TaskController<ValidationWorker, Validation> {
  clock: ValidationClock | null = null;
  /** Of the case that is on; null before the first. */
  number: number | null = null;
  notice = '';

  /** Resolves when it has ended, one way or another. */
  async start(request: ValidationRequest): Promise<void> {
    if (this.active) return;
    this.clock = null;
    this.number = null;
    this.notice = '';
    this.set({ phase: 'opening', report: null });
    const listener = proxy(this.#listener(request));
    await this.follow((worker) => worker.checkLaws(request, listener));
  }

  #listener({ size }: ValidationRequest): ValidationListener {
    return {
      opened: (engine, notice) => {
        if (!this.active) return;
        this.notice = notice;
        this.clock = new ValidationClock(caseShares(engine, size), () => performance.now());
        this.set({ phase: this.phase === 'opening' ? 'running' : this.phase });
      },
      // Its calls and its result come through different ports, and may overtake one another.
      progressed: (number) => {
        if (!this.active) return;
        this.clock?.advance(number);
        this.number = number;
        this.set({});
      },
      reported: (report) => {
        if (this.active) this.set({ report });
      },
    };
  }

  protected override askToStop(worker: Remote<ValidationWorker>): void {
    void worker.stopChecking();
  }
}
