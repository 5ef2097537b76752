/**
 * Whether a device adds up over teams of lanes as it should. Drivers have shipped wrong subgroup
 * sizes and shuffles; a wrong sum would look like a result.
 */
import { WORKGROUP } from './constants.ts';
import type { Pipelines } from './pipeline.ts';
import { Readback } from './readback.ts';
import type { Mapping } from '../../plan/mapping.ts';

const WORKGROUPS = 4;
const ANSWERS = 4;

/** What invocation `id` puts in: a sum that shows its order, and a time with ties. */
const valueOf = (id: number): number => scrambled(id) >>> 8;
const timeOf = (id: number): number => (scrambled(id) >>> 4) & 3;

function scrambled(id: number): number {
  const spread = Math.imul(id, 2654435761);
  return Math.imul(spread ^ (spread >>> 15), 2246822519) >>> 0;
}

/** Words [invocation × (sum's bits, or, first)] that teams of `team` lanes must give. */
export function teamAnswers(team: number): Uint32Array {
  const count = WORKGROUPS * WORKGROUP;
  const answers = new Uint32Array(count * (ANSWERS - 1));
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let id = 0; id < count; id++) {
    const lanes = Array.from({ length: team }, (_, lane) => id - (id % team) + lane);
    let sums = lanes.map((lane) => Math.fround(valueOf(lane)));
    for (let half = team / 2; half >= 1; half /= 2) {
      const held = sums;
      sums = held.map((sum, lane) => Math.fround(sum + held[lane ^ half]!));
    }
    float[0] = sums[id % team]!;
    const first = lanes.reduce((best, lane) => (timeOf(lane) < timeOf(best) ? lane : best));
    answers.set([bits[0]!, team >= 32 ? 0xffffffff : 2 ** team - 1, first], id * (ANSWERS - 1));
  }
  return answers;
}

/** Runs the kernel team_test; false where any word is another. */
export async function teamsWork(
  device: GPUDevice,
  pipelines: Pipelines,
  team: number,
  sums: Mapping['sums'],
): Promise<boolean> {
  const constants = { TEAM: team, TEAM_LOG2: Math.log2(team), WORKGROUP };
  const { compute, layout } = await pipelines.get('team_test', constants, sums);
  const expected = teamAnswers(team);
  const size = WORKGROUPS * WORKGROUP * ANSWERS * 4;
  const { STORAGE, COPY_SRC } = GPUBufferUsage;
  const buffer = device.createBuffer({ label: 'answers', size, usage: STORAGE | COPY_SRC });
  const readback = new Readback(device, size);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass({ label: 'team_test' });
  pass.setPipeline(compute);
  const entries = [{ binding: 0, resource: { buffer } }];
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(WORKGROUPS);
  pass.end();
  const read = readback.copy(encoder, [{ buffer, byteLength: size }]);
  device.queue.submit([encoder.finish()]);
  const [bytes] = await read();
  readback.destroy();
  buffer.destroy();
  const answers = new Uint32Array(bytes!);
  const right = expected.every((word, i) => {
    const id = Math.floor(i / (ANSWERS - 1));
    return word === answers[id * ANSWERS + (i % (ANSWERS - 1))];
  });
  // The last answer is whether the workgroup's first lane was heard: by its own team at least.
  const heard = Array.from({ length: WORKGROUPS * WORKGROUP }, (_, id) => id)
    .filter((id) => id % WORKGROUP < team)
    .every((id) => answers[id * ANSWERS + ANSWERS - 1] === 1);
  return right && heard;
}
