/**
 * Where on a line the truth is at home: the stretches where p₀ is over the level under which it
 * keeps its rarest 0.1 %. There are at most as many as components, for p₀ has no more maxima: it is
 * made by blurring points and adding others, broadest first, and blurring makes none.
 */
import { ln } from '../math/ln.ts';
import { logDensity, type Gaussians } from './density.ts';
import { massOutside, type Islands } from './tails.ts';
import { TAIL_SHARES } from './truth-levels.ts';

/** Grid about a component: 8 standard deviations to each side, 32 points in each. */
const GRID = { reach: 8, perDeviation: 32 };
/** The region keeps its share where ln p₀ lies at most this far under the highest point. */
const DEEPEST = 80;

/** d = 1. Misses a stretch only where it is narrower than 1/32 of a component. */
export function truthIslands(truth: Gaussians): Islands {
  const grid = gridOf(truth);
  const heights = grid.map((x) => heightAt(truth, x));
  // Past the grid's ends lies nothing that counts: 6e-16 of the mass.
  heights[0] = heights[heights.length - 1] = -Infinity;
  let high = heights.reduce((a, b) => Math.max(a, b));
  let low = high - DEEPEST - ln(truth.count);
  for (let step = 0; step < 60; step++) {
    const level = (low + high) / 2;
    const under = massOutside(truth, islandsOver(truth, grid, heights, level));
    if (under < TAIL_SHARES[2]) low = level;
    else high = level;
  }
  return islandsOver(truth, grid, heights, low);
}

function gridOf({ means, factors }: Gaussians): Float64Array {
  const { reach, perDeviation } = GRID;
  const steps = 2 * reach * perDeviation + 1;
  const rows = Array.from(means, (m, j) =>
    Array.from({ length: steps }, (_, i) => m + factors[j]! * (i / perDeviation - reach)),
  );
  return Float64Array.from(rows.flat()).sort();
}

const point = new Float64Array(1);

function heightAt(truth: Gaussians, x: number): number {
  point[0] = x;
  return logDensity(truth, point);
}

function islandsOver(
  truth: Gaussians,
  grid: Float64Array,
  heights: Float64Array,
  level: number,
): Islands {
  const ends: number[] = [];
  for (let i = 1; i < grid.length; i++) {
    const over = heights[i]! > level;
    if (over === heights[i - 1]! > level) continue;
    ends.push(crossing(truth, grid[i - 1]!, grid[i]!, level, over));
  }
  return Array.from({ length: ends.length / 2 }, (_, i) => [ends[2 * i]!, ends[2 * i + 1]!]);
}

/** Where ln p₀ passes the level between a and b, by bisection. */
function crossing(truth: Gaussians, a: number, b: number, level: number, rises: boolean): number {
  for (let step = 0; step < 60; step++) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) break;
    if (heightAt(truth, middle) > level === rises) b = middle;
    else a = middle;
  }
  return b;
}
