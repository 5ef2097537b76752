// The lower 1 % of a model on a line: where it ends, by bisection between the components' own
// quantiles, and its mean, x - E(x - X)+ / share. Twin: src/model/statistics/shortfall.ts.
import package::constants::{D, K};
import package::statistics::density::{expFalling, Gaussian, standardise, stretch};
import package::statistics::tails::lowerTail;

const RISK_SHARE: f32 = 0.01;
// The normal's quantile of that share.
const QUANTILE: f32 = -2.32634787f;
// Halvings, past f32's digits.
const STEPS: u32 = 48u;

/// F z.
fn width(g: Gaussian, z: f32) -> f32 {
  var one = array<f32, D>();
  one[0] = z;
  return stretch(g, one)[0];
}

/// x with P(X < x) = RISK_SHARE.
fn lowerQuantile(gaussians: ptr<function, array<Gaussian, K>>) -> f32 {
  var low = 1e38f;
  var high = -1e38f;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.weight > 0.0) {
      let edge = g.mean[0] + width(g, QUANTILE);
      low = min(low, edge);
      high = max(high, edge);
    }
  }
  var step = 0u;
  while (K > 1 && step < STEPS) {
    let middle = 0.5 * low + 0.5 * high;
    let under = lowerMass(gaussians, middle) < RISK_SHARE;
    low = select(low, middle, under);
    high = select(middle, high, under);
    step++;
  }
  return high;
}

fn lowerMass(gaussians: ptr<function, array<Gaussian, K>>, x: f32) -> f32 {
  var mass = 0.0;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.weight > 0.0) {
      mass += g.weight * lowerTail(g, x - g.mean[0]);
    }
  }
  return mass;
}

/// Mean of what lies under the quantile x.
fn meanBelow(gaussians: ptr<function, array<Gaussian, K>>, x: f32) -> f32 {
  var short = 0.0;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.weight > 0.0) {
      short += g.weight * shortfall(g, x - g.mean[0]);
    }
  }
  return x - short / RISK_SHARE;
}

/// E(distance - deviation)+.
fn shortfall(g: Gaussian, distance: f32) -> f32 {
  var delta = array<f32, D>();
  delta[0] = distance;
  let z = standardise(g, delta)[0];
  let density = 0.398942280f * expFalling(-0.5 * z * z);
  return distance * lowerTail(g, distance) + width(g, 1.0) * density;
}
