/** The grid of a sweep: the cross product of its axes, row-major, the last axis fastest. */
import { axisLength, axisValues } from './axes.ts';
import { MAX_COMPONENTS } from './parameter.ts';
import { deepFreeze, withoutPath, withPath } from './paths.ts';
import type { Axis, AxisValue, FitSpec, Spec, TruthSpec } from './spec.ts';

export interface CellSpec {
  /** Value of each axis, in the order of `Object.keys(spec.sweep)`. */
  readonly values: readonly AxisValue[];
  /** The spec of this cell alone: no sweep, every default resolved. */
  readonly spec: Spec;
}

/** J; null for data, where it is known once the mixture is fitted. */
export function truthComponentCount(truth: TruthSpec): number | null {
  if (truth.kind === 'data') return null;
  return truth.kind === 'blobs' ? truth.components : truth.components.length;
}

/** K where none is asked for. */
export const defaultComponents = (truth: TruthSpec): number =>
  Math.min(truthComponentCount(truth) ?? 2, MAX_COMPONENTS);

export const cellCount = (spec: Spec): number =>
  Object.values(spec.sweep).reduce((count, axis) => count * axisLength(axis), 1);

export function* cellSpecs(spec: Spec): Generator<CellSpec, void, void> {
  const paths = Object.keys(spec.sweep);
  for (const values of combinations(Object.values(spec.sweep))) {
    const cell = { ...cellAt(spec, paths, values), sweep: {} };
    yield { values, spec: deepFreeze(cell) };
  }
}

/** The spec with some axes at some values; its sweep is left as it is. */
export function cellAt(spec: Spec, paths: readonly string[], values: readonly AxisValue[]): Spec {
  let cell = spec;
  paths.forEach((path, i) => (cell = withPath(cell, path, values[i])));
  if (!cell.fit.componentsFromTruth) return cell;
  const fit = withoutPath({ ...cell.fit }, 'componentsFromTruth') as unknown as FitSpec;
  return { ...cell, fit: { ...fit, components: defaultComponents(cell.truth) } };
}

/** One empty combination where there are no axes. */
export function* combinations(axes: readonly Axis[]): Generator<AxisValue[], void, void> {
  const lists = axes.map(axisValues);
  const digits = lists.map(() => 0);
  for (;;) {
    yield digits.map((digit, i) => lists[i]![digit]!);
    let axis = lists.length - 1;
    while (axis >= 0 && ++digits[axis]! === lists[axis]!.length) digits[axis--] = 0;
    if (axis < 0) return;
  }
}
