/** The reductions of both builds are their twins' very bytes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { chunkMoments } from '../../src/model/reduce/moments.ts';
import { binCounts, pilotEdges, pilotRanks } from '../../src/model/reduce/quantiles.ts';
import { statusCounts } from '../../src/model/reduce/status-counts.ts';
import { SATURATION } from '../../src/model/status.ts';
import { CHUNK, EDGE_COUNT } from '../../src/plan/plan.ts';
import { MOMENT_FIELDS, RANK_FIELDS } from '../../src/engine/engine.ts';
import { seeded } from '../support/seeded.ts';
import { BUILDS } from '../support/wasm-kernels.ts';
import { openMemory, type KernelMemory } from '../support/wasm-memory.ts';

const HELD = Math.fround(SATURATION);

/** What an f32 stands for: values held at the f32 nearest to 1e18 are at 1e18. */
const meant = (value: number): number =>
  Math.abs(value) >= HELD ? Math.sign(value) * SATURATION : value;

const COUNTS = [1, 2, 3, 4, 5, 7, 255, 256, 257, 300, 1023, 4095, CHUNK];

/** Rows of the kinds that lineages leave, from numbers in [0, 1). */
const ROWS: Readonly<Record<string, (u: number, i: number) => number>> = {
  even: (u) => u,
  'far from 0': (u) => 1e6 + u,
  'of both signs, of all sizes': (u, i) => (i % 2 ? 1 : -1) * Math.exp(80 * u - 40),
  'under the least normal f32': (u) => (u - 0.5) * 1e-39,
  'with atoms': (u) => (u < 0.4 ? 3 : u < 0.6 ? -0 : u < 0.7 ? 0 : u),
  'all equal': () => -2.5,
  'held on both sides': (u) => (u < 0.3 ? -HELD : u > 0.8 ? HELD : u),
  'all held': (_, i) => (i % 3 ? HELD : -HELD),
};

function rowOf(make: (u: number, i: number) => number, count: number): Float32Array {
  const random = seeded(count);
  return Float32Array.from({ length: count }, (_, i) => make(random() / 2 ** 32, i));
}

const twinOf = (row: Float32Array): Float64Array => Float64Array.from(row, meant);

/** Bits, so that −0 is not 0. */
const bitsOf = (values: Float64Array): string => Buffer.from(values.buffer).toString('hex');

describe.each(BUILDS)('%s', (build) => {
  let kernels: KernelMemory;
  beforeAll(async () => {
    kernels = await openMemory(build);
  });

  const sorted = (row: Float32Array): number => {
    const at = kernels.room(row.byteLength);
    kernels.call.sort!(kernels.put(row), row.length, at);
    return at;
  };

  describe.each(Object.entries(ROWS))('rows %s', (_, make) => {
    test.each(COUNTS)('moments of %i', (count) => {
      const row = rowOf(make, count);
      const out = kernels.room(MOMENT_FIELDS * 8);
      kernels.call.moments!(kernels.put(row), count, out);
      const { mean, m2, min, max, saturated } = chunkMoments(twinOf(row));
      const expected = Float64Array.of(count, mean, m2, min, max, saturated);
      expect(bitsOf(kernels.doubles(out, MOMENT_FIELDS))).toBe(bitsOf(expected));
    });

    test.each(COUNTS)('order of %i', (count) => {
      const row = rowOf(make, count);
      const found = Float64Array.from(kernels.floats(sorted(row), count));
      expect(bitsOf(found)).toBe(bitsOf(Float64Array.from(row).sort()));
    });

    test.each(COUNTS)('ranks and edges of %i', (count) => {
      const row = rowOf(make, count);
      const at = sorted(row);
      const [ranks, edges, decoded] = [RANK_FIELDS * 8, EDGE_COUNT * 4, EDGE_COUNT * 8].map(
        kernels.room,
      );
      kernels.call.pilotRanks!(at, count, ranks!);
      kernels.call.pilotEdges!(at, count, edges!, decoded!);
      const twin = twinOf(row).sort();
      expect(bitsOf(kernels.doubles(ranks!, RANK_FIELDS))).toBe(bitsOf(pilotRanks(twin)));
      expect(bitsOf(kernels.doubles(decoded!, EDGE_COUNT))).toBe(bitsOf(pilotEdges(twin)));
      const held = Float64Array.from(kernels.floats(edges!, EDGE_COUNT), meant);
      expect(bitsOf(held)).toBe(bitsOf(pilotEdges(twin)));
    });

    test.each(COUNTS)('bins of %i, between the edges of a pilot', (count) => {
      const pilot = rowOf(make, CHUNK);
      const edges = pilotEdges(twinOf(pilot).sort());
      // Of the pilot's values and of others, half beyond its ends.
      const row = rowOf(make, count).map((x, i) => {
        const wide = pilot[i]! * (i % 2 ? 1 : 1.5);
        return i % 3 ? x : Math.max(-HELD, Math.min(HELD, wide));
      });
      const out = kernels.room((EDGE_COUNT + 1) * 4);
      kernels.call.binCounts!(kernels.put(row), count, kernels.put(Float32Array.from(edges)), out);
      expect(kernels.words(out, EDGE_COUNT + 1)).toEqual(binCounts(twinOf(row), edges));
    });
  });

  test('status bits are counted one by one', () => {
    const words = Uint32Array.from({ length: 1001 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 23);
    const out = kernels.room(6 * 4);
    kernels.call.statusCounts!(kernels.put(words), words.length, out);
    expect(kernels.words(out, 6)).toEqual(statusCounts(words));
  });
});
