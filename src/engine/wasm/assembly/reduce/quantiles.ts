/**
 * Order statistics of a pilot chunk and counts in the bins between its edges: the very values and
 * integers of the twin, src/model/reduce/quantiles.ts.
 */
import { decoded } from './saturation';

/** Values of a chunk at most. */
const CHUNK: usize = 4096;
const BIN_COUNT: usize = 256;
const EDGE_COUNT: usize = BIN_COUNT - 1;
const QUANTILE_COUNT: usize = 7;
const QUANTILE_PERCENTS = memory.data<i32>([1, 5, 25, 50, 75, 95, 99]);

const DIGITS: usize = 256;
const KEYS = memory.data(16384, 16);
const OTHER_KEYS = memory.data(16384, 16);
/** Per digit of a key: how often each value of it is there, then where its keys go. */
const PLACES = memory.data(4096, 16);

/**
 * Sorts up to 4096 f32 values into `sorted` by the digits of their bits, least first (a radix
 * sort); a sign bit is turned into order. −0 comes before 0.
 */
export function sort(values: usize, count: i32, sorted: usize): void {
  const bytes = (<usize>count) << 2;
  memory.fill(PLACES, 0, 4 * DIGITS * 4);
  for (let at: usize = 0; at < bytes; at += 4) {
    const bits = load<i32>(values + at);
    const key = bits ^ ((bits >> 31) | 0x80000000);
    store<i32>(KEYS + at, key);
    for (let digit: usize = 0; digit < 4; digit++) {
      const place = placeOf(key, digit);
      store<i32>(place, load<i32>(place) + 1);
    }
  }
  sumPlaces();
  scatter(KEYS, bytes, OTHER_KEYS, 0);
  scatter(OTHER_KEYS, bytes, KEYS, 1);
  scatter(KEYS, bytes, OTHER_KEYS, 2);
  scatter(OTHER_KEYS, bytes, KEYS, 3);
  for (let at: usize = 0; at < bytes; at += 4) {
    const key = load<i32>(KEYS + at);
    store<i32>(sorted + at, key ^ (~(key >> 31) | 0x80000000));
  }
}

@inline
function placeOf(key: u32, digit: usize): usize {
  const value = (<usize>key >> (digit << 3)) & (DIGITS - 1);
  return PLACES + (((digit << 8) + value) << 2);
}

/** Counts become byte offsets of each digit value's first key. */
function sumPlaces(): void {
  for (let digit: usize = 0; digit < 4; digit++) {
    const end = PLACES + ((digit + 1) << 10);
    let before = 0;
    for (let place = PLACES + (digit << 10); place < end; place += 4) {
      const count = load<i32>(place);
      store<i32>(place, before);
      before += count << 2;
    }
  }
}

function scatter(from: usize, bytes: usize, to: usize, digit: usize): void {
  for (let at: usize = 0; at < bytes; at += 4) {
    const key = load<u32>(from + at);
    const place = placeOf(key, digit);
    const offset = load<usize>(place);
    store<u32>(to + offset, key);
    store<usize>(place, offset + 4);
  }
}

/** Lower and upper neighbour of each quantile of sorted values, 14 f64 at `out`. */
export function pilotRanks(sorted: usize, count: i32, out: usize): void {
  for (let q: usize = 0; q < QUANTILE_COUNT; q++) {
    const lower = ((count - 1) * load<i32>(QUANTILE_PERCENTS + (q << 2))) / 100;
    const upper = min(lower + 1, count - 1);
    store<f64>(out + (q << 4), decoded(at(sorted, lower)));
    store<f64>(out + (q << 4), decoded(at(sorted, upper)), 8);
  }
}

/** 255 edges of equal rank as f32, and the same as the host holds them, f64. */
export function pilotEdges(sorted: usize, count: i32, edges: usize, out: usize): void {
  for (let j: usize = 0; j < EDGE_COUNT; j++) {
    const edge = at(sorted, ((<i32>j + 1) * count) / <i32>BIN_COUNT);
    store<f32>(edges + (j << 2), edge);
    store<f64>(out + (j << 3), decoded(edge));
  }
}

@inline
function at(values: usize, rank: i32): f32 {
  return load<f32>(values + ((<usize>rank) << 2));
}

/** Edges in 16 groups of 16; the last of all is above every value. */
const GROUPED = memory.data(1024, 16);
/** The last edge of each group. */
const GROUP_ENDS = memory.data(64, 16);
/** By how many edges are not above a value: the last of them (none: one that nothing equals). */
const LAST_EDGE = memory.data(1024, 16);
/** By the same number: from there to the bin of a value that equals that last edge. */
const TO_ATOM = memory.data(1024, 16);

/** How many of `count` values fall in each of 256 bins between f32 edges, to u32 at `out`. */
export function binCounts(values: usize, count: i32, edges: usize, out: usize): void {
  groupEdges(edges);
  memory.fill(out, 0, BIN_COUNT << 2);
  if (findAtoms(edges)) countAll(values, count, out, true);
  else countAll(values, count, out, false);
}

@inline
function countAll(values: usize, count: i32, out: usize, atoms: bool): void {
  const end = values + ((<usize>count) << 2);
  let at = values;
  for (; at + 12 < end; at += 16) {
    countOne(load<f32>(at), out, atoms);
    countOne(load<f32>(at, 4), out, atoms);
    countOne(load<f32>(at, 8), out, atoms);
    countOne(load<f32>(at, 12), out, atoms);
  }
  for (; at < end; at += 4) countOne(load<f32>(at), out, atoms);
}

@inline
function countOne(value: f32, out: usize, atoms: bool): void {
  let bin = edgesAtMost(value);
  if (atoms) {
    const last = bin << 2;
    const equal = <usize>(load<f32>(LAST_EDGE + last) == value);
    bin += load<usize>(TO_ATOM + last) & (0 - equal);
  }
  const place = out + (bin << 2);
  store<u32>(place, load<u32>(place) + 1);
}

/** How many edges are not above the value: groups below it, then edges within its group. */
@inline
function edgesAtMost(value: f32): usize {
  const x = f32x4.splat(value);
  const group = countAtMost(GROUP_ENDS, x);
  return (group << 4) + countAtMost(GROUPED + (group << 6), x);
}

/** How many of sixteen f32 are not above x. */
@inline
function countAtMost(edges: usize, x: v128): usize {
  const first = i16x8.narrow_i32x4_s(
    f32x4.le(v128.load(edges), x),
    f32x4.le(v128.load(edges, 16), x),
  );
  const second = i16x8.narrow_i32x4_s(
    f32x4.le(v128.load(edges, 32), x),
    f32x4.le(v128.load(edges, 48), x),
  );
  return <usize>popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(first, second)));
}

function groupEdges(edges: usize): void {
  memory.copy(GROUPED, edges, EDGE_COUNT << 2);
  store<f32>(GROUPED + (EDGE_COUNT << 2), Infinity);
  for (let group: usize = 0; group < 16; group++) {
    store<f32>(GROUP_ENDS + (group << 2), load<f32>(GROUPED + (group << 6), 60));
  }
}

/**
 * Where edges repeat, the first bin of no width between them takes that very value alone; false
 * where none do, and every value is in the bin of the edges not above it.
 */
function findAtoms(edges: usize): bool {
  let repeats = false;
  store<f32>(LAST_EDGE, NaN);
  store<i32>(TO_ATOM, 0);
  let below = 0;
  for (let last: i32 = 1; last <= <i32>EDGE_COUNT; last++) {
    const edge = at(edges, last - 1);
    if (last > 1 && edge > at(edges, last - 2)) below = last - 1;
    if (last - below >= 2) repeats = true;
    const bin = last - below >= 2 ? below + 1 : last;
    store<f32>(LAST_EDGE + ((<usize>last) << 2), edge);
    store<i32>(TO_ATOM + ((<usize>last) << 2), bin - last);
  }
  return repeats;
}
