/**
 * ln Γ, ψ, ψ₁ and ψ₃ for x > 0: recurrence up to x ≥ 10, then the asymptotic series (Abramowitz
 * & Stegun 6.1.15, 6.1.41; 6.3.5, 6.3.18; 6.4.6, 6.4.11, 6.4.12). The first term left out is under
 * 1e-15 there, of ψ₃ under 3e-12 of it.
 */
const ASYMPTOTIC_FROM = 10;

/** ln Γ(x + a) − ln Γ(x), a ≥ 0, without the cancellation: to 1e-14 for any x. */
export function lnGammaRatio(x: number, a: number): number {
  let shift = 0;
  let y = x;
  for (; y < ASYMPTOTIC_FROM; y++) shift -= Math.log1p(a / y);
  return (
    shift + (y + a - 0.5) * Math.log1p(a / y) + a * Math.log(y) - a + tailOf(y + a) - tailOf(y)
  );
}

/** What Stirling's formula leaves out of ln Γ(x). */
function tailOf(x: number): number {
  const s = 1 / (x * x);
  const tail = 1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188))));
  return (tail - s ** 5 * (691 / 360360)) / x;
}

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

/** ψ₃(x) = ψ‴(x). */
export function pentagamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < ASYMPTOTIC_FROM; y++) shift += 6 / y ** 4;
  const s = 1 / (y * y);
  const tail = s * (2 - s * (1 - s * (4 / 3 - s * (3 - s * (10 - (s * 691) / 15)))));
  return shift + (s / y) * (2 + 3 / y + tail);
}
