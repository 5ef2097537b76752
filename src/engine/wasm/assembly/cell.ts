/**
 * The cell whose lineages are in hand: its numbers, its truth, its rows, and room for the points of
 * four of its lineages.
 */
import { loadTruth, modelWords } from './gmm/model';
import { allocate } from './memory';
import { setKey } from './rng/threefry';
import { D, J } from './shape';
import { nth, VECTOR } from './simd';

/** Words of CELL_PARAMS in src/engine/webgpu/layout.ts. */
const SAMPLE_SIZE: usize = 0;
const ITERATIONS: usize = 4;
export const QUOTA: usize = 8;
export const SHARE: usize = 12;
const FLOOR: usize = 16;
const BESSEL: usize = 20;
const KEY: usize = 24;
const ROW_COUNT: usize = 48;
const TOLERANCE: usize = 56;
export const SPREAD: usize = 60;
export const SHARPENING: usize = 64;
const FIRST_GENERATION: usize = 80;
const PHASE_COUNT: usize = 84;
export const MEMORY: usize = 88;
export const TRUNCATION: usize = 92;
export const POISON: usize = 112;
export const POISON_MEAN: usize = 116;
export const POISON_SCALE: usize = 132;
export const NOISE: usize = 136;
const POOL_BEFORE: usize = 144;
const ROW_BYTES: usize = 156;

/** Points of a training set. */
export let sampleSize: i32 = 0;
export let iterations: i32 = 0;
/** Real points of each batch after the first, under quota. */
export let quota: i32 = 0;
/** Probability that a point is real, under bernoulli. */
export let share: f32 = 0;
/** Covariance floor, truth units². */
export let floor: f32 = 0;
export let bessel: f32 = 1;
export let rowCount: i32 = 0;
export let tolerance: f32 = 0;
/** What a model's factors are multiplied by when it is sampled. */
export let spread: f32 = 1;
/** The power of its weights that its components are chosen by. */
export let sharpening: f32 = 1;
/** Mean and covariance are drawn from their laws wherever no point is needed. */
export let closedForm: bool = false;

/** Rows of a data truth in truth units, f32 [rowCount × D]. */
export let ROWS: usize = 0;
/** Points of four lineages, vectors [sampleSize × D]. */
export let POINTS: usize = 0;
/** A vector for each point: its place in the pool, its source, and for k-means what it needs. */
export let LABELS: usize = 0;

/** The first of the cell's rows, one a phase, and the row taken up. */
let CELL: usize = 0;
let phaseCount: i32 = 1;
let phase: i32 = 0;

/** Cholesky factor of the truth's covariance, packed, f32. */
export let TRUTH_FACTOR: usize = 0;

let vectorsHeld: i32 = 0;
/** What 32-bit addresses reach. */
const MOST_BYTES: f64 = 4294967296;

/** Forgets the room for points: the host has reset all memory. */
export function forgetPoints(): void {
  vectorsHeld = 0;
}

/**
 * Takes the cell up; after `configure`. `cell` has rows of CELL_PARAMS, `truth` the words of a
 * packed model and its covariance's factor, `inClosedForm` is closedForm of src/model/rules.ts,
 * `mostPoints` those of the largest training set. Returns 0, or the bytes of memory that could not
 * be had: 16 · (n · (D + 1) + 3), n the most points rounded up to even.
 */
export function setCell(
  cell: usize,
  truth: usize,
  rows: usize,
  inClosedForm: bool,
  mostPoints: i32,
): f64 {
  rowCount = load<i32>(cell + ROW_COUNT);
  CELL = cell;
  phaseCount = load<i32>(cell + PHASE_COUNT);
  takeRow(0);
  closedForm = inClosedForm;
  setKey(
    load<u32>(cell + KEY),
    load<u32>(cell + KEY + 4),
    load<u32>(cell + KEY + 8),
    load<u32>(cell + KEY + 12),
  );
  loadTruth(truth, J);
  TRUTH_FACTOR = truth + ((<usize>modelWords(J)) << 2);
  ROWS = rows;
  return holdPoints(mostPoints);
}

/** Numbers of one phase. */
function takeRow(number: i32): void {
  const row = rowOf(number);
  phase = number;
  sampleSize = load<i32>(row + SAMPLE_SIZE);
  bessel = load<f32>(row + BESSEL);
  iterations = load<i32>(row + ITERATIONS);
  quota = load<i32>(row + QUOTA);
  share = load<f32>(row + SHARE);
  floor = load<f32>(row + FLOOR);
  tolerance = load<f32>(row + TOLERANCE);
  spread = load<f32>(row + SPREAD);
  sharpening = load<f32>(row + SHARPENING);
}

const rowOf = (number: i32): usize => CELL + <usize>number * ROW_BYTES;

const phaseStart = (number: i32): i32 => load<i32>(rowOf(number) + FIRST_GENERATION);

/** Address of the row of the phase in hand. */
export const rowInHand = (): usize => rowOf(phase);

/** The cell never changes. */
export const isOnePhase = (): bool => phaseCount == 1;

/** Points of the first batch. */
export const firstBatch = (): i32 => load<i32>(CELL + SAMPLE_SIZE);

/** Points of all batches up to generation t's, which the phase in hand is of. */
export function poolSize(t: i32): i32 {
  const row = rowInHand();
  const batches = t - load<i32>(row + FIRST_GENERATION) + 1;
  return load<i32>(row + POOL_BEFORE) + batches * load<i32>(row + SAMPLE_SIZE);
}

/** Address of the row that a place of the pool is of: no later phase's than the one in hand. */
export function rowOfPlace(place: u32): usize {
  let low = 0;
  let high = phase;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (load<u32>(rowOf(middle) + POOL_BEFORE) <= place) low = middle;
    else high = middle - 1;
  }
  return rowOf(low);
}

/** Of a place of the pool, given its row: points of the phase before it, and a batch's points. */
export const placeInPhase = (row: usize, place: u32): u32 => place - load<u32>(row + POOL_BEFORE);
export const batchSize = (row: usize): u32 => load<u32>(row + SAMPLE_SIZE);
export const firstGeneration = (row: usize): i32 => load<i32>(row + FIRST_GENERATION);

/** A training set of `points` instead of the batch alone. */
export function setTraining(points: i32): void {
  sampleSize = points;
  const rest: f32 = points > 1 ? <f32>points / <f32>(points - 1) : 0;
  bessel = load<f32>(rowInHand() + BESSEL) == 1 ? 1 : rest;
}

/** Makes the numbers those of generation t. */
export function takePhase(t: i32): void {
  if (phaseCount == 1) return;
  let number = phaseStart(phase) <= t ? phase : 0;
  while (number + 1 < phaseCount && phaseStart(number + 1) <= t) number++;
  if (number != phase) takeRow(number);
}

/** The first generation after the phase in hand, or `end` where that comes sooner. */
export function phaseEnd(end: i32): i32 {
  const next = phase + 1 < phaseCount ? phaseStart(phase + 1) : end;
  return next < end ? next : end;
}

/** Makes room for the points; bytes that could not be had. */
function holdPoints(mostPoints: i32): f64 {
  // At D = 1 points are drawn in pairs.
  const points = (mostPoints + 1) & ~1;
  // The last point's block of normals may be one longer than the point, and labels come in fours.
  const vectors = points * (D + 1) + 3;
  if (vectors > vectorsHeld) {
    const bytes = <f64>vectors * VECTOR;
    const start = bytes < MOST_BYTES ? allocate(<usize>bytes) : 0;
    if (start == 0) return bytes;
    vectorsHeld = vectors;
    POINTS = start;
  }
  LABELS = nth(POINTS, points * D + 1);
  return 0;
}
