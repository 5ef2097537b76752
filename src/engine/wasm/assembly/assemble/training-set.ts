/**
 * The training set of a generation as places in batches: the batch itself, every batch there has
 * been, or some points of them all, others in each lineage.
 * Twins: src/model/assemble/training-set.ts, shaders/kernels/assemble.wgsl.
 */
import {
  batchSize,
  firstGeneration,
  LABELS,
  isOnePhase,
  placeInPhase,
  poolSize,
  rowInHand,
  rowOfPlace,
  sampleSize,
  setTraining,
} from '../cell';
import { RETENTION, RETENTION_ACCUMULATE, RETENTION_REPLACE } from '../shape';
import { div, gather, get, splatI } from '../simd';
import { openPermutation, permuteAll } from './permutation';

/** Of the entry in hand, in each lineage: its batch's generation, and its index there. */
export const GENERATION = memory.data(16, 16);
export const INDEX = memory.data(16, 16);
/** Addresses of the rows of the phases that those batches are of. */
const BATCH_ROWS = memory.data(16, 16);
/** They are one and the same. */
let alike: bool = true;
/** Places are divided by the size of a batch as floats: cells of one phase, places under 2²⁴. */
let countable: bool = false;
const MOST_COUNTABLE: i32 = 1 << 24;

/** Takes up generation t of the lineages in hand, and the size of their training sets. */
export function openTraining(t: i32): void {
  const row = rowInHand();
  v128.store(GENERATION, splatI(t));
  v128.store(BATCH_ROWS, splatI(<i32>row));
  alike = RETENTION == RETENTION_REPLACE || isOnePhase();
  if (RETENTION == RETENTION_REPLACE) return;
  const pool = poolSize(t);
  countable = isOnePhase() && pool < MOST_COUNTABLE;
  if (RETENTION == RETENTION_ACCUMULATE) setTraining(pool);
  else {
    openPermutation(pool);
    permuteAll(LABELS, sampleSize);
  }
}

/** A number of the phase that each lineage's batch is of: a word of CELL_PARAMS, its offset. */
@inline
export function phaseNumber(field: usize): v128 {
  if (alike) return v128.load32_splat(<usize>load<u32>(BATCH_ROWS) + field);
  return gather(BATCH_ROWS, field);
}

/** Takes up entry e of the training sets. */
export function openEntry(e: i32): void {
  if (RETENTION == RETENTION_REPLACE) {
    v128.store(INDEX, splatI(e));
    return;
  }
  if (RETENTION == RETENTION_ACCUMULATE) {
    // The same place in every lineage.
    const row = placeEntry(0, e);
    v128.store(BATCH_ROWS, splatI(<i32>row));
    v128.store(GENERATION, v128.load32_splat(GENERATION));
    v128.store(INDEX, v128.load32_splat(INDEX));
    return;
  }
  const place = get(LABELS, e);
  if (countable) {
    placeEntries(place);
    return;
  }
  v128.store(INDEX, place);
  for (let lane: usize = 0; lane < 16; lane += 4) {
    store<u32>(BATCH_ROWS + lane, <u32>placeEntry(lane, load<u32>(INDEX + lane)));
  }
}

/** Generation and index of a place of one lineage's pool; returns its row. */
function placeEntry(lane: usize, place: u32): usize {
  const row = rowOfPlace(place);
  const inPhase = placeInPhase(row, place);
  const batch = inPhase / batchSize(row);
  store<u32>(GENERATION + lane, firstGeneration(row) + batch);
  store<u32>(INDEX + lane, inPhase - batch * batchSize(row));
  return row;
}

/** The same of all lineages' places, batches being alike: a quotient of floats, mended by one. */
function placeEntries(place: v128): void {
  const row = rowInHand();
  const size = splatI(batchSize(row));
  const quotient = div(f32x4.convert_i32x4_s(place), f32x4.convert_i32x4_s(size));
  let batch = i32x4.trunc_sat_f32x4_s(quotient);
  let rest = i32x4.sub(place, i32x4.mul(batch, size));
  const over = i32x4.lt_s(rest, splatI(0));
  batch = i32x4.add(batch, over);
  rest = i32x4.add(rest, v128.and(size, over));
  v128.store(GENERATION, i32x4.add(batch, splatI(firstGeneration(row))));
  v128.store(INDEX, rest);
}
