/** What a resolved spec lacks although nobody has left it out: no problem, but to be told. */
import { criterionStatistics } from './criteria.ts';
import { MAX_EM_DIM } from './parameter.ts';
import { parameterAt } from './parameters.ts';
import { defaultStatistics } from './parse.ts';
import type { Spec } from './spec.ts';
import type { StatisticName } from './statistics.ts';

/** Default statistics that a spec goes without because of its dimensions; none where it chose. */
export function missingStatistics(spec: Spec): readonly StatisticName[] {
  const { truth, sweep, statistics, criteria } = spec;
  const usual = parameterAt('statistics', null)!.default as readonly StatisticName[];
  const measured = defaultStatistics(truth, sweep);
  const asked = new Set<string>(criteria.flatMap(criterionStatistics));
  const isDefault =
    measured.every((name) => statistics.includes(name)) &&
    statistics.every((name) => measured.includes(name) || asked.has(name));
  return isDefault ? usual.filter((name) => !statistics.includes(name)) : [];
}

/** One sentence for each thing to be told of a spec before it runs. */
export function specNotes(spec: Spec): readonly string[] {
  const missing = missingStatistics(spec);
  if (missing.length === 0) return [];
  const names = new Intl.ListFormat('en').format(missing);
  const have = missing.length === 1 ? 'has' : 'have';
  return [`Without ${names}, which ${have} no closed form in more than ${MAX_EM_DIM} dimensions.`];
}
