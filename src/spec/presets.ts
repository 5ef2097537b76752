/** Experiments that are ready to run, each with what to see in it and who saw it first. */
import { parseSpec } from './parse.ts';
import type { Spec } from './spec.ts';

export interface Preset {
  /** For links and command lines. */
  readonly name: string;
  readonly title: string;
  /** Two sentences: what is set up, and what to see. */
  readonly story: string;
  readonly citation: string;
  readonly spec: Spec;
}

export const presets: readonly Preset[] = [
  {
    name: 'two-modes',
    title: 'A photocopy of a photocopy',
    story:
      'Two equal modes, a model with two components, a hundred points per generation, and nothing ' +
      'but its own output to learn from. The tails go first, the variance follows, and in more and ' +
      'more lineages one of the modes is all there is.',
    citation:
      'Shumailov et al. 2024, AI models collapse when trained on recursively generated data, Nature 631.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 2 },
      sampleSize: 100,
      generations: 100,
      replicates: 250,
      statistics: ['varianceRatio', 'logVarianceRatio', 'tailMass1', 'modesAlive'],
    }),
  },
  {
    name: 'gaussian-10',
    title: 'One Gaussian, ten points',
    story:
      'The smallest laboratory: one Gaussian fitted to ten points of the last one, a hundred times. ' +
      'The logarithm of the variance falls along a straight line, exactly as the law says, while ' +
      'the mean of the variance is carried by ever rarer lineages.',
    citation:
      'Kazdan et al. 2025, Collapse or Thrive?, arXiv 2410.16713; E ln v from the χ² law of the sample variance.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      fit: { estimator: 'mle' },
      sampleSize: 10,
      generations: 100,
      replicates: 4000,
      statistics: ['logVarianceRatio', 'varianceRatio', 'meanShiftSquared', 'klTruthToModel'],
    }),
  },
  {
    name: 'one-migrant',
    title: 'One real point per generation',
    story:
      'Sample size against the share of real points, each point real with that probability. Along ' +
      'the diagonal where about one real point arrives per generation, two thirds of the variance ' +
      'stay for ever, however small its share.',
    citation: 'F_ST of Wright 1931, Evolution in Mendelian populations, Genetics 16.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      batch: { realDraw: 'bernoulli' },
      generations: 200,
      replicates: 200,
      sweep: {
        sampleSize: [10, 30, 100, 300],
        'batch.realFraction': [0, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
      },
      statistics: ['varianceRatio', 'meanShiftSquared', 'logVarianceRatio'],
    }),
  },
  {
    name: 'zipf-minority',
    title: 'Minority knowledge',
    story:
      'Five well separated modes whose weights fall as 1, ½, ⅓, ¼, ⅕, and a model with five ' +
      'components. Modes are lost at random, the rarest first, and none of them comes back.',
    citation: 'Wright–Fisher drift of the weights: Wright 1931; Fisher 1930.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 5, separation: 8, weights: { zipf: 1 } },
      sampleSize: 100,
      generations: 100,
      replicates: 200,
      statistics: ['modesAlive', 'rarestModeMass', 'effectiveModes', 'varianceRatio'],
    }),
  },
  {
    name: 'old-faithful',
    title: 'Old Faithful forgets',
    story:
      'The eruption lengths of a geyser, two modes that every textbook knows, fitted and ' +
      'resampled with as many points as there were observations. Each step looks harmless; by the ' +
      'hundredth three tenths of the variance are gone on average, and in some lineages a mode.',
    citation: 'Data: Härdle 1991, Smoothing Techniques; R datasets, faithful.',
    spec: parseSpec({
      truth: { kind: 'data', file: 'faithful.csv', columns: ['eruptions'] },
      fit: { components: 2 },
      sampleSize: 272,
      generations: 100,
      replicates: 300,
      statistics: ['varianceRatio', 'logVarianceRatio', 'testNll', 'tailMass1', 'modesAlive'],
    }),
  },
  {
    name: 'real-share',
    title: 'How much human data is enough',
    story:
      'Two modes, and a quota of real points in every batch from none to all. A small share stops ' +
      'the collapse; what it costs is where the curves come to rest.',
    citation:
      'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850; Bertrand et al. 2023, arXiv 2310.00429.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 2 },
      sampleSize: 100,
      generations: 100,
      replicates: 100,
      sweep: { 'batch.realFraction': [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] },
      statistics: ['varianceRatio', 'tailMass1', 'klTruthToModel', 'modesAlive'],
    }),
  },
  {
    name: 'web-filling-up',
    title: 'The web fills up',
    story:
      'The share of human points falls from all to a fiftieth over fifty generations, along a ' +
      'logistic curve, and a detector keeps generated points out, the better the higher its ' +
      'recall. How much of the variance is left is a matter of what gets through.',
    citation:
      'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850; Wright 1931 for the law.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      batch: { realFraction: { from: 1, to: 0.02, until: 50, shape: 'logistic' } },
      sampleSize: 100,
      generations: 300,
      replicates: 300,
      sweep: { 'batch.detector.recall': [0, 0.5, 0.9, 0.99] },
      statistics: ['varianceRatio', 'logVarianceRatio', 'meanShiftSquared', 'tailMass1'],
    }),
  },
  {
    name: 'safe-sampler',
    title: 'Playing it safe',
    story:
      'One Gaussian whose samples are drawn a little narrower than the model is, as products do ' +
      'that turn the temperature down. The variance falls by that factor every generation, long ' +
      'before chance would have taken it.',
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
  },
];
