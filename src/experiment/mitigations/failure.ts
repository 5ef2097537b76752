/**
 * How a mitigation fails, by what was measured: which of variance, tails, modes and mean has kept
 * least in the last generation, what it was like on the way, and whether the damage still grows.
 */
import { blockValues, isTold, overBlocks } from '../blocks.ts';
import type { Estimate } from '../estimate.ts';
import { figure } from '../figure.ts';
import { statisticIndex } from '../results.ts';
import type { TrialRun } from './trials.ts';

/** `shape`: the geometric mean of the variances along all axes, which a flat model has lost. */
export type Loss = 'variance' | 'shape' | 'tails' | 'modes' | 'rarest mode' | 'mean';
export const LOSSES: readonly Loss[] = [
  'variance',
  'shape',
  'tails',
  'modes',
  'rarest mode',
  'mean',
];

export interface Failure {
  /** What has kept least. */
  readonly worst: Loss;
  /** Each as a share that is kept: 1 is whole, 0 is gone; NaN where it was not measured. */
  readonly kept: Readonly<Record<Loss, number>>;
  /** Of the median divergence over the last quarter of the run, in nats. */
  readonly trend: Estimate;
  /** The generation of the largest median divergence, and how many times the last one it is. */
  readonly peak: { readonly generation: number; readonly times: number };
  /** A sentence without its end. */
  readonly text: string;
}

/** So much is hardly a loss. */
const WHOLE = 0.9;
/** A peak so many times the end is told. */
const PEAK = 1.5;

interface Levels {
  readonly variance: number;
  readonly shape: number;
  readonly tails: number;
  readonly modes: number;
  readonly modeCount: number;
  readonly rarest: number;
  /** Distance of the means in standard deviations of the truth. */
  readonly shift: number;
}

export function failureOf(run: TrialRun, place: number, generation: number): Failure {
  const levels = levelsOf(run, place, generation);
  const kept = {
    variance: evened(levels.variance),
    shape: evened(levels.shape),
    tails: evened(levels.tails),
    modes: levels.modes / levels.modeCount,
    'rarest mode': evened(levels.rarest),
    mean: 1 / (1 + levels.shift ** 2),
  };
  const known = LOSSES.filter((loss) => !Number.isNaN(kept[loss]));
  const worst = known.reduce((a, b) => (kept[b] < kept[a] ? b : a), 'variance');
  const trend = trendOf(run, place, generation);
  const peak = peakOf(run, place, generation);
  return { worst, kept, trend, peak, text: textOf(levels, kept, worst, { trend, peak }) };
}

/** Twice as much is as far off as half. */
const evened = (share: number): number => Math.min(share, 1 / share);

function levelsOf(run: TrialRun, place: number, generation: number): Levels {
  const { weights } = run.truth.mixture;
  const total = totalVariance(run);
  return {
    variance: medianAt(run, place, generation, 'varianceRatio'),
    shape: Math.exp(medianAt(run, place, generation, 'logDetRatio') / run.truth.dim),
    tails: medianAt(run, place, generation, 'tailMass1'),
    modes: levelAt(run, place, generation, 'modesAlive', 'mean'),
    modeCount: weights.length,
    rarest: medianAt(run, place, generation, 'rarestModeMass') / Math.min(...weights),
    shift: Math.sqrt(medianAt(run, place, generation, 'meanShiftSquared') / total),
  };
}

function totalVariance({ truth: { covariance, dim } }: TrialRun): number {
  let trace = 0;
  for (let a = 0; a < dim; a++) trace += covariance[(a * (a + 3)) / 2]!;
  return trace;
}

function levelAt(
  { results }: TrialRun,
  place: number,
  generation: number,
  name: string,
  summary: 'q50' | 'mean',
): number {
  const statistic = statisticIndex(results, name);
  if (statistic < 0) return NaN;
  return overBlocks(blockValues(results, place, generation, statistic, summary)).value;
}

const medianAt = (run: TrialRun, place: number, generation: number, name: string): number =>
  levelAt(run, place, generation, name, 'q50');

function divergences({ results }: TrialRun, place: number, generation: number): Float64Array {
  const statistic = statisticIndex(results, 'klTruthToModel');
  return blockValues(results, place, generation, statistic, 'q50');
}

function trendOf(run: TrialRun, place: number, generation: number): Estimate {
  const before = divergences(run, place, generation - Math.max(1, Math.floor(generation / 4)));
  const last = divergences(run, place, generation);
  return overBlocks(last.map((value, block) => value - before[block]!));
}

function peakOf(run: TrialRun, place: number, last: number): Failure['peak'] {
  const at = (t: number) => overBlocks(divergences(run, place, t)).value;
  let found = { generation: last, value: at(last) };
  for (let generation = 1; generation < last; generation++) {
    const value = at(generation);
    if (value > found.value) found = { generation, value };
  }
  return { generation: found.generation, times: found.value / at(last) };
}

function textOf(
  levels: Levels,
  kept: Failure['kept'],
  worst: Loss,
  { trend, peak }: Pick<Failure, 'trend' | 'peak'>,
): string {
  const parts = [kept[worst] >= WHOLE ? `${listed(kept)} within a tenth` : lossText(levels, worst)];
  if (peak.times >= PEAK) {
    parts.push(`${figure(peak.times, 2)} times as far off in generation ${peak.generation}`);
  }
  if (Number.isNaN(trend.value)) parts.push('the divergence has no number');
  else if (!isTold(trend)) parts.push('at rest by the end');
  else parts.push(trend.value > 0 ? 'still getting worse' : 'still getting better');
  return parts.join('; ');
}

/** What was measured. */
const listed = (kept: Failure['kept']): string =>
  new Intl.ListFormat('en').format(LOSSES.filter((loss) => !Number.isNaN(kept[loss])));

/** Less of anything is as good as nothing. */
const TRACE = 1e-4;

function share(value: number): string {
  if (value > 1) return `${figure(value, 2)} times`;
  return value < TRACE ? 'next to nothing of' : `${figure(100 * value, 2)} % of`;
}

function lossText(
  { variance, shape, tails, modes, modeCount, rarest, shift }: Levels,
  worst: Loss,
) {
  switch (worst) {
    case 'variance':
      return `has ${share(variance)} the variance`;
    case 'shape':
      return `has ${share(shape)} the variance along an axis, as a geometric mean`;
    case 'tails':
      return `the outer 1 % has ${share(tails)} its mass`;
    case 'modes':
      return `${figure(modeCount - modes, 2)} of ${modeCount} modes lost on average`;
    case 'rarest mode':
      return `the rarest mode has ${share(rarest)} its weight`;
    case 'mean':
      return `the mean is ${figure(shift, 2)} standard deviations off`;
  }
}
