/**
 * Means of klTruthToModel and testNll for one Gaussian at d = 1, in units of σ₀: with P = 1/v and
 * e² = (μ − μ₀)²/v, KL = ½[ln v + P + e² − 1], and one generation maps (P, e) to g·P and
 * √g (e + z/√n), g = n/(b χ²_{n−1}). E g = ρ = (n/b)/(n−3), so the mean needs n > 3; the variance
 * follows from E g² = (n/b)²/((n−3)(n−5)) and needs n > 5.
 */
import { logNormalWindow, meanError, sequence, type Law, type Setting } from './law.ts';
import { digamma, trigamma } from './polygamma.ts';

interface State {
  /** E L, E L² with L = ln v. */
  readonly log: number;
  readonly logSquare: number;
  /** E P, E e², E LP + E Le². */
  readonly precision: number;
  readonly shift: number;
  readonly logTimes: number;
  /** E P², E Pe², E e⁴. */
  readonly precisionSquare: number;
  readonly mixed: number;
  readonly shiftSquare: number;
}

const START: State = {
  log: 0,
  logSquare: 0,
  precision: 1,
  shift: 0,
  logTimes: 0,
  precisionSquare: 1,
  mixed: 0,
  shiftSquare: 0,
};

function chain(n: number, bessel: number): (generation: number) => State {
  const scale = n / bessel;
  const rho = scale / (n - 3);
  const rhoSquare = scale ** 2 / ((n - 3) * (n - 5));
  // ln(1/g) = ln χ² − ln(n/b); with E[χ⁻² ln χ²] = E[χ⁻²](ψ(m/2 − 1) + ln 2).
  const drift = digamma((n - 1) / 2) + Math.log(2 / scale);
  const noise = trigamma((n - 1) / 2);
  const tilted = rho * (digamma((n - 3) / 2) + Math.log(2 / scale));
  return sequence(START, (s) => ({
    log: s.log + drift,
    logSquare: s.logSquare + 2 * drift * s.log + drift ** 2 + noise,
    precision: rho * s.precision,
    shift: rho * (s.shift + 1 / n),
    logTimes: rho * (s.logTimes + s.log / n) + tilted * (s.precision + s.shift + 1 / n),
    precisionSquare: rhoSquare * s.precisionSquare,
    mixed: rhoSquare * (s.mixed + s.precision / n),
    shiftSquare: rhoSquare * (s.shiftSquare + (6 * s.shift) / n + 3 / n ** 2),
  }));
}

const meanKl = ({ log, precision, shift }: State): number => 0.5 * (log + precision + shift - 1);

function varianceKl(s: State): number {
  const square = s.logSquare + 2 * s.logTimes + s.precisionSquare + 2 * s.mixed + s.shiftSquare;
  return 0.25 * (square - (s.log + s.precision + s.shift) ** 2);
}

export function klLaws({ n, dim, bessel, bias, truth, pure }: Setting): Law[] {
  if (!pure || bias !== 1 || dim !== 1 || n <= 3) return [];
  const state = chain(n, bessel);
  const entropy = 0.5 * Math.log(2 * Math.PI * Math.E * truth.covariance[0]!);
  const law = (statistic: Law['statistic'], start: number, formula: string): Law => ({
    statistic,
    kind: 'mean',
    name: 'mean divergence',
    formula,
    source: 'Inverse χ² moments of the chain',
    at: (t) => start + meanKl(state(t)),
    standardError: (t, replicates) =>
      n > 5 ? meanError(Math.max(0, varianceKl(state(t))), replicates) : null,
    // 1/v has the heavier tail: its relative variance is that of v at n − 5 points.
    testableUntil: (replicates) => (n > 5 ? logNormalWindow(n - 5, replicates) : 0),
  });
  const formula =
    bessel === 1
      ? '½[t(ψ((n−1)/2) + ln(2/n)) + ρ^t + r_t − 1], ρ = n/(n−3), r_t = ρ(r_{t−1} + 1/n)'
      : '½[t(ψ((n−1)/2) + ln(2/(n−1))) + ρ^t + r_t − 1], ρ = (n−1)/(n−3), r_t = ρ(r_{t−1} + 1/n)';
  return [law('klTruthToModel', 0, formula), law('testNll', entropy, `h(p₀) + ${formula}`)];
}
