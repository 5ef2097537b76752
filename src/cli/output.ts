/**
 * Files of a run. Each is written under a temporary name, flushed to the disk and renamed, so that
 * a name that can be read is a whole file.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SpecError, type Problem } from '../errors.ts';

export const RESULTS_FILE = 'results.csv';
export const COLLAPSE_FILE = 'collapse.csv';
export const STATUS_FILE = 'status.csv';
export const RUN_FILE = 'run.json';
/** All that a run writes. */
export const FILES = [RESULTS_FILE, COLLAPSE_FILE, STATUS_FILE, RUN_FILE] as const;

const problem = (message: string, remedy: string): Problem[] => [
  { field: '--out', message, remedy },
];

/** What is wrong with a folder to write to; nothing is made yet. */
export function folderProblems(folder: string): Problem[] {
  if (folder === '') return problem('The name is empty.', 'Give a folder.');
  const place = nearestExisting(folder);
  if (!statSync(place).isDirectory()) return problem(`${place} is a file.`, 'Give a folder.');
  try {
    accessSync(place, constants.W_OK);
  } catch {
    return problem(`${place} cannot be written to.`, 'Give a folder that can.');
  }
  return [];
}

/** The same of a folder for files of these names: of a run, where none are given. */
export function outputProblems(
  folder: string,
  force: boolean,
  names: readonly string[] = FILES,
): Problem[] {
  const problems = folderProblems(folder);
  if (problems.length > 0) return problems;
  const taken = names.filter((name) => existsSync(join(folder, name)));
  if (taken.length > 0 && !force) {
    const files = new Intl.ListFormat('en').format(taken);
    return problem(`${folder} already holds ${files}.`, 'Give another folder, or --force.');
  }
  const blocked = names.find((name) => isFolder(join(folder, name)));
  if (blocked) {
    return problem(
      `${join(folder, blocked)} is itself a folder.`,
      'Move it, or give another folder.',
    );
  }
  return [];
}

/** The path itself or the closest one above it that exists. */
function nearestExisting(path: string): string {
  let here = resolve(path);
  while (!existsSync(here)) here = dirname(here);
  return here;
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** What only trying tells, before hours of work rest on it: makes the folder and a file in it. */
export async function openFolder(folder: string): Promise<void> {
  const probe = join(folder, `.genloss.${process.pid}.tmp`);
  try {
    await makeFolder(resolve(folder));
    await writePieces(probe, ['']);
  } catch (error) {
    const message = `It cannot be written to (${error instanceof Error ? error.message : error}).`;
    throw new SpecError([{ field: '--out', message, remedy: 'Give another folder.' }]);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Step by step: Node's recursive mkdir never ends where a parent refuses, as /proc does. */
async function makeFolder(folder: string): Promise<void> {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) await makeFolder(above);
  await mkdir(folder);
}

/**
 * Writes all files, or none: names are only given once every one of them is on the disk. A kill
 * between two renames leaves the later ones as they were.
 */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Iterable<string>>>,
): Promise<void> {
  await makeFolder(resolve(folder));
  const names = Object.keys(files).map((name) => ({
    final: join(folder, name),
    temporary: join(folder, `.${name}.${process.pid}.tmp`),
  }));
  try {
    for (const [i, pieces] of Object.values(files).entries()) {
      await writePieces(names[i]!.temporary, pieces);
    }
    for (const { final, temporary } of names) await rename(temporary, final);
  } finally {
    for (const { temporary } of names) await rm(temporary, { force: true });
  }
}

async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}
