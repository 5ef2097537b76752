/** Figures of single settings: survival, weights, and the mean of everything that was kept. */
import { logChiSquares } from '../../model/theory/log-chi-square.ts';
import { lnGammaRatio } from '../../model/theory/polygamma.ts';
import { bestWeight, wanderingRest, weightRest } from '../../model/theory/rests.ts';
import { restLaw } from '../validate/rest-cases.ts';
import { shareLaw } from '../validate/stated.ts';
import { BOTH_WAYS, DRAWN } from './drawn.ts';
import type { CellView, Figure, Part, Row } from './figure.ts';
import { statedRow, testedRow } from './rows.ts';

/** σ over a tenth of the truth's, as a share of the variance. */
const LEVEL = 0.01;

/** P(σ_t > σ₀/10) of unbiased fits. */
function alive(n: number, t: number): number {
  const shift = -t * Math.log(n - 1);
  return 1 - logChiSquares({ shift, terms: [{ degrees: n - 1, times: t }] }).cdf(Math.log(LEVEL));
}

/** Steps of s in which the bound is looked for. */
const POWERS = Array.from({ length: 400 }, (_, i) => (i + 1) / 100);

/** min over s of E v^s/0.01^s, E(χ²_m/m)^s = (2/m)^s Γ(m/2+s)/Γ(m/2): Markov's and Chernoff's. */
export function chernoff(n: number, t: number): number {
  const m = n - 1;
  const logs = POWERS.map((s) => {
    const step = s * Math.log(2 / m) + lnGammaRatio(m / 2, s);
    return t * step - s * Math.log(LEVEL);
  });
  return Math.min(1, Math.exp(Math.min(...logs)));
}

const ALIVE_AT = [20, 40, 100, 199];

/** By the law of the fit, or point by point. */
const survival = (closedForm: 'auto' | 'off') =>
  ({
    spec: {
      truth: { kind: 'blobs', dim: 1, components: 1 },
      fit: { estimator: 'unbiased' },
      ...{ closedForm, sampleSize: 10, generations: 200, stages: { late: LEVEL } },
      statistics: ['stage3Share', 'logVarianceRatio'],
    },
    generations: ALIVE_AT,
    stated: ({ sampleSize }) => [
      shareLaw({
        quantity: 'alive, share',
        formula: 'P(Σ ln(χ²₉/9) > ln 0.01)',
        source: 'convolution of ln χ²',
        expected: (t) => alive(sampleSize, t),
        found: (read, t) => 1 - read.mean('stage3Share', t),
      }),
    ],
    rows: (view) => ALIVE_AT.map((t) => boundRow(view, t)),
  }) satisfies Partial<Part>;

export const sureshGaussian: Figure = {
  name: 'suresh-gaussian',
  title: 'Suresh et al. 2024: how many Gaussians still have a tenth of their width',
  citation:
    'Suresh, Thangaraj & Khandavally 2024, Rate of model collapse in recursive training, arXiv 2412.17646.',
  about:
    'Ten points a generation, the unbiased estimator: the share of lineages with σ_t > σ₀/10. ' +
    'Published as a curve under upper bounds. The exact values are convolutions of ln χ²₉; the bound ' +
    'here is Chernoff’s, the least of E σ^s/ε^s over s, of which Markov’s is s = 1: the curve has to ' +
    `lie under it. ${BOTH_WAYS}`,
  parts: [
    { ...survival('auto'), replicates: 62_500, quickReplicates: 4000 },
    { ...survival('off'), label: DRAWN, replicates: 20_000, quickReplicates: 2000 },
  ],
};

function boundRow(view: CellView, generation: number): Row {
  const { read } = view;
  const found = 1 - read.mean('stage3Share', generation);
  const bound = chernoff(read.spec.sampleSize, generation);
  const under = found <= bound ? 'under the bound' : '';
  return statedRow(view, {
    ...{ generation, quantity: 'alive, upper bound', expected: bound, found },
    se: Math.sqrt((found * (1 - found)) / read.spec.replicates),
    source: 'min over s of (E σ₁^s)^t/0.1^s',
    statement: under,
  });
}

const PAIR = 100;
const BEST = bestWeight(1);
const WEIGHTED_LAST = 30;

export const heWeights: Figure = {
  name: 'he-weights',
  title: 'He et al. 2025: real points that weigh more',
  citation:
    'He, Xu & Cheng 2025, Recursive learning without collapse: a weighting-based stabilization framework, arXiv 2502.18049.',
  about:
    '100 fresh real points and 100 of the last model in the plane, the real ones weighing w ' +
    'together: the error of the mean at rest. Published is the optimum (√(k²+4k) − k)/2 of ' +
    'k = n_r/n_s, .618 at k = 1, to leading order; the values here are exact for maximum likelihood.',
  parts: [
    {
      spec: {
        truth: { kind: 'blobs', dim: 2, components: 1 },
        batch: { realFraction: 0.5 },
        ...{ sampleSize: 2 * PAIR, generations: WEIGHTED_LAST },
        sweep: { 'fit.realWeight': [0.2, 0.3, 0.4, 0.5, BEST, 0.7, 0.78] },
        statistics: ['meanShiftSquared', 'totalVariance'],
      },
      generations: [2],
      replicates: 2000,
      quickReplicates: 300,
      stated: ({ fit }) => {
        const { at, apart } = weightRest(fit.realWeight as number, PAIR, PAIR);
        const rest = { at: (t: number) => 2 * at(t), apart: (t: number) => 2 * apart(t) };
        return [
          restLaw('meanShiftSquared', rest, {
            formula: 'tr C₀ [w²/n_r + (1−w)²/n_s]/[2w − w² + (1−w)²/n_s]',
            source: 'recursion of one second moment',
            generations: [WEIGHTED_LAST],
          }),
        ];
      },
    },
  ],
  conclude: (rows) => {
    const last = rows.filter(
      ({ generation, quantity }) =>
        generation === WEIGHTED_LAST && quantity === 'meanShiftSquared, mean',
    );
    const least = last.reduce((a, b) => (b.found < a.found ? b : a));
    const leading = (2 * BEST) / PAIR;
    return [
      `Least of these weights: ${least.setting}, ${Number(least.found.toPrecision(4))} ± ` +
        `${Number(least.se.toPrecision(2))}; published to leading order w* tr C₀/n_r = ` +
        `${Number(leading.toPrecision(4))} at w* = .618. The curve is flat there: its neighbours are ` +
        'apart by a few percent, which is why z above and not the order is the test.',
    ];
  },
};

const KEPT = 1000;
const KEPT_LAST = 100;

/** n E(μ̂ − μ)²/σ², beside its limit. */
function keptRow(view: CellView): Row {
  const { read } = view;
  const subsample = read.spec.retention === 'accumulate-subsample';
  const rest = wanderingRest(KEPT, subsample);
  const found = KEPT * read.mean('meanShiftSquared', KEPT_LAST);
  const sd = KEPT * read.sd('meanShiftSquared', KEPT_LAST);
  const se = sd / Math.sqrt(read.spec.replicates);
  const [expected, slack] = [rest.at(KEPT_LAST), rest.apart(KEPT_LAST)];
  return testedRow(view, {
    ...{ generation: KEPT_LAST, quantity: 'n E(μ̂ − μ)²/σ²', expected, found, se, slack },
    degrees: read.spec.replicates - 1,
    source: subsample ? 'π²/2 − 2' : 'π²/6',
    statement: 'limit of many points and generations',
  });
}

export const deyDonoho: Figure = {
  name: 'dey-donoho',
  title: 'Dey & Donoho 2024: π²/6 for the mean of everything that was kept',
  citation:
    'Dey & Donoho 2024, Universality of the π²/6 pathway in avoiding model collapse, arXiv 2410.22812; Gerstgrasser et al. 2024, arXiv 2404.01413.',
  about:
    'The mean of a Gaussian, 1000 points a generation, all points kept or a thousand of all: the ' +
    'variance of the estimate, times n, has the published limits π²/6 and π²/2 − 2. Rows of ' +
    'meanShiftSquared have the exact values at finite n and t.',
  parts: [
    {
      spec: {
        truth: { kind: 'blobs', dim: 1, components: 1 },
        ...{ sampleSize: KEPT, generations: KEPT_LAST },
        sweep: { retention: ['accumulate', 'accumulate-subsample'] },
        statistics: ['meanShiftSquared', 'varianceRatio'],
      },
      generations: [2, 10, KEPT_LAST],
      replicates: 2000,
      quickReplicates: 400,
      rows: (view) => [keptRow(view)],
    },
  ],
};
