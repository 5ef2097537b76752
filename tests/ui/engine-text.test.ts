/** What the run panel says of its engine. */
import { expect, it } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import type { EngineName } from '../../src/engine/engine.ts';
import { groupRecords } from '../../src/experiment/export/run-json.ts';
import type { Lanes } from '../../src/plan/mapping.ts';
import { handOverText } from '../../src/plan/hand-over.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { engineText, pathTexts } from '../../src/ui/run/engine-text.ts';

const LANES: Lanes = { least: 4, most: 32, wide: 64, subgroups: true };
const { limits } = createReferenceEngine();

function texts(engine: EngineName, raw: object): string[] {
  const spec = parseSpec({ truth: { kind: 'blobs', components: 2 }, sampleSize: 100, ...raw });
  const lanes = engine === 'webgpu' ? LANES : null;
  return pathTexts(engine, groupRecords(planRun(spec, { ...limits, lanes })));
}

it('names the engine once', () => {
  const adapter = { vendor: '', architecture: '', software: true };
  expect(engineText('wasm', { ...adapter, description: 'WASM SIMD, 2 threads' }, [])).toBe(
    'WebAssembly: SIMD, 2 threads',
  );
  expect(engineText('webgpu', { ...adapter, description: 'SwiftShader' }, [])).toBe(
    'WebGPU: SwiftShader',
  );
});

it('says which cells were handed over, and why', () => {
  const adapter = {
    description: 'WASM SIMD, 2 threads',
    vendor: '',
    architecture: '',
    software: true,
  };
  const lacks = [4, 5].map((points) => ({
    reason: `${points} points`,
    paths: ['sampleSize'],
    holds: ({ sampleSize }: { sampleSize: number }) => sampleSize === points,
  }));
  const sweep = { sampleSize: [3, 4, 5, 6], 'fit.iterations': [1, 2] };
  const spec = parseSpec({ truth: { kind: 'blobs', components: 2 }, sweep });
  const groups = groupRecords(planRun(spec, { ...limits, lacks }));
  expect(engineText('wasm', adapter, groups)).toBe(
    'WebAssembly: SIMD, 2 threads; 4 of 8 cells by reference (4 points, 5 points)',
  );
  expect(pathTexts('wasm', groups)).toEqual([
    '4 cells: fits to the points drawn; four lineages at once on each thread',
    '4 cells: fits to the points drawn; lineage by lineage in f64 on each thread',
  ]);
  const one = groupRecords(planRun({ ...spec, sweep: {}, sampleSize: 4 }, { ...limits, lacks }));
  expect(handOverText(one)).toBe('1 of 1 cell by reference (4 points)');
  expect(handOverText([])).toBe('');
});

it('says how a GPU lays lineages out', () => {
  expect(texts('webgpu', {})).toEqual([
    'Fits to the points drawn; 4 lanes a lineage, points in registers, sums in subgroups',
  ]);
  const [wide] = texts('webgpu', { sampleSize: 100_000 });
  expect(wide).toContain('64 lanes a lineage, points in memory, sums in workgroups');
});

it('says where points are drawn at all', () => {
  const one = { fit: { components: 1 } };
  expect(texts('webgpu', one)[0]).toMatch(/^Closed form from generation 2 on; 4 lanes/);
  const truth = { kind: 'blobs', components: 1 };
  expect(texts('webgpu', { truth })).toEqual(['Closed form, no points drawn; one lane a lineage']);
  expect(texts('wasm', { truth, closedForm: 'off' })).toEqual([
    'Fits to standard normals, multiplied on; four lineages at once on each thread',
  ]);
});

it('counts the cells of each way of a sweep', () => {
  const sweep = { 'fit.components': [1, 2], 'batch.realFraction': [0, 0.5] };
  expect(texts('reference', { sweep, fit: { tolerance: 1e-3 } })).toEqual([
    '1 cell: closed form from generation 2 on; lineage by lineage',
    '1 cell: fits to the points drawn; lineage by lineage',
    '2 cells: fits to the points drawn until EM has converged; lineage by lineage',
  ]);
});
