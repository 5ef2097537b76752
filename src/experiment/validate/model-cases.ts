/** Laws of whole covariances and their determinants, read off models one by one. */
import type { Truth } from '../../model/truth.ts';
import { packedIndex } from '../../model/mixture.ts';
import type { Spec } from '../../spec/schema.ts';
import type { ValidationCase } from './case.ts';
import type { ModelLaw } from './model-law.ts';

const TOTALS = ['totalVariance', 'meanShiftSquared'] as const;
const LINEAGES = 150;

const oblique = (mean: readonly number[], slope: number, weight = 1) => ({
  weight,
  mean,
  covariance: [
    [1, slope],
    [slope, 2],
  ],
});
const mixture = (...components: readonly ReturnType<typeof oblique>[]) => ({
  kind: 'mixture',
  components,
});

const determinantOf = (c: readonly number[]): number => c[0]! * c[2]! - c[1]! * c[1]!;

/**
 * det Σ_t = det C₀ Π χ²_{n−i}/divisor over i = 1 … d and t generations (Bartlett), whose mean and
 * second moment are products of n − i and (n − i)(n − i + 2).
 */
function determinantLaw({ sampleSize: n, fit }: Spec, { covariance, dim }: Truth): ModelLaw {
  const divisor = fit.estimator === 'mle' ? n : n - 1;
  const start = determinantOf(covariance);
  let [mean, square] = [1, 1];
  for (let i = 1; i <= dim; i++) {
    mean *= (n - i) / divisor;
    square *= ((n - i) * (n - i + 2)) / divisor ** 2;
  }
  return {
    quantity: 'det Σ, mean',
    formula: `det C₀ [Π (n−i)/${divisor === n ? 'n' : '(n−1)'}]^t, i = 1 … d`,
    source: 'Bartlett’s decomposition, Muirhead 1982 §3.2',
    of: ({ determinant }) => determinant,
    expected: (t) => start * mean ** t,
    variance: (t) => start ** 2 * (square ** t - mean ** (2 * t)),
  };
}

const ENTRIES = [
  ['Σ₁₁', 0, 0],
  ['Σ₁₂', 1, 0],
  ['Σ₂₂', 1, 1],
] as const;

/** Of each entry that the fit's form keeps. */
function entryLaws({ sampleSize, fit }: Spec, { covariance }: Truth): ModelLaw[] {
  const kept = ENTRIES.filter(([, a, b]) => a === b || fit.covariance !== 'diagonal');
  const step = fit.estimator === 'unbiased' ? 1 : 1 - 1 / sampleSize;
  return kept.map(([name, a, b]) => {
    const entry = packedIndex(a, b);
    return {
      quantity: `${name} of the whole, mean`,
      formula: step === 1 ? 'C₀, entry by entry' : 'C₀ (1−1/n)^t, entry by entry',
      source: 'Law of total covariance',
      of: (model) => model.covariance[entry]!,
      expected: (t) => covariance[entry]! * step ** t,
      variance: () => null,
    };
  });
}

/** Weights and variances of two modes so far apart that a point's component is its mode. */
const FAR = { weights: [0.3, 0.7], variances: [1, 4] };

/** Of π_k Σ_k at the first fit: a mode of m points out of n has m/n of its variance, less 1/m of that. */
function partLaws({ sampleSize: n }: Spec): ModelLaw[] {
  return FAR.weights.map((weight, k) => ({
    quantity: `π${'₁₂'[k]} Σ${'₁₂'[k]}, mean`,
    formula: 'ω_k C_k − C_k P(a point of k)/n',
    source: 'Bessel’s correction, mode by mode',
    of: ({ parts }) => parts.weights[k]! * parts.covariances[k]![0]!,
    expected: () => FAR.variances[k]! * (weight - (1 - (1 - weight) ** n) / n),
    variance: () => null,
  }));
}

export const MODEL_CASES: readonly ValidationCase[] = [
  {
    name: 'Whole covariances of one Gaussian, and their determinants',
    spec: {
      ...{ truth: mixture(oblique([1, -2], 0.8)), sampleSize: 20, generations: 4 },
      sweep: { 'fit.estimator': ['mle', 'unbiased'] },
      statistics: TOTALS,
    },
    generations: [1, 2, 4],
    replicates: 600,
    models: {
      lineages: LINEAGES,
      laws: (spec, truth) => [determinantLaw(spec, truth), ...entryLaws(spec, truth)],
    },
  },
  {
    name: 'EM keeps whole covariances, or what its form has of them',
    spec: {
      truth: mixture(oblique([-2, 0], 0.8, 0.4), oblique([2, 1], 0.5, 0.6)),
      fit: { components: 2, iterations: 3 },
      ...{ sampleSize: 40, generations: 4 },
      sweep: { 'fit.covariance': ['full', 'tied', 'diagonal'] },
      statistics: TOTALS,
    },
    generations: [1, 4],
    replicates: 600,
    models: { lineages: LINEAGES, laws: entryLaws },
  },
];

export const WIDTH_CASE: ValidationCase = {
  name: 'Each of two far modes has a width of its own',
  spec: {
    truth: {
      kind: 'mixture',
      components: FAR.weights.map((weight, k) => ({
        ...{ weight, mean: [100 * k], covariance: [[FAR.variances[k]!]] },
      })),
    },
    ...{ fit: { iterations: 2, init: 'truth' }, sampleSize: 20, generations: 1 },
    statistics: TOTALS,
  },
  generations: [1],
  replicates: 600,
  models: { lineages: LINEAGES, laws: partLaws },
};
