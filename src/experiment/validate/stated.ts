/**
 * Laws that no `Law` is: of variances, probabilities and times, of what lineages come to in the end,
 * and limits, which say how far a finite setting may be from them.
 */
import { STATUS_NAMES, type StatusBit } from '../../model/status.ts';
import type { Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import { statisticIndex, statusAt, summaryAt, type Results } from '../results.ts';
import { survivalOf } from '../survival.ts';

/** What can be read off the summaries of a cell. */
export interface Reader {
  readonly spec: Spec;
  mean(statistic: StatisticName, generation: number): number;
  /** The sample's standard deviation. */
  sd(statistic: StatisticName, generation: number): number;
  /** Mean of (x − centre)² over lineages. */
  square(statistic: StatisticName, generation: number, centre: number): number;
  /** Share of lineages that have not met a criterion by then, by its place in the spec's list. */
  survival(criterion: number, generation: number): number;
  /** Share of lineages with a status bit. */
  status(bit: StatusBit, generation: number): number;
}

export interface StatedLaw {
  /** What is measured, and how it is summed up: `rarestModeMass, mean`. */
  readonly quantity: string;
  readonly formula: string;
  readonly source: string;
  /** At which it is held; of the case where it says nothing. */
  readonly generations?: readonly number[];
  expected(generation: number): number;
  /** How far the exact law may be from what is stated; without it, not at all. */
  slack?(generation: number): number;
  found(read: Reader, generation: number): number;
  /** Variance over lineages of what `found` is the mean of; null where the sample's has to do. */
  variance(generation: number): number | null;
  /** The sample's, where theory has none. */
  sampleSd?(read: Reader, generation: number): number;
  /** `sampleSd` is what it is at most. */
  readonly atMost?: true;
  /** It is of how many lineages something holds for. */
  readonly isShare?: true;
}

export function readerOf(results: Results, cell: number, spec: Spec): Reader {
  const { replicates } = spec;
  const field = (statistic: StatisticName, t: number, name: 'mean' | 'sd') =>
    summaryAt(results, cell, t, statisticIndex(results, statistic), name);
  return {
    spec,
    mean: (statistic, t) => field(statistic, t, 'mean'),
    sd: (statistic, t) => field(statistic, t, 'sd'),
    square: (statistic, t, centre) =>
      field(statistic, t, 'sd') ** 2 * (1 - 1 / replicates) +
      (field(statistic, t, 'mean') - centre) ** 2,
    survival: (criterion, t) => survivalOf(results, cell, criterion).survival[t]!,
    status: (bit, t) => statusAt(results, cell, t)[STATUS_NAMES.indexOf(bit)]! / replicates,
  };
}

/** A law of the mean of a statistic, where theory has no variance. */
export function meanLaw(
  statistic: StatisticName,
  law: Pick<StatedLaw, 'formula' | 'source' | 'expected' | 'slack' | 'generations'>,
): StatedLaw {
  return {
    quantity: `${statistic}, mean`,
    found: (read, t) => read.mean(statistic, t),
    variance: () => null,
    sampleSd: (read, t) => read.sd(statistic, t),
    ...law,
  };
}

const SUM = ['totalVariance', 'meanShiftSquared'] as const;

/**
 * A law of E(‖μ_t − μ₀‖² + tr Σ_t), the second moment about the truth's mean. Its deviation is that of
 * both together at most, however they go with each other.
 */
export const secondMomentLaw = (
  law: Pick<StatedLaw, 'formula' | 'source' | 'expected'>,
): StatedLaw => ({
  quantity: `${SUM.join(' + ')}, mean`,
  found: (read, t) => SUM.reduce((sum, name) => sum + read.mean(name, t), 0),
  variance: () => null,
  sampleSd: (read, t) => SUM.reduce((sum, name) => sum + read.sd(name, t), 0),
  atMost: true,
  ...law,
});

/** A law of how many lineages something holds for. */
export const shareLaw = (
  law: Omit<StatedLaw, 'variance'> & { expected(generation: number): number },
): StatedLaw => ({
  ...law,
  isShare: true,
  variance: (t) => law.expected(t) * (1 - law.expected(t)),
});
