/**
 * An adapter and a device from an injected GPU object (navigator.gpu, or Dawn's, which the caller
 * keeps referenced for the life of the process), with the limits a run needs and no others, and
 * failures said as sentences.
 */
import { CapabilityError, EngineError } from '../../errors.ts';
import type { AdapterInfo } from '../engine.ts';

export type LimitName =
  | 'maxBufferSize'
  | 'maxStorageBufferBindingSize'
  | 'maxStorageBuffersPerShaderStage'
  | 'maxComputeWorkgroupStorageSize'
  | 'maxComputeInvocationsPerWorkgroup';
export type Limits = Readonly<Partial<Record<LimitName, number>>>;

export interface DeviceRequest {
  /** Without these the run cannot be: CapabilityError with need and have. */
  readonly needs?: Limits;
  /** As much of these as the adapter has. */
  readonly wants?: Limits;
  readonly powerPreference?: GPUPowerPreference;
}

export interface OpenDevice {
  readonly device: GPUDevice;
  readonly adapter: AdapterInfo;
  /** Lanes that every subgroup has at least; 0 where there are no subgroups. */
  readonly subgroupLanes: number;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/** Opens the GPU. Throws CapabilityError where there is none or it is too small. */
export async function openDevice(
  gpu: GPU | undefined,
  request: DeviceRequest = {},
): Promise<OpenDevice> {
  if (!gpu) {
    throw new CapabilityError(
      'WebGPU is needed and this host has none: use Chrome 121 or later over https or localhost, ' +
        'or another engine.',
    );
  }
  const { needs = {}, wants = {}, powerPreference = 'high-performance' } = request;
  const adapter = await gpu.requestAdapter({ powerPreference });
  if (!adapter) {
    throw new CapabilityError(
      'A WebGPU adapter is needed and the GPU drivers of this machine offer none: ' +
        'install a Vulkan, Metal or D3D12 driver, or use another engine.',
    );
  }
  const requiredLimits = chooseLimits(adapter.limits, needs, wants);
  try {
    const subgroups = adapter.features.has('subgroups');
    const requiredFeatures: GPUFeatureName[] = subgroups ? ['subgroups'] : [];
    const device = await adapter.requestDevice({
      label: 'genloss',
      requiredLimits,
      requiredFeatures,
    });
    void device.lost.then((info) => lostDevices.set(device, info));
    const subgroupLanes = subgroups ? adapter.info.subgroupMinSize : 0;
    return { device, adapter: describeAdapter(adapter.info), subgroupLanes };
  } catch (error) {
    throw new CapabilityError(`The adapter refused a device: ${reasonOf(error)}`, { cause: error });
  }
}

/** What to ask of an adapter that has `have`. */
export function chooseLimits(
  have: Readonly<Record<LimitName, number>>,
  needs: Limits,
  wants: Limits,
): Record<string, number> {
  const missing = entriesOf(needs).filter(([name, need]) => have[name] < need);
  if (missing.length > 0) {
    const lines = missing.map(
      ([name, need]) => `${name}: ${need} is needed and this adapter has ${have[name]}`,
    );
    throw new CapabilityError(`${lines.join('; ')}. Lower replicates, or use another engine.`);
  }
  const required: Record<string, number> = Object.fromEntries(entriesOf(needs));
  for (const [name, want] of entriesOf(wants)) {
    required[name] = Math.max(required[name] ?? 0, Math.min(want, have[name]));
  }
  return required;
}

const entriesOf = (limits: Limits): [LimitName, number][] =>
  Object.entries(limits) as [LimitName, number][];

/** Names the adapter for people, and says whether a CPU is behind it. */
export function describeAdapter(info: GPUAdapterInfo): AdapterInfo {
  const { vendor, architecture, device, description, isFallbackAdapter } = info;
  const words = [vendor, architecture, device, description].join(' ');
  const name = description || device || `${vendor} ${architecture}`.trim() || 'unnamed adapter';
  const software = isFallbackAdapter || SOFTWARE.test(words);
  return { description: name, vendor, architecture, software };
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const lostDevices = new WeakMap<GPUDevice, GPUDeviceLostInfo>();

/**
 * The result of GPU work; a failure as EngineError, with the reason where the device was lost.
 * `device.lost` gets one handler per device and not one per call, which would never be freed.
 */
export async function whileAlive<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // The work's rejection and `lost` settle in no promised order: give `lost` its turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const lost = lostDevices.get(device);
    const reason = lost
      ? `The GPU device was lost (${lost.reason}): ${lost.message}`
      : reasonOf(error);
    throw new EngineError(reason, { cause: error });
  }
}

/**
 * Runs `make`, which creates buffers or pipelines, and reports what WebGPU otherwise only logs:
 * CapabilityError for out of memory, EngineError for anything invalid.
 */
export async function checked<T>(device: GPUDevice, what: string, make: () => T): Promise<T> {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const made = make();
  const [memory, validation] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
  if (memory) {
    throw new CapabilityError(`${what} does not fit into the GPU's memory: ${memory.message}`);
  }
  if (validation) throw new EngineError(`${what}: ${validation.message}`);
  return made;
}
