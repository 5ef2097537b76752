/** `genloss trace`: the lineage that a run reduces, in numbers. */
import { expect, test } from 'vitest';
import { genloss } from './host-fixture.ts';

const SPEC = JSON.stringify({
  truth: {
    kind: 'mixture',
    components: [
      { weight: 0.25, mean: [10], covariance: [[4]] },
      { weight: 0.75, mean: [16], covariance: [[4]] },
    ],
  },
  batch: { memory: 2 },
  retention: 'accumulate',
  sampleSize: 30,
  generations: 7,
  replicates: 3,
  statistics: ['meanShiftSquared', 'varianceRatio', 'stepKl'],
});

/** Cells of the table's rows. */
const rowsOf = (out: string): string[][] =>
  out
    .trim()
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((text) => text.trim()));

test('rows are the truth, 1 2 5 and the last generation, with the points of their sets', async () => {
  const { code, out } = await genloss(['trace', '-'], { input: SPEC });
  expect(code).toBe(0);
  const [head, , origin, ...rows] = rowsOf(out);
  const own = ['meanShiftSquared', 'varianceRatio', 'stepKl'];
  expect(head).toEqual(['generation', 'points', 'mean', 'sd', ...own]);
  // Mean .25 · 10 + .75 · 16; variance 4 + .25 · .75 · 36.
  const sd = Math.sqrt(4 + 0.25 * 0.75 * 36).toPrecision(3);
  expect(origin).toEqual(['0', '–', '14.5', sd, '0', '1', '–']);
  expect(rows.map(([generation, points]) => [generation, points])).toEqual([
    ['1', '30'],
    ['2', '60'],
    ['5', '150'],
    ['7', '210'],
  ]);
});

test('is the lineage of the run: mean, width and statistics', async () => {
  const single = ['--set', 'replicates=1', '--engine', 'reference', '--quiet'];
  const run = await genloss(['run', '-', ...single], { input: SPEC });
  const found = run.out
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const meanOf = (generation: string, statistic: string) =>
    Number(found.find((row) => row[1] === generation && row[2] === statistic)![4]);
  const { out } = await genloss(['trace', '-', '-g', '7,1,3,3'], { input: SPEC });
  const rows = rowsOf(out).slice(3);
  expect(rows.map(([generation]) => generation)).toEqual(['1', '3', '7']);
  for (const [generation, , mean, sd, shift, ratio, step] of rows) {
    const at = (statistic: string) => Number(meanOf(generation!, statistic).toPrecision(3));
    expect(Number(shift)).toBe(at('meanShiftSquared'));
    expect(Number(ratio)).toBe(at('varianceRatio'));
    if (generation !== '1') expect(Number(step)).toBe(at('stepKl'));
    // Three digits: half a unit of the third, 1/200 of the number at most.
    const variance = (4 + 0.25 * 0.75 * 36) * meanOf(generation!, 'varianceRatio');
    expect(Math.abs(Number(sd) / Math.sqrt(variance) - 1)).toBeLessThan(1 / 200);
    const distance = Math.sqrt(meanOf(generation!, 'meanShiftSquared'));
    expect(Math.abs(Math.abs(Number(mean) - 14.5) - distance)).toBeLessThan(14.5 / 200);
  }
});

test('each lineage is another one, the same each time, and the same on WASM', async () => {
  const words = ['trace', '-', '--generations', '7', '--lineage'];
  const lives = await Promise.all(
    ['0', '1', '2', '2'].map((lineage) => genloss([...words, lineage], { input: SPEC })),
  );
  const outs = lives.map(({ out }) => out);
  expect(new Set(outs).size).toBe(3);
  expect(outs[3]).toBe(outs[2]);
  const wasm = await genloss([...words, '2', '--engine', 'wasm'], { input: SPEC });
  expect(wasm.out).toBe(outs[2]);
});

test.each([
  [['--lineage', '3'], '--lineage: There is no lineage 3: they are 0 to 2.'],
  [['--cell', '1'], '--cell: There is no cell 1: they are 0 to 0.'],
  [['--generations', '2,8'], '--generations: There is no generation 8: they are 1 to 7.'],
  [['--generations', '0'], 'Give a whole number from 1 up.'],
  [['--lineage', ''], 'Give a whole number from 0 up.'],
  [['--set', 'nothing=1'], 'nothing'],
])('%s is refused in words', async (words, sentence) => {
  const { code, out, err } = await genloss(['trace', '-', ...words], { input: SPEC });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(sentence);
});
