/** How uPlot is to draw a fan: bands, lines, axes, the linked cursor and the chosen generation. */
import type uPlot from 'uplot';
import { seriesIndex, type Scale } from './fan-data.ts';
import { CHART_FONT, faded, type Palette } from './palette.ts';
import { logTicks, stepDigits, tickLabel } from './ticks.ts';

export interface FanLook {
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
  readonly palette: Palette;
  /** True where a linear axis should begin at zero. */
  readonly fromZero: boolean;
  readonly generation: () => number;
  /** Position along the generations that are drawn. */
  readonly onCursor: (position: number | null) => void;
}

/** All fans of the page share one cursor. */
const SYNC_KEY = 'genloss-generation';

/** What all plots over generations have in common. */
export const plotFrame = (width: number, height: number) =>
  ({
    width,
    height,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: SYNC_KEY, setSeries: false },
      drag: { x: false, y: false },
      y: false,
      points: { show: false },
    },
  }) satisfies Partial<uPlot.Options>;

export function fanOptions(look: FanLook): uPlot.Options {
  const { width, height, palette } = look;
  return {
    ...plotFrame(width, height),
    scales: { x: { time: false }, y: yScale(look) },
    axes: [axis(palette, xAxis), axis(palette, look.scale === 'log' ? logAxis : yAxis)],
    series: series(palette),
    bands: [
      { series: [seriesIndex('q95'), seriesIndex('q05')], fill: faded(palette.accent, 0.16) },
      { series: [seriesIndex('q75'), seriesIndex('q25')], fill: faded(palette.accent, 0.26) },
    ],
    hooks: {
      draw: [(chart) => drawGeneration(chart, look)],
      setCursor: [(chart) => look.onCursor(chart.cursor.idx ?? null)],
    },
  };
}

function yScale({ scale, fromZero }: FanLook): uPlot.Scale {
  if (scale === 'log') return { distr: 3, range: logRange };
  return { range: (_chart, low, high) => linearRange(low, high, fromZero) };
}

/** Room above and below, as a share of the range. */
const MARGIN = 0.06;

export function linearRange(low: number, high: number, fromZero: boolean): [number, number] {
  if (low === null || high === null) return [0, 1];
  const bottom = fromZero ? Math.min(low, 0) : low;
  const span = high - bottom || Math.abs(high) || 1;
  return [fromZero && low >= 0 ? 0 : bottom - MARGIN * span, high + MARGIN * span];
}

export function logRange(_chart: unknown, low: number, high: number): [number, number] {
  if (low === null || high === null) return [0.1, 1];
  const room = (high / low) ** MARGIN || 1.1;
  return [low / Math.max(room, 1.02), high * Math.max(room, 1.02)];
}

function series(palette: Palette): uPlot.Series[] {
  const edge = { stroke: 'transparent', width: 0, points: { show: false } };
  const line = (stroke: string, width: number, dash?: number[]): uPlot.Series => ({
    stroke,
    width,
    points: { show: false },
    ...(dash ? { dash } : {}),
  });
  return [
    {},
    edge,
    edge,
    edge,
    edge,
    line(palette.ink, 1.25),
    line(palette.accent, 2.25),
    line(palette.law, 2, [6, 5]),
  ];
}

const axis = (palette: Palette, own: Partial<uPlot.Axis>): uPlot.Axis => ({
  font: CHART_FONT,
  stroke: palette.inkFaint,
  grid: { stroke: palette.line, width: 1 },
  ticks: { show: false },
  gap: 4,
  ...own,
});

const xAxis: Partial<uPlot.Axis> = { size: 24, space: 60, incrs: wholeSteps() };

/** Generations are whole: 1, 2, 5, 10, … */
function wholeSteps(): number[] {
  const powers = Array.from({ length: 8 }, (_, power) => 10 ** power);
  return powers.flatMap((power) => [power, 2 * power, 5 * power]);
}

const yAxis: Partial<uPlot.Axis> = {
  size: 54,
  space: 34,
  values: (_chart, splits, _axis, _space, step) => {
    const digits = stepDigits(step);
    return splits.map((value) => tickLabel(value, digits));
  },
};

/** Axes of shares of lineages. */
export const shareAxes = (palette: Palette): uPlot.Axis[] => [
  axis(palette, xAxis),
  axis(palette, yAxis),
];

/** Device pixels that one tick of the log axis wants. */
const Y_SPACING = 36;

const logAxis: Partial<uPlot.Axis> = {
  size: 54,
  splits: (chart, _axis, low, high) => logTicks(low, high, chart.bbox.height / Y_SPACING),
  filter: (_chart, splits) => splits,
  values: (_chart, splits) => splits.map(logLabel),
};

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Plain from 0.01 to 500, powers of ten beyond. */
export function logLabel(value: number): string {
  const power = Math.floor(Math.log10(value) + 1e-9);
  if (Math.abs(power) <= 2) return String(Number(value.toPrecision(1)));
  const multiple = Math.round(value / 10 ** power);
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return `${multiple === 1 ? '' : `${multiple}·`}10${power < 0 ? '⁻' : ''}${digits}`;
}

/** A line where the density chart is. */
function drawGeneration(chart: uPlot, { palette, generation }: FanLook) {
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(generation(), 'x', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = palette.lineStrong;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
