import { expect, test } from 'vitest';
import { repeatedKeys } from '../../src/cli/repeated-keys.ts';

test.each([
  ['{}', []],
  ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"sweep":{"n":[1,2],"n":[3]},"n":1}', ['sweep.n']],
  ['{"a":"b","b":"a","text":"{\\"a\\":1,\\"a\\":2}"}', []],
  ['{"a":1,"\\u0061":2}', ['a']],
  ['[{"x":{"y":1,"y":1}},{"x":{"y":1}}]', ['x.y']],
])('%s', (text, expected) => {
  JSON.parse(text);
  expect(repeatedKeys(text)).toEqual(expected);
});
