/**
 * Weights of modes sixty widths apart: no component, however wide a few points made it, reaches over to
 * another mode's points, so that weights are counts of Wright and Fisher's chain.
 */
import {
  countLaws,
  heterozygosity,
  modeFixation,
  modesLeft,
  modeSurvival,
  poissonSurvival,
  replenished,
  restrictedTime,
  sharpened,
  shareMoments,
} from '../../model/theory/wright-fisher.ts';
import { migrationRest } from '../../model/theory/rests.ts';
import type { ModeStatistic } from '../../spec/statistics.ts';
import type { ValidationCase } from './case.ts';
import { shareLaw, type StatedLaw } from './stated.ts';

const SOURCE = 'Wright 1931, Fisher 1930';
const far = (weights: readonly number[]) => ({
  ...{ kind: 'blobs', components: weights.length, separation: 60 },
  weights,
});
/** Labels come to rest at once, and 64 nodes tell which mode a component is of. */
const PLAIN = { fit: { iterations: 1 }, nodes: 64 };

const massesOf = (weights: readonly number[]): ModeStatistic[] =>
  weights.map((_, j) => `modeMass_${j + 1}` as const);

const DRIFTS = [
  [0.3, 0.7],
  [0.2, 0.3, 0.5],
  [0.2, 0.2, 0.2, 0.2, 0.2],
];
const FEW = 10;
const LONG = 100;

const drifts = DRIFTS.map((weights): ValidationCase => {
  const alike = heterozygosity(weights, FEW);
  const [share] = weights as [number];
  const fixed = modeFixation(share, FEW);
  const heterozygous: StatedLaw = {
    quantity: '1 − Σ modeMass², mean',
    formula: '(1 − Σω²)(1−1/n)^t',
    source: SOURCE,
    expected: (t) => alike(t).mean,
    variance: (t) => alike(t).variance,
    found: (read, t) => massesOf(weights).reduce((rest, name) => rest - read.square(name, t, 0), 1),
  };
  return {
    name: `Weights of ${weights.length} far modes: how alike, and who has all in the end`,
    spec: {
      ...{ truth: far(weights), ...PLAIN, sampleSize: FEW, generations: LONG },
      statistics: massesOf(weights),
      criteria: [{ name: 'fixed', statistic: 'modeMass_1', above: 1 - 0.5 / FEW }],
    },
    generations: [1, 5, 20],
    replicates: 2000,
    stated: () => [
      heterozygous,
      shareLaw({
        quantity: 'fixed, share',
        formula: 'The chain of counts, generation by generation',
        source: SOURCE,
        expected: fixed,
        found: (read, t) => 1 - read.survival(0, t),
        generations: [10, 20, LONG],
      }),
      shareLaw({
        quantity: 'fixed, share in the end',
        formula: 'ω_j',
        source: SOURCE,
        expected: () => share,
        // Unfixed is who has 1 − Σπ² of 2(n−1)/n² at least, and its mean is known (Markov).
        slack: (t) => (alike(t).mean * FEW ** 2) / (2 * (FEW - 1)),
        found: (read, t) => 1 - read.survival(0, t),
        generations: [LONG],
      }),
    ],
  };
});

/** Until one of ten equal modes is left: of min(T, last), whose unlimited mean is 17.50 and 187.4. */
const TOTAL = [
  [10, 60, 500],
  [100, 150, 150],
] as const;

const totals = TOTAL.map(([n, last, replicates]): ValidationCase => {
  const modes = 10;
  const alive = modesLeft(modes, n);
  return {
    name: `Until one of ten equal modes is left, n = ${n}`,
    spec: {
      ...{ truth: far(new Array<number>(modes).fill(1 / modes)), ...PLAIN },
      ...{ sampleSize: n, generations: last },
      statistics: ['effectiveModes'],
      // Of two modes the other has a point in n at least: e to an entropy of 0.056 at n = 100.
      criteria: [{ name: 'one left', statistic: 'effectiveModes', below: 1.01 }],
    },
    generations: [last],
    replicates,
    stated: () => [
      {
        quantity: 'one left, mean of min(T, G)',
        formula: 'Σ P(T > t), t < G, P(T > t) = 1 − K P(one of K modes has all)',
        source: `${SOURCE}; Kazdan et al. 2025 for the setting`,
        expected: (t) => restrictedTime(alive, t).mean,
        variance: (t) => restrictedTime(alive, t).variance,
        found: (read, t) => {
          let sum = 0;
          for (let u = 0; u < t; u++) sum += read.survival(0, u);
          return sum;
        },
      },
      shareLaw({
        quantity: 'one left, survival',
        formula: '1 − K P(one of K modes has all)',
        source: SOURCE,
        expected: alive,
        found: (read, t) => read.survival(0, t),
        generations: [Math.floor(last / 4), Math.floor(last / 2)],
      }),
    ],
  };
});

/** Two points in forty, and in a thousand. */
const DYING = [
  [40, 10, 1500],
  [1000, 12, 500],
] as const;

const deaths = DYING.map(([n, generations, replicates]): ValidationCase => {
  const share = 2 / n;
  const alive = modeSurvival(share, n);
  const nearly = poissonSurvival(2);
  const law = {
    source: SOURCE,
    found: ((read, t) => read.survival(0, t)) satisfies StatedLaw['found'],
  };
  return {
    name: `A mode of two points in ${n} that dies`,
    spec: {
      ...{ truth: far([share, 1 - share]), ...PLAIN, sampleSize: n, generations },
      statistics: ['rarestModeMass'],
      criteria: [{ name: 'extinct', statistic: 'rarestModeMass', below: 0.5 / n }],
    },
    generations: [1, 3, generations],
    replicates,
    stated: () => {
      const exact = shareLaw({
        ...law,
        quantity: 'extinct, survival',
        formula: 'The chain of counts, generation by generation',
        expected: alive,
      });
      const limit = shareLaw({
        ...law,
        quantity: 'extinct, survival, of many points',
        formula: '1 − e^{−c g_t}, g_{t+1} = 1 − e^{−g_t}, c = 2',
        expected: nearly,
        // See `poissonSurvival`: forty points are not many.
        slack: (t) => (t * 2) / n,
      });
      return n > 100 ? [exact, limit] : [exact];
    },
  };
});

/** 40 points of two modes, of which weights are the powers. */
const CHOSEN = { n: 40, share: 0.45 };

const sharpening: ValidationCase = {
  name: 'Weights that are sharpened: log-odds times β, of counts',
  spec: {
    ...{ truth: far([CHOSEN.share, 1 - CHOSEN.share]), ...PLAIN },
    ...{ sampleSize: CHOSEN.n, generations: 8 },
    sweep: { 'batch.weightSharpening': [0.7, 1.5] },
    statistics: ['modeMass_1'],
  },
  generations: [2, 4, 8],
  replicates: 1500,
  stated: (cell) => {
    const power = cell.batch.weightSharpening as number;
    const laws = countLaws({ ...CHOSEN, next: sharpened(power) });
    const moments = (t: number) => shareMoments(laws(t), (share) => share);
    return [
      {
        quantity: 'modeMass_1, mean',
        formula: 'The chain of counts, p = π^β/(π^β + (1−π)^β)',
        source: SOURCE,
        expected: (t) => moments(t).mean,
        variance: (t) => moments(t).variance,
        found: (read, t) => read.mean('modeMass_1', t),
      },
    ];
  },
};

/** So many points that chance moves the log-odds by a few per cent alone. */
const MANY = { n: 1000, share: 0.45 };

const manySharpened: ValidationCase = {
  name: 'Weights of many points that are sharpened: log-odds times β',
  spec: {
    ...{ truth: far([MANY.share, 1 - MANY.share]), ...PLAIN },
    ...{ sampleSize: MANY.n, generations: 4 },
    sweep: { 'batch.weightSharpening': [0.7, 1.5] },
    statistics: ['modeMass_1'],
  },
  generations: [2, 4],
  replicates: 300,
  stated: (cell) => {
    const power = cell.batch.weightSharpening as number;
    const laws = countLaws({ ...MANY, next: sharpened(power) });
    const moments = (t: number) => shareMoments(laws(t), (share) => share);
    const limit = (t: number) => sharpened(power ** (t - 1))(MANY.share);
    const law = {
      source: SOURCE,
      variance: (t: number) => moments(t).variance,
      found: ((read, t) => read.mean('modeMass_1', t)) satisfies StatedLaw['found'],
    };
    return [
      {
        ...law,
        quantity: 'modeMass_1, mean',
        formula: 'The chain of counts, p = π^β/(π^β + (1−π)^β)',
        expected: (t) => moments(t).mean,
      },
      {
        ...law,
        quantity: 'modeMass_1, mean, of many points',
        formula: 'ln π/(1−π) = β^(t−1) ln ω/(1−ω)',
        expected: limit,
        slack: (t) => Math.abs(moments(t).mean - limit(t)),
      },
    ];
  },
};

/** Twenty points of two modes, some of them of the truth. */
const REPLENISHED = { n: 20, share: 0.3 };

const migration: ValidationCase = {
  name: 'Weights with real points among the copies: F_ST',
  spec: {
    ...{ truth: far([REPLENISHED.share, 1 - REPLENISHED.share]), nodes: 64 },
    // From the truth's components, so that one whose mode was lost for a while is there again.
    fit: { iterations: 1, init: 'truth' },
    ...{ sampleSize: REPLENISHED.n, generations: 40, batch: { realDraw: 'bernoulli' } },
    // One migrant a batch keeps two thirds.
    sweep: { 'batch.realFraction': [0.05, 0.1, 0.3] },
    statistics: ['modeMass_1'],
  },
  generations: [2, 10, 40],
  replicates: 1500,
  stated: (cell) => {
    const real = cell.batch.realFraction as number;
    const { n, share } = REPLENISHED;
    const laws = countLaws({ n, share, next: replenished(real, share) });
    const square = (t: number) => shareMoments(laws(t), (weight) => (weight - share) ** 2);
    const rest = migrationRest(n, 1 - real, false);
    const binomial = share * (1 - share);
    const law = {
      source: `${SOURCE}: an island among immigrants`,
      variance: (t: number) => square(t).variance,
      found: ((read, t) => read.square('modeMass_1', t, share)) satisfies StatedLaw['found'],
    };
    return [
      {
        ...law,
        quantity: 'modeMass_1, variance',
        formula: 'The chain of counts, p = rω + (1−r)π',
        expected: (t) => square(t).mean,
      },
      {
        ...law,
        quantity: 'modeMass_1, variance at rest',
        formula: 'ω(1−ω)/(n − (n−1)f²)',
        expected: (t) => binomial * rest.at(t),
        slack: (t) => binomial * rest.apart(t),
        generations: [40],
      },
    ];
  },
};

export const MODE_CASES: readonly ValidationCase[] = [
  ...drifts,
  ...totals,
  ...deaths,
  sharpening,
  manySharpened,
  migration,
];
