/**
 * A spec as the text after # of a link: only what differs from the defaults of the spec version it
 * names, in the notation of flags, at most 8 kB. A link is a stranger's word: reading one never throws, mends what it can
 * and says what it mended.
 */
import { SpecError, type Problem } from '../errors.ts';
import { givenFields } from './minimal.ts';
import { formatValue, readValue } from './notation.ts';
import { CONTAINERS, parameterAt } from './parameters.ts';
import { parseSpec, type ParseOptions } from './parse.ts';
import { isObject, readPath, withoutPath, withPath, type PlainObject } from './paths.ts';
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
  const mended = new Map<string, { readonly problem: Problem; readonly out: Set<string> }>();
  const end = (spec: Spec): Spec => {
    problems.push(...[...mended.values()].map(({ problem, out }) => withRemedy(problem, out)));
    return spec;
  };
  for (let raw = start; ;) {
    try {
      return end(parseSpec(raw, options));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      const found = error.problems.map(({ field }) => takenOut(raw, field));
      const mine = found.some(({ names }) => names.length > 0);
      // What nobody gave cannot be taken out: then the sweep has to go, or everything.
      const taken = mine ? found : [{ target: 'sweep', names: given(raw, 'sweep') }];
      const all = taken.flatMap(({ names }) => names);
      error.problems.forEach((problem, i) => {
        const key = `${problem.field} ${problem.message}`;
        const known = mended.get(key) ?? { problem, out: new Set() };
        const own = found[i]!.names;
        (own.length > 0 ? own : all).forEach((name) => known.out.add(name));
        mended.set(key, known);
      });
      if (all.length === 0) return end(parseSpec(FALLBACK));
      const gone = taken.filter(({ names }) => names.length > 0);
      const rest = gone.reduce((left, { target }) => withoutPath(left, target), raw);
      raw = readPath(rest, 'truth.kind') === undefined ? { ...rest, ...FALLBACK } : rest;
    }
  }
}

/** Says what was left out where that is not the field that is complained of. */
function withRemedy(problem: Problem, out: ReadonlySet<string>): Problem {
  if (out.size === 0) return { ...problem, remedy: 'The defaults are used.' };
  const own = out.size === 1 && isWithin(problem.field.replace(/\[.*$/s, ''), [...out][0]!);
  if (own) return { ...problem, remedy: 'The default is used.' };
  const names = new Intl.ListFormat('en').format(out);
  return { ...problem, remedy: `${names} ${out.size === 1 ? 'is' : 'are'} left out.` };
}

const isWithin = (path: string, field: string): boolean =>
  path === field || path.startsWith(`${field}.`);

/** What is taken out: a path of the spec, and what the link had given of it. */
interface TakenOut {
  readonly target: string;
  readonly names: readonly string[];
}

/** The field or axis itself; where it was at its default, its whole group. */
function takenOut(raw: PlainObject, field: string): TakenOut {
  const path = field.replace(/\[.*$/s, '');
  const axes = Object.keys(Object(raw['sweep'])).map((axis) => `sweep.${axis}`);
  const own = axes.find((axis) => isWithin(path, axis)) ?? path;
  const group = path.split('.')[0]!;
  if (own !== group && readPath(raw, own) !== undefined) return { target: own, names: [own] };
  return { target: group, names: given(raw, group) };
}

/** Paths of what a link says in a group; not the kind of truth that every link begins with. */
function given(raw: PlainObject, group: string): readonly string[] {
  const value = readPath(raw, group);
  if (value === undefined) return [];
  if (!isObject(value) || !(group === 'sweep' || CONTAINERS.includes(group))) return [group];
  const paths = Object.keys(value).flatMap((name) => given(raw, `${group}.${name}`));
  return paths.filter((path) => path !== 'truth.kind' || value['kind'] !== 'blobs');
}
