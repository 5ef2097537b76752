/** Which engine a command takes where the only adapter is software, as on the machine of the tests. */
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

test('reference is the reference engine', async () => {
  const { engine, why } = await chooseEngine('reference');
  expect(engine.adapter).toEqual(createReferenceEngine().adapter);
  expect(why).toContain('as asked');
});

describeGpu('with an adapter', () => {
  test.runIf(software)('auto leaves software alone and says why', async () => {
    const { engine, why } = await chooseEngine('auto');
    expect(engine.name).toBe('reference');
    expect(why).toContain('the only adapter is software');
  });

  test('webgpu runs, on software too, and near the reference', async () => {
    const words = ['run', '-', '--engine'];
    const { code, out, err } = await genloss([...words, 'webgpu'], { input: SPEC });
    expect({ code, err }).toMatchObject({ code: 0 });
    if (software) expect(err).toContain('a software adapter');
    const { out: expected } = await genloss([...words, 'reference'], { input: SPEC });
    const means = (text: string) => text.split('\n').map((row) => Number(row.split(',')[4]));
    // Two generations of ten points in f32: some 10 · 2⁻²⁴ · 10 of rounding, a tenth of this.
    means(out).forEach((mean, row) => {
      const other = means(expected)[row]!;
      expect(Number.isNaN(mean) || Math.abs(mean / other - 1) < 1e-4).toBe(true);
    });
    expect(out.split('\n')).toHaveLength(expected.split('\n').length);
  });

  test('devices lists both engines and what auto takes', async () => {
    const { code, out } = await genloss(['devices', '--json']);
    expect(code).toBe(0);
    const rows = JSON.parse(out) as { engine: string; software: boolean; auto: boolean }[];
    expect(rows.map(({ engine }) => engine)).toEqual(['webgpu', 'reference']);
    expect(rows.map(({ auto }) => auto)).toEqual([!software, software]);
    const { out: text } = await genloss(['devices']);
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });
});
