/**
 * The library: the same line from spec to results in a program, in Node and in the browser.
 *
 *   import { run, presets, summaryAt } from 'genloss';
 *   const results = await run({ truth: { kind: 'blobs', components: 2 } });
 */
import { CapabilityError } from './errors.ts';
import type { Engine, EngineName } from './engine/engine.ts';
import { createReferenceEngine } from './engine/reference/engine.ts';
import { createWasmEngine as createOnThreads } from './engine/wasm/engine.ts';
import { describeAdapter } from './engine/webgpu/device.ts';
import { createWebGpuEngine } from './engine/webgpu/engine.ts';
import type { Results } from './experiment/results.ts';
import { runExperiment, type RunOptions } from './experiment/run.ts';
import { bundledCsv } from './model/data/bundled.ts';
import { parseCsv } from './model/data/csv.ts';
import type { DataSet } from './model/truth.ts';
import { planRun } from './plan/plan-run.ts';
import { parseSpec, type TruthSpec } from './spec/schema.ts';
import { nodeThreads } from './cli/threads.ts';
import { browserThreads } from './ui/threads.ts';

export interface LibraryOptions extends RunOptions {
  /** `auto` (the default) takes a real GPU, else wasm, on all threads. Or an engine to keep. */
  readonly engine?: 'auto' | EngineName | Engine;
  /**
   * Where to look for a GPU: `navigator.gpu` unless given. In Node, `create([])` of the package
   * `webgpu`; keep that object referenced for the life of the process.
   */
  readonly gpu?: GPU;
  /** Text of the CSV file that a data truth names; bundled data sets need none. */
  readonly csv?: string;
  /** Most lineages a spec may ask for. */
  readonly maxLineages?: number;
  /** Most lineages in flight at once. */
  readonly batchLineages?: number;
}

/**
 * Runs an experiment, given as anything that `parseSpec` takes.
 * Throws SpecError (all problems), CapabilityError (need and have) or EngineError; when the signal
 * aborts, resolves with what is there and `complete` false.
 */
export async function run(input: unknown, options: LibraryOptions = {}): Promise<Results> {
  const { maxLineages, batchLineages, csv } = options;
  const spec = parseSpec(input, maxLineages === undefined ? {} : { maxLineages });
  const data = dataOf(spec.truth, csv);
  const { engine, owned } = await engineOf(options);
  try {
    const plan = planRun(spec, engine.limits, {
      data,
      ...(batchLineages !== undefined && { batchLineages }),
    });
    return await runExperiment(plan, engine, options);
  } finally {
    if (owned) engine.close();
  }
}

function dataOf(truth: TruthSpec, csv: string | undefined): DataSet | null {
  if (truth.kind !== 'data') return null;
  const text = csv ?? bundledCsv(truth.file);
  return text === null ? null : parseCsv(text, truth);
}

/** `owned`: made here, so closed here. */
async function engineOf({ engine = 'auto', gpu }: LibraryOptions) {
  if (typeof engine !== 'string') return { engine, owned: false };
  if (engine === 'reference') return { engine: createReferenceEngine(), owned: true };
  if (engine === 'wasm') return { engine: await createWasmEngine(), owned: true };
  const found = gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
  if (engine === 'webgpu') {
    if (!found) throw new CapabilityError('WebGPU is needed and there is none: give `gpu`.');
    return { engine: await createWebGpuEngine(found), owned: true };
  }
  const adapter = await found?.requestAdapter();
  const real = found && adapter && !describeAdapter(adapter.info).software;
  const chosen = real ? await createWebGpuEngine(found) : await onProcessor();
  return { engine: chosen, owned: true };
}

/** WebAssembly, or where that cannot be had the reference engine. */
async function onProcessor(): Promise<Engine> {
  try {
    return await createWasmEngine();
  } catch (error) {
    if (error instanceof CapabilityError) return createReferenceEngine();
    throw error;
  }
}

/**
 * The engine in WebAssembly, on `threads` threads, all of the machine's unless given. `relaxed` off
 * gives the same bytes on every processor. It is to be closed, or its threads stay.
 * Throws CapabilityError where there is no WebAssembly with SIMD, or no threads.
 */
export async function createWasmEngine(
  options: { readonly threads?: number; readonly relaxed?: 'auto' | 'off' } = {},
): Promise<Engine> {
  const node = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions
    ?.node;
  return createOnThreads({ host: node ? await nodeThreads() : browserThreads(), ...options });
}

export { CapabilityError, EngineError, SpecError, type Problem } from './errors.ts';
export type { AdapterInfo, Engine, EngineName } from './engine/engine.ts';
export { createReferenceEngine } from './engine/reference/engine.ts';
export { createWebGpuEngine } from './engine/webgpu/engine.ts';
export {
  attributionOf,
  type Attribution,
  type AttributionRequest,
} from './experiment/attribution/attribution.ts';
export {
  factorialOf,
  planFactorial,
  runFactorial,
  type Factorial,
  type FactorialRun,
} from './experiment/attribution/factorial.ts';
export { rankingOf, type Ranking, type RankingRequest } from './experiment/mitigations/ranking.ts';
export {
  planTrials,
  runTrials,
  trialsOf,
  type TrialRun,
  type Trials,
} from './experiment/mitigations/trials.ts';
export { resultsCsv } from './experiment/export/csv.ts';
export type { Progress } from './experiment/progress.ts';
export * from './experiment/results.ts';
export { runExperiment, type RunOptions } from './experiment/run.ts';
export { fan, type Fan } from './experiment/views/fan.ts';
export { heatMap, type HeatMap, type HeatMapRequest } from './experiment/views/heat-map.ts';
export { planRun, type PlanOptions } from './plan/plan-run.ts';
export type { Plan } from './plan/plan.ts';
export { presets } from './spec/presets.ts';
export { parseSpec, type ParseOptions, type Spec } from './spec/schema.ts';
export { STATISTICS, type StatisticName, type StatisticRow } from './spec/statistics.ts';
