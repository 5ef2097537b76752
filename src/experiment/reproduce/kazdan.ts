/** Kazdan et al. 2025: one Gaussian under three retentions, against exact laws and their own runs. */
import { logChiSquares } from '../../model/theory/log-chi-square.ts';
import { logFactor } from '../../model/theory/log-laws.ts';
import type { CellView, Figure, Part, Row } from './figure.ts';
import { PUBLISHED_GENERATIONS, PUBLISHED_RUNS, type PublishedRuns } from './kazdan-data.ts';
import { testedRow } from './rows.ts';

const CITATION =
  'Kazdan et al. 2025, Collapse or thrive? Perils and promises of synthetic data in a self-generating world, arXiv 2410.16713; Gerstgrasser et al. 2024, arXiv 2404.01413.';
const LAST = 100;
const SIZES = [10, 32, 100, 316, 1000];

const grid = (retentions: readonly string[], dims: readonly number[]): Part['spec'] => ({
  truth: { kind: 'blobs', dim: 1, components: 1 },
  generations: LAST,
  sweep: { retention: retentions, 'truth.dim': dims, sampleSize: SIZES },
  statistics: ['varianceRatio', 'meanShiftSquared', 'logDetRatio'],
});

export const kazdanGrid: Figure = {
  name: 'kazdan-grid',
  title: 'Kazdan et al. 2025: replace, accumulate and subsample in 1 to 100 dimensions',
  citation: CITATION,
  about:
    'One Gaussian by maximum likelihood, 100 generations, n = 10 … 1000, d = 1 … 100. Published as ' +
    'curves of the squared error of the mean and of the variance over generations: held here ' +
    'against the exact laws at the last one. Where the mean of a variance is carried by rare ' +
    'lineages (replace, few points) the law of ln det stands in its place; with no more points than ' +
    'dimensions there is no det. A subsample chooses among points, which are drawn in up to 4 ' +
    'dimensions. Closed form are replace, whose fits are drawn from their own law, and accumulate, ' +
    'of whose batches mean and scatter are drawn; accumulate of n = 10 in 1 and 3 dimensions and ' +
    'every subsample are drawn and fitted point by point.',
  parts: [
    {
      spec: grid(['replace', 'accumulate', 'accumulate-subsample'], [1, 3]),
      ...{ generations: [LAST], replicates: 1000, quickReplicates: 64 },
    },
    {
      spec: grid(['replace', 'accumulate'], [10, 30, 100]),
      ...{ generations: [LAST], replicates: 16, quickReplicates: 16 },
      quick: {
        sweep: { retention: ['replace', 'accumulate'], 'truth.dim': [10], sampleSize: SIZES },
      },
    },
  ],
};

const settingOfRuns = ({ retention, sampleSize }: PublishedRuns): string =>
  `retention = ${retention}, sampleSize = ${sampleSize}`;

/** ln of the variance ratio against the mean over their runs, each with its standard error. */
function publishedRows(view: CellView): Row[] {
  const published = PUBLISHED_RUNS.find((runs) => settingOfRuns(runs) === view.setting)!;
  const { read } = view;
  return PUBLISHED_GENERATIONS.map((generation, i) => ({
    ...testedRow(view, {
      ...{ generation, quantity: 'logVarianceRatio, mean' },
      expected: published.mean[i]!,
      expectedSe: published.sd[i]! / Math.sqrt(published.runs),
      source: `mean of their ${published.runs} runs`,
      found: read.mean('logVarianceRatio', generation),
      se: read.sd('logVarianceRatio', generation) / Math.sqrt(read.spec.replicates),
    }),
    independent: generation === PUBLISHED_GENERATIONS.at(-1),
  }));
}

/** Σ z² over the steps between listed generations, which are independent under replace. */
export function stepSquares(divisor: (n: number) => number): { sum: number; degrees: number } {
  let [sum, degrees] = [0, 0];
  for (const { retention, sampleSize: n, runs, mean } of PUBLISHED_RUNS) {
    if (retention !== 'replace') continue;
    const one = logFactor(n - 1, divisor(n), 1);
    PUBLISHED_GENERATIONS.forEach((t, i) => {
      const steps = t - (PUBLISHED_GENERATIONS[i - 1] ?? 0);
      const step = mean[i]! - (mean[i - 1] ?? 0);
      sum += (step - steps * one.mean) ** 2 / ((steps * one.variance) / runs);
      degrees++;
    });
  }
  return { sum, degrees };
}

/** Chance of so much or more, and of less. */
function tails({ sum, degrees }: { sum: number; degrees: number }): string {
  const law = logChiSquares({ shift: 0, terms: [{ degrees, times: 1 }] });
  const below = law.cdf(Math.log(sum));
  const text = (p: number) => (p < 1e-8 ? 'under 10⁻⁸' : `${Number(p.toPrecision(2))}`);
  return `χ² = ${sum.toFixed(1)} of ${degrees} (chance of more ${text(1 - below)}, of less ${text(below)})`;
}

export const kazdanData: Figure = {
  name: 'kazdan-data',
  title: 'Kazdan et al. 2025: their own runs of one Gaussian',
  citation: `${CITATION} Data: run histories in their public code repository KoyejoLab-Collapse-or-Thrive.`,
  about:
    'Mean of ln(variance/σ₀²) over our lineages against the mean over their 44 to 100 runs of each ' +
    'setting, d = 1, replace and accumulate; z by both standard errors. Rows of one setting are of the ' +
    'same runs and hang together, so χ² counts one row of each setting, the last. Their two settings ' +
    'of an n share generation 1, which makes the last rows of the two correlate by less than a tenth. ' +
    'Our fits are closed form (of replace their own law, of accumulate those of the batches’ mean and ' +
    'scatter), but for accumulate of n = 10, which is drawn and fitted point by point.',
  parts: [
    {
      spec: {
        truth: { kind: 'blobs', dim: 1, components: 1 },
        generations: LAST,
        sweep: { retention: ['replace', 'accumulate'], sampleSize: [10, 32, 100, 316] },
        statistics: ['logVarianceRatio'],
      },
      generations: [],
      replicates: 10_000,
      quickReplicates: 1000,
      rows: publishedRows,
    },
  ],
  conclude: () => [
    'Under replace the steps between listed generations are independent within a setting, and their ' +
      `law is exact. Of maximum likelihood (divide by n) ${tails(stepSquares((n) => n))}; of the ` +
      `unbiased estimator (n − 1) ${tails(stepSquares((n) => n - 1))}. Their fits are those of ` +
      'maximum likelihood. They are nearer to the law than independent settings would often be: runs ' +
      'of different n that share random numbers would be that.',
  ],
};
