// What a fit weighs points by: powers of their density under the parent, and a share of all for the
// real ones together. Twin: src/model/gmm/weights.ts.
import package::constants::{D, K, TAILED};
import package::gmm::em::{Components, logLikelihood, Precision};
import package::math::ln::LOG2_E;

/// Under a width of this, in units of the frame, a component of the parent is no denser.
const DENSITY_WIDTH: f32 = 0x1p-20f;

/// -power log2 q(y), up to a constant, q the mixture `parent` whose `widths` these are.
fn tailLog(
  parent: ptr<function, Components>, widths: ptr<function, Precision>, power: f32,
  y: array<f32, D>,
) -> f32 {
  if (TAILED == 0) {
    return 0.0;
  }
  return -power * LOG2_E * logLikelihood(parent, widths, y);
}
