/** What model collapse is, and what it is not. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

export const collapsePresets: readonly Preset[] = [
  {
    name: 'two-modes',
    title: 'A photocopy of a photocopy',
    story:
      'Two equal modes, a model with two components, a hundred points per generation, and nothing ' +
      'but its own output to learn from. The tails go first, the variance follows, and in more and ' +
      'more lineages one of the modes is all there is.',
    look:
      'At generation 25 the median lineage keeps an eighth of the outer 1 % and three quarters of ' +
      'the variance; the stages say the same of all lineages, faithful first, late collapse last.',
    citation:
      'Shumailov et al. 2024, AI models collapse when trained on recursively generated data, Nature 631.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 2 },
      sampleSize: 100,
      generations: 100,
      replicates: 250,
      statistics: ['varianceRatio', 'logVarianceRatio', 'tailMass1', 'modesAlive', 'stageShares'],
    }),
    view: { generation: 25 },
  },
  {
    name: 'gaussian-10',
    title: 'One Gaussian, ten points',
    story:
      'The smallest laboratory: one Gaussian fitted to ten points of the last one, a hundred times. ' +
      'The logarithm of the variance falls along a straight line, exactly as the law says, while ' +
      'the mean of the variance is carried by ever rarer lineages.',
    look:
      '“Log of the variance kept” runs down its dashed law by 0.22 a generation; in “Variance kept” ' +
      'the mean leaves the median behind by powers of ten.',
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
    name: 'small-steps',
    title: 'Every step looks reasonable',
    story:
      'One Gaussian, two hundred points per generation, and two divergences: of each model from the ' +
      'one before it, and from the truth. Every step is as small as the first one was, and what the ' +
      'steps come to grows without end.',
    look:
      '“Divergence of a step” stays level at 0.005 nats on average; in “Divergence from the truth” ' +
      'the median passes 3 nats, a thousand median steps, by generation 200.',
    citation:
      'Shumailov et al. 2024, AI models collapse when trained on recursively generated data, Nature 631.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 200,
      generations: 200,
      replicates: 500,
      statistics: ['stepKl', 'klTruthToModel', 'varianceRatio', 'tailMass1'],
      criteria: [],
    }),
  },
  {
    name: 'five-to-ten',
    title: 'Within five to ten generations',
    story:
      'A Gaussian that learns from its own output alone, at five sizes of sample. That models ' +
      'collapse within 5 to 10 generations, as is often said, is so of half the lineages at n = 10, ' +
      'which by generation 10 have been down to a tenth of the variance, and of none at n = 100.',
    look:
      'In “Not yet collapsed” a line that crosses one half says by when half of the lineages are ' +
      'lost; a square of the sweep opens its sample size, and generation 10 is shown first.',
    citation:
      'A sentence of popular writing; for the rate, Suresh et al. 2024, Rate of model collapse in recursive training, arXiv 2412.17646.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      generations: 50,
      replicates: 1000,
      sweep: { sampleSize: [5, 10, 20, 50, 100] },
      statistics: ['logVarianceRatio', 'varianceRatio', 'tailMass1', 'stageShares'],
      criteria: [
        { name: 'tail halved', statistic: 'tailMass1', below: 0.5 },
        { name: 'variance halved', statistic: 'varianceRatio', below: 0.5 },
        { name: 'a tenth of the variance', statistic: 'varianceRatio', below: 0.1 },
      ],
    }),
    view: { cell: 1, generation: 10, colours: 'log' },
  },
  {
    name: 'old-faithful',
    title: 'Old Faithful forgets',
    story:
      'The eruption lengths of a geyser, two modes that every textbook knows, fitted and ' +
      'resampled with as many points as there were observations. Each step looks harmless; by the ' +
      'hundredth three tenths of the variance are gone on average.',
    look:
      'The median “Test loss” on the real eruptions rises from 1.04 to 5.8 nats; of the three ' +
      'components that stand in for the data’s density 2.5 are alive at the end on average.',
    citation: 'Data: Härdle 1991, Smoothing Techniques; R datasets, faithful.',
    spec: parseSpec({
      truth: { kind: 'data', file: 'faithful.csv', columns: ['eruptions'] },
      fit: { components: 2 },
      sampleSize: 272,
      generations: 100,
      replicates: 300,
      statistics: ['varianceRatio', 'testNll', 'modesAlive', 'logVarianceRatio', 'tailMass1'],
    }),
  },
  {
    name: 'mode-collapse',
    title: 'Mode collapse is not model collapse',
    story:
      'Two equal modes and two samplers with a bias: one favours the commoner mode, the other draws ' +
      'each more narrowly than the model has it. The first loses a mode and keeps the width of the ' +
      'other, which is mode collapse; the second keeps both while they shrink to points, and a ' +
      'variance that hardly falls does not tell.',
    look:
      'Medians at generation 40: the narrow sampler alone keeps both modes and 84 % of the variance, ' +
      'and loses 2.2 nats of entropy; the other alone loses a mode, and with it 0.8 nats.',
    citation:
      'Goodfellow 2016, NIPS 2016 tutorial: generative adversarial networks, arXiv 1701.00160, for mode collapse.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 2, separation: 5 },
      sampleSize: 1000,
      generations: 40,
      replicates: 60,
      sweep: { 'batch.weightSharpening': [1, 1.5], 'batch.samplingBias': [1, 0.9] },
      statistics: ['modesAlive', 'varianceRatio', 'entropyLoss', 'effectiveModes'],
      criteria: [],
    }),
    view: { cell: 1, statistic: 'modesAlive', summary: 'mean' },
  },
  {
    name: 'collapsed-or-grounded',
    title: 'Collapsed or grounded',
    story:
      'Three modes twice: without a human point after the first generation, and with ten in every ' +
      'batch of a hundred. The one loses its variety, its rarest mode and every reason for its ' +
      'confidence; the other loses a little of each and stays there.',
    look:
      '“Side by side”, after 60 generations: 37 % of the variance against 92 %, a rarest mode of 1 % ' +
      'against 17 %, a calibration gap of 71 nats against 0.5.',
    citation:
      'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850; Bertrand et al. 2023, arXiv 2310.00429.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 3, separation: 5, weights: { zipf: 1 } },
      sampleSize: 100,
      generations: 60,
      replicates: 200,
      sweep: { 'batch.realFraction': [0, 0.1] },
      statistics: [
        ...['varianceRatio', 'entropy', 'rarestModeMass', 'calibrationGap', 'stepKl'],
        ...['hallucinatedMass', 'stageShares'],
      ],
    }),
  },
];
