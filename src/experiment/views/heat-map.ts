/**
 * A heat map as data, over one or two axes: one summary of one statistic at one generation, or what
 * has become of each cell by then, in a word.
 */
import { REGIMES, regimeOf } from '../regime.ts';
import { cellAt, summaryAt, type ResultAxis, type Results, type SummaryField } from '../results.ts';

export interface HeatPlane {
  /** Cells with fewer generations show their last one. */
  readonly generation: number;
  /** Index of the axis along x. */
  readonly x: number;
  /** Index of the axis along y; null for a single row. */
  readonly y: number | null;
  /** Position on every axis; those of x and y are not read. */
  readonly position: readonly number[];
}

export interface HeatMapRequest extends HeatPlane {
  /** Index into `results.statistics`. */
  readonly statistic: number;
  readonly field: SummaryField;
}

export interface HeatMap {
  readonly x: ResultAxis;
  readonly y: ResultAxis | null;
  /** [y × x], row-major: which cell each square is. */
  readonly cells: Uint32Array;
  /** [y × x]; NaN is a gap. */
  readonly values: Float64Array;
  /** Range of the values that are there; NaN when none is. */
  readonly min: number;
  readonly max: number;
  /** What values are the places of; null where they are numbers. */
  readonly words: readonly string[] | null;
}

export const heatMap = (results: Results, request: HeatMapRequest): HeatMap => ({
  ...layOut(results, request, (cell, generation) =>
    summaryAt(results, cell, generation, request.statistic, request.field),
  ),
  words: null,
});

/** The regime of each cell by the generation, a gap where it has none. */
export const regimeMap = (results: Results, plane: HeatPlane): HeatMap => ({
  ...layOut(results, plane, (cell, generation) => {
    const there = generation > 0 && generation <= results.generationsDone[cell]!;
    const regime = there ? regimeOf(results, cell, generation) : null;
    return regime === null ? NaN : REGIMES.indexOf(regime);
  }),
  words: REGIMES,
});

function layOut(
  results: Results,
  plane: HeatPlane,
  valueOf: (cell: number, generation: number) => number,
): Omit<HeatMap, 'words'> {
  const { axes } = results;
  const x = axes[plane.x]!;
  const y = plane.y === null ? null : axes[plane.y]!;
  const width = x.values.length;
  const height = y === null ? 1 : y.values.length;
  const cells = new Uint32Array(width * height);
  const values = new Float64Array(width * height);
  const position = [...plane.position];
  let min = NaN;
  let max = NaN;
  for (let at = 0; at < cells.length; at++) {
    position[plane.x] = at % width;
    if (plane.y !== null) position[plane.y] = Math.floor(at / width);
    const cell = cellAt(axes, position);
    const value = valueOf(cell, Math.min(plane.generation, results.cells[cell]!.generations));
    cells[at] = cell;
    values[at] = value;
    if (!(value >= min)) min = Number.isNaN(value) ? min : value;
    if (!(value <= max)) max = Number.isNaN(value) ? max : value;
  }
  return { x, y, cells, values, min, max };
}
