/**
 * What the form makes of fields that cannot act as the rest of the experiment stands. Those that
 * belong to another one are not shown while it is off; the others stay where they are and say why.
 */
import {
  fieldsFor,
  idleEffects,
  nullableOf,
  parameterAt,
  readPath,
  type Parameter,
  type ParameterGroup,
  type Spec,
} from '../../spec/schema.ts';

const isSwept = (spec: Spec, path: string): boolean => Object.hasOwn(spec.sweep, path);

/** Whether a field is at its default and no axis. */
function isIdle(spec: Spec, path: string): boolean {
  if (isSwept(spec, path)) return false;
  // What lies in an object that is off has a default only once it is on.
  const fallback = nullableOf(path) ? null : parameterAt(path, spec.truth.kind)!.default;
  return JSON.stringify(readPath(spec, path) ?? null) === JSON.stringify(fallback ?? null);
}

/** Fields of a group that are not at their defaults. */
export const usedFields = (spec: Spec, group: ParameterGroup): readonly Parameter[] =>
  fieldsFor(spec.truth.kind).filter((row) => row.group === group && !isIdle(spec, row.path));

/** Whether a field belongs to others that are off, and is not worth showing. */
export const isPointless = (path: string, spec: Spec | null): boolean =>
  spec !== null && isIdle(spec, path) && idleEffects(path, spec).some(({ belongs }) => belongs);

/** Whether a web says what the real share is. */
export const hasWeb = (spec: Spec): boolean =>
  spec.batch.web !== null || Object.keys(spec.sweep).some((path) => path.startsWith('batch.web.'));

/** Why a field has no effect whatever it says; null where it has one. */
export const whyIdle = (path: string, spec: Spec | null): string | null =>
  (spec && idleEffects(path, spec)[0]?.text) ?? null;
