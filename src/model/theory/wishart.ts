/**
 * Second moments of a Gaussian fitted to its own samples: Σ′ | Σ ~ b/n · Wishart(n−1, Σ) and
 * μ′ | μ, Σ ~ N(μ, Σ/n). With V the covariance of μ_t given the path, the six expectations below
 * close under one generation (Wishart moments: Muirhead 1982 §3.3), which gives the exact variance
 * over lineages of tr Σ_t and of ‖μ_t − μ₀‖².
 */
import { packedIndex } from '../mixture.ts';
import { sequence, type Setting } from './law.ts';

interface SecondOrder {
  /** E (tr Σ)², E tr Σ². */
  readonly spread: number;
  readonly square: number;
  /** E tr V tr Σ, E tr VΣ. */
  readonly cross: number;
  readonly product: number;
  /** E (tr V)², E tr V². */
  readonly walk: number;
  readonly walkSquare: number;
}

/** Null where the recursion does not close or the setting is not a pure Gaussian chain. */
export function secondOrder(setting: Setting): ((generation: number) => SecondOrder) | null {
  const { n, dim, bessel, bias, truth, pure } = setting;
  const kind = setting.form;
  // A diagonal fit of correlated axes keeps their correlation in the mean's walk alone.
  if (!pure || (kind === 'diagonal' && !isDiagonal(truth.covariance, dim))) return null;
  const m = n - 1;
  const c = bessel / n;
  const squareStep = {
    full: (a: number, b: number) => c * c * (m * (m + 1) * b + m * a),
    diagonal: (_: number, b: number) => c * c * m * (m + 2) * b,
    // Σ′ = (tr Σ′/d) I.
    spherical: (a: number, b: number) => (c * c * (m * m * a + 2 * m * b)) / dim,
  }[kind];
  return sequence(start(truth.covariance, dim), (previous, t) => {
    const { walk, walkSquare } = previous;
    // Samples are of λΣ, but for the first.
    const l = t === 1 ? 1 : bias;
    const [a, b] = [l * l * previous.spread, l * l * previous.square];
    const [cross, product] = [l * previous.cross, l * previous.product];
    const nextCross = c * m * (cross + a / n);
    return {
      spread: c * c * (m * m * a + 2 * m * b),
      square: squareStep(a, b),
      cross: nextCross,
      product: kind === 'spherical' ? nextCross / dim : c * m * (product + b / n),
      walk: walk + (2 * cross) / n + a / (n * n),
      walkSquare: walkSquare + (2 * product) / n + b / (n * n),
    };
  });
}

function start(covariance: readonly number[], dim: number): SecondOrder {
  let trace = 0;
  let square = 0;
  for (let a = 0; a < dim; a++) {
    trace += covariance[packedIndex(a, a)]!;
    for (let b = 0; b <= a; b++) {
      square += (a === b ? 1 : 2) * covariance[packedIndex(a, b)]! ** 2;
    }
  }
  return { spread: trace ** 2, square, cross: 0, product: 0, walk: 0, walkSquare: 0 };
}

export function isDiagonal(covariance: readonly number[], dim: number): boolean {
  for (let a = 0; a < dim; a++) {
    for (let b = 0; b < a; b++) if (covariance[packedIndex(a, b)] !== 0) return false;
  }
  return true;
}

export function isIsotropic(covariance: readonly number[], dim: number): boolean {
  if (!isDiagonal(covariance, dim)) return false;
  for (let a = 1; a < dim; a++) if (covariance[packedIndex(a, a)] !== covariance[0]) return false;
  return true;
}
