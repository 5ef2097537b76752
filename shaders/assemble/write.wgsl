// Fitted components as a model of the working frame, whose place the caller adds.
// Twin: src/model/assemble/write.ts.
import package::constants::{D, K, TRI};
import package::gmm::em::Components;
import package::gmm::model::{emptyModel, Model, setFactor};
import package::gmm::status::STATUS_DEGENERATE;
import package::math::triangular::packedIndex;

// 2^-20: components narrower than this share of the sample's sd are degenerate.
const DEGENERATE_WIDTH: f32 = 0x1p-20f;

/// The fitted components as a model in the working frame, its degenerate ones marked.
fn writeModel(components: ptr<function, Components>, sd: f32, status: u32) -> Model {
  var model = emptyModel();
  model.status = status;
  for (var k = 0u; k < K; k++) {
    let weight = (*components).weights[k];
    if (!(weight > 0.0)) {
      continue;
    }
    model.weights[k] = weight;
    var factor = array<f32, TRI>();
    for (var e = 0u; e < TRI; e++) {
      factor[e] = (*components).factors[k * TRI + e];
    }
    var thinnest = factor[0];
    for (var a = 0u; a < D; a++) {
      model.means[k * D + a] = (*components).means[k * D + a];
      thinnest = min(thinnest, factor[packedIndex(a, a)]);
    }
    if (thinnest < sd * DEGENERATE_WIDTH || sd == 0.0) {
      model.status |= STATUS_DEGENERATE;
    }
    setFactor(&model, k, factor);
  }
  return model;
}
