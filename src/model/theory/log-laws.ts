/**
 * Means of logVarianceRatio, logDetRatio and entropy of a Gaussian fitted to its own samples. Each
 * generation multiplies a variance by b χ²_m/n, and det Σ by Π_i b χ²_{n−i}/n (Bartlett's
 * decomposition, Muirhead 1982 §3.2), so logarithms are sums of independent ln χ², whose mean is
 * ψ(m/2) + ln 2 and whose variance is ψ₁(m/2); a biased sampler adds ln λ a variance. Near normal at every t.
 */
import { packedIndex } from '../mixture.ts';
import { meanError, type Law, type Setting } from './law.ts';
import type { LogChiSquares } from './log-chi-square.ts';
import { digamma, trigamma } from './polygamma.ts';
import { isDiagonal, isIsotropic } from './wishart.ts';

/** What a logarithm changes by in one generation: factor · (shift + Σ ln χ²). */
export interface Increment extends LogChiSquares {
  readonly factor: number;
  readonly mean: number;
  readonly variance: number;
}

/** ln(b χ²_m / n). */
export const logFactor = (m: number, n: number, bessel: number): Increment => ({
  factor: 1,
  shift: Math.log(bessel / n),
  terms: [{ degrees: m, times: 1 }],
  mean: digamma(m / 2) + Math.log((2 * bessel) / n),
  variance: trigamma(m / 2),
});

const scaled = (by: number, { factor, mean, variance, ...sum }: Increment): Increment => ({
  ...sum,
  factor: by * factor,
  mean: by * mean,
  variance: by * by * variance,
});

/** Of parts that are not scaled. */
const sum = (parts: readonly Increment[]): Increment => ({
  factor: 1,
  shift: parts.reduce((total, { shift }) => total + shift, 0),
  terms: parts.flatMap(({ terms }) => terms),
  mean: parts.reduce((total, { mean }) => total + mean, 0),
  variance: parts.reduce((total, { variance }) => total + variance, 0),
});

/** Of ln tr Σ_t where that is one χ² a generation. */
export function traceIncrement({ n, dim, form, bessel, truth }: Setting): Increment | null {
  const single = dim === 1 || (form === 'spherical' && isIsotropic(truth.covariance, dim));
  return single ? logFactor(dim * (n - 1), dim * n, bessel) : null;
}

/** Of ln det Σ_t. */
export function detIncrement(setting: Setting): Increment | null {
  const { n, dim, form, bessel, truth } = setting;
  const kind = form;
  if (kind === 'full') {
    if (n <= dim) return null;
    return sum(Array.from({ length: dim }, (_, i) => logFactor(n - 1 - i, n, bessel)));
  }
  if (kind === 'spherical') {
    const trace = traceIncrement(setting);
    return trace && scaled(dim, trace);
  }
  if (!isDiagonal(truth.covariance, dim)) return null;
  return sum(new Array<Increment>(dim).fill(logFactor(n - 1, n, bessel)));
}

export function logLaws(setting: Setting): Law[] {
  if (!setting.pure || setting.n < 2) return [];
  const laws: Law[] = [];
  // Of the sampler's bias, at every generation but the first.
  const narrowing = Math.log(setting.bias);
  const add = (
    increment: Increment,
    powers: number,
    start: number,
    text: Pick<Law, 'statistic' | 'name' | 'formula'>,
  ) =>
    laws.push({
      ...text,
      kind: 'mean',
      source: "Products of χ² (Bartlett's decomposition)",
      at: (t) => start + t * increment.mean + Math.max(0, t - 1) * powers * narrowing,
      standardError: (t, replicates) => meanError(t * increment.variance, replicates),
      testableUntil: () => Infinity,
    });
  // What a sum of squares is divided by.
  const count = setting.bessel === 1 ? 'n' : '(n−1)';
  const biased = (factor: string) => (setting.bias === 1 ? '' : ` + (t−1) ${factor}ln λ`);
  const trace = traceIncrement(setting);
  if (trace) {
    add(trace, 1, 0, {
      statistic: 'logVarianceRatio',
      name: 'mean log variance',
      formula: `t[ψ(d(n−1)/2) + ln(2/(d${count}))]${biased('')}`,
    });
  }
  const det = detIncrement(setting);
  if (det) {
    const detFormula = {
      full: `t Σᵢ [ψ((n−i)/2) + ln(2/${count})], i = 1 … d`,
      diagonal: `t d [ψ((n−1)/2) + ln(2/${count})]`,
      spherical: `t d [ψ(d(n−1)/2) + ln(2/(d${count}))]`,
    }[setting.form];
    add(det, setting.dim, 0, {
      statistic: 'logDetRatio',
      name: 'mean log determinant',
      formula: `${detFormula}${biased('d ')}`,
    });
    add(scaled(0.5, det), setting.dim / 2, gaussianEntropy(setting), {
      statistic: 'entropy',
      name: 'mean entropy',
      formula: `h(p₀) + ½ ${detFormula}${biased('(d/2) ')}`,
    });
  }
  return laws;
}

/** h of the Gaussian truth: d/2 ln(2πe) + ½ ln det C₀, by elimination. */
export function gaussianEntropy({ truth, dim }: Setting): number {
  const rest = [...truth.covariance];
  let entropy = (dim / 2) * Math.log(2 * Math.PI * Math.E);
  for (let p = 0; p < dim; p++) {
    const pivot = rest[packedIndex(p, p)]!;
    entropy += 0.5 * Math.log(pivot);
    for (let a = p + 1; a < dim; a++) {
      for (let b = p + 1; b <= a; b++) {
        rest[packedIndex(a, b)]! -= (rest[packedIndex(a, p)]! * rest[packedIndex(b, p)]!) / pivot;
      }
    }
  }
  return entropy;
}
