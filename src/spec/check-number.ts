/** Numbers and lists against their row of the table: the checks that the others are made of. */
import type { Parameter } from './parameter.ts';
import { formatNumber, show, type Report } from './report.ts';

/** Weights may miss 1 by rounding: 32 of them written with 10 digits sum to within 1e-9. */
const WEIGHT_SUM_TOLERANCE = 1e-9;

export type NumberRow = Pick<Parameter, 'kind' | 'minimum' | 'maximum' | 'nullable'>;

/** Zero is left out: a mode of no weight is no mode. */
export const WEIGHT: NumberRow = { kind: 'number', minimum: 1e-15, maximum: 1 };

/** "a whole number from 1 to 100" */
export function describeBounds({ kind, minimum, maximum, nullable }: NumberRow): string {
  const noun = kind === 'integer' ? 'a whole number' : 'a number';
  const bounds = `${noun} from ${formatNumber(minimum!)} to ${formatNumber(maximum!)}`;
  return nullable === undefined ? bounds : `${bounds}, or null`;
}

export function checkNumber(
  row: NumberRow,
  value: unknown,
  field: string,
  report: Report,
): number | undefined {
  const { minimum, maximum, kind } = row;
  const remedy = `Give ${describeBounds(row)}.`;
  if (typeof value !== 'number') {
    report.add(field, `${show(value)} is not a number.`, remedy);
  } else if (!Number.isFinite(value)) {
    report.add(field, `${value} is not a finite number.`, remedy);
  } else if (kind === 'integer' && !Number.isInteger(value)) {
    report.add(field, `${value} is not a whole number.`, remedy);
  } else if (value < minimum!) {
    report.add(field, `${formatNumber(value)} is under ${formatNumber(minimum!)}.`, remedy);
  } else if (value > maximum!) {
    report.add(field, `${formatNumber(value)} is over ${formatNumber(maximum!)}.`, remedy);
  } else {
    return value === 0 ? 0 : value;
  }
  return undefined;
}

/** Length of a list of columns, statistics: never reads the entries of one that is too long. */
export function checkList(
  row: NumberRow,
  value: unknown,
  field: string,
  report: Report,
): unknown[] | null {
  const remedy = `Give a list of ${row.minimum} to ${row.maximum}.`;
  if (!Array.isArray(value)) report.add(field, `${show(value)} is not a list.`, remedy);
  else if (value.length < row.minimum! || value.length > row.maximum!) {
    report.add(field, `The list has ${formatNumber(value.length)} entries.`, remedy);
  } else return Array.from<unknown>(value);
  return null;
}

/** Reports weights that miss 1; silent where one of them is not a number. */
export function reportSum(weights: readonly unknown[], field: string, report: Report): void {
  if (weights.some((weight) => weight === undefined)) return;
  const sum = (weights as number[]).reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) <= WEIGHT_SUM_TOLERANCE) return;
  const shortSum = Number(sum.toPrecision(12));
  report.add(field, `The weights sum to ${shortSum}.`, 'Make them sum to 1.');
}
