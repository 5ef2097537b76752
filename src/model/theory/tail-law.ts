/**
 * Tail weights on a line: n points of N(μ, λv) that weigh w = q^{−γ} ∝ e^{γ(x−μ)²/2v} have a mean and a
 * variance that are μ and √v times what they come to at μ = 0, v = 1. So E v_t is multiplied by
 *
 *   ρ = E[A/W − (B/W)²],   W = Σ w, B = Σ w x, A = Σ w x²
 *
 * a generation, E v_t² by κ = E[(A/W − (B/W)²)²], and the mean moves by a variance of τ E v_{t−1},
 * τ = E (B/W)². Ratios of sums are exact by W^{−k} = ∫ s^{k−1} e^{−sW} ds / Γ(k): under the integral
 * points are independent, and with I_ab(s) = E[w^a x^b e^{−sw}], φ = I_00,
 *
 *   E A/W      = ∫ n I₁₂ φ^{n−1}                                        E (B/W)² = ∫ s n I₂₂ φ^{n−1}
 *   E (A/W)²   = ∫ s [n I₂₄ φ^{n−1} + n(n−1) I₁₂² φ^{n−2}]
 *   E AB²/W³   = ∫ s²/2 [n I₃₄ φ^{n−1} + n(n−1) I₁₂ I₂₂ φ^{n−2}]
 *   E (B/W)⁴   = ∫ s³/6 [n I₄₄ φ^{n−1} + 3n(n−1) I₂₂² φ^{n−2}]
 *
 * where odd moments are 0. Both integrals are trapezoids over functions that fall off as exponentials
 * of exponentials or of squares, which makes them right to 10⁻¹². Of infinitely many points
 * ρ = λ/(1 − λγ), where λγ < 1.
 */
import { logNormalWindow, meanError, sequence, type Law, type Setting } from './law.ts';

export interface TailStep {
  readonly variance: number;
  readonly square: number;
  readonly shift: number;
}

/** Standard deviations of x, and a step of theirs. */
const REACH = 12;
const STEP = 0.05;
/** ln s from here on, its step, and the nats at which nothing is left. */
const LEAST_LOG = -40;
const LOG_STEP = 0.1;
const NATS = 700;

/** ρ, κ and τ of n ≥ 2 points. */
export function tailStep(n: number, bias: number, power: number): TailStep {
  const nodes = nodesOf(bias, power);
  let [mean, shift, square, cross, fourth] = [0, 0, 0, 0, 0];
  const pairs = n * (n - 1);
  for (let y = LEAST_LOG; Math.exp(y) * (n - 1) < NATS; y += LOG_STEP) {
    const s = Math.exp(y);
    const [phi, i12, i22, i24, i34, i44] = integrals(nodes, s);
    const all = s * LOG_STEP * phi ** (n - 1);
    const others = s * LOG_STEP * phi ** (n - 2) * pairs;
    mean += all * n * i12;
    shift += s * all * n * i22;
    square += s * (all * n * i24 + others * i12 * i12);
    cross += 0.5 * s * s * (all * n * i34 + others * i12 * i22);
    fourth += (s ** 3 / 6) * (all * n * i44 + 3 * others * i22 * i22);
  }
  return { variance: mean - shift, square: square - 2 * cross + fourth, shift };
}

/** Normal masses, weights w and squares x² of the trapezoid on one side of 0. */
function nodesOf(bias: number, power: number) {
  return Array.from({ length: REACH / STEP + 1 }, (_, i) => {
    const z = i * STEP;
    const square = bias * z * z;
    const density = (STEP * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
    return { mass: (i === 0 ? 1 : 2) * density, square, weight: Math.exp(0.5 * power * square) };
  });
}

type Integrals = readonly [
  phi: number,
  i12: number,
  i22: number,
  i24: number,
  i34: number,
  i44: number,
];

function integrals(nodes: ReturnType<typeof nodesOf>, s: number): Integrals {
  let [phi, i12, i22, i24, i34, i44] = [0, 0, 0, 0, 0, 0];
  for (const { mass, square, weight } of nodes) {
    // Beyond, weights grow and what is left of them only falls.
    if (s * weight > NATS) break;
    const left = mass * Math.exp(-s * weight);
    const [one, two] = [left * weight * square, left * weight * weight * square];
    phi += left;
    i12 += one;
    i22 += two;
    i24 += two * square;
    i34 += two * weight * square;
    i44 += two * weight * weight * square;
  }
  return [phi, i12, i22, i24, i34, i44];
}

/** Where one component on a line is fitted to its own samples alone, by tail weights. */
export function tailLaws(setting: Setting): Law[] {
  const { n, dim, bias, truth, synthetic, strength, spec } = setting;
  const { fit } = spec;
  const others = synthetic < 1 || strength > 0 || fit.covarianceFloor > 0 || fit.components > 1;
  if (others || dim > 1 || n < 2) return [];
  const step = memo(() => tailStep(n, bias, fit.tailWeight));
  const unit = truth.covariance[0]!;
  const gaussian = truth.rows === null && truth.mixture.weights.length === 1;
  const moments = sequence({ spread: 1, square: 1, shift: 0 }, (last, t) => {
    if (t === 1) return { spread: 1 - 1 / n, square: 1 - 1 / n ** 2, shift: 1 / n };
    const { variance, square, shift } = step();
    return {
      spread: variance * last.spread,
      square: square * last.square,
      shift: last.shift + shift * last.spread,
    };
  });
  // How many plain points would scatter the logarithm as much: 2/n a generation.
  const window = (replicates: number) =>
    logNormalWindow(2 / (step().square / step().variance ** 2 - 1), replicates);
  const shared = {
    kind: 'mean',
    source: 'Ratios of weighted sums by their Laplace transform',
    testableUntil: window,
  } as const;
  const law = (statistic: Law['statistic'], scale: number, formula: string): Law => ({
    ...shared,
    statistic,
    name: 'mean of the variance under tail weights',
    formula,
    at: (t) => scale * moments(t).spread,
    standardError: (t, replicates) => {
      const { spread, square } = moments(t);
      return gaussian ? meanError(scale ** 2 * (square - spread ** 2), replicates) : null;
    },
  });
  const kept = '(1 − 1/n) ρ^(t−1), ρ = E[Σwx²/Σw − (Σwx/Σw)²]';
  return [
    law('totalVariance', unit, `σ₀² ${kept}`),
    law('varianceRatio', 1, kept),
    {
      ...shared,
      statistic: 'meanShiftSquared',
      name: 'random walk of the mean under tail weights',
      formula: 'σ₀²/n + τ Σ E v_k, k = 1 … t−1, τ = E (Σwx/Σw)²',
      at: (t) => unit * moments(t).shift,
      standardError: () => null,
    },
  ];
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
