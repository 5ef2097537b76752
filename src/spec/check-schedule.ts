/** A schedule against its row of the table: steps everywhere, ramps where the row has them. */
import { checkNumber, describeBounds, type NumberRow } from './check-number.ts';
import type { Parameter } from './parameter.ts';
import { isObject, type PlainObject } from './paths.ts';
import { formatNumber, reportUnknownKeys, show, type Report } from './report.ts';
import type { Ramp, Steps } from './spec.ts';

const MAX_STEPS = 1000;
/** Of a cell that is another at each of its generations, as a ramp makes it. */
export const MAX_PHASES = 10_000;
const GENERATION: NumberRow = { kind: 'integer', minimum: 1, maximum: 1_000_000 };
const RAMP_KEYS = ['from', 'to', 'until', 'shape'] as const;

/** As it will stand in the spec, or undefined after reporting what is wrong. */
export function checkSchedule(
  row: Parameter,
  value: PlainObject,
  field: string,
  report: Report,
): Steps | Ramp | undefined {
  const before = report.count;
  const ramp = row.schedule === 'ramp' && !Object.hasOwn(value, 'at');
  const schedule = ramp
    ? checkRamp(row, value, field, report)
    : checkSteps(row, value, field, report);
  return report.count === before ? schedule : undefined;
}

function checkRamp(row: Parameter, value: PlainObject, field: string, report: Report): Ramp {
  reportUnknownKeys(value, RAMP_KEYS, field, report);
  const { from, to, until, shape = 'linear' } = value;
  if (shape !== 'linear' && shape !== 'logistic') {
    report.add(`${field}.shape`, `${show(shape)} is no shape.`, 'Choose linear or logistic.');
  }
  return {
    from: checkNumber(row, from, `${field}.from`, report)!,
    to: checkNumber(row, to, `${field}.to`, report)!,
    until: checkNumber(
      { ...GENERATION, minimum: 2, maximum: MAX_PHASES },
      until,
      `${field}.until`,
      report,
    )!,
    shape: shape as Ramp['shape'],
  };
}

function checkSteps(
  row: Parameter,
  value: PlainObject,
  field: string,
  report: Report,
): Steps | undefined {
  reportUnknownKeys(value, ['at'], field, report);
  const { at } = value;
  const remedy = 'Give [generation, value] pairs such as { "at": [[1, 0], [20, 0.1]] }.';
  if (!Array.isArray(at) || at.length < 1) {
    report.add(`${field}.at`, `${show(at)} is not a list of steps.`, remedy);
    return undefined;
  }
  if (at.length > MAX_STEPS) {
    const message = `The schedule has ${formatNumber(at.length)} steps.`;
    report.add(`${field}.at`, message, `Give ${formatNumber(MAX_STEPS)} at most.`);
    return undefined;
  }
  const steps = Array.from(at as unknown[], (step, i) => {
    const place = `${field}.at[${i}]`;
    if (Array.isArray(step) && step.length === 2) {
      const generation = checkNumber(GENERATION, step[0], `${place}[0]`, report)!;
      const off = row.nullable !== undefined && step[1] === null;
      const value = off ? null : checkNumber(row, step[1], `${place}[1]`, report)!;
      return [generation, value] as const;
    }
    report.add(place, `${show(step)} is not a step.`, remedy);
    return [0, 0] as const;
  });
  checkOrder(steps as Steps['at'], field, report);
  // Null where the row allows it, which the types of its field say.
  return { at: steps as Steps['at'] };
}

function checkOrder(steps: Steps['at'], field: string, report: Report): void {
  if (report.touches(field)) return;
  if (steps[0]![0] !== 1) {
    const message = `The first step is at generation ${steps[0]![0]}.`;
    report.add(`${field}.at[0]`, message, 'Begin with generation 1.');
  }
  steps.forEach(([generation], i) => {
    if (i === 0 || generation > steps[i - 1]![0]) return;
    const message = `Generation ${generation} does not come after ${steps[i - 1]![0]}.`;
    report.add(`${field}.at[${i}]`, message, 'Put the steps in the order of their generations.');
  });
}

const STEPS_FORM = 'steps VALUE@GENERATION,… such as 0@1,0.1@20';
const RAMP_FORM =
  'a ramp FROM..TO..UNTIL such as 0..0.1..20, ..logistic after it for a logistic one';

/** Half a schedule: a text with the signs of one that could not be read as one. */
export const looksScheduled = (value: unknown): value is string =>
  typeof value === 'string' && /@|\.\./.test(value);

export function reportHalfSchedule(row: Parameter, text: string, field: string, report: Report) {
  const forms = row.schedule === 'ramp' ? `${STEPS_FORM}, or ${RAMP_FORM}` : `or ${STEPS_FORM}`;
  const message = `${show(text)} is no number and no whole schedule.`;
  report.add(field, message, `Give ${describeBounds(row)}, ${forms}.`);
}

/** Whether a value is one that only a schedule has. */
export const isSchedule = (value: unknown): value is Steps | Ramp =>
  isObject(value) && (Object.hasOwn(value, 'at') || Object.hasOwn(value, 'until'));
