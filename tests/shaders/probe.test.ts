import { expect, test } from 'vitest';
import { describeGpu } from '../support/dawn.ts';
import { probe, probeRows } from '../support/probe.ts';

describeGpu('probe', () => {
  test('calls a function with vectors over a table', async () => {
    // Random123 1.14, kat_vectors: threefry4x32 20, all zeros.
    const result = await probe({
      call: 'package::rng::threefry::threefry4x32',
      parameters: ['vec4<u32>', 'vec4<u32>'],
      result: 'vec4<u32>',
      rows: [[0, 0, 0, 0, 0, 0, 0, 0]],
      constants: { RNG_ROUNDS: 20 },
    });
    expect(result).toEqual([[0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8]]);
  });

  test('more rows than a workgroup, each its own', async () => {
    const input = Uint32Array.from({ length: 200 }, (_, i) => i);
    const words = await probeRows({
      imports: [],
      body: 'outU(0u, row); outI(1u, -inI(0u)); outF(2u, 0.5 * f32(inU(0u)));',
      input,
      inputWords: 1,
      outputWords: 3,
    });
    const floats = new Float32Array(words.buffer);
    expect([words[3 * 199], words[3 * 199 + 1]! | 0, floats[3 * 199 + 2]]).toEqual([
      199, -199, 99.5,
    ]);
  });

  test('names file and line of a compile error', async () => {
    const bad = probeRows({
      imports: [],
      body: 'outU(0u, nonsense);',
      input: new Uint32Array(1),
      inputWords: 1,
      outputWords: 1,
    });
    await expect(bad).rejects.toThrow(/probe:\d+: .*nonsense/);
  });
});
