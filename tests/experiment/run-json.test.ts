/** run.json says how each group of cells was computed. */
import { expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { emptyResults } from '../../src/experiment/empty.ts';
import { groupRecords, runRecord } from '../../src/experiment/export/run-json.ts';
import type { Lanes } from '../../src/plan/mapping.ts';
import type { EngineLimits } from '../../src/plan/plan.ts';
import { handOverReasons } from '../../src/plan/hand-over.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { nodeThreads } from '../../src/cli/threads.ts';

const LANES: Lanes = { least: 4, most: 32, wide: 64, subgroups: true };
const LIMITS: EngineLimits = { ...createReferenceEngine().limits, lanes: null };

const ONE = { truth: { kind: 'blobs', components: 1 }, sampleSize: 100, replicates: 10 };

function record(raw: object, lanes: Lanes | null, engine: Pick<Engine, 'name' | 'adapter'>) {
  const plan = planRun(parseSpec({ statistics: ['varianceRatio'], ...raw }), { ...LIMITS, lanes });
  return runRecord({
    version: '1.2.3',
    plan,
    results: emptyResults(plan),
    engine,
    timings: { startedAt: '', finishedAt: '', runSeconds: 0 },
    lineageGenerationsDone: 0,
    written: [],
  });
}

const groups = (raw: object, lanes: Lanes | null = LANES) =>
  record(raw, lanes, createReferenceEngine()).plan.groups;

const REGISTERS = { team: 4, lanePoints: 26, tiles: 1, points: 'registers', sums: 'subgroup' };

test('one Gaussian in closed form draws no points', () => {
  expect(groups(ONE)).toEqual([
    {
      ...{ path: 'closed', cells: 1, drawn: 'never', real: false, tolerant: false },
      ...{ mapping: null, handOver: [] },
    },
  ]);
});

test('a closed form after a mixture lays out the points of its first generation', () => {
  const raw = { ...ONE, truth: { kind: 'blobs', components: 2 }, fit: { components: 1 } };
  expect(groups(raw)).toMatchObject([{ path: 'closed', drawn: 'first', mapping: REGISTERS }]);
});

test('one Gaussian from its points is fitted on standard normals', () => {
  expect(groups({ ...ONE, closedForm: 'off' })).toMatchObject([
    { path: 'standardised', mapping: REGISTERS },
  ]);
});

test('groups of a sweep come with their cells, and no layout where an engine has no lanes', () => {
  const sweep = { 'batch.realFraction': [0, 0.5], 'fit.components': [1, 2] };
  const raw = { ...ONE, truth: { kind: 'blobs', components: 2 }, sweep };
  const each = { cells: 1, mapping: null, handOver: [] };
  expect(groups({ ...raw, fit: { tolerance: 1e-3 } }, null)).toEqual([
    { path: 'closed', ...each, drawn: 'first', real: false, tolerant: false },
    { path: 'sampled', ...each, drawn: 'always', real: false, tolerant: true },
    { path: 'sampled', ...each, drawn: 'always', real: true, tolerant: false },
    { path: 'sampled', ...each, drawn: 'always', real: true, tolerant: true },
  ]);
});

test('cells that are handed over are a group that says why', () => {
  const lacks = [
    {
      reason: 'few points',
      paths: ['sampleSize'],
      holds: ({ sampleSize }: { sampleSize: number }) => sampleSize < 50,
    },
    {
      reason: 'real points',
      paths: ['batch.realFraction'],
      holds: ({ batch }: { batch: { realFraction: number } }) => batch.realFraction > 0,
    },
  ];
  const sweep = { sampleSize: [10, 20, 100], 'batch.realFraction': [0, 0.5] };
  const raw = { ...ONE, closedForm: 'off', statistics: ['varianceRatio'], sweep };
  const plan = planRun(parseSpec(raw), { ...LIMITS, lacks });
  const found = groupRecords(plan).map(({ cells, handOver }) => [cells, ...handOver]);
  expect(found).toEqual([
    [2, 'few points'],
    [2, 'few points', 'real points'],
    [1],
    [1, 'real points'],
  ]);
  // A share that only comes later is one too.
  const later = {
    at: [
      [1, 0],
      [3, 0.5],
    ],
  };
  const scheduled = parseSpec({ ...ONE, batch: { realFraction: later } });
  expect(handOverReasons(scheduled, lacks)).toEqual(['real points']);
});

test('engines of the processor say their threads, WASM its build', async () => {
  expect(record(ONE, null, createReferenceEngine()).adapter.threads).toBe(1);
  const engine = await createWasmEngine({
    host: await nodeThreads(),
    threads: 1,
    relaxed: 'off',
  });
  engine.close();
  expect(record(ONE, null, engine)).toMatchObject({
    engine: 'wasm',
    adapter: { threads: 1, build: 'simd128' },
  });
});
