/** What one field forbids another, with the reason. `check-rules.ts` tries them. */
import { MAX_PHASES } from './check-schedule.ts';
import { truthComponentCount } from './cells.ts';
import { CORESET_RULES, ENTRIES, entryCount } from './coreset.ts';
import { isWide } from './parameter.ts';
import { formatNumber } from './report.ts';
import { SCREENING, truthDim, TRUTH_DIM as DIM, type Rule } from './rule.ts';
import { acceptance } from './screening.ts';
import { batchSize, keepsChanging } from './schedule.ts';
import type { PhaseSpec, Spec } from './spec.ts';
import { LINE_STATISTICS, modeOf } from './statistics.ts';
import { WIDE_RULES } from './wide-rules.ts';

const J = ['truth.kind', 'truth.components'];
const K = [...J, 'fit.components', 'fit.componentsFromTruth'];

export const RULES: readonly Rule[] = [
  {
    field: 'batch.detector.recall',
    reads: SCREENING,
    check: ({ batch }) => screeningProblem(batch),
  },
  {
    field: 'truth.layout',
    reads: [...DIM, 'truth.layout'],
    check: ({ truth }) =>
      truth.kind === 'blobs' && truth.layout !== 'line' && truth.dim < 2
        ? [`A ${truth.layout} needs two dimensions.`, 'Raise truth.dim to 2, or use line.']
        : null,
  },
  {
    field: 'truth.weights',
    reads: [...J, 'truth.weights'],
    check: ({ truth }) =>
      truth.kind === 'blobs' &&
      Array.isArray(truth.weights) &&
      truth.weights.length !== truth.components
        ? [
            `${truth.weights.length} weights do not fit ${truth.components} blobs.`,
            'Give one weight per blob.',
          ]
        : null,
  },
  {
    field: 'generations',
    reads: ['batch.detector.decay', 'batch.web', 'growth', 'generations'],
    check: (cell) =>
      keepsChanging(cell) && cell.generations > MAX_PHASES
        ? [
            `Each of ${formatNumber(cell.generations)} generations is another than the one before.`,
            `Lower generations to ${formatNumber(MAX_PHASES)}, or turn decay, web and growth off.`,
          ]
        : null,
  },
  {
    field: 'batch.web.stock',
    reads: ['batch.web', 'batch.realFraction'],
    check: ({ batch }, { batch: asked }) =>
      batch.web && asked.realFraction !== 0
        ? [
            'The web says what the real share is, and so does realFraction.',
            'Leave one of them out.',
          ]
        : null,
  },
  {
    field: 'batch.web.humanReservoir',
    reads: ['batch.web', 'batch.realDraw', 'sampleSize'],
    check: ({ batch }, { sampleSize }) => reservoirProblem(batch, sampleSize),
  },
  {
    field: 'growth',
    reads: ['growth', 'sampleSize', 'generations', 'retention'],
    check: (_, cell) => sizeProblem(cell),
  },
  {
    field: 'batch.qualityFilter',
    reads: ['batch.qualityFilter', 'batch.realSource', 'batch.realDraw', ...SCREENING],
    check: ({ batch }) =>
      batch.qualityFilter > 0 &&
      batch.realSource === 'fixed' &&
      batch.realDraw === 'quota' &&
      batch.realFraction > 0
        ? [
            'Under quota an archive has the same point for a place again and again, and no filter ' +
              'keeps it out.',
            'Draw by bernoulli, or take fresh points.',
          ]
        : null,
  },
  ...CORESET_RULES,
  {
    field: 'batch.poison.mean',
    reads: ['batch.poison.mean', ...DIM],
    check: ({ batch, truth }) => {
      const { length } = batch.poison.mean;
      const dim = truthDim(truth);
      if (length === 1 || length === dim) return null;
      const space = dim === 1 ? 'one dimension' : `${dim} dimensions`;
      return [
        `${length} numbers do not fit points in ${space}.`,
        dim === 1 ? 'Give one number.' : `Give one number for all axes, or ${dim}.`,
      ];
    },
  },
  {
    field: 'batch.protectedModes',
    reads: ['batch.protectedModes', ...J],
    check: ({ batch, truth }) => protectedProblem(batch.protectedModes, truth),
  },
  {
    field: 'fit.estimator',
    reads: ['fit.estimator', ...K],
    check: ({ fit }) =>
      fit.components > 1 && (fit.estimator === 'mle' || fit.estimator === 'unbiased')
        ? [
            `${fit.estimator} is a closed form for one component, and K is ${fit.components}.`,
            'Use em, or lower fit.components to 1.',
          ]
        : null,
  },
  {
    field: 'sampleSize',
    reads: ['fit.estimator', 'sampleSize'],
    check: ({ fit, sampleSize }) =>
      fit.estimator === 'unbiased' && sampleSize < 2
        ? ['The unbiased estimator divides by n − 1 = 0.', 'Raise sampleSize to 2, or use mle.']
        : null,
  },
  {
    field: 'fit.estimator',
    reads: ['fit.estimator', 'fit.realWeight', 'fit.tailWeight'],
    check: ({ fit }) =>
      fit.estimator === 'unbiased' && (fit.realWeight !== null || fit.tailWeight > 0)
        ? [
            'Dividing by n − 1 is right where all points weigh alike.',
            'Use mle, or leave out fit.realWeight and fit.tailWeight.',
          ]
        : null,
  },
  {
    field: 'fit.estimator',
    reads: ['fit.estimator', 'fit.prior', 'fit.init', ...K],
    check: ({ fit, truth }) => priorProblem(fit, truthComponentCount(truth)),
  },
  {
    field: 'fit.respawn',
    reads: ['fit.respawn', 'fit.init', ...K],
    check: respawnProblem,
  },
  {
    field: 'fit.init',
    reads: ['fit.init', ...K],
    check: ({ fit, truth }) => initProblem(fit, truthComponentCount(truth)),
  },
  {
    field: 'sampleSize',
    reads: ['fit.init', 'sampleSize', ...K],
    check: ({ fit, truth, sampleSize }) =>
      kmeansProblem(fit, truthComponentCount(truth), sampleSize),
  },
  {
    field: 'fit.covarianceFloor',
    reads: ['fit.estimator', 'fit.covariance', 'fit.covarianceFloor', 'sampleSize', ...DIM, ...K],
    check: floorProblem,
  },
  {
    field: 'batch.coreset.size',
    reads: [
      ...['fit.init', 'fit.estimator', 'fit.covariance', 'fit.covarianceFloor'],
      ...[...ENTRIES, ...DIM, ...K],
    ],
    check: fewPointsProblem,
  },
  {
    field: 'statistics',
    reads: ['statistics', ...DIM],
    check: lineProblem,
  },
  {
    field: 'statistics',
    reads: ['statistics', ...DIM, ...K],
    check: (cell) => quantileProblem(cell, truthComponentCount(cell.truth)),
  },
  {
    field: 'statistics',
    reads: ['statistics', ...J],
    check: ({ statistics, truth }) => modeProblem(statistics, truthComponentCount(truth)),
  },
  ...WIDE_RULES,
];

/** Most points of one training set: one lineage of it is 128 MiB at d = 3. */
const MOST_POINTS = 1e7;

/** What a training set comes to at the last generation. */
function sizeProblem(cell: Spec): readonly [string, string] | null {
  const { generations, retention } = cell;
  let points = batchSize(cell, generations);
  if (retention === 'accumulate') {
    points *= generations;
    if (cell.growth > 0) points /= cell.growth + 1;
  }
  if (points <= MOST_POINTS) return null;
  return [
    `The last training set would have about ${formatNumber(Number(points.toPrecision(3)))} points.`,
    `Stay under ${formatNumber(MOST_POINTS)}: lower growth, sampleSize or generations.`,
  ];
}

/** A reservoir is counted in whole points, generation by generation. */
function reservoirProblem(
  { web, realDraw }: PhaseSpec['batch'],
  sampleSize: number,
): readonly [string, string] | null {
  if (!web || web.humanReservoir === null) return null;
  if (realDraw === 'bernoulli') {
    return [
      'With bernoulli every lineage would use its real points up at another time.',
      'Draw by quota, or leave the reservoir without end.',
    ];
  }
  if (web.humanReservoir >= sampleSize) return null;
  return [
    `The first generation takes ${formatNumber(sampleSize)} real points, and there are ${formatNumber(web.humanReservoir)}.`,
    `Raise it to ${formatNumber(sampleSize)}, or lower sampleSize.`,
  ];
}

function protectedProblem(
  modes: readonly number[],
  truth: Spec['truth'],
): readonly [string, string] | null {
  if (modes.length === 0) return null;
  const count = truthComponentCount(truth);
  if (count === null) {
    return [
      'Rows of a data set do not say which mode they belong to.',
      'Leave it empty, or use a mixture as truth.',
    ];
  }
  const missing = modes.find((mode) => mode > count);
  if (missing !== undefined) {
    return [`The truth has no component ${missing}.`, `Choose among 1 to ${count}.`];
  }
  return modes.length < count
    ? null
    : ['All modes are protected: no synthetic point is left.', 'Leave one of them out.'];
}

/** A quantile needs an order. */
function lineProblem({ statistics, truth }: PhaseSpec): readonly [string, string] | null {
  const name = statistics.find((name) => LINE_STATISTICS.includes(name));
  const dim = truthDim(truth);
  if (name === undefined || dim === 1) return null;
  return [
    `${name} is a quantile, and points in ${dim} dimensions have no order.`,
    `Leave out ${name}, or use a truth of one dimension.`,
  ];
}

/** W₂ between mixtures has no formula, but for quantiles. */
export function quantileProblem(
  { statistics, truth, fit }: PhaseSpec,
  modes: number | null,
): readonly [string, string] | null {
  const dim = truthDim(truth);
  const single = fit.components === 1 && (modes ?? 1) === 1;
  if (!statistics.includes('wassersteinSquared') || dim === 1 || single) return null;
  return [
    `wassersteinSquared between mixtures in ${dim} dimensions is an optimisation, not a number.`,
    'Take frechetDistance, a truth of one dimension, or one component and one mode.',
  ];
}

/** A truth has a mode for each of its components. J null: not yet known. */
export function modeProblem(
  statistics: Spec['statistics'],
  modes: number | null,
): readonly [string, string] | null {
  const name = statistics.find((name) => modeOf(name) > (modes ?? Infinity));
  if (name === undefined) return null;
  return [
    `${name} asks for mode ${modeOf(name)}, and the truth has ${modes}.`,
    `Leave out ${name}.`,
  ];
}

/** What is drawn until the batch is full has to be able to fill it. */
function screeningProblem(batch: PhaseSpec['batch']): readonly [string, string] | null {
  const { real, synthetic } = acceptance(batch);
  const { realFraction } = batch;
  if (realFraction * real + (1 - realFraction) * synthetic > 0) return null;
  return realFraction === 1
    ? ['Every real point is dropped, and there are no others.', 'Lower the false alarms.']
    : [
        'Every point is dropped: no batch can be filled.',
        'Lower recall or coverage, or let some real points in.',
      ];
}

/** EM may start from the truth only where it has as many components. J null: not yet known. */
export function initProblem(
  { init, components }: Spec['fit'],
  truthComponents: number | null,
): readonly [string, string] | null {
  if (init !== 'truth' || truthComponents === null || truthComponents === components) return null;
  return [
    `The truth has ${truthComponents} components and the model ${components}.`,
    `Set fit.components to ${truthComponents}, or start from parent or kmeans.`,
  ];
}

/** A prior is that of the estimator map, about the component of its own number. */
export function priorProblem(
  { estimator, prior, init, components }: PhaseSpec['fit'],
  truthComponents: number | null,
): readonly [string, string] | null {
  if (estimator !== 'map') {
    return prior === null
      ? null
      : [`${estimator} takes no prior.`, 'Set fit.estimator to map, or leave fit.prior out.'];
  }
  if (prior === null) {
    return ['map needs a prior.', 'Give fit.prior.strength, such as 10, or use em.'];
  }
  if (components > 1 && (init === 'kmeans' || init === 'random')) {
    return [
      `${init} numbers components by chance, and the prior holds each to one of its own.`,
      'Start from parent or truth, or use em.',
    ];
  }
  if (prior.centre === 'parent' || truthComponents === null) return null;
  return truthComponents === components
    ? null
    : [
        `The truth has ${truthComponents} components to be held to, and the model ${components}.`,
        `Set fit.components to ${truthComponents}, or fit.prior.centre to parent.`,
      ];
}

/** Who starts anew each time has nobody to bring back. */
function respawnProblem({ fit }: PhaseSpec): readonly [string, string] | null {
  if (!fit.respawn || (fit.init === 'parent' && fit.components > 1)) return null;
  return fit.components === 1
    ? ['One component never loses all points.', 'Leave fit.respawn out, or raise fit.components.']
    : [`A start from ${fit.init} has all components.`, 'Leave fit.respawn out, or use parent.'];
}

/** k-means++ takes K different points; a parent start falls back to it in the first generation. */
export function kmeansProblem(
  { init, components }: Spec['fit'],
  truthComponents: number | null,
  sampleSize: number,
): readonly [string, string] | null {
  const fallsBack = init === 'parent' && truthComponents !== null && truthComponents !== components;
  const chooses = init === 'kmeans' || init === 'random' || fallsBack;
  if (!chooses || components <= sampleSize) return null;
  return [
    `${init === 'random' ? 'A random start' : 'k-means'} cannot choose ${components} centres among ${sampleSize} points.`,
    `Raise sampleSize to ${components}, or lower fit.components.`,
  ];
}

/** A covariance of n ≤ d points is singular, and EM with several of them has no likelihood. */
function floorProblem({ fit, truth, sampleSize }: PhaseSpec): readonly [string, string] | null {
  const { components, covariance, covarianceFloor, estimator } = fit;
  const dim = truthDim(truth);
  const few = sampleSize <= dim || components > sampleSize;
  const full = covariance === 'full' || covariance === 'tied';
  const closed = estimator === 'mle' || estimator === 'unbiased' || isWide(dim);
  if (closed || components === 1 || !full) return null;
  if (covarianceFloor > 0 || !few) return null;
  const points = `${sampleSize} ${sampleSize === 1 ? 'point' : 'points'}`;
  const size = `${points} in ${dim} ${dim === 1 ? 'dimension' : 'dimensions'}`;
  return [
    `EM with ${components} ${covariance} covariances is not defined for ${size}.`,
    'Set fit.covarianceFloor above 0, or raise sampleSize.',
  ];
}

/** With a coreset there may be too few points where the batch would have had enough. */
function fewPointsProblem(cell: PhaseSpec): readonly [string, string] | null {
  const sampleSize = entryCount(cell);
  if (sampleSize >= cell.sampleSize) return null;
  const { fit, truth } = cell;
  const problem =
    floorProblem({ ...cell, sampleSize }) ??
    kmeansProblem(fit, truthComponentCount(truth), sampleSize);
  return problem && [problem[0], 'Raise batch.coreset.size, or leave batch.coreset out.'];
}
