/**
 * What needs points one by one. A fit of one component to the rest is a function of the numbers,
 * means and scatters of a few groups of points, each of one Gaussian, whose laws are known; not so
 * where points are looked at, models mixed, or a number of points left to chance.
 */
import { realUse } from './real-use.ts';
import { SCREENING } from './rule.ts';
import { effectiveRealShare } from './screening.ts';
import type { PhaseSpec, Spec } from './spec.ts';

export interface PointNeed {
  /** What asks for points, and everything that this is read from. */
  readonly field: string;
  readonly reads: readonly string[];
  /** Beginnings of sentences: why, and what to do. */
  readonly reason: string;
  readonly remedy: string;
  /** Whether a cell needs points for it in a phase. */
  readonly holds: (phase: PhaseSpec, cell: Spec) => boolean;
}

const EVERY_SHARE = [...SCREENING, 'sampleSize', 'growth', 'generations'];

/** A need that is one field's. */
const need = (
  field: string,
  reason: string,
  remedy: string,
  holds: PointNeed['holds'],
  more: readonly string[] = [],
): PointNeed => ({ field, reads: [field, ...more], reason, remedy, holds });

export const POINT_NEEDS: readonly PointNeed[] = [
  need(
    'batch.memory',
    'Points of several models are of no one Gaussian',
    'Set it to 1',
    (phase) => phase.batch.memory > 1,
  ),
  need(
    'batch.truncation',
    'Truncation looks at every point',
    'Leave it out',
    ({ batch }) => batch.truncation !== null,
  ),
  need(
    'batch.verifier.keep',
    'The verifier looks at points',
    'Set it to 1',
    ({ batch }) => batch.verifier.keep < 1,
  ),
  need(
    'batch.verifier.error',
    'The verifier looks at points',
    'Set it to 0',
    ({ batch }) => batch.verifier.error > 0,
  ),
  need(
    'batch.curation.candidates',
    'Curation looks at points',
    'Set it to 1',
    ({ batch }) => batch.curation.candidates > 1,
  ),
  need(
    'batch.qualityFilter',
    'The filter looks at every point',
    'Set it to 0',
    ({ batch }) => batch.qualityFilter > 0,
  ),
  need(
    'batch.poison.share',
    'Chance says how many points are poisoned',
    'Set it to 0',
    (phase) => phase.batch.poison.share > 0,
  ),
  need(
    'batch.protectedModes',
    'Protection looks at points',
    'Leave it empty',
    ({ batch }) => batch.protectedModes.length > 0,
  ),
  need(
    'batch.realDraw',
    'Under bernoulli chance says how many points are real',
    'Draw by quota',
    ({ batch }) => batch.realDraw !== 'quota' && effectiveRealShare(batch) !== 0,
    SCREENING,
  ),
  need(
    'batch.realSource',
    'An archive that changes in size is no one group of points',
    'Keep its size, or take fresh points',
    (_, cell) => cell.batch.realSource === 'fixed' && !archiveHolds(cell),
    EVERY_SHARE,
  ),
  need(
    'batch.coreset.size',
    'A coreset is made of points',
    'Leave batch.coreset out',
    ({ batch }, cell) =>
      batch.coreset !== null && batch.realSource === 'fixed' && realUse(cell).any,
    ['batch.coreset', 'batch.realSource', 'batch.realDraw', ...EVERY_SHARE],
  ),
  need(
    'retention',
    'A subsample chooses among points',
    'Use replace or accumulate',
    ({ retention }) => retention === 'accumulate-subsample',
  ),
  need(
    'fit.realWeight',
    'Points weigh unlike',
    'Leave it out',
    ({ fit }) => fit.realWeight !== null,
  ),
  need('fit.tailWeight', 'Points weigh unlike', 'Set it to 0', ({ fit }) => fit.tailWeight > 0),
  need(
    'fit.estimator',
    'The fit with a prior is made of points',
    'Use mle or unbiased',
    ({ fit }) => fit.prior !== null,
    ['fit.prior'],
  ),
  need(
    'fit.covarianceFloor',
    // A floor is in the model, but not in the points that the model stands for.
    'What is accumulated is no more what the model says once it has a floor',
    'Set it to 0, or use replace',
    ({ retention, fit }) => retention !== 'replace' && fit.covarianceFloor !== 0,
    ['retention'],
  ),
];

/** The same points of the first generation at every one. */
function archiveHolds(spec: Spec): boolean {
  if (spec.batch.web !== null) return false;
  const { count } = realUse(spec);
  return count !== null && count <= spec.sampleSize;
}
