// What of an archive goes where in a coreset. Twin: src/model/assemble/coreset.ts.
import package::rng::coordinates::{words, STREAM_CORESET};

/// First of bin b's ranks, where n sorted points are cut into so many bins.
fn binStart(b: u32, n: u32, size: u32) -> u32 {
  return b * n / size;
}

/// The word of archive point i in the race for centre k.
fn raceWord(key: vec4<u32>, i: u32, lineage: u32, k: u32) -> u32 {
  return words(key, i, lineage, 1u, STREAM_CORESET, k >> 2u)[k & 3u];
}
