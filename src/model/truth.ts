/**
 * The truth p₀ of a spec: a Gaussian mixture with its moments, and for data the rows themselves.
 */
import { SpecError } from '../errors.ts';
import {
  initProblem,
  kmeansProblem,
  modeProblem,
  priorProblem,
  quantileProblem,
} from '../spec/rules.ts';
import {
  cornerSpecs,
  fewestPoints,
  specAt,
  type MixtureTruth,
  type Spec,
  type TruthSpec,
} from '../spec/schema.ts';
import { blobs } from './blobs.ts';
import { fitByBic } from './data/fit-mixture.ts';
import { cholesky } from './math/triangular.ts';
import { packedIndex, packedLength, totalMoments, type Mixture } from './mixture.ts';

/** Numeric columns of a file. */
export interface DataSet {
  readonly name: string;
  readonly columns: readonly string[];
  /** [rowCount × columns], row-major. */
  readonly rows: Float64Array;
  readonly rowCount: number;
}

export interface Truth {
  /** p₀; for data the mixture that BIC chose. */
  readonly mixture: Mixture;
  /** μ₀; for data the rows'. */
  readonly mean: readonly number[];
  /** C₀, packed; for data the rows', divided by N. */
  readonly covariance: readonly number[];
  /** Truth units are (x − μ₀)/2^log2Unit: ⌊log₂ √(tr C₀/d)⌋ + 1. */
  readonly log2Unit: number;
  /** [N × dim], data truths only. */
  readonly rows: Float64Array | null;
  readonly dim: number;
}

/** @throws SpecError where the data are missing, or no density can be put on them. */
export function resolveTruth(spec: TruthSpec, data: DataSet | null): Truth {
  if (spec.kind === 'data') return dataTruth(chooseColumns(spec.columns, data, spec.file));
  const mixture = spec.kind === 'blobs' ? blobs(spec) : explicit(spec);
  return { ...withUnit(totalMoments(mixture), mixture), rows: null };
}

/** What could not be said before the number of components of a data truth was known. */
export function checkTruthFits(spec: Spec, truth: Truth): void {
  const count = truth.mixture.weights.length;
  const start = initProblem(spec.fit, count);
  const prior = priorProblem(specAt(spec, 1).fit, count);
  const fewest = Math.min(...cornerSpecs(spec).map(fewestPoints));
  const centres = kmeansProblem(spec.fit, count, fewest);
  const modes = modeProblem(spec.statistics, count);
  const distance = quantileProblem(specAt(spec, 1), count);
  const problems = [
    ...(modes ? [{ field: 'statistics', message: modes[0], remedy: modes[1] }] : []),
    ...(distance ? [{ field: 'statistics', message: distance[0], remedy: distance[1] }] : []),
    ...(start ? [{ field: 'fit.init', message: start[0], remedy: start[1] }] : []),
    ...(prior ? [{ field: 'fit.prior', message: prior[0], remedy: prior[1] }] : []),
    ...(centres ? [{ field: 'sampleSize', message: centres[0], remedy: centres[1] }] : []),
  ];
  if (problems.length > 0) throw new SpecError(problems);
}

function withUnit(
  { mean, covariance }: { mean: number[]; covariance: number[] },
  mixture: Mixture,
): Omit<Truth, 'rows'> {
  const { dim } = mixture;
  let trace = 0;
  for (let a = 0; a < dim; a++) trace += covariance[packedIndex(a, a)]!;
  const log2Unit = Math.floor(Math.log2(Math.sqrt(trace / dim))) + 1;
  return { mixture, mean, covariance, log2Unit, dim };
}

function explicit({ components }: MixtureTruth): Mixture {
  const dim = components[0]!.mean.length;
  const sum = components.reduce((total, { weight }) => total + weight, 0);
  return {
    dim,
    weights: components.map(({ weight }) => weight / sum),
    means: components.map(({ mean }) => mean),
    covariances: components.map(({ covariance }) =>
      covariance.flatMap((row, a) => row.slice(0, a + 1)),
    ),
  };
}

function refuse(field: string, message: string, remedy: string): never {
  throw new SpecError([{ field, message, remedy }]);
}

/** The columns that the spec names, in its order. */
function chooseColumns(names: readonly string[], data: DataSet | null, file: string): DataSet {
  if (!data) refuse('truth.file', `${file} has not been read.`, 'Load the file.');
  const positions = names.map((name) => data.columns.indexOf(name));
  const missing = names.find((_, i) => positions[i] === -1);
  if (missing !== undefined) {
    const known = `Columns: ${data.columns.join(', ')}.`;
    refuse('truth.columns', `${data.name} has no column "${missing}".`, known);
  }
  const rows = new Float64Array(data.rowCount * names.length);
  for (let i = 0; i < data.rowCount; i++) {
    positions.forEach((position, a) => {
      rows[i * names.length + a] = data.rows[i * data.columns.length + position]!;
    });
  }
  return { name: data.name, columns: names, rows, rowCount: data.rowCount };
}

/** A variance of which less than this is a column's own: f32 resolves no thinner direction. */
const MIN_PIVOT = 2 ** -23;

function dataTruth({ columns, rows, rowCount }: DataSet): Truth {
  const dim = columns.length;
  const moments = rowMoments(rows, dim);
  const constant = columns.findIndex((_, a) => !(moments.covariance[packedIndex(a, a)]! > 0));
  if (constant >= 0) {
    const value = rowCount > 0 ? `${rows[constant]} in every row` : 'empty';
    const remedy = 'Choose a column that varies.';
    refuse('truth.columns', `Column "${columns[constant]}" is ${value}.`, remedy);
  }
  const factor = new Float64Array(packedLength(dim));
  cholesky(Float64Array.from(moments.covariance), dim, dim, factor);
  const dependent = columns.findIndex((_, a) => {
    const diagonal = packedIndex(a, a);
    return factor[diagonal]! ** 2 < MIN_PIVOT * moments.covariance[diagonal]!;
  });
  if (dependent >= 0) {
    const message = `Column "${columns[dependent]}" is a combination of those before it.`;
    refuse('truth.columns', message, 'Leave it out.');
  }
  return { ...withUnit(moments, fitByBic(rows, dim).mixture), rows };
}

/** Mean and packed covariance (÷ N) of rows, in two passes. */
function rowMoments(rows: Float64Array, dim: number): { mean: number[]; covariance: number[] } {
  const rowCount = rows.length / dim;
  const mean = new Array<number>(dim).fill(0);
  // Offsets from the first row, so that a far origin costs no digits.
  for (let i = 0; i < rows.length; i++) mean[i % dim]! += (rows[i]! - rows[i % dim]!) / rowCount;
  for (let a = 0; a < dim; a++) mean[a]! += rows[a]!;
  const covariance = new Array<number>(packedLength(dim)).fill(0);
  for (let i = 0; i < rowCount; i++) {
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b <= a; b++) {
        const product = (rows[i * dim + a]! - mean[a]!) * (rows[i * dim + b]! - mean[b]!);
        covariance[packedIndex(a, b)]! += product / rowCount;
      }
    }
  }
  return { mean, covariance };
}
