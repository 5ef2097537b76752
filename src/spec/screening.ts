/**
 * Detector, watermark and provenance do not look at a point's value, so all they do is change the
 * share of real points among those that get into the batch.
 */
import type { PhaseSpec } from './spec.ts';

type BatchSpec = PhaseSpec['batch'];

/** Probabilities that a real and a synthetic candidate get through. */
export function acceptance({ detector, watermark, provenance, paraphrase }: BatchSpec) {
  const { signedShare } = provenance;
  // What a mark survives: a paraphrase each pass.
  const marked = (1 - watermark.laundering) ** paraphrase.passes;
  return {
    real: signedShare + (1 - signedShare) * (1 - detector.falsePositiveRate),
    synthetic: (1 - detector.recall) * (1 - watermark.coverage * marked),
  };
}

/** Real points in a batch of n under `quota`: ⌊n·r′ + ½⌋. */
export const quotaCount = ({ batch, sampleSize }: PhaseSpec): number =>
  Math.floor(sampleSize * effectiveRealShare(batch) + 0.5);

/** r′: the share of real points among the candidates that got through. */
export function effectiveRealShare(batch: BatchSpec): number {
  const { realFraction } = batch;
  const { real, synthetic } = acceptance(batch);
  // No rounding where nothing is screened.
  if (real === synthetic) return realFraction;
  return (realFraction * real) / (realFraction * real + (1 - realFraction) * synthetic);
}
