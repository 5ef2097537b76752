/** Working-frame components of src/model/gmm/em.ts from plain arrays, and back. */
import { createComponents, type Components } from '../../src/model/gmm/em.ts';
import { cholesky } from '../../src/model/math/triangular.ts';
import { packedIndex, packedLength } from '../../src/model/mixture.ts';
import { pack, type TextbookMixture } from './textbook-em.ts';

export function toComponents(mixture: TextbookMixture): Components {
  const dim = mixture.means[0]!.length;
  const length = packedLength(dim);
  const components = createComponents(dim, mixture.weights.length);
  components.weights.set(mixture.weights);
  components.means.set(mixture.means.flat());
  mixture.covariances.forEach((matrix, k) => {
    const factor = components.factors.subarray(k * length, (k + 1) * length);
    cholesky(Float64Array.from(pack(matrix)), dim, dim, factor);
  });
  return components;
}

/** F Fᵀ of packed factors, full matrices. */
export function covariancesOf(factors: ArrayLike<number>, dim: number): number[][][] {
  const length = packedLength(dim);
  return Array.from({ length: factors.length / length }, (_, k) => {
    const at = (a: number, b: number) => (b <= a ? factors[k * length + packedIndex(a, b)]! : 0);
    return Array.from({ length: dim }, (__, a) =>
      Array.from({ length: dim }, (___, b) => {
        let dot = 0;
        for (let c = 0; c < dim; c++) dot += at(a, c) * at(b, c);
        return dot;
      }),
    );
  });
}

export const toMixture = ({ dim, weights, means, factors }: Components): TextbookMixture => ({
  weights: [...weights],
  means: Array.from(weights, (_, k) => [...means.subarray(k * dim, (k + 1) * dim)]),
  covariances: covariancesOf(factors, dim),
});
