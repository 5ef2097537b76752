import { describe, expect, test } from 'vitest';
import { link, type Constants, type Source } from '../../src/engine/webgpu/link.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';

/** Modules given as name → text, each in the file of its name. */
const linkTexts = (texts: Record<string, string>, entry: string, constants: Constants = {}) => {
  const sources = new Map<string, Source>();
  for (const [name, text] of Object.entries(texts)) {
    sources.set(name, { file: `shaders/${name.replaceAll('::', '/')}.wgsl`, text });
  }
  return link(sources, entry, constants);
};

const lineOf = (text: string, part: string): number =>
  text.split('\n').findIndex((line) => line.includes(part)) + 1;

describe('link', () => {
  test('joins each module once, dependencies first, imports blanked out', () => {
    const { text } = linkTexts(
      {
        'kernels::k':
          'import package::a::f;\nimport package::b::{g, h};\nfn main() { f(); g(); h(); }',
        a: 'import package::b::{g};\nfn f() { g(); }',
        b: 'fn g() {}\nfn h() {}',
      },
      'kernels::k',
    );
    expect(text.match(/fn g\(/g)).toHaveLength(1);
    expect(text).not.toContain('import');
    expect(lineOf(text, 'fn g')).toBeLessThan(lineOf(text, 'fn f'));
    expect(lineOf(text, 'fn f')).toBeLessThan(lineOf(text, 'fn main'));
  });

  test('maps every line back to its file', () => {
    const { text, where } = linkTexts(
      {
        k: '// head\nimport package::a::{\n  f,\n};\n\nfn main() { f(); }',
        a: '/* two\n   lines */\n@must_use\nfn f() -> f32 {\n  return 1.0;\n}\n',
      },
      'k',
    );
    expect(where(lineOf(text, 'return 1.0'))).toBe('shaders/a.wgsl:5');
    expect(where(lineOf(text, 'fn main'))).toBe('shaders/k.wgsl:6');
  });

  test('generates the constants that are imported, and no others', () => {
    const { text } = linkTexts(
      { k: 'import package::constants::{K, FLOOR, WANT};\nconst TWICE = 2 * K;' },
      'k',
      { K: 3, FLOOR: 1e-7, WANT: true, OTHER: 5 },
    );
    expect(text).toContain('const K = 3;\n');
    expect(text).toContain('const FLOOR = 1e-7;\n');
    expect(text).toContain('const WANT = true;\n');
    expect(text).not.toContain('OTHER');
  });

  test('commented imports are not imports', () => {
    const { text } = linkTexts({ k: '// import package::nothing::f;\nfn main() {}' }, 'k');
    expect(text).toContain('// import package::nothing::f;');
  });

  const refusals: [string, Record<string, string>, RegExp][] = [
    [
      'an unknown module',
      { k: '\nimport package::missing::f;' },
      /^shaders\/k\.wgsl:2: there is no module package::missing$/,
    ],
    [
      'an unknown name, though it exists inside a function',
      { k: 'import package::a::x;', a: 'fn f() {\n  const x = 1;\n}' },
      /^shaders\/k\.wgsl:1: package::a has no x$/,
    ],
    [
      'an unknown constant',
      { k: 'import package::constants::Z;' },
      /^shaders\/k\.wgsl:1: package::constants has no Z$/,
    ],
    [
      'a cycle',
      {
        k: 'import package::a::f;',
        a: 'import package::b::g;\nfn f() {}',
        b: 'import package::a::f;\nfn g() {}',
      },
      /^shaders\/b\.wgsl:1: modules import each other in a cycle: a → b → a$/,
    ],
    [
      'a duplicate name',
      { k: 'import package::a::f;\nconst ONE = 1;', a: 'fn f() {}\nvar<private> ONE: f32;' },
      /^shaders\/k\.wgsl: ONE is also declared in shaders\/a\.wgsl$/,
    ],
    [
      'a call without an import',
      {
        k: 'import package::a::f;\nfn main() { f(); g(); }',
        a: 'import package::b::g;\nfn f() { g(); }',
        b: 'fn g() {}',
      },
      /^shaders\/k\.wgsl: calls g of shaders\/b\.wgsl without importing it$/,
    ],
    [
      'an import in another shape',
      { k: 'import super::a::f;' },
      /^shaders\/k\.wgsl:1: not an import this linker knows: import super::a::f;$/,
    ],
  ];
  test.each(refusals)('refuses %s', (_, texts, message) => {
    expect(() => linkTexts(texts, 'k')).toThrow(message);
  });

  test('finds the shaders of this project', () => {
    expect(shaderSources.get('rng::threefry')?.file).toBe('shaders/rng/threefry.wgsl');
  });
});
