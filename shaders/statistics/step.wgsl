// KL(q_{t-1} || q_t), what one step forgets, both models in the child's frame. Closed form for one
// component, else nodes of the parent. Twin: src/model/statistics/step.ts.
import package::constants::{D, K};
import package::gmm::model::Model;
import package::math::exponent::scaleBy;
import package::math::ln::ln;
import package::statistics::density::{
  addLog, Gaussian, modelFactor, prepareGaussian, SILENT, squaredRadius, stretch,
};
import package::statistics::entropy::{overlap, ownEntropy, ownTerm};
import package::statistics::likelihood::gaussianKlTo;
import package::statistics::nodes::{modelNode, modelNodesPerComponent, nodeWeight};

// Nodes added up before they join the total: bounds f32 error at 65 536 nodes.
const STEP_BLOCK: u32 = 64u;

/// The parent in the frame of its child.
fn parentGaussians(
  parent: ptr<function, Model>, child: ptr<function, Model>,
) -> array<Gaussian, K> {
  let step = (*parent).scale - (*child).scale;
  var gaussians = array<Gaussian, K>();
  for (var k = 0u; k < K; k++) {
    var mean = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      let low = (*parent).originLow[a] - (*child).originLow[a];
      let shift = (*parent).origin[a] - (*child).origin[a] + low;
      mean[a] = scaleBy(shift, -(*child).scale) + scaleBy((*parent).means[k * D + a], step);
    }
    let exponent = (*parent).exponents[k] + step;
    gaussians[k] = prepareGaussian((*parent).weights[k], mean, modelFactor(parent, k), exponent);
  }
  return gaussians;
}

/// -SILENT, for infinity, where the parent has a component without width, or the child nothing else.
/// `shifts` are those of the parent's components' nodes.
fn stepKl(
  before: ptr<function, array<Gaussian, K>>, after: ptr<function, array<Gaussian, K>>,
  nodes: u32, shifts: ptr<function, array<vec4<u32>, K>>,
) -> f32 {
  if (ownEntropy(before) == SILENT) {
    return -SILENT;
  }
  if (K == 1) {
    return gaussianKlTo((*before)[0], (*after)[0]);
  }
  var sum = 0.0;
  for (var k = 0u; k < K; k++) {
    if ((*before)[k].weight > 0.0) {
      sum += componentStep(before, after, k, nodes, (*shifts)[k]);
    }
  }
  return sum;
}

/// The part of component k, times its weight.
fn componentStep(
  before: ptr<function, array<Gaussian, K>>, after: ptr<function, array<Gaussian, K>>,
  k: u32, nodes: u32, shift: vec4<u32>,
) -> f32 {
  let own = (*before)[k];
  let count = modelNodesPerComponent(nodes);
  var sum = 0.0;
  var block = 0.0;
  for (var i = 0u; i < count; i++) {
    let z = modelNode(shift, i, count);
    let forgotten = overlap(before, k, z) + ownTerm(own, z) - densityAround(own, z, after);
    block += own.weight * nodeWeight(z, count) * forgotten;
    if ((i + 1u) % STEP_BLOCK == 0u) {
      sum += block;
      block = 0.0;
    }
  }
  return sum + block;
}

/// ln density of `gaussians` at the standard normal z of `home`, by differences of means.
fn densityAround(
  home: Gaussian, z: array<f32, D>, gaussians: ptr<function, array<Gaussian, K>>,
) -> f32 {
  var centre = home.mean;
  var offset = stretch(home, z);
  var state = vec2<f32>(2.0 * SILENT, 0.0);
  for (var l = 0u; l < K; l++) {
    let other = (*gaussians)[l];
    if (other.constant != SILENT) {
      var delta = array<f32, D>();
      for (var a = 0u; a < D; a++) {
        delta[a] = centre[a] - (*gaussians)[l].mean[a] + offset[a];
      }
      state = addLog(state, other.constant - 0.5 * squaredRadius(other, delta));
    }
  }
  return select(SILENT, state.x + ln(max(state.y, 1.0)), state.y > 0.0);
}
