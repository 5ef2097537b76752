/**
 * Experiments of the literature, at a size that a page has done in moments; `genloss reproduce` runs
 * them at the size that was published.
 */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

const SHUMAILOV =
  'Shumailov et al. 2024, AI models collapse when trained on recursively generated data, Nature 631, arXiv 2305.17493';
const ALEMOHAMMAD =
  'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850';
const SURESH =
  'Suresh, Thangaraj & Khandavally 2024, Rate of model collapse in recursive training, arXiv 2412.17646';
const BEST_WEIGHT = 0.618;

export const paperPresets: readonly Preset[] = [
  {
    name: 'shumailov-mixture',
    title: 'The mixture of the Nature paper',
    story:
      'One round Gaussian in the plane and a mixture of two fitted to a thousand points of itself, ' +
      'two thousand times, with the settings of the authors’ code but for a cap on EM that hardly ' +
      'any fit meets. What was published is one run: over many, the median has lost half of its ' +
      'variance before generation 500 and all but a hundredth at the end, and the cloud has become a ' +
      'line before it is a point.',
    look:
      'The band of “Variance kept” beside its mean, which a few lineages carry, and “Log of the ' +
      'volume kept”, which falls far faster than twice the logarithm of the variance: that is the line.',
    citation: `${SHUMAILOV}: the figure of the Gaussian mixture.`,
    spec: parseSpec({
      truth: { kind: 'blobs', dim: 2, components: 1 },
      fit: {
        ...{ components: 2, init: 'kmeans', covarianceFloor: 1e-6 },
        ...{ iterations: 300, tolerance: 1e-5 },
      },
      sampleSize: 1000,
      generations: 2050,
      replicates: 24,
      statistics: ['varianceRatio', 'logVarianceRatio', 'logDetRatio', 'klTruthToModel'],
    }),
  },
  {
    name: 'shumailov-line',
    title: 'A thousand generations on a line',
    story:
      'One Gaussian on a line, fitted to 100, 500, 1000 or 10 000 points of itself. What the variance ' +
      'loses the mean gains in error, exactly on average: after a thousand generations of a hundred ' +
      'points nothing is left of the one, and of ten thousand nine tenths.',
    look:
      '“Squared shift of the mean” and “Variance kept” of each n with their laws: the two add up to 1 ' +
      'at every generation.',
    citation: `${SHUMAILOV}: the figure of the single Gaussian, and theorem 3.1.`,
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      generations: 1000,
      replicates: 400,
      sweep: { sampleSize: [100, 500, 1000, 10_000] },
      statistics: ['logVarianceRatio', 'varianceRatio', 'meanShiftSquared', 'wassersteinSquared'],
    }),
  },
  {
    name: 'grid-25',
    title: 'Twenty-five modes on a grid',
    story:
      'Five by five narrow modes, ten standard deviations apart, and a model that begins with a ' +
      'component on each. The modes go one after the other, two thirds of them in fifty ' +
      'generations, while the trace of the covariance says little: it falls by 1/n a generation on ' +
      'average, whoever has died.',
    look: '“Modes alive” beside “Variance kept”: the one tells what the other hides.',
    citation: `${ALEMOHAMMAD}: the grid of 25 Gaussians of variance .01.`,
    spec: parseSpec({
      truth: { kind: 'blobs', dim: 2, components: 25, separation: 10, layout: 'grid' },
      sampleSize: 250,
      generations: 50,
      replicates: 100,
      statistics: ['modesAlive', 'effectiveModes', 'varianceRatio', 'rarestModeMass'],
      nodes: 64,
    }),
  },
  {
    name: 'alemohammad-fresh',
    title: 'Fresh data in a hundred dimensions',
    story:
      'One Gaussian in a hundred dimensions; of a thousand points in every batch a hundred are real ' +
      'and the others the last model’s, drawn as it is or ever more narrowly. All come to rest: the ' +
      'narrower the sampler, the better the mean is known, and the less of the variance there is.',
    look:
      'The level at which each λ comes to rest: at λ = .8 a little over a third of the variance and ' +
      'of the error of the mean at λ = 1.',
    citation: `${ALEMOHAMMAD}: fresh data loop, figures 10 and 11.`,
    spec: parseSpec({
      truth: { kind: 'blobs', dim: 100, components: 1 },
      batch: { realFraction: 0.1 },
      fit: { estimator: 'unbiased' },
      sampleSize: 1000,
      generations: 25,
      replicates: 12,
      sweep: { 'batch.samplingBias': [1, 0.95, 0.9, 0.8] },
      statistics: ['varianceRatio', 'meanShiftSquared', 'logDetRatio'],
    }),
    view: { cell: 3 },
  },
  {
    name: 'alemohammad-memory',
    title: 'Copies of more than one model',
    story:
      'The same loop without bias, whose synthetic points come from the last one, two, five or ten ' +
      'models. Their errors differ and cancel: the mean is known the better the more models there ' +
      'are, as if every real point were worth nearly two with one model and five and a half with ten.',
    look: '“Squared shift of the mean” at the end, from cell to cell: .52, .38, .23 and .18 by the law.',
    citation: `${ALEMOHAMMAD}: figures 30 and 31.`,
    spec: parseSpec({
      truth: { kind: 'blobs', dim: 100, components: 1 },
      batch: { realFraction: 0.1 },
      sampleSize: 1000,
      generations: 40,
      replicates: 6,
      sweep: { 'batch.memory': [1, 2, 5, 10] },
      statistics: ['meanShiftSquared', 'varianceRatio'],
    }),
    view: { statistic: 'meanShiftSquared', summary: 'mean' },
  },
  {
    name: 'kazdan-grid',
    title: 'Collapse or thrive',
    story:
      'One Gaussian in one and in three dimensions, a hundred generations, and three things that may ' +
      'be done with old data. Replacing loses the variance at a rate of 1/n a generation; keeping ' +
      'everything, or a subsample of everything, loses about 1.6/n and 2.9/n of it once and for all.',
    look:
      'The map of “Variance kept”, n across: under replace it fades from generation to generation, ' +
      'the sooner the smaller n; under the others it depends on n alone.',
    citation:
      'Kazdan et al. 2025, Collapse or thrive?, arXiv 2410.16713; Gerstgrasser et al. 2024, Is model collapse inevitable?, arXiv 2404.01413.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      generations: 100,
      replicates: 100,
      sweep: {
        retention: ['replace', 'accumulate', 'accumulate-subsample'],
        sampleSize: [10, 100, 1000],
        'truth.dim': [1, 3],
      },
      statistics: ['varianceRatio', 'logVarianceRatio', 'meanShiftSquared'],
    }),
    view: { cell: 2, summary: 'mean' },
  },
  {
    name: 'suresh-gaussian',
    title: 'Who still has a tenth of its width',
    story:
      'Ten points a generation and a variance that is unbiased, so that its mean never falls. Its ' +
      'lineages do: half of them have less than a tenth of the truth’s width after forty ' +
      'generations, and eleven of twelve after a hundred.',
    look:
      '“Late collapse”, the share with σ under a tenth: .15, .50 and .92 at generations 20, 40 and ' +
      '100; the survival curve is of those that never went under.',
    citation: `${SURESH}: the figure of the Gaussian and its bounds.`,
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      fit: { estimator: 'unbiased' },
      sampleSize: 10,
      generations: 200,
      replicates: 4000,
      criteria: [{ name: 'tenth', statistic: 'varianceRatio', below: 0.01 }],
      stages: { late: 0.01 },
      statistics: ['logVarianceRatio', 'varianceRatio', 'stage3Share'],
    }),
  },
  {
    name: 'suresh-mixture',
    title: 'Ten points for two modes',
    story:
      'Two equal modes, two of their widths apart, and a mixture of two fitted by EM to ten points of ' +
      'itself. The paper’s estimator is bound to the symmetry, EM here is free, a companion and no ' +
      'copy: half of the lineages have less than a hundredth of the variance by generation twenty.',
    look: 'The median of “Variance kept” beside its mean, which follows (1 − 1/n)^t whatever EM does.',
    citation: `${SURESH}: the symmetric mixture, of which this is a companion.`,
    spec: parseSpec({
      truth: { kind: 'blobs', components: 2, separation: 2 },
      sampleSize: 10,
      generations: 60,
      replicates: 400,
      criteria: [{ name: 'tenth', statistic: 'varianceRatio', below: 0.01 }],
      statistics: ['varianceRatio', 'modesAlive', 'tailMass1', 'rarestModeMass'],
    }),
  },
  {
    name: 'he-weights',
    title: 'The golden weight',
    story:
      'A hundred fresh points and a hundred of the last model, and a fit in which the real ones weigh ' +
      'w together. The mean is known best at w = .618, the inverse of the golden ratio: real points ' +
      'are worth more than copies, and copies are worth something.',
    look:
      '“Squared shift of the mean” against the real weight at the end: the law’s least is .0123, ' +
      'at .618.',
    citation:
      'He, Xu & Cheng 2025, Recursive learning without collapse: a weighting-based stabilization framework, arXiv 2502.18049.',
    spec: parseSpec({
      truth: { kind: 'blobs', dim: 2, components: 1 },
      batch: { realFraction: 0.5 },
      sampleSize: 200,
      generations: 20,
      replicates: 400,
      sweep: { 'fit.realWeight': [0.2, 0.3, 0.4, 0.5, BEST_WEIGHT, 0.7, 0.78] },
      statistics: ['meanShiftSquared', 'varianceRatio', 'frechetDistance'],
    }),
    view: { cell: 4, statistic: 'meanShiftSquared', summary: 'mean' },
  },
  {
    name: 'dey-donoho',
    title: 'The price of keeping everything',
    story:
      'The mean of one Gaussian, a thousand points a generation. Where all are kept, real ones among ' +
      'them, its squared error stops at π²/6 of what the first thousand alone would leave, and at ' +
      'π²/2 − 2 where a thousand of all are taken; where the last batch replaces the others it grows ' +
      'until it is the variance of a single point.',
    look: '“Squared shift of the mean” at the end, times a thousand: 58, 1.63 and 2.88 by the law.',
    citation:
      'Dey & Donoho 2024, Universality of the π²/6 pathway in avoiding model collapse, arXiv 2410.22812.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 1000,
      generations: 60,
      replicates: 200,
      sweep: { retention: ['replace', 'accumulate', 'accumulate-subsample'] },
      statistics: ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio'],
    }),
    view: { cell: 1, statistic: 'meanShiftSquared', summary: 'mean' },
  },
];
