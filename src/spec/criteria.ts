/**
 * Criteria of collapse: what a statistic of a lineage has to be for the lineage to count as
 * collapsed. As text `name:statistic<0.5`, or `name:statistic>0.1@first`, with ; between them. What
 * would have to come later, in order for the criterion to be met, goes after a `!`:
 * `tails:tailMass1<0.5!varianceRatio<0.1`.
 */
import { checkNumber } from './check-number.ts';
import type { Parameter } from './parameter.ts';
import { isObject, type PlainObject } from './paths.ts';
import { reportUnknownKeys, show, suggest, type Report } from './report.ts';
import type { Condition, Criterion } from './spec.ts';
import { SCALAR_STATISTICS, STATISTIC_NAMES, type StatisticName } from './statistics.ts';

/** As many as a run may have. */
export const MAX_CRITERIA = 8;

const CONDITION_KEYS = ['statistic', 'above', 'below'];
const KEYS = ['name', ...CONDITION_KEYS, 'relativeTo', 'unless'];
/** No sign that has a meaning in text, tables or spreadsheets. */
const NAME = /^[A-Za-z][A-Za-z0-9 _.-]{0,39}$/;
const NAME_REMEDY = 'Begin with a letter; up to 40 letters, digits, blanks, dots, _ and -.';
const LEVEL: Parameter = {
  ...{ path: 'criteria', group: 'statistics', kind: 'number', label: '', symbol: '', unit: '' },
  ...{ doc: 'A level.', minimum: -1e17, maximum: 1e17 },
};
const HALF: Criterion = { name: 'halfVariance', statistic: 'varianceRatio', below: 0.5 };

/** What a spec has that says nothing of criteria: half the variance lost, where it is measured. */
export const defaultCriteria = (statistics: readonly StatisticName[]): readonly Criterion[] =>
  statistics.includes(HALF.statistic) ? [HALF] : [];

/** What it looks at. */
export const criterionStatistics = ({ statistic, unless }: Criterion): StatisticName[] =>
  unless ? [statistic, unless.statistic] : [statistic];

/** The name for people: words for the default's, those of others are their authors'. */
export const criterionLabel = (criterion: Criterion): string =>
  formatCriterion(criterion) === formatCriterion(HALF) ? 'variance halved' : criterion.name;

const CRITERION_REMEDY =
  'Give { "name": "half", "statistic": "varianceRatio", "below": 0.5 }; as text name:statistic<0.5, ' +
  'then @truth or @first, and last, if anything, !statistic<0.1 for what must not come first.';

/** @returns Criteria with their keys in order, or undefined after reporting what is wrong. */
export function checkCriteria(value: unknown, field: string, report: Report): unknown {
  if (!Array.isArray(value)) {
    report.add(field, `${show(value)} is not a list.`, 'Give a list of criteria, or an empty one.');
    return undefined;
  }
  if (value.length > MAX_CRITERIA) {
    report.add(field, `The list has ${value.length} criteria.`, `Give up to ${MAX_CRITERIA}.`);
    return undefined;
  }
  const names = value.map((one: unknown) => (isObject(one) ? one['name'] : null));
  const again = names.find((name, i) => typeof name === 'string' && names.indexOf(name) < i);
  if (again !== undefined) report.add(field, `${show(again)} is there twice.`, 'Name each once.');
  return value.map((one: unknown, i) => checkCriterion(one, `${field}[${i}]`, report));
}

function checkCriterion(value: unknown, field: string, report: Report): unknown {
  if (!isObject(value)) {
    report.add(field, `${show(value)} is not a criterion.`, CRITERION_REMEDY);
    return undefined;
  }
  reportUnknownKeys(value, KEYS, field, report);
  const { name, statistic } = value;
  if (typeof name !== 'string' || !NAME.test(name)) {
    report.add(`${field}.name`, `${show(name)} is not a name.`, NAME_REMEDY);
  }
  if (statistic === 'stepKl' && value['relativeTo'] === 'truth') {
    const message = 'A step of the truth to itself has no divergence to be compared with.';
    report.add(`${field}.relativeTo`, message, 'Choose first, or leave it out.');
  }
  const { relativeTo } = value;
  if (relativeTo !== undefined && relativeTo !== 'truth' && relativeTo !== 'first') {
    const remedy = 'Choose truth or first, or leave it out.';
    report.add(`${field}.relativeTo`, `${show(relativeTo)} is not one of its values.`, remedy);
  }
  const unless =
    value['unless'] === undefined ? null : checkUnless(value['unless'], `${field}.unless`, report);
  const condition = checkCondition(value, field, report);
  if (unless && relativeTo === undefined && implies(condition, unless)) {
    const message = 'It is never met: whatever meets it meets what must not come first.';
    report.add(`${field}.unless`, message, 'Give another level or statistic, or leave it out.');
  }
  return {
    name,
    ...condition,
    ...(relativeTo !== undefined && { relativeTo }),
    ...(unless !== null && { unless }),
  };
}

function checkUnless(value: unknown, field: string, report: Report) {
  if (!isObject(value)) {
    const remedy = 'Give { "statistic": "varianceRatio", "below": 0.1 }.';
    report.add(field, `${show(value)} is not a condition.`, remedy);
    return undefined;
  }
  reportUnknownKeys(value, CONDITION_KEYS, field, report);
  return checkCondition(value, field, report);
}

/** A condition, or what is left of a wrong one. */
interface Checked {
  readonly statistic: unknown;
  readonly above?: number;
  readonly below?: number;
}

/** Whether every value that fulfils `a` fulfils `b`. */
function implies(a: Checked, b: Checked): boolean {
  if (a.statistic !== b.statistic) return false;
  return a.below! <= b.below! || a.above! >= b.above!;
}

function checkCondition(value: PlainObject, field: string, report: Report): Checked {
  const { statistic } = value;
  if (!STATISTIC_NAMES.some((known) => known === statistic)) {
    const word = typeof statistic === 'string' ? statistic : '';
    const remedy = suggest(word, SCALAR_STATISTICS, report);
    report.add(`${field}.statistic`, `${show(statistic)} is not a statistic.`, remedy);
  }
  const sides = (['above', 'below'] as const).filter((side) => value[side] !== undefined);
  const [side] = sides;
  if (sides.length !== 1) {
    const message = sides.length === 0 ? 'There is no level.' : 'There are two levels.';
    report.add(field, message, 'Give above or below, and a number.');
  }
  const level = side && { [side]: checkNumber(LEVEL, value[side], `${field}.${side}`, report) };
  return { statistic, ...level };
}

export const formatCriteria = (criteria: readonly Criterion[]): string =>
  criteria.map(formatCriterion).join(';');

function formatCriterion({ name, relativeTo, unless, ...condition }: Criterion): string {
  const reference = relativeTo ? `@${relativeTo}` : '';
  return `${name}:${formatCondition(condition)}${reference}${unless ? `!${formatCondition(unless)}` : ''}`;
}

const formatCondition = ({ statistic, above, below }: Condition): string =>
  `${statistic}${above === undefined ? `<${below}` : `>${above}`}`;

const TEXT = /^\s*([^:;]*):([^<>;!]*)([<>])([^@;!]*)(?:@([^!]*))?(?:!([^<>;!]*)([<>])([^@;!]*))?$/s;

/** Raw criteria, which `checkCriteria` judges; a text that is none stays what it is. */
export const readCriteria = (text: string): unknown =>
  text.split(';').map((one) => {
    const [, name, statistic, sign, level, relativeTo, ...unless] = TEXT.exec(one) ?? [];
    if (sign === undefined) return one;
    const [later, laterSign, laterLevel] = unless;
    return {
      name: name!.trim(),
      ...readCondition(statistic!, sign, level),
      ...(relativeTo !== undefined && { relativeTo: relativeTo.trim() }),
      ...(laterSign !== undefined && { unless: readCondition(later!, laterSign, laterLevel) }),
    };
  });

function readCondition(statistic: string, sign: string, level = '') {
  const bare = level.trim();
  const number = bare === '' || Number.isNaN(Number(bare)) ? level : Number(bare);
  return { statistic: statistic.trim(), [sign === '<' ? 'below' : 'above']: number };
}

/** For the JSON Schema. */
export function criterionSchema() {
  const level = { type: 'number', minimum: LEVEL.minimum, maximum: LEVEL.maximum };
  const condition = { statistic: { enum: STATISTIC_NAMES }, above: level, below: level };
  const oneLevel = { oneOf: [{ required: ['above'] }, { required: ['below'] }] };
  const closed = { type: 'object', additionalProperties: false };
  return {
    ...closed,
    required: ['name', 'statistic'],
    properties: {
      name: { type: 'string', pattern: NAME.source },
      ...condition,
      relativeTo: { enum: ['truth', 'first'] },
      unless: { ...closed, required: ['statistic'], properties: condition, ...oneLevel },
    },
    ...oneLevel,
  };
}
