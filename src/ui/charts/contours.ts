/** Lines of equal density on a grid, by marching squares (Lorensen and Cline 1987, in the plane). */

/**
 * Density thresholds of the regions that hold these shares of the whole, highest density first:
 * the outline of the smallest region with that mass.
 */
export function levelsHolding(density: Float64Array, shares: readonly number[]): number[] {
  const sorted = density.slice().sort().reverse();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return shares.map((share) => {
    let held = 0;
    return sorted.find((value) => (held += value) >= share * total) ?? 0;
  });
}

/** Segments [x0, y0, x1, y1, …] in grid steps; the grid is [height × width], row-major. */
export function contourSegments(density: Float64Array, width: number, level: number): number[] {
  const height = density.length / width;
  const segments: number[] = [];
  for (let j = 0; j + 1 < height; j++) {
    for (let i = 0; i + 1 < width; i++) addSquare(segments, density, width, level, i, j);
  }
  return segments;
}

/** Crossings of the four sides in turn are joined in pairs: one pair, or two at a saddle. */
function addSquare(
  segments: number[],
  density: Float64Array,
  width: number,
  level: number,
  i: number,
  j: number,
) {
  const at = j * width + i;
  const corners = [density[at]!, density[at + 1]!, density[at + width + 1]!, density[at + width]!];
  const high = corners.map((value) => value >= level);
  if (high.every((side) => side === high[0])) return;
  const crossings: number[] = [];
  for (let side = 0; side < 4; side++) {
    const next = (side + 1) % 4;
    if (high[side] === high[next]) continue;
    const share = (level - corners[side]!) / (corners[next]! - corners[side]!);
    crossings.push(i + CORNER_X[side]! + share * (CORNER_X[next]! - CORNER_X[side]!));
    crossings.push(j + CORNER_Y[side]! + share * (CORNER_Y[next]! - CORNER_Y[side]!));
  }
  segments.push(...crossings);
}

const CORNER_X = [0, 1, 1, 0];
const CORNER_Y = [0, 0, 1, 1];
