/** The rows of a data truth: a CSV file beside the spec, else one of the bundled data sets. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SpecError } from '../errors.ts';
import { bundledCsv, BUNDLED_NAMES } from '../model/data/bundled.ts';
import { MAX_CSV_BYTES, parseCsv } from '../model/data/csv.ts';
import type { DataSet } from '../model/truth.ts';
import type { TruthSpec } from '../spec/schema.ts';

/** @throws SpecError naming the file, and within it row and column. */
export async function loadData(truth: TruthSpec, folder: string): Promise<DataSet | null> {
  if (truth.kind !== 'data') return null;
  const { file, columns } = truth;
  const text = (await readOwn(resolve(folder, file))) ?? bundledCsv(file);
  if (text !== null) return parseCsv(text, { file, columns });
  const known = BUNDLED_NAMES.join(', ');
  throw new SpecError([
    {
      field: 'truth.file',
      message: `${file} is neither a file beside the spec nor a bundled data set.`,
      remedy: `Give a CSV file's path relative to the spec, or one of: ${known}.`,
    },
  ]);
}

/** Null where there is no such file. */
async function readOwn(path: string): Promise<string | null> {
  try {
    // Asked before reading: a file of gigabytes must not become a string first.
    const found = await stat(path);
    if (!found.isFile()) throw unreadable(`${path} is not a file.`, 'Give a CSV file.');
    const { size } = found;
    if (size > MAX_CSV_BYTES) {
      const have = `${path} has ${Math.ceil(size / 2 ** 20)} MiB`;
      throw unreadable(`${have}, the limit is 64 MiB.`, 'Give a sample of its rows.');
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof SpecError || !(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return null;
    throw unreadable(`${path} cannot be read (${error.message}).`, 'Give a readable CSV file.');
  }
}

const unreadable = (message: string, remedy: string): SpecError =>
  new SpecError([{ field: 'truth.file', message, remedy }]);
