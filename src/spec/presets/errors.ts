/** What makes models collapse: each error of a generation by itself, and samplers that play safe. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

/** Two modes that overlap, so that tails, width and weights all have something to lose. */
const TRUTH = { kind: 'blobs', components: 2, separation: 3 };
const STATISTICS = ['klTruthToModel', 'tailMass1', 'varianceRatio', 'entropyLoss'];
const THREE_ERRORS =
  'Shumailov et al. 2024, AI models collapse when trained on recursively generated data, Nature 631';

export const errorPresets: readonly Preset[] = [
  {
    name: 'error-statistics',
    title: 'The error of statistics, alone',
    story:
      'Two overlapping modes, the right family, EM until it stands, an honest sampler, and a hundred ' +
      'points a generation. Chance is all there is, and it is enough: the mean wanders, the tails ' +
      'go first, and the width after them.',
    look:
      '“Outer 1 % kept”: a median of 9 % at generation 25, when 72 % of the variance are left; ' +
      '“Divergence from the truth” passes 6 nats by generation 50 and goes on.',
    citation: `${THREE_ERRORS}: statistical approximation error.`,
    spec: parseSpec({
      truth: TRUTH,
      sampleSize: 100,
      generations: 50,
      replicates: 200,
      statistics: STATISTICS,
      criteria: [],
    }),
  },
  {
    name: 'error-expressivity',
    title: 'The error of expressivity, alone',
    story:
      'Twenty thousand points, and one Gaussian for two modes. The error is made once, at the first ' +
      'fit, and hardly grows: the next model can say all that the last one said.',
    look:
      '“Divergence from the truth” is 0.063 nats at generation 1 and 0.065 at generation 50; ' +
      '“Outer 1 % kept” is over 3 from the first, tails that the truth does not have.',
    citation: `${THREE_ERRORS}: functional expressivity error.`,
    spec: parseSpec({
      truth: TRUTH,
      fit: { components: 1 },
      sampleSize: 20_000,
      generations: 50,
      replicates: 100,
      statistics: STATISTICS,
      criteria: [],
    }),
  },
  {
    name: 'error-learning',
    title: 'The error of learning, alone',
    story:
      'Ten thousand points and two components for two modes, but each fit is k-means and a single ' +
      'step of EM. Mean and width stay right, as they do for any number of steps, while the tails ' +
      'are cut anew in every generation.',
    look:
      '“Variance kept” is a level line at 1; “Outer 1 % kept” falls to 15 % in fifty generations, ' +
      'and “Divergence from the truth” is a hundred times that of generation 1 by then.',
    citation: `${THREE_ERRORS}: functional approximation error.`,
    spec: parseSpec({
      truth: TRUTH,
      fit: { init: 'kmeans', iterations: 1 },
      sampleSize: 10_000,
      generations: 50,
      replicates: 20,
      statistics: STATISTICS,
      criteria: [],
    }),
  },
  {
    name: 'error-sampler',
    title: 'The bias of the sampler, alone',
    story:
      'Ten thousand points, the right family and twenty steps of EM, from a sampler that plays safe ' +
      'by a twentieth of the variance. No chance is needed: both modes shrink to points where they ' +
      'stand.',
    look:
      'Bands are hardly wider than lines; at generation 25 the outer 1 % is down to a thousandth of ' +
      'itself, while 77 % of the variance are left, most of it that between the modes.',
    citation:
      'Sampling bias λ of Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850.',
    spec: parseSpec({
      truth: TRUTH,
      batch: { samplingBias: 0.95 },
      sampleSize: 10_000,
      generations: 50,
      replicates: 20,
      statistics: STATISTICS,
      criteria: [],
    }),
    view: { generation: 25 },
  },
  {
    name: 'four-errors',
    title: 'Four errors, alone and together',
    story:
      'Few points, a sampler that plays safe, one Gaussian for two modes, a single step of EM: each ' +
      'off and on, in all sixteen combinations. Few points and the safe sampler go on for ever, ' +
      'expressivity is paid for once, and too little learning costs tails and no variance.',
    look:
      'The map has the first two; “across” and “up” bring the others. After 30 generations median ' +
      'lineages are 0.01 nats from the truth without any, alone 0.07 with one Gaussian, 0.09 with ' +
      'one step, 0.8 with the sampler, 2.5 with few points.',
    citation: `${THREE_ERRORS}.`,
    spec: parseSpec({
      truth: TRUTH,
      fit: { init: 'kmeans' },
      generations: 30,
      replicates: 40,
      sweep: {
        sampleSize: [5000, 100],
        'batch.samplingBias': [1, 0.95],
        'fit.components': [2, 1],
        'fit.iterations': [30, 1],
      },
      statistics: STATISTICS,
      criteria: [],
    }),
    view: { cell: 8, statistic: 'klTruthToModel', colours: 'log' },
  },
  {
    name: 'safe-sampler',
    title: 'Playing it safe',
    story:
      'One Gaussian whose samples are drawn a little narrower than the model is, as products do ' +
      'that turn the temperature down. The variance falls by that factor every generation, long ' +
      'before chance would have taken it.',
    look:
      '“Log of the variance kept” falls straight along its law: at λ = 0.9 half a per cent of the ' +
      'variance is left by generation 50, without a bias 95 % are on average.',
    citation:
      'Sampling bias λ of Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 1000,
      generations: 50,
      replicates: 500,
      sweep: { 'batch.samplingBias': [1, 0.99, 0.95, 0.9, 0.8] },
      statistics: ['logVarianceRatio', 'varianceRatio', 'tailMass1', 'meanShiftSquared'],
    }),
    view: { cell: 3 },
  },
  {
    name: 'top-p',
    title: 'Tails that are never drawn',
    story:
      'One Gaussian of which what lies beyond c standard deviations is never sampled, as top-p does ' +
      'with the unlikely. At c = 3 that is three points in a thousand, and half of the variance is ' +
      'gone in 24 generations; at c = 2 it is in four.',
    look:
      '“Variance kept” against its dashed law, cell by cell; at c = 3 the outer 1 % is down to a ' +
      'median of 1 % of itself by generation 30.',
    citation:
      'Holtzman et al. 2020, The curious case of neural text degeneration, arXiv 1904.09751, for top-p.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 1000,
      generations: 30,
      replicates: 100,
      sweep: { 'batch.truncation': [null, 4, 3, 2, 1] },
      statistics: ['varianceRatio', 'logVarianceRatio', 'tailMass1', 'meanShiftSquared'],
    }),
    view: { cell: 2, colours: 'log' },
  },
];
