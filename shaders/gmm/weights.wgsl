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

/// What weights of synthetic and of real points are multiplied by, where they sum to these masses so
/// far; a share under 0 is none, and points of one kind only have all the weight.
fn classScales(synthetic: f32, real: f32, share: f32, sampleSize: f32) -> vec2<f32> {
  let alike = sampleSize / (synthetic + real);
  let mixed = vec2<f32>(
    (1.0 - share) * sampleSize / max(synthetic, 1e-37), share * sampleSize / max(real, 1e-37),
  );
  let one = (share < 0.0) | (synthetic == 0.0) | (real == 0.0);
  return select(mixed, vec2<f32>(alike), one);
}
