/**
 * What a truncated sampler of one Gaussian leaves of its covariance: points within Mahalanobis
 * radius c have P(χ²_{d+2} ≤ c²)/P(χ²_d ≤ c²) of it, by E[χ²_d; χ²_d ≤ c²] = d P(χ²_{d+2} ≤ c²).
 */
import { normalCdf } from '../statistics/erfc.ts';

/** (x/2)^{d/2} e^{−x/2} / Γ(d/2 + 1): what P(χ²_d ≤ x) loses from d to d + 2. */
function step(x: number, degrees: number): number {
  let value = degrees % 2 === 1 ? Math.sqrt((2 * x) / Math.PI) : 1;
  for (let d = degrees % 2 === 1 ? 3 : 2; d <= degrees; d += 2) value *= x / d;
  return value * Math.exp(-x / 2);
}

/** P(χ²_d ≤ c²), d ≥ 1. */
export function insideShare(dim: number, radius: number): number {
  if (radius === Infinity) return 1;
  const x = radius * radius;
  let share = dim % 2 === 1 ? 2 * normalCdf(radius) - 1 : 1 - Math.exp(-x / 2);
  for (let d = dim % 2 === 1 ? 1 : 2; d < dim; d += 2) share -= step(x, d);
  return share;
}

/** λ of a sampler that is both biased and cut off. */
export function samplerBias(dim: number, bias: number, radius: number): number {
  if (radius === Infinity) return bias;
  return (bias * insideShare(dim + 2, radius)) / insideShare(dim, radius);
}
