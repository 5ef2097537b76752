/**
 * Randomness is a coordinate: which words a draw uses is the table of src/model/rng/coordinates.ts.
 * Twin: shaders/rng/coordinates.wgsl.
 */
import { BLOCK_WORDS, threefry4x32 } from './threefry';

export const STREAM_NORMAL: i32 = 0;
export const STREAM_CHOICE: i32 = 1;
export const STREAM_ORIGIN: i32 = 2;
export const STREAM_KMEANS: i32 = 3;
export const STREAM_NODES: i32 = 4;
export const STREAM_WISHART: i32 = 5;
export const STREAM_SCREEN: i32 = 6;
export const STREAM_PARAPHRASE: i32 = 8;
export const STREAM_POISON: i32 = 9;
export const STREAM_RETENTION: i32 = 11;

/** Replicates of the four lineages whose words are drawn. */
const LINEAGE = memory.data(16, 16);
let generation: i32 = 0;

/** Replicates first … first + 3, at generation t. */
export function setPlace(firstReplicate: i32, t: i32): void {
  const lane = i32x4(0, 1, 2, 3);
  v128.store(LINEAGE, i32x4.add(i32x4.splat(firstReplicate), lane));
  generation = t;
}

/** Draws four words of each lineage; word w of them is `drawn(w)`. */
export function words(index: i32, stream: i32, attempt: i32): void {
  threefry4x32(
    i32x4.splat(index),
    v128.load(LINEAGE),
    i32x4.splat(generation),
    i32x4.splat(stream * 256 + attempt),
  );
}

/** The same at an index and a generation of each lineage's own. */
export function wordsOf(index: v128, ofGeneration: v128, stream: i32, attempt: i32): void {
  const last = i32x4.splat(stream * 256 + attempt);
  threefry4x32(index, v128.load(LINEAGE), ofGeneration, last);
}

/** Word w of what `words` drew last. */
@inline
export function drawn(w: i32): v128 {
  return v128.load(BLOCK_WORDS + ((<usize>w) << 4));
}
