/**
 * Tries the rules of what one field forbids another: each on every combination of the axes it reads,
 * and on none where a value it reads has a problem of its own. Then axes that change nothing.
 */
import { axisLength, axisValues } from './axes.ts';
import { cellAt, combinations } from './cells.ts';
import { axesRead, cellsRead, EFFECTS, idleEffects } from './effects.ts';
import { NULLABLE_CONTAINERS, nullableOf } from './parameter.ts';
import { readPath, type PlainObject } from './paths.ts';
import { formatNumber, show, type Report } from './report.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';
import { cornerSpecs } from './schedule.ts';
import type { Axis, AxisValue, PhaseSpec, Spec } from './spec.ts';

type Problem = readonly [message: string, remedy: string];
type Axes = readonly (readonly [path: string, axis: Axis])[];

/** What a rule has found: the first cell it refuses, and how many. */
interface Finding {
  readonly problem: Problem;
  readonly values: readonly AxisValue[];
  count: number;
}

/** What is asked for, and how it was written. */
export interface Asked {
  /** As somebody gave it: what is not here is a default, or comes from an axis. */
  readonly raw: PlainObject;
  /** Complete, but for the fields that the report touches. */
  readonly draft: Spec;
  readonly maxCells: number;
}

export function checkRules(asked: Asked, report: Report): void {
  const { draft, maxCells } = asked;
  // What a refusal is about says nothing more: asked again before each report.
  const isSilent = (rule: Rule, axes: Axes): boolean => {
    const swept = new Set(axes.map(([path]) => path));
    return rule.reads.some((field) => touches(field, swept.has(field), report));
  };
  const open = RULES.map((rule) => ({ rule, axes: axesRead(rule.reads, draft) })).filter(
    ({ rule, axes }) =>
      !isSilent(rule, axes) &&
      axes.reduce((product, [, axis]) => product * axisLength(axis), 1) <= maxCells,
  );
  // Rules that read the same axes look at the same cells, each of which is made once.
  const together = new Map<string, { readonly axes: Axes; readonly rules: Rule[] }>();
  for (const { rule, axes } of open) {
    const key = JSON.stringify(axes.map(([path]) => path));
    const group = together.get(key) ?? { axes, rules: [] };
    group.rules.push(rule);
    together.set(key, group);
  }
  const findings = new Map<Rule, Finding>();
  for (const { axes, rules } of together.values()) lookAtCells(draft, axes, rules, findings);
  for (const { rule, axes } of open) {
    const finding = findings.get(rule);
    if (finding && !isSilent(rule, axes)) reportFinding({ rule, axes, ...finding }, asked, report);
  }
  checkIdleAxes(asked, [...findings.keys()], report);
}

const touches = (field: string, isSwept: boolean, report: Report): boolean =>
  report.touches(`sweep.${field}`) || (!isSwept && report.touches(field));

/** Every cell of some axes, by some rules. */
function lookAtCells(
  draft: Spec,
  axes: Axes,
  rules: readonly Rule[],
  findings: Map<Rule, Finding>,
): void {
  const paths = axes.map(([path]) => path);
  for (const values of combinations(axes.map(([, axis]) => axis))) {
    const cell = cellAt(draft, paths, values);
    const phases = cornerSpecs(cell);
    for (const rule of rules) {
      const problem = firstProblem(phases, cell, rule);
      if (!problem) continue;
      const known = findings.get(rule);
      if (known) known.count++;
      else findings.set(rule, { problem, values: [...values], count: 1 });
    }
  }
}

/** What some generation of a cell would be refused for. */
function firstProblem(phases: readonly PhaseSpec[], cell: Spec, { check }: Rule) {
  for (const phase of phases) {
    const problem = check(phase, cell);
    if (problem) return problem;
  }
  return null;
}

function reportFinding(
  found: Finding & { readonly rule: Rule; readonly axes: Axes },
  asked: Asked,
  report: Report,
): void {
  const { rule, axes, problem, values, count } = found;
  const [message, remedy] = problem;
  const where = axes
    .map(([path], i) => `${path} = ${values[i] === null ? 'none' : show(values[i])}`)
    .join(', ');
  const others = count > 1 ? ` and ${formatNumber(count - 1)} more` : '';
  const text = where ? `${message} (At ${where}${others}.)` : message;
  const place = placeOf(rule.field, asked);
  const written = whereWritten(remedy, asked);
  const unnamed = deciding(found, asked.draft).filter(
    (name) => name !== place && !written.includes(name),
  );
  const more = unnamed.length > 0 ? ` Or take other values of ${unnamed.join(' or of ')}.` : '';
  report.note(place, text, written + more);
}

/** Axes of which another value would do in the first cell that is refused. */
const deciding = (
  { rule, axes, values }: Finding & { readonly rule: Rule; readonly axes: Axes },
  draft: Spec,
): string[] => {
  const paths = axes.map(([path]) => path);
  const passes = (i: number, value: AxisValue): boolean => {
    const cell = cellAt(draft, paths, values.with(i, value));
    return firstProblem(cornerSpecs(cell), cell, rule) === null;
  };
  return axes
    .filter(([, axis], i) => axisValues(axis).some((value) => passes(i, value)))
    .map(([path]) => `sweep.${path}`);
};

/** Axes that have written into an object that is off unless asked for, where nobody else has. */
const writersOf = (container: string, { raw, draft }: Asked): string[] =>
  readPath(raw, container) === undefined
    ? Object.keys(draft.sweep).filter((path) => path.startsWith(`${container}.`))
    : [];

/** Where a field got its value: by its own axis, or by one that brought its object along. */
function placeOf(field: string, asked: Asked): string {
  if (Object.hasOwn(asked.draft.sweep, field)) return `sweep.${field}`;
  const container = nullableOf(field);
  const writer = container && writersOf(container, asked)[0];
  return writer ? `sweep.${writer}` : field;
}

/** Whatever may be a field in a sentence, without the sentence's own stop. */
const FIELD = /(?<![\w.])[a-zA-Z]+(?:\.[a-zA-Z]+)*(?![\w])/g;

/** A remedy with every field that an axis has written under the name of that axis. */
const whereWritten = (remedy: string, asked: Asked): string =>
  remedy.replace(FIELD, (name) => {
    if (Object.hasOwn(asked.draft.sweep, name)) return `sweep.${name}`;
    const writers = NULLABLE_CONTAINERS.includes(name) ? writersOf(name, asked) : [];
    return writers.length > 0 ? writers.map((path) => `sweep.${path}`).join(' and ') : name;
  });

/** Axes of several values over fields that act in no cell. What a rule has refused is not asked. */
function checkIdleAxes(asked: Asked, refused: readonly Rule[], report: Report): void {
  const { draft, maxCells } = asked;
  for (const [path, axis] of Object.entries(draft.sweep)) {
    const effects = EFFECTS.filter(({ paths }) => paths.includes(path));
    const unsure =
      effects.some(({ reads }) =>
        reads.some((field) => touches(field, Object.hasOwn(draft.sweep, field), report)),
      ) || refused.some(({ reads }) => axesRead(reads, draft).some(([read]) => read === path));
    if (unsure || effects.length === 0 || axisLength(axis) < 2) continue;
    if (cellsRead(path, draft) > maxCells) continue;
    const [lacks] = idleEffects(path, draft);
    if (!lacks) continue;
    const message = `All ${formatNumber(axisLength(axis))} values come to the same. ${lacks.text}`;
    const remedy = `${whereWritten(lacks.remedy, asked)}, or leave this axis out.`;
    report.note(`sweep.${path}`, message, remedy);
  }
}
