/**
 * What needs points one by one. A fit of one component to the rest is a function of the numbers,
 * means and scatters of a few groups of points, each of one Gaussian, whose laws are known; not so
 * where points are looked at. Reaches of the closed form that draw no numbers of points need points
 * where models are mixed or a number is left to chance, too.
 */
import { archiveHolds, realUse } from './real-use.ts';
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
  /** Whether a cell needs points for it in a phase, where numbers of points have to be known. */
  readonly holds: Holds;
  /** The same where they are drawn. */
  readonly withCounts: Holds;
}

type Holds = (phase: PhaseSpec, cell: Spec) => boolean;

const EVERY_SHARE = [...SCREENING, 'sampleSize', 'growth', 'generations'];

/** A need that is one field's. */
const need = (
  field: string,
  reason: string,
  remedy: string,
  holds: Holds,
  more: readonly string[] = [],
): PointNeed => ({ field, reads: [field, ...more], reason, remedy, holds, withCounts: holds });

/** The same of one that drawn numbers of points do away with, but for what is `left`. */
const counted = (point: PointNeed, left: Holds = () => false): PointNeed => ({
  ...point,
  withCounts: left,
});

export const POINT_NEEDS: readonly PointNeed[] = [
  counted(
    need(
      'batch.memory',
      'Points of several models are of no one Gaussian',
      'Set it to 1',
      (phase) => phase.batch.memory > 1,
    ),
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
  counted(
    need(
      'batch.poison.share',
      'Chance says how many points are poisoned',
      'Set it to 0',
      (phase) => phase.batch.poison.share > 0,
    ),
  ),
  need(
    'batch.protectedModes',
    'Protection looks at points',
    'Leave it empty',
    ({ batch }) => batch.protectedModes.length > 0,
  ),
  counted(
    need(
      'batch.realDraw',
      'Under bernoulli chance says how many points are real',
      'Draw by quota',
      ({ batch }) => batch.realDraw !== 'quota' && effectiveRealShare(batch) !== 0,
      SCREENING,
    ),
  ),
  counted(
    need(
      'batch.realSource',
      'An archive of which batches have unlike parts is no one group of points',
      'Keep its size, drawn by quota and without poison, or take fresh points',
      (_, cell) => cell.batch.realSource === 'fixed' && !archiveHolds(cell),
      [...EVERY_SHARE, 'batch.realDraw', 'batch.poison.share'],
    ),
    (phase, cell) => phase.batch.realSource === 'fixed' && archiveVaries(phase, cell),
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
  counted(
    need(
      'fit.realWeight',
      'Points weigh unlike',
      'Leave it out',
      ({ fit }) => fit.realWeight !== null,
    ),
  ),
  need('fit.tailWeight', 'Points weigh unlike', 'Set it to 0', ({ fit }) => fit.tailWeight > 0),
  counted(
    need(
      'fit.estimator',
      'The fit with a prior is made of points',
      'Use mle or unbiased',
      ({ fit }) => fit.prior !== null,
      ['fit.prior'],
    ),
  ),
  counted(
    need(
      'fit.covarianceFloor',
      // A floor is in the model, but not in the points that the model stands for.
      'What is accumulated is no more what the model says once it has a floor',
      'Set it to 0, or use replace',
      ({ retention, fit }) => retention !== 'replace' && fit.covarianceFloor !== 0,
      ['retention'],
    ),
  ),
];

/** Chance says which of an archive's points are in a batch. */
const archiveVaries = ({ batch }: PhaseSpec, cell: Spec): boolean =>
  (batch.realDraw !== 'quota' || batch.poison.share > 0) && realUse(cell).any;
