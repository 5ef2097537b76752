/**
 * The WebGPU engine: executes a plan with the kernels of `shaders/`. Per window of a batch it
 * dispatches evolve slice by slice, then observe and the reductions, and reads back nothing but
 * their rows; reading overlaps the next window.
 */
import type { FramedModel } from '../../model/frame.ts';
import { modelWords } from '../../plan/plan-run.ts';
import type { Batch, EngineLimits, Plan } from '../../plan/plan.ts';
import { EdgeStore } from '../edge-store.ts';
import type { AdapterInfo, Engine, Frame } from '../engine.ts';
import { BatchRun } from './batch-run.ts';
import { openDevice } from './device.ts';
import { unpackModel } from './pack-model.ts';
import { Pipelines } from './pipeline.ts';

export interface WebGpuOptions {
  readonly powerPreference?: GPUPowerPreference;
}

/** WebGPU's default maxStorageBufferBindingSize: every adapter has it, so none is asked for more. */
const BINDING_BYTES = 128 * 2 ** 20;
/** All buffers together; half is the ring's and the values', half the training sets'. */
const TOTAL_BYTES = 512 * 2 ** 20;

/**
 * Points visited per dispatch and lineages per batch. Software: 10⁸ visits/s on two cores, so about
 * 0.1 s. Hardware: an integrated GPU does some 5·10⁹ visits/s with this kernel, well under the
 * 2 s at which Windows resets a GPU; a lane alone does some 10⁸, and drivers let it run a second.
 */
const SOFTWARE = { dispatchWork: 1e7, lineageWork: 1e9, batchLineages: 8192 };
const HARDWARE = { dispatchWork: 5e8, lineageWork: 1e8, batchLineages: 65_536 };

/** Throws CapabilityError where the host has no WebGPU, no adapter or too small a one. */
export async function createWebGpuEngine(
  gpu: GPU | undefined,
  options: WebGpuOptions = {},
): Promise<Engine> {
  const { device, adapter } = await openDevice(gpu, options);
  return new WebGpuEngine(device, adapter);
}

class WebGpuEngine implements Engine {
  readonly name = 'webgpu';
  readonly adapter: AdapterInfo;
  readonly limits: EngineLimits;
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;

  constructor(device: GPUDevice, adapter: AdapterInfo) {
    this.adapter = adapter;
    this.limits = {
      bufferBytes: BINDING_BYTES,
      totalBytes: TOTAL_BYTES,
      ...(adapter.software ? SOFTWARE : HARDWARE),
    };
    this.#device = device;
    this.#pipelines = new Pipelines(device);
  }

  async *run(plan: Plan, signal: AbortSignal): AsyncGenerator<Frame, void, void> {
    const edges = new EdgeStore(plan);
    for (const batch of plan.batches) {
      const batchRun = await BatchRun.open(this.#device, this.#pipelines, plan, batch, edges);
      try {
        yield* this.#windows(batchRun, plan, batch, signal);
      } finally {
        batchRun.destroy();
      }
      edges.release(batch);
    }
  }

  /** Submits window after window, one ahead of the one being read. */
  async *#windows(
    batchRun: BatchRun,
    plan: Plan,
    batch: Batch,
    signal: AbortSignal,
  ): AsyncGenerator<Frame, void, void> {
    const { generations } = plan.cells[batch.chunks[0]!.cell]!.spec;
    let pending: Promise<Frame> | null = null;
    for (let first = 1; first <= generations; first += batch.windowGenerations) {
      const count = Math.min(batch.windowGenerations, generations - first + 1);
      await batchRun.evolve(first, count, signal);
      const next = batchRun.reduce(first, count);
      // Nobody may be waiting for it when the run is stopped meanwhile.
      next.catch(() => undefined);
      if (pending) yield await pending;
      pending = next;
    }
    if (pending) yield await pending;
  }

  async trace(
    plan: Plan,
    cell: number,
    replicate: number,
    signal: AbortSignal,
  ): Promise<FramedModel[]> {
    const { spec, truth } = plan.cells[cell]!;
    const { generations } = spec;
    const { components } = spec.fit;
    const words = modelWords(truth.dim, components);
    const batch: Batch = {
      index: 0,
      group: 0,
      chunks: [{ cell, firstReplicate: replicate, count: 1 }],
      lineageCount: 1,
      sliceLineages: 1,
      windowGenerations: Math.min(generations, TRACE_WINDOW),
    };
    const edges = new EdgeStore(plan);
    const batchRun = await BatchRun.open(this.#device, this.#pipelines, plan, batch, edges);
    const models: FramedModel[] = [];
    try {
      for (let first = 1; first <= generations; first += batch.windowGenerations) {
        const count = Math.min(batch.windowGenerations, generations - first + 1);
        await batchRun.evolve(first, count, signal);
        const ring = await batchRun.readRing(count);
        for (let slot = 1; slot <= count; slot++) {
          models.push(unpackModel(truth.dim, components, (w) => ring[slot * words + w]!));
        }
      }
    } finally {
      batchRun.destroy();
    }
    return models;
  }

  close(): void {
    this.#device.destroy();
  }
}

/** Generations per dispatch of a traced lineage: one lane alone is slow, and must not stall. */
const TRACE_WINDOW = 8;
