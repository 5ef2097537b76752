// Expectation-maximisation, one point at a time and free of where points are kept; moments about
// the current means, never E[x^2] - mean^2. Twin: src/model/gmm/em.ts.
import package::bits::larger;
import package::constants::{D, K, TRI, COVARIANCE, TIED};
import package::math::ln::{ln, LOG2_E};
import package::math::triangular::{cholesky, invertLower, packedIndex};

struct Components {
  weights: array<f32, K>,
  means: array<f32, K * D>,
  factors: array<f32, K * TRI>,
}

/// What the E-step reads, in bits: exponentials are then the hardware's own, of base 2.
struct Precision {
  /// log2(weight / det factor).
  logWeights: array<f32, K>,
  /// Inverse factors times sqrt(log2(e) / 2): their squares are bits.
  inverses: array<f32, K * TRI>,
  /// K = 2, D = 1: log2 of the odds of component 0 as a polynomial in y - oddsOrigin, the mean of
  /// the narrower component, about which nothing cancels that matters.
  oddsOrigin: f32,
  odds: vec3<f32>,
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

const ROOT_HALF_LOG2_E: f32 = 0.849321800;
// e^-64: a component with less than this of a point in all has none. The twin cuts each
// responsibility at it instead, which is the same event; one comparison a step is cheaper than one a
// point.
const LEAST_MASS: f32 = 1.60381089e-28f;
const DEAD_LOG_WEIGHT: f32 = -1e30;

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
      let pivot = larger(factor[packedIndex(a, a)], widthFloor);
      factor[packedIndex(a, a)] = pivot;
      logDet += ln(pivot);
    }
    let inverse = invertLower(factor);
    for (var e = 0u; e < TRI; e++) {
      widths.inverses[k * TRI + e] = inverse[e] * ROOT_HALF_LOG2_E;
    }
    let weight = (*components).weights[k];
    widths.logWeights[k] =
      select(DEAD_LOG_WEIGHT, LOG2_E * (ln(larger(weight, 1e-37)) - logDet), weight > 0.0);
  }
  if (K == 2 && D == 1) {
    prepareOdds(components, &widths);
  }
  return widths;
}

/// t_0 - t_1, t_k = logWeight_k - (inverse_k (u - apart_k))^2, collected by powers of u.
fn prepareOdds(components: ptr<function, Components>, widths: ptr<function, Precision>) {
  let other = K - 1u;
  let first = (*widths).inverses[0];
  let second = (*widths).inverses[other];
  let origin = select((*components).means[other], (*components).means[0], first >= second);
  let p = first * ((*components).means[0] - origin);
  let q = second * ((*components).means[other] - origin);
  (*widths).oddsOrigin = origin;
  (*widths).odds = vec3<f32>(
    (*widths).logWeights[0] - (*widths).logWeights[other] + (q * q - p * p),
    2.0 * (first * p - second * q),
    second * second - first * first,
  );
}

/// log2(weight density) of component k at point y, up to a constant common to all k.
fn logTerm2(
  components: ptr<function, Components>, widths: ptr<function, Precision>, k: u32,
  point: array<f32, D>,
) -> f32 {
  var y = point;
  var square = 0.0;
  for (var a = 0u; a < D; a++) {
    var u = 0.0;
    for (var b = 0u; b <= a; b++) {
      u += (*widths).inverses[k * TRI + packedIndex(a, b)]
        * (y[b] - (*components).means[k * D + b]);
    }
    square += u * u;
  }
  return (*widths).logWeights[k] - square;
}

/// Posterior probabilities of the components for point y.
fn responsibilities(
  components: ptr<function, Components>, widths: ptr<function, Precision>, point: array<f32, D>,
) -> array<f32, K> {
  if (K == 2) {
    return complementary(logOdds(components, widths, point));
  }
  var r = array<f32, K>();
  var best = 0.0;
  for (var k = 0u; k < K; k++) {
    r[k] = logTerm2(components, widths, k, point);
    best = select(max(best, r[k]), r[k], k == 0u);
  }
  var total = 0.0;
  for (var k = 0u; k < K; k++) {
    r[k] = exp2(r[k] - best);
    total += r[k];
  }
  let share = 1.0 / total;
  for (var k = 0u; k < K; k++) {
    r[k] *= share;
  }
  return r;
}

/// K = 2: log2 of the odds of component 0.
fn logOdds(
  components: ptr<function, Components>, widths: ptr<function, Precision>, point: array<f32, D>,
) -> f32 {
  if (D == 1) {
    let u = point[0] - (*widths).oddsOrigin;
    let odds = (*widths).odds;
    return odds.x + u * (odds.y + u * odds.z);
  }
  return logTerm2(components, widths, 0u, point) - logTerm2(components, widths, K - 1u, point);
}

/// Both responsibilities from the odds, neither from 1: each keeps its digits where it is small.
fn complementary(odds: f32) -> array<f32, K> {
  // 2^126 is as far as the reciprocal of a float reaches.
  let ratio = exp2(min(-odds, 126.0));
  let share = 1.0 / (1.0 + ratio);
  var r = array<f32, K>();
  r[0] = share;
  r[K - 1u] = ratio * share;
  return r;
}

/// ln of the density at y, up to a constant common to all points and components.
fn logLikelihood(
  components: ptr<function, Components>, widths: ptr<function, Precision>, point: array<f32, D>,
) -> f32 {
  var terms = array<f32, K>();
  var best = 0.0;
  for (var k = 0u; k < K; k++) {
    terms[k] = logTerm2(components, widths, k, point);
    best = select(max(best, terms[k]), terms[k], k == 0u);
  }
  var total = 0.0;
  for (var k = 0u; k < K; k++) {
    total += exp2(terms[k] - best);
  }
  return best / LOG2_E + ln(total);
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
      if (COVARIANCE == 0) {
        for (var b = 0u; b < a; b++) {
          (*sums).second[k * TRI + packedIndex(a, b)] +=
            delta * (y[b] - (*components).means[k * D + b]);
        }
      }
      (*sums).second[k * TRI + packedIndex(a, a)] +=
        delta * (y[a] - (*components).means[k * D + a]);
    }
  }
}

/// One component as the E-step reads it.
struct Part {
  logWeight: f32,
  mean: array<f32, D>,
  inverse: array<f32, TRI>,
}

/// Its sums over some points.
struct PartSums {
  zeroth: f32,
  first: array<f32, D>,
  second: array<f32, TRI>,
}

fn partOf(
  components: ptr<function, Components>, widths: ptr<function, Precision>, k: u32,
) -> Part {
  var part = Part();
  part.logWeight = (*widths).logWeights[k];
  for (var a = 0u; a < D; a++) {
    part.mean[a] = (*components).means[k * D + a];
  }
  for (var e = 0u; e < TRI; e++) {
    part.inverse[e] = (*widths).inverses[k * TRI + e];
  }
  return part;
}

/// logTerm2 of that component.
fn partTerm(part: ptr<function, Part>, point: array<f32, D>) -> f32 {
  var y = point;
  var square = 0.0;
  for (var a = 0u; a < D; a++) {
    var u = 0.0;
    for (var b = 0u; b <= a; b++) {
      u += (*part).inverse[packedIndex(a, b)] * (y[b] - (*part).mean[b]);
    }
    square += u * u;
  }
  return (*part).logWeight - square;
}

/// Squared distance of its mean, negated.
fn partNearness(part: ptr<function, Part>, point: array<f32, D>) -> f32 {
  var y = point;
  var square = 0.0;
  for (var a = 0u; a < D; a++) {
    square += (y[a] - (*part).mean[a]) * (y[a] - (*part).mean[a]);
  }
  return -square;
}

/// Adds point y with responsibility r.
fn addToPart(
  part: ptr<function, Part>, point: array<f32, D>, r: f32, sums: ptr<function, PartSums>,
) {
  var y = point;
  (*sums).zeroth += r;
  for (var a = 0u; a < D; a++) {
    let delta = r * (y[a] - (*part).mean[a]);
    (*sums).first[a] += delta;
    for (var b = 0u; b <= a; b++) {
      (*sums).second[packedIndex(a, b)] += delta * (y[b] - (*part).mean[b]);
    }
  }
}

/// total += sums of component k.
fn joinPart(total: ptr<function, Sums>, k: u32, sums: ptr<function, PartSums>) {
  (*total).zeroth[k] += (*sums).zeroth;
  for (var a = 0u; a < D; a++) {
    (*total).first[k * D + a] += (*sums).first[a];
  }
  for (var e = 0u; e < TRI; e++) {
    (*total).second[k * TRI + e] += (*sums).second[e];
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

/// The same of a covariance given by its factor: entries of the diagonal from the rows' norms.
fn constrainFactor(lower: array<f32, TRI>) -> array<f32, TRI> {
  if (COVARIANCE == 0u) {
    return lower;
  }
  var factor = lower;
  var trace = 0.0;
  for (var a = 0u; a < D; a++) {
    var square = 0.0;
    for (var b = 0u; b <= a; b++) {
      square += factor[packedIndex(a, b)] * factor[packedIndex(a, b)];
      factor[packedIndex(a, b)] = 0.0;
    }
    factor[packedIndex(a, a)] = sqrt(square);
    trace += square;
  }
  if (COVARIANCE == 2u) {
    for (var a = 0u; a < D; a++) {
      factor[packedIndex(a, a)] = sqrt(trace / f32(D));
    }
  }
  return factor;
}

/// The M-step. A component that no point reached keeps weight 0 from now on.
fn maximise(
  components: ptr<function, Components>, sums: ptr<function, Sums>, rules: MaximiseRules,
) {
  for (var k = 0u; k < K; k++) {
    let alive = (*sums).zeroth[k] >= LEAST_MASS;
    let mass = select(0.0, (*sums).zeroth[k], alive);
    (*components).weights[k] = mass / rules.sampleSize;
    let share = select(0.0, 1.0 / larger(mass, 1e-37), alive);
    var covariance = array<f32, TRI>();
    for (var a = 0u; a < D; a++) {
      let shift = (*sums).first[k * D + a] * share;
      for (var b = 0u; b <= a; b++) {
        let e = packedIndex(a, b);
        let between = shift * (*sums).first[k * D + b] * share;
        covariance[e] = rules.bessel * ((*sums).second[k * TRI + e] * share - between);
      }
      covariance[packedIndex(a, a)] = larger(covariance[packedIndex(a, a)], 0.0);
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
  if (TIED == 1) {
    tieFactors(components, sums, rules);
  }
}

/// One covariance for all components with points: the mean scatter about their own new means.
fn tieFactors(
  components: ptr<function, Components>, sums: ptr<function, Sums>, rules: MaximiseRules,
) {
  var pooled = array<f32, TRI>();
  var total = 0.0;
  for (var k = 0u; k < K; k++) {
    let alive = (*sums).zeroth[k] >= LEAST_MASS;
    total += select(0.0, (*sums).zeroth[k], alive);
    let share = select(0.0, 1.0 / max((*sums).zeroth[k], 1e-37), alive);
    for (var a = 0u; a < D; a++) {
      let shift = (*sums).first[k * D + a] * share;
      for (var b = 0u; b <= a; b++) {
        let e = packedIndex(a, b);
        let within = (*sums).second[k * TRI + e] - shift * (*sums).first[k * D + b];
        pooled[e] += select(0.0, within, alive);
      }
    }
  }
  for (var e = 0u; e < TRI; e++) {
    pooled[e] *= rules.bessel / total;
  }
  for (var a = 0u; a < D; a++) {
    pooled[packedIndex(a, a)] = max(pooled[packedIndex(a, a)], 0.0) + rules.floor;
  }
  let factor = cholesky(pooled, rules.rank);
  for (var k = 0u; k < K; k++) {
    for (var e = 0u; e < TRI; e++) {
      let alive = (*sums).zeroth[k] >= LEAST_MASS;
      (*components).factors[k * TRI + e] = select(0.0, factor[e], alive);
    }
  }
}
