import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CapabilityError, EngineError } from '../../src/errors.ts';
import { failureOf } from '../../src/cli/problems.ts';
import { presets } from '../../src/spec/presets.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { genloss } from './host-fixture.ts';

const SPEC = {
  truth: { kind: 'blobs', components: 1 },
  sampleSize: 20,
  generations: 3,
  replicates: 50,
  statistics: ['varianceRatio'],
};

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genloss-'));
  out = join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true }));

function specFile(spec: unknown = SPEC): string {
  const path = join(folder, 'spec.json');
  writeFileSync(path, typeof spec === 'string' ? spec : JSON.stringify(spec));
  return path;
}

const readRun = () => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
const FILES = ['results.csv', 'collapse.csv', 'status.csv', 'run.json'];
const readCsv = () => readFileSync(join(out, 'results.csv'), 'utf8');
const reference = (...words: string[]) => ['run', ...words, '--engine', 'reference'];

describe('genloss run', () => {
  test('writes results.csv and run.json, and says so on stderr alone', async () => {
    const words = reference(specFile(), '--out', out, '--set', 'sweep.sampleSize=[10,20]');
    const { code, out: stdout, err } = await genloss(words);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(err).toContain('Reference engine');
    expect(err).toContain('2 cells, 100 lineages, 300 lineage-generations');
    expect(err).toMatch(/^Regimes? of the variance: (\d \w+, )*\d \w+\.$/m);
    expect(readdirSync(out).sort()).toEqual(FILES.toSorted());

    const { data } = Papa.parse<Record<string, string>>(readCsv().trimEnd(), { header: true });
    // 2 cells × generations 0 … 3 × 1 statistic.
    expect(data.map((row) => [row.cell, row.sampleSize, row.generation].join())).toEqual(
      ['0,10', '1,20'].flatMap((cell) => [0, 1, 2, 3].map((t) => `${cell},${t}`)),
    );
    expect(data.every((row) => row.count === '50' && row.statistic === 'varianceRatio')).toBe(true);

    const run = readRun();
    const asked = { ...SPEC, sweep: { sampleSize: [10, 20] } };
    // What was left to this version is recorded as what it chose.
    expect(run.spec).toEqual({ ...parseSpec(asked), closedForm: 'cheapest' });
    expect(run).toMatchObject({
      complete: true,
      seed: 1,
      specVersion: 1,
      rng: { name: 'threefry4x32', version: 1, rounds: 20 },
      engine: 'reference',
      equality: { sameBuildAndAdapter: 'bits', elsewhere: 'statistics' },
      timings: { lineageGenerations: 300 },
      adapter: { threads: 1 },
      plan: {
        cells: 2,
        lineages: 100,
        lineageGenerations: 300,
        groups: [{ path: 'closed', cells: 2, mapping: null }],
      },
      lineages: { finished: 100, nonFinite: 0 },
      verdicts: { testLoss: [null, null], scalingLaws: [] },
      written: FILES,
    });
  });

  test('the spec that run.json records makes the same results again', async () => {
    await genloss(reference(specFile(), '--out', out));
    const first = readCsv();
    const again = specFile(readRun().spec);
    await genloss(reference(again, '--out', out, '--force', '--batch', '7'));
    expect(readCsv()).toBe(first);
  });

  test('without --out the table goes to stdout; a spec may come from stdin', async () => {
    const { code, out: stdout } = await genloss(reference('-', '--quiet'), {
      input: JSON.stringify(SPEC),
    });
    expect(code).toBe(0);
    await genloss(reference(specFile(), '--out', out));
    expect(stdout).toBe(readCsv());
  });

  test('--quiet says the answer alone, and what is not all of it', async () => {
    const { err } = await genloss(reference(specFile(), '--out', out, '-q'));
    expect(err).toMatch(/^Regime of the variance: \w+\.\n$/);
    const stop = new AbortController();
    const words = reference(specFile(), '--out', out, '-q', '--force');
    const cut = await genloss(words, { signal: stop.signal, onNow: () => stop.abort() });
    expect(cut.code).toBe(130);
    expect(cut.err).toMatch(/^Results are incomplete/m);
  });

  test('says which default statistics a truth of many dimensions goes without', async () => {
    const spec = { ...SPEC, truth: { kind: 'blobs', components: 1, dim: 5 } };
    const missing = /^Without tailMass1, which has no closed form in more than 4 dimensions\.$/m;
    const told = async (raw: object, ...words: string[]) =>
      missing.test((await genloss(reference(specFile(raw), ...words))).err);
    expect(await told({ ...spec, statistics: undefined })).toBe(true);
    const swept = { truth: { ...SPEC.truth, dim: 1 }, sweep: { 'truth.dim': [1, 5] } };
    expect(await told({ ...SPEC, ...swept, statistics: undefined })).toBe(true);
    const criteria = [{ name: 'far', statistic: 'logDetRatio', below: -1 }];
    expect(await told({ ...spec, statistics: undefined, criteria })).toBe(true);
    // What was chosen is what was wanted.
    expect(await told(spec)).toBe(false);
    expect(await told({ ...SPEC, statistics: undefined })).toBe(false);
    expect(await told({ ...spec, statistics: undefined }, '--quiet')).toBe(false);
  });

  test('data are found beside the spec', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 3}`);
    writeFileSync(join(folder, 'mine.csv'), ['a,b', ...rows].join('\n'));
    const truth = { kind: 'data', file: 'mine.csv', columns: ['a'] };
    const spec = { ...SPEC, truth, fit: { components: 1 } };
    const { code, err } = await genloss(reference(specFile(spec), '--out', out));
    expect({ code, err }).toMatchObject({ code: 0 });
  });

  test('an interrupt leaves what is there, marked incomplete', async () => {
    const stop = new AbortController();
    const words = reference(specFile(), '--out', out, '--set', 'generations=1000');
    const { code, err } = await genloss(words, {
      signal: stop.signal,
      onErr: (text) => text.includes('lineages') && stop.abort(),
    });
    expect(code).toBe(130);
    expect(err).toContain('incomplete');
    expect(readRun().complete).toBe(false);
    expect(readCsv()).toMatch(/^cell,.*\n0,0,varianceRatio,50,1,/);
  });
});

describe('exit code 2, all problems at once, nothing written', () => {
  const refused = async (...words: string[]) => {
    const { code, err, out: stdout } = await genloss(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(folder)).not.toContain('out');
    return err;
  };

  test('of the spec, the flags and the folder together', async () => {
    const path = specFile({ ...SPEC, sampelSize: 3, replicates: -1 });
    const err = await refused('run', path, '--out', join(path, 'x'), '--set', 'seed=x');
    for (const field of ['sampelSize', 'replicates', 'seed', '--out']) {
      expect(err).toContain(`  ${field}: `);
    }
    expect(err).toMatch(/^4 problems:\n/);
  });

  test.each([
    ['--set', 'novalue'],
    ['--set', '=3'],
    ['--set', '__proto__.polluted=1'],
    ['--engine', 'abacus'],
    ['--batch', '0'],
    ['--batch', '1.5'],
    ['--max-lineages', 'many'],
    ['--nonsense'],
  ])('%s %s', async (...flags) => {
    await refused('run', specFile(), '--out', out, ...flags);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('a spec that is not there, not JSON, or no such preset', async () => {
    expect(await refused('run', join(folder, 'none.json'))).toContain('none.json');
    expect(await refused('run', specFile('{ "truth": '))).toContain('Not JSON');
    expect(await refused('run', 'preset:nonesuch')).toContain('no such preset');
    expect(await refused('run', 'preset:two-mods')).toContain('Did you mean two-modes?');
    for (const command of ['run', 'trace']) {
      const missing = await refused(command, 'nonesuch.json');
      expect(missing).toContain('There is no such file. Give the path of a JSON file');
      expect(missing).not.toContain('ENOENT');
    }
  });

  test('too many lineages: the cost is said, and the limit can be raised', async () => {
    const words = reference(specFile(), '--out', out, '--max-lineages');
    const limited = (limit: string) => words.toSpliced(-2, 0, limit);
    expect(await refused(...limited('49'))).toContain('50 lineages');
    expect((await genloss(limited('50'))).code).toBe(0);
  });

  test('data that are not there, not text, not numbers', async () => {
    const withFile = (file: string) =>
      specFile({ ...SPEC, truth: { kind: 'data', file, columns: ['a'] } });
    expect(await refused('run', withFile('none.csv'))).toContain('truth.file: none.csv');
    writeFileSync(join(folder, 'bytes.csv'), Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x00]));
    expect(await refused('run', withFile('bytes.csv'))).toContain('UTF-8');
    writeFileSync(join(folder, 'words.csv'), 'a\n1\nmany\n');
    expect(await refused('run', withFile('words.csv'))).toMatch(/many/);
  });

  test('results are not replaced unless forced', async () => {
    const words = reference(specFile(), '--out', out, '-q');
    expect((await genloss(words)).code).toBe(0);
    const before = readCsv();
    const second = await genloss([...words, '--set', 'seed=2']);
    expect(second).toMatchObject({ code: 2 });
    expect(second.err).toContain('--force');
    expect(readCsv()).toBe(before);
    expect((await genloss([...words, '--set', 'seed=2', '-f'])).code).toBe(0);
    expect(readCsv()).not.toBe(before);
  });

  test('no command, an unknown command', async () => {
    expect((await genloss([])).code).toBe(2);
    expect((await genloss(['rnu'])).code).toBe(2);
  });
});

describe('the other codes', () => {
  test('3: the machine cannot, 4: the engine failed', () => {
    const cannot = new CapabilityError('Needs 2 GiB, has 1 GiB.');
    expect(failureOf(cannot)).toEqual({ code: 3, text: 'Needs 2 GiB, has 1 GiB.\n' });
    expect(failureOf(new EngineError('em.wgsl:41')).code).toBe(4);
    expect(failureOf(new TypeError('bug')).code).toBe(4);
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    expect(failureOf(full).code).toBe(3);
  });
});

/** What `presets --json` has of each. */
interface PresetRecord {
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly look: string;
  readonly cost: Record<'cells' | 'lineages' | 'generations' | 'seconds', number>;
  readonly spec: unknown;
}

describe('help and lists', () => {
  test.each([['--help'], ['run', '--help'], ['devices', '--help'], ['--version']])(
    '%s %s is no error',
    async (...words) => {
      const { code, out: stdout, err } = await genloss(words);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(stdout).not.toBe('');
    },
  );

  test('help names every flag, the files and the exit codes', async () => {
    const { out: help } = await genloss(['run', '--help']);
    for (const word of ['--out', '--engine', '--set', '--batch', 'results.csv', '130']) {
      expect(help).toContain(word);
    }
    // As narrow as the narrowest terminal in use.
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('schema is JSON', async () => {
    const { code, out: text } = await genloss(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ type: 'object', required: ['truth'] });
  });

  test('presets are listed with what they cost, and as data with all there is', async () => {
    const { code, out: list } = await genloss(['presets']);
    expect(code).toBe(0);
    const data = JSON.parse((await genloss(['presets', '--json'])).out) as PresetRecord[];
    expect(data.map(({ name }) => name)).toEqual(presets.map(({ name }) => name));
    for (const { name, group, title, look, cost, spec } of data) {
      const line = list.split('\n').find((text) => text.startsWith(`  ${name} `))!;
      expect(line).toMatch(/^ {2}\S+ +\S.* × \d+ +≈ \d.* {2}\S/);
      expect(line.endsWith(title)).toBe(true);
      expect(list).toContain(`${group}\n`);
      expect(look).not.toBe('');
      const parsed = parseSpec(spec);
      expect(cost).toMatchObject({
        lineages: cost.cells * parsed.replicates,
        generations: parsed.generations,
        lineageGenerations: cost.lineages * parsed.generations,
      });
      expect(cost.seconds).toBeGreaterThan(0);
    }
  });

  test('one preset is told in full, in lines of a narrow terminal', async () => {
    const { code, out: told } = await genloss(['presets', 'one-migrant']);
    expect(code).toBe(0);
    const { title, story, look, citation } = presets.find(({ name }) => name === 'one-migrant')!;
    const flat = told.replaceAll(/\s+/g, ' ');
    for (const text of [title, story, `Look for: ${look}`, `Source: ${citation}`]) {
      expect(flat).toContain(text);
    }
    expect(flat).toMatch(/Cost: 28 cells, 14 k lineages × 200 generations, about \d+ s on this/);
    expect(told).toContain('\ngenloss run preset:one-migrant --out out\n');
    expect(Math.max(...told.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const { out: data } = await genloss(['presets', 'one-migrant', '--json']);
    expect(JSON.parse(data)).toMatchObject({ name: 'one-migrant', cost: { cells: 28 } });
    const unknown = await genloss(['presets', 'nonesuch']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('There is no such preset. There are: ');
    const mistyped = await genloss(['presets', 'paddlock']);
    expect(mistyped.err).toContain('There is no such preset. Did you mean padlock?');
  });
});
