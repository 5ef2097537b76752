/** Work of several generations, and the time left that is told by it. */
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/engine/engine.ts';
import { progressMeter } from '../../src/experiment/progress.ts';
import { HAND_OVER_COST } from '../../src/plan/hand-over.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { coresetWork, costliest, generationWork, lineageWork } from '../../src/plan/work.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';

/** The first sample of two blobs has its points, all after it are in closed form. */
const mixed = parseSpec({
  truth: { kind: 'blobs', components: 2 },
  fit: { components: 1 },
  sampleSize: 1000,
  generations: 11,
  replicates: 10,
  statistics: ['varianceRatio'],
});

describe('work of a lineage', () => {
  test('is the sum over its generations', () => {
    for (const [first, count] of [
      [1, 11],
      [1, 1],
      [2, 10],
      [1, 0],
      [5, 0],
    ] as const) {
      let sum = 0;
      for (let t = first; t < first + count; t++) sum += generationWork(mixed, 1, t);
      expect(lineageWork(mixed, 1, first, count)).toBe(sum);
    }
    expect(lineageWork(mixed, 1, 1, 11)).toBe(12_000 + 10 * 40);
  });
});

test('a coreset is made once, before the second generation', () => {
  const spec = parseSpec({
    truth: { kind: 'blobs', components: 2 },
    batch: { realFraction: 0.5, realSource: 'fixed', coreset: { size: 10 } },
  });
  const each = (t: number) => generationWork(spec, 1, t);
  const once = coresetWork(spec, 1);
  expect(once).toBeGreaterThan(each(2));
  expect(lineageWork(spec, 1, 1, 1)).toBe(each(1));
  expect(lineageWork(spec, 1, 1, 3)).toBe(each(1) + 2 * each(2) + once);
  expect(lineageWork(spec, 1, 2, 3)).toBe(3 * each(2) + once);
  expect(lineageWork(spec, 1, 3, 3)).toBe(3 * each(2));
  // 60 points in the place of 100.
  expect(each(2) / each(1)).toBe(0.6);
});

describe('work of a training set that grows', () => {
  const own = { closedForm: 'off', truth: { kind: 'blobs', components: 1 }, sampleSize: 10 };
  const works = (raw: object) => {
    const spec = parseSpec({ ...own, generations: 5, statistics: ['varianceRatio'], ...raw });
    const each = [1, 2, 3, 4, 5].map((t) => generationWork(spec, 1, t));
    expect(generationWork(spec, 1, costliest(spec))).toBe(Math.max(...each));
    // By the one in the middle.
    expect(lineageWork(spec, 1, 2, 3)).toBe(3 * each[2]!);
    return each.map((work) => work / each[0]!);
  };

  test('goes with its batches, or with all that there were', () => {
    expect(works({})).toEqual([1, 1, 1, 1, 1]);
    expect(works({ retention: 'accumulate' })).toEqual([1, 2, 3, 4, 5]);
    expect(works({ retention: 'accumulate-subsample' })).toEqual([1, 1, 1, 1, 1]);
    expect(works({ growth: 1 })).toEqual([1, 2, 3, 4, 5]);
    expect(works({ growth: 1, retention: 'accumulate' })).toEqual([1, 3, 6, 10, 15]);
  });
});

test('the time left goes by work: a first generation that samples is most of a run', () => {
  const plan = planRun(mixed, createReferenceEngine().limits);
  let clock = 0;
  const meter = progressMeter(plan, () => clock);
  expect(meter.start()).toMatchObject({ lineageGenerationsTotal: 110, secondsLeft: null });
  const frame = (firstGeneration: number, generationCount: number) =>
    ({ batch: 0, firstGeneration, generationCount }) as Frame;
  clock = 1200;
  const { secondsLeft, lineageGenerationsDone } = meter.advance(frame(1, 1));
  expect(lineageGenerationsDone).toBe(10);
  // 12 000 visits a lineage took 1.2 s, and ten times 40 are to come.
  expect(secondsLeft).toBeCloseTo(0.04, 12);
  clock = 1240;
  expect(meter.advance(frame(2, 10))).toMatchObject({
    lineageGenerationsDone: 110,
    secondsLeft: 0,
  });
});

test('the time left counts cells that are handed over by what they cost', () => {
  const lack = {
    reason: 'ten points',
    paths: ['sampleSize'],
    holds: ({ sampleSize }: { sampleSize: number }) => sampleSize === 10,
  };
  const spec = parseSpec({
    truth: { kind: 'blobs', components: 2 },
    sweep: { sampleSize: [5, 10] },
    generations: 3,
    replicates: 7,
    statistics: ['varianceRatio'],
  });
  const plan = planRun(spec, { ...createReferenceEngine().limits, lacks: [lack] });
  let clock = 0;
  const meter = progressMeter(plan, () => clock);
  clock = 1000;
  const frame = { batch: 0, firstGeneration: 1, generationCount: 3 } as Frame;
  // Twice the points, each as much slower.
  expect(meter.advance(frame).secondsLeft).toBeCloseTo(2 * HAND_OVER_COST, 9);
});
