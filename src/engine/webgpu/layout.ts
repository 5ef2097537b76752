/**
 * Structs shared by host and kernels, each declared once as a table of 4-byte scalars: field i lies
 * at byte 4·i, rows follow without padding. The WGSL text (module `package::layout`), the packer
 * and the reader are projections of the table.
 */
export type Scalar = 'u32' | 'i32' | 'f32';

export interface Layout<Field extends string> {
  /** The WGSL struct's name. */
  readonly name: string;
  readonly fields: readonly (readonly [Field, Scalar])[];
  /** Bytes of one row. */
  readonly rowBytes: number;
}

export type Row<Field extends string> = Readonly<Record<Field, number>>;

const WORD_BYTES = 4;

function layout<Field extends string>(
  name: string,
  types: Readonly<Record<Field, Scalar>>,
): Layout<Field> {
  const fields = Object.entries(types) as [Field, Scalar][];
  return { name, fields, rowBytes: fields.length * WORD_BYTES };
}

/**
 * What differs between the cells of one pipeline group, model/rules.ts as words: a row for each of a
 * cell's phases, one after the other.
 */
export const CELL_PARAMS = layout('CellParams', {
  sampleSize: 'u32',
  iterations: 'u32',
  /** Real points of each batch after the first, under quota. */
  quota: 'u32',
  /** Probability that a point is real, under bernoulli. */
  share: 'f32',
  /** Covariance floor, truth units². */
  floor: 'f32',
  bessel: 'f32',
  keyLow: 'u32',
  keyHigh: 'u32',
  keyCell: 'u32',
  keyVersion: 'u32',
  /** Word offset of the truth's packed model. */
  truthModelOffset: 'u32',
  /** Word offset and number of a data truth's rows. */
  rowOffset: 'u32',
  rowCount: 'u32',
  /** Word offset into the statistics' tables. */
  tableOffset: 'u32',
  /** Change of the mean log-likelihood under which EM stops. */
  tolerance: 'f32',
  /** What a model's factors are multiplied by when it is sampled. */
  spread: 'f32',
  /** The power of its weights that its components are chosen by. */
  sharpening: 'f32',
  /** Share of all weight that real points have, −1 where all points weigh alike. */
  realWeight: 'f32',
  /** Points weigh as this power of their density under the parent, negated. */
  tailWeight: 'f32',
  /** Points that a prior stands for. */
  strength: 'f32',
  /** Of this phase, and phases of the cell. */
  firstGeneration: 'u32',
  phaseCount: 'u32',
  /** Models that synthetic points come from. */
  memory: 'u32',
  /** Mahalanobis radius beyond which nothing is sampled; 1e18 where nothing is cut off. */
  truncation: 'f32',
  /** Share that the verifier keeps, and with what probability it errs. */
  keep: 'f32',
  error: 'f32',
  /** Synthetic candidates of which the best is kept. */
  candidates: 'u32',
  /** Power of its density that a candidate is kept with. */
  selectivity: 'f32',
  /** Probability of an adversary's point, its mean and width, truth units. */
  poison: 'f32',
  poisonMean0: 'f32',
  poisonMean1: 'f32',
  poisonMean2: 'f32',
  poisonMean3: 'f32',
  poisonScale: 'f32',
  /** Noise on synthetic points, in standard deviations of the truth. */
  noise: 'f32',
  /** Protected truth components, bit j for component j. */
  protectedModes: 'u32',
  /** Points of all batches before this phase. */
  poolBefore: 'u32',
  /** Points of a coreset, 0 where real points are taken as they are. */
  coresetSize: 'u32',
  /** Where an archive's segment ends that has the number of this row among the cell's; 0: none. */
  archiveEnd: 'u32',
});

/** One dispatch: lineages of a slice through generations of a window, or through some passes of one. */
export const DISPATCH = layout('Dispatch', {
  /** Lineages of the batch: the stride of ring and values. */
  lineageCount: 'u32',
  firstLineage: 'u32',
  sliceLineages: 'u32',
  /** Counted from 1. */
  firstGeneration: 'u32',
  generationCount: 'u32',
  /** Ring slot of the first generation's parent, and the slot that this generation goes to. */
  parentSlot: 'u32',
  firstSlot: 'u32',
  /** EM steps, at most, of any cell in the batch. */
  iterations: 'u32',
  /** Passes over the points, from and up to; up to 0: all of them. */
  firstPass: 'u32',
  endPass: 'u32',
});

/** An aligned chunk of a cell's replicates within a batch. */
export const CHUNK_ROW = layout('ChunkRow', {
  cell: 'u32',
  firstReplicate: 'u32',
  count: 'u32',
  firstLineage: 'u32',
});

/** Shape of a reduction: one workgroup per (row, generation, statistic), row-major. */
export const REDUCE_PARAMS = layout('ReduceParams', {
  rowCount: 'u32',
  generationCount: 'u32',
  statisticCount: 'u32',
  lineageCount: 'u32',
});

/** A chunk to sort, and the row of the edges buffer it fixes (NO_SLOT: none). */
export const PILOT_ROW = layout('PilotRow', { chunk: 'u32', edgeSlot: 'u32' });

/** A chunk to count, between which edges, into which bins. */
export const HISTOGRAM_ROW = layout('HistogramRow', {
  chunk: 'u32',
  edgeSlot: 'u32',
  binSlot: 'u32',
});

/** Moments of the chunk's unsaturated values: mean = pivot + 2^exponent · deviation. */
export const MOMENT_ROW = layout('MomentRow', {
  count: 'u32',
  saturated: 'u32',
  min: 'f32',
  max: 'f32',
  pivot: 'f32',
  exponent: 'i32',
  deviation: 'f32',
  /** Sum of squares in units of 4^exponent. */
  squares: 'f32',
});

/** A criterion of collapse of a cell: model/reduce/collapse.ts as words. */
export const THRESHOLD_ROW = layout('ThresholdRow', {
  /** Place of the statistic among those measured. */
  statistic: 'u32',
  /** 1: met above the level, 0: below. */
  above: 'u32',
  /** 1: the value at generation 1 is added to the level. */
  fromFirst: 'u32',
  level: 'f32',
  /** What must not have happened: 0 nothing, 1 its statistic under its level, 2 above. */
  barSide: 'u32',
  barStatistic: 'u32',
  barLevel: 'f32',
});

export const NO_SLOT = 0xffff_ffff;

const LAYOUTS: readonly Layout<string>[] = [
  CELL_PARAMS,
  DISPATCH,
  CHUNK_ROW,
  REDUCE_PARAMS,
  PILOT_ROW,
  HISTOGRAM_ROW,
  MOMENT_ROW,
  THRESHOLD_ROW,
];

export const structText = ({ name, fields }: Layout<string>): string =>
  `struct ${name} {\n${fields.map(([field, type]) => `  ${field}: ${type},\n`).join('')}}\n`;

/** The module `package::layout`: every struct, and NO_SLOT. */
export const layoutText = (): string =>
  [...LAYOUTS.map(structText), `const NO_SLOT: u32 = ${NO_SLOT}u;\n`].join('');

const setters = { u32: 'setUint32', i32: 'setInt32', f32: 'setFloat32' } as const;
const getters = { u32: 'getUint32', i32: 'getInt32', f32: 'getFloat32' } as const;

/** Bytes of all rows, little-endian as every WebGPU host is. */
export function packRows<Field extends string>(
  { fields, rowBytes }: Layout<Field>,
  rows: readonly Row<Field>[],
): ArrayBuffer {
  const bytes = new ArrayBuffer(rows.length * rowBytes);
  const view = new DataView(bytes);
  rows.forEach((row, r) => {
    fields.forEach(([field, type], f) => {
      view[setters[type]](r * rowBytes + f * WORD_BYTES, row[field], true);
    });
  });
  return bytes;
}

/** Row `r` of what a kernel wrote. */
export function readRow<Field extends string>(
  { fields, rowBytes }: Layout<Field>,
  bytes: ArrayBuffer,
  r: number,
): Row<Field> {
  const view = new DataView(bytes, r * rowBytes, rowBytes);
  return Object.fromEntries(
    fields.map(([field, type], f) => [field, view[getters[type]](f * WORD_BYTES, true)]),
  ) as Row<Field>;
}
