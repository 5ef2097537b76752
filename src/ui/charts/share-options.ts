/** How uPlot is to draw shares. */
import type uPlot from 'uplot';
import type { Shares } from '../../experiment/views/shares.ts';
import { plotFrame, shareAxes } from './fan-options.ts';
import { faded, type Palette } from './palette.ts';

export interface ShareLook {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  /** Areas on top of each other, the first at the bottom; else lines. */
  readonly stacked: boolean;
  readonly count: number;
  readonly onCursor: (position: number | null) => void;
}

export interface ShareStyle {
  /** Of the theme. */
  readonly name: 'accent' | 'truth' | 'model' | 'law';
  readonly stroke: string;
  readonly dash: number[];
}

/** Colours in turn, and then dashes: a criterion is told from another without its colour too. */
export function shareStyles(palette: Palette, count: number, stacked: boolean): ShareStyle[] {
  const names = ['accent', 'law', 'model', 'truth'] as const;
  const colours = stacked ? names.slice(0, 3) : names;
  return Array.from({ length: count }, (_, s) => ({
    name: colours[s % colours.length]!,
    stroke: palette[colours[s % colours.length]!],
    dash: s < colours.length ? [] : [6, 4],
  }));
}

/** Columns of the chart; of areas, how high each reaches. */
export function shareData({ generations, series }: Shares, stacked: boolean): uPlot.AlignedData {
  const columns = series.map(({ values }, s) =>
    Array.from(values, (value, row) => {
      const below = stacked ? series.slice(0, s) : [];
      const height = below.reduce((sum, { values: own }) => sum + own[row]!, value);
      return Number.isFinite(height) ? height : null;
    }),
  );
  return [Array.from(generations), ...columns] as uPlot.AlignedData;
}

export function shareOptions(look: ShareLook): uPlot.Options {
  const { width, height, palette, stacked, count } = look;
  const styles = shareStyles(palette, count, stacked);
  // What lies between an area's edge and the one under it.
  const bands = styles
    .slice(1)
    .map(({ stroke }, s): uPlot.Band => ({ series: [s + 2, s + 1], fill: faded(stroke, 0.4) }));
  return {
    ...plotFrame(width, height),
    scales: { x: { time: false }, y: { range: [0, 1] } },
    axes: shareAxes(palette),
    series: [
      {},
      ...styles.map(({ stroke, dash }, s): uPlot.Series => ({
        ...{ stroke, dash, width: stacked ? 1 : 2, points: { show: false } },
        ...(stacked && s === 0 && { fill: faded(stroke, 0.4) }),
      })),
    ],
    bands: stacked ? bands : [],
    hooks: { setCursor: [(chart) => look.onCursor(chart.cursor.idx ?? null)] },
  };
}
