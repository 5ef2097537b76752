/**
 * A spec as the text after # of a link: only what differs from the defaults of the spec version it
 * names, in the notation of flags, at most 8 kB. A link is a stranger's word: reading one never throws, mends what it can
 * and says what it mended.
 */
import { SpecError, type Problem } from '../errors.ts';
import { givenFields } from './minimal.ts';
import { formatValue, readValue } from './notation.ts';
import { parameterAt } from './parameters.ts';
import { parseSpec, type ParseOptions } from './parse.ts';
import { readPath, withoutPath, withPath, type PlainObject } from './paths.ts';
import { shorten } from './report.ts';
import type { TruthKind } from './parameter.ts';
import type { Spec } from './spec.ts';

export const MAX_URL_LENGTH = 8192;
/** Beyond these a link is rubbish, and its reader has seen enough. */
const MAX_PROBLEMS = 100;
const VERSION_KEY = 'v';
const FALLBACK: PlainObject = { truth: { kind: 'blobs' } };

export interface LinkedSpec {
  readonly spec: Spec;
  /** What was mended or left out, empty for a link that says what it means. */
  readonly problems: readonly Problem[];
}

/**
 * Without the leading #.
 * @throws SpecError where the spec does not fit into a link: it can still be saved as a file.
 */
export function specToUrl(spec: Spec): string {
  const { kind } = spec.truth;
  const pairs = givenFields(spec).map(
    ([path, value]) => `${path}=${encode(formatValue(path, kind, value))}`,
  );
  const text = [`${VERSION_KEY}=${spec.version}`, ...pairs].join('&');
  if (text.length <= MAX_URL_LENGTH) return text;
  const message = `A link for this spec has ${text.length} characters, the limit is ${MAX_URL_LENGTH}.`;
  throw new SpecError([{ field: '', message, remedy: 'Save it as a file instead.' }]);
}

/** Escapes all but what a fragment and a query may hold as it is. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/%(2C|3A|3B)/g, decodeURIComponent);

export function specFromUrl(url: string, options: ParseOptions = {}): LinkedSpec {
  const problems: Problem[] = [];
  const text = url.slice(url.search(/[#?]/) + 1);
  if (text.length > MAX_URL_LENGTH) {
    const message = `The link has ${text.length} characters, the limit is ${MAX_URL_LENGTH}.`;
    problems.push({ field: '', message, remedy: 'The defaults are used.' });
    return { spec: parseSpec(FALLBACK), problems };
  }
  const raw = readPairs(text, problems);
  return { spec: repair(raw, problems, options), problems };
}

/** The raw spec that a link says; pairs that say nothing are reported and dropped. */
function readPairs(text: string, problems: Problem[]): PlainObject {
  const drop = (key: string, message: string): void => {
    if (problems.length >= MAX_PROBLEMS) return;
    problems.push({ field: shorten(key), message, remedy: 'It is left out.' });
  };
  const pairs = new Map<string, string>();
  for (const pair of text.split('&').filter((part) => part !== '')) {
    const at = pair.indexOf('=');
    const key = decode(at < 0 ? pair : pair.slice(0, at));
    const value = decode(at < 0 ? '' : pair.slice(at + 1));
    if (key === null || value === null) drop(pair, 'Not readable.');
    else if (pairs.has(key)) drop(key, 'It is there twice.');
    else pairs.set(key, value);
  }
  const named = pairs.get('truth.kind') ?? 'blobs';
  const kind = parameterAt('truth.kind', null)!.choices!.some(({ value }) => value === named)
    ? (named as TruthKind)
    : 'blobs';
  let raw: PlainObject = withPath({}, 'truth.kind', named);
  for (const [key, value] of pairs) {
    const row = parameterAt(key.replace(/^sweep\./, ''), kind);
    const known = row && (row.axis || !key.startsWith('sweep.'));
    if (key === VERSION_KEY) raw = withPath(raw, 'version', readValue('version', kind, value));
    else if (known) raw = withPath(raw, key, readValue(key, kind, value));
    else drop(key, 'Not a field of this version.');
  }
  return raw;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Takes out what is refused until the rest is a spec: every round takes out something. */
function repair(start: PlainObject, problems: Problem[], options: ParseOptions): Spec {
  for (let raw = start; ;) {
    try {
      return parseSpec(raw, options);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      const { problems: found } = error;
      problems.push(...found.map((problem) => ({ ...problem, remedy: 'The default is used.' })));
      const rest = found.reduce((left, { field }) => withoutField(left, field), raw);
      if (rest !== raw) raw = rest;
      else if ('sweep' in raw) raw = withoutPath(raw, 'sweep');
      else return parseSpec(FALLBACK);
    }
  }
}

/** Without the field or axis; where it was at its default, without its whole group. */
function withoutField(raw: PlainObject, field: string): PlainObject {
  const path = field.replace(/\[.*$/s, '');
  const axes = Object.keys(Object(raw['sweep'])).map((axis) => `sweep.${axis}`);
  const axis = axes.find((name) => path === name || path.startsWith(`${name}.`));
  const group = path.split('.')[0]!;
  const target = [axis ?? path, group].find((part) => readPath(raw, part) !== undefined);
  if (target === undefined) return raw;
  const rest = withoutPath(raw, target);
  return readPath(rest, 'truth.kind') === undefined ? { ...rest, ...FALLBACK } : rest;
}
