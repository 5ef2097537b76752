/**
 * The model's loss on the truth. One component: closed form through the truth's moments, whatever
 * its shape; Gaussian against Gaussian as a sum of squares and of u − ln(1 + u), which keeps its
 * digits near 0. More: nodes under p₀, with ln p₀ at the same nodes so that their error cancels.
 * Twin: shaders/statistics/likelihood.wgsl.
 */
import { scaleBy } from '../math/exponent.ts';
import { ln } from '../math/ln.ts';
import { packedIndex } from '../mixture.ts';
import { LN2, SILENT, logDensity, squaredRadius, standardise, type Gaussians } from './density.ts';
import type { StatisticTables } from './tables.ts';

/** −E_p₀ ln q in truth units of a single component; −SILENT, for +∞, if it is flat. */
export function gaussianNll(g: Gaussians, tables: StatisticTables): number {
  if (g.constants[0] === SILENT) return -SILENT;
  const z = new Float64Array(g.dim);
  let sum = meanRadius(g, tables, z);
  for (let c = 0; c < g.dim; c++) {
    truthColumn(g, tables, c, z);
    for (const t of z) sum += t * t;
  }
  return 0.5 * sum - g.constants[0]!;
}

/**
 * KL(p₀‖q) between single Gaussians, ½[Σ excess(t_aa²) + Σ_{a>b} t_ab² + ‖F⁻¹(μ₀ − μ)‖²] with
 * t = F⁻¹ L: a sum of squares, exactly 0 at the truth.
 */
export function gaussianKl(g: Gaussians, tables: StatisticTables): number {
  if (g.constants[0] === SILENT) return -SILENT;
  const z = new Float64Array(g.dim);
  let sum = meanRadius(g, tables, z);
  for (let c = 0; c < g.dim; c++) {
    truthColumn(g, tables, c, z);
    z.forEach((t, a) => (sum += a === c ? excess(t) : t * t));
  }
  return 0.5 * sum;
}

/**
 * KL(q‖p) between single Gaussians, ½[Σ excess(t_aa²) + Σ_{a>b} t_ab² + ‖L⁻¹(μ − μ_p)‖²] with
 * t = L⁻¹ F, whose diagonal keeps its logarithm where it has no size: exactly 0 between equals.
 */
export function gaussianKlTo(g: Gaussians, home: Gaussians): number {
  if (g.constants[0] === SILENT || home.constants[0] === SILENT) return -SILENT;
  const { dim } = g;
  const exponent = g.exponents[0]!;
  const z = new Float64Array(dim);
  for (let a = 0; a < dim; a++) z[a] = g.means[a]! - home.means[a]!;
  let sum = squaredRadius(home, 0, z);
  for (let c = 0; c < dim; c++) {
    for (let a = 0; a < dim; a++) z[a] = a < c ? 0 : g.factors[packedIndex(a, c)]!;
    standardise(home, 0, z, z, c);
    z.forEach((t, a) => {
      sum += a === c ? scaledExcess(t, exponent) : scaleBy(t, exponent) ** 2;
    });
  }
  return 0.5 * sum;
}

/** excess(t · 2^exponent), t > 0, where that is too small for its square. */
function scaledExcess(t: number, exponent: number): number {
  const scaled = scaleBy(t, exponent);
  const u = (scaled - 1) * (scaled + 1);
  return Math.abs(u) < 0.0625 ? excess(scaled) : u - 2 * (ln(t) + exponent * LN2);
}

/** t² − 1 − ln t², t > 0, without cancelling near 1. */
export function excess(t: number): number {
  const u = (t - 1) * (t + 1);
  return u - Math.log1p(u);
}

/** ‖F⁻¹(mean of p₀ − mean)‖². */
function meanRadius(g: Gaussians, tables: StatisticTables, scratch: Float64Array): number {
  for (let a = 0; a < g.dim; a++) scratch[a] = tables.mean[a]! - g.means[a]!;
  return squaredRadius(g, 0, scratch);
}

/** z = column c of F⁻¹ L, L the factor of p₀'s covariance. */
function truthColumn(g: Gaussians, tables: StatisticTables, c: number, z: Float64Array): void {
  for (let a = 0; a < g.dim; a++) z[a] = a < c ? 0 : tables.factor[packedIndex(a, c)]!;
  standardise(g, 0, z, z, c);
}

/** −E ln q and KL over the truth's nodes, truth units. */
export function nodeLoss(g: Gaussians, tables: StatisticTables): { nll: number; kl: number } {
  const { dim, truthNodes } = tables;
  const width = dim + 2;
  let nll = 0;
  let kl = 0;
  for (let at = 0; at < truthNodes.length; at += width) {
    const weight = truthNodes[at + dim]!;
    const logQ = logDensity(g, truthNodes.subarray(at, at + dim));
    nll -= weight * logQ;
    kl += weight * (truthNodes[at + dim + 1]! - logQ);
  }
  return { nll, kl };
}
