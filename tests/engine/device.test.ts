import { describe, expect, test } from 'vitest';
import { CapabilityError, EngineError } from '../../src/errors.ts';
import {
  checked,
  chooseLimits,
  describeAdapter,
  openDevice,
  whileAlive,
  type LimitName,
} from '../../src/engine/webgpu/device.ts';
import { Readback } from '../../src/engine/webgpu/readback.ts';
import { describeGpu, gpu } from '../support/dawn.ts';

const HAVE: Record<LimitName, number> = {
  maxBufferSize: 1000,
  maxStorageBufferBindingSize: 500,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
};

describe('limits', () => {
  test('asks for what is needed, and for as much of what is wanted as there is', () => {
    const wants = { maxBufferSize: 2000, maxStorageBufferBindingSize: 400 };
    expect(chooseLimits(HAVE, { maxStorageBuffersPerShaderStage: 8 }, wants)).toEqual({
      maxStorageBuffersPerShaderStage: 8,
      maxBufferSize: 1000,
      maxStorageBufferBindingSize: 400,
    });
  });

  test('names every need that is not met, with what there is', () => {
    const choose = () =>
      chooseLimits(HAVE, { maxBufferSize: 1001, maxStorageBuffersPerShaderStage: 9 }, {});
    expect(choose).toThrow(CapabilityError);
    expect(choose).toThrow(
      /maxBufferSize: 1001 is needed and this adapter has 1000; maxStorageBuffersPerShaderStage: 9/,
    );
  });
});

describe('adapters', () => {
  const info = (fields: Partial<GPUAdapterInfo>): GPUAdapterInfo =>
    ({ vendor: '', architecture: '', device: '', description: '', ...fields }) as GPUAdapterInfo;

  test('a CPU in disguise is software, whether or not it says so', () => {
    expect(describeAdapter(info({ vendor: 'google', architecture: 'swiftshader' })).software).toBe(
      true,
    );
    expect(describeAdapter(info({ description: 'llvmpipe (LLVM 15)' })).software).toBe(true);
    expect(describeAdapter(info({ isFallbackAdapter: true })).software).toBe(true);
    expect(describeAdapter(info({ vendor: 'nvidia', architecture: 'hopper' }))).toEqual({
      description: 'nvidia hopper',
      vendor: 'nvidia',
      architecture: 'hopper',
      software: false,
    });
  });

  test('no WebGPU and no adapter are sentences with a remedy', async () => {
    await expect(openDevice(undefined)).rejects.toThrow(/^WebGPU is needed and this host has none/);
    const bare = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(openDevice(bare)).rejects.toThrow(/drivers of this machine offer none/);
    await expect(openDevice(bare)).rejects.toBeInstanceOf(CapabilityError);
  });
});

describeGpu('on a device', () => {
  test('limits reach the device', async () => {
    const { device } = await openDevice(gpu!, { wants: { maxBufferSize: 2 ** 29 } });
    expect(device.limits.maxBufferSize).toBe(2 ** 29);
    device.destroy();
  });

  test('an invalid buffer and one too large are errors of ours', async () => {
    const { device } = await openDevice(gpu!);
    const storage = (size: number) => () =>
      device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
    await expect(checked(device, 'Ring', storage(64))).resolves.toBeInstanceOf(GPUBuffer);
    const beyond = checked(device, 'Ring', storage(device.limits.maxBufferSize + 4));
    await expect(beyond).rejects.toThrow(/^Ring: /);
    await expect(beyond).rejects.toBeInstanceOf(EngineError);
    device.destroy();
  });

  test('work on a lost device fails with the reason', async () => {
    const { device } = await openDevice(gpu!);
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const buffer = device.createBuffer({ size: 4, usage: MAP_READ | COPY_DST });
    const work = whileAlive(device, buffer.mapAsync(GPUMapMode.READ));
    device.destroy();
    await expect(work).rejects.toBeInstanceOf(EngineError);
    await expect(work).rejects.toThrow(/lost \(destroyed\)/);
  });

  test('readbacks overlap, and staging buffers are used again', async () => {
    const { device } = await openDevice(gpu!);
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const source = device.createBuffer({ size: 16, usage: STORAGE | COPY_SRC | COPY_DST });
    const created: number[] = [];
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      created.push(descriptor.size);
      return create(descriptor);
    };
    const readback = new Readback(device, 12);
    const submit = (value: number) => {
      device.queue.writeBuffer(source, 0, new Uint32Array(4).fill(value));
      const encoder = device.createCommandEncoder();
      const read = readback.copy(encoder, [
        { buffer: source, byteLength: 8 },
        { buffer: source, byteOffset: 12, byteLength: 4 },
      ]);
      device.queue.submit([encoder.finish()]);
      return read();
    };
    const words = (parts: ArrayBuffer[]) => parts.map((part) => [...new Uint32Array(part)]);
    const [first, second] = await Promise.all([submit(1), submit(2)]);
    expect([words(first!), words(second!)]).toEqual([
      [[1, 1], [1]],
      [[2, 2], [2]],
    ]);
    expect(words(await submit(3))).toEqual([[3, 3], [3]]);
    expect(created).toEqual([12, 12]);
    readback.destroy();
    device.destroy();
  });
});
