/** What training can do about it: weights, anchors, and a padlock on what is critical. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

export const trainingPresets: readonly Preset[] = [
  {
    name: 'rare-counts',
    title: 'Training that weighs the rare',
    story:
      'A sampler that plays safe by a tenth of the variance, and training in which a point weighs ' +
      'the more, the less likely the last model found it. At γ = 0.11, which is 1/λ − 1, the weights ' +
      'make up for the sampler; with less the tails go as ever, with more they grow without end.',
    look:
      '“Outer 1 % kept” on average after 30 generations: nothing without weights, 0.03 % at half of ' +
      'the right exponent, about all of it at the right one, forty times as much at twice that.',
    citation: 'Weights q(x)^(−γ) leave λσ²/(1 − λγ) of a variance σ² where n is large.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      batch: { samplingBias: 0.9 },
      sampleSize: 300,
      generations: 30,
      replicates: 50,
      sweep: { 'fit.tailWeight': [0, 0.05, 0.11, 0.2] },
      statistics: ['tailMass1', 'varianceRatio', 'logVarianceRatio', 'meanShiftSquared'],
    }),
    view: { cell: 2, statistic: 'tailMass1', summary: 'mean', colours: 'log' },
  },
  {
    name: 'held-to',
    title: 'Held to what is known',
    story:
      'A prior worth so many points pulls every fit of a hundred to the last model, as careful ' +
      'fine-tuning does, or to the truth, as an anchor does. The parent’s only slows the collapse ' +
      'down, at any strength; five points’ worth of truth end it.',
    look:
      'The map at generation 60, medians: a prior of 100 points about the parent leaves 0.5 nats to ' +
      'the truth, and more each generation; five about the truth leave 0.15 and no more.',
    citation:
      'Kirkpatrick et al. 2017, Overcoming catastrophic forgetting in neural networks, PNAS 114, arXiv 1612.00796, for the idea.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 2, separation: 3 },
      fit: { estimator: 'map', prior: { strength: 5 } },
      sampleSize: 100,
      generations: 60,
      replicates: 40,
      sweep: { 'fit.prior.centre': ['parent', 'truth'], 'fit.prior.strength': [0, 5, 20, 100] },
      statistics: ['klTruthToModel', 'varianceRatio', 'tailMass1', 'meanShiftSquared'],
    }),
    view: { cell: 5, statistic: 'klTruthToModel', colours: 'log' },
  },
  {
    name: 'padlock',
    title: 'A padlock on one mode',
    story:
      'Five modes whose weights fall as 1, ½, ⅓, ¼, ⅕; for the rarest no synthetic point is ever ' +
      'used. That one lives on in every lineage, and the next rarest goes in its place.',
    look:
      '“Mass of mode 5” is 8 % in the median at generation 60, and from 5 to 14 % in nine lineages ' +
      'of ten; “Mass of mode 4” is next to nothing in half of them.',
    citation: 'A zero-synthetic policy for critical data.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 5, separation: 8, weights: { zipf: 1 } },
      batch: { protectedModes: [5] },
      sampleSize: 100,
      generations: 60,
      replicates: 40,
      statistics: ['modeMass_5', 'modeMass_4', 'modesAlive', 'varianceRatio'],
    }),
  },
];
