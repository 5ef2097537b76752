/**
 * The cells whose models are a chain of products: one Gaussian fitted to its own samples, in every
 * generation alike, and nothing else that acts.
 */
import { isScheduled, specAt, type Spec } from '../../spec/schema.ts';
import type { Truth } from '../truth.ts';
import { settingOf, type Setting } from './law.ts';
import { isPooled } from './pool-laws.ts';

/** Null for all other cells. `spec` is one cell's, without its sweep. */
export function chainSetting(spec: Spec, truth: Truth): Setting | null {
  if (isPooled(spec) || isScheduled(spec)) return null;
  const phase = specAt(spec, 1);
  if (phase.sampleSize < 2 || phase.fit.tailWeight > 0) return null;
  const setting = settingOf(phase, truth);
  return setting.pure ? setting : null;
}
