/**
 * Cases of the bench for everything that may happen to a batch and to what is kept of it: each a
 * small one, timed beside plain replace of the same shape in the same turns.
 */
import { benchCase, TWO_MODES, type BenchCase } from './cases.ts';

/** K = 2, d = 1, 20 EM steps. */
const SHAPE = { truth: TWO_MODES, sampleSize: 100, generations: 20 };

const PLAIN = benchCase({
  name: 'plain',
  title: 'Plain replace',
  raw: SHAPE,
  fullReplicates: 1e5,
  check: { generation: 5, replicates: 200 },
});

const mechanism = (name: string, title: string, raw: object): BenchCase => ({
  ...benchCase({ ...PLAIN, name, title, raw: { ...SHAPE, ...raw } }),
  plain: PLAIN.spec,
});

export const MECHANISM_CASES: readonly BenchCase[] = [
  mechanism('sampling-bias', 'λ = 0.9', { batch: { samplingBias: 0.9 } }),
  mechanism('sharpening', 'β = 1.2', { batch: { weightSharpening: 1.2 } }),
  mechanism('detector', 'Real share 0.3, recall 0.5, false alarms 0.1, half of the real signed', {
    batch: {
      realFraction: 0.3,
      detector: { recall: 0.5, falsePositiveRate: 0.1, decay: 0.1 },
      watermark: { coverage: 0.2, laundering: 0.5 },
      provenance: { signedShare: 0.5 },
    },
  }),
  mechanism('bernoulli', 'Real share 0.3, each point by chance', {
    batch: { realFraction: 0.3, realDraw: 'bernoulli' },
  }),
  mechanism('web', 'A stock of 1000 human points, 100 published a generation', {
    batch: { web: { stock: 1000, published: 100, humanReservoir: 500 } },
  }),
  mechanism('archive', "Real share 0.3, of the first generation's points", {
    batch: { realFraction: 0.3, realSource: 'fixed' },
  }),
  mechanism('coreset', 'Real share 0.3, the archive distilled to 10 bins', {
    batch: {
      ...{ realFraction: 0.3, realSource: 'fixed' },
      coreset: { size: 10, method: 'quantile' },
    },
  }),
  mechanism('memory', 'The last 4 models', { batch: { memory: 4 } }),
  mechanism('truncation', 'c = 2', { batch: { truncation: 2 } }),
  mechanism('verifier', 'The top half by the truth, 1 verdict in 10 wrong', {
    batch: { verifier: { keep: 0.5, error: 0.1 } },
  }),
  mechanism('curation', 'Best of 4', { batch: { curation: { candidates: 4 } } }),
  mechanism('quality-filter', 's = 1', { batch: { qualityFilter: 1 } }),
  mechanism('poison', "One point in ten an adversary's", {
    batch: { poison: { share: 0.1, mean: [3], scale: 0.5 } },
  }),
  mechanism('paraphrase', 'Noise δ = 0.1, 2 passes', {
    batch: { paraphrase: { noise: 0.1, passes: 2 } },
  }),
  mechanism('protected-modes', 'One of two modes protected', { batch: { protectedModes: [2] } }),
  mechanism('growth', 'n t^0.5 points', { growth: 0.5 }),
  mechanism('accumulate', 'All batches so far', { retention: 'accumulate' }),
  mechanism('accumulate-subsample', 'n points of all batches so far', {
    retention: 'accumulate-subsample',
  }),
];
