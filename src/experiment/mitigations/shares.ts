/** Real points of each batch as a schedule of shares: so many, to the last point. */
import type { Ramped } from '../../spec/schema.ts';

/** A schedule may have so many steps. */
const MAX_STEPS = 1000;

/** Numbers of points from generation 2 on. */
export type Counts = readonly number[];

/** As evenly as whole points allow, and no more than `most` in a batch. */
export function evenly(points: number, batches: number, most: number): Counts {
  const held = Math.min(points, most * batches);
  const until = (batch: number) => Math.floor((held * batch) / batches);
  const counts = Array.from({ length: batches }, (_, batch) => until(batch + 1) - until(batch));
  // A rest that would take a step in more batches than a schedule has is left.
  return stepsOf(counts).length <= MAX_STEPS
    ? counts
    : counts.map(() => Math.floor(held / batches));
}

/** Whole batches, one after the other, until nothing is left. */
export const atOnce = (points: number, batches: number, most: number): Counts =>
  Array.from({ length: batches }, (_, batch) => Math.max(0, Math.min(most, points - batch * most)));

/** Nothing before batch number `first` of them, evenly from there. */
export const fromOn = (first: number, points: number, batches: number, most: number): Counts => [
  ...new Array<number>(first).fill(0),
  ...evenly(points, batches - first, most),
];

const stepsOf = (values: readonly number[]): (readonly [number, number])[] =>
  values.flatMap((value, i) => (value === values[i - 1] ? [] : [[i + 2, value] as const]));

/**
 * The schedule of `batch.realFraction` by which quotas are these counts; null where it would take
 * more steps than there may be. `shareOf` is the share that has so many of a batch's points.
 */
export function scheduleOf(
  counts: Counts,
  shareOf: (count: number, generation: number) => number,
): Ramped | null {
  const steps = stepsOf(counts.map((count, i) => shareOf(count, i + 2)));
  if (steps.length > MAX_STEPS) return null;
  if (steps.length === 0) return 0;
  if (steps.length === 1) return steps[0]![1];
  const [[, first], ...rest] = steps as [
    readonly [number, number],
    ...(readonly [number, number])[],
  ];
  // Nothing is mixed at generation 1, where every schedule begins.
  return { at: [[1, first], ...rest] };
}
