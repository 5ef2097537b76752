// Squared Frechet distance of the Gaussians with the moments of model and truth, as a sum of
// squares |L - F Q|^2 with F' L = U S V' by one-sided Jacobi and Q = U V'. Twin:
// src/model/statistics/frechet.ts.
import package::constants::{D};
import package::math::exponent::scaleBy;
import package::math::triangular::packedIndex;
import package::statistics::likelihood::TruthMoments;
import package::statistics::moments::TotalMoments;

// Jacobi converges quadratically: at D = 4 five sweeps reach f32.
const SWEEPS: u32 = 6u;

/// F' L and L, column by column, both turned by V on the way.
struct Turned {
  product: array<f32, D * D>,
  columns: array<f32, D * D>,
}

/// In the truth's own units^2.
fn frechetDistance(moments: TotalMoments, truth: TruthMoments, unitExponent: i32) -> f32 {
  var factor = moments.factor;
  var mean = moments.mean;
  var home = truth.mean;
  var turned = Turned();
  setProduct(moments, truth, &turned);
  var sweep = 0u;
  while (D > 1 && sweep < SWEEPS) {
    for (var p = 0u; p < D; p++) {
      for (var q = p + 1u; q < D; q++) {
        turnPair(&turned, p, q);
      }
    }
    sweep++;
  }
  var sum = 0.0;
  for (var c = 0u; c < D; c++) {
    let shift = scaleBy(mean[c] - home[c], unitExponent);
    sum += shift * shift;
    var length = 0.0;
    for (var a = 0u; a < D; a++) {
      length += turned.product[c * D + a] * turned.product[c * D + a];
    }
    // A column without length is one that the model has no width in.
    let share = select(0.0, 1.0 / sqrt(max(length, 1e-37)), length > 1e-37);
    for (var a = 0u; a < D; a++) {
      var image = 0.0;
      for (var b = 0u; b <= a; b++) {
        image += factor[packedIndex(a, b)] * (share * turned.product[c * D + b]);
      }
      let rest = turned.columns[c * D + a] - scaleBy(image, moments.exponent);
      let own = scaleBy(rest, unitExponent);
      sum += own * own;
    }
  }
  return sum;
}

fn setProduct(moments: TotalMoments, truth: TruthMoments, turned: ptr<function, Turned>) {
  var factor = moments.factor;
  var home = truth.factor;
  for (var c = 0u; c < D; c++) {
    for (var a = c; a < D; a++) {
      (*turned).columns[c * D + a] = home[packedIndex(a, c)];
    }
    for (var a = 0u; a < D; a++) {
      for (var b = a; b < D; b++) {
        let entry = factor[packedIndex(b, a)];
        (*turned).product[c * D + a] += entry * (*turned).columns[c * D + b];
      }
    }
  }
}

/// Turns columns p and q so that those of the product are at right angles.
fn turnPair(turned: ptr<function, Turned>, p: u32, q: u32) {
  var difference = 0.0;
  var dot = 0.0;
  for (var a = 0u; a < D; a++) {
    let x = (*turned).product[p * D + a];
    let y = (*turned).product[q * D + a];
    difference += (y - x) * (y + x);
    dot += x * y;
  }
  let reach = abs(difference) + sqrt(difference * difference + 4.0 * dot * dot);
  let twice = select(2.0, -2.0, difference < 0.0) * dot;
  let tangent = select(0.0, twice / max(reach, 1e-37), reach > 1e-37);
  let c = 1.0 / sqrt(1.0 + tangent * tangent);
  let s = c * tangent;
  for (var a = 0u; a < D; a++) {
    let x = (*turned).product[p * D + a];
    let y = (*turned).product[q * D + a];
    (*turned).product[p * D + a] = c * x - s * y;
    (*turned).product[q * D + a] = s * x + c * y;
    let u = (*turned).columns[p * D + a];
    let v = (*turned).columns[q * D + a];
    (*turned).columns[p * D + a] = c * u - s * v;
    (*turned).columns[q * D + a] = s * u + c * v;
  }
}
