/**
 * The one table of statistics: what may be asked of a model q_t, one number per lineage and
 * generation. Definitions are in units of the truth's own coordinates; how each is computed is in
 * src/model/statistics (f64) and shaders/statistics (f32), which follow the same method.
 * No status bit excludes a lineage from any of them: a value past ±1e18 is held there and says so.
 */
import { isWide, MAX_TRUTH_COMPONENTS } from './parameter.ts';

/** One for each mode of the truth, j from 1. */
export type ModeStatistic = `modeMass_${number}` | `modeRecall_${number}`;

export type StatisticName = ScalarStatistic | ModeStatistic;

export type ScalarStatistic =
  | 'meanShiftSquared'
  | 'totalVariance'
  | 'varianceRatio'
  | 'logVarianceRatio'
  | 'logDetRatio'
  | 'frechetDistance'
  | 'wassersteinSquared'
  | 'entropy'
  | 'entropyLoss'
  | 'klTruthToModel'
  | 'klModelToTruth'
  | 'stepKl'
  | 'testNll'
  | 'selfNll'
  | 'calibrationGap'
  | 'coverage95'
  | 'tailMass10'
  | 'tailMass1'
  | 'tailMass01'
  | 'hallucinatedMass'
  | 'valueAtRisk99'
  | 'expectedShortfall99'
  | 'modesAlive'
  | 'effectiveModes'
  | 'rarestModeMass'
  | 'bulkAccuracy'
  | 'stage1Share'
  | 'stage2Share'
  | 'stage3Share'
  | 'ancestry';

export interface StatisticRow {
  readonly name: StatisticName;
  readonly label: string;
  readonly symbol: string;
  /** '' for a pure number. */
  readonly unit: string;
  /** One sentence a person can read. */
  readonly doc: string;
  /** How it is computed, and the error of that. */
  readonly method: string;
  /** Smallest and largest possible value; null is unbounded. */
  readonly range: readonly [number | null, number | null];
  /** Which axis shows it best. */
  readonly scale: 'linear' | 'log';
  /** A lineage has a whole number of it. */
  readonly whole?: true;
}

const TOTAL = "Closed form from the components' moments; exact but for rounding.";
const LOG_TOTAL =
  'Closed form, formed as logarithms of frame units, so that it is right at e⁻²⁰⁰⁰; exact but ' +
  'for rounding.';
const UNDER_TRUTH =
  "Closed form at K = 1. Else the truth's `nodes` nodes: at d = 1 the trapezoid rule on [−7, 7] " +
  'standard deviations of each truth component (error under 1e-9 nats while no model component ' +
  'is narrower than a node spacing); above, fixed low-discrepancy normal points (error near ' +
  '1/nodes of the spread of ln q over the truth).';
const UNDER_MODEL =
  'Closed form at K = 1. Else −ln q_t averaged over q_t: at d = 1 the trapezoid rule per ' +
  'model component (error under 1e-9 nats while no component is narrower than a node spacing of ' +
  'another), above randomly shifted low-discrepancy points of q_t, unbiased.';
const TAIL_METHOD =
  "At d = 1 the normal distribution function at the truth's two-sided quantiles (relative error " +
  'in f32 under 2e-5 while the mass exceeds 1e-30). Above, the share of `nodes` randomly shifted ' +
  "low-discrepancy points of q_t that fall under the density threshold of the truth's " +
  'highest-density region (threshold exact for one truth component, else from 65 536 points): ' +
  'unbiased.';
const RISK_METHOD =
  'Closed form at K = 1. Else bisection between the components’ own quantiles, 48 times in f32 ' +
  "(error under 1e-5 of the model's widest component, but for a quantile inside a gap between " +
  'components, which is as ill-conditioned as it is).';
const COVERAGE_METHOD =
  'At K = 1 the region is an ellipsoid (at d = 1 an interval, whose mass under the truth is exact). ' +
  "Else the level is found by bisection over q_t's own nodes, and the truth's nodes over it are " +
  'added up: at d = 1 between neighbours by linear interpolation (error near the square of a node ' +
  'spacing over the width of a component), above by counting (error near 1/nodes, and on the ' +
  'randomly shifted nodes of q_t some 0.3/√nodes).';
const LABEL_METHOD =
  "Each component of the model is named by the truth's component in whose Mahalanobis distance its " +
  "mean is nearest, and labels the truth's nodes where its weighted density is highest: at d = 1 " +
  'between neighbours by linear interpolation of the margin (error near the square of a node ' +
  'spacing over the width of a component), above by counting (error near 1/nodes). ';
const STAGE_METHOD =
  'The share of lineages in the stage; of one lineage 0 or 1, from varianceRatio, tailMass1 and ' +
  'modesAlive, with the errors of these at the thresholds `stages.early` and `stages.late`.';
const MODE_METHOD =
  "E under q_t of the truth's responsibilities. At d = 1 the trapezoid rule per model component " +
  '(spectral where responsibilities are smooth on the scale of a node spacing); above, randomly ' +
  'shifted low-discrepancy points of q_t: unbiased for each mass.';

/** Row order is the order of columns and rows wherever all statistics are listed. */
export const STATISTICS: readonly StatisticRow[] = [
  {
    name: 'meanShiftSquared',
    label: 'Squared shift of the mean',
    symbol: '‖μ_t − μ₀‖²',
    unit: 'x²',
    doc: "How far the model's mean has wandered from the truth's, squared.",
    method: TOTAL,
    range: [0, null],
    scale: 'linear',
  },
  {
    name: 'totalVariance',
    label: 'Total variance',
    symbol: 'tr Σ_t',
    unit: 'x²',
    doc: "Trace of the model's total covariance, between components and within them.",
    method: TOTAL,
    range: [0, null],
    scale: 'log',
  },
  {
    name: 'varianceRatio',
    label: 'Variance kept',
    symbol: 'tr Σ_t / tr C₀',
    unit: '',
    doc: "The model's total variance as a share of the truth's: 1 is faithful, 0 is collapsed.",
    method: TOTAL,
    range: [0, null],
    scale: 'log',
  },
  {
    name: 'logVarianceRatio',
    label: 'Log of the variance kept',
    symbol: 'ln(tr Σ_t / tr C₀)',
    unit: 'nats',
    doc: 'Logarithm of the variance kept: collapse is a straight line downwards.',
    method: LOG_TOTAL,
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'logDetRatio',
    label: 'Log of the volume kept',
    symbol: 'ln(det Σ_t / det C₀)',
    unit: 'nats',
    doc: "Log determinant of the model's total covariance against the truth's.",
    method: `${LOG_TOTAL} At K = 1 the diagonal of the factor, so right for any shape.`,
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'frechetDistance',
    label: 'Fréchet distance',
    symbol: 'FD(q_t, p₀)',
    unit: 'x²',
    doc: 'Squared distance of the Gaussians with the moments of the model and of the truth.',
    method:
      '‖μ_t − μ₀‖² + ‖L₀V − FU‖² with C₀ = L₀L₀ᵀ, Σ_t = FFᵀ and FᵀL₀ = U S Vᵀ by one-sided Jacobi ' +
      'rotations: a sum of squares, so that nothing cancels. Error of the distance itself under ' +
      "1e-6 of the wider of the two Gaussians in f32; 0 at the truth up to that error's square.",
    range: [0, null],
    scale: 'log',
  },
  {
    name: 'wassersteinSquared',
    label: 'Wasserstein distance',
    symbol: 'W₂²(q_t, p₀)',
    unit: 'x²',
    doc: 'Squared distance that the mass of the model has to be moved to become the truth.',
    method:
      'At K = J = 1 the Fréchet distance, exact. Else on a line only: the squared difference of the ' +
      'quantiles at `nodes` standard normal nodes, the model’s by bisection between its components’ ' +
      'own, 100 times in f64 and 32 in f32; spectral where both are smooth. A quantile that jumps a ' +
      'gap between modes adds at most half a node’s mass times the squared gap.',
    range: [0, null],
    scale: 'log',
  },
  {
    name: 'entropy',
    label: 'Entropy',
    symbol: 'h(q_t)',
    unit: 'nats',
    doc: 'Differential entropy of the model: how much variety it can produce.',
    method: UNDER_MODEL,
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'entropyLoss',
    label: 'Entropy lost',
    symbol: 'h(p₀) − h(q_t)',
    unit: 'nats',
    doc: "The truth's entropy less the model's: nats of variety that are gone.",
    method:
      "The truth's entropy in f64 (closed form at one component, else to 1e-9 nats at d = 1 and " +
      `1e-4 above), less the model's. ${UNDER_MODEL}`,
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'klTruthToModel',
    label: 'Divergence from the truth',
    symbol: 'KL(p₀‖q_t)',
    unit: 'nats',
    doc: 'What was forgotten: nats lost on a real point by trusting the model.',
    method: `testNll minus the truth's entropy, over the same nodes. ${UNDER_TRUTH}`,
    range: [0, null],
    scale: 'log',
  },
  {
    name: 'klModelToTruth',
    label: 'Divergence to the truth',
    symbol: 'KL(q_t‖p₀)',
    unit: 'nats',
    doc: 'What was made up: nats by which the truth finds a point of the model less likely.',
    method:
      'Closed form for one component against one mode, a sum of squares. Else ln(q_t/p₀) averaged ' +
      'over q_t: at d = 1 the trapezoid rule per model component (error under 1e-9 of the value ' +
      "where the truth's responsibilities are smooth on the scale of a node spacing, else near the " +
      'square of the spacing times the bend of ln p₀), above randomly shifted low-discrepancy ' +
      'points of q_t, unbiased, and 0 at the truth at every point.',
    range: [0, null],
    scale: 'log',
  },
  {
    name: 'stepKl',
    label: 'Divergence of a step',
    symbol: 'KL(q_{t−1}‖q_t)',
    unit: 'nats',
    doc: 'What one generation forgets of the last one; at t = 1 the last one is the truth.',
    method:
      'Closed form at K = 1, a sum of squares. Else ln(q_{t−1}/q_t) averaged over q_{t−1}: at d = 1 ' +
      'the trapezoid rule per component (error under 1e-9 nats while no component of q_t is narrower ' +
      'than a node spacing of q_{t−1}), above randomly shifted low-discrepancy points, unbiased. At ' +
      't = 1 as klTruthToModel. f32 loses the step of the mean once the model is narrower than 2⁻⁴⁷ ' +
      'of its distance from the truth’s mean.',
    range: [0, null],
    scale: 'log',
  },
  {
    name: 'testNll',
    label: 'Test loss',
    symbol: '−E_p₀ ln q_t',
    unit: 'nats',
    doc: "The loss a test set of real points shows; the truth's own entropy is its floor.",
    method: UNDER_TRUTH,
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'selfNll',
    label: 'Loss on itself',
    symbol: '−E_q ln q_t',
    unit: 'nats',
    doc: 'The loss the model shows on points of its own, which is its entropy.',
    method: UNDER_MODEL,
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'calibrationGap',
    label: 'Calibration gap',
    symbol: '−E_p₀ ln q_t + E_q ln q_t',
    unit: 'nats',
    doc: 'Test loss less the loss on itself: how much surer the model is than it has reason to be.',
    method: 'testNll minus selfNll; the errors of both add up.',
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'coverage95',
    label: 'Coverage of the 95 % region',
    symbol: 'p₀(HDR₉₅(q_t))',
    unit: '',
    doc: "The truth's mass in the smallest region that the model holds for 95 %: calibration.",
    method: COVERAGE_METHOD,
    range: [0, 1],
    scale: 'linear',
  },
  {
    name: 'tailMass10',
    label: 'Outer 10 % kept',
    symbol: 'q_t(tail₁₀)/0.1',
    unit: '',
    doc: "The model's mass where the truth keeps its outer 10 %, divided by 10 %.",
    method: TAIL_METHOD,
    range: [0, 10],
    scale: 'linear',
  },
  {
    name: 'tailMass1',
    label: 'Outer 1 % kept',
    symbol: 'q_t(tail₁)/0.01',
    unit: '',
    doc: "The model's mass where the truth keeps its outer 1 %, divided by 1 %.",
    method: TAIL_METHOD,
    range: [0, 100],
    scale: 'linear',
  },
  {
    name: 'tailMass01',
    label: 'Outer 0.1 % kept',
    symbol: 'q_t(tail₀.₁)/0.001',
    unit: '',
    doc: "The model's mass where the truth keeps its outer 0.1 %, divided by 0.1 %.",
    method: TAIL_METHOD,
    range: [0, 1000],
    scale: 'linear',
  },
  {
    name: 'hallucinatedMass',
    label: 'Hallucinated mass',
    symbol: 'q_t(p₀ < c₀.₁)',
    unit: '',
    doc: "The model's mass where the truth's density is under the level of its rarest 0.1 %.",
    method:
      'At d = 1 the normal distribution function between the edges of that region, which are found ' +
      'by bisection in f64 (relative error in f32 under 2e-5 in the outer tails, absolute under ' +
      '1e-6 in gaps between modes). Above, tailMass01 · 0.001, unbiased. The truth itself has 0.001.',
    range: [0, 1],
    scale: 'log',
  },
  {
    name: 'valueAtRisk99',
    label: 'Value at risk kept',
    symbol: 'VaR₉₉(q_t)/VaR₉₉(p₀)',
    unit: '',
    doc: "The model's 1 % quantile over the truth's, both from the truth's mean; on a line only.",
    method: RISK_METHOD,
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'expectedShortfall99',
    label: 'Expected shortfall kept',
    symbol: 'ES₉₉(q_t)/ES₉₉(p₀)',
    unit: '',
    doc: "The model's mean below its 1 % quantile, over the truth's, as above; on a line only.",
    method:
      `${RISK_METHOD} The mean below x is x − E(x − X)⁺/0.01, closed form per component, which an ` +
      'error of x touches in second order only.',
    range: [null, null],
    scale: 'linear',
  },
  {
    name: 'modesAlive',
    label: 'Modes alive',
    symbol: '#{j : m_j > ω_j/10}',
    unit: '',
    doc: 'Modes of the truth to which the model still gives a tenth of their weight.',
    method: MODE_METHOD,
    range: [0, null],
    scale: 'linear',
    whole: true,
  },
  {
    name: 'effectiveModes',
    label: 'Effective number of modes',
    symbol: 'exp(−Σ m_j ln m_j)',
    unit: '',
    doc: "Exponential of the entropy of the modes' masses: equal modes count fully, rare ones less.",
    method: MODE_METHOD,
    range: [1, null],
    scale: 'linear',
  },
  {
    name: 'rarestModeMass',
    label: 'Mass of the rarest mode',
    symbol: 'm_rare',
    unit: '',
    doc: "The model's mass on the truth's lightest mode (the first of equals).",
    method: MODE_METHOD,
    range: [0, 1],
    scale: 'log',
  },
  {
    name: 'bulkAccuracy',
    label: 'Accuracy in the bulk',
    symbol: 'acc₉₀',
    unit: '',
    doc: "Truth points of the central 90 % that the model's components label by their mode.",
    method: `${LABEL_METHOD}The benchmark that stays green while rare modes are lost.`,
    range: [0, 1],
    scale: 'linear',
  },
  {
    name: 'stage1Share',
    label: 'Faithful',
    symbol: 'P(stage 1)',
    unit: '',
    doc: 'Lineages that have neither lost their tail nor collapsed.',
    method: STAGE_METHOD,
    range: [0, 1],
    scale: 'linear',
  },
  {
    name: 'stage2Share',
    label: 'Early collapse',
    symbol: 'P(stage 2)',
    unit: '',
    doc: 'Lineages whose outer 1 % is under the threshold of early collapse, but which have not collapsed.',
    method: STAGE_METHOD,
    range: [0, 1],
    scale: 'linear',
  },
  {
    name: 'stage3Share',
    label: 'Late collapse',
    symbol: 'P(stage 3)',
    unit: '',
    doc: 'Lineages whose variance kept is under the threshold of late collapse, or that feed one of several modes.',
    method: STAGE_METHOD,
    range: [0, 1],
    scale: 'linear',
  },
  {
    name: 'ancestry',
    label: 'Copies since a human',
    symbol: 'A_t',
    unit: 'copies',
    doc: 'How many copies of copies lie between the training points and a human, on average.',
    method:
      'Counted while the training set is drawn, whatever its points weigh: a real point, an ' +
      'archive’s and an adversary’s have 0, a synthetic one has 1 more than the model it was drawn ' +
      'from, and keeps that as long as it is kept; a model has the mean of its training set. Exact ' +
      'but for rounding.',
    range: [0, null],
    scale: 'linear',
  },
];

export const SCALAR_STATISTICS: readonly ScalarStatistic[] = STATISTICS.map(
  ({ name }) => name as ScalarStatistic,
);

const modeNumbers = Array.from({ length: MAX_TRUTH_COMPONENTS }, (_, j) => j + 1);

/** Rows of the statistics that there is one of for each mode, j standing for its number. */
export const MODE_FAMILIES: readonly ModeFamily[] = [
  {
    family: 'modeMass',
    label: 'Mass of mode',
    symbol: 'm',
    unit: '',
    doc: "The model's mass on the truth's mode j, in the order of its components.",
    method: MODE_METHOD,
    range: [0, 1],
    scale: 'log',
  },
  {
    family: 'modeRecall',
    label: 'Recall of mode',
    symbol: 'rec',
    unit: '',
    doc: "Share of mode j's own points that the model's components label by it.",
    method: LABEL_METHOD.trim(),
    range: [0, 1],
    scale: 'linear',
  },
];

export interface ModeFamily extends Omit<StatisticRow, 'name'> {
  readonly family: 'modeMass' | 'modeRecall';
}

const modeRows = MODE_FAMILIES.flatMap(({ family, label, symbol, ...rest }) =>
  modeNumbers.map((j): StatisticRow => {
    const doc = rest.doc.replace('mode j', `mode ${j}`);
    const name = `${family}_${j}` as ModeStatistic;
    return { ...rest, name, label: `${label} ${j}`, symbol: `${symbol}_${j}`, doc };
  }),
);

/** Those of every truth first; then the modes', of which a truth has as many as it has components. */
export const STATISTIC_NAMES: readonly StatisticName[] = [
  ...SCALAR_STATISTICS,
  ...modeRows.map(({ name }) => name),
];

/** What stands for several statistics in a request: a family of J, and the three stages. */
export const STATISTIC_FAMILIES: readonly string[] = ['modeMass', 'modeRecall', 'stageShares'];

/** The statistics that a name asks for, of a truth with `modes` components. */
export function statisticsNamed(name: string, modes: number): readonly string[] {
  if (name === 'stageShares') return STAGE_SHARES;
  const family = MODE_FAMILIES.some((row) => row.family === name);
  return family ? modeNumbers.slice(0, modes).map((j) => `${name}_${j}`) : [name];
}

export const STAGE_SHARES: readonly ScalarStatistic[] = [
  'stage1Share',
  'stage2Share',
  'stage3Share',
];

/** j of modeMass_j and modeRecall_j; 0 of any other. */
export const modeOf = (name: StatisticName): number => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);

/** Defined at d = 1 only. */
export const LINE_STATISTICS: readonly StatisticName[] = ['valueAtRisk99', 'expectedShortfall99'];

/** What has a closed form of one Gaussian against another in many dimensions, or needs none. */
export const WIDE_STATISTICS: readonly StatisticName[] = [
  ...(['meanShiftSquared', 'totalVariance', 'varianceRatio', 'logVarianceRatio'] as const),
  ...(['logDetRatio', 'entropy', 'entropyLoss', 'klTruthToModel', 'klModelToTruth'] as const),
  ...(['stepKl', 'testNll', 'selfNll', 'calibrationGap', 'ancestry'] as const),
];

/**
 * Those defined for a truth of `modes` components in `dim` dimensions and any model, or for one of
 * `components`.
 */
export const statisticsIn = (dim: number, modes = 1, components = 2): readonly StatisticName[] =>
  STATISTIC_NAMES.filter(
    (name) =>
      modeOf(name) <= modes &&
      (!isWide(dim) || WIDE_STATISTICS.includes(name)) &&
      (dim === 1 ||
        (!LINE_STATISTICS.includes(name) &&
          (name !== 'wassersteinSquared' || (modes === 1 && components === 1)))),
  );

const rows = new Map([...STATISTICS, ...modeRows].map((row) => [row.name, row]));

export const statisticRow = (name: StatisticName): StatisticRow => rows.get(name)!;
