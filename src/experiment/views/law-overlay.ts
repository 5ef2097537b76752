/**
 * Whole laws of a cell as data, to be drawn beside what was measured: quantiles of its statistics,
 * where their mean and median part, how lineages survive a criterion, and how the last generation is
 * spread. Worked out piece by piece, because a long curve takes a second.
 */
import { lawsFor } from '../../model/theory/laws.ts';
import { survivalSteps } from '../../model/theory/survival-law.ts';
import { wholeLaws, type Reading, type WholeLaw } from '../../model/theory/whole-laws.ts';
import type { Truth } from '../../model/truth.ts';
import { QUANTILES } from '../../plan/plan.ts';
import type { Criterion, Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';

/** Quantiles that a fan has, and the shares below them. */
const FAN_LEVELS = { q05: 0.05, q25: 0.25, q50: 0.5, q75: 0.75, q95: 0.95 } as const;
export type FanQuantile = keyof typeof FAN_LEVELS;
export const FAN_QUANTILES = Object.keys(FAN_LEVELS) as FanQuantile[];

export interface LawText {
  readonly name: string;
  readonly formula: string;
  readonly source: string;
}

/** Mean and median of a law where they are not nearly the same. */
export interface Parting {
  /** First of the generations asked for at which the mean is PARTED times the median. */
  readonly since: number;
  /** The last of them at which the median is a number above 0, and what they are there. */
  readonly generation: number;
  readonly mean: number;
  readonly median: number;
  /** Share of the lineages that are under the mean. */
  readonly below: number;
}

/** A distribution function. */
export interface LawCurve {
  readonly generation: number;
  /** Ascending, and P(value ≤ x) at each. */
  readonly x: Float64Array;
  readonly share: Float64Array;
  /** In the order of QUANTILES: the values with such shares below them. */
  readonly quantiles: readonly number[];
}

export interface LawFan extends LawText {
  readonly statistic: StatisticName;
  /** [place of the generation]; at generation 0 all are the truth's value. */
  readonly quantiles: Readonly<Record<FanQuantile, Float64Array>>;
  readonly parting: Parting | null;
  /** Of the last generation. */
  readonly last: LawCurve;
}

export interface LawSurvival extends LawText {
  /** [place of the generation]: share that has not collapsed by then. */
  readonly shares: Float64Array;
}

export interface LawOverlay {
  /** As asked for. */
  readonly generations: Float64Array;
  /** Of those of the cell's statistics whose whole law is known. */
  readonly fans: readonly LawFan[];
  /** [criterion]; null where there is no law, or one that would take long. */
  readonly survivals: readonly (LawSurvival | null)[];
}

/** `spec` is one cell's, without its sweep. */
export interface LawCell {
  readonly spec: Spec;
  readonly truth: Truth;
}

/** Pieces of work of a millisecond or so, and what they come to. */
type Pieces<T> = Generator<void, T, void>;

/** @param generations Ascending, from 0 to the cell's last or less, but not 0 alone. */
export function* lawOverlay(cell: LawCell, generations: Float64Array): Pieces<LawOverlay> {
  const fans: LawFan[] = [];
  for (const law of wholeLaws(cell.spec, cell.truth)) {
    const readings = law.readings.filter(({ statistic }) =>
      cell.spec.statistics.includes(statistic),
    );
    if (readings.length > 0) fans.push(...(yield* fansOf(cell, law, readings, generations)));
  }
  const survivals: (LawSurvival | null)[] = [];
  for (const criterion of cell.spec.criteria) {
    survivals.push(yield* survivalOf(cell, criterion, generations));
  }
  return { generations, fans, survivals };
}

/** Of statistics that are functions of one sum, whose quantiles are found once. */
function* fansOf(
  { spec, truth }: LawCell,
  law: WholeLaw,
  readings: readonly Reading[],
  generations: Float64Array,
): Pieces<LawFan[]> {
  const sums = FAN_QUANTILES.map(() => new Float64Array(generations.length));
  for (const [place, generation] of generations.entries()) {
    if (generation === 0) continue;
    const sum = law.sumAt(generation);
    FAN_QUANTILES.forEach((name, q) => (sums[q]![place] = sum.quantile(FAN_LEVELS[name])));
    yield;
  }
  const laws = lawsFor(spec, truth);
  const fans: LawFan[] = [];
  for (const reading of readings) {
    const { statistic, formula } = reading;
    const values = (q: number) => sums[q]!.map((sum) => reading.valueOf(sum));
    const quantiles = Object.fromEntries(
      FAN_QUANTILES.map((name, q) => [name, values(q)]),
    ) as Record<FanQuantile, Float64Array>;
    const mean = reading.exponential && laws.find((one) => one.statistic === statistic);
    const means = new Float64Array(generations.length);
    for (const [place, generation] of generations.entries()) {
      if (!mean) break;
      means[place] = mean.at(generation);
      yield;
    }
    const medians = quantiles.q50;
    fans.push({
      ...{ statistic, name: law.name, formula, source: law.source, quantiles },
      parting: mean ? partingOf(law, reading, { generations, means, medians }) : null,
      last: curveOf(law, reading, generations.at(-1)!),
    });
    yield;
  }
  return fans;
}

/** Mean over median from which they are told apart. */
const PARTED = 1.1;

interface Centres {
  readonly generations: Float64Array;
  /** Along them. */
  readonly means: Float64Array;
  readonly medians: Float64Array;
}

/** Smaller numbers have no digits. */
const LEAST_NUMBER = 2 ** -1022;

function partingOf(
  law: WholeLaw,
  reading: Reading,
  { generations, means, medians }: Centres,
): Parting | null {
  const parted = (place: number) => means[place]! >= PARTED * medians[place]!;
  const last = medians.findLastIndex((median) => median >= LEAST_NUMBER);
  if (!parted(last)) return null;
  const generation = generations[last]!;
  return {
    since: generations.find((_, place) => parted(place))!,
    ...{ generation, mean: means[last]!, median: medians[last]! },
    below: law.sumAt(generation).cdf(reading.sumOf(means[last]!)),
  };
}

/** Points of a curve, and the shares that are left beyond its ends. */
const CURVE_POINTS = 121;
const CURVE_TAIL = 0.001;

/** At places that are even in the sum: on a logarithmic axis where the value is its exponential. */
function curveOf(law: WholeLaw, reading: Reading, generation: number): LawCurve {
  const sum = law.sumAt(generation);
  const [low, high] = [sum.quantile(CURVE_TAIL), sum.quantile(1 - CURVE_TAIL)];
  const step = (high - low) / (CURVE_POINTS - 1);
  const sums = Float64Array.from({ length: CURVE_POINTS }, (_, i) => low + i * step);
  return {
    generation,
    x: sums.map((value) => reading.valueOf(value)),
    share: sums.map((value) => sum.cdf(value)),
    quantiles: QUANTILES.map((share) => reading.valueOf(sum.quantile(share))),
  };
}

function* survivalOf(
  { spec, truth }: LawCell,
  criterion: Criterion,
  generations: Float64Array,
): Pieces<LawSurvival | null> {
  const law = survivalSteps(spec, truth, criterion);
  if (!law) return null;
  const { steps, ...text } = law;
  const shares: number[] = [];
  for (const share of steps) {
    shares.push(share);
    yield;
  }
  return { ...text, shares: generations.map((generation) => shares[generation] ?? NaN) };
}

/**
 * Numbers along the generations of an overlay, along others that a chart has; both ascending. NaN
 * where there is none.
 */
export function alongGenerations(
  values: Float64Array,
  own: Float64Array,
  wanted: Float64Array,
): Float64Array {
  let place = 0;
  return wanted.map((generation) => {
    while (own[place]! < generation) place++;
    return own[place] === generation ? values[place]! : NaN;
  });
}
