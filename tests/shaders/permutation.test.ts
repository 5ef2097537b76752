import { expect, test } from 'vitest';
import { halfBitsOf, permutationOf, permute } from '../../src/model/assemble/permutation.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { describeGpu } from '../support/dawn.ts';
import { probeRows } from '../support/probe.ts';
import { seeded } from '../support/seeded.ts';

const SIZES = [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 4096, 4097, 65_536, 65_537, 1_000_000];

describeGpu('assemble::permutation', () => {
  test('is its twin bit for bit, in pools of 1 to a million', async () => {
    const next = seeded(17);
    const rows = SIZES.flatMap((size) =>
      Array.from({ length: 60 }, (_, i) => {
        const keyWords = [...randomKey(next(), next() & 0xffff)];
        const index = i === 0 ? 0 : i === 1 ? size - 1 : next() % size;
        return [...keyWords, next(), 1 + (next() & 0xffff), size, index];
      }),
    );
    const found = await probeRows({
      imports: ['permutationOf', 'permute', 'halfBitsOf'].map(
        (name) => `package::assemble::permutation::${name}`,
      ),
      body: `let key = vec4<u32>(inU(0u), inU(1u), inU(2u), inU(3u));
        let shuffled = permutationOf(key, inU(4u), inU(5u), inU(6u));
        outU(0u, permute(shuffled, inU(7u))); outU(1u, halfBitsOf(inU(6u)));`,
      input: Uint32Array.from(rows.flat()),
      inputWords: 8,
      outputWords: 2,
      constants: { RNG_ROUNDS: 20 },
    });
    const expected = rows.flatMap(([k0, k1, k2, k3, lineage, generation, size, index]) => {
      const key = Uint32Array.of(k0!, k1!, k2!, k3!);
      const shuffled = permutationOf(key, lineage!, generation!, size!);
      return [permute(shuffled, index!), halfBitsOf(size!)];
    });
    expect(Array.from(found)).toEqual(expected);
  });
});
