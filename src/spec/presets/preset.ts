/** An experiment that is ready to run, with what to see in it and who saw it first. */
import type { Spec } from '../spec.ts';
import type { StatisticName } from '../statistics.ts';

/** What the page shows first. */
export interface PresetView {
  /** Which one is looked at; the last where it is not said. */
  readonly generation?: number;
  /** Its curves; 0 where it is not said. */
  readonly cell?: number;
  /** Of the heat map; varianceRatio where it is not said. */
  readonly statistic?: StatisticName | 'regime';
  /** Of the heat map; the median where it is not said. */
  readonly summary?: 'mean' | 'q50';
  /** Scale of the heat map's colours; as the numbers ask where it is not said. */
  readonly colours?: 'linear' | 'log';
}

export interface Preset {
  /** For links and command lines. */
  readonly name: string;
  readonly title: string;
  /** Two sentences: what is set up, and what to see. */
  readonly story: string;
  /** Where to look for it, in a sentence: which curve, which number. */
  readonly look: string;
  readonly citation: string;
  readonly spec: Spec;
  /** Where something else tells the story than what every sweep opens on. */
  readonly view?: PresetView;
}
