/** The built program, in a process and a folder of its own, without node_modules. */
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type * as Library from '../../src/index.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SPEC = { truth: { kind: 'blobs', components: 2 }, replicates: 20, generations: 4 };

let folder: string;
let program: string;
beforeAll(() => {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', '--mode', 'cli'], { cwd: ROOT });
  if (built.status !== 0) throw new Error(String(built.stderr));
  folder = mkdtempSync(join(tmpdir(), 'genloss-'));
  program = join(folder, 'cli.mjs');
  copyFileSync(join(ROOT, 'dist', 'cli.js'), program);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  rmSync(join(folder, 'out'), { recursive: true, force: true });
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(SPEC));
});

function genloss(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const readRun = () => JSON.parse(readFileSync(join(folder, 'out', 'run.json'), 'utf8'));

test('runs from one file, bundled data included', () => {
  const sizes = ['--set', 'replicates=20', '--set', 'generations=3'];
  const { status, stderr } = genloss('run', 'preset:old-faithful', '--out', 'out', ...sizes);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(readRun()).toMatchObject({ complete: true, spec: { truth: { file: 'faithful.csv' } } });
});

test('data on stdout are whole when the process ends', () => {
  // 2000 rows of some 100 bytes: more than a pipe holds.
  const { status, stdout } = genloss('run', 'spec.json', '--set', 'generations=500');
  expect(status).toBe(0);
  expect(stdout.endsWith('\n')).toBe(true);
  // Header, then generations 0 … 500 of four statistics.
  expect(stdout.trimEnd().split('\n')).toHaveLength(1 + 501 * 4);
});

test('the library is one file too, and gives the numbers of the command line', async () => {
  const path = join(folder, 'genloss.mjs');
  copyFileSync(join(ROOT, 'dist', 'genloss.js'), path);
  const genlossLib = (await import(/* @vite-ignore */ path)) as typeof Library;
  const seen: number[] = [];
  const results = await genlossLib.run(SPEC, {
    onProgress: ({ lineageGenerationsDone }) => seen.push(lineageGenerationsDone),
  });
  expect(results.complete).toBe(true);
  expect(seen.at(-1)).toBe(80);
  expect([...genlossLib.resultsCsv(results)].join('')).toBe(genloss('run', 'spec.json').stdout);
  await expect(genlossLib.run({ ...SPEC, seed: -1 })).rejects.toThrow(genlossLib.SpecError);
});

test('an engine that nobody closed keeps no process alive', () => {
  copyFileSync(join(ROOT, 'dist', 'genloss.js'), join(folder, 'genloss.mjs'));
  const script = `
    import { createWasmEngine, run } from './genloss.mjs';
    const engine = await createWasmEngine({ threads: 2 });
    const { complete } = await run(${JSON.stringify(SPEC)}, { engine });
    console.log(engine.name, complete);`;
  const words = ['--input-type=module', '--eval', script];
  const { status, stdout } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'wasm true\n' });
});

test('2: wrong spec, nothing written', () => {
  const { status, stdout, stderr } = genloss(
    ...['run', 'spec.json', '--out', 'out', '--set', 'a=1', '--set', 'seed=-1'],
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^2 problems:\n/);
  expect(readdirSync(folder)).not.toContain('out');
});

test('3: no WebGPU, with what is needed', () => {
  const { status, stderr } = genloss('run', 'spec.json', '--out', 'out', '--engine', 'webgpu');
  expect(status).toBe(3);
  expect(stderr).toContain('needs the package webgpu');
  expect(readdirSync(folder)).not.toContain('out');
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '130: %s leaves whole files, incomplete',
  async (signal) => {
    const words = ['run', 'spec.json', '--out', 'out', '--set', 'generations=100000'];
    const child = spawn(process.execPath, [program, ...words], { cwd: folder });
    const stderr: string[] = [];
    child.stderr.on('data', (piece: Buffer) => {
      stderr.push(piece.toString());
      // The plan has been told: the run has begun. A little later it has frames.
      if (piece.includes('lineages')) setTimeout(() => child.kill(signal), 1000);
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).toBe(130);
    expect(stderr.join('')).toContain('Results are incomplete');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      'collapse.csv',
      'results.csv',
      'run.json',
      'status.csv',
    ]);
    const run = readRun();
    expect(run.complete).toBe(false);
    expect(run.timings.lineageGenerations).toBeGreaterThan(0);
    const rows = readFileSync(join(folder, 'out', 'results.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    // Each generation of the one batch that is there is there for all 20 lineages.
    expect(rows).toHaveLength(1 + (run.timings.lineageGenerations / 20 + 1) * 4);
  },
);

test('a second signal does not wait', async () => {
  const words = ['run', 'spec.json', '--out', 'out', '--set', 'generations=100000'];
  const child = spawn(process.execPath, [program, ...words], { cwd: folder });
  child.stderr.on('data', (piece: Buffer) => {
    if (piece.includes('lineages')) child.kill('SIGINT');
    if (piece.includes('Once more')) child.kill('SIGINT');
  });
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(130);
});
