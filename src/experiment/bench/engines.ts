/** Engines of this machine as contenders, each with what its device can do at most. */
import { CapabilityError } from '../../errors.ts';
import type { EngineName, PaceName } from '../../engine/engine.ts';
import { createReferenceEngine } from '../../engine/reference/engine.ts';
import { createWasmEngine } from '../../engine/wasm/engine.ts';
import type { ThreadHost } from '../../engine/wasm/threads.ts';
import { createWebGpuEngine } from '../../engine/webgpu/engine.ts';
import { engineContender, type Contender } from './contender.ts';
import { gpuPeak } from './peak-gpu.ts';
import { measurePeakRates, simdPeak, type PeakRates } from './peak-simd.ts';
import type { Absence } from './runner.ts';
import { turnMeter } from './turn-meter.ts';

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

/** What the place of a bench hands down. */
export interface BenchHost {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly threads: ThreadHost;
  /** Throws CapabilityError where there is none; undefined where the place has never heard of it. */
  readonly gpu: () => Promise<GPU | undefined>;
  /** Of a GPU's submits: whether somebody looks at a page meanwhile. */
  readonly pace: PaceName;
  /** Once it aborts, no further engine is opened. */
  readonly signal: AbortSignal;
}

/** Opens each engine asked for; what this machine does not have is listed with its reason. */
export async function openEngines(
  names: readonly BenchEngine[],
  { now, threads: host, gpu, pace, signal }: BenchHost,
): Promise<Opened> {
  // Before the peak kernels are looked at: one of them is relaxed.
  host.allowRelaxedSimd?.();
  const place: Place = { now, host, gpu, pace, rates: rememberedRates(host) };
  const contenders: Contender[] = [];
  const missing: Absence[] = [];
  for (const name of names) {
    if (signal.aborted) break;
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
interface Place extends Pick<BenchHost, 'now' | 'gpu' | 'pace'> {
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

/** Lineages that fill a GPU's workgroups, or some threads with vectors of four. */
const GRAIN = 64;
/** Lineages of a workgroup of teams of four. */
const SOFTWARE_GRAIN = 16;

const OPENERS: Readonly<Record<BenchEngine, (place: Place) => Promise<Contender[]>>> = {
  webgpu: async ({ now, host: { threadCount }, rates, gpu: find, pace }) => {
    const gpu = await find();
    const engine = await createWebGpuEngine(gpu, { pace });
    const { software } = engine.adapter;
    const name = software ? 'webgpu, software' : 'webgpu';
    const peak =
      (await gpuPeak(gpu!, now)) ?? simdPeak(await rates(threadCount), threadCount, 'simd');
    const threads = software ? threadCount : null;
    const grain = software ? SOFTWARE_GRAIN : GRAIN;
    return [engineContender(engine, { name, peak, grain, now, threads, slow: software })];
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
  const build = engine.adapter.build!;
  const set = build === 'relaxed' ? 'simd-relaxed' : 'simd';
  const peak = simdPeak(await rates(threads), threads, set);
  const name = `wasm ${build}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return engineContender(engine, { name, threads, build, peak, grain: GRAIN, now });
}
