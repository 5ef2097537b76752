/**
 * One value against its row of the table: kind, bounds, choices. Returns the value as it will stand
 * in the spec (−0 is 0, covariances exactly symmetric), or undefined after reporting what is wrong.
 */
import { checkList, checkNumber, reportSum, WEIGHT } from './check-number.ts';
import { checkSchedule, looksScheduled, reportHalfSchedule } from './check-schedule.ts';
import { checkMixture } from './check-mixture.ts';
import { checkCriteria } from './criteria.ts';
import { MAX_TRUTH_COMPONENTS, type Parameter } from './parameter.ts';
import { parameterAt } from './parameters.ts';
import { isObject } from './paths.ts';
import { formatNumber, show, suggest, type Report } from './report.ts';
import { STATISTIC_FAMILIES, STATISTIC_NAMES } from './statistics.ts';

type Check = (row: Parameter, value: unknown, field: string, report: Report) => unknown;

const CHECKS: Readonly<Record<Parameter['kind'], Check>> = {
  integer: checkNumber,
  number: checkNumber,
  numbers: checkNumbers,
  numerals: checkNumerals,
  choice: checkChoice,
  text: checkText,
  texts: checkTexts,
  weights: checkWeights,
  mixture: checkMixture,
  statistics: checkStatistics,
  criteria: (_, value, field, report) => checkCriteria(value, field, report),
  flag: checkFlag,
  switch: checkSwitch,
};

/** @param field Where to report: the row's path, or the axis that holds the value. */
export const checkValue: Check = (row, value, field, report) => {
  if (row.nullable !== undefined && value === null) return null;
  if (!row.schedule) return checkPlainValue(row, value, field, report);
  if (isObject(value)) return checkSchedule(row, value, field, report);
  if (!looksScheduled(value)) return checkPlainValue(row, value, field, report);
  return reportHalfSchedule(row, value, field, report);
};

/** The same without schedules and null. */
export const checkPlainValue: Check = (row, value, field, report) =>
  CHECKS[row.kind](row, value, field, report);

function checkChoice(row: Parameter, value: unknown, field: string, report: Report): unknown {
  const known = row.choices!.map((choice) => choice.value);
  if (typeof value === 'string' && known.includes(value)) return value;
  report.add(field, `${show(value)} is not one of its values.`, `Choose ${known.join(', ')}.`);
  return undefined;
}

function checkFlag(_: Parameter, value: unknown, field: string, report: Report): unknown {
  if (value === true) return true;
  report.add(field, `${show(value)} is not true.`, 'Give true, or leave it out.');
  return undefined;
}

function checkSwitch(_: Parameter, value: unknown, field: string, report: Report): unknown {
  if (typeof value === 'boolean') return value;
  report.add(field, `${show(value)} is neither true nor false.`, 'Give true or false.');
  return undefined;
}

function checkText(row: Parameter, value: unknown, field: string, report: Report): unknown {
  const remedy = `Give a text of 1 to ${row.maximum} characters.`;
  if (typeof value !== 'string') report.add(field, `${show(value)} is not a text.`, remedy);
  else if (value === '') report.add(field, 'The text is empty.', remedy);
  else if (value.length > row.maximum!) {
    report.add(field, `The text has ${formatNumber(value.length)} characters.`, remedy);
  } else if (/\p{Cc}|\p{Surrogate}/u.test(value)) {
    report.add(field, `${show(value)} has control characters or broken Unicode.`, remedy);
  } else return value;
  return undefined;
}

function reportRepeats(values: readonly unknown[], field: string, report: Report): void {
  const seen = new Set<unknown>();
  for (const value of values) {
    if (seen.has(value)) report.add(field, `${show(value)} is there twice.`, 'Name it once.');
    seen.add(value);
  }
}

function checkTexts(row: Parameter, value: unknown, field: string, report: Report): unknown {
  const list = checkList(row, value, field, report);
  if (!list) return undefined;
  reportRepeats(list, field, report);
  return list.map((text, i) => checkText({ ...row, maximum: 255 }, text, `${field}[${i}]`, report));
}

function checkNumbers(row: Parameter, value: unknown, field: string, report: Report): unknown {
  const [minimum, maximum] = row.length!;
  const list = checkList({ ...row, minimum, maximum }, value, field, report);
  if (!list) return undefined;
  const entry = { ...row, kind: row.kind === 'numerals' ? 'integer' : 'number' } as const;
  return list.map((number, i) => checkNumber(entry, number, `${field}[${i}]`, report));
}

/** Numbers of things, each once. */
function checkNumerals(row: Parameter, value: unknown, field: string, report: Report): unknown {
  const list = checkNumbers(row, value, field, report) as unknown[] | undefined;
  if (list) reportRepeats(list, field, report);
  return list;
}

const KNOWN_STATISTICS: readonly string[] = [...STATISTIC_NAMES, ...STATISTIC_FAMILIES];
/** One name for each family. */
const SUGGESTED = KNOWN_STATISTICS.filter((name) => !/_\d+$/.test(name));

function checkStatistics(row: Parameter, value: unknown, field: string, report: Report): unknown {
  const list = checkList({ ...row, maximum: 2 * row.maximum! }, value, field, report);
  if (!list) return undefined;
  reportRepeats(list, field, report);
  list.forEach((name, i) => {
    if (KNOWN_STATISTICS.some((known) => known === name)) return;
    const remedy = suggest(typeof name === 'string' ? name : '', SUGGESTED, report);
    report.add(`${field}[${i}]`, `${show(name)} is not a statistic.`, remedy);
  });
  return list;
}

function checkWeights(_: Parameter, value: unknown, field: string, report: Report): unknown {
  if (value === 'equal') return value;
  if (Array.isArray(value)) return checkWeightList(value, field, report);
  if (isObject(value) && Object.hasOwn(value, 'zipf') && Object.keys(value).length === 1) {
    const row = parameterAt('truth.weights.zipf', 'blobs')!;
    return { zipf: checkNumber(row, value['zipf'], `${field}.zipf`, report) };
  }
  const remedy = 'Give "equal", { "zipf": 1 } or a list of numbers that sum to 1.';
  report.add(field, `${show(value)} is not a choice of weights.`, remedy);
  return undefined;
}

function checkWeightList(value: readonly unknown[], field: string, report: Report): unknown {
  if (value.length < 1 || value.length > MAX_TRUTH_COMPONENTS) {
    report.add(
      field,
      `The list has ${formatNumber(value.length)} weights.`,
      `Give 1 to ${MAX_TRUTH_COMPONENTS}.`,
    );
    return undefined;
  }
  const weights = Array.from(value, (w, i) => checkNumber(WEIGHT, w, `${field}[${i}]`, report));
  reportSum(weights, field, report);
  return weights;
}
