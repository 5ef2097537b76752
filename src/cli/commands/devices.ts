/** `genloss devices`: what there is to run on, and what `--engine auto` would take. */
import type { Command } from 'commander';
import { CapabilityError } from '../../errors.ts';
import type { EngineName } from '../../engine/engine.ts';
import { createReferenceEngine } from '../../engine/reference/engine.ts';
import { describeAdapter } from '../../engine/webgpu/device.ts';
import { chooseEngine, gpuOnDemand } from '../engines.ts';
import type { Host } from '../host.ts';

interface DeviceRow {
  readonly engine: EngineName;
  readonly description: string;
  readonly software: boolean;
  readonly bufferBytes: number | null;
  /** True for the one that --engine auto takes. */
  readonly auto: boolean;
}

export function addDevices(program: Command, host: Host) {
  program
    .command('devices')
    .summary('list what there is to run on')
    .description('Lists what there is to run on, and what --engine auto would take.')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const rows = await devices();
      if (json) return host.out(`${JSON.stringify(rows, null, 2)}\n`);
      rows.forEach((row) => host.out(`${lineOf(row)}\n`));
    });
}

async function devices(): Promise<DeviceRow[]> {
  const adapter = await findAdapter();
  const info = adapter && describeAdapter(adapter.info);
  const real = info !== null && !info.software;
  const wasm = await wasmDescription();
  const rows: DeviceRow[] = [
    {
      engine: 'reference',
      description: createReferenceEngine().adapter.description,
      software: true,
      bufferBytes: null,
      auto: !real && wasm === null,
    },
  ];
  if (wasm !== null) {
    const row = { description: wasm, software: true, bufferBytes: null, auto: !real } as const;
    rows.unshift({ engine: 'wasm', ...row });
  }
  if (adapter && info) {
    rows.unshift({
      engine: 'webgpu',
      description: info.description,
      software: info.software,
      bufferBytes: adapter.limits.maxStorageBufferBindingSize,
      auto: real,
    });
  }
  return rows;
}

/** Null where the host has no WebAssembly with SIMD, or no threads. */
async function wasmDescription(): Promise<string | null> {
  try {
    const { engine } = await chooseEngine('wasm');
    engine.close();
    return engine.adapter.description;
  } catch (error) {
    if (error instanceof CapabilityError) return null;
    throw error;
  }
}

async function findAdapter(): Promise<GPUAdapter | null> {
  try {
    const gpu = await gpuOnDemand();
    return await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    if (error instanceof CapabilityError) return null;
    throw error;
  }
}

function lineOf({ engine, description, software, bufferBytes, auto }: DeviceRow): string {
  const notes = [
    engine === 'webgpu' && software && 'software adapter, only on --engine webgpu',
    bufferBytes !== null && `${Math.floor(bufferBytes / 2 ** 20)} MiB per buffer`,
    auto && '--engine auto takes this',
  ].filter((note) => note !== false);
  return `${engine.padEnd(9)}  ${description}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}
