/**
 * Digamma and trigamma for x > 0: recurrence up to x ≥ 10, then the asymptotic series (Abramowitz &
 * Stegun 6.3.5, 6.3.18 and 6.4.6, 6.4.12). The first term left out is under 1e-15 there.
 */
const ASYMPTOTIC_FROM = 10;

/** ψ(x) = d ln Γ(x) / dx. */
export function digamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < ASYMPTOTIC_FROM; y++) shift -= 1 / y;
  const s = 1 / (y * y);
  const tail = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132)))));
  return shift + Math.log(y) - 0.5 / y - tail + s ** 6 * (691 / 32760);
}

/** ψ₁(x) = ψ′(x). */
export function trigamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < ASYMPTOTIC_FROM; y++) shift += 1 / (y * y);
  const s = 1 / (y * y);
  const tail = s * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * (5 / 66)))));
  return shift + (1 + 0.5 / y + tail) / y;
}
