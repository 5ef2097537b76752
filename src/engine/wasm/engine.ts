/**
 * The WASM engine: the kernels of `assembly/` on the machine's threads. Lineages go through in
 * pieces of chunks, whose models travel with their tasks, so that threads share nothing and any of
 * them takes what is next; only rows of frames come back, in the plan's order.
 */
import { baseline, relaxed } from 'virtual:genloss-wasm';
import { program } from 'virtual:genloss-wasm-worker';
import { CapabilityError } from '../../errors.ts';
import type { FramedModel } from '../../model/frame.ts';
import { groupOf, type Batch, type EngineLimits, type Group, type Plan } from '../../plan/plan.ts';
import { generationWork } from '../../plan/work.ts';
import type { Spec } from '../../spec/schema.ts';
import { EdgeStore } from '../edge-store.ts';
import type { AdapterInfo, Engine, Frame } from '../engine.ts';
import { unpackModel } from '../webgpu/pack-model.ts';
import { BatchQueue } from './batch-queue.ts';
import { BatchRun } from './batch-run.ts';
import { BlockShelf } from './cell-blocks.ts';
import { limitsFor } from './limits.ts';
import type { AdvanceTask, Past, Result, Shape, Words } from './messages.ts';
import { Pace } from './pace.ts';
import { Pool } from './pool.ts';
import { Progress } from './progress.ts';
import type { ThreadHost } from './threads.ts';

export interface WasmOptions {
  /** Where threads come from. */
  readonly host: ThreadHost;
  /** Threads to run on; the machine's own number unless given. */
  readonly threads?: number;
  /** Whether multiply-adds may round once where the host can; `off`: the same bytes anywhere. */
  readonly relaxed?: 'auto' | 'off';
}

/** Generations of a traced lineage at a time; its vectors have four lanes, whatever is in them. */
const TRACE_GENERATIONS = 32;
const LANES = 4;
/** Visits of a thread in a millisecond by the reference's code, of K = 2 and n = 100, at least. */
const REFERENCE_SPEED = 15_000;

/** @throws CapabilityError where the host has no WebAssembly SIMD or no threads. */
export async function createWasmEngine(options: WasmOptions): Promise<Engine> {
  const { host } = options;
  const { bytes, fused } = chooseBuild(host, options.relaxed ?? 'auto');
  const module = await WebAssembly.compile(bytes);
  const threadCount = Math.max(1, options.threads ?? host.threadCount);
  const open = () => Pool.open(host, program, module, threadCount);
  return new WasmEngine(await open(), open, describe(host, threadCount, fused));
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

function chooseBuild(host: ThreadHost, choice: 'auto' | 'off') {
  if (choice === 'auto') {
    const bytes = bytesOf(relaxed);
    if (!WebAssembly.validate(bytes)) host.allowRelaxedSimd?.();
    if (WebAssembly.validate(bytes)) return { bytes, fused: true };
  }
  const bytes = bytesOf(baseline);
  if (WebAssembly.validate(bytes)) return { bytes, fused: false };
  throw new CapabilityError('The WASM engine needs WebAssembly with SIMD, and this host has none.');
}

function describe({ processor }: ThreadHost, threadCount: number, fused: boolean): AdapterInfo {
  const threads = `${threadCount} thread${threadCount === 1 ? '' : 's'}`;
  const build = fused ? 'WASM SIMD (relaxed)' : 'WASM SIMD';
  return {
    description: [build, threads, processor].filter(Boolean).join(', '),
    vendor: '',
    architecture: '',
    software: true,
    threads: threadCount,
    build: fused ? 'relaxed' : 'simd128',
  };
}

class WasmEngine implements Engine {
  readonly name = 'wasm';
  readonly adapter: AdapterInfo;
  readonly limits: EngineLimits;
  readonly #open: () => Promise<Pool>;
  readonly #pace = new Pace();
  /** Of lineages that go by the reference. */
  readonly #slowPace = new Pace(REFERENCE_SPEED);
  #pool: Pool;
  #closed = false;

  constructor(pool: Pool, open: () => Promise<Pool>, adapter: AdapterInfo) {
    this.#pool = pool;
    this.#open = open;
    this.adapter = adapter;
    this.limits = limitsFor(pool.threadCount);
  }

  /** Threads that live: others are started where one has died. */
  async #threads(): Promise<Pool> {
    if (!this.#pool.alive && !this.#closed) this.#pool = await this.#open();
    return this.#pool;
  }

  #paceOf({ handOver }: Group): Pace {
    return handOver.length > 0 ? this.#slowPace : this.#pace;
  }

  async *run(plan: Plan, signal: AbortSignal): AsyncGenerator<Frame, void, void> {
    const pool = await this.#threads();
    const edges = new EdgeStore(plan);
    const open = (batch: Batch) =>
      new BatchRun(plan, batch, edges, pool, this.#paceOf(plan.groups[batch.group]!));
    const queue = new BatchQueue(plan.batches, open);
    const progress = new Progress(pool, signal);
    try {
      while (!queue.done) {
        for (let batch = queue.ready(); batch && pool.hasRoom; batch = queue.ready()) {
          signal.throwIfAborted();
          progress.watch(batch.start());
        }
        const frame = queue.takeFrame();
        if (frame) yield frame;
        else await progress.made();
      }
    } finally {
      progress.close();
      queue.close();
    }
  }

  async trace(
    plan: Plan,
    cell: number,
    replicate: number,
    signal: AbortSignal,
  ): Promise<FramedModel[]> {
    const pool = await this.#threads();
    const group = groupOf(plan, cell);
    const shelf = new BlockShelf(pool, plan, group);
    try {
      const blocks = shelf.cell(cell);
      const { spec, truth } = plan.cells[cell]!;
      const work = LANES * generationWork(spec, truth.dim);
      const most = Math.min(TRACE_GENERATIONS, this.#paceOf(group).lineagesFor(work));
      const found: FramedModel[] = [];
      let [models, past]: [Words | null, Past] = [null, []];
      while (found.length < spec.generations) {
        signal.throwIfAborted();
        const task: AdvanceTask = {
          kind: 'advance',
          blocks,
          count: 1,
          firstReplicate: replicate,
          firstGeneration: found.length + 1,
          generationCount: Math.min(most, spec.generations - found.length),
          models,
          fates: null,
          past,
          want: 'trace',
        };
        const [result]: readonly Result[] = await pool.run([task]);
        ({ models, past } = result!);
        found.push(...unpackTrace(blocks.shape, truth.dim, spec, result!.trace!));
      }
      return found;
    } finally {
      shelf.clear();
    }
  }

  close(): void {
    this.#closed = true;
    this.#pool.close();
  }
}

function unpackTrace(
  { modelWords, ancestry }: Shape,
  dim: number,
  { fit }: Spec,
  trace: Words,
): FramedModel[] {
  return Array.from({ length: trace.length / modelWords }, (_, g) =>
    unpackModel(dim, fit.components, (w) => trace[g * modelWords + w]!, ancestry),
  );
}
