/** Runs the peak kernel in several threads at once: cores that share units then show it. */
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { TurnMeter } from '../../experiment/bench/peak-simd.ts';

const WINDOW_MS = 150;
const WINDOWS = 3;

/**
 * A worker's whole program: it warms up until its code is compiled well and a call lasts some
 * milliseconds, and then counts turns for as long as it is told.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { run } = new WebAssembly.Instance(new WebAssembly.Module(workerData)).exports;
let turns = 1000;
for (let elapsed = 0; elapsed < 5; turns *= 2) {
  const began = performance.now();
  run(turns);
  elapsed = performance.now() - began;
}
parentPort.on('message', (windowMs) => {
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < windowMs) {
    run(turns);
    done += turns;
  }
  parentPort.postMessage((1000 * done) / (performance.now() - began));
});
parentPort.postMessage(0);`;

/** Node 20 knows fused products only when asked. */
export function allowRelaxedSimd(): void {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}

const nextMessage = (worker: Worker): Promise<number> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });

/** The best of some windows in which all threads ran. */
export const turnMeter: TurnMeter = async (module, threads) => {
  const workers = Array.from(
    { length: threads },
    () => new Worker(PROGRAM, { eval: true, workerData: module }),
  );
  try {
    await Promise.all(workers.map(nextMessage));
    let best: number[] = [];
    for (let window = 0; window < WINDOWS; window++) {
      const rates = workers.map(nextMessage);
      workers.forEach((worker) => worker.postMessage(WINDOW_MS));
      const found = await Promise.all(rates);
      if (total(found) > total(best)) best = found;
    }
    return best;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
};

const total = (rates: readonly number[]): number => rates.reduce((sum, rate) => sum + rate, 0);
