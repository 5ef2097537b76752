// What point i of a batch is made from, each decision from the words that the table in
// src/model/rng/coordinates.ts names. Twin: src/model/assemble/draws.ts, which keeps the last block
// of words itself; here the caller carries it.
import package::constants::{D, J, SOURCES};
import package::rng::coordinates::{words, STREAM_CHOICE, STREAM_NORMAL, STREAM_ORIGIN};
import package::math::ln::{ln, LOG2_E};
import package::rng::normal::{normalPair, unitUniform};

/// Where in the random numbers a generation of a lineage stands.
struct Place {
  key: vec4<u32>,
  lineage: u32,
  generation: u32,
  // Number of the candidate that is drawn; 0 where the first one is taken as it is.
  attempt: u32,
}

/// First `quota` points are real, the others with probability `share`.
struct Mix {
  quota: u32,
  share: f32,
}

fn placeWords(place: Place, index: u32, stream: u32, attempt: u32) -> vec4<u32> {
  return words(place.key, index, place.lineage, place.generation, stream, attempt);
}

/// The block with point i's normals: two points share one at D = 1.
fn normalBlock(place: Place, i: u32) -> vec4<u32> {
  return placeWords(place, select(i * ((D + 3u) / 4u), i >> 1u, D == 1u), STREAM_NORMAL, place.attempt);
}

/// The word that picks point i's component, or its row.
fn choiceWord(place: Place, i: u32, block: vec4<u32>) -> u32 {
  if (D == 1u) {
    return select(block.z, block.w, (i & 1u) == 1u);
  }
  if (D == 2u) {
    return block.z;
  }
  return placeWords(place, i >> 2u, STREAM_CHOICE, place.attempt)[i & 3u];
}

/// The word that says whether point i is real, under bernoulli.
fn originWord(place: Place, i: u32, block: vec4<u32>) -> u32 {
  if (D == 2u) {
    return block.w;
  }
  return placeWords(place, i >> 2u, STREAM_ORIGIN, place.attempt)[i & 3u];
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

/// The model's weights to the power beta, about their largest; a dead component stays so.
fn sharpenWeights(weights: ptr<function, array<f32, SOURCES>>, sharpening: f32) {
  var most = 0.0;
  for (var s = u32(J); s < SOURCES; s++) {
    most = max(most, (*weights)[s]);
  }
  // A model that is not there yet has no weights, and is not drawn from.
  let unit = 1.0 / max(most, 1e-37);
  var sum = 0.0;
  for (var s = u32(J); s < SOURCES; s++) {
    let weight = (*weights)[s] * unit;
    let power = exp2(sharpening * LOG2_E * ln(max(weight, 1e-37)));
    (*weights)[s] = select(0.0, power, weight > 0.0);
    sum += (*weights)[s];
  }
  for (var s = u32(J); s < SOURCES; s++) {
    (*weights)[s] /= max(sum, 1e-37);
  }
}

/// Running sums of the truth's weights and of the model's, and the last living source of each. Made
/// once: what a point then does with them is a plain sum, for which no driver needs to think.
struct Cumulative {
  sums: array<f32, SOURCES>,
  lastReal: u32,
  lastModel: u32,
}

fn cumulate(weights: ptr<function, array<f32, SOURCES>>) -> Cumulative {
  var cumulative = Cumulative(array<f32, SOURCES>(), 0u, J);
  var sum = 0.0;
  for (var s = 0u; s < SOURCES; s++) {
    let weight = (*weights)[s];
    sum = select(sum, 0.0, s == J) + max(weight, 0.0);
    cumulative.sums[s] = sum;
    cumulative.lastReal = select(cumulative.lastReal, s, (weight > 0.0) & (s < J));
    cumulative.lastModel = select(cumulative.lastModel, s, (weight > 0.0) & (s >= J));
  }
  return cumulative;
}

/// Among the sources from `first`, the first whose running sum exceeds u; `last` where rounding
/// leaves u over.
fn pickComponent(cumulative: ptr<function, Cumulative>, first: u32, last: u32, u: f32) -> u32 {
  var pick = first;
  for (var s = 0u; s < SOURCES; s++) {
    // Not &&: a branch for each source of each point takes SwiftShader minutes to compile.
    pick += select(0u, 1u, (s >= first) & (s < last) & (u >= (*cumulative).sums[s]));
  }
  return pick;
}
