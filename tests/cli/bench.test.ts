/** `genloss bench` through the program, at a tiny size: it runs and tells; no time is asserted. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { genloss } from './host-fixture.ts';

const PEERS = join(import.meta.dirname, '../bench/peers');

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'genloss-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const quick = (...words: string[]) =>
  genloss(['bench', '--quick', '--engine', 'reference', '--runs', '2', ...words]);

test('without --out the report goes to stdout, medians to stderr', async () => {
  const { code, out, err } = await quick('--case', 'closed-form', 'closed-form-million');
  expect(code).toBe(0);
  expect(out).toContain('# Bench');
  expect(out).toContain('--case closed-form closed-form-million');
  expect(out).toContain('### K = 1 in closed form, n = 1 000 000');
  expect(err).toMatch(/^closed-form: reference [\d.]+ ?[kM]? lg\/s$/m);
});

test('with --out it writes Markdown and JSON, over what was there', async () => {
  const out = join(folder, 'bench');
  for (let time = 0; time < 2; time++) {
    const { code } = await quick('--case', 'closed-form', '--out', out, '--quiet');
    expect(code).toBe(0);
  }
  expect(readdirSync(out).sort()).toEqual(['RESULTS.md', 'results.json']);
  const report = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  expect(report).toMatchObject({ complete: true, runs: 2, missing: [] });
  expect(report.machine.cores).toBeGreaterThan(0);
  expect(report.cases[0].standings[0].seconds).toHaveLength(2);
  expect(readFileSync(join(out, 'RESULTS.md'), 'utf8')).toContain('| reference |');
});

test('the WASM engine takes part in each build, on one thread and on all', async () => {
  const out = join(folder, 'bench');
  const words = ['bench', '--quick', '--engine', 'wasm', '--case', 'closed-form', '--runs', '1'];
  expect((await genloss([...words, '--out', out])).code).toBe(0);
  const { contenders, cases } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  const built = contenders.map(({ build, threads }: never) => `${build} ${threads}`);
  expect(built).toContain('simd128 1');
  expect(new Set(built).size).toBe(built.length);
  const { standings, agreement } = cases[0];
  expect(standings).toHaveLength(built.length);
  expect(agreement.agreed).toBe(true);
  for (const { bound, share, rate } of standings) {
    expect(bound).toBeGreaterThan(0);
    expect(share).toBe(rate.median / bound);
  }
});

test('peers take part where they run, and are listed where they do not', async () => {
  const { code, out } = await quick(
    '--case',
    'reference',
    '--peers',
    PEERS,
    '--python',
    'no-python',
  );
  expect(code).toBe(0);
  expect(out).toMatch(/\| plain JavaScript, f64 \| [\d.]+/);
  expect(out).toContain('NumPy over lineages (no-python could not be started)');
  expect(out).toMatch(/Same output first: \d+ comparisons/);
});

test('a peer that simulates something else stops the case, with exit code 4', async () => {
  const source = readFileSync(join(PEERS, 'plain.js'), 'utf8');
  // Each variance a tenth too large: .095 a generation in its logarithm, a standard error .05.
  const wrong = source.replace('v0, v1 });', 'v0: 1.1 * v0, v1: 1.1 * v1 });');
  expect(wrong).not.toBe(source);
  writeFileSync(join(folder, 'plain.js'), wrong);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const { code, out } = await quick('--case', 'reference', '--peers', folder);
  expect(code).toBe(4);
  expect(out).toMatch(/\*\*Not timed: .*plain JavaScript.* standard errors apart/);
});

test('an interrupt leaves a report that says so', async () => {
  const stop = new AbortController();
  const words = ['bench', '--quick', '--engine', 'reference', '--case', 'closed-form', 'eight'];
  const { code, out } = await genloss(words, {
    signal: stop.signal,
    onErr: (text) => text.startsWith('closed-form:') && stop.abort(),
  });
  expect(code).toBe(130);
  expect(out).toContain('It was stopped before its end.');
});

test('a mechanism is timed beside plain replace, and its factor told', async () => {
  const { code, out, err } = await quick('--case', 'truncation');
  expect(code).toBe(0);
  expect(out).toMatch(/\| `truncation` \| c = 2 \| reference \| [\d.]+× \| [\d.]+× \|/);
  expect(err).toMatch(/^truncation: reference [\d.]+× of plain$/m);
});

test.each([
  [['--mechanisms', '--case', 'memory']],
  [['--mechanisms', '--curves']],
  [['--case', 'nothing']],
  [['--engine', 'abacus']],
  [['--runs', '0']],
  [['--out', '']],
])('%s is refused', async (words) => {
  const { code, out } = await genloss(['bench', ...words]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});
