/** Every engine this machine has, for tests that hold them to the same contract. */
import { nodeThreads } from '../../src/cli/threads.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import { createWebGpuEngine } from '../../src/engine/webgpu/engine.ts';
import { gpu } from './dawn.ts';

export interface EngineUnderTest {
  readonly name: string;
  open(): Promise<Engine>;
}

/** Engines in f32. Where there is no adapter, global-setup has already said that WebGPU does not run. */
export const floatEngines: readonly EngineUnderTest[] = [
  { name: 'wasm', open: async () => createWasmEngine({ host: await nodeThreads(), threads: 2 }) },
  ...(gpu ? [{ name: 'webgpu', open: () => createWebGpuEngine(gpu!) }] : []),
];

export const enginesUnderTest: readonly EngineUnderTest[] = [
  { name: 'reference', open: async () => createReferenceEngine() },
  ...floatEngines,
];

/** WASM without kernels for anything: every lineage is handed over to the reference's code. */
export const handingOver: EngineUnderTest = {
  name: 'wasm, handed over',
  async open() {
    const engine = await createWasmEngine({ host: await nodeThreads(), threads: 2 });
    const lacks = [{ reason: 'everything', paths: [], holds: () => true }];
    return Object.assign(engine, { limits: { ...engine.limits, lacks } });
  },
};
