/** Runs one kernel of `shaders/kernels/` on given buffers and reads some of them back. */
import type { Constants } from '../../src/engine/webgpu/link.ts';
import { Pipelines } from '../../src/engine/webgpu/pipeline.ts';
import { dispatchShape } from '../../src/engine/webgpu/reductions.ts';
import { testDevice } from './dawn.ts';

export interface KernelRun {
  readonly kernel: string;
  readonly constants?: Constants;
  /** In order of binding; binding 0 is the uniform buffer. Outputs start as the bytes given. */
  readonly bindings: readonly ArrayBuffer[];
  /** Which bindings to read back. */
  readonly outputs: readonly number[];
  readonly workgroupCount: number;
}

export async function runKernel(run: KernelRun): Promise<ArrayBuffer[]> {
  const { kernel, constants, bindings, outputs, workgroupCount } = run;
  const device = await testDevice();
  const { compute, layout } = await new Pipelines(device).get(kernel, constants);
  const { UNIFORM, STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const buffers = bindings.map((bytes, binding) => {
    const usage = (binding === 0 ? UNIFORM : STORAGE) | COPY_DST | COPY_SRC;
    const buffer = device.createBuffer({ size: bytes.byteLength, usage });
    device.queue.writeBuffer(buffer, 0, bytes);
    return buffer;
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(compute);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(...dispatchShape(workgroupCount));
  pass.end();
  const staging = outputs.map((binding) => {
    const size = bindings[binding]!.byteLength;
    const buffer = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
    encoder.copyBufferToBuffer(buffers[binding]!, 0, buffer, 0, size);
    return buffer;
  });
  device.queue.submit([encoder.finish()]);
  await Promise.all(staging.map((buffer) => buffer.mapAsync(GPUMapMode.READ)));
  const results = staging.map((buffer) => buffer.getMappedRange().slice(0));
  for (const buffer of [...buffers, ...staging]) buffer.destroy();
  return results;
}
