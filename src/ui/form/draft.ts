/**
 * The experiment as it is being typed: a spec that may be incomplete or wrong. What the user has not
 * touched is absent, so that it goes on following its default (K follows J).
 */
import { SpecError, type Problem } from '../../errors.ts';
import {
  fieldsFor,
  GROUPS,
  nullableOf,
  formatValue,
  parseSpec,
  readPath,
  readValue,
  withoutPath,
  withPath,
  type Parameter,
  type ParameterGroup,
  type Spec,
  type TruthKind,
} from '../../spec/schema.ts';
import { isPointless } from './effects.ts';

export type Draft = Readonly<Record<string, unknown>>;

export interface Checked {
  /** Null while there are problems. */
  readonly spec: Spec | null;
  readonly problems: readonly Problem[];
}

export function checkDraft(draft: Draft): Checked {
  try {
    return { spec: parseSpec(draft), problems: [] };
  } catch (error) {
    if (error instanceof SpecError) return { spec: null, problems: error.problems };
    throw error;
  }
}

export function truthKind(draft: Draft): TruthKind | null {
  const kind = readPath(draft, 'truth.kind');
  return kind === 'blobs' || kind === 'mixture' || kind === 'data' ? kind : null;
}

/** What a truth begins as when its kind is chosen. */
const FRESH_TRUTH: Readonly<Record<TruthKind, object>> = {
  blobs: { kind: 'blobs' },
  mixture: {
    kind: 'mixture',
    components: [
      { weight: 0.7, mean: [0], covariance: [[1]] },
      { weight: 0.3, mean: [4], covariance: [[0.25]] },
    ],
  },
  data: { kind: 'data', file: 'faithful.csv', columns: ['eruptions'] },
};

/** The draft with one field set, or, for undefined, left to its default again. */
export function edit(draft: Draft, path: string, value: unknown): Draft {
  if (path === 'truth.kind') return withKind(draft, value as TruthKind);
  // A prior is part of the estimator that has one.
  if (path === 'fit.estimator' && value !== 'map') {
    return withField(withoutPath(draft, 'fit.prior') as Draft, path, value);
  }
  return withField(draft, path, value);
}

function withField(draft: Draft, path: string, value: unknown): Draft {
  if (value !== undefined) return withPath(draft, path, value);
  const next = withoutPath(draft, path);
  // An object that is off unless asked for goes with the last of its fields.
  const container = nullableOf(path);
  const rest = container === undefined ? undefined : readPath(next, container);
  const empty = typeof rest === 'object' && rest !== null && Object.keys(rest).length === 0;
  return (empty ? withoutPath(next, container!) : next) as Draft;
}

/** Another kind of truth has other fields; axes over the old ones go with them. */
function withKind(draft: Draft, kind: TruthKind): Draft {
  if (kind === truthKind(draft)) return draft;
  const sweep = Object.entries((draft['sweep'] ?? {}) as object);
  const kept = sweep.filter(([path]) => !path.startsWith('truth.'));
  const next = { ...draft, truth: FRESH_TRUTH[kind], sweep: Object.fromEntries(kept) };
  // K = J and a start from the truth were meant for the truth that is gone.
  return withoutPath(withoutPath(next, 'fit.components'), 'fit.init') as Draft;
}

/** Fields without a control of their own. */
const UNSHOWN = ['version', 'fit.componentsFromTruth', 'truth.file', 'truth.columns'];

/** Rows of a group that mean something for this draft, in the order of the table. */
export function groupFields(draft: Draft, spec: Spec | null, group: ParameterGroup): Parameter[] {
  return fieldsFor(truthKind(draft)).filter(
    (row) => row.group === group && !UNSHOWN.includes(row.path) && !isPointless(row.path, spec),
  );
}

const belongs = (field: string, path: string): boolean =>
  field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`);

/** Problems to be shown at a field. */
export const problemsAt = (problems: readonly Problem[], path: string): readonly Problem[] =>
  problems.filter(({ field }) => belongs(field, path));

/** Problems that no shown field takes: they are listed above the form. */
export function strayProblems(
  problems: readonly Problem[],
  draft: Draft,
  spec: Spec | null,
): readonly Problem[] {
  const shown = GROUPS.flatMap(({ name }) =>
    groupFields(draft, spec, name).map(({ path }) => path),
  );
  const axes = Object.keys((draft['sweep'] ?? {}) as object).map((path) => `sweep.${path}`);
  const homes = [...shown, ...axes, ...(truthKind(draft) === 'data' ? ['truth'] : [])];
  return problems.filter(({ field }) => !homes.some((home) => belongs(field, home)));
}

/** What was typed, as a value: a number if it is one, nothing if empty, else the text itself. */
export function typedNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isNaN(value) ? trimmed : value;
}

/** Whole schedules: what is still being typed stays a text, or it would be rewritten under the hand. */
const SCHEDULE =
  /^[^@,]+@\d+(,[^@,]+@\d+)*$|^[^.]+(\.\d+)?\.\.[^.]+(\.\d+)?\.\.\d+(\.\.logistic)?$/;

/** The same for a field that may change with the generation. */
export const typedSchedule = (path: string, text: string): unknown =>
  SCHEDULE.test(text.trim()) ? readValue(path, null, text.trim()) : typedNumber(text);

/** What was typed into the field of a row. */
export function typedValue({ path, kind, schedule, nullable }: Parameter, text: string): unknown {
  const bare = text.trim();
  if (bare === '') return undefined;
  if (nullable !== undefined && bare === 'none') return null;
  if (kind === 'criteria') return typedCriteria(bare);
  if (kind === 'numbers' || kind === 'numerals') {
    return bare === 'none' ? [] : typedList(bare);
  }
  return schedule ? typedSchedule(path, text) : typedNumber(text);
}

/** Criteria once they are whole; until then a text, or it would be rewritten under the hand. */
function typedCriteria(bare: string): unknown {
  const read = readValue('criteria', null, bare);
  return formatValue('criteria', 'blobs', read) === bare ? read : bare;
}

/** A field's value as text in its input: a schedule as flags and links have it. */
export const fieldText = (path: string, value: unknown): string =>
  typeof value === 'object' ? formatValue(path, 'blobs', value) : valueText(value);

/** A list typed with commas, spaces or semicolons. */
export const typedList = (text: string): (number | string)[] =>
  text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map((part) => typedNumber(part)!);

/** A draft's value as text in its input. */
export const valueText = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
};
