/**
 * What lets a field act. Beside others that are off it may change nothing whatever it says: left so
 * it is allowed, as the form shows, but an axis over it would be columns that are all the same.
 */
import { axisLength } from './axes.ts';
import { cellAt, combinations, truthComponentCount } from './cells.ts';
import { SCREENING, truthDim, TRUTH_DIM } from './rule.ts';
import { cornerSpecs, isScheduled } from './schedule.ts';
import { quotaCount } from './screening.ts';
import type { Axis, PhaseSpec, Spec } from './spec.ts';

export interface Effect {
  /** The fields that it lets act. */
  readonly paths: readonly string[];
  /** Everything it reads; a prefix stands for all below it. */
  readonly reads: readonly string[];
  /** Whether they may act in a cell as it is at one of its corners. */
  readonly acts: (phase: PhaseSpec, cell: Spec) => boolean;
  /** Why they do not: a sentence. */
  readonly text: string;
  /** What to do about it: a sentence without its end. */
  readonly remedy: string;
  /** Whether they mean nothing without it, so that the form does not show them. */
  readonly belongs?: true;
}

const J = ['truth.kind', 'truth.components'];
const K = [...J, 'fit.components', 'fit.componentsFromTruth'];
const REAL_SHARE = ['batch.realFraction', 'batch.web'];
const REAL_POINTS = [...SCREENING, 'batch.realDraw', 'sampleSize', 'growth', 'generations'];

/** Whether a batch after the first may have a share of real points. */
const mayBeReal = ({ batch }: Spec): boolean => batch.web !== null || batch.realFraction !== 0;

/** Whether it may have a real point, by quota too. What changes on the way is not looked at. */
const mayHaveReal = (phase: PhaseSpec, cell: Spec): boolean =>
  mayBeReal(cell) &&
  (isScheduled(cell) || phase.batch.realDraw === 'bernoulli' || quotaCount(phase) > 0);

const SET_REAL = 'Raise batch.realFraction';
const MORE_COMPONENTS = 'Raise fit.components';

/** In the order in which they are told. */
export const EFFECTS: readonly Effect[] = [
  {
    paths: ['truth.separation', 'truth.layout', 'truth.weights', 'truth.weights.zipf'],
    reads: J,
    acts: ({ truth }) => truth.kind !== 'blobs' || truth.components > 1,
    text: 'A single blob has no other beside it.',
    remedy: 'Raise truth.components',
  },
  {
    paths: ['batch.realFraction'],
    reads: ['batch.web'],
    acts: ({ batch }) => batch.web === null,
    text: 'The web says what the real share is.',
    remedy: 'Leave batch.web out',
  },
  {
    paths: ['batch.realDraw'],
    reads: REAL_SHARE,
    acts: (_, cell) => mayBeReal(cell),
    text: 'It acts once there is a real share.',
    remedy: SET_REAL,
  },
  {
    paths: ['batch.realSource'],
    reads: REAL_POINTS,
    acts: mayHaveReal,
    text: 'It acts once batches have real points.',
    remedy: SET_REAL,
  },
  {
    paths: ['batch.coreset.size'],
    reads: ['batch.realSource'],
    acts: ({ batch }) => batch.realSource === 'fixed',
    text: 'A coreset is made of an archive.',
    remedy: 'Set batch.realSource to fixed',
    belongs: true,
  },
  {
    paths: ['batch.coreset.method'],
    reads: ['batch.coreset'],
    acts: ({ batch }) => batch.coreset !== null,
    text: 'It acts once there is a coreset.',
    remedy: 'Give batch.coreset.size',
    belongs: true,
  },
  {
    paths: ['batch.coreset.size', 'batch.coreset.method'],
    reads: ['batch.realSource', ...REAL_POINTS],
    acts: (phase, cell) => phase.batch.realSource === 'fixed' && mayHaveReal(phase, cell),
    text: 'Distils an archive: it acts once batches have real points of a fixed source.',
    remedy: SET_REAL,
  },
  {
    paths: ['batch.web.published', 'batch.web.humanReservoir'],
    reads: ['batch.web'],
    acts: ({ batch }) => batch.web !== null,
    text: 'It acts once there is a web.',
    remedy: 'Give batch.web.stock',
    belongs: true,
  },
  {
    paths: ['batch.paraphrase.passes'],
    reads: ['batch.paraphrase.noise', 'batch.watermark', ...REAL_SHARE],
    acts: ({ batch: { paraphrase, watermark } }, cell) =>
      paraphrase.noise > 0 ||
      (watermark.coverage > 0 && watermark.laundering > 0 && mayBeReal(cell)),
    text: 'It acts once a pass adds noise, or may remove a mark that keeps points out.',
    remedy: 'Raise batch.paraphrase.noise',
    belongs: true,
  },
  {
    paths: ['batch.detector.decay'],
    reads: ['batch.detector.recall'],
    acts: ({ batch }) => batch.detector.recall > 0,
    text: 'It acts once there is a recall to fall.',
    remedy: 'Raise batch.detector.recall',
    belongs: true,
  },
  {
    paths: ['batch.watermark.laundering'],
    reads: ['batch.watermark.coverage'],
    acts: ({ batch }) => batch.watermark.coverage > 0,
    text: 'It acts once points are marked.',
    remedy: 'Raise batch.watermark.coverage',
    belongs: true,
  },
  {
    paths: ['batch.provenance.signedShare'],
    reads: ['batch.detector.falsePositiveRate'],
    acts: ({ batch }) => batch.detector.falsePositiveRate > 0,
    text: 'It acts once the detector drops real points.',
    remedy: 'Raise batch.detector.falsePositiveRate',
    belongs: true,
  },
  {
    paths: [
      ...['recall', 'falsePositiveRate', 'decay'].map((name) => `batch.detector.${name}`),
      ...['batch.watermark.coverage', 'batch.watermark.laundering'],
      'batch.provenance.signedShare',
    ],
    reads: REAL_SHARE,
    acts: (_, cell) => mayBeReal(cell),
    text: 'It acts once there is a real share: else what is dropped is replaced by its like.',
    remedy: SET_REAL,
  },
  {
    paths: ['batch.verifier.error'],
    reads: ['batch.verifier.keep'],
    acts: ({ batch }) => batch.verifier.keep < 1,
    text: 'It acts once the verifier keeps less than all.',
    remedy: 'Lower batch.verifier.keep',
    belongs: true,
  },
  {
    paths: ['batch.poison.mean', 'batch.poison.scale'],
    reads: ['batch.poison.share'],
    acts: ({ batch }) => batch.poison.share > 0,
    text: 'It acts once the share of poison is above 0.',
    remedy: 'Raise batch.poison.share',
    belongs: true,
  },
  {
    paths: ['batch.weightSharpening'],
    reads: K,
    acts: ({ fit }) => fit.components > 1,
    text: 'A model of one component has no choice to make.',
    remedy: MORE_COMPONENTS,
  },
  {
    paths: ['batch.protectedModes'],
    reads: J,
    acts: ({ truth }) => truth.kind !== 'data',
    text: 'Rows of a data set do not say which mode they belong to.',
    remedy: 'Use a mixture as truth',
  },
  {
    paths: ['batch.protectedModes'],
    reads: J,
    acts: ({ truth }) => truthComponentCount(truth) !== 1,
    text: 'The truth has one mode.',
    remedy: 'Raise truth.components',
  },
  {
    paths: ['fit.covariance'],
    reads: [...K, ...TRUTH_DIM],
    acts: ({ fit, truth }) => fit.components > 1 || truthDim(truth) > 1,
    text: 'In one dimension one component has one shape.',
    remedy: MORE_COMPONENTS,
  },
  {
    paths: ['fit.iterations', 'fit.tolerance', 'fit.init'],
    reads: K,
    acts: ({ fit }) => fit.components > 1,
    text: 'One component is fitted in one step, from no start.',
    remedy: MORE_COMPONENTS,
    belongs: true,
  },
  {
    paths: ['fit.realWeight'],
    reads: [...REAL_POINTS, 'retention', 'batch.protectedModes'],
    acts: (phase, cell) =>
      cell.retention !== 'replace' ||
      cell.batch.protectedModes.length > 0 ||
      mayHaveReal(phase, cell),
    text: 'It acts once training sets hold real points.',
    remedy: SET_REAL,
  },
  {
    paths: ['fit.respawn'],
    reads: K,
    acts: ({ fit }) => fit.components > 1,
    text: 'One component never loses all points.',
    remedy: MORE_COMPONENTS,
  },
  {
    paths: ['fit.prior.centre', 'fit.prior.strength'],
    reads: ['fit.estimator'],
    acts: ({ fit }) => fit.estimator === 'map',
    text: 'The estimator map has a prior.',
    remedy: 'Set fit.estimator to map',
    belongs: true,
  },
  {
    paths: ['closedForm'],
    reads: K,
    acts: ({ fit }) => fit.components === 1,
    text: 'Fits of several components have no law to be drawn from.',
    remedy: 'Lower fit.components to 1',
    belongs: true,
  },
  {
    paths: ['pairing'],
    reads: [],
    acts: (_, { sweep }) => Object.keys(sweep).length > 0,
    text: 'A single cell has none to be compared with.',
    remedy: 'Sweep a field',
  },
];

/** Axes that something reads, by the fields it reads. */
export const axesRead = (reads: readonly string[], { sweep }: Spec): [string, Axis][] =>
  Object.entries(sweep).filter(([path]) =>
    reads.some((field) => path === field || path.startsWith(`${field}.`)),
  );

/** Specs are never changed, and the form asks after every field again and again. */
const known = new WeakMap<Spec, Map<Effect, boolean>>();

/** Whether the fields of an effect may act in some cell at some generation. */
function actsSomewhere(effect: Effect, spec: Spec): boolean {
  const answers = known.get(spec) ?? new Map<Effect, boolean>();
  known.set(spec, answers);
  const held = answers.get(effect) ?? tryCells(effect, spec);
  answers.set(effect, held);
  return held;
}

function tryCells({ reads, acts }: Effect, spec: Spec): boolean {
  const axes = axesRead(reads, spec);
  const paths = axes.map(([path]) => path);
  for (const values of combinations(axes.map(([, axis]) => axis))) {
    const cell = cellAt(spec, paths, values);
    if (cornerSpecs(cell).some((phase) => acts(phase, cell))) return true;
  }
  return false;
}

/** What the field at a path lacks, so that it acts in no cell: nothing where it may act. */
export const idleEffects = (path: string, spec: Spec): readonly Effect[] =>
  EFFECTS.filter((effect) => effect.paths.includes(path) && !actsSomewhere(effect, spec));

/** Cells that have to be looked at to know whether the field at a path acts in one. */
export const cellsRead = (path: string, spec: Spec): number =>
  Math.max(
    ...EFFECTS.filter(({ paths }) => paths.includes(path)).map(({ reads }) =>
      axesRead(reads, spec).reduce((product, [, axis]) => product * axisLength(axis), 1),
    ),
  );
