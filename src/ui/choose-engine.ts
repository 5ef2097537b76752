/** Which engine a run gets, and a sentence where it is not the one that was hoped for. */
import type { Engine } from '../engine/engine.ts';
import { createReferenceEngine } from '../engine/reference/engine.ts';
import { createWasmEngine } from '../engine/wasm/engine.ts';
import { describeAdapter } from '../engine/webgpu/device.ts';
import { createWebGpuEngine } from '../engine/webgpu/engine.ts';
import { CapabilityError } from '../errors.ts';
import { browserThreads } from './threads.ts';
import type { EngineChoice } from './worker-api.ts';

export interface ChosenEngine {
  readonly engine: Engine;
  /** '' where nothing needs saying. */
  readonly notice: string;
}

const NO_WEBGPU = 'This browser has no WebGPU';
const NO_ADAPTER = 'No WebGPU adapter here';
const SOFTWARE_ADAPTER =
  'The only WebGPU adapter here is software, which is slower (choose WebGPU to run on it all the same)';

/**
 * `auto` is WebGPU on a real GPU, else WebAssembly, and never a software adapter.
 * @throws CapabilityError where an engine is asked for by name and cannot be had.
 */
export async function chooseEngine(
  gpu: GPU | undefined,
  choice: EngineChoice,
): Promise<ChosenEngine> {
  if (choice === 'reference') return { engine: createReferenceEngine(), notice: '' };
  if (choice === 'wasm') return { engine: await createWasm(), notice: '' };
  if (choice === 'webgpu') return { engine: await createWebGpuEngine(gpu), notice: '' };
  if (!gpu) return onProcessor(NO_WEBGPU);
  // Looked at before it is opened: a software adapter would compile for seconds, and for nothing.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return onProcessor(NO_ADAPTER);
  if (describeAdapter(adapter.info).software) return onProcessor(SOFTWARE_ADAPTER);
  try {
    return { engine: await createWebGpuEngine(gpu), notice: '' };
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    return onProcessor(`The GPU is of no use here (${error.message})`);
  }
}

const createWasm = (): Promise<Engine> => createWasmEngine({ host: browserThreads() });

/** WebAssembly, or where that cannot be had the reference engine. */
async function onProcessor(reason: string): Promise<ChosenEngine> {
  try {
    const engine = await createWasm();
    return { engine, notice: `${reason}: running on the processor, by WebAssembly.` };
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    const notice = `${reason}. ${error.message} Running on the f64 reference engine.`;
    return { engine: createReferenceEngine(), notice };
  }
}
