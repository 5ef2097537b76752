// Expectation-maximisation, one point at a time and free of where points are kept; moments about
// the current means, never E[x^2] - mean^2. Twin: src/model/gmm/em.ts.
import package::constants::{D, K, TRI, COVARIANCE};
import package::math::ln::ln;
import package::math::triangular::{cholesky, invertLower, packedIndex};

struct Components {
  weights: array<f32, K>,
  means: array<f32, K * D>,
  factors: array<f32, K * TRI>,
}

/// ln(weight / det factor) and inverse factors.
struct Precision {
  logWeights: array<f32, K>,
  inverses: array<f32, K * TRI>,
}

/// Sums of r, r delta, r delta delta', delta = y - current mean.
struct Sums {
  zeroth: array<f32, K>,
  first: array<f32, K * D>,
  second: array<f32, K * TRI>,
}

struct MaximiseRules {
  sampleSize: f32,
  bessel: f32,
  floor: f32,
  rank: u32,
}

const RESPONSIBILITY_CUTOFF: f32 = 64.0;
const DEAD_LOG_WEIGHT: f32 = -1e30;
// Points summed before folding into the total.
const BLOCK: u32 = 1024u;

/// Prepares an E-step; widths are held at widthFloor.
fn prepare(components: ptr<function, Components>, widthFloor: f32) -> Precision {
  var widths = Precision();
  for (var k = 0u; k < K; k++) {
    var factor = array<f32, TRI>();
    for (var e = 0u; e < TRI; e++) {
      factor[e] = (*components).factors[k * TRI + e];
    }
    var logDet = 0.0;
    for (var a = 0u; a < D; a++) {
      let pivot = max(factor[packedIndex(a, a)], widthFloor);
      factor[packedIndex(a, a)] = pivot;
      logDet += ln(pivot);
    }
    let inverse = invertLower(factor);
    for (var e = 0u; e < TRI; e++) {
      widths.inverses[k * TRI + e] = inverse[e];
    }
    let weight = (*components).weights[k];
    widths.logWeights[k] =
      select(DEAD_LOG_WEIGHT, ln(max(weight, 1e-37)) - logDet, weight > 0.0);
  }
  return widths;
}

/// Posterior probabilities of the components for point y.
fn responsibilities(
  components: ptr<function, Components>, widths: ptr<function, Precision>, point: array<f32, D>,
) -> array<f32, K> {
  var y = point;
  var r = array<f32, K>();
  var best = 0.0;
  for (var k = 0u; k < K; k++) {
    var square = 0.0;
    for (var a = 0u; a < D; a++) {
      var u = 0.0;
      for (var b = 0u; b <= a; b++) {
        u += (*widths).inverses[k * TRI + packedIndex(a, b)]
          * (y[b] - (*components).means[k * D + b]);
      }
      square += u * u;
    }
    r[k] = (*widths).logWeights[k] - 0.5 * square;
    best = select(max(best, r[k]), r[k], k == 0u);
  }
  var total = 0.0;
  for (var k = 0u; k < K; k++) {
    let below = r[k] - best;
    r[k] = select(exp(below), 0.0, below < -RESPONSIBILITY_CUTOFF);
    total += r[k];
  }
  for (var k = 0u; k < K; k++) {
    r[k] /= total;
  }
  return r;
}

/// Adds point y with responsibilities r.
fn accumulate(
  components: ptr<function, Components>, point: array<f32, D>, shares: array<f32, K>,
  sums: ptr<function, Sums>,
) {
  var y = point;
  var r = shares;
  for (var k = 0u; k < K; k++) {
    (*sums).zeroth[k] += r[k];
    for (var a = 0u; a < D; a++) {
      let delta = r[k] * (y[a] - (*components).means[k * D + a]);
      (*sums).first[k * D + a] += delta;
      for (var b = 0u; b <= a; b++) {
        if (COVARIANCE == 0u || a == b) {
          (*sums).second[k * TRI + packedIndex(a, b)] +=
            delta * (y[b] - (*components).means[k * D + b]);
        }
      }
    }
  }
}

/// total += block; block = 0.
fn fold(total: ptr<function, Sums>, block: ptr<function, Sums>) {
  for (var k = 0u; k < K; k++) {
    (*total).zeroth[k] += (*block).zeroth[k];
  }
  for (var e = 0u; e < K * D; e++) {
    (*total).first[e] += (*block).first[e];
  }
  for (var e = 0u; e < K * TRI; e++) {
    (*total).second[e] += (*block).second[e];
  }
  *block = Sums();
}

/// Keeps the diagonal only, or its mean only.
fn constrain(matrix: array<f32, TRI>) -> array<f32, TRI> {
  if (COVARIANCE == 0u) {
    return matrix;
  }
  var covariance = matrix;
  var trace = 0.0;
  for (var a = 0u; a < D; a++) {
    trace += covariance[packedIndex(a, a)];
    for (var b = 0u; b < a; b++) {
      covariance[packedIndex(a, b)] = 0.0;
    }
  }
  if (COVARIANCE == 2u) {
    for (var a = 0u; a < D; a++) {
      covariance[packedIndex(a, a)] = trace / f32(D);
    }
  }
  return covariance;
}

/// The M-step. A component that no point reached keeps weight 0 from now on.
fn maximise(
  components: ptr<function, Components>, sums: ptr<function, Sums>, rules: MaximiseRules,
) {
  for (var k = 0u; k < K; k++) {
    let mass = (*sums).zeroth[k];
    (*components).weights[k] = mass / rules.sampleSize;
    let alive = mass > 0.0;
    let share = select(0.0, 1.0 / max(mass, 1e-37), alive);
    var covariance = array<f32, TRI>();
    for (var a = 0u; a < D; a++) {
      let shift = (*sums).first[k * D + a] * share;
      for (var b = 0u; b <= a; b++) {
        let e = packedIndex(a, b);
        let between = shift * (*sums).first[k * D + b] * share;
        covariance[e] = rules.bessel * ((*sums).second[k * TRI + e] * share - between);
      }
      covariance[packedIndex(a, a)] = max(covariance[packedIndex(a, a)], 0.0);
      (*components).means[k * D + a] += shift;
    }
    covariance = constrain(covariance);
    for (var a = 0u; a < D; a++) {
      covariance[packedIndex(a, a)] += select(0.0, rules.floor, alive);
    }
    var factor = cholesky(covariance, rules.rank);
    for (var e = 0u; e < TRI; e++) {
      (*components).factors[k * TRI + e] = factor[e];
    }
  }
}
