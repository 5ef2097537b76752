/** AssemblyScript is outside of TypeScript, ESLint and Prettier: what they would say of it otherwise. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOTS = ['src/engine/wasm/assembly', 'tests/wasm/assembly'];

const files = ROOTS.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${root}/${file}`),
);

const read = (file: string): string => readFileSync(file, 'utf8');

test.each(files)('%s: the files it names are there', (file) => {
  const named = read(file).match(/(?:src|shaders|tests)\/[\w/-]+\.(?:ts|wgsl|py)/g) ?? [];
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test.each(files)(
  '%s: lines of 100 characters, no imports and functions that nobody uses',
  (file) => {
    const text = read(file);
    expect(text.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
    const imported = Array.from(text.matchAll(/^import \{([^}]*)\}/gm), ([, names]) =>
      names!.split(',').map((name) => name.trim().split(' as ').at(-1)!),
    ).flat();
    const declared = Array.from(text.matchAll(/^function (\w+)/gm), ([, name]) => name!);
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|^import [^;]*;/gm, '');
    const uses = (name: string) => code.match(new RegExp(`(?<!\\w)${name}(?!\\w)`, 'g')) ?? [];
    expect(imported.filter((name) => name && uses(name).length === 0)).toEqual([]);
    expect(declared.filter((name) => uses(name).length < 2)).toEqual([]);
  },
);
