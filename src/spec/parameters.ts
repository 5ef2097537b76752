/**
 * The one table of parameters. Validation, defaults, JSON Schema, flags, links, the form and the
 * reference tables are projections of it; nothing else knows a bound, a default or a word of help.
 */
import { MAX_COMPONENTS, MAX_EM_DIM, type Parameter, type ParameterGroup } from './parameter.ts';
import { BATCH_PARAMETERS } from './parameters-batch.ts';
import { TRUTH_PARAMETERS } from './parameters-truth.ts';
import type { TruthKind } from './parameter.ts';
import { MAX_CRITERIA } from './criteria.ts';
import { STATISTIC_NAMES } from './statistics.ts';

export const GROUPS: readonly { name: ParameterGroup; label: string; doc: string }[] = [
  { name: 'truth', label: 'Truth', doc: 'What the first model learns from.' },
  { name: 'batch', label: 'Batch', doc: 'Where the new points of each generation come from.' },
  { name: 'sampler', label: 'Sampler', doc: 'How synthetic points are drawn from the model.' },
  { name: 'screening', label: 'Screening', doc: 'What is let into a batch, and what gets in.' },
  { name: 'retention', label: 'Retention', doc: 'What each generation keeps to train on.' },
  { name: 'fit', label: 'Fit', doc: 'The model, and how it learns.' },
  { name: 'sizes', label: 'Sizes', doc: 'How much, how long, how often.' },
  { name: 'sweep', label: 'Sweep', doc: 'How the cells of a sweep are compared.' },
  { name: 'statistics', label: 'Statistics', doc: 'What is measured on every model.' },
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
      {
        value: 'accumulate',
        label: 'Accumulate',
        doc: 'Each generation trains on every batch there has been.',
      },
      {
        value: 'accumulate-subsample',
        label: 'Subsample',
        doc: 'Each generation trains on n points of every batch there has been, none of them twice.',
      },
    ],
    default: 'replace',
    axis: true,
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
    derived: `J, at most ${MAX_COMPONENTS}; 2 for data`,
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
      { value: 'tied', label: 'Tied', doc: 'Any ellipse, the same for all components.' },
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
      { value: 'map', label: 'MAP', doc: 'EM under a prior, which fit.prior describes; any K.' },
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
    doc: 'Steps of EM per generation, at most; few steps are the error of learning.',
    minimum: 1,
    maximum: 1000,
    default: 20,
    schedule: 'steps',
    axis: true,
  },
  {
    path: 'fit.tolerance',
    group: 'fit',
    kind: 'number',
    label: 'EM tolerance',
    symbol: 'δ_EM',
    unit: 'nats',
    doc: 'EM stops once the mean log-likelihood per point changes by less; 0 takes every step.',
    minimum: 0,
    maximum: 1,
    default: 0,
    schedule: 'steps',
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
      { value: 'random', label: 'Random', doc: 'K points of the training set as centres.' },
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
    schedule: 'steps',
    axis: true,
  },
  {
    path: 'fit.realWeight',
    group: 'fit',
    kind: 'number',
    label: 'Real weight',
    symbol: 'w',
    unit: '',
    doc: 'What the real points of a training set weigh together, synthetic ones weighing 1 − w.',
    minimum: 0,
    maximum: 1,
    nullable: 'every point weighs alike',
    default: null,
    schedule: 'steps',
    axis: true,
  },
  {
    path: 'fit.tailWeight',
    group: 'fit',
    kind: 'number',
    label: 'Tail weight',
    symbol: 'γ',
    unit: '',
    doc: 'Point x weighs ∝ q(x)^(−γ), q being the last model: training that does not forget the rare.',
    minimum: 0,
    maximum: 10,
    default: 0,
    schedule: 'steps',
    axis: true,
  },
  {
    path: 'fit.respawn',
    group: 'fit',
    kind: 'switch',
    label: 'Respawn',
    symbol: '',
    unit: '',
    doc:
      'Whether a component without points comes back in the next fit, on a random point with a ' +
      "K-th of the sample's volume and of the weight; else it stays dead.",
    default: false,
  },
  {
    path: 'fit.prior.centre',
    group: 'fit',
    kind: 'choice',
    label: 'Prior, centre',
    symbol: '',
    unit: '',
    doc: 'What the prior of the estimator map holds the fit to.',
    choices: [
      {
        value: 'parent',
        label: 'Parent',
        doc: 'The last model, as fine-tuning does; the first fit has no prior.',
      },
      { value: 'truth', label: 'Truth', doc: 'The truth, in every fit; needs K = J.' },
    ],
    default: 'parent',
    axis: true,
  },
  {
    path: 'fit.prior.strength',
    group: 'fit',
    kind: 'number',
    label: 'Prior, strength',
    symbol: 'κ_prior',
    unit: 'points',
    doc: 'How many points of the centre the prior stands for.',
    minimum: 0,
    maximum: 1e9,
    default: 10,
    schedule: 'steps',
    axis: true,
  },
  {
    path: 'closedForm',
    group: 'fit',
    kind: 'choice',
    label: 'Closed form',
    symbol: '',
    unit: '',
    doc: 'Whether mean and covariance are drawn from their laws where no point is needed for them.',
    choices: [
      {
        value: 'auto',
        label: 'Automatic',
        doc: 'As far as it pays in this version: the same as cheapest.',
      },
      {
        value: 'cheapest',
        label: 'Where it is cheapest',
        doc:
          'As counts, where points would cost more: from 1024 points in the last training set on ' +
          '(256 more for each further number of points that is taken of an archive), and above ' +
          'd = 4; elsewhere as replace.',
      },
      {
        value: 'counts',
        label: 'Statistics and counts',
        doc:
          'As statistics, and numbers of points that are left to chance are drawn too: bernoulli, ' +
          'poison, memory, truths of several Gaussians; archives of which batches take more or ' +
          'fewer points by quota; so are fits with realWeight and map, and of whatever is ' +
          'accumulated with a floor.',
      },
      {
        value: 'cheaper',
        label: 'Where it is cheaper',
        doc:
          'As statistics, where points would cost more: where batches are kept, grow, come from an ' +
          'archive or are paraphrased, and from n = 4096 on; elsewhere as replace.',
      },
      {
        value: 'statistics',
        label: 'Sufficient statistics',
        doc:
          'As replace, and for K = 1 of a truth of one Gaussian with real points by quota, an ' +
          'archive of them of one size, a floor, paraphrase, or everything accumulated (without ' +
          'a floor): groups of points by their means and covariances.',
      },
      {
        value: 'replace',
        label: 'Own samples',
        doc:
          'For K = 1 without real share and floor, from t = 2 on, and at t = 1 too if the truth is ' +
          'one Gaussian; costs the same for every n.',
      },
      { value: 'off', label: 'Off', doc: 'Every point is drawn.' },
    ],
    default: 'auto',
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
    path: 'growth',
    group: 'sizes',
    kind: 'number',
    label: 'Growth',
    symbol: 'g',
    unit: '',
    doc: 'Batch t has round(n·t^g) points: 0 keeps the size, 1 adds n points each generation.',
    minimum: 0,
    maximum: 4,
    default: 0,
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

const OTHERS: readonly Parameter[] = [
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
    doc:
      'What is measured on every model; modeMass and modeRecall stand for those of every mode, ' +
      `stageShares for the three stages. Above ${MAX_EM_DIM} dimensions those with a closed form.`,
    minimum: 1,
    maximum: STATISTIC_NAMES.length,
    default: ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio', 'tailMass1'],
  },
  {
    path: 'criteria',
    group: 'statistics',
    kind: 'criteria',
    label: 'Collapse when',
    symbol: '',
    unit: '',
    doc:
      'Criteria of collapse, as in half:varianceRatio<0.5 or worse:testNll>0.1@first, with ; between ' +
      'them: a level, above the truth’s own value (@truth), or above generation 1’s (@first). What ' +
      'comes after ! must not have happened: tails:tailMass1<0.5!varianceRatio<0.1.',
    minimum: 0,
    maximum: MAX_CRITERIA,
    derived: 'halfVariance:varianceRatio<0.5 where varianceRatio is measured, else none',
  },
  {
    path: 'stages.early',
    group: 'statistics',
    kind: 'number',
    label: 'Early collapse under',
    symbol: '',
    unit: '',
    doc: 'A lineage is in early collapse once it keeps less than this of the outer 1 %.',
    minimum: 0,
    maximum: 1,
    default: 0.5,
  },
  {
    path: 'stages.late',
    group: 'statistics',
    kind: 'number',
    label: 'Late collapse under',
    symbol: '',
    unit: '',
    doc: 'A lineage is in late collapse once it keeps less than this of the variance, or one mode of several.',
    minimum: 0,
    maximum: 1,
    default: 0.1,
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
  ...TRUTH_PARAMETERS,
  ...BATCH_PARAMETERS,
  ...RETENTION,
  ...FIT,
  ...SIZES,
  ...OTHERS,
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

/** Objects that hold fields, and are no fields themselves, outermost first. */
export const CONTAINERS: readonly string[] = [
  ...new Set(
    PARAMETERS.filter(({ path }) => path !== 'truth.weights.zipf').flatMap(({ path }) => {
      const keys = path.split('.').slice(0, -1);
      return keys.map((_, i) => keys.slice(0, i + 1).join('.'));
    }),
  ),
];

/** What may be an axis, for specs with that kind of truth. */
export const axesFor = (truth: TruthKind | null): readonly Parameter[] =>
  PARAMETERS.filter((row) => row.axis && (!row.truth || row.truth === truth));
