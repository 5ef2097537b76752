/** A distribution of final values as the columns and the axes that uPlot draws, and as a table. */
import type uPlot from 'uplot';
import type { FinalValues } from '../../experiment/views/final-values.ts';
import { QUANTILES } from '../../plan/plan.ts';
import { formatValue } from '../format.ts';
import type { Scale } from './fan-data.ts';
import { linearRange, logLabel, logRange } from './fan-options.ts';
import { axis, xAxis, yAxis, type PlotLook } from './plot-frame.ts';
import type { TableData } from './table-data.ts';
import { logTicks, stepDigits, tickLabel } from './ticks.ts';

/** A log axis shows values better when they span at least this ratio. */
const LOG_WORTH = 20;

/** Of the law as it is, or of what was measured. */
export function finalScale({ measured, law }: FinalValues): Scale {
  const values = law?.last.quantiles ?? Array.from(measured);
  const [low, high] = [values[0]!, values.at(-1)!];
  return low > 0 && high / low >= LOG_WORTH ? 'log' : 'linear';
}

/** One column has a number where another has `undefined`: both are joined over it. */
type Row = readonly [x: number, measured: number | undefined, law: number | undefined];

/** Values, and the shares of lineages below them: as measured, and by the law. */
export function finalData({ measured, law }: FinalValues, scale: Scale): uPlot.AlignedData {
  const rows: Row[] = [
    ...Array.from(measured, (x, q): Row => [x, QUANTILES[q], undefined]),
    ...Array.from(law?.last.x ?? [], (x, i): Row => [x, undefined, law!.last.share[i]]),
  ];
  const shown = rows
    .filter(([x]) => Number.isFinite(x) && (scale === 'linear' || x > 0))
    .sort(([a, p = 0, s = 0], [b, q = 0, r = 0]) => a - b || p - q || s - r);
  return [0, 1, 2].map((column) => shown.map((row) => row[column])) as uPlot.AlignedData;
}

/** Pixels that one label of the axis of values wants. */
const X_SPACING = 80;

const logAxis: Partial<uPlot.Axis> = {
  ...{ size: 24, filter: (_chart, splits) => splits },
  splits: (chart, _axis, low, high) =>
    logTicks(low, high, chart.bbox.width / devicePixelRatio / X_SPACING),
  values: (_chart, splits) => splits.map(logLabel),
};

const linearAxis: Partial<uPlot.Axis> = {
  ...{ size: 24, space: X_SPACING },
  values: (_chart, splits, _axis, _space, step) =>
    splits.map((value) => tickLabel(value, stepDigits(step))),
};

/** @param lawful Points that lie on a law are not joined by lines, which would leave it. */
export function finalOptions(
  { width, height, palette }: PlotLook,
  scale: Scale,
  lawful: boolean,
): uPlot.Options {
  const range: uPlot.Range.Function =
    scale === 'log' ? logRange : (_chart, low, high) => linearRange(low, high, false);
  const line = { width: 2, points: { show: false } };
  return {
    ...{ width, height, padding: [8, 16, 0, 0], legend: { show: false }, cursor: { show: false } },
    scales: {
      x: { time: false, range, ...(scale === 'log' && { distr: 3 as const }) },
      y: { range: [0, 1] },
    },
    axes: [
      axis(palette, { ...xAxis, ...(scale === 'log' ? logAxis : linearAxis) }),
      axis(palette, yAxis),
    ],
    series: [
      {},
      {
        ...{ stroke: palette.accent, width: lawful ? 0 : 2 },
        points: { show: true, size: 7, width: 0, stroke: palette.accent, fill: palette.accent },
      },
      { ...line, stroke: palette.law, dash: [2, 3] },
    ],
  };
}

/** A row for each share: the value that was measured, and the law's. */
export function finalTable({ measured, law }: FinalValues): TableData {
  return {
    corner: 'lineages below',
    heads: ['measured', ...(law ? ['law'] : [])],
    rows: QUANTILES.map((share, q) => ({
      head: `${100 * share} %`,
      cells: [measured[q]!, ...(law ? [law.last.quantiles[q]!] : [])].map((x) => formatValue(x)),
    })),
  };
}
