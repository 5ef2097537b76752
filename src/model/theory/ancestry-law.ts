/**
 * Mean of `ancestry`, copies since a human. A place of the batch holds a copy with probability p, or
 * never where it is real by quota: m places do, and with f = m p/n, v = m p(1−p)/n² and the models
 * drawn from Ā = the mean of the last M of A,
 *
 *   A_t = f (1 + Ā)                                         replace; A₁ = 0
 *   A_t = [N_{t−1} A_{t−1} + n_t f (1 + Ā)] / N_t           a pool, and what is taken from one
 *
 * With equal batches of copies alone a pool's is H_t − 1, H the harmonic numbers. At M = 1 the
 * variance V over lineages of a pool of all obeys, with a = N_{t−1}/N_t and b = n_t/N_t (0 and 1
 * where batches are replaced),
 *
 *   V′ = [(a + b f)² + b² v] V + b² v (1 + A)².
 */
import { cornerSpecs, type PhaseSpec, type Spec } from '../../spec/schema.ts';
import { cellRules, poolSize, rulesAt, type Rules } from '../rules.ts';
import type { Truth } from '../truth.ts';
import { meanError, sequence, type Law } from './law.ts';

export function ancestryLaws(spec: Spec, truth: Truth): Law[] {
  if (!cornerSpecs(spec).every(keepsShares)) return [];
  const rules = cellRules(spec, truth, 0);
  const moments = ancestryMoments(rules);
  const mixes = rules.phases.some(({ memory }) => memory > 1);
  const varianceKnown = !mixes && rules.retention !== 'accumulate-subsample';
  return [
    {
      statistic: 'ancestry',
      kind: 'mean',
      name: 'copies since a human',
      formula: formulaOf(rules),
      source: 'Linear recursion of means',
      at: (t) => moments(t).mean,
      standardError: (t, replicates) =>
        meanError(varianceKnown ? moments(t).variance : null, replicates),
      // Copies of copies are at most t, and their variance is the law's: no lineage carries the mean.
      testableUntil: () => Infinity,
    },
  ];
}

/**
 * Whether a look at values leaves alone how many points are copies, and of which model: a filter
 * asks real points too, and candidates of several models compete.
 */
function keepsShares({ batch }: PhaseSpec): boolean {
  const { verifier, curation, qualityFilter, protectedModes, memory, realDraw } = batch;
  const competes = verifier.keep < 1 || verifier.error > 0 || curation.candidates > 1;
  const filters = qualityFilter > 0;
  if (filters && (realDraw === 'bernoulli' || protectedModes.length > 0)) return false;
  return memory === 1 || !(competes || filters || protectedModes.length > 0);
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
  /** Sum of the means up to this generation. */
  readonly sum: number;
}

function ancestryMoments(rules: Rules): (generation: number) => Moments {
  const moments: (generation: number) => Moments = sequence<Moments>(
    { mean: 0, variance: 0, sum: 0 },
    ({ mean, variance, sum }, t) => {
      if (t === 1) return { mean: 0, variance: 0, sum: 0 };
      const now = rulesAt(rules, t);
      const { sampleSize, memory } = now;
      const back = Math.min(memory, t - 1);
      const drawnFrom = (sum - moments(t - 1 - back).sum) / back;
      const { share, scatter } = copiesOf(now);
      const size = rules.retention === 'replace' ? sampleSize : poolSize(rules, t);
      const [a, b] = [(size - sampleSize) / size, sampleSize / size];
      const next = a * mean + b * share * (1 + drawnFrom);
      return {
        mean: next,
        variance:
          ((a + b * share) ** 2 + b * b * scatter) * variance + b * b * scatter * (1 + mean) ** 2,
        sum: sum + next,
      };
    },
  );
  return moments;
}

/** Mean and variance of the share of a batch that is copies. */
function copiesOf({ sampleSize, quota, share, poison, protectedModes, truth }: Rules) {
  const places = sampleSize - Math.min(quota, sampleSize);
  const spared = protectedModes.reduce((sum, j) => sum + truth.weights[j]!, 0);
  const chance = (1 - share) * (1 - poison) * (1 - spared);
  return {
    share: (places * chance) / sampleSize,
    scatter: (places * chance * (1 - chance)) / sampleSize ** 2,
  };
}

function formulaOf(rules: Rules): string {
  const { retention, phases, protectedModes } = rules;
  const { quota, share, poison, sampleSize } = rules;
  const all = quota + share + poison + protectedModes.length === 0;
  const equal = phases.every((phase) => phase.sampleSize === sampleSize);
  const plain = phases.every((phase) => phase.memory === 1) && phases.length === 1;
  if (retention === 'replace') return plain && all ? 't − 1' : 'A′ = f(1 + A)';
  if (plain && all && equal) return 'H_t − 1, H_t = 1 + ½ + … + 1/t';
  return 'A′ = [N A + n f(1 + A)]/N′';
}
