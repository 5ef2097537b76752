/** Where data come from: human points and how many, archives, what is kept, a web that fills up. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

const ONE = { kind: 'blobs', components: 1 };
const FIVE = { kind: 'blobs', components: 5, separation: 8, weights: { zipf: 1 } };
const LOOPS = 'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850';

export const sourcePresets: readonly Preset[] = [
  {
    name: 'real-share',
    title: 'How much human data is enough',
    story:
      'Two modes, and a quota of real points in every batch from none to all. A small share stops ' +
      'the collapse; what it costs is where the curves come to rest.',
    look:
      'Along the sweep at generation 100 the median lineage keeps 36 % of the variance without real ' +
      'points, 84 % with two in a hundred, 97 % with ten.',
    citation: `${LOOPS}; Bertrand et al. 2023, arXiv 2310.00429.`,
    spec: parseSpec({
      truth: { kind: 'blobs', components: 2 },
      sampleSize: 100,
      generations: 100,
      replicates: 100,
      sweep: { 'batch.realFraction': [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] },
      statistics: ['varianceRatio', 'tailMass1', 'klTruthToModel', 'modesAlive'],
    }),
    view: { cell: 2 },
  },
  {
    name: 'one-migrant',
    title: 'One real point per generation',
    story:
      'Sample size against the share of real points, each point real with that probability. Along ' +
      'the diagonal where about one real point arrives per generation, two thirds of the variance ' +
      'stay for ever on average, however small its share; half of the lineages have less.',
    look:
      'The squares from (10, 0.1) to (300, 0.003) of the map have nearly one colour, and the law in ' +
      '“Variance kept” is level from generation 200 on.',
    citation: 'F_ST of Wright 1931, Evolution in Mendelian populations, Genetics 16.',
    spec: parseSpec({
      truth: ONE,
      batch: { realDraw: 'bernoulli' },
      generations: 200,
      replicates: 500,
      sweep: {
        sampleSize: [10, 30, 100, 300],
        'batch.realFraction': [0, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
      },
      statistics: ['varianceRatio', 'meanShiftSquared', 'logVarianceRatio'],
    }),
    view: { cell: 16, summary: 'mean', colours: 'linear' },
  },
  {
    name: 'grounded',
    title: 'New people, or the same ones again',
    story:
      'Three modes and ten human points in every batch of a hundred: new ones each time, or the same ' +
      'ten of the first generation. The variance hardly tells between the two cells; confidence ' +
      'does, for ten people are not the population however often they are heard.',
    look:
      '“Side by side”, after 60 generations, fresh and fixed: 92 % and 84 % of the variance, a ' +
      'calibration gap of 0.5 and 5.5 nats; 68 % and 41 % of the lineages are faithful.',
    citation: `${LOOPS}: fresh data and synthetic augmentation loops.`,
    spec: parseSpec({
      truth: { kind: 'blobs', components: 3, separation: 5, weights: { zipf: 1 } },
      batch: { realFraction: 0.1 },
      sampleSize: 100,
      generations: 60,
      replicates: 200,
      sweep: { 'batch.realSource': ['fresh', 'fixed'] },
      statistics: [
        ...['varianceRatio', 'calibrationGap', 'entropy', 'rarestModeMass', 'stepKl'],
        ...['hallucinatedMass', 'stageShares'],
      ],
    }),
  },
  {
    name: 'archive',
    title: 'New people or an old archive',
    story:
      'A share of human points in every batch, new ones each time or those of the first generation ' +
      'again. Either ends the collapse, and the archive at more: two, ten or fifty points are all ' +
      'that it ever tells.',
    look:
      '“Variance kept” comes to rest on its dashed law: of a tenth of new points at 95 %, of a tenth ' +
      'of archived ones at 86 %; with a half of either it is 99 % and 97 %.',
    citation: `${LOOPS}: fresh data and synthetic augmentation loops.`,
    spec: parseSpec({
      truth: ONE,
      sampleSize: 100,
      generations: 60,
      replicates: 500,
      sweep: { 'batch.realSource': ['fresh', 'fixed'], 'batch.realFraction': [0, 0.02, 0.1, 0.5] },
      statistics: ['varianceRatio', 'meanShiftSquared', 'logVarianceRatio', 'tailMass1'],
    }),
    view: { cell: 6, summary: 'mean' },
  },
  {
    name: 'distilled',
    title: 'An archive in five points',
    story:
      'Three tenths of every batch are an archive of two hundred points, distilled to a few weighted ' +
      'ones. Centres of k-means and means of bins keep the mean of every lineage, and the bill is ' +
      'paid in the tails; points at random keep the tails on average, of lineages that know too ' +
      'much of them and too little.',
    look:
      'The row of five points in the map: a quarter of the outer 1 % is left to k-means, a fifth to ' +
      'bins, and all of it on average to points at random, whose median is 2 %.',
    citation:
      'Bachem, Lucic & Krause 2017, Practical coreset constructions for machine learning, arXiv 1703.06476, for the idea.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 3, separation: 5, weights: { zipf: 1.5 } },
      batch: { realFraction: 0.3, realSource: 'fixed' },
      sampleSize: 200,
      generations: 30,
      replicates: 60,
      sweep: {
        'batch.coreset.method': ['uniform', 'kmeans', 'quantile'],
        'batch.coreset.size': [5, 10, 20],
      },
      statistics: ['tailMass1', 'rarestModeMass', 'varianceRatio'],
    }),
    view: { cell: 3, statistic: 'tailMass1', summary: 'mean' },
  },
  {
    name: 'keep-everything',
    title: 'Replace, keep, or keep some',
    story:
      'One Gaussian that learns from its last twenty points alone, from everything there has been, ' +
      'or from twenty points of everything. Replacing leaves a hundredth of the variance on average ' +
      'and far less in nearly every lineage; keeping loses a twelfth and then rests, and so does the ' +
      'subsample, a little lower.',
    look:
      '“Variance kept” of the second and third square runs along a level law: 92 % of everything, ' +
      '84 % of a part of it, on average.',
    citation:
      'Gerstgrasser et al. 2024, Is model collapse inevitable?, arXiv 2404.01413; Kazdan et al. 2025, arXiv 2410.16713.',
    spec: parseSpec({
      truth: ONE,
      sampleSize: 20,
      generations: 100,
      replicates: 500,
      sweep: { retention: ['replace', 'accumulate', 'accumulate-subsample'] },
      statistics: ['varianceRatio', 'logVarianceRatio', 'meanShiftSquared', 'tailMass1'],
    }),
    view: { cell: 1, summary: 'mean' },
  },
  {
    name: 'growing',
    title: 'More of it every time',
    story:
      'Batches that grow with a power of the generation, and hold nothing but the last model’s own ' +
      'points. In proportion to the generation they still collapse, only slower and slower; what ' +
      'grows faster than that comes to rest.',
    look:
      'The law in “Variance kept” still falls at growth 1, where three quarters are left after a ' +
      'hundred generations, and is level at 1.5 and 2.',
    citation:
      'Xu, He & Cheng 2025, A probabilistic perspective on model collapse, arXiv 2505.13947.',
    spec: parseSpec({
      truth: ONE,
      sampleSize: 20,
      generations: 100,
      replicates: 500,
      sweep: { growth: [0, 0.5, 1, 1.5, 2] },
      statistics: ['varianceRatio', 'logVarianceRatio', 'meanShiftSquared', 'tailMass1'],
    }),
    view: { cell: 2, summary: 'mean' },
  },
  {
    name: 'web-filling-up',
    title: 'The web fills up',
    story:
      'The share of human points falls from all to a fiftieth over fifty generations, along a ' +
      'logistic curve, and a detector keeps generated points out, the better the higher its ' +
      'recall. How much of the variance is left is a matter of what gets through.',
    look:
      'The map at generation 300: medians of 62 % of the variance without a detector, 75 % with one ' +
      'that finds half, 92 % and 98 % with those that find nine tenths and nearly all.',
    citation:
      'Drayson, Yilmaz & Lampos 2025, Machine-generated text detection prevents language model collapse, arXiv 2502.15654; Wright 1931 for the law.',
    spec: parseSpec({
      truth: ONE,
      batch: { realFraction: { from: 1, to: 0.02, until: 50, shape: 'logistic' } },
      sampleSize: 100,
      generations: 300,
      replicates: 300,
      sweep: { 'batch.detector.recall': [0, 0.5, 0.9, 0.99] },
      statistics: ['varianceRatio', 'logVarianceRatio', 'meanShiftSquared', 'tailMass1'],
    }),
  },
  {
    name: 'late-detector',
    title: 'When the detector comes too late',
    story:
      'The web fills up to one human point in a hundred within twenty generations, and only from ' +
      'generation 61 on a detector drops 99 % of what is generated. Half of every batch is human ' +
      'again then and the variance comes back whole; components that had died do not.',
    look:
      '“Divergence from the truth” comes to rest at a median of 0.5 nats; with the detector there ' +
      'from the start (set its recall to 0.99 throughout) it stays at 0.2.',
    citation:
      'Drayson, Yilmaz & Lampos 2025, Machine-generated text detection prevents language model collapse, arXiv 2502.15654, for the detector.',
    spec: parseSpec({
      truth: FIVE,
      batch: {
        realFraction: { from: 1, to: 0.01, until: 20, shape: 'logistic' },
        realDraw: 'bernoulli',
        detector: { recall: { at: [[1, 0], [61, 0.99]] } }, // prettier-ignore
      },
      sampleSize: 100,
      generations: 120,
      replicates: 200,
      statistics: ['klTruthToModel', 'varianceRatio', 'modesAlive', 'rarestModeMass'],
      criteria: [],
    }),
  },
  {
    name: 'too-late',
    title: 'When the cure comes too late',
    story:
      'Five modes and no human point for thirty generations; then a tenth of every batch is human. ' +
      'The variance comes back, but a component that has lost its last point is dead: the modes it ' +
      'held are known to the others from then on, or to none.',
    look:
      '“Modes alive” is back at five and “Divergence from the truth” is not back: a median of 0.9 ' +
      'nats at generation 60, where a tenth of human points from the start comes to 0.55.',
    citation: 'Irreversible forgetting: Shumailov et al. 2024, Nature 631.',
    spec: parseSpec({
      truth: FIVE,
      batch: { realFraction: { at: [[1, 0], [31, 0.1]] } }, // prettier-ignore
      sampleSize: 100,
      generations: 60,
      replicates: 200,
      statistics: ['varianceRatio', 'modesAlive', 'klTruthToModel', 'rarestModeMass'],
    }),
  },
  {
    name: 'data-wall',
    title: 'The data wall',
    story:
      'A web of a thousand human points fills up with copies, and there are only so many human ' +
      'points to be had. As long as they last the variance holds; when they are used up it falls ' +
      'like any other.',
    look:
      '“Copies since a human” turns into a straight line, one more each generation, where “Variance ' +
      'kept” breaks: in the middle square at generation 34.',
    citation:
      'Villalobos et al. 2022, Will we run out of data?, arXiv 2211.04325, for the question.',
    spec: parseSpec({
      truth: ONE,
      batch: { web: { stock: 1000, published: 100 } },
      sampleSize: 100,
      generations: 80,
      replicates: 300,
      sweep: { 'batch.web.humanReservoir': [500, 1500, 1000000] },
      statistics: ['varianceRatio', 'ancestry', 'logVarianceRatio', 'meanShiftSquared'],
    }),
    view: { cell: 1 },
  },
  {
    name: 'echo',
    title: 'An echo of an echo',
    story:
      'How many copies lie between a point and the human it comes from, where batches replace each ' +
      'other, are kept, or kept in part, with and without human points in each. Replaced they grow by ' +
      'one a generation and stop at nine where a tenth is human; kept they grow as a logarithm.',
    look:
      '“Copies since a human” after 40 generations: 39 where batches are replaced, 8.9 with a tenth ' +
      'of human points, 3.3 where everything is kept; each on its dashed law.',
    citation:
      'Expectations: f(1 + A) for a share f of copies, the harmonic number less one where all is kept.',
    spec: parseSpec({
      truth: ONE,
      sampleSize: 100,
      generations: 40,
      replicates: 200,
      sweep: {
        retention: ['replace', 'accumulate', 'accumulate-subsample'],
        'batch.realFraction': [0, 0.1, 0.5],
      },
      statistics: ['ancestry', 'varianceRatio', 'meanShiftSquared'],
    }),
    view: { cell: 1, statistic: 'ancestry', summary: 'mean' },
  },
];
