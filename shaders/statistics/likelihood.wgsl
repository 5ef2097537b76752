// The model's loss on the truth for a single component, closed form. More components: the kernel
// averages logDensity over the truth's nodes. Twin: src/model/statistics/likelihood.ts.
import package::constants::{D, TRI};
import package::math::exponent::scaleBy;
import package::math::ln::ln;
import package::math::triangular::packedIndex;
import package::statistics::density::{Gaussian, LN2, SILENT, squaredRadius, standardise};

/// Mean and covariance factor of p0 in truth units.
struct TruthMoments {
  mean: array<f32, D>,
  factor: array<f32, TRI>,
}

/// -E ln q under p0 in truth units; -SILENT, for infinity, if the component is flat.
fn gaussianNll(g: Gaussian, truth: TruthMoments) -> f32 {
  if (g.constant == SILENT) {
    return -SILENT;
  }
  var sum = meanRadius(g, truth);
  for (var c = 0u; c < D; c++) {
    var z = truthColumn(g, truth, c);
    for (var a = 0u; a < D; a++) {
      sum += z[a] * z[a];
    }
  }
  return 0.5 * sum - g.constant;
}

/// KL(p0 || q) between single Gaussians as a sum of squares, exactly 0 at the truth.
fn gaussianKl(g: Gaussian, truth: TruthMoments) -> f32 {
  if (g.constant == SILENT) {
    return -SILENT;
  }
  var sum = meanRadius(g, truth);
  for (var c = 0u; c < D; c++) {
    var z = truthColumn(g, truth, c);
    for (var a = 0u; a < D; a++) {
      sum += select(z[a] * z[a], excess(z[a]), a == c);
    }
  }
  return 0.5 * sum;
}

/// KL(q || p) between single Gaussians as a sum of squares, exactly 0 between equals.
fn gaussianKlTo(gaussian: Gaussian, other: Gaussian) -> f32 {
  var g = gaussian;
  var home = other;
  if (g.constant == SILENT || home.constant == SILENT) {
    return -SILENT;
  }
  var delta = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    delta[a] = g.mean[a] - home.mean[a];
  }
  var sum = squaredRadius(home, delta);
  for (var c = 0u; c < D; c++) {
    var column = array<f32, D>();
    for (var a = c; a < D; a++) {
      column[a] = g.factor[packedIndex(a, c)];
    }
    var z = standardise(home, column);
    for (var a = 0u; a < D; a++) {
      let t = scaleBy(z[a], g.exponent);
      if (a == c) {
        sum += scaledExcess(z[a], t, g.exponent);
      } else {
        sum += t * t;
      }
    }
  }
  return 0.5 * sum;
}

/// excess(scaled) with scaled = t 2^exponent, t > 0, where that is too small for its square.
fn scaledExcess(t: f32, scaled: f32, exponent: i32) -> f32 {
  let u = (scaled - 1.0) * (scaled + 1.0);
  if (abs(u) < 0.0625) {
    return excess(scaled);
  }
  return u - 2.0 * (ln(max(t, 1e-37)) + f32(exponent) * LN2);
}

/// t^2 - 1 - ln t^2, t > 0; near 1 by the series of u - ln(1 + u), next term u^7/7.
fn excess(t: f32) -> f32 {
  let u = (t - 1.0) * (t + 1.0);
  if (abs(u) < 0.0625) {
    return u * u * (0.5 - u * (0.333333333f - u * (0.25 - u * (0.2 - u * 0.166666667f))));
  }
  return u - 2.0 * ln(max(t, 1e-37));
}

/// |F^-1 (mean of p0 - mean)|^2.
fn meanRadius(g: Gaussian, truth: TruthMoments) -> f32 {
  var delta = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    delta[a] = truth.mean[a] - g.mean[a];
  }
  return squaredRadius(g, delta);
}

/// Column c of F^-1 L.
fn truthColumn(g: Gaussian, truth: TruthMoments, c: u32) -> array<f32, D> {
  var factor = truth.factor;
  var column = array<f32, D>();
  for (var a = c; a < D; a++) {
    column[a] = factor[packedIndex(a, c)];
  }
  return standardise(g, column);
}
