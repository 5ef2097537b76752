/** Shumailov et al. 2024, Nature 631: the mixture and the single Gaussian of their public code. */
import { logChiSquares } from '../../model/theory/log-chi-square.ts';
import { BOTH_WAYS, DRAWN } from './drawn.ts';
import type { CellView, Figure, Part, Row } from './figure.ts';
import { bandRow, eyeRow, quantileRow, statedRow, testedRow } from './rows.ts';

const CITATION =
  'Shumailov et al. 2024, AI models collapse when trained on recursively generated data, Nature 631 (arXiv 2305.17493).';

/** Near the ones that were drawn, with the first and the last. */
const SHOWN = [1, 10, 50, 100, 350, 1000, 2050];
const BANDS = ['varianceRatio', 'logDetRatio', 'klTruthToModel', 'tailMass1'] as const;

const reached = ({ results, cell }: CellView, generations: readonly number[]): number[] =>
  generations.filter((t) => t <= results.cells[cell]!.generations);

function mixtureRows(view: CellView): Row[] {
  const { results, cell, read } = view;
  const shown = reached(view, SHOWN);
  const last = results.cells[cell]!.generations;
  return [
    ...shown
      .filter((t) => t > 100)
      .flatMap((t) => [eyeRow(view, 'varianceRatio', t), eyeRow(view, 'meanShiftSquared', t)]),
    ...BANDS.flatMap((statistic) => shown.map((t) => bandRow(view, statistic, t))),
    statedRow(view, {
      generation: last,
      quantity: 'unconverged, share',
      expected: null,
      source: 'not published',
      found: read.status('unconverged', last),
      se: 0,
      statement: 'lineages in which some fit was stopped at 1000 steps',
    }),
  ];
}

export const shumailovMixture: Figure = {
  name: 'shumailov-mixture',
  title: 'Shumailov et al. 2024: a mixture that forgets one Gaussian',
  citation: CITATION,
  about:
    'One round Gaussian in the plane, a full mixture of two fitted to 1000 points of the last fit, ' +
    '2050 times; k-means, tolerance 10⁻⁵ and the floor 10⁻⁶ on variances as in the authors’ code, at ' +
    'most 1000 EM steps where they allow 2000. Published is one run, as scatter plots at a few ' +
    'generations: here are the first error bands, from exact order statistics. The laws of the ' +
    'total variance and of the mean hold for a start from k-means as for any other: whatever the ' +
    'start, the last M-step leaves the sample’s mean and its second moment, and adds the floor. ' +
    'They are tested while t ≤ n/10, where the sample’s own error can be trusted.',
  parts: [
    {
      spec: {
        truth: { kind: 'blobs', dim: 2, components: 1 },
        fit: {
          ...{ components: 2, init: 'kmeans', covarianceFloor: 1e-6 },
          ...{ iterations: 1000, tolerance: 1e-5 },
        },
        ...{ sampleSize: 1000, generations: 2050 },
        statistics: [
          ...(['varianceRatio', 'logVarianceRatio', 'logDetRatio'] as const),
          ...(['meanShiftSquared', 'klTruthToModel', 'tailMass1'] as const),
        ],
      },
      generations: [1, 10, 50, 100],
      replicates: 4096,
      quickReplicates: 64,
      quick: { generations: 100 },
      rows: mixtureRows,
    },
  ],
};

const LINE_SHOWN = [1, 10, 100];
const LATE = [100, 1000];
const QUANTILE_SOURCE = 'ln of a product of t χ²_{n−1}/n, convolved';

/** ln σ̂² late: its quantiles and its mean, by the law of a sum of ln χ², and |μ̂|. */
function lineRows(view: CellView): Row[] {
  const { sampleSize: n, replicates } = view.read.spec;
  return reached(view, LATE).flatMap((generation) => {
    const law = logChiSquares({
      shift: -generation * Math.log(n),
      terms: [{ degrees: n - 1, times: generation }],
    });
    const of = { statistic: 'logVarianceRatio', generation, source: QUANTILE_SOURCE } as const;
    return [
      ...(['q05', 'q50', 'q95'] as const).map((field) => quantileRow(view, law, { ...of, field })),
      testedRow(view, {
        ...{ generation, quantity: 'logVarianceRatio, mean', expected: law.mean },
        source: 't[ψ((n−1)/2) + ln(2/n)]',
        found: view.read.mean('logVarianceRatio', generation),
        se: Math.sqrt(law.variance / replicates),
      }),
      rootRow(view, generation),
    ];
  });
}

/** The median of |μ̂|, as the figure draws it: of a square it is the root of the median. */
function rootRow(view: CellView, generation: number): Row {
  const squared = bandRow(view, 'meanShiftSquared', generation, Math.sqrt);
  const root = Math.sqrt(squared.found);
  return { ...squared, quantity: '|μ̂|, median', found: root, se: squared.se / (2 * root) };
}

/** By the law of the fit, or point by point. */
const line = (sampleSize: readonly number[], closedForm: 'auto' | 'off') =>
  ({
    spec: {
      truth: { kind: 'blobs', dim: 1, components: 1 },
      ...{ closedForm, generations: 1000, sweep: { sampleSize } },
      statistics: ['meanShiftSquared', 'wassersteinSquared', 'logVarianceRatio'],
    },
    generations: LINE_SHOWN,
    rows: lineRows,
  }) satisfies Partial<Part>;

export const shumailovLine: Figure = {
  name: 'shumailov-line',
  title: 'Shumailov et al. 2024: one Gaussian on a line, 1000 generations',
  citation: CITATION,
  about:
    'One Gaussian on a line by maximum likelihood (numpy’s std), 1000 generations of n points. ' +
    'Published is one run of each n, |μ̂ − μ| and |σ̂ − σ| over generations. Here are the exact laws ' +
    'of what they are roots of, E(μ̂ − μ)² and E W₂² = E(μ̂ − μ)² + E(σ̂ − σ)², and the whole ' +
    `distribution of ln σ̂². ${BOTH_WAYS}`,
  parts: [
    { ...line([100, 500, 1000, 10_000], 'auto'), replicates: 4096, quickReplicates: 500 },
    {
      ...line([100, 500], 'off'),
      ...{ label: DRAWN, replicates: 2048, quickReplicates: 200 },
      quick: { generations: 100 },
    },
  ],
};
