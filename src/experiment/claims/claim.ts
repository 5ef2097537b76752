/** What is said of model collapse in public, as a predicate on a lineage. */
import type { Setting } from './setting.ts';

/** Something that first happens to a lineage at some generation, or never: see `events.ts`. */
export type EventName = 'early' | 'late' | 'departed' | 'tailsFirst' | 'rarestFirst';

/** Generations are from 1; the horizon is the last one that is run. */
export type Predicate =
  /**
   * The event first happens at `from` … `to`, or by the horizon where `to` is null. Where `among`
   * is there, only lineages are judged to which that happens by the horizon.
   */
  | {
      readonly kind: 'happens';
      readonly event: EventName;
      readonly from: number;
      readonly to: number | null;
      readonly among?: EventName;
    }
  /** The event has not happened by the horizon. */
  | { readonly kind: 'never'; readonly event: EventName }
  /** The lineage is faithful, in neither stage of collapse, at the horizon. */
  | { readonly kind: 'faithful' };

/** What varies: the share of real points and the sampler, or real points behind a detector. */
export type GridName = 'share' | 'detector';

export interface Claim {
  /** For flags and files. */
  readonly name: string;
  /** What is said, word for word or as it is usually put. */
  readonly sentence: string;
  /** Where it is said. */
  readonly said: string;
  /** What it is taken to say of a lineage, in one sentence. */
  readonly reading: string;
  readonly predicate: Predicate;
  readonly grid: GridName;
  /** Settings that the sentence speaks of. */
  readonly holdsFor: (setting: Setting) => boolean;
  /** The same in words, for a person; '' for all. */
  readonly domain: string;
}
