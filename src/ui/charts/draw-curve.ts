/**
 * One coordinate: the truth as a filled curve, the model as a line with its past behind it, and
 * below them the whole lineage at once, one row of pixels per generation.
 */
import { density1d, type Grid } from '../../experiment/views/density.ts';
import type { Mixture } from '../../model/mixture.ts';
import { clipped, drawXAxis, line, toX, type Box } from './axes.ts';
import type { Surface } from './canvas-chart.ts';
import { sampledGenerations, type Trace } from '../trace.ts';
import {
  besideX,
  densityRange,
  ghostGenerations,
  gridIn,
  tallestPeak,
  type Range,
} from './density-extent.ts';
import { CHART_FONT, channels, faded, type Palette } from './palette.ts';
import { formatValue } from '../format.ts';

export interface CurveScene {
  readonly truth: Mixture;
  readonly trace: Trace;
  readonly generation: number;
  readonly axis: number;
  readonly label: string;
}

const SIDE = 12;
const TOP = 12;
const X_AXIS = 40;
const STRIP_GAP = 10;
const STRIP_SHARE = 0.34;
const GHOSTS = 6;
/** A model's peak above this many times the truth's is cut off, and said. */
const TALLEST = 3.2;

export function curveLayout(width: number, height: number, hasStrip: boolean) {
  const inner = height - TOP - X_AXIS;
  const stripHeight = hasStrip ? Math.round(inner * STRIP_SHARE) : 0;
  const gap = hasStrip ? STRIP_GAP : 0;
  const plot: Box = {
    left: SIDE,
    top: TOP,
    width: width - 2 * SIDE,
    height: inner - stripHeight - gap,
  };
  const strip: Box = { ...plot, top: plot.top + plot.height + gap, height: stripHeight };
  return { plot, strip };
}

export function drawCurve({ context, width, height, palette }: Surface, scene: CurveScene): void {
  const { truth, trace, generation, axis } = scene;
  const { plot, strip } = curveLayout(width, height, trace.length > 1);
  const range = densityRange(truth, trace, axis);
  const grid = gridIn(range, Math.max(Math.round(plot.width), 2));
  const truthCurve = density1d(truth, axis, grid);
  const model = trace.at(generation);
  const modelCurve = model && generation > 0 ? density1d(model, axis, grid) : null;
  const truthPeak = peakOf(truthCurve);
  const modelPeak = modelCurve ? peakOf(modelCurve) : 0;
  const top = Math.max(truthPeak, Math.min(modelPeak, TALLEST * truthPeak)) * 1.06;
  context.clearRect(0, 0, width, height);
  clipped(context, plot, () => {
    fillCurve(context, plot, truthCurve, top, palette);
    for (const past of ghostGenerations(generation, GHOSTS)) {
      const age = (generation - past) / generation;
      context.strokeStyle = faded(palette.model, 0.4 - 0.28 * age);
      context.lineWidth = 1;
      strokeCurve(context, plot, density1d(trace.at(past)!, axis, grid), top);
    }
    if (modelCurve) {
      context.strokeStyle = palette.model;
      context.lineWidth = 2.25;
      strokeCurve(context, plot, modelCurve, top);
    }
  });
  if (modelPeak > top) {
    const { density, at } = tallestPeak(model!, axis);
    notePeak(context, plot, peakText(density / truthPeak, at), toX(plot, range)(at), palette);
  }
  if (trace.length > 1) drawStrip(context, strip, scene, range, truthPeak, palette);
  const last = trace.length > 1 ? strip : plot;
  drawXAxis(context, last, range, palette, scene.label);
}

const peakOf = (curve: Float64Array): number =>
  curve.reduce((peak, value) => Math.max(peak, value), 0);

function pathOf(context: CanvasRenderingContext2D, box: Box, curve: Float64Array, top: number) {
  context.beginPath();
  curve.forEach((value, i) => {
    const x = box.left + (i / (curve.length - 1)) * box.width;
    const y = box.top + box.height * (1 - value / top);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
}

function strokeCurve(
  context: CanvasRenderingContext2D,
  box: Box,
  curve: Float64Array,
  top: number,
) {
  context.lineJoin = 'round';
  pathOf(context, box, curve, top);
  context.stroke();
}

function fillCurve(
  context: CanvasRenderingContext2D,
  box: Box,
  curve: Float64Array,
  top: number,
  palette: Palette,
) {
  const bottom = box.top + box.height;
  pathOf(context, box, curve, top);
  context.lineTo(box.left + box.width, bottom);
  context.lineTo(box.left, bottom);
  context.closePath();
  context.fillStyle = faded(palette.truth, 0.26);
  context.fill();
  context.strokeStyle = palette.truth;
  context.lineWidth = 1.5;
  strokeCurve(context, box, curve, top);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  line(context, box.left, bottom - 0.5, box.left + box.width, bottom - 0.5);
}

const NOTE_HEIGHT = 17;
/** Between a peak and its note. */
const NOTE_GAP = 6;

/** What a peak that is cut off is; where a point is, in words too: peaks may be close together. */
const peakText = (ratio: number, at: number): string =>
  Number.isFinite(ratio)
    ? `peak ${formatValue(ratio, 3)} × the truth’s, cut off`
    : `a point at ${formatValue(at, 3)}: no width a double can hold`;

/** Beside the peak. */
function notePeak(
  context: CanvasRenderingContext2D,
  box: Box,
  text: string,
  x: number,
  palette: Palette,
) {
  context.font = CHART_FONT;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  // On a ground of its own: the curve may run behind it.
  const { width } = context.measureText(text);
  const left = besideX(x, width, NOTE_GAP, box.left, box.left + box.width);
  context.fillStyle = faded(palette.surface, 0.85);
  context.fillRect(left - 2, box.top, width + 4, NOTE_HEIGHT);
  context.fillStyle = palette.model;
  context.fillText(text, left, box.top + 2);
}

/** Points of the picture along x: the strip is a blur where it is not a spike. */
const STRIP_COLUMNS = 320;
const LABEL_ROOM = 20;
/** This many times the truth's peak is full colour: what has narrowed is also darker. */
const FULL_COLOUR = 4;

function drawStrip(
  context: CanvasRenderingContext2D,
  box: Box,
  { trace, generation, axis }: CurveScene,
  range: Range,
  truthPeak: number,
  palette: Palette,
) {
  const rows = Math.round(box.height * devicePixelRatio);
  const picture = stripPicture(trace, axis, gridIn(range, STRIP_COLUMNS), rows, truthPeak, palette);
  context.imageSmoothingEnabled = true;
  context.drawImage(picture, box.left, box.top, box.width, box.height);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  const y = box.top + ((generation + 0.5) / trace.length) * box.height;
  context.strokeStyle = palette.ink;
  line(context, box.left, y, box.left + box.width, y);
  context.font = CHART_FONT;
  context.fillStyle = palette.inkFaint;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  // The line of the current generation would run through its own label.
  if (y > box.top + LABEL_ROOM) context.fillText('generation 0', box.left + 6, box.top + 5);
  context.textBaseline = 'bottom';
  const bottom = box.top + box.height;
  if (y < bottom - LABEL_ROOM) context.fillText(String(trace.length - 1), box.left + 6, bottom - 4);
}

interface CachedPicture {
  readonly trace: Trace;
  readonly key: string;
  readonly picture: OffscreenCanvas;
}
let cached: CachedPicture | null = null;

/** The strip's bitmap, of at most `most` rows; kept while only the generation changes. */
function stripPicture(
  trace: Trace,
  axis: number,
  grid: Grid,
  most: number,
  truthPeak: number,
  palette: Palette,
): OffscreenCanvas {
  const key = [axis, grid.from, grid.step, most, palette.model].join(' ');
  if (cached?.trace === trace && cached.key === key) return cached.picture;
  const generations = sampledGenerations(trace.length, most);
  const picture = new OffscreenCanvas(grid.count, generations.length);
  const context = picture.getContext('2d')!;
  const image = context.createImageData(grid.count, generations.length);
  // A pixel at a time: red is the lowest byte, opacity the highest.
  const pixels = new Uint32Array(image.data.buffer);
  const [r, g, b] = channels(palette.model);
  const colour = r | (g << 8) | (b << 16);
  let at = 0;
  for (const generation of generations) {
    for (const value of density1d(trace.at(generation)!, axis, grid)) {
      const share = Math.min(value / (FULL_COLOUR * truthPeak), 1);
      pixels[at++] = colour | (Math.round(255 * Math.sqrt(share)) << 24);
    }
  }
  context.putImageData(image, 0, 0);
  cached = { trace, key, picture };
  return picture;
}

/** The generation under a point of the canvas, or null outside the strip. */
export function stripGeneration(
  x: number,
  y: number,
  width: number,
  height: number,
  traceLength: number,
): number | null {
  if (traceLength < 2) return null;
  const { strip } = curveLayout(width, height, true);
  const inside =
    x >= strip.left &&
    x <= strip.left + strip.width &&
    y >= strip.top &&
    y < strip.top + strip.height;
  return inside ? Math.floor(((y - strip.top) / strip.height) * traceLength) : null;
}
