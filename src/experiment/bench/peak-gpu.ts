/**
 * How many operations a second a GPU can do at most: shaders/kernels/peak.wgsl on the whole device,
 * a product and its sum being one operation.
 */
import { openDevice, whileAlive } from '../../engine/webgpu/device.ts';
import { Pipelines } from '../../engine/webgpu/pipeline.ts';
import type { Peak } from './contender.ts';

/** Of peak.wgsl: 16 chains, 8 links a turn, 64 invocations a workgroup. */
const LINKS_A_TURN = 16 * 8;
const WORKGROUP = 64;
/** Enough for every device: an H200 holds 4224 of them at once. */
const WORKGROUPS = 16_384;

/** A dispatch lasts long enough to hide its start, and far from what drivers reset a GPU for. */
const LEAST_MS = 40;
const ATTEMPTS = 5;

/**
 * Null on a software adapter: what it can do at most is what the CPU can, which its compiler is far
 * from. Throws CapabilityError where there is no adapter.
 */
export async function gpuPeak(gpu: GPU, now: () => number): Promise<Peak | null> {
  const { device, adapter } = await openDevice(gpu);
  try {
    if (adapter.software) return null;
    const dispatch = await peakDispatch(device);
    const pairs = (await measure(dispatch, now)) * WORKGROUPS * WORKGROUP * LINKS_A_TURN;
    const how = `chains of a × b + c in WGSL, ${(pairs / 1e9).toFixed(0)} G/s`;
    return { opsPerSecond: pairs, set: 'gpu', how };
  } finally {
    device.destroy();
  }
}

/** Runs so many turns and resolves when the device has done them. */
type Dispatch = (turns: number) => Promise<void>;

async function peakDispatch(device: GPUDevice): Promise<Dispatch> {
  const pipeline = await new Pipelines(device).get('peak');
  const params = device.createBuffer({
    size: 16,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const sums = device.createBuffer({
    size: WORKGROUPS * WORKGROUP * 4,
    usage: GPUBufferUsage.STORAGE,
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [params, sums].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return async (turns) => {
    device.queue.writeBuffer(params, 0, Uint32Array.of(turns));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(WORKGROUPS);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await whileAlive(device, device.queue.onSubmittedWorkDone());
  };
}

/** Best of some dispatches that are long enough: a peak is what nothing disturbs. */
async function measure(dispatch: Dispatch, now: () => number): Promise<number> {
  let turns = 1;
  let best = 0;
  await dispatch(turns);
  for (let attempt = 0; attempt < ATTEMPTS;) {
    const began = now();
    await dispatch(turns);
    const elapsed = now() - began;
    if (elapsed < LEAST_MS) {
      turns *= 2;
      continue;
    }
    best = Math.max(best, (1000 * turns) / elapsed);
    attempt++;
  }
  return best;
}
