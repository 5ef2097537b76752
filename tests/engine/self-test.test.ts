/** Sums over teams: right on this device, and found out where a driver gets them wrong. */
import { describe, expect, test } from 'vitest';
import { createWebGpuEngine } from '../../src/engine/webgpu/engine.ts';
import type { Sources } from '../../src/engine/webgpu/link.ts';
import { Pipelines } from '../../src/engine/webgpu/pipeline.ts';
import { teamAnswers, teamsWork } from '../../src/engine/webgpu/self-test.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';
import type { Mapping } from '../../src/plan/mapping.ts';
import { describeGpu, gpu, testDevice } from '../support/dawn.ts';

test('known answers are sums in the order of a butterfly, and the first of equal times', () => {
  const words = teamAnswers(4);
  const floats = new Float32Array(words.buffer);
  const scrambled = (id: number) => {
    const spread = Math.imul(id, 2654435761);
    return Math.imul(spread ^ (spread >>> 15), 2246822519) >>> 0;
  };
  const round = Math.fround;
  for (const id of [0, 5, 255]) {
    const [a, b, c, d] = [0, 1, 2, 3].map((lane) => scrambled(id - (id % 4) + lane) >>> 8);
    // Halves first: (a + c) + (b + d).
    expect(floats[3 * id]).toBe(round(round(a! + c!) + round(b! + d!)));
    expect(words[3 * id + 1]).toBe(0b1111);
  }
  // All lanes of a team agree.
  for (let id = 0; id < 256; id++) {
    const leader = 3 * (id - (id % 4));
    expect(words.slice(3 * id, 3 * id + 3)).toEqual(words.slice(leader, leader + 3));
  }
  // In some teams the least time is that of several lanes.
  const times = Array.from({ length: 256 }, (_, id) => (scrambled(id) >>> 4) & 3);
  const ties = [...times.keys()].filter((id) => {
    const team = times.slice(id - (id % 4), id - (id % 4) + 4);
    return id % 4 === 0 && team.indexOf(Math.min(...team)) !== team.lastIndexOf(Math.min(...team));
  });
  expect(ties.length).toBeGreaterThan(10);
  for (const id of ties) {
    const team = times.slice(id, id + 4);
    expect(words[3 * id + 2]).toBe(id + team.indexOf(Math.min(...team)));
  }
});

/** The shaders with a fault in one of shaders/team/. */
const withFault = (module: string, right: string, wrong: string): Sources => {
  const { file, text } = shaderSources.get(module)!;
  expect(text).toContain(right);
  return new Map(shaderSources).set(module, { file, text: text.replaceAll(right, wrong) });
};

const check = async (team: number, sums: Mapping['sums'], sources?: Sources) => {
  const device = await testDevice();
  return teamsWork(device, new Pipelines(device, sources), team, sums);
};

const hasSubgroups = Boolean((await gpu?.requestAdapter())?.features.has('subgroups'));

describeGpu('teams that add up through memory', () => {
  test.each([2, 4, 8, 16, 32, 64])('work at %i lanes', async (team) => {
    expect(await check(team, 'workgroup')).toBe(true);
  });

  test.each([
    ['another partner', 'exchange[place_ ^ bit]', 'exchange[place_ ^ (bit + 1u)]'],
    ['another order', '>> (step + 1u)', '>> (u32(TEAM_LOG2) - step)'],
    ['a deaf first lane', 'select(0u, 1u, wanted)', '0u'],
    ['the last of equal times', 'other.y > least.y', 'other.y < least.y'],
  ])('are found out by %s', async (_, right, wrong) => {
    expect(await check(8, 'workgroup', withFault('team::workgroup', right, wrong))).toBe(false);
  });
});

describe.skipIf(!hasSubgroups)('teams that add up by shuffles', () => {
  test('work within a subgroup', async () => {
    expect(await check(4, 'subgroup')).toBe(true);
  });

  test.each([
    ['a subgroup of half the size', 'u32(TEAM) >> (step + 1u)', 'u32(TEAM) >> (step + 2u)'],
    ['a deaf first lane', 'subgroupAny(wanted)', 'false'],
  ])('are found out by %s', async (_, right, wrong) => {
    expect(await check(4, 'subgroup', withFault('team::subgroup', right, wrong))).toBe(false);
  });

  test('an engine told of wider ones than there are adds up through memory', async () => {
    const { subgroupMaxSize } = (await gpu!.requestAdapter())!.info;
    const most = 2 * subgroupMaxSize;
    const told = { least: 4, most, wide: most, subgroups: true };
    // Shuffles from beyond a subgroup give anything: no team may come of them.
    const engine = await createWebGpuEngine(gpu!, { lanes: told });
    expect(engine.limits.lanes!.subgroups).toBe(false);
    expect(engine.limits.lanes!.least).toBe(4);
    engine.close();
    const trusted = await createWebGpuEngine(gpu!, { lanes: { ...told, most: 4, wide: 4 } });
    expect(trusted.limits.lanes).toEqual({ ...told, most: 4, wide: 4 });
    trusted.close();
  });
});
