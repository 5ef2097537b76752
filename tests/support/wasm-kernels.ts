/** The kernels of the WASM engine without their host: whole chunks of one cell, read back as models. */
import { setFlagsFromString } from 'node:v8';
import { compileAssembly, type Build } from '../../src/engine/wasm/compile.ts';
import type { KernelExports } from '../../src/engine/wasm/chunk-kernels.ts';
import { cellWords, shapeOf, truthWords } from '../../src/engine/wasm/cell-blocks.ts';
import { unpackModel } from '../../src/engine/webgpu/pack-model.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import { trainingSize, type Rules } from '../../src/model/rules.ts';
import { modelWords } from '../../src/plan/plan-run.ts';

export type { KernelExports };

export const BUILDS: readonly Build[] = ['baseline', 'relaxed'];

/** A module of an entry below the project's root, ready to be called. */
export async function openKernels<T = KernelExports>(
  build: Build,
  entry = 'src/engine/wasm/assembly/index.ts',
): Promise<T> {
  if (build === 'relaxed') setFlagsFromString('--experimental-wasm-relaxed-simd');
  const { instance } = await WebAssembly.instantiate(await compileAssembly(entry, build));
  return instance.exports as T;
}

/** Copies words into the module's memory; their address. */
export function place(
  { memory, allocate }: Pick<KernelExports, 'memory' | 'allocate'>,
  words: ArrayBufferView | ArrayBuffer,
): number {
  const bytes = ArrayBuffer.isView(words)
    ? new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
    : new Uint8Array(words);
  const at = allocate(bytes.length);
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
  return at;
}

/** Takes a cell up, with room for the training sets of so many generations. */
export function setCell(kernels: KernelExports, rules: Rules, generations = 1): void {
  kernels.reset();
  kernels.configure(...shapeOf(rules, []).configure);
  const rows = rules.rows ? place(kernels, Float32Array.from(rules.rows)) : 0;
  const sizes = Array.from({ length: generations }, (_, g) => trainingSize(rules, g + 1));
  const missing = kernels.setCell(
    place(kernels, cellWords(rules)),
    place(kernels, truthWords(rules)),
    rows,
    rules.closedForm ? 1 : 0,
    Math.max(...sizes),
  );
  if (missing !== 0) throw new Error(`No memory for ${missing} bytes of points.`);
}

/** How a chunk of lineages is cut. */
export interface Cut {
  /** Generations to a window. */
  readonly window?: number;
  /** Lineages to a call, a multiple of 4. */
  readonly range?: number;
}

/** Words [(generation · words + word) · stride + lineage] of all generations, slot 0 left out. */
export function evolveChunk(
  kernels: KernelExports,
  rules: Rules,
  firstReplicate: number,
  lineages: number,
  generations: number,
  { window = generations, range = lineages }: Cut = {},
): Uint32Array {
  setCell(kernels, rules, generations);
  const stride = Math.ceil(lineages / 4) * 4;
  const slot = modelWords(rules.dim, rules.components) * stride;
  // Every model stays: those before a window are what its training sets are made of.
  const models = kernels.allocate(4 * slot * (generations + 1));
  for (let first = 1; first <= generations; first += window) {
    const count = Math.min(window, generations - first + 1);
    const ring = models + 4 * slot * (first - 1);
    for (let lineage = 0; lineage < lineages; lineage += range) {
      const some = Math.min(range, lineages - lineage);
      kernels.evolve(ring, stride, lineage, some, firstReplicate, first, count);
    }
  }
  return new Uint32Array(kernels.memory.buffer, models + 4 * slot, slot * generations).slice();
}

/** Model of a lineage at a generation, counted from 1. */
export function modelAt(
  rules: Rules,
  words: Uint32Array,
  lineages: number,
  lineage: number,
  generation: number,
): FramedModel {
  const { dim, components } = rules;
  const stride = Math.ceil(lineages / 4) * 4;
  const from = (generation - 1) * modelWords(dim, components);
  return unpackModel(dim, components, (w) => words[(from + w) * stride + lineage]!);
}
