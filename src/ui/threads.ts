/** Threads in a browser, for the WASM engine. */
import type { ThreadHost } from '../engine/wasm/threads.ts';

/** One is the page's own: it draws meanwhile, and waits for its turn where all are taken. */
export const computingThreads = (): number => Math.max(1, navigator.hardwareConcurrency - 1);

export const browserThreads = (): ThreadHost => ({
  threadCount: computingThreads(),
  processor: '',
  start: (program, events) => {
    const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.onmessage = ({ data }: MessageEvent<unknown>) => events.message(data);
    worker.onmessageerror = () => events.died('a message could not be read.');
    worker.onerror = ({ message }) => events.died(message || 'it could not be started.');
    return {
      post: (message, transfer) => worker.postMessage(message, [...transfer]),
      setBusy: () => undefined,
      end: () => {
        worker.terminate();
        URL.revokeObjectURL(url);
      },
    };
  },
});
