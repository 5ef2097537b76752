/**
 * EM as Bishop (2006, §9.2.2) writes it, on plain arrays with full matrices, inverses by cofactors
 * and moments about the new mean: slow, for d ≤ 4, and nothing in common with the code under test.
 */
import type { Covariance } from '../../src/model/gmm/em.ts';

export type Matrix = readonly (readonly number[])[];

export interface TextbookMixture {
  readonly weights: readonly number[];
  readonly means: Matrix;
  readonly covariances: readonly Matrix[];
}

export interface TextbookRules {
  readonly covariance: Covariance;
  readonly floor: number;
  readonly bessel: number;
  /** What each point weighs, as many together as there are; absent: 1. */
  readonly weights?: readonly number[];
  /** Posterior modes of Fraley & Raftery 2007 instead of maxima: gmm/prior.ts has the priors. */
  readonly prior?: { readonly strength: number; readonly centre: TextbookMixture };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const minor = (m: Matrix, i: number, j: number): Matrix =>
  m.filter((_, a) => a !== i).map((row) => row.filter((_, b) => b !== j));

export const determinant = (m: Matrix): number =>
  m.length === 0
    ? 1
    : sum(m[0]!.map((x, j) => (j % 2 === 0 ? x : -x) * determinant(minor(m, 0, j))));

export const inverse = (m: Matrix): number[][] =>
  m.map((_, i) =>
    m.map((__, j) => ((i + j) % 2 === 0 ? 1 : -1) * (determinant(minor(m, j, i)) / determinant(m))),
  );

/** ln of weight · density, less (d/2) ln 2π. */
function logJoint(mixture: TextbookMixture, k: number, x: readonly number[]): number {
  const covariance = mixture.covariances[k]!;
  const delta = x.map((value, a) => value - mixture.means[k]![a]!);
  const square = sum(
    inverse(covariance).map((row, a) => delta[a]! * sum(row.map((p, b) => p * delta[b]!))),
  );
  return Math.log(mixture.weights[k]!) - 0.5 * Math.log(determinant(covariance)) - 0.5 * square;
}

/** Posterior probabilities by log-sum-exp; a component of weight 0 has none. */
export function textbookShares(mixture: TextbookMixture, x: readonly number[]): number[] {
  const logs = mixture.weights.map((weight, k) => (weight > 0 ? logJoint(mixture, k, x) : -1e300));
  const top = Math.max(...logs);
  const total = top + Math.log(sum(logs.map((log) => Math.exp(log - top))));
  return logs.map((log) => Math.exp(log - total));
}

const constrain = (m: Matrix, kind: Covariance): Matrix =>
  m.map((row, a) =>
    row.map((x, b) => {
      if (a !== b) return kind === 'full' || kind === 'tied' ? x : 0;
      return kind === 'spherical' ? sum(m.map((line, c) => line[c]!)) / m.length : x;
    }),
  );

/** One E- and one M-step; a component with no mass keeps weight 0 and its old mean and covariance. */
export function textbookStep(
  mixture: TextbookMixture,
  points: Matrix,
  { covariance, floor, bessel, weights: pointWeights, prior }: TextbookRules,
): TextbookMixture {
  const shares = points.map((x, i) =>
    textbookShares(mixture, x).map((share) => share * (pointWeights?.[i] ?? 1)),
  );
  const axes = points[0]!.map((_, a) => a);
  const strength = prior?.strength ?? 0;
  const parts = mixture.weights.map((_, k) => {
    const mass = sum(shares.map((r) => r[k]!));
    const held = strength * (prior?.centre.weights[k] ?? 0);
    const average = (f: (x: readonly number[]) => number) =>
      mass > 0 ? sum(points.map((x, i) => shares[i]![k]! * f(x))) / mass : 0;
    const own = axes.map((a) => average((x) => x[a]!));
    const centre = (a: number) => (held > 0 ? prior!.centre.means[k]![a]! : 0);
    const scatter = axes.map((a) =>
      axes.map((b) => {
        const within = mass * average((x) => (x[a]! - own[a]!) * (x[b]! - own[b]!));
        if (held === 0) return within;
        const between = (own[a]! - centre(a)) * (own[b]! - centre(b));
        const kept = held * prior!.centre.covariances[k]![a]![b]!;
        return within + kept + ((held * mass) / (held + mass)) * between;
      }),
    );
    const total = mass + held;
    const mean = axes.map((a) => (mass * own[a]! + held * centre(a)) / total);
    return { total, mean, scatter };
  });
  const totals = parts.map(({ total }) => total);
  const pooled = axes.map((a) =>
    axes.map((b) => sum(parts.map(({ scatter }) => scatter[a]![b]!)) / sum(totals)),
  );
  const covariances = mixture.covariances.map((old, k) => {
    const { total, scatter } = parts[k]!;
    if (!(total > 0)) return old;
    const own = covariance === 'tied' ? pooled : scatter.map((row) => row.map((x) => x / total));
    const moment = own.map((row) => row.map((x) => bessel * x));
    return constrain(moment, covariance).map((row, a) =>
      row.map((x, b) => (a === b ? x + floor : x)),
    );
  });
  return {
    weights: totals.map((total) => total / (points.length + strength)),
    means: mixture.means.map((old, k) => (totals[k]! > 0 ? parts[k]!.mean : old)),
    covariances,
  };
}

/** ln Σ_k weight · density at a point, less (d/2) ln 2π. */
export const textbookDensity = (mixture: TextbookMixture, x: readonly number[]): number =>
  Math.log(sum(mixture.weights.map((w, k) => (w > 0 ? Math.exp(logJoint(mixture, k, x)) : 0))));

/** Its mean over the points, by what they weigh. */
export const textbookLikelihood = (
  mixture: TextbookMixture,
  points: Matrix,
  weights?: readonly number[],
): number =>
  sum(points.map((x, i) => (weights?.[i] ?? 1) * textbookDensity(mixture, x))) / points.length;

export interface TextbookFitRules extends TextbookRules {
  readonly iterations: number;
  /** EM stops once the likelihood changes by less from one E-step to the next; 0: never. */
  readonly tolerance: number;
}

/** EM from a start; `converged` is whether the tolerance stopped it after `steps`. */
export function textbookFit(
  start: TextbookMixture,
  points: Matrix,
  rules: TextbookFitRules,
): { model: TextbookMixture; steps: number; converged: boolean } {
  let model = start;
  let last = NaN;
  for (let steps = 1; steps <= rules.iterations; steps++) {
    const likelihood = textbookLikelihood(model, points, rules.weights);
    model = textbookStep(model, points, rules);
    if (Math.abs(likelihood - last) < rules.tolerance) return { model, steps, converged: true };
    last = likelihood;
  }
  return { model, steps: rules.iterations, converged: false };
}

/** Full symmetric matrix of a packed lower triangle, and back. */
export function unpack(packed: readonly number[], dim: number): number[][] {
  const at = (a: number, b: number) => packed[(a * (a + 1)) / 2 + b]!;
  return Array.from({ length: dim }, (_, a) =>
    Array.from({ length: dim }, (__, b) => (b <= a ? at(a, b) : at(b, a))),
  );
}

export const pack = (m: Matrix): number[] => m.flatMap((row, a) => row.slice(0, a + 1));

/** Mean and full covariance (÷ n) of points. */
export function sampleMoments(points: Matrix): { mean: number[]; covariance: number[][] } {
  const mean = points[0]!.map((_, a) => sum(points.map((x) => x[a]!)) / points.length);
  const covariance = mean.map((_, a) =>
    mean.map(
      (__, b) => sum(points.map((x) => (x[a]! - mean[a]!) * (x[b]! - mean[b]!))) / points.length,
    ),
  );
  return { mean, covariance };
}
