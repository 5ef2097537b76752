/**
 * A spec without what goes without saying: only the fields that differ from their default. What
 * links and command lines carry, and what `parseSpec` turns back into exactly the same spec.
 */
import { defaultComponents } from './cells.ts';
import { defaultCriteria } from './criteria.ts';
import { nullableOf } from './parameter.ts';
import { fieldsFor } from './parameters.ts';
import { defaultEstimator, defaultStatistics } from './parse.ts';
import { readPath, withPath, type PlainObject } from './paths.ts';
import type { Spec } from './spec.ts';

/** `truth.kind` is always there. */
export function minimalSpec(spec: Spec): PlainObject {
  let minimal: PlainObject = {};
  for (const [path, value] of givenFields(spec)) minimal = withPath(minimal, path, value);
  return minimal;
}

/** Path and value of each field that differs from its default, axes last. */
export function givenFields(spec: Spec): readonly (readonly [path: string, value: unknown])[] {
  const fields = fieldsFor(spec.truth.kind)
    .filter(({ path }) => readPath(spec, path) !== undefined)
    .map((row) => [row.path, readPath(spec, row.path), defaultOf(row.path, row.default, spec)])
    .filter(([, value, fallback]) => JSON.stringify(value) !== JSON.stringify(fallback))
    .map(([path, value]) => [path as string, value] as const);
  const axes = Object.entries(spec.sweep).map(([path, axis]) => [`sweep.${path}`, axis] as const);
  return [...fields, ...axes];
}

/** What the field would be if it were left out of this spec. */
function defaultOf(
  path: string,
  fallback: unknown,
  { fit, truth, sweep, statistics }: Spec,
): unknown {
  const follow = fit.componentsFromTruth === true;
  if (path === 'fit.components') {
    // Left out, it would follow the swept truth: a K of its own has to be said.
    const fixed = !follow && 'truth.components' in sweep && !('fit.components' in sweep);
    return fixed ? undefined : defaultComponents(truth);
  }
  // An object that is there at all has been asked for: by one of its fields, or by an axis.
  const container = nullableOf(path);
  const swept = Object.keys(sweep).some((axis) => axis.startsWith(`${container}.`));
  if (container !== undefined && !swept) return undefined;
  // Following is what happens where no K is given.
  if (path === 'fit.componentsFromTruth') return fit.componentsFromTruth;
  if (path === 'fit.estimator') return defaultEstimator(fit.components, follow, sweep);
  if (path === 'statistics') return defaultStatistics(truth, sweep);
  if (path === 'criteria') return defaultCriteria(statistics);
  return fallback;
}
