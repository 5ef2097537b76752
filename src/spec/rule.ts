/** A rule of what one field forbids another, and what several rules read. */
import type { PhaseSpec, Spec } from './spec.ts';

export interface Rule {
  /** Where the problem is shown. */
  readonly field: string;
  /** Everything the rule reads; a prefix stands for all below it. */
  readonly reads: readonly string[];
  /** What is wrong and what to do, or null. */
  readonly check: (
    cell: PhaseSpec,
    /** The same before its schedules are looked up. */
    asked: Spec,
  ) => readonly [message: string, remedy: string] | null;
}

/** What d and J follow from. */
export const TRUTH_DIM = ['truth.kind', 'truth.dim', 'truth.components', 'truth.columns'] as const;

/** What the share of real points follows from. */
export const SCREENING = [
  'batch.realFraction',
  'batch.web',
  'batch.detector',
  'batch.watermark',
  'batch.provenance',
  'batch.paraphrase.passes',
] as const;

/** d of a truth. */
export function truthDim(truth: Spec['truth']): number {
  if (truth.kind === 'blobs') return truth.dim;
  return truth.kind === 'data' ? truth.columns.length : truth.components[0]!.mean.length;
}
