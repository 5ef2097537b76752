/** Who pays: what is rare, what is risky, and those who look at the wrong number. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

/** Mode j of five weighs in proportion to 1/j. */
const FIVE = { kind: 'blobs', components: 5, separation: 8, weights: { zipf: 1 } };
const HARMONIC = 1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5;

/** A mode is lost where its mass is under a tenth of its weight, as in modesAlive. */
const lost = (mode: number) => ({
  name: `mode ${mode}`,
  statistic: `modeMass_${mode}`,
  below: Number((1 / (10 * HARMONIC * mode)).toPrecision(4)),
});

export const lossPresets: readonly Preset[] = [
  {
    name: 'zipf-minority',
    title: 'Minority knowledge',
    story:
      'Five well separated modes whose weights fall as 1, ½, ⅓, ¼, ⅕, and a model with five ' +
      'components. Modes are lost at random, the rarer the sooner, and none of them comes back.',
    look:
      '“Not yet collapsed” has a line for each mode: half of the lineages have lost the rarest by ' +
      'generation 25, the next by 28, then 42 and 77, and two thirds still have the first at 100.',
    citation: 'Wright–Fisher drift of the weights: Wright 1931; Fisher 1930.',
    spec: parseSpec({
      truth: FIVE,
      sampleSize: 100,
      generations: 100,
      replicates: 300,
      statistics: ['modesAlive', 'varianceRatio', 'modeMass'],
      criteria: [5, 4, 3, 2, 1].map(lost),
    }),
    view: { generation: 50 },
  },
  {
    name: 'black-swans',
    title: 'Black swans are forgotten',
    story:
      'Daily returns of the German stock index from 1991 to 1998, learned from a year’s worth of ' +
      'days by a mixture of two Gaussians, and then from years that it made up. Its worst days ' +
      'shrink faster than its variance does, so that risk is understated where all looks calm.',
    look:
      '“Value at risk kept”: after 25 generations the median model’s worst day in a hundred is 67 % ' +
      'of the real one, when its standard deviation is still 86 %; “Expected shortfall kept” is 61 %.',
    citation:
      'Data: EuStockMarkets of R; Acerbi & Tasche 2002, On the coherence of expected shortfall, Journal of Banking & Finance 26.',
    spec: parseSpec({
      truth: { kind: 'data', file: 'eustock-returns.csv', columns: ['DAX'] },
      fit: { components: 2 },
      sampleSize: 250,
      generations: 50,
      replicates: 200,
      statistics: ['valueAtRisk99', 'expectedShortfall99', 'varianceRatio', 'tailMass1'],
      criteria: [],
    }),
    view: { generation: 25 },
  },
  {
    name: 'overconfident',
    title: 'Surer of less',
    story:
      'One Gaussian, learned from fifty points again and again. The loss on points of its own falls, ' +
      'for the model has less and less to say, while the loss on real ones rises: it grows surer as ' +
      'it grows more wrong.',
    look:
      'On average, from generation 1 to 40: “Loss on itself” from 1.4 to 0.6 nats, “Test loss” from ' +
      '1.4 to 7; what the model holds for 95 % covers 55 % of the truth, and a hundredth of what it ' +
      'says lies where the truth has nothing (“Hallucinated mass”).',
    citation:
      'Guo et al. 2017, On calibration of modern neural networks, arXiv 1706.04599, for calibration.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 1 },
      sampleSize: 50,
      generations: 40,
      replicates: 1000,
      statistics: ['selfNll', 'testNll', 'calibrationGap', 'coverage95', 'hallucinatedMass'],
    }),
  },
  {
    name: 'green-badge',
    title: 'The benchmark stays green',
    story:
      'Two common modes and one of two points in a hundred, and five hundred points a generation. A ' +
      'benchmark of what is common stays at 99 % while half of the lineages stop telling the rare ' +
      'mode from its neighbour.',
    look:
      '“Accuracy in the bulk” is a line at the top; below it the median “Recall of mode 3” goes from ' +
      '99 % to nothing in thirty generations, and “Coverage of the 95 % region” from 95 to 87 %.',
    citation:
      'Dohmatob et al. 2024, A tale of tails: model collapse as a change of scaling laws, arXiv 2402.07043, for what lost tails cost.',
    spec: parseSpec({
      truth: { kind: 'blobs', components: 3, separation: 6, weights: [0.55, 0.43, 0.02] },
      sampleSize: 500,
      generations: 60,
      replicates: 100,
      statistics: ['bulkAccuracy', 'modeRecall_3', 'coverage95', 'rarestModeMass'],
    }),
    view: { generation: 30 },
  },
];
