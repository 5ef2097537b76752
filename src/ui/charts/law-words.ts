/** Where a law parts from what one would expect, in a sentence. */
import type { Parting } from '../../experiment/views/law-overlay.ts';
import { percent } from '../answer/headline.ts';
import { formatCount, formatValue } from '../format.ts';

/** A share that is too small for the law's digits is still one. */
const LEAST_SHARE = 1e-9;

/** Of a quantity that is a product of χ², one factor a generation. */
export function partingText({ since, generation, mean, median, below }: Parting): string {
  const above = percent(Math.max(1 - below, LEAST_SHARE));
  return (
    `Mean and median of the law part from generation ${formatCount(since)} on: at ` +
    `${formatCount(generation)} half of the lineages are below ${formatValue(median, 3)} while ` +
    `the mean is ${formatValue(mean, 3)}, held up by the ${above} of them that lie above it, ` +
    'because a product of one random factor a generation is close to log-normal.'
  );
}

/** Where the average over the lineages of a run is no guide to the law's mean any more. */
export const rareText = (testableUntil: number): string =>
  `Past generation ${formatCount(testableUntil)} the lineages that carry the law’s mean are too ` +
  'rare to be among so many: the measured mean mostly falls short of it, and now and then lies ' +
  'far above.';
