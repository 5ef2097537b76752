/**
 * Which error did it: the shares of the causes in one statistic at one generation, as data for a
 * table or a chart of stacked bars. Pure: another statistic, summary or generation of the same run
 * costs nothing.
 */
import type { StatisticName } from '../../spec/statistics.ts';
import { BLOCKS, blockValues, overBlocks, type BlockSummary } from '../blocks.ts';
import type { Estimate } from '../estimate.ts';
import { statisticIndex, summaryAt } from '../results.ts';
import { CAUSES, causesOf, COALITIONS, type CauseName } from './causes.ts';
import { statusCount, type FactorialRun } from './factorial.ts';
import { shapleyInteraction, shapleyShares } from './shapley.ts';

export interface AttributionRequest {
  readonly statistic: StatisticName;
  readonly summary: BlockSummary;
  readonly generation: number;
}

/** NaN where a combination has no number: values held at ±1e18 leave no mean, at times no median. */
export interface Attribution extends AttributionRequest {
  readonly causes: readonly CauseShare[];
  /** [coalition]: bit i of the place is cause i. */
  readonly combinations: readonly Combination[];
  readonly interactions: readonly Interaction[];
  /** With all causes, and with none: what is left then is of N and of what else the spec has. */
  readonly all: Estimate;
  readonly none: Estimate;
  /** The first less the second, in pairs: what the shares add up to. */
  readonly explained: Estimate;
  /** N, which stands in for infinitely many points. */
  readonly manyPoints: number;
  readonly lineages: number;
  readonly complete: boolean;
}

export interface CauseShare {
  readonly name: CauseName;
  readonly label: string;
  readonly doc: string;
  /** Whether taking it away is another experiment at all; else its share is exactly 0. */
  readonly acts: boolean;
  /** In units of the statistic. */
  readonly share: Estimate;
  /** Of what is explained; NaN where that is 0. */
  readonly portion: number;
  /**
   * By how much the share would move from N to infinitely many points, if that went as 1/N: a third
   * of its move from N/4 to N. NaN where N/4 is no more than n.
   */
  readonly left: number;
}

export interface Combination {
  readonly causes: readonly CauseName[];
  readonly value: Estimate;
  readonly sampleSize: number;
  readonly lineages: number;
  /** Lineages whose statistic is held at ±1e18. */
  readonly held: number;
  /** Lineages with a fit that took all steps and had not converged, where it was to. */
  readonly unconverged: number;
}

export interface Interaction {
  readonly between: readonly [CauseName, CauseName];
  /** Of the sign of what is explained: they do more together than one by one. */
  readonly value: Estimate;
}

/** Throws RangeError where the statistic was not measured. */
export function attributionOf(run: FactorialRun, request: AttributionRequest): Attribution {
  const { results, spec } = run;
  const statistic = statisticIndex(results, request.statistic);
  if (statistic < 0) throw new RangeError(`${request.statistic} was not measured.`);
  const blocksAt = (places: readonly number[]): Float64Array[] =>
    places.map((place) =>
      blockValues(results, place, request.generation, statistic, request.summary),
    );
  const values = blocksAt(run.places);
  const explained = inBlocks(values, (game) => game[COALITIONS - 1]! - game[0]!);
  const coarse = run.coarser && blocksAt(run.coarser);
  const causes = CAUSES.map(({ name, label, doc }, cause): CauseShare => {
    const shareOf = (game: Float64Array) => shapleyShares(game)[cause]!;
    const share = inBlocks(values, shareOf);
    return {
      ...{ name, label, doc, share },
      acts: !isDummy(run.places, cause),
      portion: explained.value === 0 ? NaN : share.value / explained.value,
      left: coarse ? (inBlocks(coarse, shareOf).value - share.value) / LEFT_PART : NaN,
    };
  });
  return {
    ...{ ...request, causes, explained },
    combinations: values.map((own, coalition) => combination(run, request, coalition, own)),
    interactions: pairs().map(([a, b]) => ({
      between: [CAUSES[a]!.name, CAUSES[b]!.name] as const,
      value: inBlocks(values, (game) => shapleyInteraction(game, a, b)),
    })),
    all: overBlocks(values[COALITIONS - 1]!),
    none: overBlocks(values[0]!),
    manyPoints: run.manyPoints,
    lineages: run.specs[run.places[COALITIONS - 1]!]!.replicates * BLOCKS,
    complete: results.complete && request.generation <= spec.generations,
  };
}

/** What goes as 1/N moves three times as far from N/4 to N as from N on. */
const LEFT_PART = 3;

/** A function of all values, formed in each block. */
const inBlocks = (
  values: readonly Float64Array[],
  formed: (game: Float64Array) => number,
): Estimate =>
  overBlocks(
    Float64Array.from({ length: BLOCKS }, (_, block) =>
      formed(Float64Array.from(values, (own) => own[block]!)),
    ),
  );

/** Whether no combination is another experiment for it. */
const isDummy = (places: readonly number[], cause: number): boolean =>
  places.every((place, coalition) => place === places[coalition & ~(1 << cause)]);

function combination(
  { places, specs, results }: FactorialRun,
  { generation }: AttributionRequest,
  coalition: number,
  values: Float64Array,
): Combination {
  const place = places[coalition]!;
  const { sampleSize, fit, statistics } = specs[place]!;
  const blocks = Array.from({ length: BLOCKS }, (_, block) => place * BLOCKS + block);
  const lineages = blocks.reduce((sum, cell) => {
    const count = summaryAt(results, cell, generation, 0, 'count');
    return sum + (Number.isFinite(count) ? count : 0);
  }, 0);
  // Bits of a statistic do not say of which one: they are counted where it is the only one.
  const held = statistics.length === 1 ? statusCount(results, place, generation, 'overflow') : 0;
  const converges = fit.components > 1 && fit.tolerance !== 0;
  return {
    causes: causesOf(coalition),
    value: overBlocks(values),
    ...{ sampleSize, lineages, held },
    unconverged: converges ? statusCount(results, place, generation, 'unconverged') : 0,
  };
}

/** Every two causes, the first before the second. */
const pairs = (): (readonly [number, number])[] =>
  CAUSES.flatMap((_, a) => CAUSES.flatMap((_, b) => (a < b ? [[a, b] as const] : [])));
