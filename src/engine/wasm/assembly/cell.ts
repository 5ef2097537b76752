/**
 * The cell whose lineages are in hand: its numbers, its truth, its rows, and room for the points of
 * four of its lineages.
 */
import { loadTruth } from './gmm/model';
import { allocate } from './memory';
import { setKey } from './rng/threefry';
import { D, J } from './shape';
import { nth, VECTOR } from './simd';

/** Words of CELL_PARAMS in src/engine/webgpu/layout.ts. */
const SAMPLE_SIZE: usize = 0;
const ITERATIONS: usize = 4;
const QUOTA: usize = 8;
const SHARE: usize = 12;
const FLOOR: usize = 16;
const BESSEL: usize = 20;
const KEY: usize = 24;
const ROW_COUNT: usize = 48;
const TOLERANCE: usize = 56;
const SPREAD: usize = 60;
const SHARPENING: usize = 64;
const FIRST_GENERATION: usize = 80;
const PHASE_COUNT: usize = 84;
const ROW_BYTES: usize = 148;

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
/** A vector for each point: the source it is drawn from, and for k-means what it needs. */
export let LABELS: usize = 0;

/** The first of the cell's rows, one a phase, and the row taken up. */
let CELL: usize = 0;
let phaseCount: i32 = 1;
let phase: i32 = 0;

let vectorsHeld: i32 = 0;
/** What 32-bit addresses reach. */
const MOST_BYTES: f64 = 4294967296;

/** Forgets the room for points: the host has reset all memory. */
export function forgetPoints(): void {
  vectorsHeld = 0;
}

/**
 * Takes the cell up; after `configure`. `cell` has rows of CELL_PARAMS, `truth` the words of a
 * packed model, `inClosedForm` is closedForm of src/model/rules.ts. Returns 0, or the bytes of
 * memory that could not be had: 16 · (n · (D + 1) + 1), n the sample size rounded up to even.
 */
export function setCell(cell: usize, truth: usize, rows: usize, inClosedForm: bool): f64 {
  sampleSize = load<i32>(cell + SAMPLE_SIZE);
  bessel = load<f32>(cell + BESSEL);
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
  ROWS = rows;
  return holdPoints();
}

/** Numbers of one phase. */
function takeRow(number: i32): void {
  const row = CELL + <usize>number * ROW_BYTES;
  phase = number;
  iterations = load<i32>(row + ITERATIONS);
  quota = load<i32>(row + QUOTA);
  share = load<f32>(row + SHARE);
  floor = load<f32>(row + FLOOR);
  tolerance = load<f32>(row + TOLERANCE);
  spread = load<f32>(row + SPREAD);
  sharpening = load<f32>(row + SHARPENING);
}

const phaseStart = (number: i32): i32 =>
  load<i32>(CELL + <usize>number * ROW_BYTES + FIRST_GENERATION);

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
function holdPoints(): f64 {
  // At D = 1 points are drawn in pairs.
  const points = (sampleSize + 1) & ~1;
  // The last point's block of normals may be one longer than the point.
  const vectors = points * (D + 1) + 1;
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
