/** Starts the program of `worker.ts`: once for runs, and once more for each comparison of engines and each validation. */
export const startWorker = (): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
