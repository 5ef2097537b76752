/** Where lineages come to rest, and what long runs come to. */
import {
  accumulatedRest,
  archiveRest,
  bestWeight,
  bestWeightRest,
  biasedPoolRest,
  freshLoopRest,
  growingLimit,
  growingRest,
  memoryLeading,
  memoryRest,
  migrationRest,
  wanderingRest,
  weightRest,
  type Rest,
} from '../../model/theory/rests.ts';
import { truthDim, type Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import type { ValidationCase } from './case.ts';
import { meanLaw, secondMomentLaw, type StatedLaw } from './stated.ts';

const gaussian = (dim: number) => ({ kind: 'blobs', dim, components: 1 });
const TOTALS = ['totalVariance', 'meanShiftSquared'] as const;

export const restLaw = (
  statistic: StatisticName,
  { at, apart }: Rest,
  text: Pick<StatedLaw, 'formula' | 'source' | 'generations'>,
): StatedLaw => meanLaw(statistic, { ...text, expected: at, slack: apart });

/** Both halves of what is conserved: u of the mean, 1 − u of the variance. */
const bothOf = (
  rest: Rest,
  text: Pick<StatedLaw, 'formula' | 'source' | 'generations'>,
): StatedLaw[] => {
  const kept = { ...rest, at: (t: number) => 1 - rest.at(t) };
  return [
    restLaw('meanShiftSquared', rest, text),
    restLaw('totalVariance', kept, { ...text, formula: `1 − ${text.formula}` }),
  ];
};

const realShare = ({ batch }: Spec): number => batch.realFraction as number;
const isQuota = ({ batch }: Spec): boolean => batch.realDraw === 'quota';

const MIGRATION = {
  bernoulli: '1/(n − (n−1)f²)',
  quota: '(1/n)/(1 − f² + f/n)',
  source: 'Wright 1931: F_ST',
};

function migrationLaws(cell: Spec, last: number): StatedLaw[] {
  const quota = isQuota(cell);
  const rest = migrationRest(cell.sampleSize, 1 - realShare(cell), quota);
  const formula = quota ? MIGRATION.quota : MIGRATION.bernoulli;
  return bothOf(rest, { formula, source: MIGRATION.source, generations: [last] });
}

const shares = ['bernoulli', 'quota'].map((realDraw): ValidationCase => ({
  name: `Real points in every batch, ${realDraw}`,
  spec: {
    truth: gaussian(1),
    batch: { realDraw },
    ...{ sampleSize: 20, generations: 30 },
    sweep: { 'batch.realFraction': [0.2, 0.5] },
    statistics: [...TOTALS, 'ancestry'],
  },
  generations: [2, 10, 30],
  replicates: 1500,
  stated: (cell) => migrationLaws(cell, 30),
}));

const ARCHIVE = '(1−1/n_r)(1−f²)/(1 − f² + f/n)';
/** n_r = n_s. */
const BEST = bestWeight(1);
const HALF = 20;
const LONG = 40;

export const REST_CASES: readonly ValidationCase[] = [
  ...shares,
  {
    name: 'Two real points a generation, of a hundred',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 100, generations: 200 },
      batch: { realFraction: 0.02 },
      sweep: { 'batch.realDraw': ['bernoulli', 'quota'] },
      statistics: TOTALS,
    },
    // A fifth of the variance is lost, and no more: e^(−5t/n) of the way is left at t.
    generations: [2, 10],
    replicates: 400,
    stated: (cell) => migrationLaws(cell, 200),
  },
  {
    name: 'Real points among those of a mixture, and fewer of them each time',
    spec: {
      truth: { kind: 'blobs', dim: 2, components: 2, separation: 3 },
      fit: { iterations: 3 },
      batch: { realFraction: { from: 0.6, to: 0.1, until: 6, shape: 'linear' } },
      ...{ sampleSize: 40, generations: 8 },
      sweep: { 'batch.realDraw': ['bernoulli', 'quota'] },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 4],
    replicates: 800,
  },
  {
    name: 'An archive of real points',
    spec: {
      truth: gaussian(1),
      batch: { realFraction: 0.3, realSource: 'fixed' },
      ...{ sampleSize: 20, generations: LONG },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 20],
    replicates: 1500,
    stated: (cell) => [
      restLaw('totalVariance', archiveRest(cell.sampleSize, 1 - realShare(cell)), {
        ...{ formula: ARCHIVE, source: 'Recursion of two second moments', generations: [LONG] },
      }),
    ],
  },
  {
    name: 'Memory of several models',
    spec: {
      truth: gaussian(1),
      batch: { realFraction: 0.2, memory: 3 },
      ...{ sampleSize: 20, generations: 100 },
      sweep: { 'batch.realDraw': ['bernoulli', 'quota'] },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 5, 15],
    replicates: 1500,
    stated: (cell) => {
      const f = 1 - realShare(cell);
      const quota = isQuota(cell);
      const rate = quota ? '(1/n)/(1 − (f²−f/n)/D)' : '1/(n − (n−1)f²/D)';
      const leading = memoryLeading(cell.sampleSize, f, 3, quota);
      return [
        ...bothOf(memoryRest(cell.sampleSize, f, 3, quota), {
          formula: `${rate}, D = M − (M−1)f`,
          source: 'Alemohammad et al. 2023 for the setting; recursion of products of means',
          generations: [100],
        }),
        restLaw('meanShiftSquared', leading, {
          formula: '1/n_e, n_e/n_r = (M+f)/(M(1−f)+f)',
          source: 'Alemohammad et al. 2023, figure 30, to leading order',
          generations: [100],
        }),
      ];
    },
  },
  {
    name: 'Real points that weigh more: at w* the mean wanders least',
    spec: {
      truth: gaussian(2),
      batch: { realFraction: 0.5 },
      fit: { realWeight: BEST },
      ...{ sampleSize: 2 * HALF, generations: 12 },
      sweep: { 'fit.realWeight': [0.3, BEST, 0.9] },
      statistics: TOTALS,
    },
    generations: [2, 12],
    replicates: 1000,
    stated: ({ fit }) => {
      const weight = fit.realWeight as number;
      const rest = weightRest(weight, HALF, HALF);
      const twice = ({ at, apart }: Rest): Rest => ({
        at: (t) => 2 * at(t),
        apart: (t) => 2 * apart(t),
      });
      const law = restLaw('meanShiftSquared', twice(rest), {
        formula: 'tr C₀ [w²/n_r + (1−w)²/n_s]/[2w − w² + (1−w)²/n_s]',
        source: 'He, Xu & Cheng 2025, exact for maximum likelihood',
        generations: [12],
      });
      if (weight !== BEST) return [law];
      const least = restLaw('meanShiftSquared', twice(bestWeightRest(HALF, HALF)), {
        formula: 'w* tr C₀/n_r, w* = (√(k²+4k) − k)/2, k = n_r/n_s',
        source: 'He, Xu & Cheng 2025, to leading order',
        generations: [12],
      });
      return [law, least];
    },
  },
  {
    name: 'Growing batches',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 40, generations: 8, growth: 1 },
      sweep: { retention: ['replace', 'accumulate'], growth: [1, 1.5] },
      statistics: TOTALS,
    },
    generations: [2, 4, 8],
    replicates: 1500,
    stated: ({ retention, sampleSize, growth }) => {
      if (retention !== 'replace') return [];
      if (growth === 1) {
        return [
          restLaw('totalVariance', growingRest(sampleSize), {
            formula: 'σ₀² T^(−1/n)/Γ(1−1/n)',
            source: 'Products of (1−1/(nt))',
            generations: [4, 8],
          }),
        ];
      }
      return [
        restLaw('totalVariance', growingLimit(sampleSize, growth), {
          formula: 'σ₀² Π (1 − 1/n_t) > 0, n_t = n t^g, g > 1',
          source: 'Xu et al. 2025',
          generations: [8],
        }),
      ];
    },
  },
  {
    name: 'Keeping everything, for long',
    spec: {
      ...{ truth: gaussian(1), retention: 'accumulate', closedForm: 'counts' },
      ...{ sampleSize: 10, generations: 100 },
      sweep: { 'batch.samplingBias': [1, 0.8], sampleSize: [10, 100, 1000] },
      statistics: TOTALS,
    },
    generations: [5, 100],
    replicates: 300,
    stated: ({ sampleSize, batch }) => {
      const bias = batch.samplingBias as number;
      if (bias < 1) {
        const law = restLaw('totalVariance', biasedPoolRest(sampleSize, bias), {
          formula: 'σ₀² T^(−(1−λ))/Γ(1+λ)',
          source: 'Products of (t+λ)/(t+1), Gautschi 1959',
          generations: [100],
        });
        // At ten points a generation the second factor is no limit yet.
        return sampleSize > 100 ? [law] : [];
      }
      const kept = restLaw('totalVariance', accumulatedRest(sampleSize), {
        formula: 'σ₀² sin(π/√n)/(π/√n)',
        source: 'Euler’s product; Gerstgrasser et al. 2024, Kazdan et al. 2025',
        generations: [100],
      });
      return sampleSize > 100 ? [kept, wandering(sampleSize, false, 100)] : [kept];
    },
  },
  {
    name: 'A subsample of everything: how far the mean wanders',
    spec: {
      ...{ truth: gaussian(2), retention: 'accumulate-subsample' },
      ...{ sampleSize: 100, generations: LONG },
      statistics: TOTALS,
    },
    generations: [5, LONG],
    replicates: 200,
    stated: ({ sampleSize }) => [wandering(sampleSize, true, LONG, 2)],
  },
  {
    name: 'A floor under which nothing falls: at rest from the start where the truth is as wide',
    spec: {
      ...{ truth: gaussian(1), sampleSize: 200, generations: 20 },
      fit: { covarianceFloor: 1 / 200 },
      sweep: { 'truth.dim': [1, 2], 'fit.covarianceFloor': [1 / 200, 2 / 200] },
      statistics: TOTALS,
    },
    generations: [1, 5, 20],
    replicates: 1500,
    stated: ({ truth, sampleSize, fit }) => {
      const dim = truthDim(truth);
      const rest = dim * sampleSize * (fit.covarianceFloor as number);
      return [
        meanLaw('totalVariance', {
          formula: 'tr C₀ + (dnε − tr C₀)(1 − q^t), q = 1 − 1/n',
          source: 'Law of total variance: a floor, or a kernel as wide',
          expected: (t) => dim + (rest - dim) * (1 - (1 - 1 / sampleSize) ** t),
        }),
      ];
    },
  },
  {
    name: 'The second moment is kept, whatever is kept, mixed and remembered',
    spec: {
      truth: { kind: 'blobs', dim: 1, components: 2, separation: 3 },
      fit: { components: 3, iterations: 3 },
      batch: { realFraction: 0.25, memory: 2 },
      ...{ sampleSize: 40, generations: 4 },
      sweep: {
        retention: ['replace', 'accumulate', 'accumulate-subsample'],
        'batch.realSource': ['fresh', 'fixed'],
      },
      statistics: TOTALS,
    },
    generations: [1, 4],
    replicates: 600,
    stated: () => [
      secondMomentLaw({
        formula: 'E‖μ−μ₀‖² + E tr Σ = tr C₀',
        source: 'EM keeps mean and second moment of its points, each of which has tr C₀',
        expected: () => 1 + (3 / 2) ** 2,
      }),
    ],
  },
  {
    name: 'Real points in what is kept',
    spec: {
      ...{ truth: gaussian(1), retention: 'accumulate', sampleSize: 20, generations: 12 },
      batch: { realFraction: 0.25 },
      sweep: { 'batch.realDraw': ['bernoulli', 'quota'] },
      statistics: [...TOTALS, 'ancestry'],
    },
    generations: [2, 12],
    replicates: 1000,
  },
  {
    name: 'The fresh data loop in a hundred dimensions',
    spec: {
      ...{ truth: gaussian(100), sampleSize: 1000, generations: 25 },
      batch: { realFraction: 0.1 },
      fit: { estimator: 'unbiased' },
      sweep: { 'batch.samplingBias': [1, 0.8] },
      statistics: TOTALS,
    },
    generations: [2],
    replicates: 20,
    stated: ({ batch }) => {
      const bias = batch.samplingBias as number;
      const { shift, trace } = freshLoopRest({ dim: 100, real: 100, synthetic: 900, bias });
      const text = {
        source: 'Alemohammad et al. 2023, figure 10',
        generations: [25],
      };
      return [
        restLaw('meanShiftSquared', shift, {
          ...text,
          formula: 'M(1−f²) = (n_r d + n_s λT)/n²',
        }),
        restLaw('totalVariance', trace, {
          ...text,
          formula: 'T(n−1) = n_r d + n_s λT − n_r M',
        }),
      ];
    },
  },
];

/** n E‖μ − μ₀‖²/tr C₀, of means in `dim` directions. */
function wandering(n: number, subsample: boolean, last: number, dim = 1): StatedLaw {
  const rest = wanderingRest(n, subsample);
  const scale = dim / n;
  return restLaw(
    'meanShiftSquared',
    { at: (t) => scale * rest.at(t), apart: (t) => scale * rest.apart(t) },
    {
      formula: subsample ? '(π²/2 − 2) tr C₀/n' : '(π²/6) tr C₀/n',
      source: 'Gerstgrasser et al. 2024, Dey & Donoho 2024',
      generations: [last],
    },
  );
}
