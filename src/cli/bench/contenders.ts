/** Engines of this machine as contenders, each with what its device can do at most. */
import { availableParallelism } from 'node:os';
import { CapabilityError } from '../../errors.ts';
import type { EngineName } from '../../engine/engine.ts';
import { createReferenceEngine } from '../../engine/reference/engine.ts';
import { createWebGpuEngine } from '../../engine/webgpu/engine.ts';
import { engineContender, type Contender } from '../../experiment/bench/contender.ts';
import { gpuPeak } from '../../experiment/bench/peak-gpu.ts';
import { measurePeakRates, simdPeak, type PeakRates } from '../../experiment/bench/peak-simd.ts';
import type { Absence } from '../../experiment/bench/runner.ts';
import { gpuOnDemand } from '../engines.ts';
import { allowRelaxedSimd, turnMeter } from './turn-meter.ts';

export const BENCH_ENGINES = ['webgpu', 'reference'] as const satisfies readonly EngineName[];
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
  allowRelaxedSimd();
  const rates = rememberedRates();
  const contenders: Contender[] = [];
  const missing: Absence[] = [];
  for (const name of names) {
    try {
      contenders.push(...(await OPENERS[name](now, rates)));
    } catch (error) {
      if (!(error instanceof CapabilityError)) throw error;
      missing.push({ contender: name, reason: error.message });
    }
  }
  return { contenders, missing };
}

type Rates = (threads: number) => Promise<PeakRates>;
type Opener = (now: () => number, rates: Rates) => Promise<Contender[]>;

/** Each number of threads is measured once, and only if somebody asks. */
function rememberedRates(): Rates {
  const known = new Map<number, Promise<PeakRates>>();
  return (threads) => {
    const found = known.get(threads) ?? measurePeakRates(threads, turnMeter);
    known.set(threads, found);
    return found;
  };
}

const OPENERS: Readonly<Record<BenchEngine, Opener>> = {
  webgpu: async (now, rates) => {
    const gpu = await gpuOnDemand();
    const engine = await createWebGpuEngine(gpu);
    const cores = availableParallelism();
    const { software } = engine.adapter;
    const name = software ? 'webgpu, software' : 'webgpu';
    const peak = (await gpuPeak(gpu, now)) ?? simdPeak(await rates(cores), cores, 'simd');
    return [
      engineContender(engine, { name, peak, grain: 64, now, threads: software ? cores : null }),
    ];
  },
  reference: async (now) => [
    engineContender(createReferenceEngine(), { name: 'reference', threads: 1, slow: true, now }),
  ],
};
