/**
 * How many operations a second a GPU can do at most: shaders/kernels/peak.wgsl on the whole device,
 * a product and its sum being one operation.
 */
import { checked, openDevice, whileAlive } from '../../engine/webgpu/device.ts';
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
    const pairs = await pairsPerSecond(device, now, WORKGROUPS);
    const how = `chains of a × b + c in WGSL, ${(pairs / 1e9).toFixed(0)} G/s`;
    return { opsPerSecond: pairs, set: 'gpu', how };
  } finally {
    device.destroy();
  }
}

/** Products with a sum that a device does in a second, in so many workgroups. */
export async function pairsPerSecond(
  device: GPUDevice,
  now: () => number,
  workgroups: number,
): Promise<number> {
  const turns = await turnsPerSecond(await peakDispatch(device, workgroups), now);
  return turns * workgroups * WORKGROUP * LINKS_A_TURN;
}

/** Runs so many turns and resolves when the device has done them. */
type Dispatch = (turns: number) => Promise<void>;

async function peakDispatch(device: GPUDevice, workgroups: number): Promise<Dispatch> {
  const { compute, layout } = await new Pipelines(device).get('peak');
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const params = device.createBuffer({ size: 16, usage });
  const size = workgroups * WORKGROUP * 4;
  const sums = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
  const entries = [params, sums].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindings = device.createBindGroup({ layout, entries });
  return async (turns) => {
    await checked(device, 'The peak kernel', () => {
      device.queue.writeBuffer(params, 0, Uint32Array.of(turns));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(compute);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(workgroups);
      pass.end();
      device.queue.submit([encoder.finish()]);
    });
    await whileAlive(device, device.queue.onSubmittedWorkDone());
  };
}

/** Best of some dispatches that are long enough: a peak is what nothing disturbs. */
async function turnsPerSecond(dispatch: Dispatch, now: () => number): Promise<number> {
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
