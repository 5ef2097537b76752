/**
 * Means of totalVariance, varianceRatio and meanShiftSquared of cells whose batches are more than a
 * mix of truth and parent, or of other sizes: the recursion of `pool-moments.ts`, and what it comes
 * to in the plain cases. Accumulating: Gerstgrasser et al. 2024, Kazdan et al. 2025.
 */
import { cornerSpecs, effectiveRealShare, type PhaseSpec, type Spec } from '../../spec/schema.ts';
import { cellRules, isAssembled, usesReal, type Phase, type Rules } from '../rules.ts';
import type { Truth } from '../truth.ts';
import { firstFitVariance } from './first-fit.ts';
import { logNormalWindow, meanError, type Law } from './law.ts';
import { poolMoments, type PoolMoments } from './pool-moments.ts';
import { ownAcceptance } from './quality-filter.ts';
import { traceOf } from './second-moments.ts';
import { insideShare } from './truncated.ts';

/** Cells that the laws of a batch mixed from truth and parent do not hold for. */
export const isPooled = (spec: Spec): boolean =>
  isAssembled(spec) || spec.growth > 0 || spec.batch.web !== null;

/** A model remembers the products with so many before it. */
const MOST_MEMORY = 100;
/** Where a candidate is inside with this probability, 255 of them outside are one batch in 10¹⁸. */
const LEAST_INSIDE = 0.15;

export function poolLaws(spec: Spec, truth: Truth): Law[] {
  const rules = cellRules(spec, truth, 0);
  if (!cornerSpecs(spec).every((phase) => keepsMoments(phase, truth.dim))) return [];
  // An adversary's points take the place of some of an archive's, and chance says of which.
  if (rules.fixed && rules.phases.some(({ poison }) => poison > 0)) return [];
  // Means of points vary less than points, and by how much is another matter for each truth.
  if (rules.coreset && rules.coreset.method !== 'uniform') return [];
  const unit = 4 ** truth.log2Unit;
  const target = traceOf(truth.covariance, truth.dim);
  const moments = poolMoments(rules, target / unit);
  const { spread, shift } = formulas(spec, rules);
  const n = rules.sampleSize;
  const bessel = rules.unbiased ? n / (n - 1) : 1;
  const first = firstFitVariance(truth, n);
  const shared = {
    kind: 'mean',
    source: 'Law of total variance; Gerstgrasser et al. 2024, Kazdan et al. 2025 for pools',
    testableUntil: (replicates: number) =>
      isBounded(rules) ? Infinity : logNormalWindow(n, replicates),
  } as const;
  // A prior of the truth is there from the first fit on.
  const plainStart = rules.strength === 0 || rules.centre === 'parent';
  const errorOf = (variance: number) => (t: number, replicates: number) =>
    t === 1 && plainStart ? meanError(variance, replicates) : null;
  const law = (statistic: Law['statistic'], scale: number): Law => ({
    ...shared,
    statistic,
    name: 'mean of the total variance',
    formula: scale === 1 ? spread : `(${spread}) / tr C₀`,
    at: (t) => (resolved(moments(t)) * unit) / scale,
    standardError: errorOf((bessel / scale) ** 2 * first.spread),
  });
  return [
    law('totalVariance', 1),
    law('varianceRatio', target),
    {
      ...shared,
      statistic: 'meanShiftSquared',
      name: 'random walk of the mean',
      formula: shift,
      at: (t) => moments(t).shift * unit,
      standardError: errorOf(first.shift),
    },
  ];
}

/** Of the second moment: less is made of its rounding, and no number. */
const LEAST_SPREAD = 1e-10;

const resolved = ({ spread, shift }: PoolMoments): number =>
  spread > LEAST_SPREAD * shift ? spread : NaN;

/** Pools keep their first points, and two real points a batch bound the fourth moment too. */
function isBounded({ retention, phases, sampleSize }: Rules): boolean {
  if (phases.some(({ spread }) => spread > 1)) return false;
  if (retention !== 'replace') return true;
  return phases.every(({ quota, share }) => Math.max(quota, share * sampleSize) >= 2);
}

/** Whether looks at values only scale the sampler, and a fit keeps the moments of all points alike. */
function keepsMoments(phase: PhaseSpec, dim: number): boolean {
  const { batch, fit } = phase;
  const { verifier, curation, truncation, samplingBias } = batch;
  const looked = [
    verifier.keep < 1 || verifier.error > 0,
    curation.candidates > 1,
    batch.qualityFilter > 0 && !filterScales(phase, dim),
    batch.protectedModes.length > 0,
    batch.memory > MOST_MEMORY,
    fit.realWeight !== null || fit.tailWeight > 0 || fit.respawn,
  ];
  if (looked.includes(true)) return false;
  if (fit.components === 1) return insideShare(dim, truncation ?? Infinity) >= LEAST_INSIDE;
  // Between several components there is room that a biased sampler does not scale.
  return samplingBias === 1 && batch.weightSharpening === 1 && truncation === null;
}

/** Whether a filter by the model's density meets nothing but the model's own points, as it made them. */
function filterScales({ batch, fit }: PhaseSpec, dim: number): boolean {
  const { qualityFilter, truncation, memory, paraphrase, samplingBias } = batch;
  const others = effectiveRealShare(batch) > 0 || memory > 1 || paraphrase.noise > 0;
  if (others || truncation !== null || fit.components > 1) return false;
  return ownAcceptance(dim, samplingBias, qualityFilter) >= LEAST_INSIDE;
}

const RECURSION = {
  spread: 'S′ = b(Q − U′) + dε, Q the second moment of the training set and a prior’s points',
  shift: 'U′ = E‖their mean‖², by products of means at all generations before',
};

/** In closed form where there is one. */
function formulas(spec: Spec, rules: Rules): { spread: string; shift: string } {
  const { retention } = spec;
  const isPlain = ({ spread, truncation, memory, ...phase }: Phase) => {
    const { floor, poison, noise, selectivity, strength } = phase;
    const rest = floor + poison + noise + selectivity + strength;
    return spread === 1 && truncation === Infinity && memory === 1 && rest === 0;
  };
  const plain = rules.phases.every(isPlain) && !usesReal(spec) && !rules.unbiased;
  if (!plain) return RECURSION;
  const closed = (factors: string) => ({
    spread: `tr C₀ ${factors}`,
    shift: `tr C₀ [1 − ${factors}]`,
  });
  if (retention === 'replace') return closed('Π (1 − 1/n_u), u = 1 … t');
  if (retention === 'accumulate') return closed('Π (1 − n_u/N_u²), N_u = n₁ + … + n_u, u = 1 … t');
  if (spec.growth > 0) return RECURSION;
  return closed('(1−1/n) Π [1 − (3−1/n)/(nu²−u)], u = 2 … t');
}
