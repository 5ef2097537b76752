/**
 * The README's tables are those of the schema, what `genloss trace` prints, and what is said of
 * records in examples/. `npm run docs` writes them anew.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Attribution } from '../../src/experiment/attribution/attribution.ts';
import { attributionText } from '../../src/experiment/attribution/report.ts';
import { claimsMarkdown } from '../../src/experiment/claims/report.ts';
import type { Ranking } from '../../src/experiment/mitigations/ranking.ts';
import { rankingSummary } from '../../src/experiment/mitigations/report.ts';
import { FIGURES } from '../../src/experiment/reproduce/figures.ts';
import { reproductionSummary } from '../../src/experiment/reproduce/report.ts';
import type { FigureReport } from '../../src/experiment/reproduce/reproduce.ts';
import { referenceTables } from '../../src/spec/reference.ts';
import { genloss } from '../cli/host-fixture.ts';
import { claimsOfCsv } from '../support/claims-csv.ts';

const README = join(import.meta.dirname, '../../README.md');
const REFERENCE = /(<!-- reference: [^>]* -->\n)[^]*(<!-- \/reference -->\n)/;
const TRACE = /(<!-- trace: (\S+) -->\n)[^]*?(<!-- \/trace -->\n)/g;
const REPORT = /(<!-- report: (\S+) -->\n```text\n)[^]*?(```\n<!-- \/report -->\n)/g;
const CLAIMS_TABLE = /(<!-- claims: (\S+) -->\n)[^]*?(<!-- \/claims -->\n)/;
const LAWS = /(<!-- laws: (\S+) -->\n)[^]*?(<!-- \/laws -->\n)/;
const FIGURE_TABLE = /(<!-- figures -->\n)[^]*?(<!-- \/figures -->\n)/;
const REPORT_FOLDER = 'tests/reproduce';
const GENERATIONS = '1,2,5,10,20,50';

async function withTraces(readme: string): Promise<string> {
  let fresh = readme;
  for (const [old, open, spec, close] of readme.matchAll(TRACE)) {
    const { code, out } = await genloss(['trace', spec!, '--generations', GENERATIONS]);
    expect(code).toBe(0);
    fresh = fresh.replace(old, () => [open, '\n', out, '\n', close].join(''));
  }
  return fresh;
}

test('the lives of lineages in the README are what the command prints', async () => {
  const readme = readFileSync(README, 'utf8');
  expect([...readme.matchAll(TRACE)]).toHaveLength(4);
  expect(readme).toContain(`--generations ${GENERATIONS}`);
  await expect(await withTraces(readme)).toMatchFileSnapshot(README, 'run npm run docs');
});

/** What is said of a record, by the name of its file. */
const REPORTS: Readonly<Record<string, (record: never) => string>> = {
  'attribution.json': (record: Attribution) => attributionText(record),
  'mitigations.json': ({ rankings }: { rankings: readonly Ranking[] }) =>
    `${rankings.map(rankingSummary).join('\n\n')}\n`,
};

const textAt = (path: string): string => readFileSync(join(README, '..', path), 'utf8');

/** A record that a command has written; JSON has null where there is no number. */
const recordAt = (path: string): unknown => JSON.parse(textAt(path), (_, value) => value ?? NaN);

test('reports in the README are those of the records beside them', async () => {
  const readme = readFileSync(README, 'utf8');
  const found = [...readme.matchAll(REPORT)];
  expect(found).toHaveLength(Object.keys(REPORTS).length);
  let fresh = readme;
  for (const [old, open, path, close] of found) {
    const text = REPORTS[basename(path!)]!(recordAt(path!) as never);
    fresh = fresh.replace(old, () => [open, text, close].join(''));
  }
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});

test('the table of claims in the README is that of the example', async () => {
  const readme = readFileSync(README, 'utf8');
  const [, , file] = CLAIMS_TABLE.exec(readme)!;
  const table = claimsMarkdown(claimsOfCsv(textAt(file!)));
  const fresh = readme.replace(CLAIMS_TABLE, (_, open, __, close) =>
    [open, '\n', table, '\n', close].join(''),
  );
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});

test('laws in the README are those of the run that is kept', async () => {
  const readme = readFileSync(README, 'utf8');
  const [, , file] = LAWS.exec(readme)!;
  const fresh = readme.replace(LAWS, (_, open, __, close) =>
    [open, '\n', textAt(file!), '\n', close].join(''),
  );
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});

test('figures in the README are those of the report', async () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toMatch(FIGURE_TABLE);
  const reports = FIGURES.map(
    ({ name }) => JSON.parse(textAt(`${REPORT_FOLDER}/${name}.json`)) as FigureReport,
  );
  const table = reproductionSummary(reports, `${REPORT_FOLDER}/REPORT.md`);
  const fresh = readme.replace(FIGURE_TABLE, (_, open, close) =>
    [open, '\n', table, '\n\n', close].join(''),
  );
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});

test('the reference in the README is up to date; if it is not, npm run docs mends it', async () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toMatch(REFERENCE);
  const fresh = readme.replace(REFERENCE, (_, open, close) =>
    [open, '\n', referenceTables(), '\n', close].join(''),
  );
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});
