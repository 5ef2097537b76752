/**
 * Sums of independent logarithms of χ², which is what ln of a variance becomes over generations of
 * one Gaussian. Their characteristic function is a product of Γ(m/2 + iu)/Γ(m/2) 2^{iu}; it is
 * inverted by Gil-Pelaez' formula (1951) with Davies' (1973) trapezoids at half steps, whose error is
 * the mass a period away and falls below 10⁻¹³ here.
 */
import { digamma, trigamma } from './polygamma.ts';

/** shift + Σ ln χ²: `times` of each number of degrees of freedom. */
export interface LogChiSquares {
  readonly shift: number;
  readonly terms: readonly { readonly degrees: number; readonly times: number }[];
}

/** A distribution on the line. */
export interface Distribution {
  readonly mean: number;
  readonly variance: number;
  /** P(X ≤ x), to 10⁻⁹. */
  cdf(x: number): number;
  /** The derivative of that. */
  density(x: number): number;
  /** The x that has a share p of the mass below it, 10⁻¹⁰ ≤ p ≤ 1 − 10⁻¹⁰. */
  quantile(p: number): number;
}

/** e^−36 is the mass that is given up beyond either end. */
const NATS = 36;
/** Normal deviations that leave as much. */
const DEVIATIONS = 8.2;
/** ln of the least modulus of the characteristic function that is summed. */
const LEAST_LOG = -38;

export function logChiSquares({ shift, terms }: LogChiSquares): Distribution {
  let mean = shift;
  let variance = 0;
  let least = Infinity;
  for (const { degrees, times } of terms) {
    mean += times * (digamma(degrees / 2) + Math.LN2);
    variance += times * trigamma(degrees / 2);
    least = Math.min(least, degrees / 2);
  }
  // The left tail falls as e^{ax} only, a the least half of degrees.
  const reach = DEVIATIONS * Math.sqrt(variance) + NATS / least;
  const step = Math.PI / reach;
  const factors = terms.map((term) => ({ ...term, base: lnGamma(term.degrees / 2, 0)[0] }));
  const phases: number[] = [];
  const sizes: number[] = [];
  for (let k = 0.5; ; k++) {
    const [log, phase] = logCharacteristic(factors, k * step);
    if (log < LEAST_LOG) break;
    sizes.push(Math.exp(log) / (k * Math.PI));
    phases.push(phase + k * step * shift);
  }
  const cdf = (x: number): number => {
    if (x <= mean - reach) return 0;
    if (x >= mean + reach) return 1;
    let sum = 0;
    for (let i = 0; i < sizes.length; i++) {
      sum += sizes[i]! * Math.sin(phases[i]! - (i + 0.5) * step * x);
    }
    return Math.min(1, Math.max(0, 0.5 - sum));
  };
  const density = (x: number): number => {
    if (Math.abs(x - mean) >= reach) return 0;
    let sum = 0;
    for (let i = 0; i < sizes.length; i++) {
      const u = (i + 0.5) * step;
      sum += sizes[i]! * u * Math.cos(phases[i]! - u * x);
    }
    return Math.max(0, sum);
  };
  const ends = [mean - reach, mean + reach] as const;
  return { mean, variance, cdf, density, quantile: (p) => solve({ cdf, density, mean, ends, p }) };
}

/** Steps that bisection alone needs for all digits. */
const MOST_STEPS = 60;

interface Sought extends Pick<Distribution, 'cdf' | 'density' | 'mean'> {
  readonly ends: readonly [number, number];
  readonly p: number;
}

/** Newton's method from the mean, and bisection where a step would leave what is bracketed. */
function solve({ cdf, density, mean, ends, p }: Sought): number {
  let [low, high] = ends;
  const digits = (high - low) * 2 ** -46;
  let x = mean;
  for (let i = 0; i < MOST_STEPS; i++) {
    const over = cdf(x) - p;
    if (over < 0) low = x;
    else high = x;
    const newton = x - over / density(x);
    const next = newton >= low && newton <= high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= digits) return next;
    x = next;
  }
  return x;
}

/** One of the terms, with ln Γ(m/2). */
interface Factor {
  readonly degrees: number;
  readonly times: number;
  readonly base: number;
}

/** ln modulus and phase of the characteristic function of Σ ln χ². */
function logCharacteristic(factors: readonly Factor[], u: number): [number, number] {
  let log = 0;
  let phase = 0;
  for (const { degrees, times, base } of factors) {
    const [real, imaginary] = lnGamma(degrees / 2, u);
    log += times * (real - base);
    phase += times * (imaginary + u * Math.LN2);
  }
  return [log, phase];
}

const ASYMPTOTIC_FROM = 12;

/**
 * Real and imaginary part of ln Γ(x + iy), x > 0: recurrence up to x ≥ 12, then Stirling's series
 * (Abramowitz & Stegun 6.1.40), whose first term left out is under 10⁻¹⁵ there.
 */
export function lnGamma(x: number, y: number): [number, number] {
  let real = 0;
  let imaginary = 0;
  let a = x;
  for (; a < ASYMPTOTIC_FROM; a++) {
    real -= Math.log(Math.hypot(a, y));
    imaginary -= Math.atan2(y, a);
  }
  const log = Math.log(Math.hypot(a, y));
  const angle = Math.atan2(y, a);
  real += (a - 0.5) * log - y * angle - a + 0.5 * Math.log(2 * Math.PI);
  imaginary += (a - 0.5) * angle + y * log - y;
  // 1/z, and its square, by which the series goes on.
  const size = a * a + y * y;
  let [p, q] = [a / size, -y / size];
  const [sp, sq] = [p * p - q * q, 2 * p * q];
  for (const coefficient of [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360]) {
    real += coefficient * p;
    imaginary += coefficient * q;
    [p, q] = [p * sp - q * sq, p * sq + q * sp];
  }
  return [real, imaginary];
}
