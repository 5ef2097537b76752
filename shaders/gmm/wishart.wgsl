// Mean and covariance of n points of a Gaussian, drawn from their laws without the points: the same
// for every n. The laws and the table of words are in the twin, src/model/gmm/wishart.ts.
import package::constants::{D, TRI};
import package::math::ln::{ln, lnSeries};
import package::math::triangular::packedIndex;
import package::rng::coordinates::{STREAM_WISHART, words};
import package::rng::normal::{normalPair, radiusSquared};

const CANDIDATE_LIMIT: u32 = 16u;
const LEAST_CUBE: f32 = 1e-30f;
// Within it ln(1 + w) is taken by its series, so that what cancels is never formed.
const SERIES_REACH: f32 = 0.25;

/// Where a draw stands in the random numbers.
struct WishartPlace {
  key: vec4<u32>,
  lineage: u32,
  generation: u32,
  // Which of the groups of points that a training set is made of; 0 where there is one.
  group: u32,
}

fn wishartBlock(place: WishartPlace, index: u32, attempt: u32) -> vec4<u32> {
  let own = place.group * CANDIDATE_LIMIT + attempt;
  return words(place.key, index, place.lineage, place.generation, STREAM_WISHART, own);
}

/// ln of the probability that candidate x, w = x / sqrt(9 shape), is taken:
/// x^2/2 + s (1 - v + ln v), v = (1 + w)^3. With ln(1 + w) = w - w^2/2 + w^3 P(w) that is
/// s w^3 (3 P(w) - 1), right to s w^3 2e-6: P is chosen for ln and not for itself.
fn logAcceptance(x: f32, w: f32, shape: f32) -> f32 {
  if (abs(w) <= SERIES_REACH) {
    return shape * w * w * w * (3.0 * lnSeries(w) - 1.0);
  }
  return 0.5 * x * x + shape * (3.0 * ln(max(1.0 + w, LEAST_CUBE)) - w * (3.0 + w * (3.0 + w)));
}

/// Chi-squared with `degrees` of freedom for an axis, whose first candidate is in `first`.
fn chiSquared(place: WishartPlace, axis: u32, degrees: u32, first: vec4<u32>) -> f32 {
  let shape = 0.5 * f32(degrees) - 0.333333333;
  let slope = inverseSqrt(9.0 * shape);
  var block = first;
  var x = normalPair(block.x, block.y).x;
  if (degrees == 1u) {
    return x * x;
  }
  var cube = 1.0;
  for (var attempt = 1u; attempt <= CANDIDATE_LIMIT; attempt++) {
    let w = slope * x;
    let root = max(1.0 + w, 0.0);
    cube = root * root * root;
    let logUniform = -0.5 * radiusSquared(block.z);
    if (w > -1.0 && logUniform < logAcceptance(x, w, shape)) {
      break;
    }
    if (attempt < CANDIDATE_LIMIT) {
      block = wishartBlock(place, axis, attempt);
      x = normalPair(block.x, block.y).x;
    }
  }
  return 2.0 * shape * max(cube, LEAST_CUBE);
}

struct StandardFit {
  /// sqrt(n) times the mean of n standard normals.
  mean: array<f32, D>,
  /// T with T T' their scatter about the mean; columns from n - 1 on are 0.
  factor: array<f32, TRI>,
}

/// meanNormals and scatterFactor of the twin, which share their blocks.
fn standardFit(place: WishartPlace, sampleSize: u32) -> StandardFit {
  var fit = StandardFit(array<f32, D>(), array<f32, TRI>());
  for (var a = 0u; a < D; a++) {
    let block = wishartBlock(place, a, 0u);
    fit.mean[a] = normalPair(block.x, block.y).y;
    if (sampleSize > 1u + a) {
      fit.factor[packedIndex(a, a)] = sqrt(chiSquared(place, a, sampleSize - 1u - a, block));
    }
  }
  if (D > 1) {
    for (var a = 1u; a < D; a++) {
      for (var b = 0u; b < a; b++) {
        fit.factor[packedIndex(a, b)] = select(0.0, normalBelow(place, a, b), b + 1u < sampleSize);
      }
    }
  }
  return fit;
}

/// Entry (a, b) under the diagonal.
fn normalBelow(place: WishartPlace, a: u32, b: u32) -> f32 {
  let entry = a * (a - 1u) / 2u + b;
  let block = wishartBlock(place, D + (entry >> 2u), 0u);
  let half = select(block.xy, block.zw, (entry & 2u) == 2u);
  let pair = normalPair(half.x, half.y);
  return select(pair.x, pair.y, (entry & 1u) == 1u);
}
