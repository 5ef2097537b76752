/** News from the worker: cut, gated and pasted, the page's copy equals the worker's. */
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/experiment/progress.ts';
import type { Batch } from '../../src/plan/plan.ts';
import { cutPatch, joinSpans, pastePatch, transferables } from '../../src/ui/results-patch.ts';
import { UpdateGate } from '../../src/ui/update-gate.ts';
import type { RunUpdate } from '../../src/ui/worker-api.ts';
import { countingResults } from '../experiment/results-fixture.ts';

const axes = [{ name: 'sampleSize', values: [10, 20, 30] }];
const full = () => countingResults(axes, 4, ['varianceRatio', 'tailMass1']);

function empty() {
  const results = full();
  results.values.fill(0);
  results.quantileBound.fill(0);
  results.status.fill(0);
  results.generationsDone.fill(0);
  return results;
}

const progressAt = (batch: number, generation: number): Progress => ({
  lineageGenerationsDone: 0,
  lineageGenerationsTotal: 1,
  lineageGenerationsPerSecond: 0,
  secondsLeft: null,
  secondsElapsed: 0,
  generation,
  batch,
  batchCount: 2,
});

const batchOf = (index: number, cells: readonly number[]): Batch => ({
  index,
  group: 0,
  chunks: cells.map((cell) => ({ cell, firstReplicate: 0, count: 1 })),
  lineageCount: cells.length,
  sliceLineages: 1,
  windowGenerations: 1,
});

describe('results patch', () => {
  it('carries its spans and nothing else', () => {
    const page = empty();
    const patch = cutPatch(full(), new Map([[1, { first: 2, last: 3 }]]));
    pastePatch(page, patch);
    const width = 2 * 13;
    const from = (1 * 5 + 2) * width;
    expect(page.values.subarray(from, from + 2 * width)).toEqual(
      full().values.subarray(from, from + 2 * width),
    );
    expect(page.values.filter((value) => value !== 0)).toHaveLength(2 * width);
    expect([...page.generationsDone]).toEqual([0, 4, 0]);
  });

  it('makes the copy equal once every cell and generation has been sent', () => {
    const page = empty();
    for (const cell of [2, 0, 1]) {
      pastePatch(page, cutPatch(full(), new Map([[cell, { first: 0, last: 4 }]])));
    }
    expect(page).toEqual(full());
  });

  it('lists every buffer for transfer', () => {
    const patch = cutPatch(full(), new Map([[0, { first: 0, last: 1 }]]));
    expect(new Set(transferables(patch)).size).toBe(9);
  });

  it('joins spans', () => {
    expect(joinSpans(undefined, { first: 3, last: 4 })).toEqual({ first: 3, last: 4 });
    expect(joinSpans({ first: 1, last: 2 }, { first: 4, last: 6 })).toEqual({ first: 1, last: 6 });
  });
});

/** The receiver's answer to what was sent has its turn. */
const taken = () => new Promise((resolve) => setTimeout(resolve));

describe('update gate', () => {
  it('sends at most ten times a second and loses nothing', async () => {
    let time = 0;
    const sent: RunUpdate[] = [];
    const gate = new UpdateGate(
      [batchOf(0, [0, 1]), batchOf(1, [2])],
      (update) => void sent.push(update),
      () => time,
    );
    const worker = full();
    for (const [batch, last] of [
      [0, 4],
      [1, 4],
    ] as const) {
      for (let generation = 1; generation <= last; generation++) {
        gate.progressed(progressAt(batch, generation));
        gate.updated(worker);
        await taken();
        time += 30;
      }
    }
    await gate.flush(worker);
    // 8 frames in 240 ms: at 0, 120 and 240 ms.
    expect(sent).toHaveLength(3);
    const page = full();
    page.values.fill(0);
    sent.forEach(({ patch }) => pastePatch(page, patch));
    const width = 2 * 13;
    worker.values.forEach((value, i) => {
      const generation = Math.floor(i / width) % 5;
      expect(page.values[i]).toBe(generation === 0 ? 0 : value);
    });
  });

  it('sends nothing to a receiver that has not taken the last, and then what has gathered', async () => {
    let time = 0;
    const sent: RunUpdate[] = [];
    let take = () => {};
    const gate = new UpdateGate(
      [batchOf(0, [0])],
      (update) => {
        sent.push(update);
        return new Promise<void>((resolve) => (take = resolve));
      },
      () => (time += 1000),
    );
    for (const generation of [1, 2, 3]) {
      gate.progressed(progressAt(0, generation));
      gate.updated(full());
      await taken();
    }
    expect(sent.map(({ patch }) => [patch.first[0], patch.last[0]])).toEqual([[1, 1]]);
    take();
    await taken();
    gate.progressed(progressAt(0, 4));
    gate.updated(full());
    expect(sent.map(({ patch }) => [patch.first[0], patch.last[0]])).toEqual([
      [1, 1],
      [2, 4],
    ]);
  });

  it('sends the same rows again where a later batch of the same cell changes them', async () => {
    const sent: RunUpdate[] = [];
    let time = 0;
    const gate = new UpdateGate(
      [batchOf(0, [0]), batchOf(1, [0])],
      (update) => void sent.push(update),
      () => (time += 1000),
    );
    gate.progressed(progressAt(0, 4));
    gate.updated(full());
    await taken();
    gate.progressed(progressAt(1, 2));
    gate.updated(full());
    expect(sent.map(({ patch }) => [patch.first[0], patch.last[0]])).toEqual([
      [1, 4],
      [1, 2],
    ]);
  });
});
