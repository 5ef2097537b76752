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

  test('a choice between constants leaves its block, or nothing', () => {
    const choice = (condition: string) =>
      unrolled(`  before();\n  if (${condition}) {\n    f();\n  }\n  after();`);
    const block = ['  {', '    f();', '  }'];
    for (const condition of ['K == 2', 'D >= K + 1', 'K * D < MANY', 'K != D', '2u <= K']) {
      expect(choice(condition), condition).toEqual(['  before();', ...block, '  after();']);
    }
    for (const condition of ['K == 1', 'D > 3u', 'K - 2 != 0']) {
      expect(choice(condition), condition).toEqual(['  before();', '  after();']);
    }
    for (const condition of ['k == 1', 'K == 2 && x', 'f(K) == 1', '1.5 > K']) {
      expect(choice(condition), condition).toHaveLength(5);
    }
  });

  test('a choice knows the variables of loops around it', () => {
    const text = [
      'for (var k = 0u; k < 3u; k++) {',
      '  if (k % K == 0u) {',
      '    f(k);',
      '  }',
      '}',
    ].join('\n');
    const found = unrolled(text).filter((line) => /f\(|const/.test(line));
    expect(found).toEqual([
      '{ const k = 0u;',
      '    f(k);',
      '{ const k = 1u;',
      '{ const k = 2u;',
      '    f(k);',
    ]);
  });

  test('a choice with an else is left to the driver', () => {
    const text = '  if (K == 1) {\n    f();\n  } else {\n    g();\n  }';
    expect(unrolled(text)).toEqual(text.split('\n'));
  });

  test('nothing follows a block that is always taken and returns', () => {
    const text = (condition: string) =>
      [
        'fn f() -> u32 {',
        `  if (${condition}) {`,
        '    // Why.',
        '    return first()',
        '      + K;',
        '  }',
        '  let x = second();',
        '  return x;',
        '}',
        'fn g() {}',
      ].join('\n');
    expect(unrolled(text('K == 2'))).toEqual([
      'fn f() -> u32 {',
      '  {',
      '    // Why.',
      '    return first()',
      '      + K;',
      '  }',
      '}',
      'fn g() {}',
    ]);
    expect(unrolled(text('K == 1'))).toEqual([
      'fn f() -> u32 {',
      '  let x = second();',
      '  return x;',
      '}',
      'fn g() {}',
    ]);
  });

  test("loops over a lane's registers are unrolled whatever they take, loops around them are not", () => {
    const values = new Map([...VALUES, ['LANE_POINTS', 20], ['TILES', 2], ['ONE', 1]]);
    const around = (tiles: string) =>
      linesOf(
        [
          `for (var tile = 0u; tile < ${tiles}; tile++) {`,
          '  for (var j = 0u; j < LANE_POINTS; j++) {',
          '    f(tile, j);',
          '  }',
          '}',
        ].join('\n'),
      );
    const calls = (tiles: string) =>
      unroll(around(tiles), values).filter(({ text }) => text.includes('f(tile'));
    expect(calls('TILES')).toHaveLength(20);
    expect(unroll(around('TILES'), values)[0]!.text).toMatch(/^for \(var tile/);
    expect(calls('ONE')).toHaveLength(20);
    expect(unroll(around('ONE'), values)[0]!.text).toBe('{ const tile = 0u;');
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
