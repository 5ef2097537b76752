/** Every exact law that applies to a cell. Where a condition of a law is not met, there is none. */
import type { Spec } from '../../spec/schema.ts';
import type { Truth } from '../truth.ts';
import { klLaws } from './kl-law.ts';
import { settingOf, type Law } from './law.ts';
import { logLaws } from './log-laws.ts';
import { secondMomentLaws } from './second-moments.ts';

export type { Law } from './law.ts';

/** `spec` is one cell's, without its sweep. At most one law for each statistic. */
export function lawsFor(spec: Spec, truth: Truth): Law[] {
  // One point has no unbiased variance.
  if (spec.fit.estimator === 'unbiased' && spec.sampleSize < 2) return [];
  const setting = settingOf(spec, truth);
  return [...secondMomentLaws(setting), ...logLaws(setting), ...klLaws(setting)];
}
