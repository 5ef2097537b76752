// What the model's components, taken for labels, say of a point of the truth: each is named by the
// truth's component it is nearest to, and labels where its weighted density is highest.
// Twin: src/model/statistics/labels.ts.
import package::constants::{D, J, K};
import package::statistics::density::{Gaussian, logTerm, SILENT, squaredRadius};

// Nearer means nearer by more than rounding, so that every engine sees the same equals.
const NEARER: f32 = 0.999984741;

/// The truth's component nearest to each of the model's, by its own covariance; first of equals.
fn componentNames(
  gaussians: ptr<function, array<Gaussian, K>>, truth: ptr<function, array<Gaussian, J>>,
) -> array<u32, K> {
  var names = array<u32, K>();
  for (var k = 0u; k < K; k++) {
    var centre = (*gaussians)[k].mean;
    var nearest = 3e38f;
    for (var j = 0u; j < J; j++) {
      let home = (*truth)[j];
      var delta = array<f32, D>();
      for (var a = 0u; a < D; a++) {
        delta[a] = centre[a] - (*truth)[j].mean[a];
      }
      let radius = squaredRadius(home, delta);
      if (radius < NEARER * nearest) {
        nearest = radius;
        names[k] = j;
      }
    }
  }
  return names;
}

/// How far mode j's label is ahead of any other at x, as a logarithm of weighted densities; far under
/// 0 where no component has its name.
fn labelMargin(
  gaussians: ptr<function, array<Gaussian, K>>, names: ptr<function, array<u32, K>>, j: u32,
  x: array<f32, D>,
) -> f32 {
  var own = 2.0 * SILENT;
  var other = 2.0 * SILENT;
  for (var k = 0u; k < K; k++) {
    let g = (*gaussians)[k];
    let term = select(logTerm(g, x), 2.0 * SILENT, g.constant == SILENT);
    let named = (*names)[k] == j;
    own = select(own, max(own, term), named);
    other = select(max(other, term), other, named);
  }
  return select(SILENT, own - other, own > 2.0 * SILENT);
}

/// Share of a segment on which what is `before` and `now` at its ends is at least 0.
fn shareOver(before: f32, now: f32) -> f32 {
  let top = max(before, now);
  let bottom = min(before, now);
  let part = top / max(top - bottom, 1e-37);
  return select(0.0, select(1.0, part, bottom < 0.0), top >= 0.0);
}
