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
import { gather, get, splatI } from '../simd';
import { openPermutation, permuteAll } from './permutation';

/** Of the entry in hand, in each lineage: its batch's generation, and its index there. */
export const GENERATION = memory.data(16, 16);
export const INDEX = memory.data(16, 16);
/** Addresses of the rows of the phases that those batches are of. */
const BATCH_ROWS = memory.data(16, 16);
/** They are one and the same. */
let alike: bool = true;

/** Takes up generation t of the lineages in hand, and the size of their training sets. */
export function openTraining(t: i32): void {
  const row = rowInHand();
  v128.store(GENERATION, splatI(t));
  v128.store(BATCH_ROWS, splatI(<i32>row));
  alike = RETENTION == RETENTION_REPLACE || isOnePhase();
  if (RETENTION == RETENTION_REPLACE) return;
  const pool = poolSize(t);
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
  v128.store(INDEX, RETENTION == RETENTION_ACCUMULATE ? splatI(e) : get(LABELS, e));
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const place = load<u32>(INDEX + lane);
    const row = rowOfPlace(place);
    const inPhase = placeInPhase(row, place);
    const batch = inPhase / batchSize(row);
    store<u32>(BATCH_ROWS + lane, <u32>row);
    store<u32>(GENERATION + lane, firstGeneration(row) + batch);
    store<u32>(INDEX + lane, inPhase - batch * batchSize(row));
  }
}
