/** What charts compute before they draw: ticks, contours, extents, columns, words. */
import { describe, expect, it } from 'vitest';
import { density2d } from '../../src/experiment/views/density.ts';
import { fan } from '../../src/experiment/views/fan.ts';
import { finalValues } from '../../src/experiment/views/final-values.ts';
import type { LawOverlay } from '../../src/experiment/views/law-overlay.ts';
import type { Shares } from '../../src/experiment/views/shares.ts';
import { wilson } from '../../src/experiment/wilson.ts';
import type { Mixture } from '../../src/model/mixture.ts';
import { STAGE_SHARES } from '../../src/spec/statistics.ts';
import { headline, percent } from '../../src/ui/answer/headline.ts';
import { componentTable } from '../../src/ui/charts/component-table.ts';
import { coordinateName } from '../../src/ui/charts/coordinate-name.ts';
import { contourSegments, levelsHolding } from '../../src/ui/charts/contours.ts';
import {
  besideX,
  componentEllipse,
  densityRange,
  ghostGenerations,
  gridIn,
  tallestPeak,
} from '../../src/ui/charts/density-extent.ts';
import {
  chartGenerations,
  fanData,
  fanReading,
  fanTable,
  heldBy,
  lawIsWide,
  lawReading,
  logScaleFor,
  seriesIndex,
} from '../../src/ui/charts/fan-data.ts';
import { linearRange, logLabel, logRange } from '../../src/ui/charts/fan-options.ts';
import { finalData, finalScale, finalTable } from '../../src/ui/charts/final-data.ts';
import { heldText, partingText, rareText } from '../../src/ui/charts/law-words.ts';
import {
  shareData,
  shareLawReading,
  shareReading,
  shareTable,
} from '../../src/ui/charts/share-options.ts';
import { tablePlaces } from '../../src/ui/charts/table-data.ts';
import { logTicks, niceTicks, stepDigits, tickLabel } from '../../src/ui/charts/ticks.ts';
import { mathParts } from '../../src/ui/style/math-parts.ts';
import { countingResults } from '../experiment/results-fixture.ts';

const normal: Mixture = { dim: 1, weights: [1], means: [[0]], covariances: [[1]] };
const tilted: Mixture = { dim: 2, weights: [1], means: [[1, 2]], covariances: [[2, 1, 2]] };

const TEXT = { name: 'law of it', formula: 'f', source: 's' };
/** Worked out at generations 0, 1 and 3. */
const LAWS: LawOverlay = {
  generations: Float64Array.of(0, 1, 3),
  fans: [
    {
      ...TEXT,
      statistic: 'varianceRatio',
      quantiles: {
        q05: Float64Array.of(1, -0.5, -1),
        q25: Float64Array.of(1, 0, 0),
        q50: Float64Array.of(1, 0.5, 0.25),
        q75: Float64Array.of(1, 1, 1),
        q95: Float64Array.of(1, 1.5, 1.75),
      },
      parting: null,
      last: {
        generation: 3,
        x: Float64Array.of(0.1, 2, 4),
        share: Float64Array.of(0, 0.5, 1),
        quantiles: [0.1, 0.5, 1, 2, 3, 3.5, 4],
      },
    },
  ],
  survivals: [null],
};

describe('ticks', () => {
  it('are round, inside, and about as many as asked for', () => {
    expect(niceTicks(0, 1, 5)).toEqual({ values: [0, 0.2, 0.4, 3 * 0.2, 0.8, 1], digits: 1 });
    expect(niceTicks(-3.2, 8, 4).values).toEqual([0, 5]);
    expect(niceTicks(1e-9, 5e-9, 4).digits).toBe(9);
    expect(niceTicks(2, 2, 5).values).toEqual([2]);
  });

  it('know the digits that tell steps apart', () => {
    expect([0.25, 0.5, 1, 2.5, 20, 1e-3].map(stepDigits)).toEqual([2, 1, 0, 1, 0, 3]);
  });

  it('are powers of ten on a log axis, with 2 and 5 where there is room', () => {
    expect(logTicks(0.3, 3, 4)).toEqual([0.5, 1, 2]);
    expect(logTicks(1e-8, 1, 4)).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1]);
    expect([0.01, 20, 1e-3, 2e4, 1e-12].map(logLabel)).toEqual([
      '0.01',
      '20',
      '10⁻³',
      '2·10⁴',
      '10⁻¹²',
    ]);
  });

  it('are written with a real minus', () => {
    expect(tickLabel(-1.5, 1)).toBe('−1.5');
    expect(tickLabel(2e7, 0)).toBe('2e7');
    expect(tickLabel(-1.25e-7, 9)).toBe('−1.25e−7');
  });
});

describe('contours', () => {
  const range = { low: -6, high: 8 };
  const grid = gridIn(range, 141);
  const density = density2d(tilted, [0, 1], grid, grid);

  it('hold the share they are for: 1 − e^(−r²/2) within Mahalanobis radius r', () => {
    const [level] = levelsHolding(density, [0.5]);
    const peak = Math.max(...density);
    // The density falls by that factor at the radius of the region; the grid's rows are 1 % of it.
    expect(level! / peak).toBeCloseTo(0.5, 1);
  });

  it('run along points of that density', () => {
    const level = Math.max(...density) / 2;
    const segments = contourSegments(density, 141, level);
    expect(segments.length).toBeGreaterThan(40);
    for (let i = 0; i < segments.length; i += 2) {
      const dx = grid.from + segments[i]! * grid.step - 1;
      const dy = grid.from + segments[i + 1]! * grid.step - 2;
      // Σ⁻¹ of [[2, 1], [1, 2]] is [[2, −1], [−1, 2]]/3; half the peak is at r² = 2 ln 2. Linear
      // interpolation and the smoothing of half a step (0.05² against 1) move it by under 2 %.
      const squared = (2 * dx * dx - 2 * dx * dy + 2 * dy * dy) / 3;
      expect(Math.abs(squared / (2 * Math.LN2) - 1)).toBeLessThan(0.02);
    }
  });

  it('are empty where nothing reaches the level', () => {
    expect(contourSegments(density, 141, 10)).toEqual([]);
  });
});

describe('extent of a density chart', () => {
  it('holds the truth and follows the lineage, within reason', () => {
    const own = densityRange(normal, [], 0);
    expect(own.low).toBeCloseTo(-3.6, 12);
    const near: Mixture = { ...normal, means: [[4]] };
    expect(densityRange(normal, [near], 0).high).toBeCloseTo(6, 12);
    const far: Mixture = { ...normal, means: [[1e9]] };
    expect(densityRange(normal, [far], 0).high).toBeCloseTo(3.6 + 7.2, 12);
  });

  it('keeps at most so many earlier generations, none of them the current one', () => {
    expect(ghostGenerations(0, 6)).toEqual([]);
    expect(ghostGenerations(1, 6)).toEqual([]);
    expect(ghostGenerations(4, 6)).toEqual([1, 2, 3]);
    expect(ghostGenerations(100, 6)).toHaveLength(6);
    expect(Math.max(...ghostGenerations(100, 6))).toBeLessThan(100);
  });

  it('knows how tall a model is, however narrow', () => {
    const narrow: Mixture = { ...normal, covariances: [[1e-20]] };
    // 1/√(2π) over a width of 1e-10.
    expect(tallestPeak(narrow, 0).density).toBeCloseTo(1e10 / Math.sqrt(2 * Math.PI), -3);
    const spiked = { weights: [0.8, 0.2], means: [[-2], [2]], covariances: [[1], [0]] };
    expect(tallestPeak({ ...normal, ...spiked }, 0)).toEqual({ density: Infinity, at: 2 });
  });

  it('puts a note beside what it is about, and inside', () => {
    // 30 wide, 5 from its place, in a box from 0 to 100.
    const left = (x: number) => besideX(x, 30, 5, 0, 100);
    expect([-50, 10, 65, 66, 100, 150].map(left)).toEqual([0, 15, 70, 31, 65, 70]);
    expect(besideX(50, 90, 5, 0, 100)).toBe(0);
  });

  it('knows the principal axes of a component', () => {
    // Eigenvalues of [[2, 1], [1, 2]] are 3 and 1, the first along the diagonal.
    const { major, minor, angle } = componentEllipse(tilted, 0, [0, 1]);
    expect(major).toBeCloseTo(Math.sqrt(3), 12);
    expect(minor).toBeCloseTo(1, 12);
    expect(angle).toBeCloseTo(Math.PI / 4, 12);
  });
});

describe('fan', () => {
  const results = countingResults([], 3, ['varianceRatio']);
  const shown = fan(results, 0, 0);

  it('becomes columns with gaps for what is not there', () => {
    const series = { ...shown.series, q50: Float64Array.from([1, NaN, -1, 2]) };
    const data = fanData({ ...shown, series }, 'log');
    expect(data[0]).toEqual([0, 1, 2, 3]);
    expect(data[seriesIndex('q50')]).toEqual([1, null, null, 2]);
    expect(fanData({ ...shown, series }, 'linear')[seriesIndex('q50')]).toEqual([1, null, -1, 2]);
    // Below the floor of a log axis, down to which a band reaches; a gap would end it in a wall.
    const ended = { ...shown.series, q05: Float64Array.from([1, 0.5, 0, 0]) };
    expect(fanData({ ...shown, series: ended }, 'log')[seriesIndex('q05')]).toEqual([1, 0.5, 0, 0]);
  });

  it('offers a log axis only where values are positive, and suggests it for wide ranges', () => {
    const of = (...q50: number[]) => {
      const same = Float64Array.from(q50);
      return logScaleFor({
        ...shown,
        series: { ...shown.series, q05: same, q50: same, q95: same },
      });
    };
    expect(of(1, 0.5)).toEqual({ possible: true, better: false });
    expect(of(1, 0.01)).toEqual({ possible: true, better: true });
    expect(of(0, -1)).toEqual({ possible: false, better: false });
    expect(of(0, 0)).toEqual({ possible: false, better: false });
  });

  it('knows from its law, before there are numbers, that a log axis will be better', () => {
    const shown = fan(countingResults([], 3, ['varianceRatio']), 0, 0);
    const lawful = (...law: number[]) => ({ ...shown, law: Float64Array.from(law) });
    expect(lawIsWide(lawful(1, 0.5, 0.05))).toBe(true);
    expect(lawIsWide(lawful(1, 0.5, 0.051))).toBe(false);
    expect(lawIsWide(lawful(NaN, NaN))).toBe(false);
    expect(lawIsWide(lawful(0, 1, 3))).toBe(false);
  });

  it('is read out in one line', () => {
    expect(fanReading(shown, 1)).toBe('22 [20, 24] · mean 15');
    expect(lawReading(shown, 1)).toBe('mean 3');
    expect(fanReading(shown, 9)).toBe('not there yet');
    expect(lawReading(shown, 9)).toBe('');
    const sampled = fan(results, 0, 0, Float64Array.of(0, 1, 3));
    expect(fanReading(sampled, 3)).toBe(fanReading(shown, 3));
    expect(fanReading(sampled, 2)).toBe('not there yet');
  });

  it('says by when lineages are held, also where not even a median is left', () => {
    expect(heldBy(shown)).toBeNull();
    const count = Float64Array.of(10, 10, 10, NaN);
    // Generation 0 is the truth, the last one is not there yet.
    const mean = Float64Array.of(NaN, 1, NaN, NaN);
    const held = { ...shown, series: { ...shown.series, count, mean, q05: mean, q50: mean } };
    expect(heldBy({ ...held, generations: Float64Array.of(0, 1, 2, 3) })).toBe(2);
    expect(heldBy({ ...held, generations: Float64Array.of(0, 1, 20, 30) })).toBe(20);
    expect(fanReading(held, 2)).toMatch(/^– \[–, \d+\] · mean –$/);
    expect(fanReading(held, 3)).toBe('not there yet');
    expect(heldText(2000)).toMatch(/^By generation 2\u202f000 some lineages are held at ±10¹⁸:/);
  });

  it('has the whole law where it is known, joined over what was not worked out', () => {
    const lawful = fan(results, 0, 0, undefined, LAWS);
    const data = fanData(lawful, 'log');
    expect(data[seriesIndex('lawQ50')]).toEqual([1, 0.5, undefined, 0.25]);
    expect(data[seriesIndex('lawQ95')]).toEqual([1, 1.5, undefined, 1.75]);
    expect(fanData(shown, 'log')[seriesIndex('lawQ50')]).toEqual([null, null, null, null]);
    expect(lawReading(lawful, 1)).toBe('0.5 [-0.5, 1.5] · mean 3'.replace('-', '−'));
    // The mean is known everywhere.
    expect(lawReading(lawful, 2)).toBe('mean 5');
    const { heads, cells } = fanTable(lawful, [1, 2]);
    const laws = ['law: median', 'law: 5 %', 'law: 25 %', 'law: 75 %', 'law: 95 %', 'law: mean'];
    expect(heads.slice(6)).toEqual(laws);
    expect(cells.map((row) => row.slice(6))).toEqual([
      ['0.5', '−0.5', '0', '1', '1.5', '3'],
      ['–', '–', '–', '–', '–', '5'],
    ]);
  });

  it('has every generation of a short lineage, and of a long one the first, last and chosen', () => {
    expect([...chartGenerations(3, 2)]).toEqual([0, 1, 2, 3]);
    const long = chartGenerations(1_000_000, 123_457);
    expect(long.length).toBeLessThan(610);
    expect(long[0]).toBe(0);
    expect(long.at(-1)).toBe(1_000_000);
    expect(long).toContain(123_457);
    expect([...long]).toEqual([...long].sort((a, b) => a - b));
  });

  it('has room about it, and zero where the statistic begins there', () => {
    expect(linearRange(0.5, 1, true)).toEqual([0, 1.06]);
    expect(linearRange(-1, 1, false)).toEqual([-1.12, 1.12]);
    const [low, high] = logRange(null, 1e-4, 1);
    expect(low).toBeLessThan(1e-4);
    expect(high).toBeGreaterThan(1);
  });
});

describe('final values', () => {
  const results = countingResults([], 3, ['varianceRatio']);
  const shown = finalValues(results, 0, 0, LAWS);

  it('are the quantiles of the last generation, and its law', () => {
    // Quantiles are the sixth and later of 13 numbers, counted on from 1.
    const first = 3 * 13 + 6;
    expect([...shown.measured]).toEqual([0, 1, 2, 3, 4, 5, 6].map((q) => first + q));
    expect(shown.law).toBe(LAWS.fans[0]);
    expect(finalValues(results, 0, 0).law).toBeNull();
  });

  it('become columns on one axis, joined over each other’s places', () => {
    const measured = Float64Array.of(NaN, 1, 3, 3, 5, 7, 9);
    const [x, found, law] = finalData({ ...shown, measured }, 'linear');
    expect(x).toEqual([0.1, 1, 2, 3, 3, 4, 5, 7, 9]);
    const no = undefined;
    expect(found).toEqual([no, 0.05, no, 0.25, 0.5, no, 0.75, 0.95, 0.99]);
    expect(law).toEqual([0, no, 0.5, no, no, 1, no, no, no]);
    expect(finalData({ ...shown, measured: measured.map(() => -1) }, 'log')[0]).toEqual([
      0.1, 2, 4,
    ]);
  });

  it('have a log axis where the law is wide, or what was measured', () => {
    expect(finalScale(shown)).toBe('log');
    expect(finalScale({ ...shown, law: null })).toBe('linear');
    expect(finalScale({ ...shown, law: null, measured: Float64Array.of(0, 1, 99) })).toBe('linear');
  });

  it('have a table of both', () => {
    const { heads, rows } = finalTable(shown);
    expect(heads).toEqual(['measured', 'law']);
    expect(rows[3]).toEqual({ head: '50 %', cells: ['48', '2'] });
    expect(finalTable({ ...shown, law: null }).heads).toEqual(['measured']);
  });
});

describe('words on laws', () => {
  it('say where mean and median part, and why', () => {
    const parting = { since: 10, generation: 100, mean: 0.366, median: 0.133, below: 0.757 };
    const text = partingText(parting);
    expect(text).toContain('from generation 10 on: at 100 half of the lineages are below 0.133');
    expect(text).toContain('the mean is 0.366, held up by the 24\u00a0% of them that lie above it');
    expect(partingText({ ...parting, below: 1 })).toContain('less than 0.001\u00a0% of them');
    expect(rareText(1200, 250)).toMatch(/^Past generation 1\u202f200 the mean measured over 250 /);
  });
});

describe('shares', () => {
  const shares: Shares = {
    generations: Float64Array.of(0, 1, 2),
    counts: Float64Array.of(50, 50, 0),
    series: [
      { label: 'a', values: Float64Array.of(1, 0.25, NaN), halfBy: 1, law: null },
      { label: 'b', values: Float64Array.of(0, 0.5, NaN), halfBy: 0, law: null },
    ],
  };
  const [low, high] = wilson(0.25, 50);

  it('are lines with the ends of their intervals, or areas one above the other', () => {
    const lines = shareData(shares, false);
    expect(lines[0]).toEqual([0, 1, 2]);
    expect(lines).toHaveLength(1 + 2 * 4);
    expect(lines.slice(1, 4).map((column) => column[1])).toEqual([0.25, low, high]);
    // Of the truth it is known.
    expect(lines.slice(1, 4).map((column) => column[0])).toEqual([1, 1, 1]);
    expect(lines[4]).toEqual([null, null, null]);
    expect(lines[5]).toEqual([0, 0.5, null]);
    expect(shareData(shares, true).slice(1)).toEqual([
      [1, 0.25, null],
      [1, 0.75, null],
    ]);
  });

  it('are read out with their intervals', () => {
    const percent = (x: number) => (100 * x).toFixed(1);
    const text = `25.0\u00a0% [${percent(low)},\u00a0${percent(high)}]`;
    expect(shareReading(shares, 0, 1)).toBe(text);
    expect(shareReading(shares, 0, 0)).toBe('100.0\u00a0% [100.0,\u00a0100.0]');
    expect(shareReading(shares, 0, 2)).toBeNull();
    expect(shareReading(shares, 0, -1)).toBeNull();
    expect(shareTable(shares, [1, 2])).toEqual({
      heads: ['a', 'b'],
      cells: [
        [text, shareReading(shares, 1, 1)],
        ['–', '–'],
      ],
    });
  });

  it('have their law beside them', () => {
    const law = { text: TEXT, values: Float64Array.of(1, NaN, 0.125) };
    const lawful = { ...shares, series: [{ ...shares.series[0]!, law }, shares.series[1]!] };
    expect(shareData(lawful, false)[4]).toEqual([1, undefined, 0.125]);
    expect(shareLawReading(lawful, 0, 2)).toBe('12.5\u00a0%');
    expect([shareLawReading(lawful, 0, 1), shareLawReading(lawful, 1, 2)]).toEqual([null, null]);
    expect(shareTable(lawful, [2])).toEqual({
      heads: ['a', 'a, law', 'b'],
      cells: [['–', '12.5\u00a0%', '–']],
    });
  });
});

describe('tables of charts', () => {
  it('have a row for each generation, of many some, the chosen and the last among them', () => {
    expect(tablePlaces([0, 1, 2], 1)).toEqual([0, 1, 2]);
    const many = Array.from({ length: 600 }, (_, t) => t);
    const places = tablePlaces(many, 123);
    expect(places.length).toBeLessThanOrEqual(103);
    for (const place of [0, 123, 599]) expect(places).toContain(place);
  });

  it('have the columns of a fan, and its law where it has one', () => {
    const shown = fan(countingResults([], 3, ['varianceRatio']), 0, 0);
    const { heads, cells } = fanTable(shown, [1, 3]);
    expect(heads).toEqual(['median', '5 %', '25 %', '75 %', '95 %', 'mean', 'law: mean']);
    expect(cells[0]).toEqual(['22', '20', '21', '23', '24', '15', '3']);
    expect(cells).toHaveLength(2);
    expect(fanTable({ ...shown, lawLabel: null }, [1]).heads).not.toContain('law: mean');
  });

  it('have a row for each component of the truth and the model', () => {
    const { heads, rows } = componentTable(normal, { ...normal, covariances: [[4]] }, []);
    expect(heads).toEqual(['weight', 'mean', 'sd']);
    expect(rows.map(({ head, cells }) => [head, ...cells])).toEqual([
      ['truth 1', '1', '0', '1'],
      ['model 1', '1', '0', '2'],
    ]);
    expect([0, 3, 99].map((axis) => coordinateName(['a'], axis))).toEqual(['a', 'x₄', 'x₁₀₀']);
    const plane = componentTable(tilted, null, ['a']);
    expect(plane.heads).toEqual(['weight', 'mean a', 'mean x₂', 'sd a', 'sd x₂']);
    expect(plane.rows.map(({ cells }) => cells)).toEqual([['1', '1', '2', '1.414', '1.414']]);
  });
});

describe('words', () => {
  it('says the medians in a sentence', () => {
    const results = countingResults([], 3, ['varianceRatio', 'modesAlive']);
    expect(headline(results, 0, 0)).toBe('Generation 0 is the truth itself.');
    expect(headline(results, 0, 1)).toBe(
      'After 1 generation the median lineage keeps 3500\u00a0% of the variance, and has 48 of ' +
        'the truth’s modes left alive.',
    );
    results.values.fill(NaN);
    expect(headline(results, 0, 1)).toBeNull();
    const believed = countingResults([], 3, ['valueAtRisk99', 'coverage95', 'ancestry']);
    believed.values.fill(0.5);
    expect(headline(believed, 0, 2)).toBe(
      'After 2 generations the median lineage puts the worst in a hundred at 50\u00a0% of what it ' +
        'is, covers 50\u00a0% where it claims 95\u00a0%, and is 0.5 copies from a human.',
    );
  });

  it('has a sentence for stages, and one where nothing that was measured has words', () => {
    const staged = countingResults([], 3, STAGE_SHARES);
    expect(headline(staged, 0, 1)).toBe(
      'After 1 generation 5400\u00a0% of the lineages are in early collapse ' +
        'and 6700\u00a0% in late collapse.',
    );
    staged.values.fill(0);
    expect(headline(staged, 0, 1)).toBeNull();
    staged.values.fill(0.25);
    expect(headline(staged, 0, 2)).toContain('25\u00a0% in late collapse');
    const wordless = countingResults([], 3, ['testNll']);
    expect(headline(wordless, 0, 2)).toBe(
      'After 2 generations what was measured is in the charts below.',
    );
    wordless.values.fill(NaN);
    expect(headline(wordless, 0, 2)).toBeNull();
  });

  it('says shares as people do', () => {
    expect([1, 0.5, 0.012, 1e-9, 0].map(percent)).toEqual([
      '100\u00a0%',
      '50\u00a0%',
      '1.2\u00a0%',
      'less than 0.001\u00a0%',
      'nothing',
    ]);
  });

  it('sets indices and exponents', () => {
    expect(mathParts('tr Σ_t / tr C₀')).toEqual([
      { kind: 'plain', text: 'tr Σ' },
      { kind: 'sub', text: 't' },
      { kind: 'plain', text: ' / tr C₀' },
    ]);
    expect(mathParts('(1−1/n)^t')).toContainEqual({ kind: 'sup', text: 't' });
  });
});
