/** A rectangle of a canvas with coordinates of its own, and the axes about it. */
import type { Range } from './density-extent.ts';
import { CHART_FONT, type Palette } from './palette.ts';
import { niceTicks, tickLabel } from './ticks.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const toX =
  (box: Box, { low, high }: Range) =>
  (value: number): number =>
    box.left + ((value - low) / (high - low)) * box.width;

/** Upwards. */
export const toY =
  (box: Box, { low, high }: Range) =>
  (value: number): number =>
    box.top + box.height - ((value - low) / (high - low)) * box.height;

/** Pixels that one label needs. */
const X_SPACING = 80;
const Y_SPACING = 44;

export function drawXAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  range: Range,
  palette: Palette,
  title: string,
): void {
  const x = toX(box, range);
  const bottom = box.top + box.height;
  context.font = CHART_FONT;
  context.strokeStyle = palette.line;
  context.fillStyle = palette.inkFaint;
  context.textBaseline = 'top';
  context.textAlign = 'center';
  line(context, box.left, bottom + 0.5, box.left + box.width, bottom + 0.5);
  const { values, digits } = niceTicks(range.low, range.high, box.width / X_SPACING);
  for (const value of values) {
    const at = Math.round(x(value)) + 0.5;
    line(context, at, bottom, at, bottom + 4);
    context.fillText(tickLabel(value, digits), at, bottom + 7);
  }
  context.textAlign = 'right';
  context.fillStyle = palette.inkSoft;
  context.fillText(title, box.left + box.width, bottom + 21);
}

export function drawYAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  range: Range,
  palette: Palette,
  title: string,
): void {
  const y = toY(box, range);
  context.font = CHART_FONT;
  context.strokeStyle = palette.line;
  context.fillStyle = palette.inkFaint;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  line(context, box.left - 0.5, box.top, box.left - 0.5, box.top + box.height);
  const { values, digits } = niceTicks(range.low, range.high, box.height / Y_SPACING);
  for (const value of values) {
    const at = Math.round(y(value)) + 0.5;
    line(context, box.left - 4, at, box.left, at);
    context.fillText(tickLabel(value, digits), box.left - 7, at);
  }
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillStyle = palette.inkSoft;
  context.fillText(title, 2, box.top - 4);
}

export function line(
  context: CanvasRenderingContext2D,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Everything drawn inside stays in the box. */
export function clipped(context: CanvasRenderingContext2D, box: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  draw();
  context.restore();
}
