// Differential entropy of the model in nats: the components' own in closed form, less their overlap
// E ln(q / own term). Twin: src/model/statistics/entropy.ts.
import package::constants::{D, K};
import package::math::ln::ln;
import package::statistics::density::{addLog, Gaussian, SILENT, squaredRadius, stretch};

/// Sum of pi_k (D/2 - constant_k); SILENT, for minus infinity, if a component is flat.
fn ownEntropy(gaussians: ptr<function, array<Gaussian, K>>) -> f32 {
  var sum = 0.0;
  for (var k = 0u; k < K; k++) {
    let weight = (*gaussians)[k].weight;
    let constant = (*gaussians)[k].constant;
    if (weight > 0.0) {
      if (constant == SILENT) {
        return SILENT;
      }
      sum += weight * (0.5 * f32(D) - constant);
    }
  }
  return sum;
}

/// ln of the weight times the density at its standard normal z.
fn ownTerm(g: Gaussian, normals: array<f32, D>) -> f32 {
  var z = normals;
  var own = g.constant;
  for (var a = 0u; a < D; a++) {
    own -= 0.5 * z[a] * z[a];
  }
  return own;
}

/// ln(q / own term of k) >= 0 at component k's standard normal z, by differences of means.
fn overlap(gaussians: ptr<function, array<Gaussian, K>>, k: u32, normals: array<f32, D>) -> f32 {
  let home = (*gaussians)[k];
  var offset = stretch(home, normals);
  let own = ownTerm(home, normals);
  var state = vec2<f32>(own, 1.0);
  for (var l = 0u; l < K; l++) {
    let other = (*gaussians)[l];
    if (l != k && other.constant != SILENT) {
      var delta = array<f32, D>();
      for (var a = 0u; a < D; a++) {
        delta[a] = (*gaussians)[k].mean[a] - (*gaussians)[l].mean[a] + offset[a];
      }
      state = addLog(state, other.constant - 0.5 * squaredRadius(other, delta));
    }
  }
  return state.x - own + ln(state.y);
}
