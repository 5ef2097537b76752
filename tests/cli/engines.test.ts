/** Which engine a command takes where the only adapter is software, as on the machine of the tests. */
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { chooseEngine } from '../../src/cli/engines.ts';
import { describeGpu, gpu } from '../support/dawn.ts';
import { genloss } from './host-fixture.ts';

const SPEC = JSON.stringify({
  truth: { kind: 'blobs', components: 1 },
  sampleSize: 10,
  generations: 2,
  replicates: 8,
  statistics: ['varianceRatio'],
});

const adapter = await gpu?.requestAdapter();
const software = adapter?.info.isFallbackAdapter === true;

test('wasm is WebAssembly on all threads', async () => {
  const { engine, why } = await chooseEngine('wasm');
  engine.close();
  expect(engine.name).toBe('wasm');
  const threads = availableParallelism();
  expect(why).toMatch(new RegExp(`^WASM SIMD.*, ${threads} threads?.*: as asked\\.$`));
});

test('reference is the reference engine', async () => {
  const { engine, why } = await chooseEngine('reference');
  expect(engine.adapter).toEqual(createReferenceEngine().adapter);
  expect(why).toContain('as asked');
});

/** Runs SPEC on an engine; what it said on stderr. */
async function expectNearReference(engine: string): Promise<string> {
  const words = ['run', '-', '--engine'];
  const { code, out, err } = await genloss([...words, engine], { input: SPEC });
  expect({ code, err }).toMatchObject({ code: 0 });
  const { out: expected } = await genloss([...words, 'reference'], { input: SPEC });
  const means = (text: string) => text.split('\n').map((row) => Number(row.split(',')[4]));
  // Two generations of ten points in f32: some 10 · 2⁻²⁴ · 10 of rounding, a tenth of this.
  means(out).forEach((mean, row) => {
    const other = means(expected)[row]!;
    expect(Number.isNaN(mean) || Math.abs(mean / other - 1) < 1e-4).toBe(true);
  });
  expect(out.split('\n')).toHaveLength(expected.split('\n').length);
  return err;
}

test('wasm runs, and near the reference', async () => {
  expect(await expectNearReference('wasm')).toContain('WASM SIMD');
});

describeGpu('with an adapter', () => {
  test.runIf(software)('auto leaves software alone and says why', async () => {
    const { engine, why } = await chooseEngine('auto');
    engine.close();
    expect(engine.name).toBe('wasm');
    expect(why).toContain('the only adapter is software');
  });

  test('webgpu runs, on software too, and near the reference', async () => {
    const err = await expectNearReference('webgpu');
    if (software) expect(err).toContain('a software adapter');
  });

  test('devices lists all engines and what auto takes', async () => {
    const { code, out } = await genloss(['devices', '--json']);
    expect(code).toBe(0);
    const rows = JSON.parse(out) as { engine: string; software: boolean; auto: boolean }[];
    expect(rows.map(({ engine }) => engine)).toEqual(['webgpu', 'wasm', 'reference']);
    expect(rows.map(({ auto }) => auto)).toEqual([!software, software, false]);
    const { out: text } = await genloss(['devices']);
    expect(text.trimEnd().split('\n')).toHaveLength(3);
  });
});
