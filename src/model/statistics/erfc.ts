/**
 * Complementary error function. Series for |x| < 2.5 (Abramowitz & Stegun 7.1.6), above it the
 * continued fraction (7.1.14) by backward recurrence: relative error under 1e-12 down to
 * underflow near x = 26.5. Twin: shaders/statistics/erfc.wgsl (f32).
 */

/** Terms of each expansion that reach f64 at the crossover x = 2.5. */
const SERIES_TERMS = 60;
const FRACTION_TERMS = 60;

export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) return 1 - erfSeries(x);
  return erfcFraction(x);
}

/** erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms positive, so nothing cancels. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < SERIES_TERMS; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc x = e^(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))). */
function erfcFraction(x: number): number {
  let tail = x;
  for (let n = FRACTION_TERMS; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}

/** Φ(x), relative accuracy in the lower tail. */
export const normalCdf = (x: number): number => 0.5 * erfc(-x / Math.SQRT2);
