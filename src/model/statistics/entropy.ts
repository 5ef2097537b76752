/**
 * Differential entropy of the model in nats: the components' own entropies in closed form, less
 * their overlap E ln(q / own term) over nodes of q. Distant components are then exact, and a
 * narrow one costs no accuracy. Twin: shaders/statistics/entropy.wgsl.
 */
import { MAX_EM_DIM } from '../../spec/parameter.ts';
import { ln } from '../math/ln.ts';
import { SILENT, squaredRadius, stretch, type Gaussians } from './density.ts';

/** Σ π_k (d/2 − constant_k), in the units of `g`; SILENT, for −∞, if a component is flat. */
export function ownEntropy(g: Gaussians): number {
  let sum = 0;
  for (let k = 0; k < g.count; k++) {
    if (!(g.weights[k]! > 0)) continue;
    if (g.constants[k] === SILENT) return SILENT;
    sum += g.weights[k]! * (0.5 * g.dim - g.constants[k]!);
  }
  return sum;
}

const offset = new Float64Array(MAX_EM_DIM);
const delta = new Float64Array(MAX_EM_DIM);

/** ln of weight k times its density at its standard normal z. */
export function ownTerm(g: Gaussians, k: number, z: Float64Array): number {
  let own = g.constants[k]!;
  for (let a = 0; a < g.dim; a++) own -= 0.5 * z[a]! * z[a]!;
  return own;
}

/**
 * ln(q / own term of k) ≥ 0 at component k's standard normal z. Distances to component l are
 * formed as (mean_k − mean_l) + F_k z: two narrow components far from the origin keep their digits.
 */
export function overlap(g: Gaussians, k: number, z: Float64Array): number {
  const { dim, means, constants } = g;
  stretch(g, k, z, offset);
  const own = ownTerm(g, k, z);
  let best = own;
  let sum = 1;
  for (let l = 0; l < g.count; l++) {
    if (l === k || constants[l] === SILENT) continue;
    for (let a = 0; a < dim; a++) {
      delta[a] = means[k * dim + a]! - means[l * dim + a]! + offset[a]!;
    }
    const term = constants[l]! - 0.5 * squaredRadius(g, l, delta);
    if (term > best) {
      sum = sum * Math.exp(best - term) + 1;
      best = term;
    } else {
      sum += Math.exp(term - best);
    }
  }
  return best - own + ln(sum);
}
