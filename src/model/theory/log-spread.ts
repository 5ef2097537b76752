/**
 * How lineages of one Gaussian fitted to its own samples scatter in ln det Σ_t, at d = 1 ln v_t: a sum
 * of independent ln χ²_{n−i}, i = 1 … d, in each of t generations, whose cumulants of order two and
 * four are ψ₁(m/2) and ψ₃(m/2) at m degrees of freedom.
 */
import { pentagamma, trigamma } from './polygamma.ts';

export interface LogSpread {
  readonly variance: number;
  /** Variance over lineages of the squared distance from the mean: κ₄ + 2κ₂². */
  readonly squaresVariance: number;
}

/** Full covariances of n > d points. */
export function logDetSpread(n: number, dim: number, t: number): LogSpread {
  let [variance, fourth] = [0, 0];
  for (let i = 1; i <= dim; i++) {
    variance += t * trigamma((n - i) / 2);
    fourth += t * pentagamma((n - i) / 2);
  }
  return { variance, squaresVariance: fourth + 2 * variance ** 2 };
}
