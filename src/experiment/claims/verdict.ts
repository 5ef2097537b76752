/**
 * A sentence in one setting: `true` where it holds of nearly every lineage, `false` where it fails
 * of more lineages than it holds of, `bounded` between. It is said without "often" or "sometimes",
 * so that to be true it has to hold as surely as an interval of 95 % does, while the opposite is
 * the better bet from one half on. A verdict is only given where the whole interval agrees: `bounded`
 * is also what the lineages are too few to decide.
 */
import { wilson } from '../wilson.ts';

export const VERDICTS = ['true', 'bounded', 'false'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Of lineages, above which a sentence is true. */
export const TRUE_ABOVE = 0.95;
/** Of lineages, below which it is false. */
export const FALSE_BELOW = 0.5;

export interface Judgement {
  /** Share of the lineages judged that the sentence holds of; NaN where none is judged. */
  readonly share: number;
  /** Ends of its 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Null where no lineage is judged, and of a control. */
  readonly verdict: Verdict | null;
}

/** Of `judged` lineages it holds of `met`. */
export function judge(met: number, judged: number): Judgement {
  if (judged === 0) return { share: NaN, low: NaN, high: NaN, verdict: null };
  const share = met / judged;
  const [low, high] = wilson(share, judged);
  const verdict = low > TRUE_ABOVE ? 'true' : high < FALSE_BELOW ? 'false' : 'bounded';
  return { share, low, high, verdict };
}
