/**
 * What a generation of a lineage costs, in visits of a point or node by a component: what slices
 * are cut by, and what time is proportional to, near enough.
 */
import { LLOYD_LIMIT } from '../model/gmm/kmeans.ts';
import { packedLength } from '../model/mixture.ts';
import { closedFormHolds, distils, isAssembled, isCounted, isGrouped } from '../model/rules.ts';
import {
  archiveParts,
  batchSize,
  cornerSpecs,
  entryCount,
  isWide,
  phaseStarts,
  specAt,
  truthComponentCount,
  type Spec,
} from '../spec/schema.ts';
import { dearVisits, KERNEL_COSTS, plainVisits } from './point-costs.ts';
import { STAGE_SHARES, type StatisticName } from '../spec/statistics.ts';

/** Drawing a point costs about as much as this many visits: 10. */
export const DRAW_VISITS = plainVisits(KERNEL_COSTS);
/** Passes over the points of a fit with K = 1: the mean, then the second moments about it. */
const SINGLE_PASSES = 2;
/** A fit in closed form costs about as much as drawing this many points. */
const CLOSED_POINTS = 4;
/** A fit to groups of points costs about as much as this many of them: two draws, and a fit. */
const GROUPED_FITS = 3;
/** An assembled point costs at most as much as this many plain draws, with one candidate: 4. */
const ASSEMBLY_COST = dearVisits(KERNEL_COSTS) / DRAW_VISITS;

/** A number of points that chance decides costs about as much as one of the two draws. */
const groupedFits = (spec: Spec): number => {
  if (!isCounted(spec)) return GROUPED_FITS;
  const modes = truthComponentCount(spec.truth) ?? 1;
  const models = Math.max(...cornerSpecs(spec).map(({ batch }) => batch.memory));
  return 2 * (GROUPED_FITS + modes * archiveParts(spec) + Math.min(models, spec.sampleSize));
};

/**
 * In many dimensions work goes by entries of factors: a product of two triangles, d³/6 products of
 * numbers, costs about d³/48 visits, and so does what solves for one.
 */
const cubeVisits = (dim: number): number => dim ** 3 / 48;
/** Statistics that solve for a triangle: those together that share one. */
const SOLUTIONS: readonly (readonly StatisticName[])[] = [
  ['klTruthToModel', 'testNll', 'calibrationGap'],
  ['klModelToTruth'],
  ['stepKl'],
];

/** A fit from its laws, and what is measured on it. */
function wideWork(spec: Spec, dim: number): number {
  const fit = DRAW_VISITS * packedLength(dim) + cubeVisits(dim);
  const solved = SOLUTIONS.filter((names) => names.some((name) => spec.statistics.includes(name)));
  return (isGrouped(spec) ? groupedFits(spec) : 1) * fit + solved.length * cubeVisits(dim);
}

/** Statistics that look at every node, and those that do so above d = 1 only. */
const NODE_STATISTICS: readonly StatisticName[] = [
  'entropy',
  'entropyLoss',
  'klTruthToModel',
  'klModelToTruth',
  'stepKl',
  'testNll',
  'selfNll',
  'calibrationGap',
  'coverage95',
  'wassersteinSquared',
  'modesAlive',
  'effectiveModes',
  'rarestModeMass',
  'bulkAccuracy',
  'valueAtRisk99',
  'expectedShortfall99',
];
const NODE_STATISTICS_ABOVE_LINE: readonly StatisticName[] = [
  'tailMass10',
  'tailMass1',
  'tailMass01',
  'hallucinatedMass',
  ...STAGE_SHARES,
];
/** Those that bisect do so again and again. */
const BISECTIONS: Partial<Record<StatisticName, number>> = {
  coverage95: 32,
  wassersteinSquared: 32,
};

/** How often a statistic looks at every node. */
function looksOf(name: StatisticName, components: number, dim: number): number {
  const looks =
    ((components > 1 || dim > 1) && (NODE_STATISTICS.includes(name) || name.startsWith('mode'))) ||
    (dim > 1 && NODE_STATISTICS_ABOVE_LINE.includes(name));
  return looks ? (BISECTIONS[name] ?? 1) : 0;
}

/** Whether a cell's generation draws its points; without, it needs no memory for them either. */
export function drawsPoints(spec: Spec, generation: number): boolean {
  if (isGrouped(spec)) return false;
  return !closedFormHolds(spec) || (generation === 1 && truthComponentCount(spec.truth) !== 1);
}

/** Points of the training set of a generation. */
export function trainingPoints(spec: Spec, generation: number): number {
  if (spec.batch.coreset && generation > 1) return entryCount(specAt(spec, generation));
  if (spec.retention !== 'accumulate') return batchSize(spec, generation);
  if (spec.growth === 0) return spec.sampleSize * generation;
  let points = 0;
  for (let t = 1; t <= generation; t++) points += batchSize(spec, t);
  return points;
}

/** Points of the largest training set: the last one, where no coreset stands in for some of them. */
export function mostPoints(spec: Spec): number {
  if (!spec.batch.coreset) return trainingPoints(spec, spec.generations);
  const firsts = phaseStarts(spec).map((first) => Math.max(2, first));
  return Math.max(spec.sampleSize, ...firsts.map((first) => trainingPoints(spec, first)));
}

/** How many times a plain point's draw a point costs that is assembled, candidates and all. */
function drawCost(spec: Spec): number {
  if (!isAssembled(spec)) return 1;
  const candidates = cornerSpecs(spec).map(
    ({ batch: { curation, verifier } }) => curation.candidates / verifier.keep,
  );
  return ASSEMBLY_COST * Math.max(...candidates);
}

/** A distance from a centre costs about as much as this many visits. */
const DISTANCE_VISITS = 0.25;

/** Passes over an archive that a coreset is made in, at most; each may be cut from the next. */
export function coresetPasses({ sampleSize, batch }: Spec): number {
  const { size, method } = batch.coreset!;
  if (method === 'uniform') return 1;
  return 2 + (method === 'kmeans' ? size + LLOYD_LIMIT : Math.ceil(Math.log2(sampleSize)));
}

/** Visits that the coreset of a lineage costs, once; at most. */
export function coresetWork(spec: Spec, dim: number): number {
  if (!distils(spec)) return 0;
  const { size, method } = spec.batch.coreset!;
  const { sampleSize } = spec;
  if (method === 'uniform') return dim * size * DRAW_VISITS;
  const distances =
    method === 'kmeans' ? (LLOYD_LIMIT + 1) * size : Math.ceil(Math.log2(sampleSize)) ** 2;
  const seeds = method === 'kmeans' ? size : 0;
  return dim * sampleSize * (DRAW_VISITS * (1 + seeds) + DISTANCE_VISITS * distances);
}

/** Whether later training sets are larger than earlier ones. */
const setsGrow = ({ growth, retention }: Spec): boolean => growth > 0 || retention === 'accumulate';

/** The generation that costs most. */
export const costliest = (spec: Spec): number => (setsGrow(spec) ? spec.generations : 1);

/**
 * Visits in one generation of one lineage of a cell with a truth of `dim` dimensions. Where training
 * sets do not grow, none costs more than the first, and all after it cost the same. What a coreset costs once is not
 * among it.
 */
export function generationWork(spec: Spec, dim: number, generation = 1): number {
  if (isWide(dim)) return wideWork(spec, dim);
  const { components } = spec.fit;
  const iterations = mostIterations(spec);
  const visits = components === 1 ? SINGLE_PASSES : components * iterations;
  const looks = spec.statistics.reduce((sum, name) => sum + looksOf(name, components, dim), 0);
  const fit = drawsPoints(spec, generation)
    ? trainingPoints(spec, generation) * (visits + DRAW_VISITS * drawCost(spec))
    : CLOSED_POINTS * DRAW_VISITS * (isGrouped(spec) ? groupedFits(spec) : 1);
  return dim * fit + looks * spec.nodes * components;
}

/** EM steps of a generation, at most. */
export const mostIterations = (spec: Spec): number =>
  Math.max(...cornerSpecs(spec).map(({ fit }) => fit.iterations));

/** Visits of one lineage in `count` generations from number `first` on. */
export function lineageWork(spec: Spec, dim: number, first: number, count: number): number {
  const once = first <= 2 && first + count > 2 ? coresetWork(spec, dim) : 0;
  if (setsGrow(spec)) {
    // Midpoints: sets grow smoothly enough for an estimate.
    const middle = Math.max(1, Math.round(first + (count - 1) / 2));
    return count * generationWork(spec, dim, middle) + once;
  }
  const later = generationWork(spec, dim, 2);
  const extra = first === 1 && count > 0 ? generationWork(spec, dim, 1) - later : 0;
  return count * later + extra + once;
}
