/**
 * Where lineages come to rest, in closed form, and what long runs come to, each with how far a run of t
 * generations may still be from it. All of one Gaussian fitted by maximum likelihood where nothing else
 * is said, in units of the truth's variance; f is the synthetic share of a batch.
 */
import { sequence } from './law.ts';
import { digamma, lnGammaRatio } from './polygamma.ts';

export interface Rest {
  /** The statement, at a generation. */
  at(generation: number): number;
  /** What the exact law is off it at most. */
  apart(generation: number): number;
}

/** Of a recursion from generation 1: its distance from rest is that of its own values. */
function settling<T>(
  rest: number,
  first: T,
  step: (last: T) => T,
  value: (state: T) => number,
): Rest {
  const states = sequence(first, (last, t) => (t === 1 ? first : step(last)));
  return { at: () => rest, apart: (t) => Math.abs(value(states(t)) - rest) };
}

const own = (x: number): number => x;

/**
 * E(μ_t − μ₀)²/σ₀², 1 less the variance kept, with fresh real points: under bernoulli Wright's (1931)
 * F_ST, 1/(n − (n−1)f²), of u′ = 1/n + f²(1−1/n)u; under quota (1/n)/(1 − f² + f/n), of
 * u′ = 1/n + (f² − f/n)u. The same of the variance of a mode's weight over its binomial one.
 */
export function migrationRest(n: number, f: number, quota: boolean): Rest {
  const rate = quota ? f * f - f / n : f * f * (1 - 1 / n);
  return settling(1 / n / (1 - rate), 1 / n, (u) => 1 / n + rate * u, own);
}

/**
 * The same where synthetic points come from the last M models: bernoulli 1/(n − (n−1)f²/D), quota
 * (1/n)/(1 − (f² − f/n)/D), D = M − (M−1)f. From generation M on every product of two means is f times
 * an average of earlier ones, or less, so that M generations bring the largest of them nearer by f.
 */
export function memoryRest(n: number, f: number, memory: number, quota: boolean): Rest {
  const scale = memory - (memory - 1) * f;
  const rate = (quota ? f * f - f / n : f * f * (1 - 1 / n)) / scale;
  return {
    at: () => 1 / n / (1 - rate),
    apart: (t) => f ** Math.max(0, Math.floor((t - memory) / memory)),
  };
}

/**
 * E(μ_t − μ₀)²/σ₀² = 1/n_e of the same, n_e the points that a model with memory is worth: to leading
 * order n_e/n_r = (M+f)/(M(1−f)+f), n_r = n(1−f) (Alemohammad et al. 2023, figure 30).
 */
export function memoryLeading(n: number, f: number, memory: number, quota: boolean): Rest {
  const exact = memoryRest(n, f, memory, quota);
  const leading = (memory * (1 - f) + f) / ((memory + f) * n * (1 - f));
  return { at: () => leading, apart: (t) => Math.abs(exact.at(t) - leading) + exact.apart(t) };
}

/**
 * E v_t with the first (1−f)n real points for ever: (1−1/n_r)(1−f²)/(1 − f² + f/n), of the squared
 * distance M of the mean from the archive's, and of W = V + M:
 * M′ = f²[M + (W−M)/n_s], W′ = (1−f)(1−1/n_r) + fW, from M = 1/n_r − 1/n, V = 1 − 1/n.
 */
export function archiveRest(n: number, f: number): Rest {
  const [real, synthetic] = [n * (1 - f), n * f];
  const apart = 1 / real - 1 / n;
  return settling(
    ((1 - 1 / real) * (1 - f * f)) / (1 - f * f + f / n),
    { apart, whole: 1 - 1 / n + apart },
    ({ apart: m, whole }) => ({
      apart: f * f * (m + (whole - m) / synthetic),
      whole: (1 - f) * (1 - 1 / real) + f * whole,
    }),
    ({ apart: m, whole }) => whole - m,
  );
}

/** w* = (√(k² + 4k) − k)/2 of k = n_real/n_synthetic (He, Xu & Cheng 2025). */
export const bestWeight = (k: number): number => (Math.sqrt(k * k + 4 * k) - k) / 2;

/**
 * E‖μ_t − μ₀‖²/tr C₀ where n_r real points weigh w together and n_s others f = 1 − w:
 * [w²/n_r + f²/n_s]/[2w − w² + f²/n_s], of u′ = f²(1−1/n_s)u + w²/n_r + f²/n_s.
 */
export function weightRest(weight: number, real: number, synthetic: number): Rest {
  const f = 1 - weight;
  const drawn = weight ** 2 / real + f ** 2 / synthetic;
  const rate = f * f * (1 - 1 / synthetic);
  const first = 1 / (real + synthetic);
  return settling(drawn / (1 - rate), first, (u) => rate * u + drawn, own);
}

/**
 * The least of them to leading order, w* by n_r: what is left out is f²/n_s of the divisor, and how far
 * from rest the recursion is.
 */
export function bestWeightRest(real: number, synthetic: number): Rest {
  const weight = bestWeight(real / synthetic);
  const exact = weightRest(weight, real, synthetic);
  const f = 1 - weight;
  const leading = weight / real;
  const share = f ** 2 / synthetic / (2 * weight - weight ** 2);
  return { at: () => leading, apart: (t) => leading * share + exact.apart(t) };
}

/** The fresh data loop (Alemohammad et al. 2023, figure 10). */
export interface FreshLoop {
  readonly dim: number;
  readonly real: number;
  readonly synthetic: number;
  /** λ. */
  readonly bias: number;
}

/**
 * E‖μ_t − μ₀‖² = M and E tr Σ_t = T of unbiased fits to n_r fresh real points and n_s with bias λ:
 * M(1−f²) = (n_r d + n_s λT)/n² and T(n−1) = n_r d + n_s λT − n_r M, of
 * M′ = f²M + (n_r d + n_s λT)/n² and T′(n−1) = n_r d + n_s λT + n_s M − nM′.
 */
export function freshLoopRest({ dim, real, synthetic, bias }: FreshLoop) {
  const n = real + synthetic;
  const f = synthetic / n;
  const scatter = (trace: number) => real * dim + synthetic * bias * trace;
  const step = ([shift, trace]: readonly [number, number]): [number, number] => {
    const next = f * f * shift + scatter(trace) / n ** 2;
    return [next, (scatter(trace) + synthetic * shift - n * next) / (n - 1)];
  };
  // M = c(n_r d + n_s λT), c = 1/(n²(1−f²)), in T(n−1) = n_r d + n_s λT − n_r M.
  const c = 1 / (n * n * (1 - f * f));
  const left = 1 - real * c;
  const trace = (left * real * dim) / (n - 1 - left * synthetic * bias);
  const first: [number, number] = [dim / n, dim];
  return {
    shift: settling(c * scatter(trace), first, step, ([shift]) => shift),
    trace: settling(trace, first, step, ([, spread]) => spread),
  };
}

/** E v_T where all points are kept: σ₀² sin(π/√n)/(π/√n), the whole of Π(1 − 1/(nt²)) (Euler). */
export function accumulatedRest(n: number): Rest {
  const angle = Math.PI / Math.sqrt(n);
  const kept = sequence(1, (last, t) => last * (1 - 1 / (n * t * t)));
  const rest = Math.sin(angle) / angle;
  return { at: () => rest, apart: (t) => Math.abs(kept(t) - rest) };
}

/**
 * n E(μ_T − μ₀)²/σ₀² where all points are kept, π²/6, or a subsample of them, π²/2 − 2 (Gerstgrasser et
 * al. 2024, Dey & Donoho 2024), as n and T grow. At finite ones it is n[1 − Π(1 − 1/(nt²))] and
 * n[1 − (1−1/n) Π(1 − (3−1/n)/(nt²−t))], t ≤ T.
 */
export function wanderingRest(n: number, subsample: boolean): Rest {
  const rest = subsample ? Math.PI ** 2 / 2 - 2 : Math.PI ** 2 / 6;
  const lost = sequence(1, (last, t) => {
    if (!subsample) return last * (1 - 1 / (n * t * t));
    return last * (t === 1 ? 1 - 1 / n : 1 - (3 - 1 / n) / (n * t * t - t));
  });
  return { at: () => rest, apart: (t) => Math.abs(n * (1 - lost(t)) - rest) };
}

/**
 * E v_T of everything kept from a sampler of bias λ < 1: T^{−(1−λ)}/Γ(1+λ) for large n and T. Exactly it
 * is (1−1/n) Π (t+λ)/(t+1) [1 − λ/(n(t+1)(t+λ))], t < T; by Gautschi's (1959) inequality
 * Γ(T+λ)/Γ(T+1) lies between (T+1)^{λ−1} and T^{λ−1}, and Σ 1/((t+1)(t+λ)) = (ψ(2)−ψ(1+λ))/(1−λ).
 */
export function biasedPoolRest(n: number, bias: number): Rest {
  const at = (t: number) => t ** (bias - 1) / Math.exp(lnGammaRatio(1, bias));
  const sum = (digamma(2) - digamma(1 + bias)) / (1 - bias);
  const least = 1 - (1 + bias * sum) / n;
  return { at, apart: (t) => at(t) * (1 - (t / (t + 1)) ** (1 - bias) * least) };
}

/** Terms of a product that are multiplied out; of the rest an integral is taken. */
const TERMS = 10_000;

/**
 * E v_T of batches that grow as n t^g, g > 1, in the end: Π (1 − 1/n_t) is over 0 (Xu et al. 2025).
 * What is left out beyond T terms is Σ 1/n_t, between 0 and T^{1−g}/(n(g−1)).
 */
export function growingLimit(n: number, growth: number): Rest {
  const kept = sequence(1, (last, t) => last * (1 - 1 / Math.round(n * t ** growth)));
  const rest = kept(TERMS) * Math.exp(-(TERMS ** (1 - growth)) / (n * (growth - 1)));
  return { at: () => rest, apart: (t) => Math.abs(kept(t) - rest) };
}

/** E v_T of batches that grow as n t: T^{−1/n}/Γ(1−1/n), by the same inequality. */
export function growingRest(n: number): Rest {
  const scale = Math.exp(lnGammaRatio(1 - 1 / n, 1 / n));
  const at = (t: number) => scale * t ** (-1 / n);
  return { at, apart: (t) => at(t) * (1 - (t / (t + 1)) ** (1 / n)) };
}
