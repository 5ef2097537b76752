/** An archive distilled to weighted points: what a training set comes to, and what goes with it. */
import { SCREENING, truthDim, TRUTH_DIM, type Rule } from './rule.ts';
import { formatNumber } from './report.ts';
import { quotaCount } from './screening.ts';
import type { PhaseSpec } from './spec.ts';

/**
 * Points of a training set from the second generation on, where it is a batch: those of a coreset
 * are there at once, with the weight of the real ones in whose place they are.
 */
export function entryCount(phase: PhaseSpec): number {
  const { batch, sampleSize } = phase;
  if (!batch.coreset || batch.realSource !== 'fixed' || batch.realDraw !== 'quota') {
    return sampleSize;
  }
  const real = quotaCount(phase);
  return real > 0 ? sampleSize - real + batch.coreset.size : sampleSize;
}

/** Points of the smaller of the first training set and a later one. */
export const fewestPoints = (phase: PhaseSpec): number =>
  Math.min(phase.sampleSize, entryCount(phase));

/** What both read. */
export const ENTRIES = [
  'batch.coreset',
  'batch.realSource',
  'batch.realDraw',
  'sampleSize',
  ...SCREENING,
] as const;

/** Most distances that a pass of k-means over an archive takes: some ten million a moment. */
const MOST_DISTANCES = 1e7;

const WITHOUT = 'or leave batch.coreset out.';

export const CORESET_RULES: readonly Rule[] = [
  {
    field: 'batch.realSource',
    reads: ['batch.coreset', 'batch.realSource'],
    check: ({ batch }) =>
      batch.coreset && batch.realSource === 'fresh'
        ? [
            'Fresh real points are no archive that could be distilled.',
            `Set batch.realSource to fixed, ${WITHOUT}`,
          ]
        : null,
  },
  {
    field: 'batch.coreset.size',
    reads: ['batch.coreset', 'batch.realDraw'],
    check: ({ batch }) =>
      batch.coreset && batch.realDraw === 'bernoulli'
        ? [
            'A coreset goes into a batch as a whole, and bernoulli takes its real points one by one.',
            `Draw by quota, ${WITHOUT}`,
          ]
        : null,
  },
  {
    field: 'batch.coreset.size',
    reads: ['batch.coreset', 'retention'],
    check: ({ batch, retention }) =>
      batch.coreset && retention !== 'replace'
        ? [
            'A pool keeps every batch, and would have the coreset in it again and again.',
            `Use retention replace, ${WITHOUT}`,
          ]
        : null,
  },
  {
    field: 'batch.coreset.size',
    reads: ['batch.coreset', 'batch.web'],
    check: ({ batch }) =>
      batch.coreset && batch.web && batch.web.humanReservoir !== null
        ? ['A reservoir is used up, and a coreset never is.', 'Leave one of them out.']
        : null,
  },
  {
    field: 'batch.coreset.size',
    reads: ['batch.coreset', 'sampleSize'],
    check: ({ batch }, { sampleSize }) => sizeProblem(batch.coreset, sampleSize),
  },
  {
    field: 'batch.coreset.method',
    reads: ['batch.coreset', ...TRUTH_DIM],
    check: ({ batch, truth }) =>
      batch.coreset?.method === 'quantile' && truthDim(truth) > 1
        ? [
            `Points in ${truthDim(truth)} dimensions have no order to be cut into bins.`,
            'Use kmeans, or a truth of one dimension.',
          ]
        : null,
  },
  {
    field: 'fit.estimator',
    reads: ['batch.coreset', 'fit.estimator'],
    check: ({ batch, fit }) =>
      batch.coreset && fit.estimator === 'unbiased'
        ? [
            'Dividing by n − 1 is right where all points weigh alike, and those of a coreset do not.',
            `Use mle, ${WITHOUT}`,
          ]
        : null,
  },
];

/** @param archive Points of the first generation. */
function sizeProblem(
  coreset: PhaseSpec['batch']['coreset'],
  archive: number,
): readonly [string, string] | null {
  if (!coreset) return null;
  const { size, method } = coreset;
  if (size > archive) {
    return [
      `A coreset of ${formatNumber(size)} is more than the ${formatNumber(archive)} points of the archive.`,
      `Lower batch.coreset.size to ${formatNumber(archive)}, or raise sampleSize.`,
    ];
  }
  if (method !== 'kmeans' || size * archive <= MOST_DISTANCES) return null;
  return [
    `Each pass of k-means takes ${formatNumber(size * archive)} distances, in every lineage.`,
    `Stay under ${formatNumber(MOST_DISTANCES)}: lower batch.coreset.size or sampleSize, or use uniform.`,
  ];
}
