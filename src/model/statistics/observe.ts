/**
 * Every statistic asked for, of one model. What nothing asks for is not computed. Values are held
 * at ±1e18 and are never NaN; the model's status says when. Twin: shaders/kernels/observe.wgsl.
 */
import {
  modeOf,
  STAGE_SHARES,
  type ScalarStatistic,
  type StatisticName,
} from '../../spec/statistics.ts';
import type { FramedModel } from '../frame.ts';
import { scaleBy } from '../math/exponent.ts';
import { coverage } from './coverage.ts';
import { LN2, SILENT, frameGaussians, stretch, truthGaussians } from './density.ts';
import { overlap, ownEntropy, ownTerm } from './entropy.ts';
import { frechetDistance } from './frechet.ts';
import { held } from './held.ts';
import { labelled, type Labelled } from './labels.ts';
import { gaussianKl, gaussianKlTo, gaussianNll, nodeLoss } from './likelihood.ts';
import { effectiveModes, modesAlive, truthPosterior } from './modes.ts';
import * as moments from './moments.ts';
import { forEachNode, type Coordinate } from './nodes.ts';
import { lowerQuantile, meanBelow } from './shortfall.ts';
import { stageOf } from './stage.ts';
import { stepKl } from './step.ts';
import type { StatisticTables } from './tables.ts';
import { massOutside, twoSidedMass } from './tails.ts';
import { TAIL_SHARES } from './truth-levels.ts';
import { quantileDistance } from './wasserstein.ts';

/**
 * Values in the order of `names`; overflow and nonFinite are or-ed into `model.status`. `parent` is
 * the last generation's model, null at the first one.
 */
export function observe(
  names: readonly StatisticName[],
  model: FramedModel,
  tables: StatisticTables,
  coordinate: Coordinate,
  parent: FramedModel | null = null,
): Float64Array {
  const sums = once(() => nodeSums(names, model, tables, coordinate));
  const labels = once(() => labelled(truthGaussians(model), tables));
  const evaluate = evaluator(model, parent, tables, coordinate, sums, labels);
  const valueOf = (name: StatisticName): number => {
    const mode = modeOf(name);
    if (mode === 0) return evaluate[name as ScalarStatistic]();
    return (name.startsWith('modeMass') ? sums().masses : labels().recalls)[mode - 1]!;
  };
  return Float64Array.from(names, (name) => held(valueOf(name), model));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function evaluator(
  model: FramedModel,
  parent: FramedModel | null,
  tables: StatisticTables,
  coordinate: Coordinate,
  sums: () => NodeSums,
  labels: () => Labelled,
): Record<ScalarStatistic, () => number> {
  const { levels, trace, logDet, unitExponent, logUnit } = tables;
  const total = once(() => moments.totalMoments(model));
  const loss = once(() => losses(model, tables));
  const tail = (level: number) => () => {
    const mass =
      tables.dim > 1
        ? sums().tails[level]!
        : twoSidedMass(truthGaussians(model), levels.lower[level]!, levels.upper[level]!);
    return mass / TAIL_SHARES[level]!;
  };
  const quantile = once(() => lowerQuantile(truthGaussians(model)));
  /** In truth units; SILENT for −∞. */
  const entropy = once(() => {
    const own = ownEntropy(frameGaussians(model));
    return own === SILENT ? SILENT : own - sums().overlap + model.dim * model.scale * LN2;
  });
  const alive = () => modesAlive(sums().masses, tables.truth.weights);
  const stage = once(() => {
    const variance = moments.varianceRatio(total(), trace);
    return stageOf(variance, tail(1)(), alive(), tables.truth.count, tables.stages);
  });
  const inStage = (number: number) => () => (stage() === number ? 1 : 0);
  return {
    meanShiftSquared: () => moments.meanShiftSquared(total(), unitExponent),
    totalVariance: () => moments.totalVariance(total(), unitExponent),
    varianceRatio: () => moments.varianceRatio(total(), trace),
    logVarianceRatio: () => moments.logVarianceRatio(total(), trace),
    logDetRatio: () => moments.logDetRatio(total(), logDet),
    frechetDistance: () => frechetDistance(total(), tables),
    wassersteinSquared: () => wassersteinSquared(model, tables, total),
    entropy: () => entropy() + logUnit,
    entropyLoss: () => levels.entropy - entropy(),
    klTruthToModel: () => loss().kl,
    klModelToTruth: () => divergence(model, tables, sums),
    stepKl: () => (parent ? stepKl(parent, model, tables.nodes, coordinate) : loss().kl),
    testNll: () => loss().nll + logUnit,
    selfNll: () => entropy() + logUnit,
    calibrationGap: () => loss().nll - entropy(),
    coverage95: () => coverage(truthGaussians(model), tables, coordinate),
    tailMass10: tail(0),
    tailMass1: tail(1),
    tailMass01: tail(2),
    hallucinatedMass: () =>
      tables.dim > 1 ? sums().tails[2]! : massOutside(truthGaussians(model), tables.islands),
    valueAtRisk99: () => quantile() / tables.risk.quantile,
    expectedShortfall99: () => meanBelow(truthGaussians(model), quantile()) / tables.risk.meanBelow,
    modesAlive: alive,
    effectiveModes: () => effectiveModes(sums().masses),
    rarestModeMass: () => sums().masses[tables.rarest]!,
    bulkAccuracy: () => labels().accuracy,
    stage1Share: inStage(1),
    stage2Share: inStage(2),
    stage3Share: inStage(3),
    ancestry: () => model.ancestry,
  };
}

/** Loss and divergence in truth units. */
function losses(model: FramedModel, tables: StatisticTables): { nll: number; kl: number } {
  const g = truthGaussians(model);
  if (g.count > 1) return nodeLoss(g, tables);
  const nll = gaussianNll(g, tables);
  const single = tables.truth.count === 1;
  return { nll, kl: single ? gaussianKl(g, tables) : nll - tables.levels.entropy };
}

/** KL(q‖p₀): a component without width is infinitely unlike the truth. */
function divergence(model: FramedModel, tables: StatisticTables, sums: () => NodeSums): number {
  const g = truthGaussians(model);
  if (g.count === 1 && tables.truth.count === 1) return gaussianKlTo(g, tables.truth);
  return ownEntropy(g) === SILENT ? -SILENT : sums().divergence;
}

function wassersteinSquared(
  model: FramedModel,
  tables: StatisticTables,
  total: () => moments.TotalMoments,
): number {
  const g = truthGaussians(model);
  if (g.count === 1 && tables.truth.count === 1) return frechetDistance(total(), tables);
  return scaleBy(quantileDistance(g, tables.quantileNodes), 2 * tables.unitExponent);
}

interface NodeSums {
  /** E ln(q / own term). */
  readonly overlap: number;
  /** E ln(q / p₀). */
  readonly divergence: number;
  /** d > 1: q's mass under each density level. */
  readonly tails: Float64Array;
  /** q's mass on each truth component. */
  readonly masses: Float64Array;
}

const SEES_TRUTH: readonly StatisticName[] = [
  'modesAlive',
  'effectiveModes',
  'rarestModeMass',
  ...STAGE_SHARES,
];
const TAILS: readonly StatisticName[] = [
  'tailMass10',
  'tailMass1',
  'tailMass01',
  'hallucinatedMass',
  ...STAGE_SHARES,
];
const ENTROPIES: readonly StatisticName[] = ['entropy', 'entropyLoss', 'selfNll', 'calibrationGap'];

const seesModes = (name: StatisticName): boolean =>
  SEES_TRUTH.includes(name) || name.startsWith('modeMass');

/** Expectations under q, only those that `names` ask for. */
function nodeSums(
  names: readonly StatisticName[],
  model: FramedModel,
  tables: StatisticTables,
  coordinate: Coordinate,
): NodeSums {
  const { dim, truth, levels } = tables;
  const count = model.weights.length;
  const asksOverlap = count > 1 && names.some((name) => ENTROPIES.includes(name));
  const asksDivergence = count + truth.count > 2 && names.includes('klModelToTruth');
  const asksTails = dim > 1 && names.some((name) => TAILS.includes(name));
  const asksModes = truth.count > 1 && names.some(seesModes);
  const tails = new Float64Array(TAIL_SHARES.length);
  const masses = new Float64Array(truth.count);
  if (!asksModes) masses.fill(1);
  let overlapSum = 0;
  let divergenceSum = 0;
  const asksTruth = asksTails || asksModes || asksDivergence;
  if (!(asksOverlap || asksTruth)) return { overlap: 0, divergence: 0, tails, masses };
  const inFrame = frameGaussians(model);
  const inTruth = truthGaussians(model);
  const x = new Float64Array(dim);
  const posterior = new Float64Array(truth.count);
  forEachNode(inTruth, tables.nodes, coordinate, (k, z, weight) => {
    const excess = asksOverlap || asksDivergence ? overlap(inFrame, k, z) : 0;
    overlapSum += weight * excess;
    if (!asksTruth) return;
    stretch(inTruth, k, z, x);
    for (let a = 0; a < dim; a++) x[a]! += inTruth.means[k * dim + a]!;
    const logTruth = truthPosterior(truth, x, posterior);
    if (asksDivergence) divergenceSum += weight * (excess + ownTerm(inTruth, k, z) - logTruth);
    if (asksTails) levels.lower.forEach((l, at) => (tails[at]! += logTruth < l ? weight : 0));
    if (asksModes) posterior.forEach((r, j) => (masses[j]! += weight * r));
  });
  return { overlap: overlapSum, divergence: divergenceSum, tails, masses };
}
