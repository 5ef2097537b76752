/**
 * Same statistical output before anything is timed: contenders against each other by the mean of
 * logVarianceRatio and the median of varianceRatio, and each mean against its law where there is
 * one, in combined standard errors. Every contender draws from its own seed, so that differences
 * are differences of independent samples.
 */
import type { StatisticName } from '../../spec/statistics.ts';
import type { Population } from './population.ts';

/** Chance of a false alarm 6e-5 a comparison. */
export const Z_LIMIT = 4;

export interface Comparison {
  readonly statistic: StatisticName;
  readonly measure: 'mean' | 'median';
  readonly contender: string;
  /** Another contender's name, or 'law'. */
  readonly against: string;
  readonly value: number;
  readonly other: number;
  /** (value − other) / combined standard error; NaN where a number is missing. */
  readonly z: number;
}

export interface Agreement {
  readonly generation: number;
  /** Lineages of each contender. */
  readonly lineages: number;
  readonly comparisons: readonly Comparison[];
  readonly agreed: boolean;
  /** The comparison furthest out; null where there is none. */
  readonly worst: Comparison | null;
}

export interface Sample {
  readonly contender: string;
  readonly last: ReadonlyMap<StatisticName, Population>;
}

/** A missing number never agrees. */
const passes = ({ z }: Comparison): boolean => Math.abs(z) <= Z_LIMIT;

export function agreementOf(samples: readonly Sample[], generation: number): Agreement {
  const comparisons = [
    ...samples.flatMap(lawComparisons),
    ...samples.flatMap((a, i) => samples.slice(i + 1).flatMap((b) => pairComparisons(a, b))),
  ];
  const distance = ({ z }: Comparison) => (Number.isNaN(z) ? Infinity : Math.abs(z));
  const worst = comparisons.reduce<Comparison | null>(
    (most, each) => (most === null || distance(each) > distance(most) ? each : most),
    null,
  );
  const lineages = Math.max(0, ...samples.map(({ last }) => [...last.values()][0]?.count ?? 0));
  return { generation, lineages, comparisons, agreed: comparisons.every(passes), worst };
}

function lawComparisons({ contender, last }: Sample): Comparison[] {
  return [...last]
    .filter(([, { law }]) => !Number.isNaN(law))
    .map(([statistic, { mean, meanError, law, lawError }]) => {
      const error = Number.isNaN(lawError) ? meanError : lawError;
      const z = (mean - law) / error;
      return { statistic, measure: 'mean', contender, against: 'law', value: mean, other: law, z };
    });
}

function pairComparisons(a: Sample, b: Sample): Comparison[] {
  const compare = (
    statistic: StatisticName,
    measure: Comparison['measure'],
    numbers: (population: Population) => readonly [value: number, error: number],
  ): Comparison[] => {
    const [of, from] = [a.last.get(statistic), b.last.get(statistic)];
    if (!of || !from) return [];
    const [value, valueError] = numbers(of);
    const [other, otherError] = numbers(from);
    const z = (value - other) / Math.hypot(valueError, otherError);
    const [contender, against] = [a.contender, b.contender];
    return [{ statistic, measure, contender, against, value, other, z }];
  };
  return [
    ...compare('logVarianceRatio', 'mean', (p) => [p.mean, p.meanError]),
    ...compare('varianceRatio', 'median', (p) => [p.median, p.medianError]),
  ];
}
