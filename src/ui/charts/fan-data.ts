/** A fan as the columns that uPlot draws, and as one line of text. */
import type { AlignedData } from 'uplot';
import type { Fan } from '../../experiment/views/fan.ts';
import type { SummaryField } from '../../experiment/results.ts';
import { formatValue } from '../format.ts';

/** Quantiles of the whole law, by the names of their series. */
const LAW_QUANTILES = {
  lawQ95: 'q95',
  lawQ05: 'q05',
  lawQ75: 'q75',
  lawQ25: 'q25',
  lawQ50: 'q50',
} as const;
type LawSeries = keyof typeof LAW_QUANTILES;

/** Series of the chart, after the generations; outer band first, so that lines lie on top. */
export const FAN_SERIES = [
  ...(['q95', 'q05', 'q75', 'q25', 'mean', 'q50'] as const),
  ...(['lawQ95', 'lawQ05', 'lawQ75', 'lawQ25', 'law', 'lawQ50'] as const),
] as const;
export type FanSeries = (typeof FAN_SERIES)[number];

/** Index of a series in uPlot's data. */
export const seriesIndex = (name: FanSeries): number => FAN_SERIES.indexOf(name) + 1;

export type Scale = 'linear' | 'log';

const isLaw = (name: FanSeries): name is LawSeries => name in LAW_QUANTILES;

/** Empty where the whole law is not known. */
function column(fan: Fan, name: FanSeries): Float64Array {
  if (isLaw(name)) return fan.whole?.quantiles[LAW_QUANTILES[name]] ?? NOTHING;
  return name === 'law' ? fan.law : fan.series[name as SummaryField];
}

const NOTHING = new Float64Array();

/**
 * Gaps are null; on a log axis so is what is negative. A zero there is below its floor, not a gap.
 * Quantiles of a law are joined over a generation at which they were not worked out.
 */
export function fanData(fan: Fan, scale: Scale): AlignedData {
  const { length } = fan.generations;
  const shown = (value: number): number | null =>
    Number.isFinite(value) && (scale === 'linear' || value >= 0) ? value : null;
  const columns = FAN_SERIES.map((name) => {
    const values = column(fan, name);
    if (values.length === 0) return new Array<null>(length).fill(null);
    if (!isLaw(name)) return Array.from(values, shown);
    return Array.from(values, (value) => (Number.isNaN(value) ? undefined : shown(value)));
  });
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

const numberAt = (fan: Fan, name: FanSeries, place: number): number =>
  column(fan, name)[place] ?? NaN;

/** The first generation of the fan at which lineages held at ±1e18 leave no mean; null for none. */
export function heldBy({ generations, series }: Fan): number | null {
  const { count, mean } = series;
  // At generation 0 a statistic may have no value yet.
  const place = generations.findIndex((t, i) => t > 0 && count[i]! > 0 && Number.isNaN(mean[i]));
  return place < 0 ? null : generations[place]!;
}

/** What was measured at one generation: median [5 %, 95 %], mean. */
export function fanReading(fan: Fan, generation: number): string {
  const place = fan.generations.indexOf(generation);
  const at = (name: FanSeries) => formatValue(numberAt(fan, name, place), 3);
  if (!(fan.series.count[place]! > 0)) return 'not there yet';
  return `${at('q50')} [${at('q05')}, ${at('q95')}] · mean ${at('mean')}`;
}

/** The same of the law, as far as it is known; '' where it is not at all. */
export function lawReading(fan: Fan, generation: number): string {
  const place = fan.generations.indexOf(generation);
  const known = (name: FanSeries) => !Number.isNaN(numberAt(fan, name, place));
  const at = (name: FanSeries) => formatValue(numberAt(fan, name, place), 3);
  return [
    ...(known('lawQ50') ? [`${at('lawQ50')} [${at('lawQ05')}, ${at('lawQ95')}]`] : []),
    ...(known('law') ? [`mean ${at('law')}`] : []),
  ].join(' · ');
}

const MEASURED_COLUMNS = [
  ['median', 'q50'],
  ['5 %', 'q05'],
  ['25 %', 'q25'],
  ['75 %', 'q75'],
  ['95 %', 'q95'],
  ['mean', 'mean'],
] as const satisfies readonly (readonly [string, FanSeries])[];

const MEAN_COLUMNS = [['law: mean', 'law']] as const;

const LAW_COLUMNS = [
  ['law: median', 'lawQ50'],
  ['law: 5 %', 'lawQ05'],
  ['law: 25 %', 'lawQ25'],
  ['law: 75 %', 'lawQ75'],
  ['law: 95 %', 'lawQ95'],
] as const satisfies readonly (readonly [string, FanSeries])[];

/** The fan as a table, with columns for its law as far as that is known. */
export function fanTable(fan: Fan, places: readonly number[]) {
  const columns = [
    ...MEASURED_COLUMNS,
    ...(fan.whole ? LAW_COLUMNS : []),
    ...(fan.lawLabel ? MEAN_COLUMNS : []),
  ];
  return {
    heads: columns.map(([head]) => head),
    cells: places.map((place) =>
      columns.map(([, name]) => formatValue(numberAt(fan, name, place))),
    ),
  };
}
