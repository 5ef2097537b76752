/**
 * The settings that `genloss validate` holds laws in: rows of the theory, each in the plainest spec
 * that has it. Seeds are fixed, and lineages of different cells independent.
 */
import { modeSurvival } from '../../model/theory/wright-fisher.ts';
import type { StatisticName } from '../../spec/statistics.ts';

export interface ValidationCase {
  /** The law, in a few words. */
  readonly name: string;
  /** A raw spec without seed and replicates. */
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly statistics: readonly StatisticName[];
  };
  /** At which means are held against their laws, ascending. */
  readonly generations: readonly number[];
  /** Lineages of a cell of the quick run; the full one has FULL_FACTOR times as many. */
  readonly replicates: number;
  /** [generation]: the share of lineages that have not met the first criterion, where no spec tells. */
  readonly survival?: Float64Array;
}

/** The square of what standard errors shrink by. */
export const FULL_FACTOR = 16;

const gaussian = (dim: number) => ({ kind: 'blobs', dim, components: 1 });
const TOTALS = ['totalVariance', 'meanShiftSquared'] as const;

/** Two points in forty, sixty widths away: no component reaches over to the other mode's points. */
const DYING = { share: 0.05, points: 40, generations: 10 };

const estimators = ['mle', 'unbiased'].map((estimator): ValidationCase => {
  const distances = ['wassersteinSquared', 'frechetDistance', 'klTruthToModel', 'testNll'] as const;
  return {
    name: `One Gaussian and its own samples, ${estimator === 'mle' ? 'n' : 'n − 1'} in the variance`,
    spec: {
      truth: gaussian(1),
      fit: { estimator },
      generations: 30,
      sweep: { sampleSize: [10, 100, 1000] },
      statistics: [...TOTALS, 'logVarianceRatio', 'entropy', ...distances],
    },
    generations: [1, 4, 9, 30],
    replicates: 4000,
  };
});

const shares = ['bernoulli', 'quota'].map((realDraw): ValidationCase => ({
  name: `Real points in every batch, ${realDraw}`,
  spec: {
    truth: gaussian(1),
    batch: { realDraw },
    sampleSize: 20,
    generations: 30,
    sweep: { 'batch.realFraction': [0.2, 0.5] },
    statistics: [...TOTALS, 'ancestry'],
  },
  generations: [2, 10, 30],
  replicates: 1500,
}));

export const VALIDATION_CASES: readonly ValidationCase[] = [
  ...estimators,
  {
    name: 'The same, point by point',
    spec: {
      ...{ truth: gaussian(1), closedForm: 'off', sampleSize: 20, generations: 12 },
      statistics: [...TOTALS, 'logVarianceRatio'],
    },
    generations: [1, 4, 12],
    replicates: 4000,
  },
  {
    name: 'Time of collapse: ln v first below a level',
    spec: {
      ...{ truth: gaussian(1), generations: 60, sweep: { sampleSize: [20, 100] } },
      statistics: ['varianceRatio'],
      criteria: [{ name: 'half', statistic: 'varianceRatio', below: 0.5 }],
    },
    generations: [5, 20, 60],
    replicates: 4000,
  },
  {
    name: 'Determinants in 2 and 20 dimensions',
    spec: {
      ...{ truth: gaussian(2), sampleSize: 40, generations: 10, sweep: { 'truth.dim': [2, 20] } },
      statistics: ['totalVariance', 'logDetRatio'],
    },
    generations: [1, 4, 10],
    replicates: 600,
  },
  {
    name: 'EM keeps the total for every K and shape',
    spec: {
      truth: { kind: 'blobs', dim: 2, components: 3, separation: 3 },
      fit: { iterations: 5 },
      ...{ sampleSize: 40, generations: 4 },
      sweep: {
        'fit.components': [2, 4],
        'fit.covariance': ['full', 'diagonal', 'spherical', 'tied'],
      },
      statistics: TOTALS,
    },
    generations: [1, 4],
    replicates: 600,
  },
  {
    name: 'Starts from k-means, at random, with a floor',
    spec: {
      truth: { kind: 'blobs', dim: 1, components: 3, separation: 4 },
      fit: { components: 2, iterations: 5 },
      ...{ sampleSize: 60, generations: 4 },
      sweep: { 'fit.init': ['kmeans', 'random'], 'fit.covarianceFloor': [0, 0.05] },
      statistics: TOTALS,
    },
    generations: [1, 4],
    replicates: 600,
  },
  {
    name: 'A mode that dies (Wright and Fisher’s chain)',
    spec: {
      truth: {
        ...{ kind: 'blobs', components: 2, separation: 60 },
        weights: [DYING.share, 1 - DYING.share],
      },
      fit: { iterations: 2 },
      ...{ sampleSize: DYING.points, generations: DYING.generations, nodes: 64 },
      statistics: ['rarestModeMass'],
      criteria: [{ name: 'extinct', statistic: 'rarestModeMass', below: 0.5 / DYING.points }],
    },
    generations: [1, 3, DYING.generations],
    replicates: 1500,
    survival: modeSurvival(DYING.share, DYING.points, DYING.generations),
  },
  {
    name: 'Keeping everything, and a subsample of it',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 10, generations: 20 },
      sweep: { retention: ['accumulate', 'accumulate-subsample'], sampleSize: [10, 40] },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 5, 20],
    replicates: 1500,
  },
  {
    name: 'Growing batches',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 40, generations: 8, growth: 1 },
      sweep: { retention: ['replace', 'accumulate'] },
      statistics: TOTALS,
    },
    generations: [2, 4, 8],
    replicates: 1500,
  },
  ...shares,
  {
    name: 'An archive of real points',
    spec: {
      truth: gaussian(1),
      batch: { realFraction: 0.3, realSource: 'fixed' },
      ...{ sampleSize: 20, generations: 20 },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 20],
    replicates: 1500,
  },
  {
    name: 'Memory of several models',
    spec: {
      truth: gaussian(1),
      batch: { realFraction: 0.2, memory: 3 },
      ...{ sampleSize: 20, generations: 15 },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 5, 15],
    replicates: 1500,
  },
  {
    name: 'A sampler narrower and wider than its model',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 20, generations: 12 },
      sweep: { 'batch.samplingBias': [0.8, 1.1], retention: ['replace', 'accumulate'] },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 2000,
  },
  {
    name: 'Tails cut off',
    spec: {
      truth: gaussian(2),
      batch: { truncation: 2 },
      ...{ sampleSize: 40, generations: 4 },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 1500,
  },
  {
    name: 'Screening through the share that it leaves',
    spec: {
      truth: gaussian(1),
      batch: {
        ...{ realFraction: 0.1, detector: { recall: 0.8, falsePositiveRate: 0.3 } },
        watermark: { coverage: 0.5, laundering: 0.2 },
      },
      ...{ sampleSize: 20, generations: 15 },
      sweep: { 'batch.provenance.signedShare': [0, 1] },
      statistics: TOTALS,
    },
    generations: [2, 15],
    replicates: 1500,
  },
  {
    name: 'Real points that weigh more',
    spec: {
      truth: gaussian(2),
      batch: { realFraction: 0.5 },
      fit: { realWeight: 0.618 },
      ...{ sampleSize: 40, generations: 10 },
      statistics: TOTALS,
    },
    generations: [2, 10],
    replicates: 1000,
  },
  {
    name: 'A prior about the parent, and about the truth',
    spec: {
      truth: gaussian(2),
      fit: { estimator: 'map', prior: { centre: 'parent', strength: 10 } },
      ...{ sampleSize: 40, generations: 4 },
      sweep: { 'fit.prior.centre': ['parent', 'truth'] },
      statistics: TOTALS,
    },
    generations: [1, 4],
    replicates: 1000,
  },
  {
    name: 'Poison and paraphrase',
    spec: {
      truth: gaussian(1),
      batch: { paraphrase: { noise: 0.2 }, poison: { share: 0.1, mean: [3], scale: 0.5 } },
      ...{ sampleSize: 40, generations: 4 },
      sweep: { 'batch.poison.share': [0, 0.1] },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 1500,
  },
  {
    name: 'An archive distilled at random',
    spec: {
      truth: gaussian(1),
      batch: {
        ...{ realFraction: 0.5, realSource: 'fixed' },
        coreset: { size: 10, method: 'uniform' },
      },
      ...{ sampleSize: 40, generations: 4 },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 1500,
  },
];
