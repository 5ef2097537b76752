/** `genloss claims`: maps to standard output or files, and what is refused. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { genloss } from './host-fixture.ts';

/** The shortest horizon, on the claim with the fewest settings. */
const SHORT = ['claims', '--claim', 'rarest-first', '-g', '10', '--engine', 'wasm'];

test('writes text, JSON and CSV of the same settings, and tells how far it is', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'genloss-')), 'out');
  const { code, out, err } = await genloss([...SHORT, '--out', folder]);
  expect([code, out]).toEqual([0, '']);
  expect(readdirSync(folder).sort()).toEqual(['claims.csv', 'claims.json', 'claims.txt']);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const { claims, complete, generations } = JSON.parse(read('claims.json'));
  expect([complete, generations, claims.length]).toEqual([true, 10, 1]);
  // Two weights of a rare mode, five sizes, two samplers, five shares.
  expect(claims[0].cells).toHaveLength(100);
  expect(read('claims.csv').trim().split('\n')).toHaveLength(101);
  expect(read('claims.txt')).toMatch(/^rarest-first: “The tails go first.”\n/);
  expect(err).toMatch(/^WASM SIMD .*\n1\/2: 50 settings, 20 k lineages\n/);
  expect(err).toMatch(/Done after \d+ .*claims\.csv\.\n$/);
});

test('what is there is told where it is interrupted, also under --quiet', async () => {
  const stop = new AbortController();
  const cut = await genloss([...SHORT, '--format', 'csv'], {
    signal: stop.signal,
    onErr: (text) => text.startsWith('2/2') && stop.abort(),
  });
  expect(cut.code).toBe(130);
  expect(cut.err).toMatch(/Interrupted after/);
  const rows = cut.out.trim().split('\n').slice(1);
  expect(rows).toHaveLength(50);
  expect(rows.every((row) => row.startsWith('rarest-first,0.1,'))).toBe(true);
  const early = await genloss(SHORT, { signal: AbortSignal.abort() });
  expect(early.code).toBe(130);
});

test.each([
  [['claims', '--claim', 'always'], /Allowed choices are within-5-10, by-10/],
  [['claims', '-g', '9'], /Give a whole number from 10 up/],
  [['claims', '--format', 'xml'], /Allowed choices are text, json, csv/],
  [['claims', '--out', ''], /--out: The name is empty/],
])('%j is refused', async (words, message) => {
  const { code, out, err } = await genloss(words);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
});

test('help names every claim with its sentence', async () => {
  const { code, out } = await genloss(['claims', '--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/within-5-10 +Models collapse within 5–10 generations\./);
  expect(out).toMatch(/detection-keeps-tails +Detection solves it\./);
});
