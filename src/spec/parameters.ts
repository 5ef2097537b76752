/**
 * The one table of parameters. Validation, defaults, JSON Schema, flags, links, the form and the
 * reference tables are projections of it; nothing else knows a bound, a default or a word of help.
 */
import { STATISTIC_NAMES } from './statistics.ts';
import type { TruthKind } from './spec.ts';

export type ParameterKind =
  | 'integer'
  | 'number'
  | 'choice'
  | 'text'
  | 'texts'
  | 'weights'
  | 'mixture'
  | 'statistics'
  | 'flag';

export type ParameterGroup =
  'truth' | 'batch' | 'retention' | 'fit' | 'sizes' | 'sweep' | 'statistics';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly doc: string;
}

export interface Parameter {
  /** Dotted path in the spec. */
  readonly path: string;
  /** The kind of truth that has this field; absent: all. */
  readonly truth?: TruthKind;
  readonly group: ParameterGroup;
  readonly kind: ParameterKind;
  readonly label: string;
  readonly symbol: string;
  readonly unit: string;
  /** One sentence of help. */
  readonly doc: string;
  /** Bounds of numbers, or of the length of lists and texts; inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly Choice[];
  /** Absent where the field is required, derived or optional. */
  readonly default?: unknown;
  /** How the default follows from other fields. */
  readonly derived?: string;
  /** May be left out and is then absent from the resolved spec. */
  readonly optional?: true;
  /** May be an axis of the sweep. */
  readonly axis?: true;
}

export const GROUPS: readonly { name: ParameterGroup; label: string; doc: string }[] = [
  { name: 'truth', label: 'Truth', doc: 'What the first model learns from.' },
  { name: 'batch', label: 'Batch', doc: 'Where the new points of each generation come from.' },
  { name: 'retention', label: 'Retention', doc: 'What each generation keeps to train on.' },
  { name: 'fit', label: 'Fit', doc: 'The model, and how it learns.' },
  { name: 'sizes', label: 'Sizes', doc: 'How much, how long, how often.' },
  { name: 'sweep', label: 'Sweep', doc: 'How the cells of a sweep are compared.' },
  { name: 'statistics', label: 'Statistics', doc: 'What is measured on every model.' },
];

/** Most components of a truth: room for the 5 × 5 grid of Alemohammad et al. 2023. */
export const MAX_TRUTH_COMPONENTS = 32;
export const MAX_COMPONENTS = 8;
export const MAX_DIM = 3;

const TRUTH: readonly Parameter[] = [
  {
    path: 'truth.kind',
    group: 'truth',
    kind: 'choice',
    label: 'Truth',
    symbol: 'p₀',
    unit: '',
    doc: 'The distribution of real points.',
    choices: [
      { value: 'blobs', label: 'Blobs', doc: 'Equal-width Gaussians at equal distances.' },
      { value: 'mixture', label: 'Mixture', doc: 'Gaussians with weights, means, covariances.' },
      { value: 'data', label: 'Data', doc: 'The rows of a CSV file.' },
    ],
  },
  {
    path: 'truth.dim',
    truth: 'blobs',
    group: 'truth',
    kind: 'integer',
    label: 'Dimensions',
    symbol: 'd',
    unit: '',
    doc: 'How many numbers make a point.',
    minimum: 1,
    maximum: MAX_DIM,
    default: 1,
    axis: true,
  },
  {
    path: 'truth.components',
    truth: 'blobs',
    group: 'truth',
    kind: 'integer',
    label: 'Modes',
    symbol: 'J',
    unit: '',
    doc: 'How many blobs the truth has.',
    minimum: 1,
    maximum: MAX_TRUTH_COMPONENTS,
    default: 3,
    axis: true,
  },
  {
    path: 'truth.separation',
    truth: 'blobs',
    group: 'truth',
    kind: 'number',
    label: 'Separation',
    symbol: '',
    unit: 'σ',
    doc: "Distance between neighbouring blobs, in a blob's standard deviations.",
    minimum: 0,
    maximum: 1e6,
    default: 4,
    axis: true,
  },
  {
    path: 'truth.layout',
    truth: 'blobs',
    group: 'truth',
    kind: 'choice',
    label: 'Layout',
    symbol: '',
    unit: '',
    doc: 'How the blobs are placed about the origin.',
    choices: [
      { value: 'line', label: 'Line', doc: 'In a row along the first coordinate.' },
      { value: 'ring', label: 'Ring', doc: 'On a circle in the first two coordinates.' },
      { value: 'grid', label: 'Grid', doc: 'On a square or cubic lattice, filled row by row.' },
    ],
    default: 'line',
    axis: true,
  },
  {
    path: 'truth.weights',
    truth: 'blobs',
    group: 'truth',
    kind: 'weights',
    label: 'Weights',
    symbol: 'ω',
    unit: '',
    doc: 'Share of each blob: equal, Zipf (rare modes stand for minority knowledge) or a list.',
    default: 'equal',
  },
  {
    path: 'truth.weights.zipf',
    truth: 'blobs',
    group: 'truth',
    kind: 'number',
    label: 'Zipf exponent',
    symbol: 's',
    unit: '',
    doc: 'Blob number j weighs in proportion to j⁻ˢ: 0 is equal, larger makes the last ones rarer.',
    minimum: 0,
    maximum: 10,
    optional: true,
    axis: true,
  },
  {
    path: 'truth.components',
    truth: 'mixture',
    group: 'truth',
    kind: 'mixture',
    label: 'Components',
    symbol: 'ω, m, C',
    unit: '',
    doc: 'Weight, mean and covariance of each Gaussian of the truth.',
    minimum: 1,
    maximum: MAX_TRUTH_COMPONENTS,
  },
  {
    path: 'truth.file',
    truth: 'data',
    group: 'truth',
    kind: 'text',
    label: 'File',
    symbol: '',
    unit: '',
    doc: 'CSV file with a header row; real points are drawn from its rows, with replacement.',
    minimum: 1,
    maximum: 255,
  },
  {
    path: 'truth.columns',
    truth: 'data',
    group: 'truth',
    kind: 'texts',
    label: 'Columns',
    symbol: '',
    unit: '',
    doc: 'Names of the one to three columns that make a point.',
    minimum: 1,
    maximum: MAX_DIM,
  },
];

const BATCH: readonly Parameter[] = [
  {
    path: 'batch.realFraction',
    group: 'batch',
    kind: 'number',
    label: 'Real share',
    symbol: 'r',
    unit: '',
    doc: 'Share of real points in each batch from the second generation on; the rest is generated.',
    minimum: 0,
    maximum: 1,
    default: 0,
    axis: true,
  },
  {
    path: 'batch.realDraw',
    group: 'batch',
    kind: 'choice',
    label: 'Real draw',
    symbol: '',
    unit: '',
    doc: 'Whether the number of real points is fixed or left to chance.',
    choices: [
      { value: 'quota', label: 'Quota', doc: 'Exactly ⌊n·r + ½⌋ points are real.' },
      { value: 'bernoulli', label: 'Bernoulli', doc: 'Each point is real with probability r.' },
    ],
    default: 'quota',
    axis: true,
  },
];

const RETENTION: readonly Parameter[] = [
  {
    path: 'retention',
    group: 'retention',
    kind: 'choice',
    label: 'Retention',
    symbol: 'D',
    unit: '',
    doc: 'What becomes of the points of earlier generations.',
    choices: [
      { value: 'replace', label: 'Replace', doc: 'Each generation trains on its own batch alone.' },
    ],
    default: 'replace',
  },
];

const FIT: readonly Parameter[] = [
  {
    path: 'fit.components',
    group: 'fit',
    kind: 'integer',
    label: 'Components',
    symbol: 'K',
    unit: '',
    doc: 'How many Gaussians the model has; other than J is the error of expressivity.',
    minimum: 1,
    maximum: MAX_COMPONENTS,
    derived: 'J, at most 8; 2 for data',
    axis: true,
  },
  {
    path: 'fit.componentsFromTruth',
    group: 'fit',
    kind: 'flag',
    label: 'Components follow the truth',
    symbol: '',
    unit: '',
    doc: 'In a sweep over truth.components: each cell has K = J, whatever fit.components says.',
    optional: true,
  },
  {
    path: 'fit.covariance',
    group: 'fit',
    kind: 'choice',
    label: 'Covariance',
    symbol: 'Σ',
    unit: '',
    doc: 'The shapes that a component of the model may take.',
    choices: [
      { value: 'full', label: 'Full', doc: 'Any ellipse.' },
      { value: 'diagonal', label: 'Diagonal', doc: 'Ellipses along the axes.' },
      { value: 'spherical', label: 'Spherical', doc: 'Circles.' },
    ],
    default: 'full',
    axis: true,
  },
  {
    path: 'fit.estimator',
    group: 'fit',
    kind: 'choice',
    label: 'Estimator',
    symbol: '',
    unit: '',
    doc: 'How the model is fitted to its training set.',
    choices: [
      { value: 'mle', label: 'Maximum likelihood', doc: 'Closed form, divides by n; K = 1.' },
      { value: 'unbiased', label: 'Unbiased', doc: 'Closed form, divides by n − 1; K = 1.' },
      { value: 'em', label: 'EM', doc: 'Expectation maximisation; any K.' },
    ],
    derived: 'mle where every cell has K = 1, else em',
    axis: true,
  },
  {
    path: 'fit.iterations',
    group: 'fit',
    kind: 'integer',
    label: 'EM iterations',
    symbol: '',
    unit: '',
    doc: 'Steps of EM per generation; few steps are the error of learning.',
    minimum: 1,
    maximum: 1000,
    default: 20,
    axis: true,
  },
  {
    path: 'fit.init',
    group: 'fit',
    kind: 'choice',
    label: 'Start of EM',
    symbol: '',
    unit: '',
    doc: 'Where EM starts in each generation.',
    choices: [
      {
        value: 'parent',
        label: 'Parent',
        doc: "The last generation's model; the truth in the first one, or kmeans where K ≠ J.",
      },
      { value: 'truth', label: 'Truth', doc: 'The truth itself; needs K = J.' },
      { value: 'kmeans', label: 'k-means', doc: 'k-means++ and Lloyd on the training set.' },
    ],
    default: 'parent',
    axis: true,
  },
  {
    path: 'fit.covarianceFloor',
    group: 'fit',
    kind: 'number',
    label: 'Covariance floor',
    symbol: 'ε',
    unit: 'x²',
    doc: 'Added to every variance at each M-step, which keeps components from shrinking to a point.',
    minimum: 0,
    maximum: 1e12,
    default: 0,
    axis: true,
  },
];

const SIZES: readonly Parameter[] = [
  {
    path: 'sampleSize',
    group: 'sizes',
    kind: 'integer',
    label: 'Sample size',
    symbol: 'n',
    unit: 'points',
    doc: 'Points in each training set; few points are the statistical error.',
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
    axis: true,
  },
  {
    path: 'generations',
    group: 'sizes',
    kind: 'integer',
    label: 'Generations',
    symbol: 'G',
    unit: '',
    doc: "How many models are fitted in a row, each to the last one's output.",
    minimum: 1,
    maximum: 1_000_000,
    default: 50,
  },
  {
    path: 'replicates',
    group: 'sizes',
    kind: 'integer',
    label: 'Replicates',
    symbol: 'R',
    unit: 'lineages',
    doc: 'Independent lineages per cell: more make the intervals narrower.',
    minimum: 1,
    maximum: 1_000_000_000,
    default: 1000,
  },
  {
    path: 'seed',
    group: 'sizes',
    kind: 'integer',
    label: 'Seed',
    symbol: '',
    unit: '',
    doc: 'Same seed, same numbers.',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 1,
  },
];

const REST: readonly Parameter[] = [
  {
    path: 'pairing',
    group: 'sweep',
    kind: 'choice',
    label: 'Pairing',
    symbol: '',
    unit: '',
    doc: 'Whether the cells of a sweep share their random numbers.',
    choices: [
      {
        value: 'common',
        label: 'Common',
        doc: 'Lineage i of every cell has the same numbers, so cells are compared in pairs.',
      },
      { value: 'independent', label: 'Independent', doc: 'Each cell has its own numbers.' },
    ],
    default: 'common',
  },
  {
    path: 'statistics',
    group: 'statistics',
    kind: 'statistics',
    label: 'Statistics',
    symbol: '',
    unit: '',
    doc: 'What is measured on every model.',
    minimum: 1,
    maximum: STATISTIC_NAMES.length,
    default: ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio', 'tailMass1'],
  },
  {
    path: 'nodes',
    group: 'statistics',
    kind: 'integer',
    label: 'Nodes',
    symbol: '',
    unit: '',
    doc: 'Points at which expectations without a closed form are evaluated.',
    minimum: 64,
    maximum: 65536,
    default: 1024,
  },
  {
    path: 'version',
    group: 'sizes',
    kind: 'integer',
    label: 'Version',
    symbol: '',
    unit: '',
    doc: 'Version of the spec itself.',
    minimum: 1,
    maximum: 1,
    default: 1,
  },
];

/** In the order of the form. `sweep` itself is described in `sweep.ts`: its keys are these paths. */
export const PARAMETERS: readonly Parameter[] = [
  ...TRUTH,
  ...BATCH,
  ...RETENTION,
  ...FIT,
  ...SIZES,
  ...REST,
];

/** The row at a path, for specs with that kind of truth. */
export function parameterAt(path: string, truth: TruthKind | null): Parameter | undefined {
  return PARAMETERS.find(
    (row) => row.path === path && (row.truth === undefined || row.truth === truth),
  );
}

/** Rows of a spec with that kind of truth; without the one that lives inside `truth.weights`. */
export const fieldsFor = (truth: TruthKind | null): readonly Parameter[] =>
  PARAMETERS.filter(
    (row) => (!row.truth || row.truth === truth) && row.path !== 'truth.weights.zipf',
  );

/** What may be an axis, for specs with that kind of truth. */
export const axesFor = (truth: TruthKind | null): readonly Parameter[] =>
  PARAMETERS.filter((row) => row.axis && (!row.truth || row.truth === truth));
