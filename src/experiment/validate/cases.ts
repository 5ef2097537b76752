/**
 * The settings that `genloss validate` holds laws in: rows of the theory, each in the plainest spec
 * that has it. Seeds are fixed, and lineages of different cells independent.
 */
import { MAX_ATTEMPTS, THRESHOLD_DRAWS, thresholdRank } from '../../model/assemble/batch.ts';
import { logChiSquares } from '../../model/theory/log-chi-square.ts';
import { logFactor } from '../../model/theory/log-laws.ts';
import { logDetSpread } from '../../model/theory/log-spread.ts';
import { filteredStep } from '../../model/theory/quality-filter.ts';
import { lnGammaRatio } from '../../model/theory/polygamma.ts';
import { tailStep } from '../../model/theory/tail-law.ts';
import { exhaustion } from '../../model/theory/verifier-law.ts';
import { truthDim, type Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import type { ValidationCase } from './case.ts';
import { MODE_CASES } from './mode-cases.ts';
import { MODEL_CASES, WIDTH_CASE } from './model-cases.ts';
import { REST_CASES } from './rest-cases.ts';
import { meanLaw, secondMomentLaw, shareLaw, type StatedLaw } from './stated.ts';

const gaussian = (dim: number) => ({ kind: 'blobs', dim, components: 1 });
const TOTALS = ['totalVariance', 'meanShiftSquared'] as const;

/** How far logarithms scatter about their law's mean, `centre` a generation. */
function spreadLaw(statistic: StatisticName, dim: number, n: number, centre: number): StatedLaw {
  const at = (t: number) => logDetSpread(n, dim, t);
  return {
    quantity: `${statistic}, variance`,
    formula: dim === 1 ? 't ψ₁((n−1)/2)' : 't Σᵢ ψ₁((n−i)/2), i = 1 … d',
    source: 'Cumulants of ln χ²',
    expected: (t) => at(t).variance,
    variance: (t) => at(t).squaresVariance,
    found: (read, t) => read.square(statistic, t, centre * t),
  };
}

/**
 * E s_t of a standard deviation s, which is half of 1 + v + (μ−μ₀)² − W₂² in units of the truth, with
 * E s_t² = E v_t: a generation multiplies s by √(χ²_{n−1}/divisor).
 */
function widthLaw(n: number, divisor: number): StatedLaw {
  const step = Math.exp(0.5 * Math.log(2 / divisor) + lnGammaRatio((n - 1) / 2, 0.5));
  const whole = (n - 1) / divisor;
  return {
    quantity: 'σ, mean',
    formula: divisor === n ? 'σ₀ [α_n √((n−1)/n)]^t' : 'σ₀ α_n^t',
    source: 'Moments of χ; Bertrand et al. 2023',
    expected: (t) => step ** t,
    variance: (t) => whole ** t - step ** (2 * t),
    found: (read, t) => {
      const sum = read.mean('totalVariance', t) + read.mean('meanShiftSquared', t);
      return (1 + sum - read.mean('wassersteinSquared', t)) / 2;
    },
  };
}

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
    generations: [1, 4, 10, 30],
    replicates: 4000,
    stated: ({ sampleSize }) => {
      const divisor = estimator === 'mle' ? sampleSize : sampleSize - 1;
      return [
        spreadLaw('logVarianceRatio', 1, sampleSize, logStep(sampleSize, divisor)),
        widthLaw(sampleSize, divisor),
      ];
    },
  };
});

/** Mean of ln(χ²_{n−1}/divisor). */
const logStep = (n: number, divisor: number): number => logFactor(n - 1, divisor, 1).mean;

/** The same of ln det, a sum over axes. */
const logDetStep = (n: number, dim: number, divisor: number): number =>
  Array.from({ length: dim }, (_, i) => logStep(n - i, divisor)).reduce((a, b) => a + b, 0);

/** Fits that some points of six have no candidate for: 3 of 257 at best. */
const STRICT = { points: 6, keep: 3 / (THRESHOLD_DRAWS + 1) };

const LATE = 0.01;
/** λ, and δ. */
const NARROW = 0.8;
const NOISE = 0.2;

/** P(σ_t > σ₀/10), that is ln v_t over ln 0.01, unbiased. */
function stillWide(n: number, t: number): number {
  const law = logChiSquares({
    shift: -t * Math.log(n - 1),
    terms: [{ degrees: n - 1, times: t }],
  });
  return 1 - law.cdf(Math.log(LATE));
}

const isReal = ({ batch }: Spec): number => batch.realFraction as number;

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
    stated: ({ sampleSize: n }) => [spreadLaw('logVarianceRatio', 1, n, logStep(n, n))],
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
    name: 'Who is alive: σ over a tenth of the truth’s',
    spec: {
      ...{ truth: gaussian(1), fit: { estimator: 'unbiased' }, sampleSize: 10, generations: 199 },
      ...{ statistics: ['stage3Share'], stages: { late: LATE } },
    },
    generations: [20, 40, 100, 199],
    replicates: 4000,
    stated: ({ sampleSize }) => [
      shareLaw({
        quantity: 'alive, share',
        formula: 'P(Σ ln(χ²₉/9) > ln 0.01)',
        source: 'Convolution of ln χ²; Suresh et al. 2024 have bounds over it',
        expected: (t) => stillWide(sampleSize, t),
        found: (read, t) => 1 - read.mean('stage3Share', t),
      }),
    ],
  },
  {
    name: 'Determinants in 2 and 20 dimensions',
    spec: {
      ...{ truth: gaussian(2), sampleSize: 40, generations: 10 },
      sweep: { 'truth.dim': [2, 20], 'fit.estimator': ['mle', 'unbiased'] },
      statistics: [...TOTALS, 'logDetRatio'],
    },
    generations: [1, 4, 10],
    replicates: 600,
    stated: ({ truth, sampleSize, fit }) => {
      const dim = truthDim(truth);
      const divisor = fit.estimator === 'mle' ? sampleSize : sampleSize - 1;
      return [spreadLaw('logDetRatio', dim, sampleSize, logDetStep(sampleSize, dim, divisor))];
    },
  },
  {
    name: 'No more points than dimensions: no volume at once',
    spec: {
      ...{ truth: gaussian(3), generations: 2, sweep: { sampleSize: [2, 3] } },
      statistics: TOTALS,
    },
    generations: [1, 2],
    replicates: 400,
    stated: () => [
      shareLaw({
        quantity: 'degenerate, share',
        formula: 'det Σ_1 = 0 where n ≤ d',
        source: 'Rank of n points about their mean',
        expected: () => 1,
        found: (read, t) => read.status('degenerate', t),
      }),
    ],
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
    name: 'Keeping everything, and a subsample of it',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 10, generations: 20 },
      sweep: { retention: ['accumulate', 'accumulate-subsample'], sampleSize: [10, 40] },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 5, 20],
    replicates: 1500,
  },
  ...MODEL_CASES,
  ...MODE_CASES,
  ...REST_CASES,
  {
    name: 'A sampler narrower and wider than its model',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 20, generations: 12 },
      sweep: {
        'batch.samplingBias': [0.8, 1.1],
        retention: ['replace', 'accumulate'],
        'fit.estimator': ['mle', 'unbiased'],
      },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 2000,
  },
  {
    name: 'Tails cut off',
    spec: {
      truth: gaussian(1),
      ...{ sampleSize: 40, generations: 4 },
      sweep: { 'truth.dim': [1, 2], 'batch.truncation': [1, 2, 3] },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 1000,
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
    name: 'Tails that weigh more, after a narrow sampler',
    spec: {
      truth: gaussian(1),
      batch: { samplingBias: 0.8 },
      ...{ sampleSize: 100, generations: 20 },
      sweep: { 'fit.tailWeight': [0.1, 0.25] },
      statistics: TOTALS,
    },
    generations: [2, 10, 20],
    replicates: 500,
  },
  {
    name: 'Tails of many points that weigh more: γ = 1/λ − 1 undoes the sampler',
    spec: {
      truth: gaussian(1),
      ...{ batch: { samplingBias: NARROW }, sampleSize: 2000, generations: 2 },
      sweep: { 'fit.tailWeight': [0.1, 1 / NARROW - 1] },
      statistics: TOTALS,
    },
    generations: [2],
    replicates: 300,
    stated: ({ sampleSize, fit }) => {
      const power = fit.tailWeight as number;
      const limit = NARROW / (1 - NARROW * power);
      const law = (1 - 1 / sampleSize) * tailStep(sampleSize, NARROW, power).variance;
      return [
        meanLaw('totalVariance', {
          formula: 'λσ²/(1−λγ)',
          source: 'Of infinitely many points; the exact law for what is left at n',
          expected: () => limit,
          slack: () => Math.abs(law - limit),
        }),
      ];
    },
  },
  {
    name: 'A filter by the model’s own density',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 40, generations: 4 },
      sweep: { 'truth.dim': [1, 2], 'batch.qualityFilter': [0.5, 1.5] },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 600,
  },
  {
    name: 'The same filter for real points',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 20, generations: 2 },
      batch: { qualityFilter: 1, realDraw: 'bernoulli' },
      sweep: { 'batch.realFraction': [0.5, 1], 'batch.qualityFilter': [0.5, 1.5] },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2],
    replicates: 800,
    stated: (cell) => {
      const real = isReal(cell);
      const step = filteredStep(cell.sampleSize, cell.batch.qualityFilter as number, real);
      const source = 'Products of normal densities, over the law of the first fit';
      return [
        meanLaw('totalVariance', {
          ...{ source, formula: 'Real points keep 1/(1/σ₀² + s/v) about the mean' },
          expected: () => step.spread,
        }),
        meanLaw('meanShiftSquared', {
          ...{ source, formula: 'Real points have mean V(μ₀/σ₀² + sμ/v)' },
          expected: () => step.shift,
        }),
        {
          quantity: 'ancestry, mean',
          ...{ source, formula: '(1−r)a_s/(r a_r + (1−r)a_s)' },
          expected: () => step.copies,
          variance: () => step.copiesVariance,
          found: (read, t) => read.mean('ancestry', t),
        },
      ];
    },
  },
  {
    name: 'What a strict verifier lets through',
    spec: {
      truth: gaussian(1),
      batch: { verifier: { keep: STRICT.keep } },
      ...{ sampleSize: STRICT.points, generations: 2 },
      sweep: { 'batch.verifier.error': [0, 0.004] },
      statistics: ['ancestry'],
    },
    generations: [2],
    replicates: 600,
    stated: ({ batch }) => [
      shareLaw({
        quantity: 'attemptsExhausted, share',
        formula: 'E[1 − (1 − (1−p)^255)^n], p = a(1−ε) + (1−a)ε, a ~ Beta(k, 257−k)',
        source: 'Order statistics of 256 draws: p is α(1−ε) + (1−α)ε in the mean',
        expected: () =>
          exhaustion(
            {
              ...{ rank: thresholdRank(STRICT.keep), draws: THRESHOLD_DRAWS },
              error: batch.verifier.error as number,
            },
            STRICT.points,
            MAX_ATTEMPTS,
          ),
        found: (read, t) => read.status('attemptsExhausted', t),
      }),
    ],
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
    name: 'Poison alone: the second moment goes to the adversary’s',
    spec: {
      truth: gaussian(2),
      batch: { poison: { share: 0.1, mean: [2, -1], scale: 0.5 } },
      ...{ sampleSize: 40, generations: 6 },
      sweep: { 'batch.poison.share': [0.1, 0.3] },
      statistics: TOTALS,
    },
    generations: [2, 4, 6],
    replicates: 2000,
    stated: ({ batch }) => {
      const share = batch.poison.share as number;
      const [start, adversary] = [2, 2 ** 2 + 1 + 2 * 0.5 ** 2];
      return [
        secondMomentLaw({
          formula: 'S_t = (1−ε)S_{t−1} + ε(‖a−μ₀‖² + d s²)',
          source: 'Law of total expectation, point by point',
          expected: (t) => adversary + (start - adversary) * (1 - share) ** (t - 1),
        }),
      ];
    },
  },
  {
    name: 'Paraphrase once and twice',
    spec: {
      truth: gaussian(1),
      batch: { paraphrase: { noise: NOISE } },
      ...{ sampleSize: 40, generations: 4, sweep: { 'batch.paraphrase.passes': [1, 2] } },
      statistics: TOTALS,
    },
    generations: [2, 4],
    replicates: 1500,
    stated: ({ sampleSize, batch }) => {
      const q = 1 - 1 / sampleSize;
      const added = (batch.paraphrase.passes as number) * NOISE ** 2;
      const variance = (t: number): number => (t === 1 ? q : q * (variance(t - 1) + added));
      return [
        meanLaw('totalVariance', {
          formula: 'E v_t = q(E v_{t−1} + passes δ²σ₀²), q = 1 − 1/n',
          source: 'Law of total variance',
          expected: variance,
        }),
      ];
    },
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
  WIDTH_CASE,
  {
    name: 'A hundred generations of a hundred points',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 100, generations: 100 },
      sweep: { 'fit.estimator': ['mle', 'unbiased'] },
      statistics: ['totalVariance', 'logVarianceRatio', 'wassersteinSquared'],
    },
    generations: [100],
    // So many that a glance, too, may test the mean of W₂².
    replicates: 8000,
  },
];
