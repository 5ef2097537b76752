/** Figures of the literature: quick runs agree, and the report that is kept is what its numbers say. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import type { Row } from '../../src/experiment/reproduce/figure.ts';
import { FIGURES } from '../../src/experiment/reproduce/figures.ts';
import {
  PUBLISHED_GENERATIONS,
  PUBLISHED_RUNS,
} from '../../src/experiment/reproduce/kazdan-data.ts';
import { stepSquares } from '../../src/experiment/reproduce/kazdan.ts';
import { chernoff } from '../../src/experiment/reproduce/others.ts';
import { deviation, normalDeviate } from '../../src/experiment/reproduce/rows.ts';
import { reproductionMarkdown } from '../../src/experiment/reproduce/report.ts';
import {
  agrees,
  chiSquareOf,
  disagreements,
  isTooFar,
  reproduceFigure,
  specOf,
  type FigureReport,
} from '../../src/experiment/reproduce/reproduce.ts';
import { minimalSpec } from '../../src/spec/schema.ts';
import { genloss } from '../cli/host-fixture.ts';

const KEPT = join(import.meta.dirname, '../reproduce');
const read = (name: string): string => readFileSync(join(KEPT, name), 'utf8');

const about = {
  genloss: '0',
  date: '2026-11-22',
  machine: { cpu: '', cores: 1, memoryBytes: null, system: '', runtime: '', load: null },
};

describe('a quick run', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createWasmEngine({ host: await nodeThreads(), threads: 2 });
  });
  afterAll(() => engine.close());

  it.each(FIGURES.map((figure) => [figure.name, figure] as const))(
    '%s agrees',
    async (_, figure) => {
      const report = await reproduceFigure(figure, engine, { size: 'quick', about });
      expect(disagreements(report!)).toEqual([]);
      expect(report!.rows.filter(({ z }) => z !== null).length).toBeGreaterThan(7);
      // Numbers that chance could not have moved would be no test.
      for (const { z, se } of report!.rows) if (z !== null) expect(se).toBeGreaterThan(0);
      expect(agrees(report!)).toBe(true);
    },
  );

  it('says the same twice, and nothing of half a figure', async () => {
    const figure = FIGURES.find(({ name }) => name === 'suresh-gaussian')!;
    const [first, second] = [
      await reproduceFigure(figure, engine, { size: 'quick', about }),
      await reproduceFigure(figure, engine, { size: 'quick', about }),
    ];
    expect(second!.rows).toEqual(first!.rows);
    const signal = AbortSignal.abort();
    expect(await reproduceFigure(figure, engine, { size: 'quick', about, signal })).toBeNull();
  });
});

test('a row far out, without a number or without a word does not agree', () => {
  const row: Row = {
    ...{ setting: '', generation: 1, quantity: 'q', expected: 1, expectedSe: 0, slack: 0 },
    ...{ source: '', found: 2, se: 1, degrees: null, z: 1, statement: '', independent: false },
  };
  const rows = [row, { ...row, z: -4.1 }, { ...row, z: NaN }, { ...row, z: null }];
  const said = { ...row, z: null, statement: 'for the eye' };
  expect(disagreements({ rows: [...rows, said] })).toEqual(rows.slice(1));
});

test('rows that agree one by one do not together where χ² is too large', () => {
  const row: Row = {
    ...{ setting: '', generation: 1, quantity: 'q', expected: 1, expectedSe: 0, slack: 0 },
    ...{ source: '', found: 2, se: 1, degrees: null, z: 3, statement: '', independent: true },
  };
  const of = (...zs: number[]) => {
    const rows = zs.map((z) => ({ ...row, z }));
    return { rows, chiSquare: chiSquareOf(rows) };
  };
  // P(χ²₂ > x) = e^(−x/2): 18 is under 9.21·2, and 18.5 over it.
  expect([isTooFar(of(3, 3)), agrees(of(3, 3))]).toEqual([false, true]);
  const far = of(Math.sqrt(9.5), 3);
  expect(far.chiSquare!.p).toBeCloseTo(Math.exp(-9.25), 9);
  expect([disagreements(far), isTooFar(far), agrees(far)]).toEqual([[], true, false]);
  expect(isTooFar(of(NaN, 0))).toBe(true);
  expect(isTooFar({ chiSquare: null })).toBe(false);
  const report = JSON.parse(read('he-weights.json')) as FigureReport;
  expect(reproductionMarkdown([{ ...report, ...far }])).toContain('χ² is too large');
  expect(reproductionMarkdown([report])).not.toContain('too large');
});

const STUDENT = [
  [1, 15, 0.9677],
  [2, 15, 1.8526],
  [4, 15, 3.2487],
  [4, 47, 3.6916],
  [5, 99, 4.7097],
] as const;

test('Student’s t is turned into the normal deviate of the same chance', () => {
  // −Φ⁻¹(P(T > t)) by scipy's t.sf and norm.isf.
  for (const [t, degrees, z] of STUDENT) expect(normalDeviate(t, degrees)).toBeCloseTo(z, 2);
  expect(normalDeviate(-4, 15)).toBe(-normalDeviate(4, 15));
  expect(normalDeviate(3, 1e9)).toBeCloseTo(3, 6);
});

test('Chernoff’s bound is over the exact share, and under Markov’s', () => {
  // E v = 1 of an unbiased fit: Markov alone says 100.
  expect(chernoff(10, 1)).toBe(1);
  // The least over all s, to 30 digits by mpmath; here s goes in steps, and no s gives less.
  for (const [t, least] of [
    [100, 0.3738806725],
    [199, 0.0302973306],
  ] as const) {
    expect(chernoff(10, t)).toBeGreaterThanOrEqual(least);
    expect(chernoff(10, t)).toBeLessThan(1.001 * least);
  }
});

test('the published runs are those of the file that is kept beside the report', () => {
  const [head, ...lines] = read('kazdan-2024-gaussian-summary.csv').trim().split('\n');
  const names = head!.split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!]));
  });
  const table = PUBLISHED_RUNS.flatMap(({ retention, sampleSize, runs, mean, sd }) =>
    PUBLISHED_GENERATIONS.map((generation, i) =>
      [retention, 1, sampleSize, generation, runs, mean[i], sd[i]].join(' '),
    ),
  );
  const file = rows.map((row) =>
    [
      row['setting']!.toLowerCase(),
      ...[
        'dim',
        'sampleSize',
        'generation',
        'runs',
        'meanLogVarianceRatio',
        'sdLogVarianceRatio',
      ].map((name) => Number(row[name])),
    ].join(' '),
  );
  expect(table.sort()).toEqual(file.sort());
});

test('their fits divide by n: by n − 1 they would be a hundred standard deviations of χ² off', () => {
  const { sum, degrees } = stepSquares((n) => n);
  expect(degrees).toBe(40);
  // Within four standard deviations √(2·40) of the mean 40.
  expect(Math.abs(sum - degrees)).toBeLessThan(4 * Math.sqrt(2 * degrees));
  expect(stepSquares((n) => n - 1).sum).toBeGreaterThan(600);
});

describe('the report that is kept', () => {
  const reports = FIGURES.map(({ name }) => `${name}.json`)
    .filter((file) => existsSync(join(KEPT, file)))
    .map((file) => JSON.parse(read(file)) as FigureReport);

  it('has every figure, at its published size', () => {
    expect(reports.map(({ name }) => name)).toEqual(FIGURES.map(({ name }) => name));
    for (const [i, { size, parts }] of reports.entries()) {
      expect(size).toBe('published');
      const specs = FIGURES[i]!.parts.map((part, p) => minimalSpec(specOf(part, p, 'published')));
      expect(parts.map(({ spec }) => spec)).toEqual(JSON.parse(JSON.stringify(specs)));
    }
  });

  it('says in Markdown what its numbers are', () => {
    expect(read('REPORT.md')).toBe(reproductionMarkdown(reports));
  });

  it('agrees in every row, or says why a row is not tested', () => {
    for (const report of reports) {
      expect(disagreements(report)).toEqual([]);
      for (const row of report.rows) {
        const { expected } = row;
        if (row.z === null || expected === null) continue;
        expect(row.z).toBeCloseTo(deviation({ ...row, expected }), 6);
      }
    }
  });
});

describe('genloss reproduce', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'genloss-reproduce-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const there = (name: string) => readFileSync(join(folder, name), 'utf8');
  const quick = (...words: string[]) =>
    genloss(['reproduce', '--quick', '--engine', 'wasm', '--quiet', ...words]);
  const suresh = (...words: string[]) =>
    quick('--figure', 'suresh-gaussian', '--out', folder, ...words);
  it('prints the figures that are asked for, in the order of the report', async () => {
    const { code, out } = await quick('--figure', 'suresh-gaussian', 'shumailov-line');
    expect(code).toBe(0);
    expect(out).toContain('# Figures of the literature');
    expect(out.indexOf('id="shumailov-line"')).toBeGreaterThan(0);
    expect(out.indexOf('id="suresh-gaussian"')).toBeGreaterThan(out.indexOf('id="shumailov-line"'));
    expect(out).not.toContain('id="kazdan-grid"');
  });

  it('writes a figure at a time, and the report of all that are there', async () => {
    put('he-weights.json', read('he-weights.json'));
    put('REPORT.md', 'of he-weights alone');
    expect((await suresh()).code).toBe(0);
    const all = ['suresh-gaussian', 'he-weights'].map(
      (name) => JSON.parse(there(`${name}.json`)) as FigureReport,
    );
    expect(there('REPORT.md')).toBe(reproductionMarkdown(all));
    expect(there('he-weights.json')).toBe(read('he-weights.json'));
  });

  it('replaces a figure with --force alone, and says so before it runs', async () => {
    const full = read('suresh-gaussian.json');
    put('suresh-gaussian.json', full);
    const { code, err } = await suresh();
    expect(code).toBe(2);
    expect(err).toContain('already holds suresh-gaussian.json. Give another folder, or --force.');
    expect(there('suresh-gaussian.json')).toBe(full);
    expect((await suresh('--force')).code).toBe(0);
    expect((JSON.parse(there('suresh-gaussian.json')) as FigureReport).size).toBe('quick');
  });

  it('replaces nobody else’s REPORT.md', async () => {
    put('REPORT.md', 'mine');
    const { code, err } = await suresh();
    expect([code, there('REPORT.md')]).toEqual([2, 'mine']);
    expect(err).toContain('already holds REPORT.md');
  });

  const kept = (): FigureReport => JSON.parse(read('he-weights.json')) as FigureReport;
  it.each([
    ['no JSON', 'he-weights.json cannot be read', () => '{'],
    ['null', 'no record of he-weights', () => 'null'],
    ['another’s record', 'no record of he-weights', () => read('dey-donoho.json')],
    [
      'a row without a number',
      'no record of he-weights',
      () => JSON.stringify({ ...kept(), rows: [{ ...kept().rows[0], found: 'much' }] }),
    ],
    [
      'no machine',
      'no record of he-weights',
      () => JSON.stringify({ ...kept(), machine: undefined }),
    ],
  ])('refuses a folder with %s before it runs', async (_, said, text) => {
    put('he-weights.json', text());
    const { code, err } = await suresh();
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(existsSync(join(folder, 'suresh-gaussian.json'))).toBe(false);
    // Force is for the figure that is run.
    expect((await suresh('--force')).code).toBe(2);
  });

  it('keeps the figure that it has run, whatever became of another meanwhile', async () => {
    const { code } = await genloss(
      [
        ...['reproduce', '--quick', '--engine', 'wasm', '--out', folder],
        ...['--figure', 'suresh-gaussian'],
      ],
      { onNow: () => put('he-weights.json', '{') },
    );
    expect(code).toBe(2);
    const { name } = JSON.parse(there('suresh-gaussian.json')) as FigureReport;
    expect(name).toBe('suresh-gaussian');
  });

  it('names a folder that is in the way', async () => {
    mkdirSync(join(folder, 'suresh-gaussian.json'));
    const { code, err } = await suresh('--force');
    expect(code).toBe(2);
    expect(err).toContain('is itself a folder');
  });

  it('knows its figures', async () => {
    const { code, err } = await genloss(['reproduce', '--figure', 'nothing']);
    expect(code).toBe(2);
    expect(err).toContain('shumailov-mixture');
  });
});
