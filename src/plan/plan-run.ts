/**
 * Spec + limits → Plan. Chunks are dealt out breadth-first (every cell's first before any cell's
 * second), packed into batches of one pipeline group, and each batch is cut into slices and windows
 * that fit the engine's buffers and its time per dispatch.
 */
import { CapabilityError } from '../errors.ts';
import {
  closedFormHolds,
  distils,
  isAssembled,
  isCounted,
  isGrouped,
  isStandardised,
  modelsNeeded,
  poolForm,
  TALLIES_KEPT,
  usesReal,
  weighsPoints,
} from '../model/rules.ts';
import { tallyLength } from '../model/assemble/groups.ts';
import { cellWord } from '../model/rng/coordinates.ts';
import { checkTruthFits, resolveTruth, type DataSet, type Truth } from '../model/truth.ts';
import { packedLength } from '../model/mixture.ts';
import {
  archiveHolds,
  cellSpecs,
  cornerSpecs,
  isWide,
  type PhaseSpec,
  type Spec,
} from '../spec/schema.ts';
import {
  chunkReplicates,
  EDGE_COUNT,
  isSketched,
  QUANTILES,
  type Assembly,
  type Batch,
  type Cell,
  type Chunk,
  type EngineLimits,
  type Group,
  type Grouping,
  type Plan,
} from './plan.ts';
import { handOverReasons, visitCost } from './hand-over.ts';
import { keptBytes, mappingFor } from './mapping.ts';
import { coresetWork, costliest, drawsPoints, generationWork, mostPoints } from './work.ts';

export interface PlanOptions {
  /** The rows of a data truth; null elsewhere. */
  readonly data?: DataSet | null;
  /** Lineages per batch, instead of the engine's preference. */
  readonly batchLineages?: number;
  /** Generations per dispatch, instead of what the limits allow. */
  readonly windowGenerations?: number;
  /** Host memory for results and sketches. */
  readonly maxResultBytes?: number;
}

/** Generations in one dispatch at most: frames keep coming and a stop is soon heard. */
const WINDOW_LIMIT = 32;
/** Default host memory for results. */
const RESULT_BYTES = 2 ** 30;
/** Share of it that the sketches of unfinished cells may take. */
const SKETCH_SHARE = 0.25;
/** Lineages of a slice come in workgroups. */
const WORKGROUP = 64;
/** WebGPU's dispatch limit per dimension, 65 535 workgroups: observe has generations in the other. */
const MAX_LINEAGES = 65_535 * WORKGROUP;
/** 13 summary fields, a bound, a law with its error and 6 moments, of 8 bytes. */
const ROW_BYTES = (13 + 1 + 2 + 6) * 8;
/** Edges, held by the engine and by the collector, and counts. */
const SKETCH_BYTES = (2 * EDGE_COUNT + EDGE_COUNT + 1) * 8;
/** Bytes read back per chunk, generation and statistic: moments and the pilot's ranks. */
const MOMENT_BYTES = 8 * 4;
const RANK_BYTES = 2 * QUANTILES.length * 4;

/** Words of a packed model; the layout is shaders/gmm/model.wgsl's. */
export const modelWords = (dim: number, components: number): number =>
  2 + 2 * dim + components * (2 + dim + packedLength(dim));

/** Whether models know how many copies they are from a human: a word beside them. */
export const keepsAncestry = (statistics: Plan['statistics']): boolean =>
  statistics.includes('ancestry');

/** Words of a model in the ring of a cell's lineages. */
export const ringWords = ({ fit, statistics }: Spec, dim: number): number =>
  modelWords(dim, fit.components) + (keepsAncestry(statistics) ? 1 : 0);

/** Words of a cell's coresets: coordinates, and what each point stands for. */
export const coresetWords = ({ batch }: Spec, dim: number): number =>
  batch.coreset!.size * (dim + 1);

/** Words or numbers of the tallies that a lineage keeps beside its model. */
export const poolWords = ({ grouping }: Group, dim: number): number =>
  TALLIES_KEPT[grouping?.pool ?? 'none'] * tallyLength(dim);

/** Whether a buffer of the engine's own has models of the past, or a pool. */
export const keepsHistory = ({ assembly, grouping, handOver }: Group): boolean =>
  assembly !== null ||
  (grouping !== null &&
    handOver.length === 0 &&
    (grouping.memory || TALLIES_KEPT[grouping.pool] > 0));

/** Whether a statistic looks at the last generation too: a GPU then keeps it for the next window. */
export const seesParents = (statistics: Plan['statistics']): boolean =>
  statistics.includes('stepKl');

/**
 * Throws CapabilityError (need and have) where the request does not fit, and SpecError where the
 * data and the spec do not go together.
 */
export function planRun(spec: Spec, limits: EngineLimits, options: PlanOptions = {}): Plan {
  const axes = Object.keys(spec.sweep);
  const asked = Array.from(cellSpecs(spec), ({ values, spec: own }) => ({
    ...{ values, spec: own },
    word: spec.pairing === 'independent' ? cellWord(axes, values) : 0,
  }));
  return planOf(spec, asked, limits, options);
}

/** A cell as it is asked for. */
export type AskedCell = Pick<Cell, 'values' | 'spec' | 'word'>;

/**
 * The same of cells that no axes span: specs without sweep that ask for the same statistics and
 * criteria. What they share is said by the first of them.
 */
export const planCells = (
  asked: readonly Omit<AskedCell, 'values'>[],
  limits: EngineLimits,
  options: PlanOptions = {},
): Plan =>
  planOf(
    asked[0]!.spec,
    asked.map((cell) => ({ ...cell, values: [] })),
    limits,
    options,
  );

function planOf(
  spec: Spec,
  asked: readonly AskedCell[],
  limits: EngineLimits,
  options: PlanOptions,
): Plan {
  const cells = resolveCells(asked, options.data ?? null);
  const generations = Math.max(...cells.map((cell) => cell.spec.generations));
  const rows = cells.length * (generations + 1) * spec.statistics.length;
  const maxResultBytes = options.maxResultBytes ?? RESULT_BYTES;
  const summaryBytes = rows * ROW_BYTES;
  const sketched = cells.filter(isSketched);
  const sketchBytes = sketched.length > 0 ? generations * spec.statistics.length * SKETCH_BYTES : 0;
  if (summaryBytes + sketchBytes > maxResultBytes) {
    const most = Math.min(...sketched.map(({ truth }) => chunkReplicates(truth.dim)));
    const bins = sketchBytes > 0 ? ` and bins for more than ${most} replicates` : '';
    throw new CapabilityError(
      `The results need ${mebibytes(summaryBytes + sketchBytes)} (${cells.length} cells × ` +
        `${generations + 1} generations × ${spec.statistics.length} statistics${bins}), and ` +
        `${mebibytes(maxResultBytes)} are allowed: ask for fewer cells, generations or statistics, or raise --max-results.`,
    );
  }
  const room = Math.min(maxResultBytes * SKETCH_SHARE, maxResultBytes - summaryBytes);
  const sketchesHeld = sketchBytes > 0 ? Math.floor(room / sketchBytes) : cells.length;
  const cellsPerWave = Math.max(1, Math.min(cells.length, sketchesHeld));
  const { groups, groupOf } = groupCells(cells, limits);
  const batches = planBatches({ cells, groups, groupOf, limits, options }, cellsPerWave);
  const sum = (of: (spec: Spec) => number) =>
    cells.reduce((total, cell) => total + of(cell.spec), 0);
  return {
    spec,
    axes: Object.keys(spec.sweep),
    cells,
    statistics: spec.statistics,
    groups,
    batches,
    lineageCount: sum((cell) => cell.replicates),
    lineageGenerations: sum((cell) => cell.replicates * cell.generations),
    bufferBytes: largestBuffers(cells, groups, batches),
    resultBytes: summaryBytes + cellsPerWave * sketchBytes,
    cellsPerWave,
  };
}

const mebibytes = (bytes: number): string =>
  `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;

function resolveCells(asked: readonly AskedCell[], data: DataSet | null): Cell[] {
  const truths = new Map<string, Truth>();
  return asked.map(({ values, spec, word }, index) => {
    const text = JSON.stringify(spec.truth);
    const truth = truths.get(text) ?? resolveTruth(spec.truth, data);
    truths.set(text, truth);
    checkTruthFits(spec, truth);
    return { index, values, spec, word, truth };
  });
}

/** What batches are cut from. */
interface Layout {
  readonly cells: readonly Cell[];
  readonly groups: readonly Group[];
  /** Group number of each cell. */
  readonly groupOf: readonly number[];
  readonly limits: EngineLimits;
  readonly options: PlanOptions;
}

/** Cells of one group run through the same pipelines. */
function groupCells(
  cells: readonly Cell[],
  limits: EngineLimits,
): Pick<Layout, 'groups' | 'groupOf'> {
  const groups: Group[] = [];
  const numbers = new Map<string, number>();
  const groupOf = cells.map((cell) => {
    const { spec, truth } = cell;
    const { components, covariance, init } = spec.fit;
    const group = groupFor(cell, limits);
    const shape = [truth.dim, truth.mixture.weights.length, truth.rows !== null, group];
    const text = JSON.stringify([shape, components, covariance, init, spec.generations]);
    if (!numbers.has(text)) numbers.set(text, groups.push(group) - 1);
    return numbers.get(text)!;
  });
  return { groups, groupOf };
}

function groupFor({ spec, truth }: Cell, limits: EngineLimits): Group {
  const { lanes, bufferBytes, totalBytes } = limits;
  const { fit, replicates } = spec;
  const phases = cornerSpecs(spec);
  const standardised = isStandardised(spec);
  const pointBytes = Math.min(bufferBytes, totalBytes / 2);
  const handOver = handOverReasons(spec, limits.lacks);
  const grouped = isGrouped(spec);
  // Groups of points that are all of one model have no other past than the ring.
  const inRing = grouped && modelsNeeded(spec) === 1;
  const assembled = lanes !== null && isAssembled(spec) && !grouped;
  const weighed = weighsPoints(spec);
  return {
    closed: closedFormHolds(spec),
    wide: lanes !== null && isWide(truth.dim),
    standardised,
    phased: phases.length > 1,
    grows: spec.growth > 0,
    real: usesReal(spec),
    tolerant: fit.components > 1 && phases.some((phase) => phase.fit.tolerance > 0),
    // On standard normals a width is a factor of the fit.
    biased: !standardised && phases.some(({ batch }) => batch.samplingBias !== 1),
    sharpened: fit.components > 1 && phases.some(({ batch }) => batch.weightSharpening !== 1),
    weighed,
    tailed: phases.some((phase) => phase.fit.tailWeight > 0),
    prior: fit.prior?.centre ?? 'none',
    respawn: fit.respawn,
    mapping:
      lanes && drawsPoints(spec, 1)
        ? mappingFor(mostPoints(spec), truth.dim, fit.components, lanes, {
            pointBytes,
            lineages: replicates,
            // What a point weighs follows from all of them.
            redraws: !assembled && !weighed,
            weights: weighed ? 1 : 0,
          })
        : null,
    assembly: assembled ? assemblyOf(spec) : null,
    grouping: grouped ? groupingOf(spec) : null,
    handOver,
    past: handOver.length > 0 || (isAssembled(spec) && !inRing) ? modelsNeeded(spec) : 0,
  };
}

const groupingOf = (spec: Spec): Grouping => ({
  pool: poolForm(spec),
  fixed: spec.batch.realSource === 'fixed',
  segmented: spec.batch.realSource === 'fixed' && !archiveHolds(spec),
  noisy: cornerSpecs(spec).some(({ batch }) => batch.paraphrase.noise > 0),
  counted: isCounted(spec),
  memory: modelsNeeded(spec) > 1,
  poisoned: cornerSpecs(spec).some(({ batch }) => batch.poison.share > 0),
});

function assemblyOf(spec: Spec): Assembly {
  const phases = cornerSpecs(spec);
  const some = (holds: (batch: PhaseSpec['batch']) => boolean) =>
    phases.some(({ batch }) => holds(batch));
  const verified = some(({ verifier }) => verifier.keep < 1 || verifier.error > 0);
  const protects = spec.batch.protectedModes.length > 0;
  const judged = some(
    ({ curation, qualityFilter }) => curation.candidates > 1 || qualityFilter > 0,
  );
  return {
    retention: spec.retention,
    fixed: spec.batch.realSource === 'fixed',
    coreset: distils(spec) ? spec.batch.coreset : null,
    memory: some(({ memory }) => memory > 1),
    looked: verified || protects || judged,
    verified,
    poisoned: some(({ poison }) => poison.share > 0),
    noisy: some(({ paraphrase }) => paraphrase.noise > 0),
    protects,
    ancestry: keepsAncestry(spec.statistics),
  };
}

/** Chunks in breadth-first order, packed into batches of one group. */
function planBatches(layout: Layout, cellsPerWave: number): Batch[] {
  const { cells, groups, groupOf, limits, options } = layout;
  const batches: Batch[] = [];
  for (let wave = 0; wave < cells.length; wave += cellsPerWave) {
    const waveCells = cells.slice(wave, wave + cellsPerWave);
    const sizes = waveCells.map(({ truth }) => chunkReplicates(truth.dim));
    const rounds = Math.max(
      ...waveCells.map(({ spec }, i) => Math.ceil(spec.replicates / sizes[i]!)),
    );
    const wanted = options.batchLineages ?? limits.batchLineages;
    const perRound = sizes.length * Math.max(...sizes);
    const later = Math.max(1, Math.floor(wanted / perRound));
    // Pilots run alone: they fix the bins that all later chunks are counted into.
    for (let first = 0; first < rounds; first += first === 0 ? 1 : later) {
      const end = first === 0 ? 1 : first + later;
      for (let group = 0; group < groups.length; group++) {
        const members = waveCells.filter(({ index }) => groupOf[index] === group);
        batches.push(...packChunks(layout, chunksBetween(members, first, end), batches.length));
      }
    }
  }
  return batches;
}

/** Chunks first … end − 1 of each cell, a round of all cells at a time. */
function chunksBetween(cells: readonly Cell[], first: number, end: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let round = first; round < end; round++) {
    for (const { index, spec, truth } of cells) {
      const size = chunkReplicates(truth.dim);
      const firstReplicate = round * size;
      const count = Math.min(size, spec.replicates - firstReplicate);
      if (count > 0) chunks.push({ cell: index, firstReplicate, count });
    }
  }
  return chunks;
}

function packChunks(layout: Layout, chunks: readonly Chunk[], firstIndex: number): Batch[] {
  const { cells, groups, groupOf, limits, options } = layout;
  const batches: Batch[] = [];
  if (chunks.length === 0) return batches;
  const count = Math.max(...chunks.map((chunk) => chunk.count));
  const member = cells[chunks[0]!.cell]!;
  const group = groups[groupOf[member.index]!]!;
  const one = batchNeed(member, group, 1, count, 1);
  if (!needFits(one, limits)) refuseChunk(member, group, count, limits);
  const wanted = Math.min(options.batchLineages ?? limits.batchLineages, MAX_LINEAGES);
  const perBatch = Math.floor(
    Math.min(
      Math.max(1, wanted / count),
      limits.bufferBytes / one.buffer,
      limits.totalBytes / 2 / one.total,
    ),
  );
  for (let first = 0; first < chunks.length; first += perBatch) {
    const taken = chunks.slice(first, first + perBatch);
    const lineageCount = taken.reduce((sum, chunk) => sum + chunk.count, 0);
    batches.push({
      index: firstIndex + batches.length,
      group: groupOf[member.index]!,
      chunks: taken,
      lineageCount,
      ...cutBatch(layout, taken, lineageCount),
    });
  }
  return batches;
}

interface Need {
  readonly ring: number;
  readonly values: number;
  /** What is read back. */
  readonly sums: number;
  /** The largest of the buffers, and all together. */
  readonly buffer: number;
  readonly total: number;
}

/** Bytes of a batch whose ring holds window + 1 models; without its training sets. */
function batchNeed(
  cell: Cell,
  group: Group,
  chunkCount: number,
  lineageCount: number,
  window: number,
): Need {
  const { spec, truth } = cell;
  const words = ringWords(spec, truth.dim);
  const slot = lineageCount * words * 4;
  const ring = (window + 1) * slot;
  const parents = seesParents(spec.statistics) ? slot : 0;
  // The reference's own models are in f64; an assembled lineage's have a threshold beside them.
  const history = keepsHistory(group);
  const [model, number] = history ? [words + 1, 4] : [words, 8];
  const distilled = group.past > 0 && distils(spec) ? coresetWords(spec, truth.dim) : 0;
  const kept = distilled + poolWords(group, truth.dim);
  const past = lineageCount * (group.past * model + kept) * number;
  const values = lineageCount * window * spec.statistics.length * 4;
  const sums = chunkCount * window * spec.statistics.length;
  const sketch = isSketched(cell) ? [EDGE_COUNT * 4, (EDGE_COUNT + 1) * 4] : [];
  const rows = [MOMENT_BYTES, RANK_BYTES, ...sketch].map((bytes) => sums * bytes);
  const read = rows.reduce((total, bytes) => total + bytes, 0);
  return {
    ring,
    values,
    sums: read,
    buffer: Math.max(ring, values, ...rows, history ? past : 0),
    total: ring + past + parents + values + read,
  };
}

/** Half of all memory: the other half is the training sets'. */
const needFits = ({ buffer, total }: Need, limits: EngineLimits): boolean =>
  buffer <= limits.bufferBytes && total <= limits.totalBytes / 2;

/** Throws: not even one chunk of `count` replicates fits, with a window of one generation. */
function refuseChunk(cell: Cell, group: Group, count: number, limits: EngineLimits): never {
  const { spec, truth } = cell;
  const needOf = (lineages: number, past = group.past) =>
    batchNeed(cell, { ...group, past }, 1, lineages, 1);
  const { buffer, total } = needOf(count);
  const [need, have, where] =
    buffer > limits.bufferBytes
      ? [buffer, limits.bufferBytes, 'in one buffer']
      : [total, limits.totalBytes / 2, 'beside the training sets'];
  let fitting = count;
  while (fitting > 0 && !needFits(needOf(fitting), limits)) fitting--;
  // A memory is as long as was asked; what old batches are drawn again from, as the run.
  let memory = group.grouping || spec.retention === 'replace' ? group.past - 1 : 0;
  while (memory > 0 && !needFits(needOf(count, memory), limits)) memory--;
  const lower = [
    ...(fitting > 0 ? [`replicates to ${fitting}`] : []),
    ...(memory > 0 ? [`batch.memory to ${memory}`] : []),
  ];
  const remedy = lower.length > 0 ? `lower ${lower.join(' or ')}` : 'use another engine';
  const { past } = group;
  const dimensions = `${truth.dim} ${truth.dim === 1 ? 'dimension' : 'dimensions'}`;
  const kept = [
    ...(past > 1 ? [`last ${past} models`] : []),
    ...(poolWords(group, truth.dim) > 0 ? ['pool'] : []),
  ];
  const each = kept.length > 0 ? `, each with its ${kept.join(' and its ')} of ${dimensions},` : '';
  throw new CapabilityError(
    `A chunk of ${count} replicates${each} needs ${mebibytes(need)} ${where}, and this engine ` +
      `allows ${mebibytes(have)}: ${remedy}.`,
  );
}

/** Throws: one lineage's training set alone is too large. */
function refuseSet({ spec }: Cell, need: number, have: number): never {
  throw new CapabilityError(
    `One training set of ${mostPoints(spec)} points needs ${mebibytes(need)}, and this engine ` +
      `allows ${mebibytes(have)}: lower sampleSize, growth or generations, or use another engine.`,
  );
}

/** Slice and window of a batch: as many lineages as fit side by side, then generations. */
function cutBatch(
  { cells, groups, groupOf, limits, options }: Layout,
  chunks: readonly Chunk[],
  lineageCount: number,
): Pick<Batch, 'sliceLineages' | 'windowGenerations'> {
  const members = chunks.map(({ cell }) => cells[cell]!);
  const { generations } = members[0]!.spec;
  const group = groups[groupOf[members[0]!.index]!]!;
  const most = members.map((c) => generationWork(c.spec, c.truth.dim, costliest(c.spec)));
  const work = visitCost(group) * Math.max(...most);
  const pointBytes = keptBytes(group, members[0]!.truth.dim);
  const pointBudget = Math.min(limits.bufferBytes, limits.totalBytes / 2);
  const once = visitCost(group) * Math.max(...members.map((c) => coresetWork(c.spec, c.truth.dim)));
  const timely = Math.max(WORKGROUP, Math.floor(limits.dispatchWork / (work + once)));
  let slice = Math.min(lineageCount, timely);
  if (pointBytes > pointBudget) refuseSet(members[0]!, pointBytes, pointBudget);
  if (pointBytes > 0) slice = Math.min(slice, Math.floor(pointBudget / pointBytes));
  if (slice >= WORKGROUP && slice < lineageCount) slice -= slice % WORKGROUP;
  const affordable = Math.max(1, Math.floor(limits.dispatchWork / (work * slice)));
  let window = Math.min(options.windowGenerations ?? affordable, generations, WINDOW_LIMIT);
  const fits = (w: number) =>
    needFits(batchNeed(members[0]!, group, chunks.length, lineageCount, w), limits);
  while (window > 1 && !fits(window)) window--;
  return { sliceLineages: slice, windowGenerations: window };
}

/** Largest need of any batch, by buffer. */
function largestBuffers(
  cells: readonly Cell[],
  groups: readonly Group[],
  batches: readonly Batch[],
): Record<string, number> {
  const largest = { ring: 0, values: 0, sums: 0, points: 0 };
  for (const { group, chunks, lineageCount, sliceLineages, windowGenerations } of batches) {
    const members = chunks.map(({ cell }) => cells[cell]!);
    const own = groups[group]!;
    const need = batchNeed(members[0]!, own, chunks.length, lineageCount, windowGenerations);
    const points = sliceLineages * keptBytes(own, members[0]!.truth.dim);
    largest.ring = Math.max(largest.ring, need.ring);
    largest.values = Math.max(largest.values, need.values);
    largest.sums = Math.max(largest.sums, need.sums);
    largest.points = Math.max(largest.points, points);
  }
  return largest;
}
