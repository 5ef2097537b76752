// Weighted Gaussians ready to be evaluated, truth and models alike, in the log domain; standardised
// distances are held at 2^59. Twin: src/model/statistics/density.ts.
import package::constants::{D, K, TRI};
import package::gmm::model::Model;
import package::math::exponent::{scaleBy, FRAME_LIMIT};
import package::math::ln::ln;
import package::math::triangular::packedIndex;

const LN2: f32 = 0.693147181;
const HALF_LN_TWO_PI: f32 = 0.918938533;
// ln density of a component that has none: no weight, or no width in some direction.
const SILENT: f32 = -1e30;

struct Gaussian {
  weight: f32,
  // ln weight - ln det factor - D/2 ln 2 pi; SILENT without weight or width.
  constant: f32,
  mean: array<f32, D>,
  // Covariance = 4^exponent factor factor'.
  factor: array<f32, TRI>,
  // Reciprocals of the factor's diagonal.
  inverses: array<f32, D>,
  exponent: i32,
}

fn hold(x: f32) -> f32 {
  return clamp(x, -FRAME_LIMIT, FRAME_LIMIT);
}

fn prepareGaussian(
  weight: f32, mean: array<f32, D>, lower: array<f32, TRI>, exponent: i32,
) -> Gaussian {
  var factor = lower;
  var g = Gaussian(weight, SILENT, mean, lower, array<f32, D>(), exponent);
  var logDet = f32(i32(D) * exponent) * LN2;
  var silent = !(weight > 0.0);
  for (var a = 0u; a < D; a++) {
    let pivot = factor[packedIndex(a, a)];
    if (pivot > 0.0) {
      logDet += ln(pivot);
      g.inverses[a] = min(1.0 / pivot, FRAME_LIMIT);
    } else {
      silent = true;
    }
  }
  if (!silent) {
    g.constant = ln(weight) - logDet - f32(D) * HALF_LN_TWO_PI;
  }
  return g;
}

/// The model in its own frame's units, where a collapsed lineage is still of order one.
fn frameGaussians(model: ptr<function, Model>) -> array<Gaussian, K> {
  var gaussians = array<Gaussian, K>();
  for (var k = 0u; k < K; k++) {
    var mean = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      mean[a] = (*model).means[k * D + a];
    }
    gaussians[k] =
      prepareGaussian((*model).weights[k], mean, modelFactor(model, k), (*model).exponents[k]);
  }
  return gaussians;
}

/// The model in truth units, X = origin + 2^scale y.
fn truthGaussians(model: ptr<function, Model>) -> array<Gaussian, K> {
  var gaussians = array<Gaussian, K>();
  let scale = (*model).scale;
  for (var k = 0u; k < K; k++) {
    var mean = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      let moved = scaleBy((*model).means[k * D + a], scale);
      mean[a] = (*model).origin[a] + ((*model).originLow[a] + moved);
    }
    let exponent = (*model).exponents[k] + scale;
    gaussians[k] = prepareGaussian((*model).weights[k], mean, modelFactor(model, k), exponent);
  }
  return gaussians;
}

fn modelFactor(model: ptr<function, Model>, k: u32) -> array<f32, TRI> {
  var factor = array<f32, TRI>();
  for (var e = 0u; e < TRI; e++) {
    factor[e] = (*model).factors[k * TRI + e];
  }
  return factor;
}

/// z = F^-1 delta by forward substitution, entries within +-2^59.
fn standardise(gaussian: Gaussian, offset: array<f32, D>) -> array<f32, D> {
  var g = gaussian;
  var delta = offset;
  var solved = array<f32, D>();
  var z = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    var rest = delta[a];
    for (var b = 0u; b < a; b++) {
      rest -= g.factor[packedIndex(a, b)] * solved[b];
    }
    solved[a] = hold(rest * g.inverses[a]);
    z[a] = scaleBy(solved[a], -g.exponent);
  }
  return z;
}

/// |F^-1 delta|^2; under 2^120.
fn squaredRadius(g: Gaussian, delta: array<f32, D>) -> f32 {
  var z = standardise(g, delta);
  var square = 0.0;
  for (var a = 0u; a < D; a++) {
    square += z[a] * z[a];
  }
  return square;
}

/// ln of the weight times the density at x.
fn logTerm(g: Gaussian, x: array<f32, D>) -> f32 {
  var delta = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    delta[a] = x[a] - g.mean[a];
  }
  return g.constant - 0.5 * squaredRadius(g, delta);
}

/// ln(e^a + e^b), given as (largest, sum of exponentials about it).
fn addLog(state: vec2<f32>, term: f32) -> vec2<f32> {
  let best = max(state.x, term);
  return vec2<f32>(best, state.y * expFalling(state.x - best) + expFalling(term - best));
}

/// exp for x <= 0, without asking the built-in for what underflows.
fn expFalling(x: f32) -> f32 {
  return select(exp(max(x, -87.0)), 0.0, x < -87.0);
}

/// ln density at x; SILENT where no component has any.
fn logDensity(gaussians: ptr<function, array<Gaussian, K>>, x: array<f32, D>) -> f32 {
  var state = vec2<f32>(2.0 * SILENT, 0.0);
  for (var k = 0u; k < K; k++) {
    if ((*gaussians)[k].constant != SILENT) {
      state = addLog(state, logTerm((*gaussians)[k], x));
    }
  }
  return select(SILENT, state.x + ln(max(state.y, 1.0)), state.y > 0.0);
}

/// 2^exponent factor z.
fn stretch(gaussian: Gaussian, normals: array<f32, D>) -> array<f32, D> {
  var g = gaussian;
  var z = normals;
  var y = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    var dot = 0.0;
    for (var b = 0u; b <= a; b++) {
      dot += g.factor[packedIndex(a, b)] * z[b];
    }
    y[a] = scaleBy(dot, g.exponent);
  }
  return y;
}
