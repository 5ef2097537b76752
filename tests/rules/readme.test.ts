/** The README's tables are those of the schema. `npm run docs` writes them anew. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { referenceTables } from '../../src/spec/reference.ts';

const README = join(import.meta.dirname, '../../README.md');
const REFERENCE = /(<!-- reference: [^>]* -->\n)[^]*(<!-- \/reference -->\n)/;

test('the reference in the README is up to date; if it is not, npm run docs mends it', async () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toMatch(REFERENCE);
  const fresh = readme.replace(REFERENCE, (_, open, close) =>
    [open, '\n', referenceTables(), '\n', close].join(''),
  );
  await expect(fresh).toMatchFileSnapshot(README, 'run npm run docs');
});
