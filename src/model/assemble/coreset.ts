/**
 * An archive distilled: all points of the first generation as a few that stand for so many of them
 * each. Uniform: some of the points themselves. kmeans: centres of k-means++ and Lloyd. quantile: on
 * a line, the means of bins of equal count. The latter two have the archive's mean and lose what
 * points vary within a centre's share or a bin, exactly. Twin: shaders/assemble/coreset.wgsl.
 */
import {
  LLOYD_LIMIT,
  lloydPass,
  nearestCentre,
  NEVER,
  raceTime,
  squaredDistance,
} from '../gmm/kmeans.ts';
import { STREAMS, words, type RandomKey } from '../rng/coordinates.ts';
import { exponential } from '../rng/normal.ts';
import type { Rules } from '../rules.ts';
import { freshPoint, moveFrame, TRUTH_FRAME } from './batch.ts';
import { placeOf } from './draws.ts';
import { permutationOf, permute } from './permutation.ts';
import type { WorkingFrame } from './sources.ts';

export interface Coreset {
  /** [size × dim], truth units. */
  readonly points: Float64Array;
  /** Points of the archive that each stands for; all of them together. */
  readonly counts: Float64Array;
}

/** Points of the archive. */
export const archiveSize = ({ phases }: Rules): number => phases[0]!.sampleSize;

/** Of a lineage of a cell that has one, by the cell's rules of the first generation. */
export function coresetOf(cell: Rules, lineage: number): Coreset {
  const { method, size } = cell.coreset!;
  if (method === 'uniform') return sampled(cell, lineage, size);
  const archive = new Float64Array(archiveSize(cell) * cell.dim);
  drawArchive(cell, lineage, (i) => i, archive);
  return method === 'quantile' ? binned(archive, size) : clustered(cell, lineage, archive, size);
}

/** Points of the first generation by their numbers, into y, truth units. */
function drawArchive(
  cell: Rules,
  lineage: number,
  numberOf: (entry: number) => number,
  y: Float64Array,
): void {
  const { dim } = cell;
  const place = placeOf(cell.key, lineage, 1, dim);
  for (let e = 0; e < y.length / dim; e++) {
    freshPoint(cell, place, numberOf(e), TRUTH_FRAME, y.subarray(e * dim, (e + 1) * dim));
  }
}

function sampled(cell: Rules, lineage: number, size: number): Coreset {
  const points = new Float64Array(size * cell.dim);
  const permutation = permutationOf(cell.key, lineage, 1, archiveSize(cell));
  drawArchive(cell, lineage, (e) => permute(permutation, e), points);
  return { points, counts: new Float64Array(size).fill(archiveSize(cell) / size) };
}

/** First of bin b's ranks, where n sorted points are cut into so many bins. */
export const binStart = (b: number, n: number, size: number): number => Math.floor((b * n) / size);

function binned(archive: Float64Array, size: number): Coreset {
  const sorted = archive.sort();
  const points = new Float64Array(size);
  const counts = new Float64Array(size);
  for (let b = 0; b < size; b++) {
    const bin = sorted.subarray(
      binStart(b, sorted.length, size),
      binStart(b + 1, sorted.length, size),
    );
    points[b] = bin[0]! + bin.reduce((sum, x) => sum + (x - bin[0]!), 0) / bin.length;
    counts[b] = bin.length;
  }
  return { points, counts };
}

function clustered(cell: Rules, lineage: number, archive: Float64Array, size: number): Coreset {
  const { dim } = cell;
  const centres = seeds(cell, lineage, archive, size);
  for (let pass = 0; pass < LLOYD_LIMIT && lloydPass(centres, archive, dim); pass++);
  const counts = new Float64Array(size);
  const sums = new Float64Array(centres.length);
  for (let at = 0; at < archive.length; at += dim) {
    const k = nearestCentre(centres, size, archive, at, dim);
    counts[k]! += 1;
    for (let a = 0; a < dim; a++) sums[k * dim + a]! += archive[at + a]! - centres[k * dim + a]!;
  }
  // Settled or not, what a centre stands for has its mean there.
  const points = centres.map((x, e) => x + sums[e]! / Math.max(1, counts[Math.floor(e / dim)]!));
  return { points, counts };
}

/** The word of archive point i in the race for centre k. */
export const raceWord = (key: RandomKey, i: number, lineage: number, k: number): number =>
  words(key, i, lineage, 1, STREAMS.coreset, k >> 2)[k & 3]!;

/** k-means++: each centre the point of least E_i / D_i² to those before it. */
function seeds(cell: Rules, lineage: number, archive: Float64Array, size: number): Float64Array {
  const { dim, key } = cell;
  const centres = new Float64Array(size * dim);
  const squares = new Float64Array(archive.length / dim).fill(Infinity);
  for (let k = 0; k < size; k++) {
    let winner = 0;
    let least = NEVER;
    for (let i = 0; i < squares.length; i++) {
      if (k > 0) {
        squares[i] = Math.min(squares[i]!, squaredDistance(centres, k - 1, archive, i * dim, dim));
      }
      const word = raceWord(key, i, lineage, k);
      const time = raceTime(exponential(word), k === 0 ? 1 : squares[i]!);
      if (time < least) {
        least = time;
        winner = i;
      }
    }
    centres.set(archive.subarray(winner * dim, (winner + 1) * dim), k * dim);
  }
  return centres;
}

/** Point j of a coreset in a frame, into y. */
export function coresetPoint(
  { points }: Coreset,
  j: number,
  frame: WorkingFrame,
  y: Float64Array,
): void {
  moveFrame(points.subarray(j * y.length, (j + 1) * y.length), TRUTH_FRAME, frame, y);
}
