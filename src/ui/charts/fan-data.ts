/** A fan as the columns that uPlot draws, and as one line of text. */
import type { AlignedData } from 'uplot';
import type { Fan } from '../../experiment/views/fan.ts';
import type { SummaryField } from '../../experiment/results.ts';
import { formatValue } from '../format.ts';

/** Series of the chart, after the generations; outer band first, so that lines lie on top. */
export const FAN_SERIES = ['q95', 'q05', 'q75', 'q25', 'mean', 'q50', 'law'] as const;
export type FanSeries = (typeof FAN_SERIES)[number];

/** Index of a series in uPlot's data. */
export const seriesIndex = (name: FanSeries): number => FAN_SERIES.indexOf(name) + 1;

export type Scale = 'linear' | 'log';

const column = (fan: Fan, name: FanSeries): Float64Array =>
  name === 'law' ? fan.law : fan.series[name as SummaryField];

/** Gaps are null; on a log axis so is what is negative. A zero there is below its floor, not a gap. */
export function fanData(fan: Fan, scale: Scale): AlignedData {
  const shown = (value: number): number | null =>
    Number.isFinite(value) && (scale === 'linear' || value >= 0) ? value : null;
  const columns = FAN_SERIES.map((name) => Array.from(column(fan, name), shown));
  return [Array.from(fan.generations), ...columns] as AlignedData;
}

/** More generations than a chart has pixels: those of a long lineage are drawn in longer strides. */
const MOST_GENERATIONS = 600;

/** 0, `last`, `chosen` and what lies between them, evenly and as densely as a chart can show. */
export function chartGenerations(last: number, chosen: number): Float64Array {
  const stride = Math.max(1, Math.ceil(last / MOST_GENERATIONS));
  const shown = new Set([last, Math.min(chosen, last)]);
  for (let generation = 0; generation <= last; generation += stride) shown.add(generation);
  return Float64Array.from(shown).sort();
}

/** A log axis shows a fan better when its values span at least this ratio. */
const LOG_WORTH = 20;

/** Whether the fan may be drawn on a log axis, and whether it gains by it. */
export function logScaleFor(fan: Fan): { readonly possible: boolean; readonly better: boolean } {
  let low = Infinity;
  let high = 0;
  let negative = false;
  for (const name of ['q05', 'q50', 'q95'] as const) {
    for (const value of column(fan, name)) {
      if (value < 0) negative = true;
      else if (value > 0) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  const possible = !negative && high > 0;
  return { possible, better: possible && high / low >= LOG_WORTH };
}

/** Whether its law alone, known before the first generation, asks for a log axis. */
export function lawIsWide({ law }: Fan): boolean {
  let low = Infinity;
  let high = 0;
  for (const value of law) {
    if (!(value > 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high / low >= LOG_WORTH;
}

/** What the fan says at one generation: median [5 %, 95 %], mean, law. */
export function fanReading(fan: Fan, generation: number): string {
  const row = fan.generations.indexOf(generation);
  const at = (name: FanSeries) => formatValue(column(fan, name)[row] ?? NaN, 3);
  if (Number.isNaN(fan.series.q50[row] ?? NaN)) return 'not there yet';
  const law = Number.isNaN(fan.law[row]!) ? '' : ` · law ${at('law')}`;
  return `${at('q50')} [${at('q05')}, ${at('q95')}] · mean ${at('mean')}${law}`;
}

const TABLE_COLUMNS = [
  ['median', 'q50'],
  ['5 %', 'q05'],
  ['25 %', 'q25'],
  ['75 %', 'q75'],
  ['95 %', 'q95'],
  ['mean', 'mean'],
  ['law', 'law'],
] as const satisfies readonly (readonly [string, FanSeries])[];

/** The fan as a table, with a column for its law where it has one. */
export function fanTable(fan: Fan, places: readonly number[]) {
  const columns = TABLE_COLUMNS.filter(([, name]) => name !== 'law' || fan.lawLabel);
  return {
    heads: columns.map(([head]) => head),
    cells: places.map((place) => columns.map(([, name]) => formatValue(column(fan, name)[place]!))),
  };
}
