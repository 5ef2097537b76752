/**
 * The README's tables are those of the schema, what `genloss trace` prints, and what is said of
 * records in examples/. `npm run docs` writes them anew.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
const REFERENCE = /(<!-- reference: ([^>]*) -->\n)[^]*(<!-- \/reference -->\n)/;
const TRACE = /(<!-- trace: (\S+) -->\n)[^]*?(<!-- \/trace -->\n)/g;
const REPORT = /(<!-- report: (\S+) -->\n```text\n)[^]*?(```\n<!-- \/report -->\n)/g;
const CLAIMS_TABLE = /(<!-- claims: (\S+) -->\n)[^]*?(<!-- \/claims -->\n)/;
const LAWS = /(<!-- laws: (\S+) -->\n)[^]*?(<!-- \/laws -->\n)/;
const FIGURE_TABLE = /(<!-- figures: (\S+) -->\n)[^]*?(<!-- \/figures -->\n)/;
const GENERATIONS = '1,2,5,10,20,50';

/** A record that a command has written; JSON has null where there is no number. */
const recordAt = (path: string): unknown => JSON.parse(textAt(path), (_, value) => value ?? NaN);

const textAt = (path: string): string => readFileSync(join(README, '..', path), 'utf8');

/** The first place of `block`, with what `tableOf` makes of its file; it has to be there. */
function withTable(readme: string, block: RegExp, tableOf: (file: string) => string): string {
  expect(readme).toMatch(block);
  return readme.replace(block, (_, open: string, file: string, close: string) =>
    [open, '\n', tableOf(file), '\n', close].join(''),
  );
}

async function withTraces(readme: string): Promise<string> {
  expect([...readme.matchAll(TRACE)]).toHaveLength(4);
  expect(readme).toContain(`--generations ${GENERATIONS}`);
  let fresh = readme;
  for (const [old, open, spec, close] of readme.matchAll(TRACE)) {
    const { code, out } = await genloss(['trace', spec!, '--generations', GENERATIONS]);
    expect(code).toBe(0);
    fresh = fresh.replace(old, () => [open, '\n', out, '\n', close].join(''));
  }
  return fresh;
}

/** What is said of a record, by the name of its file. */
const REPORTS: Readonly<Record<string, (record: never) => string>> = {
  'attribution.json': (record: Attribution) => attributionText(record),
  'mitigations.json': ({ rankings }: { rankings: readonly Ranking[] }) =>
    `${rankings.map(rankingSummary).join('\n\n')}\n`,
};

function withReports(readme: string): string {
  const found = [...readme.matchAll(REPORT)];
  expect(found).toHaveLength(Object.keys(REPORTS).length);
  let fresh = readme;
  for (const [old, open, path, close] of found) {
    const text = REPORTS[basename(path!)]!(recordAt(path!) as never);
    fresh = fresh.replace(old, () => [open, text, close].join(''));
  }
  return fresh;
}

const claimsTable = (file: string): string => claimsMarkdown(claimsOfCsv(textAt(file)));

function figureTable(file: string): string {
  const folder = dirname(file);
  const reports = FIGURES.map(
    ({ name }) => JSON.parse(textAt(`${folder}/${name}.json`)) as FigureReport,
  );
  return `${reproductionSummary(reports, file)}\n`;
}

test('what the README prints is what there is; if it is not, npm run docs mends it', async () => {
  let fresh = await withTraces(readFileSync(README, 'utf8'));
  fresh = withReports(fresh);
  fresh = withTable(fresh, CLAIMS_TABLE, claimsTable);
  fresh = withTable(fresh, LAWS, textAt);
  fresh = withTable(fresh, FIGURE_TABLE, figureTable);
  fresh = withTable(fresh, REFERENCE, referenceTables);
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});
