/**
 * Two coordinates: the truth as shaded regions that hold 50, 90 and 99 % of it (and its rows, if it
 * has any), the model as one- and two-σ ellipses with the paths of their centres.
 */
import { density2d, type Grid } from '../../experiment/views/density.ts';
import type { Mixture } from '../../model/mixture.ts';
import { clipped, drawXAxis, drawYAxis, toX, toY, type Box } from './axes.ts';
import type { Surface } from './canvas-chart.ts';
import { contourSegments, levelsHolding } from './contours.ts';
import { componentEllipse, densityRange, gridIn, type Range } from './density-extent.ts';
import { channels, faded, type Palette } from './palette.ts';
import { sampledGenerations, type Trace } from '../trace.ts';

export interface PlaneScene {
  readonly truth: Mixture;
  /** [N × dim], or null. */
  readonly rows: Float64Array | null;
  readonly trace: Trace;
  readonly generation: number;
  readonly axes: readonly [number, number];
  readonly labels: readonly [string, string];
}

const LEFT = 52;
const TOP = 22;
const RIGHT = 12;
const BOTTOM = 40;
const GRID = 140;
const SHARES = [0.99, 0.9, 0.5];
/** Opacity of the field where the truth is densest. */
const FIELD_OPACITY = 0.42;
const MOST_ROWS = 4000;
/** A component of less weight than this is not drawn fainter than this. */
const LEAST_OPACITY = 0.25;

interface Plane {
  readonly context: CanvasRenderingContext2D;
  readonly box: Box;
  readonly rangeX: Range;
  readonly rangeY: Range;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly palette: Palette;
}

export function drawPlane(surface: Surface, scene: PlaneScene): void {
  const { context, width, height, palette } = surface;
  const { truth, trace, axes, labels } = scene;
  const box = { left: LEFT, top: TOP, width: width - LEFT - RIGHT, height: height - TOP - BOTTOM };
  const ranges = [
    densityRange(truth, trace, axes[0]),
    densityRange(truth, trace, axes[1]),
  ] as const;
  // Rows have units of their own; blobs and mixtures share one, so a circle should look round.
  const [rangeX, rangeY] = scene.rows ? ranges : equalScale(ranges, box);
  const plane = { context, box, rangeX, rangeY, palette, x: toX(box, rangeX), y: toY(box, rangeY) };
  context.clearRect(0, 0, width, height);
  clipped(context, box, () => {
    drawTruth(plane, truth, axes);
    if (scene.rows) drawRows(plane, scene.rows, truth.dim, axes);
    if (scene.generation > 0) drawModel(plane, scene);
  });
  drawXAxis(context, box, rangeX, palette, labels[0]);
  drawYAxis(context, box, rangeY, palette, labels[1]);
}

function equalScale([x, y]: readonly [Range, Range], box: Box): readonly [Range, Range] {
  const scale = Math.max((x.high - x.low) / box.width, (y.high - y.low) / box.height);
  const widen = ({ low, high }: Range, pixels: number): Range => {
    const middle = (low + high) / 2;
    return { low: middle - (scale * pixels) / 2, high: middle + (scale * pixels) / 2 };
  };
  return [widen(x, box.width), widen(y, box.height)];
}

function drawTruth(plane: Plane, truth: Mixture, axes: readonly [number, number]) {
  const { context, box, palette } = plane;
  const gridX = gridIn(plane.rangeX, GRID);
  const gridY = gridIn(plane.rangeY, GRID);
  const { picture, contours } = truthField(truth, axes, gridX, gridY, palette);
  context.drawImage(picture, box.left, box.top, box.width, box.height);
  context.strokeStyle = faded(palette.truth, 0.9);
  context.lineWidth = 1;
  for (const segments of contours) {
    context.beginPath();
    for (let i = 0; i < segments.length; i += 4) {
      const at = (s: number) => plane.x(gridX.from + segments[s]! * gridX.step);
      const up = (s: number) => plane.y(gridY.from + segments[s]! * gridY.step);
      context.moveTo(at(i), up(i + 1));
      context.lineTo(at(i + 2), up(i + 3));
    }
    context.stroke();
  }
}

interface TruthField {
  readonly picture: OffscreenCanvas;
  /** Of each region that holds a share, its segments. */
  readonly contours: readonly (readonly number[])[];
}
let known: { readonly truth: Mixture; readonly key: string; readonly field: TruthField } | null =
  null;

/** Kept while only the generation changes. */
function truthField(
  truth: Mixture,
  axes: readonly [number, number],
  gridX: Grid,
  gridY: Grid,
  palette: Palette,
): TruthField {
  const key = JSON.stringify([axes, gridX, gridY, palette.truth]);
  if (known?.truth === truth && known.key === key) return known.field;
  const density = density2d(truth, axes, gridX, gridY);
  const contours = levelsHolding(density, SHARES).map((level) =>
    contourSegments(density, GRID, level),
  );
  const field = { picture: fieldPicture(density, palette), contours };
  known = { truth, key, field };
  return field;
}

/** The density as opacity; the picture's first row is the top. */
function fieldPicture(density: Float64Array, palette: Palette): OffscreenCanvas {
  const picture = new OffscreenCanvas(GRID, GRID);
  const context = picture.getContext('2d')!;
  const image = context.createImageData(GRID, GRID);
  const peak = density.reduce((most, value) => Math.max(most, value), 0);
  const [r, g, b] = channels(palette.truth);
  density.forEach((value, i) => {
    const row = GRID - 1 - Math.floor(i / GRID);
    const opacity = 255 * FIELD_OPACITY * Math.sqrt(value / peak);
    image.data.set([r, g, b, opacity], 4 * (row * GRID + (i % GRID)));
  });
  context.putImageData(image, 0, 0);
  return picture;
}

function drawRows(
  { context, x, y, palette }: Plane,
  rows: Float64Array,
  dim: number,
  axes: readonly [number, number],
) {
  const count = rows.length / dim;
  const stride = Math.max(Math.ceil(count / MOST_ROWS), 1);
  context.fillStyle = faded(palette.truth, 0.75);
  for (let row = 0; row < count; row += stride) {
    const left = x(rows[row * dim + axes[0]]!);
    const top = y(rows[row * dim + axes[1]]!);
    context.fillRect(left - 1, top - 1, 2, 2);
  }
}

function drawModel(plane: Plane, { trace, generation, axes }: PlaneScene) {
  const model = trace.at(generation);
  if (!model) return;
  const { context, palette } = plane;
  const heaviest = Math.max(...model.weights);
  model.weights.forEach((weight, k) => {
    if (weight === 0) return;
    const opacity = Math.max(Math.sqrt(weight / heaviest), LEAST_OPACITY);
    drawPath(plane, trace, generation, k, axes);
    context.strokeStyle = faded(palette.model, opacity);
    context.fillStyle = faded(palette.model, 0.12 * opacity);
    for (const radius of [2, 1]) {
      context.lineWidth = radius === 1 ? 2.25 : 1.25;
      ellipsePath(plane, model, k, axes, radius);
      context.fill();
      context.stroke();
    }
    const { x, y } = componentEllipse(model, k, axes);
    context.beginPath();
    context.arc(plane.x(x), plane.y(y), 2.5, 0, 2 * Math.PI);
    context.fillStyle = faded(palette.model, opacity);
    context.fill();
  });
}

/** Points of an ellipse: round enough at any size on screen. */
const ELLIPSE_POINTS = 72;

function ellipsePath(
  { context, x, y }: Plane,
  model: Mixture,
  k: number,
  axes: readonly [number, number],
  radius: number,
) {
  const ellipse = componentEllipse(model, k, axes);
  const cos = Math.cos(ellipse.angle);
  const sin = Math.sin(ellipse.angle);
  context.beginPath();
  for (let i = 0; i < ELLIPSE_POINTS; i++) {
    const turn = (2 * Math.PI * i) / ELLIPSE_POINTS;
    const along = radius * ellipse.major * Math.cos(turn);
    const across = radius * ellipse.minor * Math.sin(turn);
    const left = x(ellipse.x + along * cos - across * sin);
    const top = y(ellipse.y + along * sin + across * cos);
    if (i === 0) context.moveTo(left, top);
    else context.lineTo(left, top);
  }
  context.closePath();
}

/** Corners of a path: longer lineages are drawn in longer strides. */
const MOST_STEPS = 1000;

function drawPath(
  { context, x, y, palette }: Plane,
  trace: Trace,
  generation: number,
  k: number,
  axes: readonly [number, number],
) {
  context.beginPath();
  for (const step of [...sampledGenerations(generation, MOST_STEPS), generation - 1]) {
    const { means, weights } = trace.at(step + 1)!;
    const mean = means[k];
    if (mean && weights[k] !== 0) context.lineTo(x(mean[axes[0]]!), y(mean[axes[1]]!));
  }
  context.strokeStyle = faded(palette.model, 0.35);
  context.lineWidth = 1;
  context.stroke();
}
