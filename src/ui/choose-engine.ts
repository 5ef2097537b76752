/** Which engine a run gets, and a sentence where it is not the one that was hoped for. */
import type { Engine } from '../engine/engine.ts';
import { createReferenceEngine } from '../engine/reference/engine.ts';
import { createWebGpuEngine } from '../engine/webgpu/engine.ts';
import { CapabilityError } from '../errors.ts';
import type { EngineChoice } from './worker-api.ts';

export interface ChosenEngine {
  readonly engine: Engine;
  /** '' where nothing needs saying. */
  readonly notice: string;
}

export const NO_ADAPTER =
  'No WebGPU adapter here: running on the f64 reference engine, one thread of JavaScript.';

const SOFTWARE_ADAPTER =
  'The only WebGPU adapter here is software, which is slower than the reference engine: running ' +
  'on the f64 reference engine. Choose WebGPU to run on the adapter all the same.';

/** @throws CapabilityError where WebGPU is asked for and cannot be had. */
export async function chooseEngine(
  gpu: GPU | undefined,
  choice: EngineChoice,
): Promise<ChosenEngine> {
  if (choice === 'reference') return { engine: createReferenceEngine(), notice: '' };
  if (choice === 'webgpu') return { engine: await createWebGpuEngine(gpu), notice: '' };
  try {
    const engine = await createWebGpuEngine(gpu);
    if (!engine.adapter.software) return { engine, notice: '' };
    engine.close();
    return { engine: createReferenceEngine(), notice: SOFTWARE_ADAPTER };
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    return { engine: createReferenceEngine(), notice: NO_ADAPTER };
  }
}
