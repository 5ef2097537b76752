// k-means++ as an exponential race, and Lloyd. Twin: src/model/gmm/kmeans.ts.
import package::constants::{D, K};

const LLOYD_LIMIT: u32 = 100u;
/// Centres that would move by no more stay, in units of the frame.
const SETTLED: f32 = 0x1p-20f;
const NEVER: f32 = 1e30;

/// When a point would win: E / D^2, E ~ Exp(1).
fn raceTime(exponential: f32, squared: f32) -> f32 {
  return select(NEVER, min(exponential / max(squared, 1e-37), NEVER), squared > 0.0);
}

fn squaredDistance(centres: ptr<function, array<f32, K * D>>, k: u32, point: array<f32, D>) -> f32 {
  var y = point;
  var square = 0.0;
  for (var a = 0u; a < D; a++) {
    let delta = y[a] - (*centres)[k * D + a];
    square += delta * delta;
  }
  return square;
}

/// Nearest of the first `count` centres, first of equals.
fn nearestCentre(
  centres: ptr<function, array<f32, K * D>>, count: u32, point: array<f32, D>,
) -> u32 {
  var nearest = 0u;
  var least = squaredDistance(centres, 0u, point);
  for (var k = 1u; k < count; k++) {
    let square = squaredDistance(centres, k, point);
    nearest = select(nearest, k, square < least);
    least = min(least, square);
  }
  return nearest;
}
