// The model's mass beyond the truth's two quantiles, D = 1. Above D = 1 the kernel counts nodes
// under the truth's density level. Twin: src/model/statistics/tails.ts.
import package::constants::{D, J, K};
import package::statistics::density::{Gaussian, SILENT, standardise};
import package::statistics::erfc::normalCdf;

/// Mass of q below `lower` and above `upper`.
fn twoSidedMass(gaussians: ptr<function, array<Gaussian, K>>, lower: f32, upper: f32) -> f32 {
  var mass = 0.0;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.weight > 0.0) {
      mass += g.weight * (lowerTail(g, lower - g.mean[0]) + lowerTail(g, g.mean[0] - upper));
    }
  }
  return mass;
}

/// Mass of q outside the islands, of which the last one may be repeated.
fn massOutside(
  gaussians: ptr<function, array<Gaussian, K>>, lower: array<f32, J>, upper: array<f32, J>,
) -> f32 {
  var starts = lower;
  var ends = upper;
  var mass = 0.0;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.weight > 0.0) {
      let mean = g.mean[0];
      var outside = lowerTail(g, starts[0] - mean) + lowerTail(g, mean - ends[J - 1u]);
      for (var j = 1u; j < J; j++) {
        outside += massBetween(g, ends[j - 1u] - mean, starts[j] - mean);
      }
      mass += g.weight * outside;
    }
  }
  return mass;
}

/// P(low < deviation < high), from the side where both tails are small.
fn massBetween(g: Gaussian, low: f32, high: f32) -> f32 {
  let upper = low + high > 0.0;
  let near = select(high, -low, upper);
  let far = select(low, -high, upper);
  return max(0.0, lowerTail(g, near) - lowerTail(g, far));
}

/// P(deviation < distance); a step where there is no width.
fn lowerTail(g: Gaussian, distance: f32) -> f32 {
  if (g.constant == SILENT) {
    return select(0.0, 1.0, distance > 0.0);
  }
  var delta = array<f32, D>();
  delta[0] = distance;
  return normalCdf(standardise(g, delta)[0]);
}
