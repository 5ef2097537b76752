/**
 * Conjugate priors of a mixture, as κ points that stand for its centre (π, m, S): component k has
 * κ_k = κ π_k of them, and the priors are
 *
 *   weights     Dirichlet(α_k = 1 + κ_k)
 *   means       N(m_k, Σ_k / κ_k)
 *   covariances inverse Wishart(ν_k = κ_k − d − 2, Λ_k = κ_k S_k)
 *
 * With N_k the sum of responsibilities, x̄_k and W_k the mean and scatter of component k's points, the
 * posterior has its mode (Fraley & Raftery 2007, Table 2; Bishop 2006 §10.2) at
 *
 *   π̂_k = (N_k + κ_k) / (n + κ)
 *   μ̂_k = (N_k x̄_k + κ_k m_k) / (N_k + κ_k)
 *   Σ̂_k = [W_k + κ_k S_k + κ_k N_k/(κ_k + N_k) (x̄_k − m_k)(x̄_k − m_k)ᵀ] / (ν_k + N_k + d + 2)
 *
 * whose last denominator is N_k + κ_k. It is the fit to the points and to κ more of the centre's own
 * moments, and is computed as that. Twin: shaders/gmm/prior.wgsl.
 */
import { packedIndex, packedLength } from '../mixture.ts';
import type { Components, Sums } from './em.ts';

/** Adds the centre's points to sums about the means of `components`, all in one frame. */
export function addPrior(
  components: Components,
  centre: Components,
  strength: number,
  { zeroth, first, second }: Sums,
): void {
  const { dim, count, means } = components;
  const length = packedLength(dim);
  for (let k = 0; k < count; k++) {
    const points = strength * centre.weights[k]!;
    const offset = (a: number) => centre.means[k * dim + a]! - means[k * dim + a]!;
    zeroth[k]! += points;
    for (let a = 0; a < dim; a++) {
      first[k * dim + a]! += points * offset(a);
      for (let b = 0; b <= a; b++) {
        let moment = offset(a) * offset(b);
        for (let c = 0; c <= b; c++) {
          const row = k * length + packedIndex(a, c);
          moment += centre.factors[row]! * centre.factors[k * length + packedIndex(b, c)]!;
        }
        second[k * length + packedIndex(a, b)]! += points * moment;
      }
    }
  }
}
