/** Experiments of the literature, at a size that a page has done in moments. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

export const paperPresets: readonly Preset[] = [
  {
    name: 'grid-25',
    title: 'Twenty-five modes on a grid',
    story:
      'Five by five narrow modes, ten standard deviations apart, and a model that begins with a ' +
      'component on each. The modes go one after the other, two thirds of them in fifty ' +
      'generations, while the trace of the covariance says little: it falls by 1/n a generation on ' +
      'average, whoever has died.',
    citation:
      'Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850: the grid of 25 Gaussians of variance .01.',
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
    name: 'many-dimensions',
    title: 'A hundred dimensions',
    story:
      'One Gaussian in a hundred dimensions; of a thousand points in every batch a hundred are real ' +
      'and the others the last model’s, drawn as it is or ever more narrowly. The narrower the ' +
      'sampler, the better the mean is known, and the less of the variance there is.',
    citation:
      'Fresh data loop of Alemohammad et al. 2023, Self-consuming generative models go MAD, arXiv 2307.01850, figure 10.',
    spec: parseSpec({
      truth: { kind: 'blobs', dim: 100, components: 1 },
      batch: { realFraction: 0.1 },
      fit: { estimator: 'unbiased' },
      sampleSize: 1000,
      generations: 25,
      replicates: 12,
      sweep: { 'batch.samplingBias': [1, 0.9, 0.8] },
      statistics: ['varianceRatio', 'meanShiftSquared', 'logDetRatio'],
    }),
    view: { cell: 2 },
  },
];
