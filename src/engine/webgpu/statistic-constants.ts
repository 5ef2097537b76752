/** Constants that specialise the kernel observe to a list of statistics. */
import { STATISTIC_NAMES, type StatisticName } from '../../spec/statistics.ts';
import type { Constants } from './link.ts';

/** klTruthToModel → AT_KL_TRUTH_TO_MODEL, tailMass10 → AT_TAIL_MASS_10. */
const constantName = (name: StatisticName): string =>
  `AT_${name.replace(/([A-Z]|(?<!\d)\d)/g, '_$1').toUpperCase()}`;

/** STATISTIC_COUNT, and AT_<NAME> for each statistic: its place in `names`, −1 if not asked for. */
export function statisticConstants(names: readonly StatisticName[]): Constants {
  const places = STATISTIC_NAMES.map((name) => [constantName(name), names.indexOf(name)] as const);
  return { STATISTIC_COUNT: names.length, ...Object.fromEntries(places) };
}
