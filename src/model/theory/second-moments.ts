/**
 * Means of totalVariance, varianceRatio and meanShiftSquared. A fit by maximum likelihood or EM
 * leaves the mixture's mean and total second moment equal to its sample's, so S = E tr Σ_t and
 * U = E‖μ_t − μ₀‖² obey a linear recursion for every K, truth, initialisation and number of
 * iterations, with a real share 1 − f in the batch and a floor ε on every variance:
 *
 *   T  = (1−f) tr C₀ + f (U + λS)                  second moment of a point about μ₀
 *   U′ = f² U + (T − f² U)/n        bernoulli,     f² U + ((1−f) tr C₀ + f λS)/n   quota
 *   S′ = b (T − U′) + d ε                          b = n/(n−1) for the unbiased estimator, else 1
 *
 * λ ≠ 1, the sampler's bias, is for one component alone. Bernoulli at ε = 0 is Wright's (1931) F_ST.
 * Diagonal and spherical fits keep the trace. Where n_r real points weigh w together and n_s others
 * 1 − w, f is 1 − w and a mean's noise w² tr C₀/n_r + f² λS/n_s (He, Xu & Cheng 2025). A prior of κ
 * points of the parent or of the truth, ρ = n/(n + κ), leaves
 *
 *   T″ = ρT + (1−ρ)(U + S)   U″ = (ρf + 1−ρ)² U + ρ² noise      parent
 *   T″ = ρT + (1−ρ) tr C₀    U″ = ρ² (f² U + noise)             truth
 */
import { packedIndex } from '../mixture.ts';
import { firstFitVariance } from './first-fit.ts';
import { logNormalWindow, meanError, sequence, type Law, type Setting } from './law.ts';
import { secondOrder } from './wishart.ts';

interface SecondMoments {
  /** E‖μ_t − μ₀‖². */
  readonly shift: number;
  /** E tr Σ_t. */
  readonly spread: number;
}

/** @param at The cell's numbers at a generation, where they change. */
export function secondMoments(
  setting: Setting,
  at: (generation: number) => Setting = () => setting,
): (generation: number) => SecondMoments {
  const { n, dim, bessel, spec, truth } = setting;
  const target = traceOf(truth.covariance, dim);
  const bernoulli = spec.batch.realDraw === 'bernoulli';
  return sequence({ shift: 0, spread: target }, ({ shift, spread }, t) => {
    const now = at(t);
    const { bias, synthetic } = now;
    const [real, w] = t === 1 ? [1, 1] : [1 - synthetic, now.realWeight];
    const f = 1 - w;
    // Differences are taken term by term: a spread may be 10⁻¹⁰⁰ beside a shift of 1.
    const point = w * target + f * bias * spread;
    const drawn = bernoulli
      ? (point + f * w * shift) / n
      : noiseOf(w, real * n) * target + noiseOf(f, (1 - real) * n) * bias * spread;
    const toParent = now.spec.fit.prior?.centre === 'parent';
    const held = toParent && t === 1 ? 0 : now.strength;
    const share = n / (n + held);
    const kept = share * f + (toParent ? 1 - share : 0);
    const noise = share * share * drawn;
    const prior = (1 - share) * (toParent ? spread : target);
    const within = share * point + prior + kept * (1 - kept) * shift - noise;
    return {
      shift: kept * kept * shift + noise,
      spread: bessel * within + dim * now.spec.fit.covarianceFloor,
    };
  });
}

/** w²/n, the squared weights of n points that weigh w together. */
const noiseOf = (weight: number, points: number): number =>
  points > 0 ? (weight * weight) / points : 0;

export function secondMomentLaws(setting: Setting, at?: (generation: number) => Setting): Law[] {
  const { n, truth, dim, bessel, bias, synthetic } = setting;
  const moments = secondMoments(setting, at);
  const squares = secondOrder(setting);
  const target = traceOf(truth.covariance, dim);
  const first = firstFitVariance(truth, n);
  // A prior of the truth is there from the first fit on.
  const plainStart = setting.strength === 0 || setting.spec.fit.prior?.centre !== 'truth';
  const { spread, ratio, shift } = at ? recursion(setting) : formulas(setting);
  const shared = {
    kind: 'mean',
    source: synthetic < 1 ? MIXED_SOURCE : SOURCE,
    // Two real points a generation bound the fourth moment: no lineage is rare enough to matter.
    testableUntil: (replicates: number) =>
      !at && n * (1 - synthetic) >= 2 && bias <= 1 ? Infinity : logNormalWindow(n, replicates),
  } as const;
  const varianceLaw = (statistic: Law['statistic'], unit: number): Law => ({
    ...shared,
    statistic,
    name: 'mean of the total variance',
    formula: statistic === 'varianceRatio' ? ratio : spread,
    at: (t) => moments(t).spread / unit,
    standardError: (t, replicates) => {
      if (t === 1 && plainStart) {
        return meanError((bessel / unit) ** 2 * first.spread, replicates);
      }
      const variance = squares && squares(t).spread - moments(t).spread ** 2;
      return meanError(variance && variance / unit ** 2, replicates);
    },
  });
  const shiftLaw: Law = {
    ...shared,
    statistic: 'meanShiftSquared',
    name: 'random walk of the mean',
    formula: shift,
    at: (t) => moments(t).shift,
    standardError: (t, replicates) => {
      if (t === 1 && plainStart) return meanError(first.shift, replicates);
      // ‖δ‖² of δ ~ N(0, V) has second moment (tr V)² + 2 tr V².
      const square = squares && squares(t).walk + 2 * squares(t).walkSquare;
      return meanError(square && square - moments(t).shift ** 2, replicates);
    },
  };
  return [varianceLaw('totalVariance', 1), varianceLaw('varianceRatio', target), shiftLaw];
}

const SOURCE = 'Law of total variance';
const MIXED_SOURCE = `${SOURCE}; Wright 1931 for the mixed batch`;

/** Of the total variance, of its share of the truth's, and of the mean's shift. */
interface Formulas {
  readonly spread: string;
  readonly ratio: string;
  readonly shift: string;
}

/** Of a variance that is the truth's times a factor. */
const scaled = (factor: string, shift: string): Formulas => ({
  spread: factor === '1' ? 'tr C₀' : `tr C₀ ${factor}`,
  ratio: factor,
  shift,
});

/** Of any other. */
const summed = (spread: string, shift: string): Formulas => ({
  spread,
  ratio: `[${spread}] / tr C₀`,
  shift,
});

const recursion = (setting: Setting): Formulas => {
  const weighed = setting.realWeight + setting.synthetic !== 1;
  if (setting.strength > 0 || weighed) {
    return summed(
      'S′ = ρT + (1−ρ)(second moment of the centre) − U′ + dε',
      'U′ = (ρf + [1−ρ])²U + ρ²(w² tr C₀/n_r + (1−w)²λS/n_s), f = 1 − w',
    );
  }
  return plainRecursion(setting);
};

/** With what its letters mean; S and U are the two expected values. */
const plainRecursion = ({ spec }: Setting): Formulas =>
  summed(
    'S′ = b(T − U′) + dε, T = (1−f) tr C₀ + f(U + λS), S = E tr Σ, U = E‖μ − μ₀‖², f synthetic ' +
      'share, b = 1 or n/(n−1) where unbiased',
    spec.batch.realDraw === 'bernoulli'
      ? 'U′ = f²U + (T − f²U)/n'
      : 'U′ = f²U + ((1−f) tr C₀ + fλS)/n',
  );

function formulas(setting: Setting): Formulas {
  const { spec, bessel, bias, synthetic } = setting;
  const floor = spec.fit.covarianceFloor > 0;
  if (synthetic < 1 || setting.strength > 0 || (floor && bias !== 1)) return recursion(setting);
  if (floor) {
    const spread = bessel === 1 ? 'tr C₀ q^t + dnε(1 − q^t), q = 1 − 1/n' : 'tr C₀ + tdε';
    const shift = bessel === 1 ? 'tr C₀ + tdε − S_t' : '[t tr C₀ + ½t(t−1)dε]/n';
    return summed(spread, shift);
  }
  if (bias !== 1) {
    const [q, sum] = bessel === 1 ? [' (1−1/n)^t', 'λ^k (1−1/n)^k'] : ['', 'λ^k'];
    return scaled(`λ^(t−1)${q}`, `tr C₀/n [1 + Σ ${sum}], k = 1 … t−1`);
  }
  return bessel === 1 ? scaled('(1−1/n)^t', 'tr C₀ [1 − (1−1/n)^t]') : scaled('1', 't tr C₀ / n');
}

export function traceOf(covariance: readonly number[], dim: number): number {
  let sum = 0;
  for (let a = 0; a < dim; a++) sum += covariance[packedIndex(a, a)]!;
  return sum;
}
