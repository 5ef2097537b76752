/**
 * A million lineages of K = 3 over 50 generations whose training sets come from all of their past:
 * planned inside the bindings that every WebGPU device has, and ten thousand of them run to the end.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import { summaryAt } from '../../src/experiment/results.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { modelWords, planRun } from '../../src/plan/plan-run.ts';
import { CHUNK, type EngineLimits } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';

const LARGE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../examples/large/spec.json'), 'utf8'),
);

const BINDING = 128 * 2 ** 20;
/** Of a device that offers what all devices offer, and teams of lanes by subgroups. */
const DEFAULT: EngineLimits = {
  bufferBytes: BINDING,
  totalBytes: 4 * BINDING,
  dispatchWork: 5e9,
  batchLineages: 65_536,
  lanes: { least: 4, most: 32, wide: 64, subgroups: true },
  lacks: [],
};

test('a million lineages: every buffer inside 128 MiB, every batch through all generations', () => {
  const plan = planRun(parseSpec(LARGE), DEFAULT);
  expect(plan.lineageGenerations).toBe(50e6);
  expect(Math.max(...Object.values(plan.bufferBytes))).toBeLessThanOrEqual(BINDING);
  const [group] = plan.groups;
  expect(group).toMatchObject({ past: 50, assembly: { retention: 'accumulate-subsample' } });
  // Lineages in order, each in one batch alone; a batch keeps its lineages' whole past.
  let next = 0;
  for (const { chunks, lineageCount, windowGenerations } of plan.batches) {
    for (const { firstReplicate, count } of chunks) {
      expect(firstReplicate).toBe(next);
      expect(firstReplicate % CHUNK).toBe(0);
      next += count;
    }
    // A threshold beside each model of the past.
    const past = lineageCount * 50 * (modelWords(1, 3) + 1) * 4;
    expect(past).toBeLessThanOrEqual(BINDING);
    expect(windowGenerations).toBeGreaterThanOrEqual(1);
  }
  expect(next).toBe(1e6);
  // 50 times 17 words fit 39 475 times into a binding: nine chunks.
  expect(Math.max(...plan.batches.map(({ chunks }) => chunks.length))).toBe(9);
});

test('ten thousand of them run to the end in such batches', async () => {
  const engine = await createWasmEngine({ host: await nodeThreads(), threads: 2 });
  try {
    const spec = parseSpec({ ...LARGE, replicates: 10_000 });
    const limits = { ...engine.limits, bufferBytes: BINDING };
    const plan = planRun(spec, limits, { batchLineages: 4096 });
    expect(plan.groups).toMatchObject([{ past: 50, handOver: [] }]);
    expect(plan.batches.length).toBe(3);
    expect(Math.max(...Object.values(plan.bufferBytes))).toBeLessThanOrEqual(BINDING);
    const results = await runExperiment(plan, engine);
    expect(results.complete).toBe(true);
    for (let t = 1; t <= 50; t++) expect(summaryAt(results, 0, t, 0, 'count')).toBe(10_000);
  } finally {
    engine.close();
  }
});
