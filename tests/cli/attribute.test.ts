/** `genloss attribute`: formats, files and refusals; the numbers are tested in tests/experiment. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { genloss } from './host-fixture.ts';

const SPEC = JSON.stringify({
  truth: { kind: 'blobs', components: 1 },
  sampleSize: 20,
  generations: 3,
  replicates: 20,
  sweep: { 'batch.samplingBias': [1, 0.9] },
});
const WORDS = ['attribute', '-', '--engine', 'reference', '--large-n', '100', '--quiet'];

const folder = mkdtempSync(join(tmpdir(), 'genloss-attribute-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('says it in words, JSON and CSV, of one cell of a sweep, and writes files', async () => {
  const text = await genloss([...WORDS, '--cell', '1', '--out', folder], { input: SPEC });
  expect({ code: text.code, err: text.err }).toEqual({ code: 0, err: '' });
  expect(text.out).toContain('klTruthToModel at generation 3 of the median lineage, in nats');
  expect(text.out).toMatch(/Family .* the spec does not have it/);
  const json = await genloss([...WORDS, '--cell', '1', '--format', 'json'], { input: SPEC });
  expect(readFileSync(join(folder, 'attribution.json'), 'utf8')).toBe(json.out);
  const record = JSON.parse(json.out) as Record<string, never>;
  expect(record).toMatchObject({ engine: 'reference', spec: { batch: { samplingBias: 0.9 } } });
  const csv = await genloss([...WORDS, '--cell', '1', '--format', 'csv'], { input: SPEC });
  expect(readFileSync(join(folder, 'attribution.csv'), 'utf8')).toBe(csv.out);
  const plain = await genloss([...WORDS, '--format', 'csv'], { input: SPEC });
  // The first cell has no bias: its share is 0, and that of chance is all.
  expect(plain.out).toMatch(/^share,0,0,0,1,0,0,0,0,/m);
});

test('n at the limit of many points changes nothing; it is not said to be absent', async () => {
  const set = ['--set', 'sampleSize=100000', '--set', 'generations=1', '--set', 'replicates=10'];
  const words = ['attribute', '-', '--engine', 'reference', '--quiet', ...set];
  const { code, out } = await genloss(words, { input: SPEC });
  expect(code).toBe(0);
  expect(out).toMatch(/Finite n .* changes nothing here$/m);
  expect(out).toMatch(/Family .* the spec does not have it$/m);
  expect(out).toContain('n is as large as what stands in for infinitely many points: 100 000.');
});

test('another statistic, summary and generation', async () => {
  const words = ['--statistic', 'logVarianceRatio', '--summary', 'mean', '--generation', '2'];
  const { code, out } = await genloss([...WORDS, '--cell', '1', ...words], { input: SPEC });
  expect(code).toBe(0);
  expect(out).toContain('logVarianceRatio at generation 2 of the mean over lineages, in nats');
  // ln 0.9 once, in every lineage.
  expect(out).toMatch(/Sampler .* −0\.105 ± /);
});

test.each([
  [['--cell', '2'], '--cell: There is no cell 2: they are 0 to 1.'],
  [['--generation', '4'], '--generation: There is no generation 4: they are 1 to 3.'],
  [['--large-n', '10'], "--large-n: 10 points are no more than the spec's own 20."],
  [['--large-n', '20'], "--large-n: 20 points are no more than the spec's own 20."],
  [['--summary', 'max'], 'q50, mean'],
  [['--statistic', 'kl'], 'klTruthToModel'],
  [['--statistic', 'modeMass_99'], 'modeMass_1 …'],
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
  const { code, out } = await genloss(WORDS, { input: SPEC, signal: stop.signal, onNow });
  expect(code).toBe(130);
  expect(out).toContain('INTERRUPTED');
});
