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
/** Mean and covariance are drawn from their laws wherever no point is needed. */
export let closedForm: bool = false;

/** Rows of a data truth in truth units, f32 [rowCount × D]. */
export let ROWS: usize = 0;
/** Points of four lineages, vectors [sampleSize × D]. */
export let POINTS: usize = 0;
/** A vector for each point: the source it is drawn from, and for k-means what it needs. */
export let LABELS: usize = 0;

let vectorsHeld: i32 = 0;
/** What 32-bit addresses reach. */
const MOST_BYTES: f64 = 4294967296;

/** Forgets the room for points: the host has reset all memory. */
export function forgetPoints(): void {
  vectorsHeld = 0;
}

/**
 * Takes the cell up; after `configure`. `cell` has the words of CELL_PARAMS, `truth` those of a
 * packed model, `inClosedForm` is closedForm of src/model/rules.ts. Returns 0, or the bytes of
 * memory that could not be had: 16 · (n · (D + 1) + 1), n the sample size rounded up to even.
 */
export function setCell(cell: usize, truth: usize, rows: usize, inClosedForm: bool): f64 {
  sampleSize = load<i32>(cell + SAMPLE_SIZE);
  iterations = load<i32>(cell + ITERATIONS);
  quota = load<i32>(cell + QUOTA);
  share = load<f32>(cell + SHARE);
  floor = load<f32>(cell + FLOOR);
  bessel = load<f32>(cell + BESSEL);
  rowCount = load<i32>(cell + ROW_COUNT);
  tolerance = load<f32>(cell + TOLERANCE);
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
