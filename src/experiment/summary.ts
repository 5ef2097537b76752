/**
 * From reduced sums to a row of the table: count, mean, sd, se, min, quantiles, max. Where any
 * value is held at ±1e18 there is no mean, and min, max and quantiles that reach it are empty.
 */
import { SATURATION } from '../model/status.ts';
import { QUANTILES } from '../plan/plan.ts';
import type { Moments } from '../model/reduce/moments.ts';
import { FIRST_QUANTILE_FIELD, SUMMARY_FIELDS } from './results.ts';

/** NaN, the empty field, for what is not a finite number below saturation. */
const orEmpty = (value: number): number => (Math.abs(value) < SATURATION ? value : NaN);

/** Writes one row at `at`; `quantiles` in the order of QUANTILES. */
export function writeSummary(
  values: Float64Array,
  at: number,
  moments: Moments,
  quantiles: ArrayLike<number>,
) {
  const { count, mean, m2, min, max, saturated } = moments;
  const whole = saturated === 0 && count > 0;
  const sd = whole && count > 1 ? Math.sqrt(m2 / (count - 1)) : NaN;
  values[at] = count;
  values[at + 1] = whole ? orEmpty(mean) : NaN;
  values[at + 2] = Number.isFinite(sd) ? sd : NaN;
  values[at + 3] = Number.isFinite(sd) ? sd / Math.sqrt(count) : NaN;
  values[at + 4] = count > 0 ? orEmpty(min) : NaN;
  for (let q = 0; q < QUANTILES.length; q++) {
    values[at + FIRST_QUANTILE_FIELD + q] = orEmpty(quantiles[q]!);
  }
  values[at + SUMMARY_FIELDS.length - 1] = count > 0 ? orEmpty(max) : NaN;
}

/** Generation 0: every lineage starts at the truth. */
export function writeTruth(values: Float64Array, at: number, count: number, value: number) {
  const number = orEmpty(value);
  values.fill(number, at, at + SUMMARY_FIELDS.length);
  values[at] = count;
  values[at + 2] = Number.isNaN(number) ? NaN : 0;
  values[at + 3] = Number.isNaN(number) ? NaN : 0;
}
