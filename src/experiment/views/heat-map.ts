/** A heat map as data: one summary of one statistic at one generation, over one or two axes. */
import {
  cellAt,
  rowIndex,
  SUMMARY_FIELDS,
  type ResultAxis,
  type Results,
  type SummaryField,
} from '../results.ts';

export interface HeatMapRequest {
  /** Index into `results.statistics`. */
  readonly statistic: number;
  readonly field: SummaryField;
  /** Cells with fewer generations show their last one. */
  readonly generation: number;
  /** Index of the axis along x. */
  readonly x: number;
  /** Index of the axis along y; null for a single row. */
  readonly y: number | null;
  /** Position on every axis; those of x and y are not read. */
  readonly position: readonly number[];
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
}

export function heatMap(results: Results, request: HeatMapRequest): HeatMap {
  const { axes } = results;
  const x = axes[request.x]!;
  const y = request.y === null ? null : axes[request.y]!;
  const width = x.values.length;
  const height = y === null ? 1 : y.values.length;
  const cells = new Uint32Array(width * height);
  const values = new Float64Array(width * height);
  const field = SUMMARY_FIELDS.indexOf(request.field);
  const position = [...request.position];
  let min = NaN;
  let max = NaN;
  for (let at = 0; at < cells.length; at++) {
    position[request.x] = at % width;
    if (request.y !== null) position[request.y] = Math.floor(at / width);
    const cell = cellAt(axes, position);
    const generation = Math.min(request.generation, results.cells[cell]!.generations);
    const row = rowIndex(results, cell, generation, request.statistic);
    const value = results.values[row * SUMMARY_FIELDS.length + field]!;
    cells[at] = cell;
    values[at] = value;
    if (!(value >= min)) min = Number.isNaN(value) ? min : value;
    if (!(value <= max)) max = Number.isNaN(value) ? max : value;
  }
  return { x, y, cells, values, min, max };
}
