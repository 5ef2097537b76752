/** Figures of the literature: quick runs agree, and the report that is kept is what its numbers say. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
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
  disagreements,
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
      expect(report!.chiSquare!.p).toBeGreaterThan(1e-4);
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
  it('writes a figure at a time, and the report of all that are there', async () => {
    const { code, out } = await genloss([
      ...['reproduce', '--quick', '--engine', 'wasm', '--quiet'],
      ...['--figure', 'suresh-gaussian', 'shumailov-line'],
    ]);
    expect(code).toBe(0);
    expect(out).toContain('# Figures of the literature');
    expect(out.indexOf('id="shumailov-line"')).toBeGreaterThan(0);
    expect(out.indexOf('id="suresh-gaussian"')).toBeGreaterThan(out.indexOf('id="shumailov-line"'));
    expect(out).not.toContain('id="kazdan-grid"');
  });

  it('knows its figures', async () => {
    const { code, err } = await genloss(['reproduce', '--figure', 'nothing']);
    expect(code).toBe(2);
    expect(err).toContain('shumailov-mixture');
  });
});
