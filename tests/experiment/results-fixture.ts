/** Small results made by hand: what views and exports are tested on. */
import { STATUS_NAMES } from '../../src/model/status.ts';
import {
  LAW_FIELDS,
  rowIndex,
  SUMMARY_FIELDS,
  type LawLabel,
  type ResultAxis,
  type Results,
} from '../../src/experiment/results.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';

export const spec = parseSpec({ truth: { kind: 'blobs', components: 1 } });

export const LAW: LawLabel = {
  kind: 'mean',
  name: 'law',
  formula: 'f',
  source: 's',
  testableUntil: 2,
};

/** Every number is a different integer, so that a wrong index cannot go unseen. */
export function countingResults(
  axes: readonly ResultAxis[],
  generations: number,
  statistics: readonly StatisticName[],
): Results {
  const cellCount = axes.reduce((count, axis) => count * axis.values.length, 1);
  const rows = cellCount * (generations + 1) * statistics.length;
  const counting = (length: number) => Float64Array.from({ length }, (_, i) => i + 1);
  return {
    spec,
    axes,
    cells: Array.from({ length: cellCount }, (_, cell) => ({
      values: valuesAt(axes, cell),
      replicates: 10,
      generations,
    })),
    statistics,
    generations,
    values: counting(rows * SUMMARY_FIELDS.length),
    quantileBound: new Float64Array(rows),
    status: new Uint32Array(cellCount * (generations + 1) * STATUS_NAMES.length),
    collapses: new Uint32Array(cellCount * (generations + 1) * 2 * spec.criteria.length),
    laws: counting(rows * LAW_FIELDS),
    lawLabels: new Array<LawLabel>(cellCount * statistics.length).fill(LAW),
    generationsDone: new Uint32Array(cellCount).fill(generations),
    replicatesDone: new Uint32Array(cellCount).fill(10),
    complete: true,
  };
}

function valuesAt(axes: readonly ResultAxis[], cell: number): (number | string)[] {
  let rest = cell;
  return axes
    .toReversed()
    .map(({ values }) => {
      const value = values[rest % values.length]!;
      rest = Math.floor(rest / values.length);
      return value;
    })
    .toReversed();
}

/** Writes one row of the table. */
export function setRow(
  results: Results,
  [cell, generation, statistic]: readonly [number, number, number],
  row: readonly number[],
) {
  const at = rowIndex(results, cell, generation, statistic) * SUMMARY_FIELDS.length;
  results.values.set(row, at);
}
