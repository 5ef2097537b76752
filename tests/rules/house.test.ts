/** Is the house in order: layers, exact versions, nothing of one machine in the files. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Folder → layer (10-architecture). A file imports from its own layer or lower. */
const LAYERS: Readonly<Record<string, number>> = {
  spec: 0,
  model: 1,
  plan: 2,
  engine: 3,
  experiment: 4,
  ui: 5,
  cli: 5,
};

/** Tracked, and new files that will be: what a clean checkout would hold. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);

const read = (file: string): string => readFileSync(file, 'utf8');

/** src/errors.ts is under all; src/index.ts, the library, is above all. */
function layerOf(file: string): number {
  if (file === 'src/errors.ts') return -1;
  return LAYERS[file.split('/')[1]!] ?? Infinity;
}

const sources = files.filter((file) => /^src\/.*\.ts$/.test(file));

const importsOf = (file: string): string[] =>
  Array.from(
    read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'|new URL\(\s*'(\.[^']+\.ts)'/g),
    (match) => join(file, '..', (match[1] ?? match[2])!.replace(/\?.*$/, '')),
  );

test.each(sources)('%s imports its own layer or lower', (file) => {
  const upward = importsOf(file).filter(
    (target) => target.startsWith('src/') && layerOf(target) > layerOf(file),
  );
  expect(upward).toEqual([]);
});

test('no two files import each other, nor any ring of files, types included', () => {
  const targets = new Map(sources.map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  const rings: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) rings.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(rings).toEqual([]);
});

test('the two rooms above the core do not know each other', () => {
  const crossing = sources.filter((file) => {
    const other = file.startsWith('src/ui/') ? 'src/cli/' : 'src/ui/';
    const above = file.startsWith('src/ui/') || file.startsWith('src/cli/');
    return above && importsOf(file).some((target) => target.startsWith(other));
  });
  expect(crossing).toEqual([]);
});

test('only layer 5 touches DOM, process and files', () => {
  const host = /\b(?:document|window|process|localStorage)\.|from 'node:/;
  // Part of the build, which no product holds.
  const built = ['src/engine/wasm/compile.ts', 'src/engine/wasm/bundle-worker.ts'];
  const below = sources.filter((file) => layerOf(file) < 5 && !built.includes(file));
  expect(below.filter((file) => host.test(withoutComments(read(file))))).toEqual([]);
});

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, '');

test('versions are exact', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('no path of one machine', () => {
  // Assembled, so that this file does not name what it forbids.
  const roots = ['work', 'home', 'Users', 'root', 'tmp'].join('|');
  const personal = new RegExp(`(?<![\\w.:/}])/(?:${roots})/[\\w.-]+/`);
  const text = files.filter((file) => /\.(ts|js|json|wgsl|md|html|css|py|yml)$|\.ci\//.test(file));
  expect(text.filter((file) => personal.test(read(file)))).toEqual([]);
});
