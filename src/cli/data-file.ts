/** The rows of a data truth: a CSV file beside the spec, else one of the bundled data sets. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SpecError } from '../errors.ts';
import { bundledCsv, BUNDLED_NAMES } from '../model/data/bundled.ts';
import { parseCsv } from '../model/data/csv.ts';
import type { DataSet } from '../model/truth.ts';
import type { TruthSpec } from '../spec/schema.ts';

/** Larger files do not fit in one string of this JavaScript engine. */
const MAX_BYTES = 2 ** 29;

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
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(`${path} cannot be read (${reason}).`, 'Give a readable CSV file.');
  }
  if (bytes.length > MAX_BYTES) {
    const have = `${Math.ceil(bytes.length / 2 ** 20)} MiB`;
    throw unreadable(`${path} has ${have}, the limit is 512 MiB.`, 'Give a sample of its rows.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(`${path} is not UTF-8 text.`, 'Save it as CSV in UTF-8.');
  }
}

const unreadable = (message: string, remedy: string): SpecError =>
  new SpecError([{ field: 'truth.file', message, remedy }]);
