/** What a fit comes to where one of its fields says what another settles. */
import type { CovarianceKind, Spec } from './spec.ts';

/** One component has nobody to be tied to. */
export const covarianceForm = ({ components, covariance }: Spec['fit']): CovarianceKind =>
  components === 1 && covariance === 'tied' ? 'full' : covariance;
