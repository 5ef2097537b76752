/** From the argument of `run` to the raw spec: a file, standard input, or a preset; then --set. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SpecError } from '../errors.ts';
import { withPath } from '../spec/schema.ts';
import type { Host } from './host.ts';
import { presets } from '../spec/presets.ts';

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
    return { raw: presetSpec(argument.slice(PRESET_PREFIX.length)), folder: '.' };
  }
  if (argument === '-') return { raw: parseJson(await host.readInput(), 'stdin'), folder: '.' };
  let text: string;
  try {
    text = await readFile(argument, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrong(argument, `The spec cannot be read (${reason}).`, 'Give the path of a JSON file.');
  }
  return { raw: parseJson(text, argument), folder: dirname(argument) };
}

function presetSpec(name: string): unknown {
  const preset = presets.find((row) => row.name === name);
  if (preset) return preset.spec;
  const known = presets.map((row) => row.name).join(', ');
  throw wrong(`${PRESET_PREFIX}${name}`, 'There is no such preset.', `There are: ${known}.`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrong(name, `Not JSON: ${reason}.`, 'See genloss schema for what a spec holds.');
  }
}

/**
 * Applies `path=value` in order. A value is JSON where it can be read as such, otherwise text:
 * `fit.components=3`, `truth.layout=ring`, `sweep.sampleSize=[10,100]`.
 * @throws SpecError for entries without a path or a value.
 */
export function applySettings(raw: unknown, settings: readonly string[]): unknown {
  const bad = settings.filter((setting) => !/^[^=]+=/.test(setting));
  if (bad.length > 0) {
    throw new SpecError(
      bad.map((setting) => ({
        field: '--set',
        message: `"${setting}" is not path=value.`,
        remedy: 'Write for example --set sampleSize=50.',
      })),
    );
  }
  return settings.reduce((spec, setting) => {
    const at = setting.indexOf('=');
    return withPath(spec, setting.slice(0, at).trim(), settingValue(setting.slice(at + 1)));
  }, raw);
}

function settingValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
