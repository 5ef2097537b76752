// Quantiles of a model on a line, by bisection between the components' own: the squared Wasserstein
// distance adds up their differences from the truth's. Twin: src/model/statistics/wasserstein.ts.
import package::constants::K;
import package::statistics::density::Gaussian;
import package::statistics::shortfall::{lowerMass, width};
import package::statistics::tails::lowerTail;

// Halvings, past f32's digits.
const QUANTILE_STEPS: u32 = 32u;

/// x with P(X < x) = Phi(z), share = Phi(-|z|).
fn quantileAt(gaussians: ptr<function, array<Gaussian, K>>, z: f32, share: f32) -> f32 {
  var low = 1e38f;
  var high = -1e38f;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.weight > 0.0) {
      let edge = g.mean[0] + width(g, z);
      low = min(low, edge);
      high = max(high, edge);
    }
  }
  var step = 0u;
  while (K > 1 && step < QUANTILE_STEPS) {
    let middle = 0.5 * low + 0.5 * high;
    var under = false;
    if (z < 0.0) {
      under = lowerMass(gaussians, middle) < share;
    } else {
      under = upperMass(gaussians, middle) > share;
    }
    low = select(low, middle, under);
    high = select(middle, high, under);
    step++;
  }
  return high;
}

fn upperMass(gaussians: ptr<function, array<Gaussian, K>>, x: f32) -> f32 {
  var mass = 0.0;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.weight > 0.0) {
      mass += g.weight * lowerTail(g, g.mean[0] - x);
    }
  }
  return mass;
}
