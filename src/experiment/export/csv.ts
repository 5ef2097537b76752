/**
 * results.csv: one row per cell, generation and statistic (20-model §9). Numbers in the shortest
 * form that reads back equal; an empty field where there is no number. RFC 4180, lines end in \n.
 */
import {
  LAW_FIELDS,
  lawLabel,
  rowIndex,
  SUMMARY_FIELDS,
  type ResultCell,
  type Results,
} from '../results.ts';
import type { AxisValue } from '../../spec/schema.ts';

const LAW_COLUMNS = ['law', 'lawKind', 'lawSe'];

/** A spreadsheet takes text that begins so for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** Text as one field: never a formula, quoted where it must be. */
export function textField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A number as one field; NaN and infinities are empty, −0 is 0. */
export const numberField = (value: number): string => (Number.isFinite(value) ? `${value}` : '');

/** A value of an axis: nothing is a value as well, and says so. */
const field = (value: AxisValue): string =>
  typeof value === 'number' ? numberField(value) : textField(value ?? 'none');

/** The file in pieces of one cell each, the first with the header. Rows without lineages are left out. */
export function* resultsCsv(results: Results): Generator<string, void, void> {
  const axes = results.axes.map(({ name }) => textField(name));
  const header = ['cell', ...axes, 'generation', 'statistic', ...SUMMARY_FIELDS, ...LAW_COLUMNS];
  yield `${header.join(',')}\n`;
  for (const [index, cell] of results.cells.entries()) yield cellRows(results, index, cell);
}

function cellRows(results: Results, index: number, cell: ResultCell): string {
  const place = [numberField(index), ...cell.values.map(field)].join(',');
  const lines: string[] = [];
  for (let generation = 0; generation <= cell.generations; generation++) {
    results.statistics.forEach((statistic, s) => {
      const row = rowIndex(results, index, generation, s);
      const at = row * SUMMARY_FIELDS.length;
      if (!(results.values[at]! > 0)) return;
      const summary = [...results.values.subarray(at, at + SUMMARY_FIELDS.length)].map(numberField);
      const law = lawFields(results, index, s, row);
      lines.push([place, generation, statistic, ...summary, ...law].join(','), '\n');
    });
  }
  return lines.join('');
}

function lawFields(results: Results, cell: number, statistic: number, row: number): string[] {
  const value = results.laws[row * LAW_FIELDS]!;
  const label = lawLabel(results, cell, statistic);
  if (label === null || !Number.isFinite(value)) return ['', '', ''];
  return [
    numberField(value),
    textField(label.kind),
    numberField(results.laws[row * LAW_FIELDS + 1]!),
  ];
}
