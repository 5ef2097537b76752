// The model's mass beyond the truth's two quantiles, D = 1. Above D = 1 the kernel counts nodes
// under the truth's density level. Twin: src/model/statistics/tails.ts.
import package::constants::{D, K};
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

/// P(deviation < distance); a step where there is no width.
fn lowerTail(g: Gaussian, distance: f32) -> f32 {
  if (g.constant == SILENT) {
    return select(0.0, 1.0, distance > 0.0);
  }
  var delta = array<f32, D>();
  delta[0] = distance;
  return normalCdf(standardise(g, delta)[0]);
}
