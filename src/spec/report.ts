/** Gathers every problem of a request, in bounded space, and the words they are said in. */
import { SpecError, type Problem } from '../errors.ts';
import type { PlainObject } from './paths.ts';

const MAX_PROBLEMS = 100;

export class Report {
  readonly problems: Problem[] = [];
  #unsaid = 0;
  readonly #bad = new Set<string>();

  get count(): number {
    return this.problems.length + this.#unsaid;
  }

  /** True once further problems are only counted. */
  get full(): boolean {
    return this.problems.length >= MAX_PROBLEMS;
  }

  /** A field whose value cannot be used: rules that would read it stay silent. */
  add(field: string, message: string, remedy: string): void {
    this.#bad.add(field.replace(/\[.*$/s, ''));
    this.note(field, message, remedy);
  }

  /** A problem that spoils no value. */
  note(field: string, message: string, remedy: string): void {
    if (this.full) this.#unsaid++;
    else this.problems.push({ field, message, remedy });
  }

  /** True where the field, or something inside or around it, has a problem. */
  touches(path: string): boolean {
    for (const bad of this.#bad) {
      if (bad === path || bad.startsWith(`${path}.`) || path.startsWith(`${bad}.`)) return true;
    }
    return false;
  }

  throwIfAny(): void {
    if (this.#unsaid > 0) {
      const message = `${this.#unsaid} more problems are not shown.`;
      this.problems.push({ field: '', message, remedy: 'Mend these first.' });
      this.#unsaid = 0;
    }
    if (this.problems.length > 0) throw new SpecError(this.problems);
  }
}

/** Says of each key that is not known what was probably meant. */
export function reportUnknownKeys(
  object: PlainObject,
  known: readonly string[],
  field: string,
  report: Report,
): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key)) continue;
    const path = field ? `${field}.${shorten(key)}` : shorten(key);
    report.note(path, 'Not a field of this version.', suggest(key, known, report));
  }
}

/** What was probably meant, or else all that is known. */
export function suggest(word: string, known: readonly string[], report: Report): string {
  // Only the problems that are shown are worth the search.
  const guess = report.full ? null : nearest(word, known);
  return guess ? `Did you mean ${guess}?` : `Known here: ${known.join(', ')}.`;
}

export const shorten = (text: string): string =>
  text.length > 60 ? `${text.slice(0, 60)}…` : text;

/** A value as a person would name it, in at most about 60 characters. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(shorten(value));
  }
  if (typeof value === 'number') return formatNumber(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'bigint') return 'a big integer';
  if (typeof value === 'boolean' || value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Whole numbers in groups of three, all others in their shortest form; no locale. */
export function formatNumber(value: number): string {
  if (!Number.isSafeInteger(value) || Math.abs(value) >= 1e12) return String(value);
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** The known word that a stranger's word most likely meant, or null. */
export function nearest(word: string, known: readonly string[]): string | null {
  const lower = word.slice(0, 40).toLowerCase();
  let best: string | null = null;
  let bestDistance = 3;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
