/**
 * What a generation of a lineage costs, in visits of a point or node by a component: what slices
 * are cut by, and what time is proportional to, near enough.
 */
import type { Spec } from '../spec/schema.ts';
import type { StatisticName } from '../spec/statistics.ts';

/** Drawing a point costs about as much as this many visits. */
const DRAW_VISITS = 10;
/** Passes over the points of a closed fit: the mean, then the second moments about it. */
const CLOSED_PASSES = 2;

/** Statistics that look at every node, and those that do so above d = 1 only. */
const NODE_STATISTICS: readonly StatisticName[] = [
  'entropy',
  'klTruthToModel',
  'testNll',
  'modesAlive',
  'effectiveModes',
  'rarestModeMass',
];
const NODE_STATISTICS_ABOVE_LINE: readonly StatisticName[] = [
  'tailMass10',
  'tailMass1',
  'tailMass01',
];

/** Visits in one generation of one lineage of a cell with a truth of `dim` dimensions. */
export function generationWork(spec: Spec, dim: number): number {
  const { components, iterations } = spec.fit;
  const visits = components === 1 ? CLOSED_PASSES : components * iterations;
  const looks = spec.statistics.filter(
    (name) =>
      ((components > 1 || dim > 1) && NODE_STATISTICS.includes(name)) ||
      (dim > 1 && NODE_STATISTICS_ABOVE_LINE.includes(name)),
  ).length;
  return spec.sampleSize * dim * (visits + DRAW_VISITS) + looks * spec.nodes * components;
}
