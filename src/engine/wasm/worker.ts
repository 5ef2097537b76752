/**
 * The program of a thread, written for a browser's dedicated Worker; a host without one gives it
 * `onmessage` and `postMessage`. Tasks that fail, by a trap or for want of memory, are told and cost
 * the thread its instance, not its life.
 */
import { ChunkKernels } from './chunk-kernels.ts';
import type { FromThread, Result, Task, ToThread, Words } from './messages.ts';

const blocks = new Map<number, Words>();
let module: WebAssembly.Module | null = null;
let kernels: ChunkKernels | null = null;

const tell = (message: FromThread, transfer: ArrayBuffer[] = []): void =>
  self.postMessage(message, { transfer });

function work(id: number, tasks: readonly Task[]) {
  try {
    const instance = (kernels ??= new ChunkKernels(module!, blocks));
    const results = tasks.map((task) => instance.run(task));
    tell({ kind: 'done', id, results }, results.flatMap(buffersOf));
  } catch (error) {
    kernels = null;
    tell({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

function buffersOf({ models, past, rows, values, status, trace }: Result): ArrayBuffer[] {
  const arrays = [models, ...past, values, status, trace, ...Object.values(rows ?? {})];
  return arrays.flatMap((array: ArrayBufferView<ArrayBuffer> | null) => array?.buffer ?? []);
}

self.onmessage = ({ data }: MessageEvent<ToThread>) => {
  if (data.kind === 'start') {
    ({ module } = data);
    tell({ kind: 'started' });
  } else if (data.kind === 'keep') blocks.set(data.block, data.words);
  else if (data.kind === 'drop') for (const block of data.blocks) blocks.delete(block);
  else work(data.id, data.tasks);
};
