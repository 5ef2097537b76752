/**
 * WebGPU in Node for tests: Dawn on the adapter that global-setup chose. `gpu` is null only where
 * global-setup has already said that there is none.
 */
import { describe } from 'vitest';
import { restWhileWaiting } from '../../src/cli/dawn-rest.ts';

/**
 * Dawn without its zeroing of workgroup memory: kernels write theirs before they read it, which this
 * holds them to, and SwiftShader compiles the zeroing of 16 KiB word by word, for 1.6 s a kernel
 * instead of .04 s.
 */
const DAWN_FLAGS = ['enable-dawn-features=disable_workgroup_init'];

/** Dawn crashes the process when this object is collected, so the module holds it for ever. */
export const gpu: GPU | null = process.env.GENLOSS_NO_ADAPTER ? null : await loadDawn();

/** A suite that needs WebGPU; shown as skipped where there is none. */
export const describeGpu = describe.skipIf(!gpu);

async function loadDawn(): Promise<GPU> {
  const { create, globals } = await import('webgpu');
  restWhileWaiting(globals);
  Object.assign(globalThis, globals);
  return create(DAWN_FLAGS);
}

let device: Promise<GPUDevice> | null = null;

/** One device per test file. Uncaptured errors fail the process, not only the test. */
export function testDevice(): Promise<GPUDevice> {
  device ??= openTestDevice();
  return device;
}

async function openTestDevice(): Promise<GPUDevice> {
  const adapter = await gpu?.requestAdapter();
  if (!adapter) throw new Error('Dawn found an adapter at the start of the run, and now none.');
  const subgroups: GPUFeatureName[] = adapter.features.has('subgroups') ? ['subgroups'] : [];
  const opened = await adapter.requestDevice({ requiredFeatures: subgroups });
  opened.onuncapturederror = ({ error }) => {
    throw new Error(`WebGPU: ${error.message}`);
  };
  return opened;
}
