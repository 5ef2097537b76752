/** Truth and model as a table of their components, in the truth's own coordinates. */
import { packedIndex, type Mixture } from '../../model/mixture.ts';
import { formatValue } from '../format.ts';
import { coordinateName } from './coordinate-name.ts';
import type { TableData, TableRow } from './table-data.ts';

/** @param model Null where there is none yet. */
export function componentTable(
  truth: Mixture,
  model: Mixture | null,
  labels: readonly string[],
): TableData {
  const names = Array.from({ length: truth.dim }, (_, axis) =>
    truth.dim === 1 ? '' : ` ${coordinateName(labels, axis)}`,
  );
  const heads = [
    'weight',
    ...names.map((name) => `mean${name}`),
    ...names.map((name) => `sd${name}`),
  ];
  const rows = [...rowsOf('truth', truth), ...(model ? rowsOf('model', model) : [])];
  return { corner: 'component', heads, rows };
}

function rowsOf(what: string, { dim, weights, means, covariances }: Mixture): TableRow[] {
  return weights.map((weight, k) => ({
    head: `${what} ${k + 1}`,
    cells: [
      weight,
      ...means[k]!,
      ...Array.from({ length: dim }, (_, axis) =>
        Math.sqrt(covariances[k]![packedIndex(axis, axis)]!),
      ),
    ].map((value) => formatValue(value)),
  }));
}
