// A training set of K = 1 as groups of points, each of one Gaussian: all that a fit sees of a group
// is its number of points, their mean and their scatter, which are drawn from their laws.
// Twin: src/model/assemble/groups.ts.
import package::constants::{D, TRI};
import package::gmm::wishart::{standardFit, WishartPlace};
import package::math::triangular::{cholesky, multiplyLower, multiplyVector, packedIndex};

/// Number, mean and scatter of points, in the working frame.
struct Tally {
  points: u32,
  mean: array<f32, D>,
  scatter: array<f32, TRI>,
}

const GROUP_REST: u32 = 0u;
const GROUP_REAL: u32 = 1u;

/// Adds `points` more.
fn mergeTally(
  tally: ptr<function, Tally>, points: u32, mean: array<f32, D>, scatter: array<f32, TRI>,
) {
  var own = scatter;
  var apart = mean;
  for (var a = 0u; a < D; a++) {
    apart[a] -= (*tally).mean[a];
  }
  let total = (*tally).points + points;
  let share = select(f32(points) / f32(max(total, 1u)), 0.0, points == 0u);
  let between = f32((*tally).points) * share;
  for (var a = 0u; a < D; a++) {
    for (var b = 0u; b <= a; b++) {
      let e = packedIndex(a, b);
      let more = own[e] + between * apart[a] * apart[b];
      (*tally).scatter[e] += select(more, 0.0, points == 0u);
    }
    (*tally).mean[a] += share * apart[a];
  }
  (*tally).points = total;
}

/// `weight` factor factor'.
fn scatterOf(lower: array<f32, TRI>, weight: f32) -> array<f32, TRI> {
  var factor = lower;
  var scatter = array<f32, TRI>();
  for (var a = 0u; a < D; a++) {
    for (var b = 0u; b <= a; b++) {
      var dot = 0.0;
      for (var c = 0u; c <= b; c++) {
        dot += factor[packedIndex(a, c)] * factor[packedIndex(b, c)];
      }
      scatter[packedIndex(a, b)] = weight * dot;
    }
  }
  return scatter;
}

/// Adds `points` points of N(mean, factor factor') by a draw of their mean and scatter.
fn mergeDraw(
  tally: ptr<function, Tally>, place: WishartPlace, points: u32, mean: array<f32, D>,
  factor: array<f32, TRI>,
) {
  let fit = standardFit(place, points);
  var own = mean;
  var offset = multiplyVector(factor, fit.mean);
  let root = inverseSqrt(f32(max(points, 1u)));
  for (var a = 0u; a < D; a++) {
    own[a] += root * offset[a];
  }
  mergeTally(tally, points, own, scatterOf(multiplyLower(factor, fit.factor), 1.0));
}

/// Factor of the covariance of what two factors' Gaussians add up to, each times its width.
fn addFactors(
  first: array<f32, TRI>, firstWidth: f32, second: array<f32, TRI>, secondWidth: f32,
) -> array<f32, TRI> {
  var covariance = scatterOf(first, firstWidth * firstWidth);
  var more = scatterOf(second, secondWidth * secondWidth);
  for (var e = 0u; e < TRI; e++) {
    covariance[e] += more[e];
  }
  return cholesky(covariance, D);
}
