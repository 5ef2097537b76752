/** Where the squares of a heat map lie, which one is under a point, and how the arrows move. */
import type { HeatMap } from '../../experiment/views/heat-map.ts';
import type { AxisValue } from '../../spec/schema.ts';
import { formatAxisValue, formatValue } from '../format.ts';
import type { Box } from './axes.ts';
import { CLASS_COLOURS, colourOf, type Rgb } from './colour-table.ts';
import type { Scale } from './fan-data.ts';

export interface HeatLayout {
  readonly box: Box;
  readonly columns: number;
  readonly rows: number;
}

/** Left margin beside numbers; words may make it wider, up to a share of the width. */
const LEFT = 76;
const WIDEST_LEFT = 0.42;
/** Beside the labels: the axis's name, and the gap to the squares. */
export const LEFT_ROOM = 30;
/** Pixels of a letter of `CHART_FONT`, on average and in a wide system font. */
const LETTER = 6;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 44;
const LARGEST_ROW = 44;
const SMALLEST_ROW = 4;
/** Height the squares would like to fill. */
const WISHED = 230;

export const heatHeight = (rows: number): number =>
  TOP + BOTTOM + Math.min(Math.max(rows * SMALLEST_ROW, WISHED), rows * LARGEST_ROW);

export function heatLayout(map: HeatMap, width: number, height: number): HeatLayout {
  const left = map.y === null ? RIGHT : leftMargin(map.y.values, width);
  return {
    box: { left, top: TOP, width: width - left - RIGHT, height: height - TOP - BOTTOM },
    columns: map.x.values.length,
    rows: map.y === null ? 1 : map.y.values.length,
  };
}

/** Wide enough for the longest label, or as much of it as a narrow chart can spare. */
function leftMargin(values: readonly AxisValue[], width: number): number {
  const longest = Math.max(...values.map((value) => formatAxisValue(value).length));
  return Math.max(LEFT, Math.min(LEFT_ROOM + LETTER * longest, WIDEST_LEFT * width));
}

/** The square of a position; row 0 is at the bottom, as on any chart. */
export function squareBox({ box, columns, rows }: HeatLayout, column: number, row: number): Box {
  const left = box.left + (column * box.width) / columns;
  const top = box.top + ((rows - 1 - row) * box.height) / rows;
  return { left, top, width: box.width / columns, height: box.height / rows };
}

/** Position in `map.cells` of the square under a point; null outside. */
export function squareAt({ box, columns, rows }: HeatLayout, x: number, y: number): number | null {
  const column = Math.floor(((x - box.left) / box.width) * columns);
  const row = rows - 1 - Math.floor(((y - box.top) / box.height) * rows);
  if (column < 0 || column >= columns || row < 0 || row >= rows) return null;
  return row * columns + column;
}

/** Where a key leads from a square; the same square at an edge or for another key. */
export function squareAfterKey(at: number, key: string, columns: number, rows: number): number {
  const column = at % columns;
  const row = Math.floor(at / columns);
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const go = (toColumn: number, toRow: number) =>
    clamp(toRow, rows - 1) * columns + clamp(toColumn, columns - 1);
  switch (key) {
    case 'ArrowLeft':
      return go(column - 1, row);
    case 'ArrowRight':
      return go(column + 1, row);
    case 'ArrowUp':
      return go(column, row + 1);
    case 'ArrowDown':
      return go(column, row - 1);
    case 'Home':
      return go(0, row);
    case 'End':
      return go(columns - 1, row);
    default:
      return at;
  }
}

/** Every how many labels are written, so that each has this much room. */
export const labelStride = (count: number, length: number, room: number): number =>
  Math.max(1, Math.ceil((count * room) / Math.max(length, 1)));

/** Share of the colour scale; NaN for a gap. */
export function colourShare(value: number, min: number, max: number, log: boolean): number {
  if (Number.isNaN(value)) return NaN;
  if (max === min) return 0.5;
  if (!log) return (value - min) / (max - min);
  return Math.log(value / min) / Math.log(max / min);
}

/** The colour of each value of a map; null for a gap. */
export function colouring(map: HeatMap, scale: Scale): (value: number) => Rgb | null {
  const { min, max, words } = map;
  const log = scale === 'log';
  return (value) => {
    if (Number.isNaN(value)) return null;
    return words ? CLASS_COLOURS[value]! : colourOf(colourShare(value, min, max, log));
  };
}

/** A value of a map as it is read out. */
export const heatText = ({ words }: HeatMap, value: number, digits?: number): string =>
  words ? (words[value] ?? '–') : formatValue(value, digits);

/** Logarithmic colours show a map better where everything is positive and spans more than this. */
const LOG_WORTH = 20;

/** Whether a map may have logarithmic colours, and whether it gains by them. */
export const logColoursFor = ({ min, max }: HeatMap) => ({
  possible: min > 0,
  better: min > 0 && max / min > LOG_WORTH,
});
