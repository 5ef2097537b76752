/**
 * The tail of Box–Muller normals by enumeration. |z| = R(w)|cos θ| passes x only where R(w) > x, that
 * is where w < 2³² e^(−x²/2), and then for the share (2/π) acos(x/R) of all angles; radius words
 * 2k and 2k + 1 have the same R. So every radius word that reaches x can be visited.
 */

/** x and P(|z| > x) = erfc(x/√2): scipy.special.erfc, SciPy 1.17.1. */
export const TAILS = [
  [4, 6.334248366623996e-5],
  [4.5, 6.795346249460121e-6],
  [5, 5.73303143758389e-7],
  [5.5, 3.797912493177552e-8],
  [6, 1.9731752900754036e-9],
] as const;

/** Odd radius words that reach x = 4 (all that reach further are among them), and some more. */
export const TAIL_WORD_COUNT = Math.ceil(2 ** 31 * Math.exp(-8)) + 64;

export const tailWord = (k: number): number => 2 * k + 1;

/**
 * The midpoint rule on a monotone integrand of total variation 1 is off by at most half a cell of
 * 2⁻³¹. A relative error ε of R² moves x by ε/2, and ln P by at most (x² + 1) ε/2 (Mills' ratio).
 */
export const tailBound = (x: number, probability: number, epsilon: number): number =>
  2 ** -32 + probability * (x * x + 1) * (epsilon / 2);

/** P(|z| > x) from the squared radii of the first TAIL_WORD_COUNT odd words. */
export function tailProbability(radiiSquared: ArrayLike<number>, x: number): number {
  let sum = 0;
  for (let k = 0; k < TAIL_WORD_COUNT; k++) {
    const square = radiiSquared[k]!;
    if (square > x * x) sum += Math.acos(x / Math.sqrt(square));
  }
  return (sum * 2 ** -31 * 2) / Math.PI;
}
