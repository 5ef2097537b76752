// Which of the truth's modes the model still feeds. Twin: src/model/statistics/modes.ts.
import package::constants::{D, J};
import package::math::ln::ln;
import package::statistics::density::{expFalling, Gaussian, logTerm, SILENT};

// A mode lives while the model gives it more than this share of its weight.
const ALIVE_SHARE: f32 = 0.1;

struct Posterior {
  logDensity: f32,
  shares: array<f32, J>,
}

/// Responsibilities of the truth's components at x, and ln p0(x).
fn truthPosterior(truth: ptr<function, array<Gaussian, J>>, x: array<f32, D>) -> Posterior {
  var posterior = Posterior();
  var best = 2.0 * SILENT;
  for (var j = 0u; j < J; j++) {
    let g = (*truth)[j];
    posterior.shares[j] = 2.0 * SILENT;
    if (g.constant != SILENT) {
      posterior.shares[j] = logTerm(g, x);
    }
    best = select(max(best, posterior.shares[j]), posterior.shares[j], j == 0u);
  }
  var sum = 0.0;
  for (var j = 0u; j < J; j++) {
    posterior.shares[j] = expFalling(posterior.shares[j] - best);
    sum += posterior.shares[j];
  }
  for (var j = 0u; j < J; j++) {
    posterior.shares[j] /= sum;
  }
  posterior.logDensity = best + ln(sum);
  return posterior;
}

fn modesAlive(share: array<f32, J>, truth: ptr<function, array<Gaussian, J>>) -> f32 {
  var masses = share;
  var alive = 0.0;
  for (var j = 0u; j < J; j++) {
    alive += select(0.0, 1.0, masses[j] > ALIVE_SHARE * (*truth)[j].weight);
  }
  return alive;
}

/// Exponential of the masses' entropy.
fn effectiveModes(share: array<f32, J>) -> f32 {
  var masses = share;
  var entropy = 0.0;
  for (var j = 0u; j < J; j++) {
    let mass = masses[j];
    if (mass > 0.0) {
      entropy -= mass * ln(mass);
    }
  }
  return exp(entropy);
}
