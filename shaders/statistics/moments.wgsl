// Mean and covariance of the whole model, the covariance as a factor with an exponent of its own,
// grown by Givens rotations (Golub & Van Loan 6.5.4). Twin: src/model/statistics/moments.ts.
import package::constants::{D, K, TRI};
import package::gmm::model::Model;
import package::math::exponent::{exponentOf, scaleBy, ZERO_EXPONENT};
import package::math::ln::ln;
import package::math::triangular::packedIndex;
import package::statistics::density::{LN2, modelFactor, SILENT};

struct TotalMoments {
  // Truth units, relative to the truth's mean.
  mean: array<f32, D>,
  // Total covariance = 4^exponent factor factor' in truth units^2.
  factor: array<f32, TRI>,
  exponent: i32,
}

fn totalMoments(model: ptr<function, Model>) -> TotalMoments {
  var moments = TotalMoments();
  var centre = array<f32, D>();
  for (var k = 0u; k < K; k++) {
    for (var a = 0u; a < D; a++) {
      centre[a] += (*model).weights[k] * (*model).means[k * D + a];
    }
  }
  for (var a = 0u; a < D; a++) {
    let moved = scaleBy(centre[a], (*model).scale);
    moments.mean[a] = (*model).origin[a] + ((*model).originLow[a] + moved);
  }
  if (K == 1) {
    moments.factor = modelFactor(model, 0u);
    moments.exponent = (*model).exponents[0] + (*model).scale;
  } else {
    totalFactor(model, centre, &moments);
  }
  return moments;
}

fn totalFactor(
  model: ptr<function, Model>, average: array<f32, D>, moments: ptr<function, TotalMoments>,
) {
  var centre = average;
  var unit = ZERO_EXPONENT;
  for (var k = 0u; k < K; k++) {
    if ((*model).weights[k] > 0.0) {
      unit = max(unit, (*model).exponents[k]);
      for (var a = 0u; a < D; a++) {
        unit = max(unit, exponentOf((*model).means[k * D + a] - centre[a]));
      }
    }
  }
  var factor = array<f32, TRI>();
  for (var k = 0u; k < K; k++) {
    if ((*model).weights[k] > 0.0) {
      let root = sqrt((*model).weights[k]);
      var column = array<f32, D>();
      for (var a = 0u; a < D; a++) {
        column[a] = root * scaleBy((*model).means[k * D + a] - centre[a], -unit);
      }
      addColumn(&factor, column);
      for (var c = 0u; c < D; c++) {
        for (var a = 0u; a < D; a++) {
          let entry = select(0.0, (*model).factors[k * TRI + packedIndex(max(a, c), c)], a >= c);
          column[a] = root * scaleBy(entry, (*model).exponents[k] - unit);
        }
        addColumn(&factor, column);
      }
    }
  }
  (*moments).factor = factor;
  (*moments).exponent = unit + (*model).scale;
}

/// factor <- lower triangle L with L L' = factor factor' + column column'.
fn addColumn(factor: ptr<function, array<f32, TRI>>, added: array<f32, D>) {
  var column = added;
  for (var a = 0u; a < D; a++) {
    let pivot = (*factor)[packedIndex(a, a)];
    let length = sqrt(pivot * pivot + column[a] * column[a]);
    if (length > 0.0) {
      let c = pivot / length;
      let s = column[a] / length;
      (*factor)[packedIndex(a, a)] = length;
      for (var b = a + 1u; b < D; b++) {
        let entry = (*factor)[packedIndex(b, a)];
        (*factor)[packedIndex(b, a)] = c * entry + s * column[b];
        column[b] = c * column[b] - s * entry;
      }
    }
  }
}

/// Trace of factor factor', without the exponent.
fn trace(moments: TotalMoments) -> f32 {
  var factor = moments.factor;
  var sum = 0.0;
  for (var e = 0u; e < TRI; e++) {
    sum += factor[e] * factor[e];
  }
  return sum;
}

/// |mean|^2 in the truth's own units^2.
fn meanShiftSquared(moments: TotalMoments, unitExponent: i32) -> f32 {
  var mean = moments.mean;
  var sum = 0.0;
  for (var a = 0u; a < D; a++) {
    let shift = scaleBy(mean[a], unitExponent);
    sum += shift * shift;
  }
  return sum;
}

/// Trace of the total covariance in the truth's own units^2.
fn totalVariance(moments: TotalMoments, unitExponent: i32) -> f32 {
  let width = scaleBy(sqrt(trace(moments)), moments.exponent + unitExponent);
  return width * width;
}

/// truthTrace in truth units^2.
fn varianceRatio(moments: TotalMoments, truthTrace: f32) -> f32 {
  let width = scaleBy(sqrt(trace(moments) / truthTrace), moments.exponent);
  return width * width;
}

/// ln of varianceRatio; SILENT for no variance at all.
fn logVarianceRatio(moments: TotalMoments, truthTrace: f32) -> f32 {
  let sum = trace(moments);
  if (!(sum > 0.0)) {
    return SILENT;
  }
  return ln(sum / truthTrace) + f32(2 * moments.exponent) * LN2;
}

/// ln det of the total covariance - truthLogDet (truth units); SILENT for no volume.
fn logDetRatio(moments: TotalMoments, truthLogDet: f32) -> f32 {
  var factor = moments.factor;
  var sum = 0.0;
  for (var a = 0u; a < D; a++) {
    let pivot = factor[packedIndex(a, a)];
    if (!(pivot > 0.0)) {
      return SILENT;
    }
    sum += 2.0 * ln(pivot);
  }
  return sum - truthLogDet + f32(2 * i32(D) * moments.exponent) * LN2;
}
