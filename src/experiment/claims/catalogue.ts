/**
 * The sentences. Where one can be taken in more than one way, each way is a claim of its own. A
 * source is named where the sentence is a paper's; the rest is what popular writing says.
 */
import type { Claim, Predicate } from './claim.ts';
import type { Setting } from './setting.ts';

const POPULAR = 'popular writing';
const LATE_WORDS = 'late collapse (under a tenth of the variance, or one mode left of several)';
const EARLY_WORDS = 'early collapse (under half of the outer 1 %)';
const FAITHFUL_WORDS = 'at the horizon the lineage is in neither stage of collapse';

/** Where every point is real nothing learns from a model. */
const everywhere = {
  holdsFor: ({ realFraction }: Setting) => realFraction < 1,
  domain: '',
} as const;
const happens = (
  event: 'early' | 'late',
  from: number,
  to: number,
): Extract<Predicate, { kind: 'happens' }> => ({ kind: 'happens', event, from, to });

const WITHIN = {
  sentence: 'Models collapse within 5–10 generations.',
  said: POPULAR,
  grid: 'share',
  ...everywhere,
} as const;

const FOURTH = {
  sentence: 'By the fourth generation it is over.',
  said: POPULAR,
  grid: 'share',
  ...everywhere,
} as const;

const TAILS = {
  sentence: 'The tails go first.',
  said: 'Shumailov et al. 2024',
  grid: 'share',
} as const;

const FRESH = {
  sentence: 'Any fresh data prevents it.',
  said:
    'popular writing, of what Bertrand et al. 2023 and Gerstgrasser et al. 2024 show under ' +
    'conditions',
  grid: 'share',
  holdsFor: ({ realFraction }: Setting) => realFraction > 0 && realFraction < 1,
  domain: 'where some points are real',
} as const;

const DETECTION = {
  sentence: 'Detection solves it.',
  said: POPULAR,
  grid: 'detector',
  ...everywhere,
} as const;

export const CLAIMS: readonly Claim[] = [
  {
    ...WITHIN,
    name: 'within-5-10',
    reading: `the lineage is first in ${LATE_WORDS} at generation 5, 6, 7, 8, 9 or 10`,
    predicate: happens('late', 5, 10),
  },
  {
    ...WITHIN,
    name: 'by-10',
    reading: `the lineage has been in ${LATE_WORDS} by generation 10`,
    predicate: happens('late', 1, 10),
  },
  {
    ...WITHIN,
    name: 'tails-by-10',
    reading: `the lineage has been in ${EARLY_WORDS} by generation 10`,
    predicate: happens('early', 1, 10),
  },
  {
    ...FOURTH,
    name: 'by-4',
    reading: `the lineage has been in ${LATE_WORDS} by generation 4`,
    predicate: happens('late', 1, 4),
  },
  {
    ...FOURTH,
    name: 'tails-by-4',
    reading: `the lineage has been in ${EARLY_WORDS} by generation 4`,
    predicate: happens('early', 1, 4),
  },
  {
    ...TAILS,
    ...everywhere,
    name: 'tails-first',
    reading:
      'of lineages that reach a stage of collapse by the horizon: the lineage has lost half of ' +
      'its outer 1 % at an earlier generation than it is first in late collapse, if it ever is',
    predicate: { kind: 'happens', event: 'tailsFirst', from: 1, to: null, among: 'departed' },
  },
  {
    ...TAILS,
    name: 'rarest-first',
    reading:
      'of lineages in late collapse by the horizon: the lightest mode has kept less than a tenth ' +
      'of its weight at an earlier generation than the whole a tenth of its variance',
    predicate: { kind: 'happens', event: 'rarestFirst', from: 1, to: null, among: 'late' },
    holdsFor: ({ rarestWeight, realFraction }) => rarestWeight < 0.5 && realFraction < 1,
    domain: 'where one mode is rarer than the other',
  },
  {
    ...FRESH,
    name: 'fresh-prevents',
    reading: `the lineage is never in ${LATE_WORDS} by the horizon`,
    predicate: { kind: 'never', event: 'late' },
  },
  {
    ...FRESH,
    name: 'fresh-keeps-tails',
    reading: FAITHFUL_WORDS,
    predicate: { kind: 'faithful' },
  },
  {
    ...DETECTION,
    name: 'detection-prevents',
    reading: `the lineage is never in ${LATE_WORDS} by the horizon`,
    predicate: { kind: 'never', event: 'late' },
  },
  {
    ...DETECTION,
    name: 'detection-keeps-tails',
    reading: FAITHFUL_WORDS,
    predicate: { kind: 'faithful' },
  },
];
