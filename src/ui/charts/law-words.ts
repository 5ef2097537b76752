/** Where a law or a mean parts from what one would expect, in a sentence. */
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

/** Where the average over the lineages of a run is no test of the law's mean any more. */
export const rareText = (testableUntil: number, lineages: number): string =>
  `Past generation ${formatCount(testableUntil)} the mean measured over ` +
  `${formatCount(lineages)} lineages is no test of its law: a few rare ones may decide it, and ` +
  'whether they are among so many is chance.';

/** Why numbers are missing past a generation. */
export const heldText = (generation: number): string =>
  `By generation ${formatCount(generation)} some lineages are held at ±10¹⁸: where they are, there ` +
  'is no mean, nor a quantile that reaches them (–).';
