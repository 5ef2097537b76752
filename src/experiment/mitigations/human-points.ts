/**
 * How many human points a spec asks for: the price of a mitigation. All points of the first
 * generation are human, and so are real ones that later batches take anew; a point of an archive
 * was paid for in the first generation, whatever it is used for and however often. One that a
 * detector drops by mistake has been written all the same.
 */
import { quotaCount, specAt, type PhaseSpec, type Spec } from '../../spec/schema.ts';
import { acceptance, effectiveRealShare } from '../../spec/screening.ts';
import { resolveTruth } from '../../model/truth.ts';

export interface HumanPoints {
  /** Over the whole run; the expected number where chance has a part in it. */
  readonly mean: number;
  /** Standard deviation from lineage to lineage; 0 where every lineage has the same number. */
  readonly sd: number;
}

/** Null where a filter that looks at points decides how many are asked for. */
export function humanPoints(spec: Spec): HumanPoints | null {
  let mean = spec.sampleSize;
  let variance = 0;
  let left = (spec.batch.web?.humanReservoir ?? Infinity) - spec.sampleSize;
  for (let t = 2; t <= spec.generations; t++) {
    const phase = specAt(spec, t);
    if (phase.batch.qualityFilter > 0 && hasReal(phase)) return null;
    const quota = quotaOf(phase, left);
    const spent = ofBatch(phase, quota);
    left -= quota;
    mean += spent.mean;
    variance += spent.variance;
  }
  return { mean, sd: Math.sqrt(variance) };
}

const hasReal = ({ batch }: PhaseSpec): boolean =>
  batch.realFraction > 0 || batch.protectedModes.length > 0;

const quotaOf = (phase: PhaseSpec, left: number): number =>
  phase.batch.realDraw === 'quota' ? Math.min(quotaCount(phase), left) : 0;

/**
 * Places are an adversary's with a probability, before anything else; those of the quota are real
 * then, others with the share of bernoulli, and else of a protected mode, which is not screened.
 */
function ofBatch(phase: PhaseSpec, quota: number): { mean: number; variance: number } {
  const { batch, sampleSize } = phase;
  const human = 1 - batch.poison.share;
  const share = batch.realDraw === 'quota' ? 0 : effectiveRealShare(batch);
  const fresh = batch.realSource === 'fresh' ? 1 : 0;
  const weight = protectedWeight(phase);
  const others = sampleSize - quota;
  const each = 1 / acceptance(batch).real;
  const screened = fresh * (quota * human + others * human * share);
  const unscreened = others * human * (1 - share) * weight;
  // A place costs 0 with these probabilities, `each` candidates on average, or 1: by Bernoulli, and
  // candidates that are dropped before one is let in are geometric.
  const bernoulli = (count: number, chances: readonly (readonly [number, number])[]) => {
    const first = chances.reduce((sum, [chance, cost]) => sum + chance * cost, 0);
    const second = chances.reduce((sum, [chance, cost]) => sum + chance * cost * cost, 0);
    return count * (second - first * first);
  };
  const dropped = screened * each * (each - 1);
  const variance =
    bernoulli(quota * fresh, [[human, each]]) +
    bernoulli(others, [
      [human * share * fresh, each],
      [human * (1 - share) * weight, 1],
    ]) +
    dropped;
  return { mean: screened * each + unscreened, variance };
}

function protectedWeight({ batch: { protectedModes }, truth }: PhaseSpec): number {
  if (protectedModes.length === 0) return 0;
  // Rows of data, which do not say their mode, have none that could be protected.
  const { weights } = resolveTruth(truth, null).mixture;
  return protectedModes.reduce((sum, mode) => sum + weights[mode - 1]!, 0);
}
