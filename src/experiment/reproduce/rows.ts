/** Rows of a figure, from checks of laws and from summaries. */
import { QUANTILES } from '../../plan/plan.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import { medianAt } from '../estimate.ts';
import {
  FIRST_QUANTILE_FIELD,
  lawAt,
  lawLabel,
  statisticIndex,
  summaryAt,
  SUMMARY_FIELDS,
} from '../results.ts';
import type { Check } from '../validate/checks.ts';
import type { CellView, Row } from './figure.ts';

const number = (value: number): string => `${Number(value.toPrecision(4))}`;

/**
 * The normal deviate of the same chance as Student's t (Wallace 1959: good to some hundredths from ten
 * degrees on). A sample's own error is small by chance where its mean is far out by chance.
 */
export const normalDeviate = (t: number, degrees: number): number =>
  (Math.sign(t) * Math.sqrt(degrees * Math.log1p((t * t) / degrees)) * (8 * degrees + 1)) /
  (8 * degrees + 3);

/** z of what lies beyond the slack. */
export function deviation(
  row: Omit<Row, 'z' | 'expected'> & { readonly expected: number },
): number {
  const { found, expected, slack, se, expectedSe, degrees } = row;
  const beyond = Math.max(0, Math.abs(found - expected) - slack);
  const z = beyond === 0 ? 0 : (Math.sign(found - expected) * beyond) / Math.hypot(se, expectedSe);
  return degrees === null ? z : normalDeviate(z, degrees);
}

/** A law that was checked, by the error of theory or, where it has none, of the sample. */
export const rowOfCheck = (check: Check): Row => ({
  degrees: check.seFrom === 'sample' ? check.lineages - 1 : null,
  setting: check.setting,
  generation: check.generation,
  quantity: check.quantity,
  expected: check.expected,
  expectedSe: 0,
  slack: check.slack,
  source: `${check.formula}; ${check.source}`,
  found: check.found,
  se: check.se,
  z:
    check.seFrom === 'sample' && check.lineages > 1
      ? normalDeviate(check.z, check.lineages - 1)
      : check.z,
  statement: '',
  independent: check.independent,
});

interface Measured {
  readonly generation: number;
  readonly quantity: string;
  readonly expected: number | null;
  readonly expectedSe?: number;
  readonly source: string;
  readonly found: number;
  readonly se: number;
  readonly slack?: number;
  /** Of freedom of `se`, where it is the sample's. */
  readonly degrees?: number;
  readonly statement: string;
}

/** A row that is shown and not tested. */
export const statedRow = ({ setting }: CellView, row: Measured): Row => ({
  ...{ setting, expectedSe: 0, slack: 0, degrees: null, z: null, independent: false },
  ...row,
});

/** A row that is tested against a number with a standard error of its own, or an exact one. */
export function testedRow(
  view: CellView,
  row: Omit<Measured, 'statement' | 'expected'> & {
    readonly expected: number;
    readonly statement?: string;
  },
): Row {
  const whole = statedRow(view, { statement: '', ...row });
  return { ...whole, z: deviation({ ...whole, expected: row.expected }) };
}

/**
 * Median and the middle nine tenths of lineages: what one published run may be any line of. `scale` is
 * of the band alone.
 */
export function bandRow(
  view: CellView,
  statistic: StatisticName,
  generation: number,
  scale: (value: number) => number = (value) => value,
): Row {
  const { results, cell } = view;
  const s = statisticIndex(results, statistic);
  const at = (field: 'q05' | 'q95') =>
    number(scale(summaryAt(results, cell, generation, s, field)));
  const { value, se } = medianAt(results, cell, generation, s);
  return statedRow(view, {
    generation,
    quantity: `${statistic}, median`,
    expected: null,
    source: 'published as one run',
    ...{ found: value, se },
    statement: `5 % to 95 %: ${at('q05')} to ${at('q95')}`,
  });
}

/** A law beside a mean that a few rare lineages carry: for the eye. */
export function eyeRow(view: CellView, statistic: StatisticName, generation: number): Row {
  const { results, cell } = view;
  const s = statisticIndex(results, statistic);
  const label = lawLabel(results, cell, s);
  return statedRow(view, {
    generation,
    quantity: `${statistic}, mean`,
    expected: lawAt(results, cell, generation, s),
    source: label ? `${label.formula}; ${label.source}` : '',
    found: summaryAt(results, cell, generation, s, 'mean'),
    se: summaryAt(results, cell, generation, s, 'se'),
    statement: 'rare lineages carry the mean: not tested, for the eye',
  });
}

/**
 * A quantile of the lineages against that of an exact distribution: the share below a quantile of p
 * has variance p(1 − p)/R, and the density turns that into a length.
 */
export function quantileRow(
  view: CellView,
  law: { quantile(p: number): number; density(x: number): number },
  of: {
    readonly statistic: StatisticName;
    readonly field: 'q05' | 'q50' | 'q95';
    readonly generation: number;
    readonly source: string;
  },
): Row {
  const { results, cell } = view;
  const { statistic, field, generation, source } = of;
  const p = QUANTILES[SUMMARY_FIELDS.indexOf(field) - FIRST_QUANTILE_FIELD]!;
  const s = statisticIndex(results, statistic);
  const expected = law.quantile(p);
  const { replicates } = results.cells[cell]!;
  return testedRow(view, {
    ...{ generation, source, expected },
    quantity: `${statistic}, ${Math.round(100 * p)} % quantile`,
    found: summaryAt(results, cell, generation, s, field),
    se: Math.sqrt((p * (1 - p)) / replicates) / law.density(expected),
  });
}
