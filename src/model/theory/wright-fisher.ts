/**
 * Counts of points in well separated modes: given a batch of n, the next has a multinomial number from
 * each (Wright 1931, Fisher 1930), so that a mode that has lost its points never has any again. The
 * count of one mode is a chain of its own, whatever the others do.
 */
import { sequence } from './law.ts';

/** P(k successes of n) for k = 0 … n, from the likeliest outwards so that nothing underflows early. */
function binomial(n: number, p: number): Float64Array {
  const terms = new Float64Array(n + 1);
  if (p <= 0 || p >= 1) {
    terms[p <= 0 ? 0 : n] = 1;
    return terms;
  }
  const peak = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  terms[peak] = 1;
  for (let k = peak + 1; k <= n; k++) terms[k] = (terms[k - 1]! * (n - k + 1) * odds) / k;
  for (let k = peak - 1; k >= 0; k--) terms[k] = (terms[k + 1]! * (k + 1)) / ((n - k) * odds);
  const sum = terms.reduce((total, term) => total + term, 0);
  return terms.map((term) => term / sum);
}

/** How the points of one mode are drawn. */
export interface ModeChain {
  /** Its weight in the truth, from which all points of generation 1 are. */
  readonly share: number;
  readonly n: number;
  /** The chance of each later point to be of it, of its share of the last batch; that share itself. */
  readonly next?: (share: number) => number;
}

/**
 * [k] at a generation, from 1: the probability that a mode has k of n points. Takes n² products a
 * generation.
 */
export function countLaws({ share, n, next = (x) => x }: ModeChain): (t: number) => Float64Array {
  let rows: Float64Array[] | null = null;
  return sequence<Float64Array>(new Float64Array(), (law, t) => {
    if (t === 1) return binomial(n, share);
    rows ??= Array.from({ length: n + 1 }, (_, count) => binomial(n, next(count / n)));
    const after = new Float64Array(n + 1);
    law.forEach((p, count) => rows![count]!.forEach((q, k) => (after[k]! += p * q)));
    return after;
  });
}

/** Mean and variance over lineages of a function of a mode's share. */
export function shareMoments(law: Float64Array, f: (share: number) => number) {
  const n = law.length - 1;
  const mean = law.reduce((sum, p, k) => sum + p * f(k / n), 0);
  const variance = law.reduce((sum, p, k) => sum + p * (f(k / n) - mean) ** 2, 0);
  return { mean, variance };
}

/** Drawn with probability ∝ π^β: the log-odds of two modes, times β. */
export const sharpened =
  (power: number) =>
  (share: number): number =>
    share <= 0 || share >= 1 ? share : 1 / (1 + ((1 - share) / share) ** power);

/** Each point is with probability `real` of the truth, where the mode has weight `home`. */
export const replenished =
  (real: number, home: number) =>
  (share: number): number =>
    real * home + (1 - real) * share;

/** The probability that a mode of weight `share` still has points after t ≥ 1 batches of n. */
export function modeSurvival(share: number, n: number): (t: number) => number {
  const laws = countLaws({ share, n });
  return (t) => (t === 0 ? 1 : 1 - laws(t)[0]!);
}

/** The probability that a mode of weight `share` has all points at t ≥ 1; its weight, at the end. */
export function modeFixation(share: number, n: number): (t: number) => number {
  const laws = countLaws({ share, n });
  return (t) => (t === 0 ? 0 : laws(t)[n]!);
}

/**
 * The probability that more than one of `modes` equal modes is left: who has all points is a matter of
 * his own count, and no two modes can.
 */
export function modesLeft(modes: number, n: number): (t: number) => number {
  const fixed = modeFixation(1 / modes, n);
  return (t) => 1 - modes * fixed(t);
}

/** Mean and variance of min(T, last), of P(T > t) for t = 0 … last − 1. */
export function restrictedTime(alive: (t: number) => number, last: number) {
  let [mean, square] = [0, 0];
  for (let t = 0; t < last; t++) {
    mean += alive(t);
    square += (2 * t + 1) * alive(t);
  }
  return { mean, variance: square - mean ** 2 };
}

/**
 * The limit of `modeSurvival` at a fixed expected number of points c = n · share: points have a Poisson
 * number of copies, so that 1 − e^{−c g_t} of modes are left, g_1 = 1, g_{t+1} = 1 − e^{−g_t}. A
 * binomial number differs from a Poisson one with probability at most its p (Le Cam 1960), here c/n in
 * the mean, so that after t batches it is off by t c/n at most.
 */
export function poissonSurvival(count: number): (t: number) => number {
  const g = sequence(0, (last, t) => (t === 1 ? 1 : 1 - Math.exp(-last)));
  return (t) => (t === 0 ? 1 : 1 - Math.exp(-count * g(t)));
}

/**
 * The heterozygosity H = 1 − Σπ² of any number of modes: mean (1 − Σω²)(1 − 1/n)^t, and variance by
 * the factorial moments of the multinomial law. Of p₂ = Σπ², p₃ = Σπ³ and p₂²,
 *
 *   E p₂′ = p₂ + (1 − p₂)/n,   E p₃′ = [n₃ p₃ + 3 n₂ p₂ + n]/n³
 *   E p₂′² = [n₄ p₂² + n₃(2p₂ + 4p₃) + n₂(1 + 6p₂) + n]/n⁴,   n_k = n(n−1)…(n−k+1).
 */
export function heterozygosity(weights: readonly number[], n: number) {
  const [n2, n3] = [n * (n - 1), n * (n - 1) * (n - 2)];
  const n4 = n3 * (n - 3);
  const power = (k: number) => weights.reduce((sum, w) => sum + w ** k, 0);
  const start = { second: power(2), third: power(3), square: power(2) ** 2 };
  const at = sequence(start, ({ second, third, square }) => ({
    second: second + (1 - second) / n,
    third: (n3 * third + 3 * n2 * second + n) / n ** 3,
    square: (n4 * square + n3 * (2 * second + 4 * third) + n2 * (1 + 6 * second) + n) / n ** 4,
  }));
  return (t: number) => {
    const { second, square } = at(t);
    return { mean: 1 - second, variance: Math.max(0, square - second ** 2) };
  };
}
