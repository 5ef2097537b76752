/** Every exact law that applies to a cell. Where a condition of a law is not met, there is none. */
import { cornerSpecs, isScheduled, specAt, type PhaseSpec, type Spec } from '../../spec/schema.ts';
import type { Truth } from '../truth.ts';
import { ancestryLaws } from './ancestry-law.ts';
import { klLaws } from './kl-law.ts';
import { settingOf, type Law } from './law.ts';
import { logLaws } from './log-laws.ts';
import { isPooled, poolLaws } from './pool-laws.ts';
import { secondMomentLaws } from './second-moments.ts';
import { tailLaws } from './tail-law.ts';
import { wassersteinLaws } from './wasserstein-law.ts';

export type { Law } from './law.ts';

/** `spec` is one cell's, without its sweep. At most one law for each statistic. */
export const lawsFor = (spec: Spec, truth: Truth): Law[] => [
  ...momentLaws(spec, truth),
  ...ancestryLaws(spec, truth),
];

function momentLaws(spec: Spec, truth: Truth): Law[] {
  // One point has no unbiased variance.
  if (spec.fit.estimator === 'unbiased' && spec.sampleSize < 2) return [];
  if (isPooled(spec)) return poolLaws(spec, truth);
  // Between several components there is room that a biased sampler does not scale.
  const plain = ({ batch }: PhaseSpec) => batch.samplingBias === 1 && batch.weightSharpening === 1;
  if (spec.fit.components > 1 && !cornerSpecs(spec).every(plain)) return [];
  if (cornerSpecs(spec).some(weighsByChance)) return [];
  const setting = settingOf(specAt(spec, 1), truth);
  if (cornerSpecs(spec).some(({ fit }) => fit.tailWeight > 0)) {
    return isScheduled(spec) ? [] : tailLaws(setting);
  }
  if (isScheduled(spec)) {
    const scheduled = { ...setting, pure: false };
    return secondMomentLaws(scheduled, (t) => settingOf(specAt(spec, t), truth));
  }
  return [
    ...secondMomentLaws(setting),
    ...logLaws(setting),
    ...klLaws(setting),
    ...wassersteinLaws(setting),
  ];
}

/** A weight for real points of which there are more or fewer by chance has no exact moments. */
const weighsByChance = ({ fit, batch }: PhaseSpec): boolean =>
  fit.realWeight !== null && batch.realDraw === 'bernoulli';
