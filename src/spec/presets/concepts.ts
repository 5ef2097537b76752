/** One experiment for each thing that is said of model collapse. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

export const conceptPresets: readonly Preset[] = [
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
      statistics: ['varianceRatio', 'logVarianceRatio', 'tailMass1', 'modesAlive', 'stageShares'],
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
      'stay for ever on average, however small its share; half of the lineages have less.',
    citation: 'F_ST of Wright 1931, Evolution in Mendelian populations, Genetics 16.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
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
      'hundredth three tenths of the variance are gone on average.',
    citation: 'Data: Härdle 1991, Smoothing Techniques; R datasets, faithful.',
    spec: parseSpec({
      truth: { kind: 'data', file: 'faithful.csv', columns: ['eruptions'] },
      fit: { components: 2 },
      sampleSize: 272,
      generations: 100,
      replicates: 300,
      statistics: ['varianceRatio', 'logVarianceRatio', 'testNll', 'tailMass1'],
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
    view: { cell: 3 },
  },
  {
    name: 'keep-everything',
    title: 'Replace, keep, or keep some',
    story:
      'One Gaussian that learns from its last batch alone, from everything there has been, or from ' +
      'a hundred points of everything. Replacing loses it all; keeping loses a few hundredths of ' +
      'the variance and then rests, and so does the subsample, a little lower.',
    citation:
      'Gerstgrasser et al. 2024, Is model collapse inevitable?, arXiv 2404.01413; Kazdan et al. 2025, arXiv 2410.16713.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 100,
      generations: 60,
      replicates: 200,
      sweep: { retention: ['replace', 'accumulate', 'accumulate-subsample'] },
      statistics: ['varianceRatio', 'logVarianceRatio', 'meanShiftSquared', 'tailMass1'],
    }),
  },
  {
    name: 'archive',
    title: 'New people or an old archive',
    story:
      'A share of human points in every batch, new ones each time or those of the first generation ' +
      'again. Either holds the collapse up, new ones for good and at little: of an archive it takes ' +
      'half of every batch to keep the variance, and a tenth keeps less of it and the mean that the ' +
      'archive had, which never learns better.',
    citation:
      'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850: fresh data and synthetic augmentation loops.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 100,
      generations: 60,
      replicates: 200,
      sweep: { 'batch.realSource': ['fresh', 'fixed'], 'batch.realFraction': [0, 0.02, 0.1, 0.5] },
      statistics: ['varianceRatio', 'meanShiftSquared', 'logVarianceRatio', 'tailMass1'],
    }),
    view: { cell: 6 },
  },
  {
    name: 'distilled',
    title: 'An archive in five points',
    story:
      'Three tenths of every batch are an archive of two hundred points, distilled to a few weighted ' +
      'ones. Centres of k-means and means of bins keep the mean of every lineage, and the bill is ' +
      'paid in the tails; points at random keep the tails on average, of lineages that know too ' +
      'much of them and too little.',
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
    name: 'best-of-many',
    title: 'The best of eight',
    story:
      'Of so many synthetic candidates the one that is likeliest under the truth is kept, as ' +
      'products do that rank their answers. Every point is better than it was, and the tails go at ' +
      'once: choosing well is a narrow sampler.',
    citation:
      'Ferbach et al. 2024, Self-consuming generative models with curated data provably optimize human preferences, arXiv 2407.09499.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 100,
      generations: 15,
      replicates: 200,
      sweep: { 'batch.curation.candidates': [1, 2, 4, 8] },
      statistics: ['logVarianceRatio', 'varianceRatio', 'tailMass1', 'meanShiftSquared'],
    }),
    view: { cell: 3 },
  },
  {
    name: 'quality-filter',
    title: 'A filter that deletes people',
    story:
      'Half of every batch is human, and a filter keeps what the last model finds likely, whoever ' +
      'wrote it. The more it asks, the less of the human tails gets in, and fresh data do not help ' +
      'any more.',
    citation:
      'A perplexity filter; for one Gaussian it leaves synthetic points v/(1 + s) of their variance.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      batch: { realFraction: 0.5, realDraw: 'bernoulli' },
      sampleSize: 100,
      generations: 20,
      replicates: 200,
      sweep: { 'batch.qualityFilter': [0, 0.05, 0.2, 0.5, 1] },
      statistics: ['varianceRatio', 'tailMass1', 'logVarianceRatio', 'meanShiftSquared'],
    }),
    view: { cell: 4 },
  },
  {
    name: 'poisoned',
    title: 'One point in a hundred',
    story:
      'An adversary puts a small share of points four standard deviations away, generation after ' +
      'generation. What it adds is never forgotten, and where no human point speaks against it the ' +
      'model goes over to the adversary.',
    citation:
      'The second moment follows S ← (1 − ε)S + ε(a² + s²) exactly, ε the share of poison and s its width.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      batch: { poison: { mean: [4], scale: 0.5 } },
      sampleSize: 1000,
      generations: 40,
      replicates: 100,
      sweep: { 'batch.poison.share': [0, 0.001, 0.01, 0.05] },
      statistics: ['hallucinatedMass', 'meanShiftSquared', 'varianceRatio', 'klTruthToModel'],
    }),
    view: { cell: 2, statistic: 'hallucinatedMass' },
  },
  {
    name: 'data-wall',
    title: 'The data wall',
    story:
      'A web of a thousand human points fills up with copies, and there are only so many human ' +
      'points to be had. As long as they last the variance holds; when they are used up it falls ' +
      'like any other.',
    citation:
      'Villalobos et al. 2022, Will we run out of data?, arXiv 2211.04325, for the question.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      batch: { web: { stock: 1000, published: 100 } },
      sampleSize: 100,
      generations: 80,
      replicates: 200,
      sweep: { 'batch.web.humanReservoir': [500, 1500, 1000000] },
      statistics: ['varianceRatio', 'logVarianceRatio', 'meanShiftSquared', 'tailMass1'],
    }),
  },
  {
    name: 'padlock',
    title: 'A padlock on one mode',
    story:
      'Five modes whose weights fall as 1, ½, ⅓, ¼, ⅕; for the rarest no synthetic point is ever ' +
      'used. That one lives on in every lineage, and the next rarest goes in its place.',
    citation: 'A zero-synthetic policy for critical data.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 5, separation: 8, weights: { zipf: 1 } },
      batch: { protectedModes: [5] },
      sampleSize: 100,
      generations: 60,
      replicates: 40,
      statistics: ['rarestModeMass', 'modesAlive', 'effectiveModes', 'varianceRatio'],
    }),
  },
  {
    name: 'too-late',
    title: 'When the cure comes too late',
    story:
      'Five modes and no human point for thirty generations; then a tenth of every batch is human. ' +
      'The variance comes back, but a component that has lost its last point is dead: the modes it ' +
      'held are known to the others from then on, or to none.',
    citation: 'Irreversible forgetting: Shumailov et al. 2024, Nature 631.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 5, separation: 8, weights: { zipf: 1 } },
      batch: { realFraction: { at: [[1, 0], [31, 0.1]] } }, // prettier-ignore
      sampleSize: 100,
      generations: 60,
      replicates: 200,
      statistics: ['varianceRatio', 'modesAlive', 'rarestModeMass', 'klTruthToModel'],
    }),
  },
];
