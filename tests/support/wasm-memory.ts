/** Every function of the WASM kernels by name, and numbers in and out of their memory. */
import type { Build } from '../../src/engine/wasm/compile.ts';
import { openKernels, place } from './wasm-kernels.ts';

export interface KernelMemory {
  /** Exported functions: addresses and numbers in, a number out. */
  readonly call: Readonly<Record<string, (...args: number[]) => number>>;
  /** A copy of `words` that is never given back; its address. */
  put(words: ArrayBufferView): number;
  /** Room for `bytes`; its address. */
  room(bytes: number): number;
  floats(at: number, count: number): Float32Array;
  doubles(at: number, count: number): Float64Array;
  words(at: number, count: number): Uint32Array;
}

export async function openMemory(build: Build): Promise<KernelMemory> {
  const exports = await openKernels<{ memory: WebAssembly.Memory } & KernelMemory['call']>(build);
  const { memory, ...call } = exports;
  const room = (bytes: number): number => call.allocate!(bytes);
  return {
    call,
    room,
    put: (words) => place({ memory, allocate: room }, words),
    floats: (at, count) => new Float32Array(memory.buffer, at, count).slice(),
    doubles: (at, count) => new Float64Array(memory.buffer, at, count).slice(),
    words: (at, count) => new Uint32Array(memory.buffer, at, count).slice(),
  };
}
