/** Figures that `genloss reproduce` has written before: read, and held to be what they are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpecError } from '../errors.ts';
import { FIGURES } from '../experiment/reproduce/figures.ts';
import type { FigureReport } from '../experiment/reproduce/reproduce.ts';

type Is = (value: unknown) => boolean;

const text: Is = (value) => typeof value === 'string';
const count: Is = (value) => typeof value === 'number';
/** JSON has no NaN: a number that is missing is null. */
const measured: Is = (value) => value === null || count(value);
const list =
  (of: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(of);
const object =
  (fields: Readonly<Record<string, Is>>): Is =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, is]) => is((value as Record<string, unknown>)[name]));

const PART = object({
  ...{ spec: object({}), cells: count, lineages: count },
  ...{ lineageGenerations: count, seconds: count },
});
const ROW = object({
  ...{ setting: text, generation: count, quantity: text, expected: measured, expectedSe: measured },
  ...{ slack: measured, source: text, found: measured, se: measured, degrees: measured },
  ...{ z: measured, statement: text, independent: (value) => typeof value === 'boolean' },
});
const CHI_SQUARE = object({ sum: measured, degrees: count, p: measured });
/** All that the report says. */
const FIGURE = {
  ...{ title: text, citation: text, about: text, genloss: text, date: text },
  ...{ engine: text, adapter: text, conclusions: list(text) },
  size: (value) => value === 'quick' || value === 'published',
  ...{ parts: list(PART), rows: list(ROW) },
  chiSquare: (value) => value === null || CHI_SQUARE(value),
  machine: object({ cpu: text, cores: count, system: text, runtime: text, load: measured }),
} satisfies Record<string, Is>;

export const figureFile = (name: string): string => `${name}.json`;

/**
 * Those in `folder`, besides the ones named, in the order of the report. Throws SpecError of every file
 * that cannot be read or is no figure.
 */
export function keptFigures(folder: string, besides: readonly string[]): FigureReport[] {
  const names = FIGURES.map(({ name }) => name).filter((name) => !besides.includes(name));
  const there = names.filter((name) => existsSync(join(folder, figureFile(name))));
  const read = there.map((name) => readFigure(join(folder, figureFile(name)), name));
  const bad = read.flatMap((one) => (typeof one === 'string' ? [one] : []));
  if (bad.length > 0) throw new SpecError(bad.map(problemOf));
  return read.filter((one) => typeof one !== 'string');
}

const problemOf = (message: string) => ({
  field: '--out',
  message,
  remedy: 'Run that figure again with --force, move the file, or give another folder.',
});

/** Else what is wrong with it, in a sentence. */
function readFigure(path: string, name: string): FigureReport | string {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const figure = object({ ...FIGURE, name: (given) => given === name });
    return figure(value) ? (value as FigureReport) : `${path} is no record of ${name}.`;
  } catch (error) {
    return `${path} cannot be read (${error instanceof Error ? error.message : error}).`;
  }
}
