/** Constants that specialise the kernel observe to a list of statistics. */
import { SCALAR_STATISTICS, type StatisticName } from '../../spec/statistics.ts';
import type { Constants } from './link.ts';

/** klTruthToModel → AT_KL_TRUTH_TO_MODEL, tailMass10 → AT_TAIL_MASS_10. */
const constantName = (name: StatisticName): string =>
  `AT_${name.replace(/([A-Z]|(?<!\d)\d)/g, '_$1').toUpperCase()}`;

/**
 * STATISTIC_COUNT, and AT_<NAME> for each statistic: its place in `names`, −1 if not asked for.
 * MODE_MASS_AT and MODE_RECALL_AT are arrays of these over the truth's `modes` components, ASKS_… 1
 * where any of them is asked for.
 */
export function statisticConstants(names: readonly StatisticName[], modes: number): Constants {
  const places = SCALAR_STATISTICS.map(
    (name) => [constantName(name), names.indexOf(name)] as const,
  );
  const placesOf = (family: 'modeMass' | 'modeRecall') =>
    Array.from({ length: modes }, (_, j) => names.indexOf(`${family}_${j + 1}`));
  const arrayOf = (numbers: readonly number[]) => `array<i32, ${modes}>(${numbers.join(', ')})`;
  const [masses, recalls] = [placesOf('modeMass'), placesOf('modeRecall')];
  return {
    STATISTIC_COUNT: names.length,
    ...Object.fromEntries(places),
    MODE_MASS_AT: arrayOf(masses),
    MODE_RECALL_AT: arrayOf(recalls),
    ASKS_MODE_MASS: masses.some((place) => place >= 0) ? 1 : 0,
    ASKS_MODE_RECALL: recalls.some((place) => place >= 0) ? 1 : 0,
  };
}
