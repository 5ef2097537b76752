/** Drawing a piece at a time: frames are run by hand here. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawLater, drawNever } from '../../src/ui/charts/draw-queue.ts';

let frames: (() => void)[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
});
afterEach(() => vi.unstubAllGlobals());

/** Runs the frame that was asked for; whether there was one. */
async function nextFrame(): Promise<boolean> {
  const frame = frames.shift();
  frame?.();
  // The pieces come in a task after the frame's own.
  await new Promise((resolve) => setTimeout(resolve));
  return frame !== undefined;
}

async function allFrames(): Promise<number> {
  let count = 0;
  while (await nextFrame()) count++;
  return count;
}

/** Longer than a frame's budget of 4 ms. */
function dawdle() {
  const began = performance.now();
  while (performance.now() - began < 5);
}

it('draws an owner once, the last of what it asked for', async () => {
  const drawn: string[] = [];
  const owner = {};
  drawLater(owner, () => drawn.push('first'));
  drawLater({}, () => drawn.push('other'));
  drawLater(owner, () => drawn.push('last'));
  await allFrames();
  expect(drawn.sort()).toEqual(['last', 'other']);
});

it('leaves what takes long to a frame of its own', async () => {
  const drawn: number[] = [];
  for (const i of [1, 2, 3]) {
    drawLater({}, () => {
      dawdle();
      drawn.push(i);
    });
  }
  expect(await allFrames()).toBe(3);
  expect(drawn).toEqual([1, 2, 3]);
});

it('counts what a drawing leaves to a microtask', async () => {
  const drawn: string[] = [];
  drawLater({}, () => queueMicrotask(() => (dawdle(), drawn.push('late'))));
  drawLater({}, () => drawn.push('next'));
  await nextFrame();
  expect(drawn).toEqual(['late']);
  await allFrames();
  expect(drawn).toEqual(['late', 'next']);
});

it('draws the others where one fails, and never who is gone', async () => {
  const reported = vi.fn();
  vi.stubGlobal('reportError', reported);
  const drawn: string[] = [];
  const gone = {};
  drawLater(gone, () => drawn.push('gone'));
  drawLater({}, () => {
    throw new Error('no context');
  });
  drawLater({}, () => drawn.push('other'));
  drawNever(gone);
  await allFrames();
  expect(drawn).toEqual(['other']);
  expect(reported).toHaveBeenCalledOnce();
});
