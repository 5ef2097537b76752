/**
 * The README's tables are those of the schema, and what `genloss trace` prints. `npm run docs`
 * writes them anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { referenceTables } from '../../src/spec/reference.ts';
import { genloss } from '../cli/host-fixture.ts';

const README = join(import.meta.dirname, '../../README.md');
const REFERENCE = /(<!-- reference: [^>]* -->\n)[^]*(<!-- \/reference -->\n)/;
const TRACE = /(<!-- trace: (\S+) -->\n)[^]*?(<!-- \/trace -->\n)/g;
const GENERATIONS = '1,2,5,10,20,50';

async function withTraces(readme: string): Promise<string> {
  let fresh = readme;
  for (const [old, open, spec, close] of readme.matchAll(TRACE)) {
    const { code, out } = await genloss(['trace', spec!, '--generations', GENERATIONS]);
    expect(code).toBe(0);
    fresh = fresh.replace(old, () => [open, '\n', out, '\n', close].join(''));
  }
  return fresh;
}

test('the lives of lineages in the README are what the command prints', async () => {
  const readme = readFileSync(README, 'utf8');
  expect([...readme.matchAll(TRACE)]).toHaveLength(4);
  expect(readme).toContain(`--generations ${GENERATIONS}`);
  await expect(await withTraces(readme)).toMatchFileSnapshot(README, 'run npm run docs');
});

test('the reference in the README is up to date; if it is not, npm run docs mends it', async () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toMatch(REFERENCE);
  const fresh = readme.replace(REFERENCE, (_, open, close) =>
    [open, '\n', referenceTables(), '\n', close].join(''),
  );
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});
