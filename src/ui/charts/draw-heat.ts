/** Draws a heat map: squares, their values where there is room, both axes, the chosen square. */
import type { HeatMap } from '../../experiment/views/heat-map.ts';
import { formatAxisValue } from '../format.ts';
import type { Surface } from './canvas-chart.ts';
import { cssColour, inkOn } from './colour-table.ts';
import type { Scale } from './fan-data.ts';
import {
  colouring,
  heatLayout,
  heatText,
  labelStride,
  LEFT_ROOM,
  squareBox,
  type HeatLayout,
} from './heat-layout.ts';
import { CHART_FONT } from './palette.ts';

export interface HeatScene {
  readonly map: HeatMap;
  /** Of the colours. */
  readonly scale: Scale;
  readonly labels: { readonly x: string; readonly y: string };
  /** Positions in `map.cells`. */
  readonly chosen: number;
  readonly active: number | null;
}

/** A square this large has room for its number, or for the longest word. */
const ROOM_X = 48;
const ROOM_WORD = 60;
const ROOM_Y = 18;

export function drawHeat(surface: Surface, scene: HeatScene): void {
  const { context, width, height } = surface;
  const layout = heatLayout(scene.map, width, height);
  context.clearRect(0, 0, width, height);
  if (scene.map.cells.length > MOST_SQUARES) drawPicture(surface, layout, scene);
  else drawSquares(surface, layout, scene);
  drawLabels(surface, layout, scene);
  if (scene.active !== null) outline(surface, layout, scene.active, 1.5);
  outline(surface, layout, scene.chosen, 3);
}

/** More squares than this are drawn as the pixels of one picture. */
const MOST_SQUARES = 4096;

function drawPicture(
  { context, palette }: Surface,
  { box, columns, rows }: HeatLayout,
  { map, scale }: HeatScene,
) {
  const colourAt = colouring(map, scale);
  context.fillStyle = palette.line;
  context.fillRect(box.left, box.top, box.width, box.height);
  const picture = new OffscreenCanvas(columns, rows);
  const inner = picture.getContext('2d')!;
  const image = inner.createImageData(columns, rows);
  map.values.forEach((value, at) => {
    const colour = colourAt(value);
    if (!colour) return;
    const row = rows - 1 - Math.floor(at / columns);
    image.data.set([...colour, 255], 4 * (row * columns + (at % columns)));
  });
  inner.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, box.left, box.top, box.width, box.height);
}

function drawSquares({ context, palette }: Surface, layout: HeatLayout, { map, scale }: HeatScene) {
  const colourAt = colouring(map, scale);
  const room = map.words ? ROOM_WORD : ROOM_X;
  // Where squares are large a hairline parts them; where they are small it would hide them.
  const gap = layout.box.width / layout.columns > 8 ? 1 : 0;
  context.font = CHART_FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  map.values.forEach((value, at) => {
    const column = at % layout.columns;
    const box = squareBox(layout, column, Math.floor(at / layout.columns));
    const colour = colourAt(value);
    context.fillStyle = colour ? cssColour(colour) : palette.line;
    context.fillRect(box.left, box.top, box.width - gap, box.height - gap);
    if (!colour || box.width < room || box.height < ROOM_Y) return;
    context.fillStyle = inkOn(colour);
    const text = heatText(map, value, 3);
    context.fillText(text, box.left + box.width / 2, box.top + box.height / 2);
  });
}

/** Pixels between two labels. */
const LABEL_GAP = 8;

function drawLabels({ context, palette, width }: Surface, layout: HeatLayout, scene: HeatScene) {
  const { map, labels } = scene;
  const { box, columns, rows } = layout;
  context.font = CHART_FONT;
  context.fillStyle = palette.inkFaint;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const bottom = box.top + box.height;
  const texts = map.x.values.map(formatAxisValue);
  const widest = Math.max(...texts.map((text) => context.measureText(text).width));
  const strideX = labelStride(columns, box.width, widest + LABEL_GAP);
  for (let column = 0; column < columns; column += strideX) {
    const square = squareBox(layout, column, 0);
    context.fillText(texts[column]!, square.left + square.width / 2, bottom + 5);
  }
  context.fillStyle = palette.inkSoft;
  context.fillText(labels.x, box.left + box.width / 2, bottom + 24, width);
  if (map.y === null) return;
  context.fillStyle = palette.inkFaint;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const strideY = labelStride(rows, box.height, 16);
  for (let row = 0; row < rows; row += strideY) {
    const square = squareBox(layout, 0, row);
    const text = formatAxisValue(map.y.values[row]!);
    context.fillText(text, box.left - 7, square.top + square.height / 2, box.left - LEFT_ROOM);
  }
  context.save();
  context.translate(11, box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.fillStyle = palette.inkSoft;
  context.fillText(labels.y, 0, 0, box.height);
  context.restore();
}

/** Two lines, dark and light, so that one of them shows on any colour. */
function outline({ context, palette }: Surface, layout: HeatLayout, at: number, width: number) {
  const row = Math.floor(at / layout.columns);
  const { left, top, width: w, height: h } = squareBox(layout, at % layout.columns, row);
  context.strokeStyle = palette.ink;
  context.lineWidth = width;
  context.strokeRect(left, top, w - 1, h - 1);
  context.strokeStyle = palette.surface;
  context.lineWidth = 1;
  context.strokeRect(left + width / 2 + 0.5, top + width / 2 + 0.5, w - width - 2, h - width - 2);
}
