/**
 * Means of wassersteinSquared and frechetDistance for one Gaussian at d = 1, in units of σ₀: both are
 * δ² + (s − 1)² with δ = μ − μ₀, and one generation maps (δ, s) to (δ + sz/√n, gs), g² = b χ²_{n−1}/n,
 * so that every moment of δ² and s up to the fourth order closes (Shumailov et al. 2024, theorem 3.1).
 */
import { logNormalWindow, meanError, sequence, type Law, type Setting } from './law.ts';
import { lnGammaRatio } from './polygamma.ts';

interface Moments {
  /** E s, E s², E s³, E s⁴. */
  readonly widths: readonly [number, number, number, number];
  /** E δ², E δ²s, E δ²s². */
  readonly shifts: readonly [number, number, number];
  /** E δ⁴. */
  readonly fourth: number;
}

const START: Moments = { widths: [1, 1, 1, 1], shifts: [0, 0, 0], fourth: 0 };

/** The sampler's bias widens what is sampled by √λ, from generation 2 on. */
function chain({ n, bessel, bias }: Setting): (generation: number) => Moments {
  const m = n - 1;
  // E g^j of g² = b χ²_m / n.
  const power = (j: number) =>
    Math.exp((j / 2) * Math.log((2 * bessel) / n) + lnGammaRatio(m / 2, j / 2));
  const [g1, g2, g3, g4] = [power(1), power(2), power(3), power(4)];
  return sequence(START, ({ widths, shifts, fourth }, t) => {
    const wide = t === 1 ? 1 : Math.sqrt(bias);
    const [s1, s2, s3, s4] = widths.map((s, i) => s * wide ** (i + 1)) as [...Moments['widths']];
    const [d0, d1, d2] = shifts.map((d, i) => d * wide ** i) as [...Moments['shifts']];
    return {
      widths: [g1 * s1, g2 * s2, g3 * s3, g4 * s4],
      shifts: [d0 + s2 / n, g1 * (d1 + s3 / n), g2 * (d2 + s4 / n)],
      fourth: fourth + (6 * d2) / n + (3 * s4) / n ** 2,
    };
  });
}

const meanOf = ({ widths: [s1, s2], shifts: [d0] }: Moments): number => d0 + s2 - 2 * s1 + 1;

/** E (δ² + (s − 1)²)². */
function squareOf({ widths: [s1, s2, s3, s4], shifts: [d0, d1, d2], fourth }: Moments): number {
  return fourth + 2 * (d2 - 2 * d1 + d0) + s4 - 4 * s3 + 6 * s2 - 4 * s1 + 1;
}

export function wassersteinLaws(setting: Setting): Law[] {
  const { n, dim, bessel, bias, truth, pure } = setting;
  if (!pure || dim !== 1 || n < 2) return [];
  const moments = chain(setting);
  const unit = truth.covariance[0]!;
  const factor = bessel === 1 ? 'α√((n−1)/n)' : 'α';
  const mean = bessel === 1 ? '1' : 't/n + 1';
  const formula =
    bias === 1
      ? `σ₀² [${mean} + 1 − 2(${factor})^t], α = √(2/(n−1)) Γ(n/2)/Γ((n−1)/2)`
      : 'E(μ_t − μ₀)² + E v_t + σ₀² − 2σ₀ E√v_t, by the recursion of each';
  const law = (statistic: Law['statistic']): Law => ({
    statistic,
    kind: 'mean',
    name: 'mean squared distance',
    formula,
    source: 'Moments of χ²; Shumailov et al. 2024, theorem 3.1',
    at: (t) => unit * meanOf(moments(t)),
    standardError: (t, replicates) => {
      const at = moments(t);
      return meanError(unit ** 2 * Math.max(0, squareOf(at) - meanOf(at) ** 2), replicates);
    },
    testableUntil: (replicates) => logNormalWindow(n, replicates),
  });
  return [law('wassersteinSquared'), law('frechetDistance')];
}
