import { expect, test } from 'vitest';
import { binStart, raceWord } from '../../src/model/assemble/coreset.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { describeGpu } from '../support/dawn.ts';
import { probeRows } from '../support/probe.ts';
import { seeded } from '../support/seeded.ts';

/** Points of an archive and of its coreset: the least, the most, and what does not divide. */
const SIZES = [
  [1, 1],
  [7, 3],
  [100, 13],
  [1000, 1000],
  [1_000_000, 1024],
] as const;

describeGpu('assemble::coreset', () => {
  test('is its twin bit for bit', async () => {
    const next = seeded(23);
    const rows = SIZES.flatMap(([count, size]) =>
      Array.from({ length: 60 }, (_, i) => {
        const k = i === 0 ? 0 : i === 1 ? size - 1 : next() % size;
        return [...randomKey(next(), next() & 0xffff), next() % count, next(), k, count, size];
      }),
    );
    const found = await probeRows({
      imports: ['binStart', 'raceWord'].map((name) => `package::assemble::coreset::${name}`),
      body: `let key = vec4<u32>(inU(0u), inU(1u), inU(2u), inU(3u));
        outU(0u, raceWord(key, inU(4u), inU(5u), inU(6u)));
        outU(1u, binStart(inU(6u) + 1u, inU(7u), inU(8u)));`,
      input: Uint32Array.from(rows.flat()),
      inputWords: 9,
      outputWords: 2,
      constants: { RNG_ROUNDS: 20 },
    });
    const expected = rows.flatMap(([k0, k1, k2, k3, i, lineage, k, count, size]) => [
      raceWord(Uint32Array.of(k0!, k1!, k2!, k3!), i!, lineage!, k!),
      binStart(k! + 1, count!, size!),
    ]);
    expect(Array.from(found)).toEqual(expected);
  });
});
