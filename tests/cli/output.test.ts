import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFolder, outputProblems, writeFiles } from '../../src/cli/output.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'genloss-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function* failing(): Generator<string> {
  yield 'half a file\n';
  throw new Error('in the middle');
}

describe('writing results', () => {
  test('makes the folder and writes whole files under their names alone', async () => {
    const out = join(folder, 'a', 'b');
    await writeFiles(out, { 'x.csv': ['1\n', '2\n'], 'y.json': ['{}'] });
    expect(readdirSync(out).sort()).toEqual(['x.csv', 'y.json']);
    expect(readFileSync(join(out, 'x.csv'), 'utf8')).toBe('1\n2\n');
  });

  test('all files or none: what was there before stays', async () => {
    writeFileSync(join(folder, 'x.csv'), 'old');
    await expect(writeFiles(folder, { 'x.csv': ['new'], 'y.csv': failing() })).rejects.toThrow(
      'in the middle',
    );
    expect(readdirSync(folder)).toEqual(['x.csv']);
    expect(readFileSync(join(folder, 'x.csv'), 'utf8')).toBe('old');
  });
});

describe('where results may go', () => {
  const fields = (path: string, force = false) =>
    outputProblems(path, force).map(({ field }) => field);

  test('a new folder, an empty one, one with other files', () => {
    expect(fields(join(folder, 'new', 'deep'))).toEqual([]);
    expect(fields(folder)).toEqual([]);
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(fields(folder)).toEqual([]);
  });

  test.each(['results.csv', 'collapse.csv', 'status.csv', 'run.json'])(
    'not over %s, unless forced',
    (name) => {
      writeFileSync(join(folder, name), '');
      expect(fields(folder)).toEqual(['--out']);
      expect(outputProblems(folder, false)[0]!.message).toContain(name);
      expect(fields(folder, true)).toEqual([]);
    },
  );

  test('not into a file, nor below one', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(fields(file, true)).toEqual(['--out']);
    expect(fields(join(file, 'below'), true)).toEqual(['--out']);
  });

  test('not where a result is itself a folder, nor without a name', () => {
    mkdirSync(join(folder, 'results.csv'));
    expect(fields(folder, true)).toEqual(['--out']);
    expect(fields('')).toEqual(['--out']);
  });

  test('trying makes the folder and leaves nothing in it, or says why not', async () => {
    await openFolder(join(folder, 'new', 'deep'));
    expect(readdirSync(join(folder, 'new', 'deep'))).toEqual([]);
    symlinkSync('/nowhere/at/all', join(folder, 'dangling'));
    const bad = [
      join(folder, 'dangling'),
      join(folder, 'dangling', 'x'),
      join(folder, 'a'.repeat(300)),
    ];
    for (const path of bad) await expect(openFolder(path)).rejects.toThrow(/cannot be written to/);
  });

  test('asking makes nothing', () => {
    mkdirSync(join(folder, 'kept'));
    fields(join(folder, 'kept', 'new'));
    expect(readdirSync(join(folder, 'kept'))).toEqual([]);
  });
});
