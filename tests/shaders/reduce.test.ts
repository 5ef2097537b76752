import { expect, test } from 'vitest';
import { MOMENT_FIELDS, RANK_FIELDS } from '../../src/engine/engine.ts';
import {
  CHUNK_ROW,
  HISTOGRAM_ROW,
  MOMENT_ROW,
  NO_SLOT,
  packRows,
  PILOT_ROW,
  REDUCE_PARAMS,
} from '../../src/engine/webgpu/layout.ts';
import { decodeMoments, decodeValues, dispatchShape } from '../../src/engine/webgpu/reductions.ts';
import { chunkMoments } from '../../src/model/reduce/moments.ts';
import {
  BIN_COUNT,
  binCounts,
  binOf,
  edgeRank,
  lowerRank,
  pilotEdges,
  pilotRanks,
  QUANTILE_PERCENTS,
  upperRank,
} from '../../src/model/reduce/quantiles.ts';
import { statusCounts } from '../../src/model/reduce/status-counts.ts';
import { SATURATION } from '../../src/model/status.ts';
import { EDGE_COUNT } from '../../src/plan/plan.ts';
import { describeGpu } from '../support/dawn.ts';
import { runKernel } from '../support/kernel.ts';
import { probe } from '../support/probe.ts';

const GENERATIONS = 2;
const STATISTICS = 3;
const PER_ROW = GENERATIONS * STATISTICS;

/** Values u in [0, 1) by the golden ratio, to the shapes that statistics take. */
const SHAPES: ((u: number, i: number) => number)[] = [
  (u) => u,
  // Far from 0, narrow.
  (u) => -441 + 1e-3 * u,
  // Ties: five values.
  (u) => Math.floor(5 * u),
  // Log-normal over 40 orders of magnitude, down to the edge of f32.
  (u) => Math.exp(90 * (u - 0.95)),
  // A few saturated, both ways, among numbers that nearly are.
  (u, i) => (i % 7 === 3 ? (i % 2 ? SATURATION : -SATURATION) : 9e17 * (u - 0.5)),
  () => -SATURATION,
];

/** Chunks of all awkward sizes, one after the other in the batch. */
const COUNTS = [1, 2, 3, 255, 256, 4095, 4096, 4096];
const LINEAGES = COUNTS.reduce((a, b) => a + b);
const FIRST = COUNTS.map((_, c) => COUNTS.slice(0, c).reduce((a, b) => a + b, 0));

const values = new Float32Array(PER_ROW * LINEAGES);
for (let at = 0; at < PER_ROW; at++) {
  for (let i = 0; i < LINEAGES; i++) {
    values[at * LINEAGES + i] = SHAPES[at]!(((i + 1) * 0.6180339887498949) % 1, i);
  }
}

const asF64 = (value: number): number =>
  Math.abs(value) >= Math.fround(SATURATION) ? Math.sign(value) * SATURATION : value;

/** What the twin gets: the f32 values of one chunk, generation and statistic. */
const chunkValues = (c: number, at: number): Float64Array => {
  const from = at * LINEAGES + FIRST[c]!;
  return Float64Array.from(values.subarray(from, from + COUNTS[c]!), asF64);
};

const chunks = packRows(
  CHUNK_ROW,
  COUNTS.map((count, c) => ({ cell: c, firstReplicate: 0, count, firstLineage: FIRST[c]! })),
);

const paramsFor = (rowCount: number): ArrayBuffer =>
  packRows(REDUCE_PARAMS, [
    { rowCount, generationCount: GENERATIONS, statisticCount: STATISTICS, lineageCount: LINEAGES },
  ]);

const eachRow = (check: (c: number, at: number, row: number) => void): void => {
  COUNTS.forEach((_, c) => {
    for (let at = 0; at < PER_ROW; at++) check(c, at, c * PER_ROW + at);
  });
};

test('dispatches fold at the limit of 65 535 workgroups a dimension', () => {
  expect(dispatchShape(1)).toEqual([1, 1]);
  expect(dispatchShape(65_535)).toEqual([65_535, 1]);
  expect(dispatchShape(65_536)).toEqual([65_535, 2]);
});

describeGpu('reduction kernels equal their twins', () => {
  const rowCount = COUNTS.length;
  const workgroupCount = rowCount * PER_ROW;

  test('moments', async () => {
    const output = new ArrayBuffer(workgroupCount * MOMENT_ROW.rowBytes);
    const [bytes] = await runKernel({
      kernel: 'moments',
      bindings: [paramsFor(rowCount), values.buffer, chunks, output],
      outputs: [3],
      workgroupCount,
    });
    const moments = decodeMoments(bytes!);
    eachRow((c, at, row) => {
      const own = chunkValues(c, at);
      const twin = chunkMoments(own);
      const [count, mean, m2, min, max, saturated] = moments.subarray(row * MOMENT_FIELDS);
      expect([count, min, max, saturated]).toEqual([
        twin.count,
        twin.min,
        twin.max,
        twin.saturated,
      ]);
      const whole = own.filter((value) => Math.abs(value) < SATURATION);
      const range = whole.length > 0 ? Math.max(...whole) - Math.min(...whole) : 0;
      // Deviations lie in [0, range]: one rounding each, 24 additions, one division, all of
      // relative 2^-24 on positive terms.
      expect(Math.abs(mean! - twin.mean)).toBeLessThanOrEqual(26 * 2 ** -24 * range);
      // A deviation's own rounding, d 2^-25 at most, enters as 2 Σ|δ| d 2^-25 ≤ 2^-24 √(n m2) range,
      // and m2 ≥ range²/2; squares and their sum add 27 roundings.
      const relative = (27 + Math.sqrt(2 * own.length)) * 2 ** -24;
      expect(Math.abs(m2! - twin.m2)).toBeLessThanOrEqual(relative * twin.m2);
    });
  });

  /** Only full chunks have edges: those of a cell with more to come. */
  const edgeSlots = [NO_SLOT, NO_SLOT, NO_SLOT, NO_SLOT, NO_SLOT, NO_SLOT, 1, 0];

  test('order statistics and edges are the very values', async () => {
    const pilots = edgeSlots.map((edgeSlot, chunk) => ({ chunk, edgeSlot }));
    const [rankBytes, edgeBytes] = await runKernel({
      kernel: 'quantiles',
      bindings: [
        paramsFor(rowCount),
        values.buffer,
        chunks,
        packRows(PILOT_ROW, pilots),
        new ArrayBuffer(workgroupCount * RANK_FIELDS * 4),
        new ArrayBuffer(2 * PER_ROW * EDGE_COUNT * 4),
      ],
      outputs: [4, 5],
      workgroupCount,
    });
    const ranks = decodeValues(rankBytes!);
    const edges = decodeValues(edgeBytes!);
    eachRow((c, at, row) => {
      const sorted = chunkValues(c, at).sort();
      const found = ranks.slice(row * RANK_FIELDS, (row + 1) * RANK_FIELDS);
      expect(found).toEqual(pilotRanks(sorted));
      if (edgeSlots[c] === NO_SLOT) return;
      const from = (edgeSlots[c]! * PER_ROW + at) * EDGE_COUNT;
      expect(edges.slice(from, from + EDGE_COUNT)).toEqual(pilotEdges(sorted));
    });
  });

  test('counts in bins are equal, ties and repeated edges included', async () => {
    // Chunks 5 to 7 counted between the edges of chunk 7; 6 and 7 share their bins.
    const rows = [
      { chunk: 5, edgeSlot: 0, binSlot: 1 },
      { chunk: 6, edgeSlot: 0, binSlot: 0 },
      { chunk: 7, edgeSlot: 0, binSlot: 0 },
    ];
    const edges = new Float32Array(PER_ROW * EDGE_COUNT);
    for (let at = 0; at < PER_ROW; at++) {
      edges.set(pilotEdges(chunkValues(7, at).sort()), at * EDGE_COUNT);
    }
    const [bytes] = await runKernel({
      kernel: 'histogram',
      bindings: [
        paramsFor(rows.length),
        values.buffer,
        chunks,
        packRows(HISTOGRAM_ROW, rows),
        edges.buffer,
        new ArrayBuffer(2 * PER_ROW * BIN_COUNT * 4),
      ],
      outputs: [5],
      workgroupCount: rows.length * PER_ROW,
    });
    const bins = new Uint32Array(bytes!);
    for (let at = 0; at < PER_ROW; at++) {
      const own = Float64Array.from(edges.subarray(at * EDGE_COUNT, (at + 1) * EDGE_COUNT), asF64);
      const expected = [[6, 7], [5]].map((parts) => {
        const counts = parts.map((c) => binCounts(chunkValues(c, at), own));
        return counts[0]!.map((count, bin) => count + (counts[1]?.[bin] ?? 0));
      });
      expected.forEach((counts, slot) => {
        const from = (slot * PER_ROW + at) * BIN_COUNT;
        expect(bins.slice(from, from + BIN_COUNT)).toEqual(counts);
      });
    }
  });

  // Words of a model lie together in many dimensions, and else those of all lineages.
  test.each([0, 1])('status bits are counted per chunk and generation, wide %i', async (wide) => {
    const words = 5;
    const statusWord = 1;
    const ring = new Uint32Array((GENERATIONS + 1) * words * LINEAGES);
    ring.forEach((_, i) => (ring[i] = Math.imul(i, 0x9e3779b1) >>> 26));
    const [bytes] = await runKernel({
      kernel: 'status',
      constants: { MODEL_WORDS: words, STATUS_WORD: statusWord, WIDE: wide },
      bindings: [
        paramsFor(rowCount),
        ring.buffer,
        chunks,
        new ArrayBuffer(rowCount * GENERATIONS * 6 * 4),
      ],
      outputs: [3],
      workgroupCount: rowCount * GENERATIONS,
    });
    const counts = new Uint32Array(bytes!);
    COUNTS.forEach((count, c) => {
      for (let g = 0; g < GENERATIONS; g++) {
        const at = (lineage: number) =>
          wide === 1
            ? ((g + 1) * LINEAGES + lineage) * words + statusWord
            : ((g + 1) * words + statusWord) * LINEAGES + lineage;
        const row = (c * GENERATIONS + g) * 6;
        const status = Uint32Array.from({ length: count }, (_, i) => ring[at(FIRST[c]! + i)]!);
        const expected = statusCounts(status);
        expect(counts.slice(row, row + 6)).toEqual(expected);
      }
    });
  });

  const ranksAt = (percent: number): number[][] =>
    [1, 2, 3, 100, 101, 4095, 4096].map((count) => [percent, count]);

  test('ranks and bins, function by function', async () => {
    const scalar = { parameters: ['u32', 'u32'], result: 'u32' };
    const rows = [...QUANTILE_PERCENTS.flatMap(ranksAt)];
    const twins = { lowerRank, upperRank, edgeRank, binOf };
    for (const [name, twin] of Object.entries(twins)) {
      const table =
        name === 'binOf'
          ? [
              [0, 0],
              [3, 4],
              [3, 5],
              [0, 255],
              [254, 255],
            ]
          : rows;
      const found = await probe({
        call: `package::reduce::quantiles::${name}`,
        ...scalar,
        rows: table,
      });
      expect(found).toEqual(table.map(([a, b]) => [twin(a!, b!)]));
    }
  });

  test('saturation begins at the nearest f32 to 1e18', async () => {
    const below = Math.fround(SATURATION) - 2 ** 36; // one ulp
    const found = await probe({
      call: 'package::reduce::moments::isSaturated',
      parameters: ['f32'],
      result: 'bool',
      rows: [[0], [below], [-below], [SATURATION], [-SATURATION], [3e38]],
    });
    expect(found.flat()).toEqual([0, 0, 0, 1, 1, 1]);
  });
});
