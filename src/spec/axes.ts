/**
 * Axes of a sweep: a list of values, or from/to/steps on a linear or logarithmic scale. Ranges over
 * whole numbers are rounded and written out as lists, so that an axis says exactly what it holds.
 */
import { checkPlainValue } from './check-value.ts';
import type { Parameter, TruthKind } from './parameter.ts';
import { axesFor, parameterAt } from './parameters.ts';
import { isObject, type PlainObject } from './paths.ts';
import { formatNumber, reportUnknownKeys, shorten, show, suggest, type Report } from './report.ts';
import type { Axis, AxisRange, AxisValue } from './spec.ts';

/** Most values of one axis; the grid as a whole has its own limit. */
export const MAX_AXIS_VALUES = 65536;
const RANGE_KEYS = ['from', 'to', 'steps', 'scale'] as const;

/** Values in order. Inner values of a range have 12 significant digits; its ends are exact. */
export function axisValues(axis: Axis): AxisValue[] {
  if (isList(axis)) return [...axis];
  const { from, to, steps, scale } = axis;
  return Array.from({ length: steps }, (_, i) => {
    if (i === 0) return from;
    if (i === steps - 1) return to;
    const share = i / (steps - 1);
    const value = scale === 'log' ? logarithmic(from, to, share) : from + share * (to - from);
    return Number(value.toPrecision(12));
  });
}

/** Between numbers above 0, however far apart: their ratio may be none that a number holds. */
function logarithmic(from: number, to: number, share: number): number {
  const ratio = to / from;
  return ratio > 0 && ratio < Infinity ? from * ratio ** share : from ** (1 - share) * to ** share;
}

const isList = (axis: Axis): axis is readonly AxisValue[] => Array.isArray(axis);

export const axisLength = (axis: Axis): number => (isList(axis) ? axis.length : axis.steps);

/** Checks `sweep`; axes with problems are left out of what is returned. */
export function checkSweep(
  sweep: unknown,
  truth: TruthKind | null,
  report: Report,
): Record<string, Axis> {
  if (sweep === undefined) return {};
  if (!isObject(sweep)) {
    const remedy = 'Give an object such as { "sampleSize": [10, 100] }.';
    report.add('sweep', `${show(sweep)} is not an object.`, remedy);
    return {};
  }
  const axes: [string, Axis][] = [];
  for (const [path, value] of Object.entries(sweep)) {
    const row = parameterAt(path, truth);
    if (!row?.axis) reportNoAxis(path, row, truth, report);
    else {
      const axis = checkAxis(row, value, `sweep.${path}`, report);
      if (axis) axes.push([path, axis]);
    }
  }
  return Object.fromEntries(axes);
}

function reportNoAxis(
  path: string,
  row: Parameter | undefined,
  truth: TruthKind | null,
  report: Report,
): void {
  // Without a kind of truth nobody knows what its fields are; the missing kind is reported instead.
  if (truth === null && path.startsWith('truth.')) return;
  const known = axesFor(truth).map((axis) => axis.path);
  const message = row ? 'This field cannot be swept.' : 'There is no such field to sweep.';
  report.note(`sweep.${shorten(path)}`, message, suggest(path, known, report));
}

function checkAxis(
  row: Parameter,
  value: unknown,
  field: string,
  report: Report,
): Axis | undefined {
  const before = report.count;
  const axis = Array.isArray(value)
    ? checkValues(row, value, field, report)
    : checkRange(row, value, field, report);
  return report.count === before ? axis : undefined;
}

/** A text with the sign of a range. */
const looksRanged = (value: unknown): value is string =>
  typeof value === 'string' && value.includes('..');

function checkValues(
  row: Parameter,
  list: readonly unknown[],
  field: string,
  report: Report,
): Axis | undefined {
  if (list.length < 1 || list.length > MAX_AXIS_VALUES) {
    const remedy = `Give 1 to ${formatNumber(MAX_AXIS_VALUES)}.`;
    report.add(field, `The axis has ${formatNumber(list.length)} values.`, remedy);
    return undefined;
  }
  const half = row.kind !== 'choice' && list.find(looksRanged);
  if (half) {
    const remedy =
      'Give numbers one by one, or a range FROM..TO..STEPS such as 1..100..5, ..log after it for ' +
      'a log scale.';
    report.add(field, `${show(half)} is no number and no whole range.`, remedy);
    return undefined;
  }
  const values = Array.from(list, (value, i) =>
    value === null && row.nullable !== undefined
      ? null
      : checkPlainValue(row, value, `${field}[${i}]`, report),
  ) as AxisValue[];
  const seen = new Set<unknown>();
  for (const value of values) {
    if (value !== undefined && seen.has(value)) {
      report.add(field, `${show(value)} is there twice.`, 'Give each value once.');
    }
    seen.add(value);
  }
  return values;
}

function checkRange(
  row: Parameter,
  value: unknown,
  field: string,
  report: Report,
): Axis | undefined {
  if (!isObject(value) || row.kind === 'choice') {
    const range = '{ "from": 0, "to": 1, "steps": 5, "scale": "linear" }';
    const remedy = row.kind === 'choice' ? 'Give a list.' : `Give a list or ${range}.`;
    report.add(field, `${show(value)} is not an axis.`, remedy);
    return undefined;
  }
  const before = report.count;
  reportUnknownKeys(value, RANGE_KEYS, field, report);
  const range = readRange(row, value, field, report);
  if (report.count > before) return undefined;
  if (range.scale === 'log' && !(range.from > 0 && range.to > 0)) {
    report.add(field, 'A log scale starts and ends above 0.', 'Use a linear scale, or other ends.');
    return undefined;
  }
  if (range.from === range.to) {
    report.add(field, `All ${range.steps} values are ${range.from}.`, 'Give two different ends.');
    return undefined;
  }
  return row.kind === 'integer' ? wholeNumbers(range, field, report) : spaced(range, field, report);
}

function readRange(row: Parameter, value: PlainObject, field: string, report: Report): AxisRange {
  const own = (key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);
  const steps = { ...row, kind: 'integer', minimum: 2, maximum: MAX_AXIS_VALUES } as const;
  const choices = [
    { value: 'linear', label: '', doc: '' },
    { value: 'log', label: '', doc: '' },
  ];
  const scale = { ...row, kind: 'choice', choices } as const;
  // Between numbers only: nothing, and what changes with the generation, are no ends.
  const part = (of: Parameter, key: string, value: unknown) => {
    const number = { ...of };
    delete number.nullable;
    return checkPlainValue(number, value, `${field}.${key}`, report);
  };
  return {
    from: part(row, 'from', own('from')) as number,
    to: part(row, 'to', own('to')) as number,
    steps: part(steps, 'steps', own('steps')) as number,
    scale: part(scale, 'scale', own('scale') ?? 'linear') as 'linear',
  };
}

function wholeNumbers(range: AxisRange, field: string, report: Report): Axis | undefined {
  const values = axisValues(range).map((value) => Math.round(Number(value)));
  if (new Set(values).size === values.length) return values;
  const between = `between ${formatNumber(range.from)} and ${formatNumber(range.to)}`;
  const message = `${range.steps} steps ${between} repeat a whole number.`;
  report.add(field, message, 'Take fewer steps.');
  return undefined;
}

function spaced(range: AxisRange, field: string, report: Report): Axis | undefined {
  if (new Set(axisValues(range)).size === range.steps) return range;
  const message = `${range.steps} steps are too close to tell apart in 12 digits.`;
  report.add(field, message, 'Take fewer steps.');
  return undefined;
}
