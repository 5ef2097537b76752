/**
 * The WebGPU engine: executes a plan with the kernels of `shaders/`. Per window of a batch it
 * dispatches evolve slice by slice, then observe and the reductions, and reads back nothing but
 * their rows; reading overlaps the next window.
 */
import type { FramedModel } from '../../model/frame.ts';
import { keepsAncestry, ringWords } from '../../plan/plan-run.ts';
import type { Lanes } from '../../plan/mapping.ts';
import type { Batch, EngineLimits, Plan } from '../../plan/plan.ts';
import { EdgeStore } from '../edge-store.ts';
import type { AdapterInfo, Engine, Frame, PaceName } from '../engine.ts';
import { BatchRun, type Machine } from './batch-run.ts';
import { WORKGROUP } from './constants.ts';
import { openDevice } from './device.ts';
import { unpackModel } from './pack-model.ts';
import { PACES, Pacer } from './pacer.ts';
import { Pipelines } from './pipeline.ts';
import { shaderSources, softwareSources } from './shaders.ts';
import { teamsWork } from './self-test.ts';
import { tuned, type Tuning } from './tune.ts';

export interface WebGpuOptions {
  readonly powerPreference?: GPUPowerPreference;
  /** How long a submit takes: short while somebody is looking. */
  readonly pace?: PaceName;
  /** How lineages are laid out, instead of what the adapter says of itself. */
  readonly lanes?: Lanes;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** What the tuner would find; it is not asked on software adapters. */
  readonly tuning?: Tuning;
}

/** WebGPU's default maxStorageBufferBindingSize: every adapter has it, so none is asked for more. */
const BINDING_BYTES = 128 * 2 ** 20;
/** All buffers together; half is the ring's and the values', half the training sets'. */
const TOTAL_BYTES = 512 * 2 ** 20;

/**
 * Points visited per window and lineages per batch: about half a second of frames on two cores
 * (3·10⁸ visits/s) and on an integrated GPU (10¹⁰ visits/s), and enough teams to fill a large one.
 */
const SOFTWARE = { dispatchWork: 1e8, batchLineages: 8192 };
const HARDWARE = { dispatchWork: 5e9, batchLineages: 65_536 };
/** A millisecond's visits on two cores. */
const SOFTWARE_TUNING: Tuning = { workgroup: WORKGROUP, batchLineages: 8192, firstBudget: 2e5 };

/** Lanes of a team at most: beyond it more time goes into sums and M-steps than into points. */
const WIDEST_TEAM = 32;
/** Teams that need half a workgroup's lanes for one lineage are made of all of them. */
const WIDE_TEAM = 64;

/** Throws CapabilityError where the host has no WebGPU, no adapter or too small a one. */
export async function createWebGpuEngine(
  gpu: GPU | undefined,
  options: WebGpuOptions = {},
): Promise<Engine> {
  const { device, adapter, subgroupLanes } = await openDevice(gpu, options);
  const pipelines = new Pipelines(device, adapter.software ? softwareSources : shaderSources);
  const wanted = options.lanes ?? lanesOf(adapter, subgroupLanes);
  const lanes = await trustedLanes(device, pipelines, wanted);
  const { pace = 'interactive', now = () => performance.now() } = options;
  const limits = limitsOf(adapter, lanes);
  const tuning =
    options.tuning ??
    (adapter.software
      ? SOFTWARE_TUNING
      : await tuned(JSON.stringify(adapter), { device, pipelines }, limits, now));
  const { workgroup, firstBudget, batchLineages } = tuning;
  const pacer = new Pacer(PACES[pace], firstBudget, now);
  const machine = { device, pipelines, pacer, workgroup };
  return new WebGpuEngine(machine, adapter, { ...limits, batchLineages });
}

const limitsOf = ({ software }: AdapterInfo, lanes: Lanes): EngineLimits => ({
  bufferBytes: BINDING_BYTES,
  totalBytes: TOTAL_BYTES,
  ...(software ? SOFTWARE : HARDWARE),
  lanes,
  lacks: [],
});

/**
 * Teams of 4 where the points fit into their registers: with 8, a generation of n = 100, K = 2 takes
 * 1.3 times the cycles on RDNA 2, as every lane makes every M-step (tests/budget). Software adapters
 * are as wide as the CPU's vectors, and lanes of a workgroup wait for each other in turns.
 */
function lanesOf({ software }: AdapterInfo, subgroupLanes: number): Lanes {
  const most = Math.min(WIDEST_TEAM, subgroupLanes);
  if (most < 4) return { least: 4, most: WIDEST_TEAM, wide: WIDE_TEAM, subgroups: false };
  if (software) return { least: 4, most, wide: most, subgroups: true };
  return { least: 4, most, wide: WIDE_TEAM, subgroups: true };
}

/** The same through workgroup memory where subgroups fail their known answers. */
async function trustedLanes(device: GPUDevice, pipelines: Pipelines, lanes: Lanes): Promise<Lanes> {
  if (!lanes.subgroups) return lanes;
  for (let team = lanes.least; team <= lanes.most; team *= 2) {
    if (!(await teamsWork(device, pipelines, team, 'subgroup'))) {
      return { ...lanes, least: 4, most: WIDEST_TEAM, wide: WIDE_TEAM, subgroups: false };
    }
  }
  return lanes;
}

class WebGpuEngine implements Engine {
  readonly name = 'webgpu';
  readonly adapter: AdapterInfo;
  readonly limits: EngineLimits;
  readonly #machine: Machine;

  constructor(machine: Machine, adapter: AdapterInfo, limits: EngineLimits) {
    this.adapter = adapter;
    this.limits = limits;
    this.#machine = machine;
  }

  async *run(plan: Plan, signal: AbortSignal): AsyncGenerator<Frame, void, void> {
    const edges = new EdgeStore(plan);
    for (const batch of plan.batches) {
      const batchRun = await BatchRun.open(this.#machine, plan, batch, edges);
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
    const words = ringWords(spec, truth.dim);
    const ancestry = keepsAncestry(spec.statistics);
    const batch: Batch = {
      index: 0,
      group: groupOfCell(plan, cell),
      chunks: [{ cell, firstReplicate: replicate, count: 1 }],
      lineageCount: 1,
      sliceLineages: 1,
      windowGenerations: Math.min(generations, TRACE_WINDOW),
    };
    const edges = new EdgeStore(plan);
    const batchRun = await BatchRun.open(this.#machine, plan, batch, edges);
    const models: FramedModel[] = [];
    try {
      for (let first = 1; first <= generations; first += batch.windowGenerations) {
        const count = Math.min(batch.windowGenerations, generations - first + 1);
        await batchRun.evolve(first, count, signal);
        const ring = await batchRun.readRing(count);
        for (let slot = 1; slot <= count; slot++) {
          const wordAt = (w: number) => ring[slot * words + w]!;
          models.push(unpackModel(truth.dim, components, wordAt, ancestry));
        }
      }
    } finally {
      batchRun.destroy();
    }
    return models;
  }

  setPace(pace: PaceName): void {
    this.#machine.pacer.pace = PACES[pace];
  }

  close(): void {
    this.#machine.device.destroy();
  }
}

/** Group of a cell: that of any batch with one of its chunks. */
const groupOfCell = (plan: Plan, cell: number): number =>
  plan.batches.find(({ chunks }) => chunks.some((chunk) => chunk.cell === cell))!.group;

/** Generations per dispatch of a traced lineage: one lane alone is slow, and must not stall. */
const TRACE_WINDOW = 8;
