/** A spec as `--set path=value` flags, and back. */
import { SpecError } from '../errors.ts';
import { givenFields } from './minimal.ts';
import { formatValue, readValue } from './notation.ts';
import { readPath, withPath } from './paths.ts';
import type { TruthKind } from './parameter.ts';
import type { Spec } from './spec.ts';

/** `path=value` of every field that differs from its default. */
export const specToSettings = (spec: Spec): string[] =>
  givenFields(spec).map(([path, value]) => `${path}=${formatValue(path, spec.truth.kind, value)}`);

/**
 * The raw spec with one setting applied.
 * @throws SpecError where it is not path=value; whether the field exists is for `parseSpec`.
 */
export function applySetting(raw: unknown, setting: string): unknown {
  const at = setting.indexOf('=');
  const path = setting.slice(0, at).trim();
  if (at < 1 || path === '' || path.length > 100) {
    const message = `${JSON.stringify(setting.slice(0, 60))} is not path=value.`;
    const remedy = 'Write for example --set sampleSize=50.';
    throw new SpecError([{ field: '--set', message, remedy }]);
  }
  const kind = readPath(raw, 'truth.kind') as TruthKind | null;
  return withPath(raw, path, readValue(path, kind, setting.slice(at + 1)));
}

/** In order: a later setting of the same field wins, and a kind of truth comes before its fields. */
export const applySettings = (raw: unknown, settings: readonly string[]): unknown =>
  settings.reduce(applySetting, raw);
