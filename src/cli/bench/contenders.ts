/** Engines of this machine as contenders, each with what its device can do at most. */
import { CapabilityError } from '../../errors.ts';
import type { EngineName } from '../../engine/engine.ts';
import { createReferenceEngine } from '../../engine/reference/engine.ts';
import { createWasmEngine } from '../../engine/wasm/engine.ts';
import type { ThreadHost } from '../../engine/wasm/threads.ts';
import { createWebGpuEngine } from '../../engine/webgpu/engine.ts';
import { engineContender, type Contender } from '../../experiment/bench/contender.ts';
import { gpuPeak } from '../../experiment/bench/peak-gpu.ts';
import { measurePeakRates, simdPeak, type PeakRates } from '../../experiment/bench/peak-simd.ts';
import type { Absence } from '../../experiment/bench/runner.ts';
import { turnMeter } from '../../experiment/bench/turn-meter.ts';
import { gpuOnDemand } from '../engines.ts';
import { nodeThreads } from '../threads.ts';

export const BENCH_ENGINES = [
  'webgpu',
  'wasm',
  'reference',
] as const satisfies readonly EngineName[];
export type BenchEngine = (typeof BENCH_ENGINES)[number];

export interface Opened {
  readonly contenders: Contender[];
  readonly missing: Absence[];
}

/** Opens each engine asked for; what this machine does not have is listed with its reason. */
export async function openEngines(
  names: readonly BenchEngine[],
  now: () => number,
): Promise<Opened> {
  const host = await nodeThreads();
  // Before the peak kernels are looked at: one of them is relaxed.
  host.allowRelaxedSimd?.();
  const place: Place = { now, host, rates: rememberedRates(host) };
  const contenders: Contender[] = [];
  const missing: Absence[] = [];
  for (const name of names) {
    try {
      contenders.push(...(await OPENERS[name](place)));
    } catch (error) {
      if (!(error instanceof CapabilityError)) throw error;
      missing.push({ contender: name, reason: error.message });
    }
  }
  return { contenders, missing };
}

/** What openers share. */
interface Place {
  readonly now: () => number;
  readonly host: ThreadHost;
  /** Rates of the peak kernels in so many threads at once. */
  rates(threads: number): Promise<PeakRates>;
}

/** Each number of threads is measured once, and only if somebody asks. */
function rememberedRates(host: ThreadHost): Place['rates'] {
  const known = new Map<number, Promise<PeakRates>>();
  return (threads) => {
    const found = known.get(threads) ?? measurePeakRates(threads, turnMeter(host));
    known.set(threads, found);
    return found;
  };
}

/** Lineages of a GPU's workgroup; four vectors of lineages for each of some threads. */
const GRAIN = 64;

const OPENERS: Readonly<Record<BenchEngine, (place: Place) => Promise<Contender[]>>> = {
  webgpu: async ({ now, host: { threadCount }, rates }) => {
    const gpu = await gpuOnDemand();
    const engine = await createWebGpuEngine(gpu);
    const { software } = engine.adapter;
    const name = software ? 'webgpu, software' : 'webgpu';
    const peak =
      (await gpuPeak(gpu, now)) ?? simdPeak(await rates(threadCount), threadCount, 'simd');
    const threads = software ? threadCount : null;
    return [engineContender(engine, { name, peak, grain: GRAIN, now, threads })];
  },
  wasm: async (place) => {
    const opened: Contender[] = [];
    for (const threads of new Set([1, place.host.threadCount])) {
      for (const relaxed of ['off', 'auto'] as const) {
        // One after another: the peak kernels want the machine for themselves.
        const contender = await openWasm(place, threads, relaxed);
        // Where the host has no relaxed SIMD, `auto` is the plain build once more.
        if (opened.some(({ name }) => name === contender.name)) contender.close();
        else opened.push(contender);
      }
    }
    return opened;
  },
  reference: async ({ now }) => [
    engineContender(createReferenceEngine(), { name: 'reference', threads: 1, slow: true, now }),
  ],
};

async function openWasm(
  { now, host, rates }: Place,
  threads: number,
  relaxed: 'auto' | 'off',
): Promise<Contender> {
  const engine = await createWasmEngine({ host, threads, relaxed });
  const fused = engine.adapter.description.includes('relaxed');
  const build = fused ? 'relaxed' : 'simd128';
  const peak = simdPeak(await rates(threads), threads, fused ? 'simd-relaxed' : 'simd');
  const name = `wasm ${build}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return engineContender(engine, { name, threads, build, peak, grain: GRAIN, now });
}
