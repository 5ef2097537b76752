// What point i of a batch is made from, each decision from the words that the table in
// src/model/rng/coordinates.ts names. Twin: src/model/assemble/draws.ts, which keeps the last block
// of words itself; here the caller carries it.
import package::constants::{D, SOURCES};
import package::rng::coordinates::{words, STREAM_CHOICE, STREAM_NORMAL, STREAM_ORIGIN};
import package::rng::normal::{normalPair, unitUniform};

/// Where in the random numbers a generation of a lineage stands.
struct Place {
  key: vec4<u32>,
  lineage: u32,
  generation: u32,
}

/// First `quota` points are real, the others with probability `share`.
struct Mix {
  quota: u32,
  share: f32,
}

fn placeWords(place: Place, index: u32, stream: u32) -> vec4<u32> {
  return words(place.key, index, place.lineage, place.generation, stream, 0u);
}

/// The block with point i's normals: two points share one at D = 1.
fn normalBlock(place: Place, i: u32) -> vec4<u32> {
  return placeWords(place, select(i * ((D + 3u) / 4u), i >> 1u, D == 1u), STREAM_NORMAL);
}

/// The word that picks point i's component, or its row.
fn choiceWord(place: Place, i: u32, block: vec4<u32>) -> u32 {
  if (D == 1u) {
    return block[2u + (i & 1u)];
  }
  if (D == 2u) {
    return block.z;
  }
  return placeWords(place, i >> 2u, STREAM_CHOICE)[i & 3u];
}

/// The word that says whether point i is real, under bernoulli.
fn originWord(place: Place, i: u32, block: vec4<u32>) -> u32 {
  if (D == 2u) {
    return block.w;
  }
  return placeWords(place, i >> 2u, STREAM_ORIGIN)[i & 3u];
}

/// The normals of a block: one pair at D <= 2, else two.
fn blockNormals(block: vec4<u32>) -> vec4<f32> {
  let first = normalPair(block.x, block.y);
  if (D <= 2u) {
    return vec4<f32>(first, 0.0, 0.0);
  }
  return vec4<f32>(first, normalPair(block.z, block.w));
}

/// Point i's standard normals among those of its block.
fn pointNormals(i: u32, normals: vec4<f32>) -> array<f32, D> {
  var z = array<f32, D>();
  if (D == 1u) {
    z[0] = select(normals.x, normals.y, (i & 1u) == 1u);
    return z;
  }
  for (var a = 0u; a < D; a++) {
    z[a] = normals[a];
  }
  return z;
}

fn isReal(place: Place, mix: Mix, i: u32, block: vec4<u32>) -> bool {
  if (i < mix.quota) {
    return true;
  }
  return mix.share > 0.0 && unitUniform(originWord(place, i, block)) < mix.share;
}

/// First of `count` weights from `first` on whose running sum exceeds u; the last living one where
/// rounding leaves u over. Returns its place counted from `first`.
fn pickComponent(
  weights: ptr<function, array<f32, SOURCES>>, first: u32, count: u32, u: f32,
) -> u32 {
  var cumulative = 0.0;
  var last = 0u;
  for (var k = 0u; k < count; k++) {
    let weight = (*weights)[first + k];
    if (weight > 0.0) {
      cumulative += weight;
      last = k;
      if (u < cumulative) {
        return k;
      }
    }
  }
  return last;
}
