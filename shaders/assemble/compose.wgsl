// A fit to standard normals, multiplied onto the Gaussian they stand for: sampling and fit commute
// with affine maps. Twin: src/model/assemble/compose.ts.
import package::constants::{D, K, TRI};
import package::assemble::sources::{moveOrigin, WorkingFrame};
import package::gmm::em::constrainFactor;
import package::gmm::model::{emptyModel, Model, setFactor};
import package::gmm::status::STATUS_DEGENERATE;
import package::math::exponent::{scaleBy, ZERO_EXPONENT};
import package::math::triangular::{multiplyLower, multiplyVector};

/// The parent's affine map after the fit's (mean and factor 0 of theirs), constrained as a fit is.
fn composeModel(
  parent: ptr<function, Model>, means: array<f32, K * D>, factors: array<f32, K * TRI>,
  status: u32,
) -> Model {
  var fitMeans = means;
  var fitFactors = factors;
  var left = array<f32, TRI>();
  var right = array<f32, TRI>();
  for (var e = 0u; e < TRI; e++) {
    left[e] = (*parent).factors[e];
    right[e] = fitFactors[e];
  }
  var mean = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    mean[a] = fitMeans[a];
  }
  var offset = multiplyVector(left, mean);
  var frame = WorkingFrame((*parent).origin, (*parent).originLow, (*parent).scale);
  var model = emptyModel();
  for (var a = 0u; a < D; a++) {
    moveOrigin(&frame, a, (*parent).means[a] + scaleBy(offset[a], (*parent).exponents[0]));
  }
  setFactor(&model, 0u, constrainFactor(multiplyLower(left, right)));
  let dead = model.exponents[0] == ZERO_EXPONENT || (*parent).exponents[0] == ZERO_EXPONENT;
  model.weights[0] = 1.0;
  model.origin = frame.origin;
  model.originLow = frame.originLow;
  model.scale = (*parent).scale
    + select((*parent).exponents[0] + model.exponents[0], 0, dead);
  model.exponents[0] = select(0, ZERO_EXPONENT, dead);
  model.status = status | select(0u, STATUS_DEGENERATE, dead);
  return model;
}
