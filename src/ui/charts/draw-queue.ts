/**
 * Rendering and drawing, some milliseconds a frame: a page of many charts then answers between any
 * two of them. Who asks again before the turn comes has one turn.
 */

/**
 * The pieces of one frame end with the first that passes this. They come after its painting, in a
 * task of their own, so that no task has both; and what they changed is little for the next frame.
 */
const BUDGET_MS = 4;

const waiting = new Map<object, () => void>();
let asked = false;

/** Calls `draw` after one of the next frames; only the last one of an owner. */
export function drawLater(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  ask();
}

/** For an owner that is gone. */
export const drawNever = (owner: object): void => void waiting.delete(owner);

function ask() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => setTimeout(() => void drawSome()));
}

async function drawSome() {
  const began = performance.now();
  for (const [owner, draw] of waiting) {
    waiting.delete(owner);
    try {
      draw();
    } catch (error) {
      reportError(error);
    }
    // Charts finish what they began in a microtask, which counts as theirs.
    await null;
    if (performance.now() - began >= BUDGET_MS) break;
  }
  asked = false;
  if (waiting.size > 0) ask();
}
