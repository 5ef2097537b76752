/**
 * Entropy and tail levels of the truth. Closed form for one component. Else −E ln p₀ over many
 * fixed nodes; the tails at d = 1 from p₀'s own quantiles, above from the quantiles of ln p₀ over
 * the same nodes (a highest-density region, Hyndman 1996).
 */
import { isWide } from '../../spec/schema.ts';
import type { Gaussians } from './density.ts';
import { erfc, normalCdf } from './erfc.ts';
import { truthNodes } from './truth-nodes.ts';

/** Shares of p₀ that tailMass10, tailMass1 and tailMass01 look at. */
export const TAIL_SHARES = [0.1, 0.01, 0.001] as const;

/** Nodes over all components: entropy to 1e-9 at d = 1 and 1e-4 above. */
const FINE_NODES = { quadrature: 8192, normal: 65_536 };

export interface TruthLevels {
  /** h(p₀) in truth units. */
  readonly entropy: number;
  /** d = 1: where each share's lower tail ends. Above: ln p₀ on the region's edge. */
  readonly lower: readonly number[];
  /** d = 1: where each share's upper tail begins. Above: empty. */
  readonly upper: readonly number[];
}

export function truthLevels(truth: Gaussians): TruthLevels {
  const { dim, count } = truth;
  const fine = dim === 1 ? FINE_NODES.quadrature : FINE_NODES.normal;
  const rows = count === 1 ? null : truthNodes(truth, fine);
  const entropy = rows === null ? 0.5 * dim - truth.constants[0]! : -meanLogDensity(rows, dim);
  if (dim === 1) {
    return {
      entropy,
      lower: TAIL_SHARES.map((share) => quantile(truth, share / 2, -1)),
      upper: TAIL_SHARES.map((share) => quantile(truth, share / 2, 1)),
    };
  }
  // Tails of many dimensions have no statistic.
  if (isWide(dim)) return { entropy, lower: TAIL_SHARES.map(() => 0), upper: [] };
  const lower =
    rows === null
      ? TAIL_SHARES.map((share) => truth.constants[0]! - 0.5 * chiSquaredQuantile(share, dim))
      : logDensityQuantiles(rows, dim);
  return { entropy, lower, upper: [] };
}

function meanLogDensity(rows: Float64Array, dim: number): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at += dim + 2) sum += rows[at + dim]! * rows[at + dim + 1]!;
  return sum;
}

/** d = 1: the point beyond which, on the given side, p₀ keeps `share`; by bisection. */
function quantile(truth: Gaussians, share: number, side: -1 | 1): number {
  const { count, weights, means, factors } = truth;
  const beyond = (x: number) => {
    let mass = 0;
    for (let j = 0; j < count; j++) {
      mass += weights[j]! * normalCdf((side * (means[j]! - x)) / factors[j]!);
    }
    return mass;
  };
  let inner = edge(truth, -side);
  let outer = edge(truth, side);
  for (let step = 0; step < 200 && inner !== outer; step++) {
    const middle = (inner + outer) / 2;
    if (middle === inner || middle === outer) break;
    if (beyond(middle) > share) inner = middle;
    else outer = middle;
  }
  return outer;
}

/** Eight standard deviations beyond the outermost component on a side: Φ(−8) = 6e-16. */
const edge = ({ means, factors }: Gaussians, side: number): number =>
  side * Math.max(...means.map((m, j) => side * m + 8 * factors[j]!));

/** c with P(χ²_d > c) = share, d = 2, 3 or 4. */
export function chiSquaredQuantile(share: number, dim: number): number {
  if (dim === 2) return -2 * Math.log(share);
  // Both fall in c.
  const beyond = (c: number) =>
    dim === 3
      ? erfc(Math.sqrt(c / 2)) + Math.sqrt((2 * c) / Math.PI) * Math.exp(-c / 2)
      : (1 + c / 2) * Math.exp(-c / 2);
  let low = 0;
  let high = 100;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (beyond(middle) > share) low = middle;
    else high = middle;
  }
  return high;
}

/** Levels of ln p₀ under which the rows keep each share of their weight. */
function logDensityQuantiles(rows: Float64Array, dim: number): number[] {
  const points: { level: number; weight: number }[] = [];
  for (let at = 0; at < rows.length; at += dim + 2) {
    points.push({ level: rows[at + dim + 1]!, weight: rows[at + dim]! });
  }
  points.sort((a, b) => a.level - b.level);
  return TAIL_SHARES.map((share) => {
    let mass = 0;
    let at = 0;
    while (mass + points[at]!.weight <= share) mass += points[at++]!.weight;
    return points[at]!.level;
  });
}
