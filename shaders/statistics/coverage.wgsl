// The model's region of highest density that holds 95 % of it: an ellipsoid at K = 1, else
// everything over a level of ln q, found by bisection. Twin: src/model/statistics/coverage.ts.
import package::constants::{D, J, K};
import package::math::ln::ln;
import package::statistics::density::{Gaussian, SILENT};
import package::statistics::entropy::{overlap, ownTerm};
import package::statistics::labels::shareOver;
import package::statistics::nodes::{modelNode, modelNodesPerComponent, nodeWeight};
import package::statistics::shortfall::width;
import package::statistics::tails::massBetween;

const COVERED: f32 = 0.95;
// Quantiles of chi-square of that share for 1 to 4 degrees of freedom, and the root of the first.
const COVERED_RADIUS = vec4<f32>(3.84145882f, 5.99146455f, 7.81472790f, 9.48772904f);
const COVERED_REACH: f32 = 1.95996398f;
// The level lies at most so far under the lowest of the components' tops.
const DEPTH: f32 = 31.0;
// Halvings, past f32's digits.
const LEVEL_STEPS: u32 = 32u;
const COVERAGE_BLOCK: u32 = 64u;

/// D = K = 1: the truth's mass between the model's 2.5 % and 97.5 % quantiles.
fn intervalMass(g: Gaussian, truth: ptr<function, array<Gaussian, J>>) -> f32 {
  let reach = width(g, COVERED_REACH);
  var mass = 0.0;
  for (var j = 0u; j < J; j++) {
    let home = (*truth)[j];
    let centre = g.mean[0] - home.mean[0];
    mass += home.weight * massBetween(home, centre - reach, centre + reach);
  }
  return mass;
}

/// K = 1: the squared radius of the ellipsoid.
fn coveredRadius() -> f32 {
  return COVERED_RADIUS[D - 1u];
}

/// ln of the density over which q holds its share; `shifts` are those of the components' nodes.
fn regionLevel(
  gaussians: ptr<function, array<Gaussian, K>>, nodes: u32,
  shifts: ptr<function, array<vec4<u32>, K>>,
) -> f32 {
  var low = 1e38f;
  var high = -1e38f;
  var flat = 0.0;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    if (g.constant != SILENT) {
      low = min(low, g.constant - DEPTH);
      // No density is above the sum of the components' tops.
      high = max(high, g.constant + ln(f32(K)));
    } else if (g.weight > 0.0) {
      // A component without width is over every level.
      flat += g.weight;
    }
  }
  var step = 0u;
  // Where no component has width, low stays above all.
  while (low < high && step < LEVEL_STEPS) {
    let middle = 0.5 * low + 0.5 * high;
    var mass = flat;
    for (var k = 0u; k < K; k++) {
      if ((*gaussians)[k].constant != SILENT) {
        mass += componentMassOver(gaussians, k, nodes, (*shifts)[k], middle);
      }
    }
    low = select(low, middle, mass >= COVERED);
    high = select(middle, high, mass >= COVERED);
    step++;
  }
  return low;
}

/// Component k's part of q's mass where its density is over a level.
fn componentMassOver(
  gaussians: ptr<function, array<Gaussian, K>>, k: u32, nodes: u32, shift: vec4<u32>, level: f32,
) -> f32 {
  let own = (*gaussians)[k];
  let count = modelNodesPerComponent(nodes);
  var mass = 0.0;
  var block = 0.0;
  var before = vec2<f32>();
  for (var i = 0u; i < count; i++) {
    let z = modelNode(shift, i, count);
    let height = overlap(gaussians, k, z) + ownTerm(own, z) - level;
    let now = vec2<f32>(own.weight * nodeWeight(z, count), height);
    if (D > 1 || i == 0u) {
      before = now;
    }
    if (D > 1 || i > 0u) {
      block += 0.5 * (before.x + now.x) * shareOver(before.y, now.y);
    }
    before = now;
    if ((i + 1u) % COVERAGE_BLOCK == 0u) {
      mass += block;
      block = 0.0;
    }
  }
  return mass + block;
}
