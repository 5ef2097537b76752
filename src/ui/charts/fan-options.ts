/** How uPlot is to draw a fan: bands, lines and axes. */
import type uPlot from 'uplot';
import { seriesIndex, type Scale } from './fan-data.ts';
import { faded, type Palette } from './palette.ts';
import { axis, plotFrame, wholeAxis, xAxis, yAxis, type PlotLook } from './plot-frame.ts';
import { logTicks } from './ticks.ts';

export interface FanLook extends PlotLook {
  readonly scale: Scale;
  /** True where a linear axis should begin at zero. */
  readonly fromZero: boolean;
  /** True where a linear axis should have whole ticks only. */
  readonly whole: boolean;
}

export function fanOptions(look: FanLook): uPlot.Options {
  const { palette } = look;
  const linearAxis = look.whole ? wholeAxis : yAxis;
  return {
    ...plotFrame(look),
    scales: { x: { time: false }, y: yScale(look) },
    axes: [axis(palette, xAxis), axis(palette, look.scale === 'log' ? logAxis : linearAxis)],
    series: series(palette),
    bands: [
      { series: [seriesIndex('q95'), seriesIndex('q05')], fill: faded(palette.accent, 0.16) },
      { series: [seriesIndex('q75'), seriesIndex('q25')], fill: faded(palette.accent, 0.26) },
    ],
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
    ...Array.from({ length: 4 }, () => line(palette.law, 1, [2, 3])),
    line(palette.law, 2, [6, 5]),
    line(palette.law, 2, [2, 3]),
  ];
}

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
