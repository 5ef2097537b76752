/** Tests of fit with their critical values, for draws with fixed seeds. */
import { erfc } from '../../src/model/statistics/erfc.ts';

/** One in a thousand correct generators fails, so one in a thousand choices of the seed. */
export const ALPHA = 1e-3;

/** 1 − ALPHA quantiles: chi2.ppf(0.999, k), SciPy 1.17.1. */
export const CHI_SQUARE_CRITICAL = { 63: 103.442, 255: 330.52 } as const;

/** 1 − ALPHA quantile of A² for a known law (Marsaglia & Marsaglia 2004, adinf inverted). */
export const ANDERSON_DARLING_CRITICAL = 5.967;

export const normalCdf = (z: number): number => 0.5 * erfc(-z * Math.SQRT1_2);

/** χ² of counts that should all be equal. */
export function chiSquare(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const expected = all.reduce((a, b) => a + b, 0) / all.length;
  return all.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** A² of Anderson and Darling, sensitive in the tails; `uniforms` ascending, in (0, 1). */
export function andersonDarling(uniforms: Float64Array): number {
  const n = uniforms.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const product = uniforms[i]! * (1 - uniforms[n - 1 - i]!);
    sum += (2 * i + 1) * Math.log(product);
  }
  return -n - sum / n;
}

/** χ² over 64 equally likely bins, and A², of values that should be standard normal. */
export function normalFit(values: Float64Array): { chiSquare: number; andersonDarling: number } {
  const uniforms = values.map(normalCdf).sort();
  const counts = new Uint32Array(64);
  for (const u of uniforms) counts[Math.floor(64 * u)]! += 1;
  return { chiSquare: chiSquare(counts), andersonDarling: andersonDarling(uniforms) };
}

/**
 * P(χ²_degrees ≤ x): the recurrence in steps of two degrees, from the exponential or the normal
 * (Abramowitz & Stegun 26.4.4, 26.4.5), summed from its smallest term.
 */
export function chiSquaredCdf(x: number, degrees: number): number {
  const half = x / 2;
  const odd = degrees % 2 === 1;
  const terms: number[] = [];
  // ln of half^a e^-half / Γ(a + 1), a = ½ or 0, then up by 1.
  let a = odd ? 0.5 : 0;
  let logTerm = odd ? 0.5 * Math.log(half) - Math.log(Math.sqrt(Math.PI) / 2) - half : -half;
  while (2 * a < degrees) {
    if (2 * a <= degrees - 2) terms.push(Math.exp(logTerm));
    a += 1;
    logTerm += Math.log(half / a);
  }
  const sum = terms.reverse().reduce((total, term) => total + term, 0);
  return 1 - ((odd ? erfc(Math.sqrt(half)) : 0) + sum);
}

/** Largest difference of the distribution functions of two samples (Smirnov). */
export function twoSampleDistance(a: Float64Array, b: Float64Array): number {
  const [x, y] = [a.slice().sort(), b.slice().sort()];
  let [i, j, distance] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= value) i++;
    while (j < y.length && y[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return distance;
}

/**
 * What the distance exceeds with probability at most `alpha` where both are samples of one law, by
 * Smirnov's (1948) limit, which finite samples and ties stay under.
 */
export const twoSampleLimit = (alpha: number, countA: number, countB: number): number =>
  Math.sqrt((-Math.log(alpha / 2) / 2) * (1 / countA + 1 / countB));
