/** What all plots over generations have in common: size, axes, linked cursor, the chosen generation. */
import type uPlot from 'uplot';
import { CHART_FONT, type Palette } from './palette.ts';
import { stepDigits, tickLabel } from './ticks.ts';

export interface PlotLook {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly generation: () => number;
  /** Position along the generations that are drawn. */
  readonly onCursor: (position: number | null) => void;
}

/** All plots of the page share one cursor. */
const SYNC_KEY = 'genloss-generation';

export const plotFrame = (look: PlotLook) =>
  ({
    width: look.width,
    height: look.height,
    // Room for half of the last label of the axis.
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: SYNC_KEY, setSeries: false },
      drag: { x: false, y: false },
      y: false,
      points: { show: false },
    },
    hooks: {
      draw: [(chart) => drawGeneration(chart, look)],
      setCursor: [(chart) => look.onCursor(chart.cursor.idx ?? null)],
    },
  }) satisfies Partial<uPlot.Options>;

export const axis = (palette: Palette, own: Partial<uPlot.Axis>): uPlot.Axis => ({
  font: CHART_FONT,
  stroke: palette.inkFaint,
  grid: { stroke: palette.line, width: 1 },
  ticks: { show: false },
  gap: 4,
  ...own,
});

export const xAxis: Partial<uPlot.Axis> = { size: 24, space: 60, incrs: wholeSteps() };

/** Of what is whole, such as generations: 1, 2, 5, 10, … */
function wholeSteps(): number[] {
  const powers = Array.from({ length: 8 }, (_, power) => 10 ** power);
  return powers.flatMap((power) => [power, 2 * power, 5 * power]);
}

export const yAxis: Partial<uPlot.Axis> = {
  size: 54,
  space: 34,
  values: (_chart, splits, _axis, _space, step) => {
    const digits = stepDigits(step);
    return splits.map((value) => tickLabel(value, digits));
  },
};

/** Of counts. */
export const wholeAxis: Partial<uPlot.Axis> = { ...yAxis, incrs: wholeSteps() };

/** A line where the density chart is. */
function drawGeneration(chart: uPlot, { palette, generation }: PlotLook) {
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(generation(), 'x', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = palette.lineStrong;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
