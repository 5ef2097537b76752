/** From the argument of `run` to the raw spec: a file, standard input, or a preset. */
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SpecError } from '../errors.ts';
import { repeatedKeys } from './repeated-keys.ts';
import { minimalSpec } from '../spec/schema.ts';
import type { Host } from './host.ts';
import { presetNamed } from './preset-named.ts';

/** More than any list of weights or axis values that is accepted takes. */
const MAX_SPEC_BYTES = 8 * 2 ** 20;

const PRESET_PREFIX = 'preset:';

export interface RawSpec {
  readonly raw: unknown;
  /** Files named in the spec are looked for here. */
  readonly folder: string;
}

const wrong = (field: string, message: string, remedy: string): SpecError =>
  new SpecError([{ field, message, remedy }]);

/** @throws SpecError where there is nothing to parse. */
export async function readSpec(argument: string, host: Host): Promise<RawSpec> {
  if (argument.startsWith(PRESET_PREFIX)) {
    const { spec } = presetNamed(argument.slice(PRESET_PREFIX.length), argument);
    // Without its defaults, so that those that follow from a field follow when --set changes it.
    return { raw: minimalSpec(spec), folder: '.' };
  }
  if (argument === '-') return { raw: parseJson(await host.readInput(), 'stdin'), folder: '.' };
  let text: string;
  try {
    text = await readSmallFile(argument);
  } catch (error) {
    const remedy = 'Give the path of a JSON file, preset:NAME, or - for standard input.';
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw wrong(argument, 'There is no such file.', remedy);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw wrong(argument, `The spec cannot be read (${reason}).`, remedy);
  }
  return { raw: parseJson(text, argument), folder: dirname(argument) };
}

/** @throws Error where it is no regular file, or too large to be a spec. */
async function readSmallFile(path: string): Promise<string> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error('it is not a file');
  if (found.size > MAX_SPEC_BYTES)
    throw new Error(`it has ${found.size} bytes, the limit is 8 MiB`);
  return readFile(path, 'utf8');
}

function parseJson(text: string, name: string): unknown {
  let raw: unknown;
  try {
    // Some editors begin a file with a byte order mark.
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrong(name, `Not JSON: ${reason}.`, 'See genloss schema for what a spec holds.');
  }
  const twice = repeatedKeys(text);
  if (twice.length === 0) return raw;
  throw new SpecError(
    twice.map((key) => ({ field: key, message: 'It is there twice.', remedy: 'Leave one out.' })),
  );
}
