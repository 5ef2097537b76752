/** `genloss mitigations`: formats, files and refusals; the numbers are tested in tests/experiment. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { genloss } from './host-fixture.ts';

const SPEC = JSON.stringify({
  truth: { kind: 'blobs', components: 1 },
  sampleSize: 20,
  generations: 4,
  replicates: 20,
});
const WORDS = ['mitigations', '-', '--engine', 'reference', '--quiet'];

const folder = mkdtempSync(join(tmpdir(), 'genloss-mitigations-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('says it in words, JSON and CSV, of each budget, and writes files', async () => {
  const words = [...WORDS, '--budget', '60,30'];
  const text = await genloss([...words, '--out', folder], { input: SPEC });
  expect({ code: text.code, err: text.err }).toEqual({ code: 0, err: '' });
  expect(text.out).toMatch(
    /^30 human points, all of them spent by (\d+) of \1 mitigations:\nklTruthToModel at generation 4/,
  );
  expect(text.out).toContain('\n60 human points, all of them spent by ');
  expect(text.out).toContain('Left out: Padlock on a mode. The truth has one mode.');
  const json = await genloss([...words, '--format', 'json'], { input: SPEC });
  expect(readFileSync(join(folder, 'mitigations.json'), 'utf8')).toBe(json.out);
  expect(JSON.parse(json.out)).toMatchObject({
    engine: 'reference',
    spec: { sampleSize: 20 },
    rankings: [{ budget: 30 }, { budget: 60 }],
  });
  const csv = await genloss([...words, '--format', 'csv'], { input: SPEC });
  expect(readFileSync(join(folder, 'mitigations.csv'), 'utf8')).toBe(csv.out);
  expect(csv.out.match(/^60,fresh,/gm)).toHaveLength(1);
});

test('three points for each of the first generation, unless said otherwise; another statistic', async () => {
  const words = ['--statistic', 'varianceRatio', '--summary', 'mean'];
  const { code, out } = await genloss([...WORDS, ...words], { input: SPEC });
  expect(code).toBe(0);
  expect(out).toMatch(
    /^60 human points, .*\nvarianceRatio at generation 4 of the mean over lineages/,
  );
});

test.each([
  [['--cell', '1'], '--cell: There is no cell 1: they are 0 to 0.'],
  [['--budget', '19'], '--budget: The first generation alone takes 20 human points'],
  [['--budget', '0'], 'Give a whole number from 1 up.'],
  [['--budget', Array.from({ length: 21 }, (_, i) => 20 + i).join(',')], 'up to 20 budgets'],
  [['--set', 'batch.realFraction=0.1'], 'batch.realFraction: Mitigations are tried on a spec'],
  [['--statistic', 'kl'], 'klTruthToModel'],
])('%s is refused in words', async (words, sentence) => {
  const { code, out, err } = await genloss([...WORDS, ...words], { input: SPEC });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(sentence);
});

test('interrupted, what is there is said to be incomplete', async () => {
  const stop = new AbortController();
  let reads = 0;
  const onNow = () => {
    if (++reads === 2) stop.abort();
  };
  const words = [...WORDS, '--out', folder];
  const { code, out } = await genloss(words, { input: SPEC, signal: stop.signal, onNow });
  expect(code).toBe(130);
  expect(out).toContain(
    'INTERRUPTED: not all lineages have got to the end, and there are no ranks.',
  );
  expect(out).not.toMatch(/^ +\d+ {2}\S/m);
  const record = JSON.parse(readFileSync(join(folder, 'mitigations.json'), 'utf8')) as {
    rankings: { complete: boolean; rows: { rank: number | null }[] }[];
  };
  const [ranking] = record.rankings;
  expect(ranking!.complete).toBe(false);
  expect(new Set(ranking!.rows.map(({ rank }) => rank))).toEqual(new Set([null]));
  const rows = readFileSync(join(folder, 'mitigations.csv'), 'utf8').trim().split('\n').slice(1);
  // Budget, name, no rank, what is spent, not complete.
  for (const row of rows) expect(row).toMatch(/^60,[a-z-]+,,(all|less),0,/);
});
