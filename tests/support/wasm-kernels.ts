/** The kernels of the WASM engine without their host: whole chunks of one cell, read back as models. */
import { setFlagsFromString } from 'node:v8';
import { compileAssembly, type Build } from '../../src/engine/wasm/compile.ts';
import { cellRows } from '../../src/engine/webgpu/cell-rows.ts';
import { packRows, CELL_PARAMS } from '../../src/engine/webgpu/layout.ts';
import { packModel, unpackModel } from '../../src/engine/webgpu/pack-model.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import type { Rules } from '../../src/model/rules.ts';
import { modelWords } from '../../src/plan/plan-run.ts';

export const BUILDS: readonly Build[] = ['baseline', 'relaxed'];

export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  reset(): void;
  allocate(bytes: number): number;
  configure(
    dim: number,
    components: number,
    truthComponents: number,
    covariance: number,
    init: number,
    hasRows: number,
    toleranceOn: number,
  ): void;
  setCell(cell: number, truth: number, rows: number, inClosedForm: number): number;
  evolve(
    ring: number,
    stride: number,
    firstLineage: number,
    lineageCount: number,
    firstReplicate: number,
    firstGeneration: number,
    generationCount: number,
  ): void;
}

const COVARIANCE = { full: 0, diagonal: 1, spherical: 2, tied: 3 } as const;
const INIT = { parent: 0, truth: 1, kmeans: 2, random: 3 } as const;

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

/** Takes a cell up. */
export function setCell(kernels: KernelExports, rules: Rules): void {
  const { truth } = rules;
  kernels.reset();
  kernels.configure(
    rules.dim,
    rules.components,
    truth.weights.length,
    COVARIANCE[rules.covariance],
    INIT[rules.init],
    rules.rows ? 1 : 0,
    rules.phases.some(({ tolerance }) => tolerance > 0) ? 1 : 0,
  );
  const offsets = { truthModelOffset: 0, rowOffset: 0, tableOffset: 0 };
  const cell = packRows(CELL_PARAMS, cellRows(rules, offsets));
  const rows = rules.rows ? place(kernels, Float32Array.from(rules.rows)) : 0;
  const missing = kernels.setCell(
    place(kernels, cell),
    place(kernels, packModel(truth)),
    rows,
    rules.closedForm ? 1 : 0,
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
  setCell(kernels, rules);
  const stride = Math.ceil(lineages / 4) * 4;
  const slot = modelWords(rules.dim, rules.components) * stride;
  const ring = kernels.allocate(4 * slot * (window + 1));
  const all = new Uint32Array(slot * generations);
  for (let first = 1; first <= generations; first += window) {
    const count = Math.min(window, generations - first + 1);
    for (let lineage = 0; lineage < lineages; lineage += range) {
      const some = Math.min(range, lineages - lineage);
      kernels.evolve(ring, stride, lineage, some, firstReplicate, first, count);
    }
    const words = new Uint32Array(kernels.memory.buffer, ring, slot * (window + 1));
    all.set(words.subarray(slot, slot * (count + 1)), slot * (first - 1));
    words.copyWithin(0, slot * count, slot * (count + 1));
  }
  return all;
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
