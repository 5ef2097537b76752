/** CSV files as text: those that come with the page, and those the user gave. */
import { csvColumns, MAX_CSV_BYTES } from '../model/data/csv.ts';
import { DATASETS } from '../spec/datasets.ts';
import type { CsvFile } from './worker-api.ts';

/** So much of a file is looked at for its header. */
const HEADER_CHARACTERS = 65_536;

export const columnsOf = ({ text }: CsvFile): readonly string[] =>
  csvColumns(text.slice(0, HEADER_CHARACTERS));

export const isBundled = (name: string): boolean => DATASETS.some(({ file }) => file === name);

/** @throws Error with a sentence where the page's own file cannot be fetched. */
export async function fetchBundled(name: string): Promise<CsvFile> {
  const response = await fetch(`${import.meta.env.BASE_URL}data/${name}`);
  if (!response.ok) throw new Error(`${name} could not be loaded (${response.status}).`);
  return { name, text: await response.text() };
}

/** @throws Error with a sentence where the file is too large. */
export async function readGiven(file: File): Promise<CsvFile> {
  if (file.size > MAX_CSV_BYTES) {
    const size = Math.ceil(file.size / 2 ** 20);
    throw new Error(
      `${file.name} has ${size} MiB, the limit is 64 MiB: give a sample of its rows.`,
    );
  }
  return { name: file.name, text: await file.text() };
}
