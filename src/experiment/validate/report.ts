/** What `genloss validate` says: lines for people, JSON, and JUnit's XML for build servers. */
import type { Check } from './checks.ts';
import { falseAlarmText } from './false-alarm.ts';
import type { Validation } from './validate.ts';

const number = (value: number): string =>
  Number.isFinite(value) ? `${Number(value.toPrecision(5))}` : '–';

const verdict = ({ passed }: Check): string => (passed ? 'holds' : 'FAILS');

const SE_MARKS = { theory: '', sample: '*', bound: '†', rounding: '°' } as const;

const HEAD = ['quantity', 'setting', 't', 'expected', 'found', 'se', 'z', ''];
/** Columns of numbers. */
const RIGHT = [2, 3, 4, 5, 6];

/** A table for each law, and what it comes to. */
export function validationText(validation: Validation): string {
  const sections = [...byLaw(validation.checks)].map(([law, checks]) => section(law, checks));
  return `${[...sections, summary(validation)].join('\n\n')}\n`;
}

/** In the order of their first checks. */
export function byLaw(checks: readonly Check[]): Map<string, Check[]> {
  const laws = new Map<string, Check[]>();
  for (const check of checks) laws.set(check.law, [...(laws.get(check.law) ?? []), check]);
  return laws;
}

function section(law: string, checks: readonly Check[]): string {
  const rows = checks.map((check) => [
    check.quantity,
    check.setting,
    `${check.generation}`,
    `${number(check.expected)}${check.slack > 0.01 * check.se ? ` ± ${check.slack.toPrecision(1)}` : ''}`,
    number(check.found),
    `${number(check.se)}${SE_MARKS[check.seFrom]}`,
    Number.isFinite(check.z) ? check.z.toFixed(2) : '–',
    verdict(check),
  ]);
  const widths = HEAD.map((_, c) => Math.max(...[HEAD, ...rows].map((row) => row[c]!.length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((text, c) => (RIGHT.includes(c) ? text.padStart(widths[c]!) : text.padEnd(widths[c]!))).join('  ')}`.trimEnd();
  return [law, line(HEAD), ...rows.map(line)].join('\n');
}

function summary(validation: Validation): string {
  const { engine, adapter, size, checks, failed, falseAlarm, chiSquare } = validation;
  const lines = [
    `${engine} on ${adapter}, ${size}: ${checks.length} checks, ${failed} ${failed === 1 ? 'fails' : 'fail'} (|z| > 4).`,
    chiSquareText(chiSquare),
    ...falseAlarmText(falseAlarm),
    '± of a limit: how far the setting may be from it, beyond which z is counted.',
    '* by the standard error of the sample, where theory has none; † that at most, of a sum;',
    '° chance has no part, rounding alone.',
  ];
  return [...lines, verdictText(validation)].join('\n');
}

export function verdictText({ complete, passed }: Validation): string {
  if (!complete) return 'Interrupted: not all laws were looked at.';
  return passed ? 'Every law holds.' : 'THE LAWS DO NOT HOLD on this engine.';
}

export const chiSquareText = ({ sum, degrees, p }: Validation['chiSquare']): string =>
  `χ² of the ${degrees} independent ones: ${sum.toFixed(1)}, p = ${number(p)}.`;

export const validationJson = (validation: Validation): string =>
  // JSON has no NaN: a number that is missing is null.
  `${JSON.stringify(validation, null, 2)}\n`;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);

/** JUnit's XML: a case for each check, and one for the sum of squares. */
export function validationJunit(validation: Validation): string {
  const { checks, failed, chiSquare, engine, seconds, passed, complete } = validation;
  const sumFails = complete && failed === 0 && !passed;
  const cases = checks.map((check) => {
    const { law, setting, quantity, generation, expected, slack, found, se, z } = check;
    const where = [quantity, setting, `generation ${generation}`].filter(Boolean).join(', ');
    const near = slack > 0 ? ` ± ${number(slack)}` : '';
    const what = `expected ${number(expected)}${near}, found ${number(found)}, se ${number(se)}, z ${number(z)}`;
    const open = `    <testcase classname="${escape(law)}" name="${escape(where)}"`;
    if (check.passed) return `${open}/>`;
    return `${open}>\n      <failure message="${escape(what)}"/>\n    </testcase>`;
  });
  const sumText = `χ² ${chiSquare.sum.toFixed(1)} of ${chiSquare.degrees}, p = ${number(chiSquare.p)}`;
  cases.push(
    sumFails
      ? `    <testcase classname="all" name="sum of squares">\n      <failure message="${sumText}"/>\n    </testcase>`
      : '    <testcase classname="all" name="sum of squares"/>',
  );
  const properties = [
    ['adapter', validation.adapter],
    ['size', validation.size],
    ['chi-square', sumText],
    ['false alarm, at most', number(validation.falseAlarm.most)],
    ['about', falseAlarmText(validation.falseAlarm).join(' ')],
  ].map(([name, value]) => `      <property name="${name}" value="${escape(value!)}"/>`);
  const counts = `tests="${cases.length}" failures="${failed + (sumFails ? 1 : 0)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="genloss validate, ${escape(engine)}" ${counts} time="${seconds.toFixed(3)}">`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
