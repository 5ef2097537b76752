/** How uPlot is to draw shares, and what it draws. */
import type uPlot from 'uplot';
import type { Shares } from '../../experiment/views/shares.ts';
import { wilson } from '../../experiment/wilson.ts';
import { CLASS_COLOURS, cssColour, type Rgb } from './colour-table.ts';
import { axis, plotFrame, xAxis, yAxis, type PlotLook } from './plot-frame.ts';
import { faded, type Palette } from './palette.ts';

export interface ShareLook extends PlotLook {
  /** Areas on top of each other, the first at the bottom; else lines with their intervals. */
  readonly stacked: boolean;
  readonly count: number;
}

export interface ShareStyle {
  /** Of the theme. */
  readonly colour: 'accent' | 'truth' | 'model' | 'law';
  readonly dash: number[];
}

/** That of laws comes last. */
const COLOURS = ['accent', 'model', 'truth', 'law'] as const;

/** Of areas: stages go from whole to lost as regimes do, and in the colours of regimes. */
export const areaColour = (s: number): Rgb => CLASS_COLOURS[s]!;

/** Colours in turn, and then dashes: a criterion is told from another without its colour too. */
export const shareStyles = (count: number): ShareStyle[] =>
  Array.from({ length: count }, (_, s) => ({
    colour: COLOURS[s % COLOURS.length]!,
    dash: s < COLOURS.length ? [] : [6, 4],
  }));

/** Columns of one line: its value, the ends of its interval, and its law. */
const LINE_COLUMNS = 4;

/** Columns of the chart: of areas how high each reaches, of lines LINE_COLUMNS each. */
export function shareData(shares: Shares, stacked: boolean): uPlot.AlignedData {
  const columns = stacked ? heights(shares) : shares.series.flatMap((_, s) => lines(shares, s));
  return [Array.from(shares.generations), ...columns] as uPlot.AlignedData;
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

const heights = ({ series }: Shares) =>
  series.map(({ values }, s) =>
    Array.from(values, (value, row) =>
      orNull(series.slice(0, s).reduce((sum, { values: own }) => sum + own[row]!, value)),
    ),
  );

/** 95 % (Wilson); where all lineages are still the truth there is nothing to be unsure of. */
function interval({ generations, counts, series }: Shares, s: number, row: number) {
  const share = series[s]!.values[row]!;
  return generations[row] === 0 ? ([share, share] as const) : wilson(share, counts[row]!);
}

function lines(shares: Shares, s: number) {
  const { values, law } = shares.series[s]!;
  const ends = Array.from(values, (_, row) => interval(shares, s, row));
  const measured = [Array.from(values), ends.map(([low]) => low), ends.map(([, high]) => high)];
  // Joined over a generation at which the law was not worked out.
  const lawful = Array.from(values, (_, row) => {
    const share = law?.values[row];
    return share === undefined ? null : Number.isNaN(share) ? undefined : share;
  });
  return [...measured.map((column) => column.map(orNull)), lawful];
}

/** "12.3 % [10.1, 14.9]", to be broken only before the interval; null where no lineage has got. */
export function shareReading(shares: Shares, s: number, row: number): string | null {
  const share = shares.series[s]!.values[row] ?? NaN;
  if (Number.isNaN(share)) return null;
  const percent = (x: number) => (100 * x).toFixed(1);
  const [low, high] = interval(shares, s, row);
  return `${percent(share)}\u00a0% [${percent(low)},\u00a0${percent(high)}]`;
}

/** "12.3 %" by the law; null where there is none. */
export function shareLawReading(shares: Shares, s: number, row: number): string | null {
  const share = shares.series[s]!.law?.values[row] ?? NaN;
  return Number.isNaN(share) ? null : `${(100 * share).toFixed(1)}\u00a0%`;
}

/** A column for each, and beside it one for its law where it has one. */
export function shareTable(shares: Shares, places: readonly number[]) {
  const columns = shares.series.flatMap(({ label, law }, s) => [
    { head: label, read: (row: number) => shareReading(shares, s, row) },
    ...(law
      ? [{ head: `${label}, law`, read: (row: number) => shareLawReading(shares, s, row) }]
      : []),
  ]);
  return {
    heads: columns.map(({ head }) => head),
    cells: places.map((row) => columns.map(({ read }) => read(row) ?? '–')),
  };
}

export function shareOptions(look: ShareLook): uPlot.Options {
  const { palette, stacked, count } = look;
  return {
    // Areas are strong colours: the line of the chosen generation is ink on them.
    ...plotFrame(stacked ? { ...look, palette: { ...palette, lineStrong: palette.ink } } : look),
    scales: { x: { time: false }, y: { range: [0, 1] } },
    axes: [axis(palette, xAxis), axis(palette, yAxis)],
    ...(stacked ? areaSeries(count, palette) : lineSeries(shareStyles(count), palette)),
  };
}

const INTERVAL_OPACITY = 0.2;

type SeriesAndBands = Pick<uPlot.Options, 'series' | 'bands'>;

/**
 * The first area reaches down to 0, the others to the edge under them. Full colours, which the eye
 * tells apart by their lightness, and edges in ink: yellow alone would not stand out on white.
 */
const areaSeries = (count: number, palette: Palette): SeriesAndBands => {
  const fills = Array.from({ length: count }, (_, s) => cssColour(areaColour(s)));
  return {
    series: [
      {},
      ...fills.map((fill, s): uPlot.Series => ({
        ...{ stroke: palette.ink, width: 1, points: { show: false } },
        ...(s === 0 && { fill }),
      })),
    ],
    bands: fills.slice(1).map((fill, s) => ({ series: [s + 2, s + 1], fill })),
  };
};

/** In ink, as lines have the colours of their criteria. */
const lawLine = ({ ink }: Palette): uPlot.Series => ({
  ...{ stroke: ink, width: 1.5, dash: [2, 4], points: { show: false } },
});

const lineSeries = (styles: readonly ShareStyle[], palette: Palette): SeriesAndBands => ({
  series: [
    {},
    ...styles.flatMap(({ colour, dash }): uPlot.Series[] => {
      const end = { stroke: 'transparent', width: 0, points: { show: false } };
      const line = { stroke: palette[colour], dash, width: 2, points: { show: false } };
      return [line, end, end, lawLine(palette)];
    }),
  ],
  bands: styles.map(({ colour }, s) => {
    const low = 1 + LINE_COLUMNS * s + 1;
    return { series: [low + 1, low], fill: faded(palette[colour], INTERVAL_OPACITY) };
  }),
});
