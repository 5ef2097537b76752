/** Texts of the bundled data sets, built into whatever is built. */
import { DATASETS } from '../../spec/datasets.ts';

const TEXTS = import.meta.glob<string>('/public/data/*.csv', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const BUNDLED_NAMES: readonly string[] = DATASETS.map(({ file }) => file);

/** Null where the name is not a bundled data set's. */
export const bundledCsv = (file: string): string | null =>
  BUNDLED_NAMES.includes(file) ? TEXTS[`/public/data/${file}`]! : null;
