/** What leaves the page: files, links and a command line. */
import { collapseCsv, statusCsv } from '../experiment/export/collapse-csv.ts';
import { resultsCsv } from '../experiment/export/csv.ts';
import type { Results } from '../experiment/results.ts';
import { minimalSpec, specToUrl, type Spec } from '../spec/schema.ts';
import { presets } from '../spec/presets.ts';
import { isDeepEqual } from './is-deep-equal.ts';
import type { EngineChoice } from './worker-api.ts';

/** Tables of a run by the names of their files. */
export const TABLES = {
  'results.csv': resultsCsv,
  'collapse.csv': collapseCsv,
  'status.csv': statusCsv,
} as const;

export const tableBlob = (results: Results, name: keyof typeof TABLES): Blob =>
  new Blob([...TABLES[name](results)], { type: 'text/csv' });

export const specBlob = (spec: Spec): Blob =>
  new Blob([`${JSON.stringify(spec, null, 2)}\n`], { type: 'application/json' });

export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The click has taken its own reference to the blob by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The page's address with the spec in it. */
export const linkTo = (spec: Spec, address: string): string =>
  `${address.replace(/#.*$/s, '')}#${specToUrl(spec)}`;

/** A text in single quotes for a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What runs the same experiment in a terminal, on the same choice of engine. */
export function commandLine(spec: Spec, engine: EngineChoice): string {
  const options = `${engine === 'auto' ? '' : `--engine ${engine} `}--out out`;
  const preset = presets.find((row) => isDeepEqual(row.spec, spec));
  if (preset) return `npx genloss run preset:${preset.name} ${options}`;
  return `echo ${quoted(JSON.stringify(minimalSpec(spec)))} | npx genloss run - ${options}`;
}
