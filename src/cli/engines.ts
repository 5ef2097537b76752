/**
 * Which engine runs, and why. `auto` takes a real GPU, else WebAssembly on the processor's threads; a
 * software adapter is only ever used where WebGPU was asked for by name.
 */
import { Option } from 'commander';
import { CapabilityError } from '../errors.ts';
import type { Engine } from '../engine/engine.ts';
import { createReferenceEngine } from '../engine/reference/engine.ts';
import { createWasmEngine } from '../engine/wasm/engine.ts';
import { describeAdapter } from '../engine/webgpu/device.ts';
import { createWebGpuEngine } from '../engine/webgpu/engine.ts';
import { hasVulkan, openDawn, probeAdapter, useSwiftShader } from './dawn.ts';
import { nodeThreads } from './threads.ts';

export const ENGINE_CHOICES = ['auto', 'webgpu', 'wasm', 'reference'] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

export const engineOption = (): Option =>
  new Option('-e, --engine <NAME>', 'auto takes a real GPU, else wasm, on all threads')
    .choices(ENGINE_CHOICES)
    .default('auto');

export interface ChosenEngine {
  readonly engine: Engine;
  /** One sentence for stderr. */
  readonly why: string;
}

const NO_DAWN =
  'WebGPU in Node needs the package webgpu with a binary for this platform, and it could not be ' +
  'loaded: run npm install webgpu, or take --engine wasm.';
const NO_ADAPTER =
  'WebGPU needs an adapter and this machine offers none: install a Vulkan driver for the GPU, or ' +
  "for a software adapter Debian's packages chromium and libvulkan1, or take --engine wasm.";

/** No page waits between two submits. */
const UNWATCHED = { pace: 'turbo' } as const;

export async function chooseEngine(choice: EngineChoice): Promise<ChosenEngine> {
  if (choice === 'reference') return reference('as asked');
  if (choice === 'wasm') return wasm('as asked');
  if (choice === 'webgpu') return webgpu();
  const found = hasVulkan() ? await probeAdapter() : null;
  const seen = found && describeAdapter(found);
  if (seen?.software) return onSoftware(seen.description);
  const gpu = found === null ? null : await openDawn();
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!gpu || !adapter) return onProcessor('no GPU was found');
  const { software, description } = describeAdapter(adapter.info);
  if (software) return onSoftware(description);
  const engine = await createWebGpuEngine(gpu, UNWATCHED);
  return { engine, why: `WebGPU on ${engine.adapter.description}.` };
}

const onSoftware = (description: string): Promise<ChosenEngine> =>
  onProcessor(`the only adapter is software (${description})`);

/** WebAssembly, or where that cannot be had the reference engine. */
async function onProcessor(reason: string): Promise<ChosenEngine> {
  try {
    return await wasm(reason);
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    return reference(`${reason}. ${error.message}`);
  }
}

const reference = (reason: string): ChosenEngine => ({
  engine: createReferenceEngine(),
  why: `Reference engine (JavaScript, f64): ${reason}.`,
});

async function wasm(reason: string): Promise<ChosenEngine> {
  const engine = await createWasmEngine({ host: await nodeThreads() });
  return { engine, why: `${engine.adapter.description}: ${reason}.` };
}

async function webgpu(): Promise<ChosenEngine> {
  const engine = await createWebGpuEngine(await gpuOnDemand(), UNWATCHED);
  const software = engine.adapter.software ? ', a software adapter: correct, but slow' : '';
  return { engine, why: `WebGPU on ${engine.adapter.description}${software}.` };
}

/** Whether it is worth while to open Dawn here with the drivers that there are. */
const mayHaveAdapter = async (): Promise<boolean> => hasVulkan() && (await probeAdapter()) !== null;

/** Dawn with an adapter, where need be Chromium's SwiftShader. Throws CapabilityError. */
export async function gpuOnDemand(): Promise<GPU> {
  for (const isReady of [mayHaveAdapter, useSwiftShader]) {
    if (!(await isReady())) continue;
    const gpu = await openDawn();
    if (!gpu) throw new CapabilityError(NO_DAWN);
    if (await gpu.requestAdapter()) return gpu;
  }
  throw new CapabilityError(NO_ADAPTER);
}
