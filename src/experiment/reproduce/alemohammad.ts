/** Alemohammad et al. 2023: loops with fresh real data in a hundred dimensions. */
import { freshLoopRest, memoryRest } from '../../model/theory/rests.ts';
import { lawAt, statisticIndex } from '../results.ts';
import { restLaw } from '../validate/rest-cases.ts';
import type { CellView, Figure, Row } from './figure.ts';
import { testedRow } from './rows.ts';

const CITATION =
  'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850.';
const REAL = 100;
const SYNTHETIC = 900;
const SETTLED = 60;

const base = {
  truth: { kind: 'blobs', dim: 100, components: 1 },
  sampleSize: REAL + SYNTHETIC,
} as const;

export const alemohammadFresh: Figure = {
  name: 'alemohammad-fresh',
  title: 'Alemohammad et al. 2023, figures 10 and 11: the fresh data loop and its fixed point',
  citation: `${CITATION.slice(0, -1)}, figures 10 and 11.`,
  about:
    'One Gaussian in d = 100 dimensions; every batch has 100 fresh real points and 900 of the last ' +
    'model, drawn with bias λ, and the unbiased estimator. Published as curves without numbers: the ' +
    'values here are the exact fixed point of the two second moments, M = E‖μ − μ₀‖² and T = E tr Σ.',
  parts: [
    {
      spec: {
        ...base,
        batch: { realFraction: REAL / (REAL + SYNTHETIC) },
        fit: { estimator: 'unbiased' },
        generations: SETTLED,
        sweep: { 'batch.samplingBias': [1, 0.95, 0.9, 0.8, 0.5] },
        statistics: ['meanShiftSquared', 'totalVariance'],
      },
      generations: [2, 10],
      replicates: 48,
      quickReplicates: 16,
      quick: { generations: 40, sweep: { 'batch.samplingBias': [1, 0.8] } },
      stated: ({ batch, generations }) => {
        const bias = batch.samplingBias as number;
        const loop = { dim: 100, real: REAL, synthetic: SYNTHETIC, bias };
        const { shift, trace } = freshLoopRest(loop);
        const text = { source: 'fixed point of the fresh data loop', generations: [generations] };
        const [m, t] = ['M(1−f²) = (n_r d + n_s λT)/n²', 'T(n−1) = n_r d + n_s λT − n_r M'];
        return [
          restLaw('meanShiftSquared', shift, { ...text, formula: m! }),
          restLaw('totalVariance', trace, { ...text, formula: t! }),
        ];
      },
    },
  ],
};

const MEMORY_LAST = 60;
const MEMORIES = [1, 2, 5, 10];

/** n_e/n_r: how many real points a batch is worth, for the mean, by what it has. */
function memoryRow(view: CellView): Row {
  const { read, results, cell } = view;
  const { batch, sampleSize: n, generations, replicates } = read.spec;
  const memory = batch.memory as number;
  const f = 1 - (batch.realFraction as number);
  const quota = batch.realDraw === 'quota';
  const worth = (shift: number) => 100 / (REAL * shift);
  const s = statisticIndex(results, 'meanShiftSquared');
  const shift = read.mean('meanShiftSquared', generations);
  const found = worth(shift);
  const relative = read.sd('meanShiftSquared', generations) / shift / Math.sqrt(replicates);
  const expected = worth(100 * memoryRest(n, f, memory, quota).at(generations));
  const slack = Math.abs(worth(lawAt(results, cell, generations, s)) - expected);
  const leading = (memory + f) / (memory * (1 - f) + f);
  return testedRow(view, {
    ...{ generation: generations, quantity: 'n_e/n_r = tr C₀/(n_r E‖μ − μ₀‖²)' },
    ...{ expected, found, slack, se: found * relative, degrees: replicates - 1 },
    source: `${quota ? 'n/(n_r)·[1 − (f²−f/n)/D]' : '[n − (n−1)f²/D]/n_r'}, D = M − (M−1)f`,
    statement: `leading order (M+f)/(M(1−f)+f) = ${Number(leading.toPrecision(4))}`,
  });
}

export const alemohammadMemory: Figure = {
  name: 'alemohammad-memory',
  title: 'Alemohammad et al. 2023, figures 30 and 31: what a memory of models is worth',
  citation: `${CITATION.slice(0, -1)}, figures 30 and 31.`,
  about:
    'The fresh data loop with λ = 1 whose 900 synthetic points come from the last M models: n_e is ' +
    'the number of real points that would know the mean as well. Published as curves; the exact ' +
    'law depends on whether the number of real points is fixed (quota) or falls to chance ' +
    '(bernoulli), and leading order is what both come to for large n.',
  parts: [
    {
      spec: {
        ...base,
        batch: { realFraction: REAL / (REAL + SYNTHETIC) },
        generations: MEMORY_LAST,
        sweep: { 'batch.realDraw': ['quota', 'bernoulli'], 'batch.memory': MEMORIES },
        statistics: ['meanShiftSquared', 'totalVariance'],
      },
      generations: [2, MEMORY_LAST],
      replicates: 16,
      quickReplicates: 16,
      quick: {
        generations: 20,
        sweep: { 'batch.realDraw': ['quota', 'bernoulli'], 'batch.memory': [1, 5] },
      },
      rows: (view) => [memoryRow(view)],
    },
  ],
};
