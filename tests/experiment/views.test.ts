import { describe, expect, test } from 'vitest';
import { regimeOf } from '../../src/experiment/regime.ts';
import { summaryAt, SUMMARY_FIELDS } from '../../src/experiment/results.ts';
import { comparison } from '../../src/experiment/views/comparison.ts';
import { fan } from '../../src/experiment/views/fan.ts';
import { heatMap, regimeMap } from '../../src/experiment/views/heat-map.ts';
import { countingResults, LAW, setRow } from './results-fixture.ts';

const AXES = [
  { name: 'sampleSize', values: [10, 100] },
  { name: 'batch.realFraction', values: [0, 0.1, 0.5] },
  { name: 'fit.covariance', values: ['full', 'spherical'] },
];

describe('comparison', () => {
  test('has medians, shares of stages and who is left of every cell', () => {
    const results = countingResults(AXES.slice(0, 1), 4, ['entropy', 'stage1Share']);
    // Of 10 lineages in cell 1 at generation 3, four were left before it and one goes.
    results.collapses.set([4, 1], (1 * 5 + 3) * 2);
    const [entropy, faithful, left, ...more] = comparison(results, 3);
    const at = (statistic: number, field: 'q50' | 'mean' | 'count') =>
      [0, 1].map((cell) => summaryAt(results, cell, 3, statistic, field));
    expect(entropy).toEqual({ label: 'Entropy', share: false, values: at(0, 'q50') });
    expect(faithful).toEqual({ label: 'Faithful', share: true, values: at(1, 'mean') });
    expect(left).toEqual({
      label: 'Not yet: variance halved',
      share: true,
      values: [0, 3 / at(0, 'count')[1]!],
    });
    expect(more).toEqual([]);
  });
});

describe('fan', () => {
  test('takes the rows of one cell and statistic, generation by generation', () => {
    const results = countingResults(AXES, 4, ['varianceRatio', 'entropy']);
    const { generations, series, law, lawSe, lawLabel } = fan(results, 7, 1);
    expect([...generations]).toEqual([0, 1, 2, 3, 4]);
    for (const field of ['count', 'mean', 'q50', 'max'] as const) {
      const expected = [0, 1, 2, 3, 4].map((t) => summaryAt(results, 7, t, 1, field));
      expect([...series[field]]).toEqual(expected);
    }
    // Row (7 · 5 + t) · 2 + 1 of laws holds 2·row + 1 and 2·row + 2.
    expect([...law]).toEqual([143, 147, 151, 155, 159]);
    expect([...lawSe]).toEqual([144, 148, 152, 156, 160]);
    expect(lawLabel).toEqual(LAW);
  });

  test('takes only the generations asked for', () => {
    const results = countingResults(AXES, 4, ['varianceRatio', 'entropy']);
    const whole = fan(results, 7, 1);
    const some = fan(results, 7, 1, Float64Array.of(1, 4));
    expect([...some.generations]).toEqual([1, 4]);
    expect([...some.series.q50]).toEqual([whole.series.q50[1], whole.series.q50[4]]);
    expect([...some.law]).toEqual([whole.law[1], whole.law[4]]);
  });

  test('ends where its cell ends', () => {
    const results = countingResults([{ name: 'generations', values: [2, 4] }], 4, ['entropy']);
    const short = { ...results, cells: [{ ...results.cells[0]!, generations: 2 }] };
    expect(fan(short, 0, 0).generations).toHaveLength(3);
  });
});

describe('heat map', () => {
  const request = { statistic: 0, field: 'mean', generation: 2 } as const;

  test('lays any two axes out, the others held', () => {
    const results = countingResults(AXES, 3, ['varianceRatio']);
    const map = heatMap(results, { ...request, x: 2, y: 0, position: [0, 1, 0] });
    // Cell = (sampleSize · 3 + realFraction) · 2 + covariance.
    expect([...map.cells]).toEqual([2, 3, 8, 9]);
    const expected = [2, 3, 8, 9].map((cell) => summaryAt(results, cell, 2, 0, 'mean'));
    expect([...map.values]).toEqual(expected);
    expect([map.min, map.max]).toEqual([expected[0], expected[3]]);
    expect([map.x.name, map.y?.name]).toEqual(['fit.covariance', 'sampleSize']);
  });

  test('one axis is one row, and gaps stay out of the range', () => {
    const results = countingResults(AXES, 3, ['varianceRatio']);
    setRow(results, [2, 2, 0], new Array<number>(13).fill(NaN));
    const map = heatMap(results, { ...request, x: 1, y: null, position: [0, 0, 0] });
    expect([...map.cells]).toEqual([0, 2, 4]);
    expect(map.values[1]).toBeNaN();
    expect([map.min, map.max]).toEqual([map.values[0], map.values[2]]);
  });

  test('a map of gaps has no range', () => {
    const results = countingResults(AXES, 3, ['varianceRatio']);
    results.values.fill(NaN);
    const map = heatMap(results, { ...request, x: 1, y: 0, position: [0, 0, 0] });
    expect([map.min, map.max]).toEqual([NaN, NaN]);
  });
});

describe('map of regimes', () => {
  const plane = { generation: 4, x: 1, y: 0, position: [0, 0, 0] };

  test("has the place of each cell's word, and gaps where there is none", () => {
    const results = countingResults(AXES, 4, ['varianceRatio']);
    const keep = (cell: number, generation: number, median: number) =>
      setRow(
        results,
        [cell, generation, 0],
        SUMMARY_FIELDS.map(() => median),
      );
    // Median variances at generations 2 and 4.
    const medians: [number, number][] = [[1, 1], [1, 0.5], [1, 0.01], [1, 100]]; // prettier-ignore
    medians.forEach(([half, last], i) => {
      keep(2 * i, 2, half);
      keep(2 * i, 4, last);
    });
    results.generationsDone[8] = 0;
    const { cells, values, words } = regimeMap(results, plane);
    expect([...cells]).toEqual([0, 2, 4, 6, 8, 10]);
    const found = [...values].map((value) => words![value] ?? null);
    expect(found.slice(0, 5)).toEqual(['stable', 'drifting', 'collapsed', 'diverged', null]);
    expect(found[5]).toBe(regimeOf(results, 10, 4));
    expect([...regimeMap(results, { ...plane, generation: 0 }).values]).toEqual(
      new Array<number>(6).fill(NaN),
    );
  });
});
