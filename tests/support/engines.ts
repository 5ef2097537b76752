/** Every engine this machine has, for tests that hold them to the same contract. */
import type { Engine } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { createWebGpuEngine } from '../../src/engine/webgpu/engine.ts';
import { gpu } from './dawn.ts';

export interface EngineUnderTest {
  readonly name: string;
  open(): Promise<Engine>;
}

/** Where there is no adapter, global-setup has already said that WebGPU does not run. */
export const enginesUnderTest: readonly EngineUnderTest[] = [
  { name: 'reference', open: async () => createReferenceEngine() },
  ...(gpu ? [{ name: 'webgpu', open: () => createWebGpuEngine(gpu!) }] : []),
];
