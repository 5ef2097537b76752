/** The compiled kernels, instantiated for a test, and rows of numbers in their memory. */
import { setFlagsFromString } from 'node:v8';
import { compileAssembly, type Build } from '../../src/engine/wasm/compile.ts';

// Node 20 has relaxed SIMD behind a flag of V8, to be set before anything is compiled.
setFlagsFromString('--experimental-wasm-relaxed-simd');

export const BUILDS: readonly Build[] = ['baseline', 'relaxed'];

/** Exported functions by name: pointers and numbers in, a number out. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  readonly call: Readonly<Record<string, (...args: number[]) => number>>;
  /** A copy of `words` in memory that is never given back; its address. */
  put(words: Float32Array | Float64Array | Uint32Array | Int32Array): number;
  /** Room for `bytes`; its address. */
  room(bytes: number): number;
  floats(at: number, count: number): Float32Array;
  doubles(at: number, count: number): Float64Array;
  words(at: number, count: number): Uint32Array;
}

/** `entry` is what to compile, the engine's own kernels unless given. */
export async function openKernels(
  build: Build,
  entry = 'src/engine/wasm/assembly/index.ts',
): Promise<Kernels> {
  const { instance } = await WebAssembly.instantiate(await compileAssembly(entry, build));
  const { memory, ...call } = instance.exports as { memory: WebAssembly.Memory } & Kernels['call'];
  const kernels: Kernels = {
    memory,
    call,
    room: (bytes) => call.allocate!(bytes),
    put: (words) => {
      const at = kernels.room(words.byteLength);
      const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      new Uint8Array(kernels.memory.buffer).set(bytes, at);
      return at;
    },
    floats: (at, count) => new Float32Array(kernels.memory.buffer, at, count).slice(),
    doubles: (at, count) => new Float64Array(kernels.memory.buffer, at, count).slice(),
    words: (at, count) => new Uint32Array(kernels.memory.buffer, at, count).slice(),
  };
  return kernels;
}
