/**
 * The map's settings as specs. A truth is one Gaussian (ω = 1), or two of unit width eight apart,
 * the lighter one of weight ω: so far that the weights of the modes do what counts of points do.
 * Models have as many components; a point is real with probability r, and fresh. A list of weights
 * is no axis of a sweep, so that each truth is a run of its own.
 */
import { parseSpec, type CellSpec, type Spec } from '../../spec/schema.ts';
import type { GridName } from './claim.ts';
import { EARLY, eventCriteria, LATE } from './events.ts';
import { gridAxes, type AxisName, type GridAxis, type Setting } from './setting.ts';

export type GridSize = 'quick' | 'full';

export interface Grid {
  readonly name: GridName;
  readonly axes: readonly GridAxis[];
  readonly replicates: number;
}

/** Human points that the detector takes for generated ones, too. */
export const FALSE_POSITIVE_RATE = 0.05;
const SEPARATION = 8;
const SEED = 2026;
/** Enough for tails and masses of two modes of unit width, eight apart. */
const NODES = 256;

type Values = Readonly<Partial<Record<AxisName, readonly number[]>>>;

const QUICK: Readonly<Record<GridName, Values>> = {
  share: {
    rarestWeight: [1, 0.5, 0.1, 0.01],
    sampleSize: [10, 30, 100, 300, 1000],
    samplingBias: [1, 0.9],
    realFraction: [0, 0.01, 0.1, 0.5, 1],
  },
  detector: {
    rarestWeight: [1, 0.1, 0.01],
    sampleSize: [10, 30, 100, 300, 1000],
    realFraction: [0.01, 0.1, 0.5, 1],
    recall: [0.5, 0.9, 0.99],
  },
};

const FULL: Readonly<Record<GridName, Values>> = {
  share: {
    rarestWeight: [1, 0.5, 0.2, 0.1, 0.03, 0.01],
    sampleSize: [10, 20, 50, 100, 200, 500, 1000],
    samplingBias: [1, 0.95, 0.9, 0.8],
    realFraction: [0, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1],
  },
  detector: {
    rarestWeight: [1, 0.5, 0.2, 0.1, 0.03, 0.01],
    sampleSize: [10, 20, 50, 100, 200, 500, 1000],
    realFraction: [0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1],
    recall: [0.3, 0.5, 0.7, 0.9, 0.99],
  },
};

const REPLICATES: Readonly<Record<GridSize, number>> = { quick: 400, full: 1000 };

export const gridOf = (name: GridName, size: GridSize): Grid => ({
  name,
  axes: gridAxes((size === 'full' ? FULL : QUICK)[name]),
  replicates: REPLICATES[size],
});

/** Where a grid's numbers are in a spec. */
const PATHS = {
  sampleSize: 'sampleSize',
  samplingBias: 'batch.samplingBias',
  realFraction: 'batch.realFraction',
  recall: 'batch.detector.recall',
} as const satisfies Readonly<Partial<Record<AxisName, string>>>;

/** One for each truth of the grid, up to the horizon. */
export function gridSpecs({ axes, replicates, name }: Grid, generations: number): Spec[] {
  const weights = axes.find((axis) => axis.name === 'rarestWeight')!.values;
  const swept = axes.flatMap((axis) =>
    axis.name === 'rarestWeight' ? [] : [[PATHS[axis.name], axis.values] as const],
  );
  return weights.map((weight) =>
    parseSpec({
      ...{ seed: SEED, generations, replicates, nodes: NODES },
      truth: truthOf(weight),
      batch: {
        realDraw: 'bernoulli',
        ...(name === 'detector' && { detector: { falsePositiveRate: FALSE_POSITIVE_RATE } }),
      },
      sweep: Object.fromEntries(swept),
      stages: { early: EARLY, late: LATE },
      statistics: ['stageShares'],
      criteria: eventCriteria(weight),
    }),
  );
}

const truthOf = (rarest: number) =>
  rarest === 1
    ? { kind: 'blobs', components: 1 }
    : { kind: 'blobs', components: 2, separation: SEPARATION, weights: [1 - rarest, rarest] };

export function settingOf({ spec }: Pick<CellSpec, 'spec'>): Setting {
  const { truth, sampleSize, batch } = spec;
  const weights = truth.kind === 'blobs' && Array.isArray(truth.weights) ? truth.weights : [1];
  return {
    rarestWeight: Math.min(...(weights as number[])),
    sampleSize,
    samplingBias: batch.samplingBias as number,
    realFraction: batch.realFraction as number,
    recall: batch.detector.recall as number,
  };
}
