/** Runs the peak kernel in several threads at once: cores that share units then show it. */
import type { Thread, ThreadHost } from '../../engine/wasm/threads.ts';
import { EngineError } from '../../errors.ts';
import type { TurnMeter } from './peak-simd.ts';

const WINDOW_MS = 150;
const WINDOWS = 3;

/**
 * A thread's whole program. With a module it warms up until its code is compiled well and a call
 * lasts some milliseconds; with a time it counts turns for so long, and posts turns a second.
 */
const PROGRAM = `
let run;
let turns = 1000;
self.onmessage = ({ data: { module, windowMs } }) => {
  if (module) {
    ({ run } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports);
    for (let elapsed = 0; elapsed < 5; turns *= 2) {
      const began = performance.now();
      run(turns);
      elapsed = performance.now() - began;
    }
    postMessage(0);
    return;
  }
  const began = performance.now();
  let done = 0;
  for (; performance.now() - began < windowMs; done += turns) run(turns);
  postMessage((1000 * done) / (performance.now() - began));
};`;

/** Of a host's threads: the best of some windows in which all of them ran. */
export const turnMeter =
  (host: ThreadHost): TurnMeter =>
  async (module, threads) => {
    const meters = Array.from({ length: threads }, () => new MeterThread(host));
    try {
      await Promise.all(meters.map((meter) => meter.ask({ module })));
      let best: number[] = [];
      for (let window = 0; window < WINDOWS; window++) {
        const rates = await Promise.all(meters.map((meter) => meter.ask({ windowMs: WINDOW_MS })));
        if (total(rates) > total(best)) best = rates;
      }
      return best;
    } finally {
      meters.forEach((meter) => meter.end());
    }
  };

const total = (rates: readonly number[]): number => rates.reduce((sum, rate) => sum + rate, 0);

/** A thread that answers each message with a number. */
class MeterThread {
  readonly #thread: Thread;
  #answer: (rate: number) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(host: ThreadHost) {
    this.#thread = host.start(PROGRAM, {
      message: (rate) => this.#answer(rate as number),
      died: (reason) => this.#fail(new EngineError(`A thread of the peak kernel died: ${reason}`)),
    });
  }

  ask(message: object): Promise<number> {
    const answered = new Promise<number>((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
    });
    this.#thread.setBusy(true);
    this.#thread.post(message, []);
    return answered;
  }

  end(): void {
    this.#thread.end();
  }
}
