// Nodes of expectations: at D = 1 midpoints of equal cells of z in [-7, 7]; above, Kronecker
// sequences in 32-bit integers under a random shift, turned normal. Twin:
// src/model/statistics/nodes.ts.
import package::constants::{D, K};
import package::rng::normal::normalPair;

// Standard deviations to each side of a component that quadrature covers.
const REACH: f32 = 7.0;
const LEAST_NODES: u32 = 32u;

// 2^32 / phi^a rounded, phi^3 = phi + 1 (two words) and phi^5 = phi + 1 (four words).
const STEPS_TWO = vec4<u32>(3242174889u, 2447445414u, 0u, 0u);
const STEPS_FOUR = vec4<u32>(3679390609u, 3152041523u, 2700274806u, 2313257605u);

/// Nodes of each of the model's components: split at D = 1, `nodes` for each above.
fn modelNodesPerComponent(nodes: u32) -> u32 {
  return select(nodes, max(LEAST_NODES, nodes / K), D == 1);
}

/// Position of quadrature node i of n, in standard deviations.
fn quadratureNode(i: u32, n: u32) -> f32 {
  return (f32(2u * i + 1u) / f32(n) - 1.0) * REACH;
}

/// Weight of a quadrature node; they sum to 1 - 2.6e-12.
fn quadratureWeight(z: f32, n: u32) -> f32 {
  return 2.0 * REACH / f32(n) * 0.398942280f * exp(-0.5 * z * z);
}

/// Standard normal node i of a component's n.
fn modelNode(shift: vec4<u32>, i: u32, n: u32) -> array<f32, D> {
  var z = array<f32, D>();
  if (D == 1) {
    z[0] = quadratureNode(i, n);
  } else {
    z = shiftedNode(shift, i);
  }
  return z;
}

/// Its weight.
fn nodeWeight(z: array<f32, D>, n: u32) -> f32 {
  if (D == 1) {
    return quadratureWeight(z[0], n);
  }
  return 1.0 / f32(n);
}

/// Low-discrepancy normal node i, D = 2 to 4.
fn shiftedNode(shift: vec4<u32>, i: u32) -> array<f32, D> {
  let w = shift + i * select(STEPS_FOUR, STEPS_TWO, D == 2);
  let first = normalPair(w.x, w.y);
  var z = array<f32, D>();
  z[0] = first.x;
  if (D >= 2) {
    z[min(1u, D - 1u)] = first.y;
  }
  if (D == 3) {
    z[min(2u, D - 1u)] = normalPair(w.z, w.w).x;
  }
  if (D == 4) {
    let second = normalPair(w.z, w.w);
    z[min(2u, D - 1u)] = second.x;
    z[min(3u, D - 1u)] = second.y;
  }
  return z;
}
