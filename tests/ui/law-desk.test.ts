/** Laws are worked out a little at a time, for whoever asked last. */
import { expect, it } from 'vitest';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { inTurns, LawDesk } from '../../src/ui/law-desk.ts';

function* counting(to: number): Generator<void, number, void> {
  for (let i = 0; i < to; i++) yield;
  return to;
}

it('works some milliseconds, and then lets others have the thread', async () => {
  let time = 0;
  const others: number[] = [];
  const timer = setInterval(() => others.push(time));
  // Each look at the clock is a millisecond later: four pieces a turn.
  expect(await inTurns(counting(20), () => true, () => time++)).toBe(20); // prettier-ignore
  clearInterval(timer);
  expect(others.length).toBeGreaterThan(1);
});

it('stops where nobody wants it any more', async () => {
  let wanted = 3;
  let time = 0;
  expect(await inTurns(counting(1e9), () => wanted-- > 0, () => time++)).toBeNull(); // prettier-ignore
  expect(time).toBeLessThan(20);
});

const cellOf = (sampleSize: number, seed = 1) => {
  const truth = { kind: 'blobs', components: 1 };
  const spec = parseSpec({ truth, sampleSize, seed, generations: 300 });
  return { spec, truth: resolveTruth(spec.truth, null) };
};
/** More than fit into a turn. */
const generations = Float64Array.from({ length: 301 }, (_, t) => t);

it('has one cell at a time, the last one asked for, and keeps what it made', async () => {
  const desk = new LawDesk();
  const first = desk.overlay(cellOf(10), generations);
  const second = desk.overlay(cellOf(20), generations);
  expect(await first).toBeNull();
  const made = await second;
  expect(made!.fans.length).toBeGreaterThan(0);
  // Another seed has the same laws.
  expect(await desk.overlay(cellOf(20, 2), generations)).toBe(made);
  expect(await desk.overlay(cellOf(20), Float64Array.of(0, 1))).not.toBe(made);
  const left = desk.overlay(cellOf(30), generations);
  desk.clear();
  expect(await left).toBeNull();
});
