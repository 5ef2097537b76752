/**
 * Dotted paths into plain nested objects. Only own keys are read, and copies are made by
 * Object.fromEntries, so that a key called __proto__ is a key like any other.
 */
export type PlainObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys along a path; what follows `sweep.` is one key, as axes are named by dotted paths. */
function keysOf(path: string): readonly string[] {
  return path.startsWith('sweep.') ? ['sweep', path.slice('sweep.'.length)] : path.split('.');
}

/** The value at a path; undefined where there is none. */
export function readPath(root: unknown, path: string): unknown {
  let here = root;
  for (const key of keysOf(path)) {
    if (!isObject(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** A copy with the value at the path set; what lies beside the path is shared, not copied. */
export const withPath = <T>(root: T, path: string, value: unknown): T =>
  withKeys(root, keysOf(path), value) as T;

function withKeys(root: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const entries = new Map(Object.entries(isObject(root) ? root : {}));
  entries.set(key, withKeys(entries.get(key), rest, value));
  return Object.fromEntries(entries);
}

/** A copy without the key at the path; the same object where there is none. */
export const withoutPath = (root: PlainObject, path: string): PlainObject =>
  withoutKeys(root, keysOf(path));

function withoutKeys(root: PlainObject, [key, ...rest]: readonly string[]): PlainObject {
  if (key === undefined || !Object.hasOwn(root, key)) return root;
  const entries = new Map(Object.entries(root));
  if (rest.length === 0) {
    entries.delete(key);
    return Object.fromEntries(entries);
  }
  const child = root[key];
  const next = isObject(child) ? withoutKeys(child, rest) : child;
  if (next === child) return root;
  entries.set(key, next);
  return Object.fromEntries(entries);
}

/** Freezes an acyclic plain value all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
