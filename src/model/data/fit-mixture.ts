/**
 * The density that stands in for a data set: a Gaussian mixture by EM, number of components by the
 * Bayesian information criterion −2 ln L + p ln N (Schwarz 1978). Deterministic: k-means++ starts
 * from fixed random coordinates, columns standardised, components in the order of their means.
 *
 * EM's likelihood has no maximum: a component on repeated values grows without end. Fits in which
 * one component is far denser than another, or holds a handful of points, are not counted as fits
 * (the constraint of Hathaway 1985, here on determinants).
 */
import { packedIndex, packedLength, type Mixture } from '../mixture.ts';
import { exponential, wordBelow } from '../rng/normal.ts';
import { randomKey, STREAMS, words } from '../rng/coordinates.ts';
import { expectation, makeFit, maximisation, type Fit } from './em-step.ts';

export const MAX_BIC_COMPONENTS = 8;
/** Larger files are thinned to this many rows, for the fit alone: seconds, not minutes. */
const MAX_FIT_ROWS = 5000;
const STARTS = 6;
/** Steps and nats per row and step, by stage: of every start, of the best start, of the result. */
const EXPLORE = { steps: 20, tolerance: 1e-6 };
const COMPARE = { steps: 200, tolerance: 1e-7 };
const POLISH = { steps: 5000, tolerance: 1e-13 };
/** det Σ of the densest over that of the widest component, per standardised unit: sd 1 : 100. */
const MIN_DETERMINANT_RATIO = 1e-4;

export interface MixtureFit {
  readonly mixture: Mixture;
  /** Nats, summed over the rows that were fitted. */
  readonly logLikelihood: number;
  readonly bic: number;
}

/** The fit of lowest BIC among 1 … 8 components. `rows` is [N × dim], no column constant. */
export function fitByBic(rows: Float64Array, dim: number): MixtureFit {
  const data = standardise(thin(rows, dim), dim);
  let best = search(data, 1)!;
  for (let count = 2; count <= MAX_BIC_COMPONENTS; count++) {
    const fit = search(data, count);
    if (fit && bicOf(fit) < bicOf(best)) best = fit;
  }
  return finish(best, data);
}

/** EM with a given number of components; null where no start ends in a proper maximum. */
export function fitComponents(rows: Float64Array, dim: number, count: number): MixtureFit | null {
  const data = standardise(thin(rows, dim), dim);
  const fit = search(data, count);
  return fit && finish(fit, data);
}

function search({ sample, dim }: Standardised, count: number): Fit | null {
  if (count > 1 && sample.length / dim < count * minPoints(dim)) return null;
  let best: Fit | null = null;
  for (let start = 0; start < (count === 1 ? 1 : STARTS); start++) {
    const fit = runEm(startFit(sample, dim, count, start), sample, EXPLORE);
    if (isProper(fit) && (!best || fit.logLikelihood > best.logLikelihood)) best = fit;
  }
  if (best) runEm(best, sample, COMPARE);
  return best && isProper(best) ? best : null;
}

/** A fit that turns into a spike while it is polished is taken as it was compared. */
function finish(fit: Fit, data: Standardised): MixtureFit {
  const polished = runEm(structuredClone(fit), data.sample, POLISH);
  return unstandardise(isProper(polished) ? polished : fit, data);
}

/** A component that rests on fewer points than this says nothing about a density. */
const minPoints = (dim: number): number => dim + 4;

function isProper(fit: Fit): boolean {
  if (fit.count === 1) return true;
  const lightest = Math.min(...fit.weights) * fit.rowCount;
  const logRatio = 2 * (Math.min(...fit.logVolumes) - Math.max(...fit.logVolumes));
  return lightest >= minPoints(fit.dim) && logRatio >= Math.log(MIN_DETERMINANT_RATIO);
}

/** One row at random from each of M equal stretches: a fixed stride would meet a period. */
function thin(rows: Float64Array, dim: number): Float64Array {
  const rowCount = rows.length / dim;
  if (rowCount <= MAX_FIT_ROWS) return rows;
  const key = randomKey(STARTS, 0);
  const sample = new Float64Array(MAX_FIT_ROWS * dim);
  for (let i = 0; i < MAX_FIT_ROWS; i++) {
    const first = Math.floor((i * rowCount) / MAX_FIT_ROWS);
    const next = Math.floor(((i + 1) * rowCount) / MAX_FIT_ROWS);
    const row = first + wordBelow(words(key, i, 0, 0, STREAMS.choice)[0]!, next - first);
    sample.set(rows.subarray(row * dim, (row + 1) * dim), i * dim);
  }
  return sample;
}

interface Standardised {
  readonly dim: number;
  /** [rows × dim], each column of mean 0 and variance 1. */
  readonly sample: Float64Array;
  readonly centre: Float64Array;
  readonly scale: Float64Array;
}

function standardise(rows: Float64Array, dim: number): Standardised {
  const rowCount = rows.length / dim;
  const centre = new Float64Array(dim);
  const scale = new Float64Array(dim);
  rows.forEach((value, i) => (centre[i % dim]! += value / rowCount));
  rows.forEach((value, i) => (scale[i % dim]! += (value - centre[i % dim]!) ** 2 / rowCount));
  // A column that is constant in the thinned sample keeps its unit.
  scale.forEach((variance, a) => (scale[a] = variance > 0 ? Math.sqrt(variance) : 1));
  const sample = rows.map((value, i) => (value - centre[i % dim]!) / scale[i % dim]!);
  return { dim, sample, centre, scale };
}

/** Stops early on the way to a spike. */
function runEm(fit: Fit, sample: Float64Array, { steps, tolerance }: typeof EXPLORE): Fit {
  let before = expectation(fit, sample);
  for (let step = 0; step < steps && isProper(fit); step++) {
    maximisation(fit, sample);
    const after = expectation(fit, sample);
    if (Math.abs(after - before) < tolerance * fit.rowCount) break;
    before = after;
  }
  return fit;
}

/** p ln N − 2 ln L. */
function bicOf({ count, dim, rowCount, logLikelihood }: Fit): number {
  const parameters = count * (1 + dim + packedLength(dim)) - 1;
  return parameters * Math.log(rowCount) - 2 * logLikelihood;
}

/** Each row to its nearest centre, centres by k-means++; then one M-step. */
function startFit(sample: Float64Array, dim: number, count: number, start: number): Fit {
  const fit = makeFit(dim, count, sample.length / dim);
  const centres = chooseCentres(sample, dim, count, start);
  fit.responsibilities.fill(0);
  for (let i = 0; i < fit.rowCount; i++) {
    const distances = centres.map((centre) => squaredDistance(sample, dim, i, centre));
    fit.responsibilities[i * count + distances.indexOf(Math.min(...distances))] = 1;
  }
  maximisation(fit, sample);
  return fit;
}

/** k-means++ in one pass per centre: the row of least −ln(u_i)/D_i². */
function chooseCentres(sample: Float64Array, dim: number, count: number, start: number): number[] {
  const rowCount = sample.length / dim;
  const key = randomKey(start, count);
  const nearest = new Float64Array(rowCount).fill(1);
  const centres: number[] = [];
  while (centres.length < count) {
    let chosen = 0;
    let least = Infinity;
    for (let i = 0; i < rowCount; i++) {
      const word = words(key, i, centres.length, 0, STREAMS.kmeans)[0]!;
      const wait = exponential(word) / nearest[i]!;
      if (wait < least) [least, chosen] = [wait, i];
    }
    centres.push(chosen);
    for (let i = 0; i < rowCount; i++) {
      const distance = squaredDistance(sample, dim, i, chosen);
      nearest[i] = centres.length === 1 ? distance : Math.min(nearest[i]!, distance);
    }
  }
  return centres;
}

function squaredDistance(sample: Float64Array, dim: number, i: number, j: number): number {
  let sum = 0;
  for (let a = 0; a < dim; a++) sum += (sample[i * dim + a]! - sample[j * dim + a]!) ** 2;
  return sum;
}

function unstandardise(fit: Fit, { centre, scale }: Standardised): MixtureFit {
  const { dim, count, weights, means, covariances, rowCount } = fit;
  const order = Array.from({ length: count }, (_, k) => k).sort((j, k) => {
    for (let a = 0; a < dim; a++) {
      const difference = means[j * dim + a]! - means[k * dim + a]!;
      if (difference !== 0) return difference;
    }
    return j - k;
  });
  const size = packedLength(dim);
  const pairs = Array.from({ length: dim }, (_, a) =>
    Array.from({ length: a + 1 }, (__, b) => [a, b] as const),
  ).flat();
  const mixture: Mixture = {
    dim,
    weights: order.map((k) => weights[k]!),
    means: order.map((k) =>
      Array.from(scale, (unit, a) => centre[a]! + unit * means[k * dim + a]!),
    ),
    covariances: order.map((k) =>
      pairs.map(([a, b]) => scale[a]! * scale[b]! * covariances[k * size + packedIndex(a, b)]!),
    ),
  };
  const jacobian = scale.reduce((sum, unit) => sum + Math.log(unit), 0);
  const shift = rowCount * jacobian;
  return { mixture, logLikelihood: fit.logLikelihood - shift, bic: bicOf(fit) + 2 * shift };
}
