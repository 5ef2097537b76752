/** What is let into a batch: detectors, marks, filters, verifiers, and an adversary. */
import { parseSpec } from '../parse.ts';
import type { Preset } from './preset.ts';

const ONE = { kind: 'blobs', components: 1 };
const STATISTICS = ['varianceRatio', 'tailMass1', 'logVarianceRatio', 'meanShiftSquared'];

export const screeningPresets: readonly Preset[] = [
  {
    name: 'arms-race',
    title: 'Detectors lag behind',
    story:
      'One human point in fifty, and a detector that drops 99 % of what is generated as long as it ' +
      'is new; then its recall decays, as generators learn. While it lasts it keeps the variance, ' +
      'and however good it was it ends where no detector is.',
    look:
      'The map at generation 150: 100 % of the variance in the median lineage without decay, 73 % at ' +
      'a decay of 0.01, 64 % at 0.03 and at 0.1 alike.',
    citation:
      'Sadasivan et al. 2023, Can AI-generated text be reliably detected?, arXiv 2303.11156.',
    spec: parseSpec({
      truth: ONE,
      batch: { realFraction: 0.02, detector: { recall: 0.99 } },
      sampleSize: 100,
      generations: 150,
      replicates: 300,
      sweep: { 'batch.detector.decay': [0, 0.01, 0.03, 0.1] },
      statistics: STATISTICS,
    }),
    view: { cell: 1 },
  },
  {
    name: 'laundering',
    title: 'Watermarks get laundered',
    story:
      'Of what is generated 95 % carry a mark and marked points are kept out; each paraphrase takes ' +
      'the mark off with probability one fifth. After one pass two human points in a hundred count ' +
      'as eight, after sixteen as the two that they are.',
    look:
      '“Variance kept” on average, on its dashed law: 95 % after one pass, 82 % after sixteen, at ' +
      'generation 100.',
    citation:
      'Krishna et al. 2023, Paraphrasing evades detectors of AI-generated text, arXiv 2303.13408.',
    spec: parseSpec({
      truth: ONE,
      batch: {
        realFraction: 0.02,
        realDraw: 'bernoulli',
        watermark: { coverage: 0.95, laundering: 0.2 },
      },
      sampleSize: 100,
      generations: 100,
      replicates: 500,
      sweep: { 'batch.paraphrase.passes': [1, 2, 4, 8, 16] },
      statistics: STATISTICS,
    }),
    view: { cell: 4, summary: 'mean', colours: 'linear' },
  },
  {
    name: 'provenance',
    title: 'People taken for machines',
    story:
      'A detector that drops four of five generated points and four of five human ones, of which ' +
      'there are two in a hundred: it might as well not be there. Signatures of origin let people ' +
      'through, and where all sign, two in a hundred count as nine.',
    look:
      '“Variance kept” on average, on its dashed law: 82 % where nobody signs, 91 % where three in ' +
      'ten do, 95 % where all do, at generation 100.',
    citation:
      'Liang et al. 2023, GPT detectors are biased against non-native English writers, arXiv 2304.02819, for the false alarms.',
    spec: parseSpec({
      truth: ONE,
      batch: {
        realFraction: 0.02,
        realDraw: 'bernoulli',
        detector: { recall: 0.8, falsePositiveRate: 0.8 },
      },
      sampleSize: 100,
      generations: 100,
      replicates: 500,
      sweep: { 'batch.provenance.signedShare': [0, 0.1, 0.3, 1] },
      statistics: STATISTICS,
    }),
    view: { cell: 3, summary: 'mean', colours: 'linear' },
  },
  {
    name: 'quality-filter',
    title: 'A filter that deletes people',
    story:
      'Half of every batch is human, and a filter keeps what the last model finds likely, whoever ' +
      'wrote it. The more it asks, the less of the human tails gets in; asked for enough, fresh data ' +
      'do not help any more.',
    look:
      '“Outer 1 % kept” after twenty generations: all of it without a filter, 75 % at s = 0.05, 17 % ' +
      'at 0.2; at s = 1 “Log of the variance kept” falls as if nobody were human.',
    citation:
      'A perplexity filter; for one Gaussian it leaves synthetic points v/(1 + s) of their variance.',
    spec: parseSpec({
      truth: ONE,
      batch: { realFraction: 0.5, realDraw: 'bernoulli' },
      sampleSize: 100,
      generations: 20,
      replicates: 200,
      sweep: { 'batch.qualityFilter': [0, 0.05, 0.2, 0.5, 1] },
      statistics: STATISTICS,
    }),
    view: { cell: 4 },
  },
  {
    name: 'best-of-many',
    title: 'The best of eight',
    story:
      'Of so many synthetic candidates the one that is likeliest under the truth is kept, as ' +
      'products do that rank their answers. Every point is better than it was, and the tails go at ' +
      'once: choosing well is a narrow sampler.',
    look:
      '“Log of the variance kept” falls straight from generation 2 on, the first with a choice: by ' +
      '1.0 a generation at the best of two, 2.1 at the best of four, 3.3 at the best of eight.',
    citation:
      'Ferbach et al. 2024, Self-consuming generative models with curated data provably optimize human preferences, arXiv 2407.09499.',
    spec: parseSpec({
      truth: ONE,
      sampleSize: 100,
      generations: 10,
      replicates: 200,
      sweep: { 'batch.curation.candidates': [1, 2, 4, 8] },
      statistics: ['logVarianceRatio', 'varianceRatio', 'tailMass1', 'meanShiftSquared'],
    }),
    view: { cell: 3 },
  },
  {
    name: 'verifier',
    title: 'Verified, in moderation',
    story:
      'A sampler that draws wider than its model, three human points in ten, and a verifier that ' +
      'keeps the synthetic candidates that are likeliest under the truth. Without it the model is ' +
      'three times too wide and makes things up; to keep 98 % of the candidates puts it right, and ' +
      'to keep 40 % leaves three tenths of the variance.',
    look:
      'The map has its minimum at 0.98: 0.02 nats from the truth on average, against 0.2 without a ' +
      'verifier and 0.6 with the strictest; “Hallucinated mass” goes from 6 % to 0.2 %.',
    citation:
      'Feng et al. 2024, Beyond model collapse: scaling up with synthesized data requires verification, arXiv 2406.07515.',
    spec: parseSpec({
      truth: ONE,
      batch: { samplingBias: 1.3, realFraction: 0.3 },
      sampleSize: 100,
      generations: 30,
      replicates: 60,
      sweep: { 'batch.verifier.keep': [1, 0.98, 0.95, 0.9, 0.7, 0.4] },
      statistics: ['klTruthToModel', 'hallucinatedMass', 'varianceRatio', 'tailMass1'],
      criteria: [],
    }),
    view: { cell: 1, statistic: 'klTruthToModel', summary: 'mean' },
  },
  {
    name: 'poisoned',
    title: 'One point in a hundred',
    story:
      'An adversary puts a small share of points four standard deviations away, generation after ' +
      'generation. What it adds is never forgotten, and where no human point speaks against it the ' +
      'model goes over to the adversary.',
    look:
      '“Hallucinated mass” at one poisoned point in a hundred: 18 % of the model after 40 ' +
      'generations; at five in a hundred the “Squared shift of the mean” is 12: 3.5 of the 4.',
    citation:
      'The second moment follows S ← (1 − ε)S + ε(a² + s²) exactly, ε the share of poison and s its width.',
    spec: parseSpec({
      truth: ONE,
      batch: { poison: { mean: [4], scale: 0.5 } },
      sampleSize: 1000,
      generations: 40,
      replicates: 100,
      sweep: { 'batch.poison.share': [0, 0.001, 0.01, 0.05] },
      statistics: ['hallucinatedMass', 'meanShiftSquared', 'varianceRatio', 'klTruthToModel'],
    }),
    view: { cell: 2, statistic: 'hallucinatedMass' },
  },
];
