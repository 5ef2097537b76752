import { describe, expect, test } from 'vitest';
import { evaluate, unroll } from '../../src/engine/webgpu/unroll.ts';

const VALUES = new Map([
  ['K', 2],
  ['D', 3],
  ['MANY', 13],
]);

const linesOf = (text: string) => text.split('\n').map((line, i) => ({ text: line, line: i + 1 }));
const unrolled = (text: string) => unroll(linesOf(text), VALUES).map(({ text: line }) => line);

describe('unroll', () => {
  test('writes a loop over a constant out, and remembers the lines', () => {
    const text = 'for (var k = 0u; k < K; k++) {\n  a[k] = b;\n}';
    expect(unroll(linesOf(text), VALUES)).toEqual([
      { text: '{ const k = 0u;', line: 1 },
      { text: '  a[k] = b;', line: 2 },
      { text: '}', line: 3 },
      { text: '{ const k = 1u;', line: 1 },
      { text: '  a[k] = b;', line: 2 },
      { text: '}', line: 3 },
    ]);
  });

  test('bounds may name enclosing unrolled variables', () => {
    const text = [
      'for (var a = 0u; a < D; a++) {',
      '  for (var b = 0u; b <= a; b++) {',
      '    f(a, b);',
      '  }',
      '}',
    ].join('\n');
    // 1 + 2 + 3 entries of a lower triangle.
    expect(unrolled(text).filter((line) => line.includes('f(a, b)'))).toHaveLength(6);
  });

  test.each([
    ['a bound that is no constant', 'for (var i = 0u; i < n; i++) {\n  f(i);\n}'],
    ['a way out', 'for (var i = 0u; i < K; i++) {\n  if (x) { break; }\n}'],
    ['more copies than drivers compile well', 'for (var i = 0u; i < MANY; i++) {\n  f(i);\n}'],
    ['another step', 'for (var i = 4u; i > 0u; i--) {\n  f(i);\n}'],
  ])('leaves a loop with %s as it is', (_, text) => {
    expect(unrolled(text)).toEqual(text.split('\n'));
  });

  test('an outer loop that is too long keeps its inner ones unrolled', () => {
    const text = [
      'for (var i = 0u; i < MANY; i++) {',
      '  for (var k = 0u; k < K; k++) {',
      '    f(i, k);',
      '  }',
      '}',
    ].join('\n');
    expect(unrolled(text)[0]).toBe('for (var i = 0u; i < MANY; i++) {');
    expect(unrolled(text).filter((line) => line.includes('f(i, k)'))).toHaveLength(2);
  });

  test('a loop that runs not at all leaves nothing', () => {
    expect(unrolled('for (var a = 3u; a < D; a++) {\n  f(a);\n}')).toEqual([]);
  });
});

test('whole-number expressions', () => {
  expect(evaluate('K * (D + 1u) / 2u', VALUES)).toBe(4);
  expect(evaluate('D - K - 1', VALUES)).toBe(0);
  expect(evaluate('7u / 2u', VALUES)).toBe(3);
  expect(evaluate('K * other', VALUES)).toBeNull();
  expect(evaluate('(K', VALUES)).toBeNull();
  expect(evaluate('K K', VALUES)).toBeNull();
  expect(evaluate('K < 3', VALUES)).toBeNull();
});
