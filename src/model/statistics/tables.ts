/**
 * What the statistics of every lineage of a cell share, worked out once in f64: the truth in truth
 * units, its moments, entropy, tail levels and nodes. `packTables` writes the same as f32 words in
 * the layout that shaders/statistics/tables.wgsl reads.
 */
import { isWide } from '../../spec/schema.ts';
import {
  LINE_STATISTICS,
  modeOf,
  STAGE_SHARES,
  type ScalarStatistic,
  type StatisticName,
} from '../../spec/statistics.ts';
import { totalMoments as mixtureMoments, packedIndex, packedLength } from '../mixture.ts';
import { cholesky } from '../math/triangular.ts';
import type { Truth } from '../truth.ts';
import { LN2, prepareGaussians, type Gaussians } from './density.ts';
import { labelled } from './labels.ts';
import { effectiveModes } from './modes.ts';
import { lowerQuantile, meanBelow } from './shortfall.ts';
import type { Stages } from './stage.ts';
import type { Islands } from './tails.ts';
import { truthIslands } from './truth-islands.ts';
import { TAIL_SHARES, truthLevels, type TruthLevels } from './truth-levels.ts';
import { truthNodes } from './truth-nodes.ts';
import { quantileNodes, QUANTILE_WORDS } from './wasserstein.ts';

export interface StatisticTables {
  readonly dim: number;
  /** `nodes` of the spec. */
  readonly nodes: number;
  /** Log₂ of the truth unit. */
  readonly unitExponent: number;
  /** dim · unitExponent · ln 2: adds to entropies in truth units. */
  readonly logUnit: number;
  /** tr C₀ and ln det C₀ in truth units. */
  readonly trace: number;
  readonly logDet: number;
  /** Entropy and tail levels of p₀ in truth units; zeros where no statistic asked for reads them. */
  readonly levels: TruthLevels;
  /** d = 1: ends of each stretch where p₀ is over its 0.1 % level; empty if nobody asks. */
  readonly islands: Islands;
  /** d = 1: the truth's 1 % quantile and the mean below it; zeros if nobody asks. */
  readonly risk: { readonly quantile: number; readonly meanBelow: number };
  /** Index of the lightest truth component, the first of equals. */
  readonly rarest: number;
  /** p₀'s own mean and covariance factor: for data they part from μ₀, C₀ by the fit's error. */
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  readonly truth: Gaussians;
  /** [count × (dim + 2)]: position, weight, ln p₀. */
  readonly truthNodes: Float64Array;
  /** d = 1: [nodes × 4], see wasserstein.ts; empty if nobody asks. */
  readonly quantileNodes: Float64Array;
  readonly stages: Stages;
}

/** Names whose expectation under p₀ may need nodes. */
const UNDER_TRUTH: readonly StatisticName[] = [
  'klTruthToModel',
  'stepKl',
  'testNll',
  'calibrationGap',
  'coverage95',
  'bulkAccuracy',
];
const seesTruth = (name: StatisticName): boolean =>
  UNDER_TRUTH.includes(name) || name.startsWith('modeRecall');
/** Names that read levels, which above d = 1 rest on 65 536 points. */
const BY_LEVEL: readonly StatisticName[] = [
  ...UNDER_TRUTH,
  'entropy',
  'entropyLoss',
  'selfNll',
  'tailMass10',
  'tailMass1',
  'tailMass01',
  'hallucinatedMass',
  ...STAGE_SHARES,
];
/** Defaults of the spec. */
export const STAGES: Stages = { early: 0.5, late: 0.1 };

const NO_RISK = { quantile: 0, meanBelow: 0 };
const NO_LEVELS: TruthLevels = { entropy: 0, lower: [0, 0, 0], upper: [0, 0, 0] };

export function statisticTables(
  truth: Truth,
  nodes: number,
  names: readonly StatisticName[],
  stages = STAGES,
): StatisticTables {
  const { dim, log2Unit } = truth;
  const gaussians = gaussiansOf(truth);
  const moments = mixtureMoments(truth.mixture);
  const unit = 2 ** log2Unit;
  const factor = factorOf(moments.covariance, dim, unit);
  const target = factorOf(truth.covariance, dim, unit);
  return {
    dim,
    nodes,
    unitExponent: log2Unit,
    logUnit: dim * log2Unit * LN2,
    trace: traceOf(truth.covariance, dim, unit),
    logDet: logDetOf(target, dim),
    levels: names.some((name) => BY_LEVEL.includes(name) || seesTruth(name))
      ? truthLevels(gaussians)
      : NO_LEVELS,
    islands: dim === 1 && names.includes('hallucinatedMass') ? truthIslands(gaussians) : [],
    risk:
      dim === 1 && names.some((name) => LINE_STATISTICS.includes(name))
        ? riskOf(gaussians)
        : NO_RISK,
    rarest: gaussians.weights.indexOf(Math.min(...gaussians.weights)),
    mean: Float64Array.from(moments.mean, (m, a) => (m - truth.mean[a]!) / unit),
    factor,
    truth: gaussians,
    truthNodes:
      !isWide(dim) && names.some(seesTruth) ? truthNodes(gaussians, nodes) : new Float64Array(0),
    quantileNodes:
      dim === 1 && names.includes('wassersteinSquared')
        ? quantileNodes(gaussians, nodes)
        : new Float64Array(0),
    stages,
  };
}

function riskOf(truth: Gaussians): StatisticTables['risk'] {
  const quantile = lowerQuantile(truth);
  return { quantile, meanBelow: meanBelow(truth, quantile) };
}

/** The truth's components in truth units, about μ₀. */
function gaussiansOf({ mixture, mean, log2Unit, dim }: Truth): Gaussians {
  const unit = 2 ** log2Unit;
  return prepareGaussians({
    dim,
    weights: Float64Array.from(mixture.weights),
    means: Float64Array.from(mixture.means.flatMap((m) => m.map((x, a) => (x - mean[a]!) / unit))),
    factors: Float64Array.from(
      mixture.covariances.flatMap((packed) => Array.from(factorOf(packed, dim, unit))),
    ),
    exponents: new Int32Array(mixture.weights.length),
  });
}

function factorOf(covariance: readonly number[], dim: number, unit: number): Float64Array {
  const factor = new Float64Array(packedLength(dim));
  cholesky(
    Float64Array.from(covariance, (c) => c / unit / unit),
    dim,
    dim,
    factor,
  );
  return factor;
}

function traceOf(covariance: readonly number[], dim: number, unit: number): number {
  let sum = 0;
  for (let a = 0; a < dim; a++) sum += covariance[packedIndex(a, a)]! / unit / unit;
  return sum;
}

function logDetOf(factor: Float64Array, dim: number): number {
  let sum = 0;
  for (let a = 0; a < dim; a++) sum += 2 * Math.log(factor[packedIndex(a, a)]!);
  return sum;
}

/**
 * f32 words: [nodes, unitExponent, logUnit, trace, logDet, entropy, rarest, truth node count,
 * lower × 3, upper × 3 (0 above d = 1), 1 % quantile, mean below it, stage thresholds early and
 * late, quantile node count], mean, factor, then per truth component weight, constant, mean, factor,
 * inverses, one island's two ends (the last island's upper end where there are no more), then
 * truthNodes and quantileNodes.
 */
export function packTables(tables: StatisticTables): Float32Array<ArrayBuffer> {
  const { dim, truth, levels } = tables;
  const length = packedLength(dim);
  const upper = levels.upper.length > 0 ? levels.upper : [0, 0, 0];
  const header = [
    tables.nodes,
    tables.unitExponent,
    tables.logUnit,
    tables.trace,
    tables.logDet,
    levels.entropy,
    tables.rarest,
    tables.truthNodes.length / (dim + 2),
    ...levels.lower,
    ...upper,
    tables.risk.quantile,
    tables.risk.meanBelow,
    tables.stages.early,
    tables.stages.late,
    tables.quantileNodes.length / QUANTILE_WORDS,
  ];
  const end = tables.islands.at(-1)?.[1] ?? 0;
  const components = Array.from(truth.weights, (weight, j) => [
    weight,
    truth.constants[j]!,
    ...truth.means.subarray(j * dim, (j + 1) * dim),
    ...truth.factors.subarray(j * length, (j + 1) * length),
    ...truth.inverses.subarray(j * dim, (j + 1) * dim),
    ...(tables.islands[j] ?? [end, end]),
  ]);
  const head = [...header, ...tables.mean, ...tables.factor, ...components.flat()];
  const { truthNodes: rows, quantileNodes: quantiles } = tables;
  const packed = new Float32Array(head.length + rows.length + quantiles.length);
  packed.set(head);
  packed.set(rows, head.length);
  packed.set(quantiles, head.length + rows.length);
  return packed;
}

/** The row of generation 0: the truth measured against itself; NaN where there is no number. */
export function truthValues(
  names: readonly StatisticName[],
  truth: Truth,
  tables: StatisticTables,
): Float64Array {
  const weights = Float64Array.from(truth.mixture.weights);
  const entropy = tables.levels.entropy + tables.logUnit;
  const labels = names.some((name) => name === 'bulkAccuracy' || name.startsWith('modeRecall'))
    ? labelled(tables.truth, tables)
    : null;
  const values: Record<ScalarStatistic, number> = {
    meanShiftSquared: 0,
    totalVariance: traceOf(truth.covariance, truth.dim, 1),
    varianceRatio: 1,
    logVarianceRatio: 0,
    logDetRatio: 0,
    frechetDistance: 0,
    wassersteinSquared: 0,
    entropy,
    entropyLoss: 0,
    klTruthToModel: 0,
    klModelToTruth: 0,
    stepKl: NaN,
    testNll: entropy,
    selfNll: entropy,
    calibrationGap: 0,
    coverage95: 0.95,
    tailMass10: 1,
    tailMass1: 1,
    tailMass01: 1,
    hallucinatedMass: TAIL_SHARES[2],
    valueAtRisk99: 1,
    expectedShortfall99: 1,
    modesAlive: weights.filter((weight) => weight > 0).length,
    effectiveModes: effectiveModes(weights),
    rarestModeMass: weights[tables.rarest]!,
    bulkAccuracy: labels?.accuracy ?? NaN,
    stage1Share: 1,
    stage2Share: 0,
    stage3Share: 0,
    ancestry: 0,
  };
  return Float64Array.from(names, (name) => {
    const mode = modeOf(name);
    if (mode === 0) return values[name as ScalarStatistic];
    return name.startsWith('modeMass') ? weights[mode - 1]! : labels!.recalls[mode - 1]!;
  });
}
