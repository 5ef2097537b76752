/**
 * Threads in Node, for the WASM engine. Loaded on demand, so that the library is a module of the
 * browser's too.
 */
import type { ThreadHost } from '../engine/wasm/threads.ts';

/** What a browser's Worker finds in its global scope, from what a thread of Node finds. */
const PRELUDE = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message, { transfer } = {}) => parentPort.postMessage(message, transfer);
parentPort.on('message', (data) => globalThis.onmessage({ data }));
`;

export async function nodeThreads(): Promise<ThreadHost> {
  const [{ Worker }, os, v8] = await Promise.all([
    import('node:worker_threads'),
    import('node:os'),
    import('node:v8'),
  ]);
  return {
    threadCount: os.availableParallelism(),
    processor: os.cpus()[0]?.model.trim() ?? '',
    // Node 20 has it behind a flag, which holds for the whole process.
    allowRelaxedSimd: () => v8.setFlagsFromString('--experimental-wasm-relaxed-simd'),
    start: (program, events) => {
      // Flags of the process, such as --input-type, are not for the program.
      const worker = new Worker(PRELUDE + program, { eval: true, execArgv: [] });
      let ended = false;
      worker.on('message', (data) => events.message(data));
      worker.on('messageerror', ({ message }) => events.died(message));
      worker.on('error', ({ message }) => events.died(message));
      worker.on('exit', (code) => {
        if (!ended) events.died(`exit code ${code}.`);
      });
      return {
        post: (message, transfer) => worker.postMessage(message, transfer),
        setBusy: (busy) => (busy ? worker.ref() : worker.unref()),
        end: () => {
          ended = true;
          void worker.terminate();
        },
      };
    },
  };
}
