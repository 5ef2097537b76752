/** The criteria of collapse of a cell, as engines have them. */
import { thresholdsOf, type Threshold } from '../model/reduce/collapse.ts';
import { truthValues } from '../model/statistics/tables.ts';
import type { Cell, Plan } from '../plan/plan.ts';
import { cellTables } from './cell-tables.ts';
import { packRows, THRESHOLD_ROW } from './webgpu/layout.ts';

export const cellThresholds = (plan: Plan, cell: Cell): Threshold[] =>
  thresholdsOf(
    plan.spec,
    plan.statistics,
    plan.spec.criteria.length > 0
      ? truthValues(plan.statistics, cell.truth, cellTables(plan, cell))
      : [],
  );

/** Rows of THRESHOLD_ROW, which the kernels of GPU and WASM both read. */
export const packThresholds = (thresholds: readonly Threshold[]): ArrayBuffer =>
  packRows(
    THRESHOLD_ROW,
    thresholds.map(({ statistic, above, fromFirst, level, unless }) => ({
      statistic,
      above: above ? 1 : 0,
      fromFirst: fromFirst ? 1 : 0,
      level,
      barSide: unless === null ? 0 : unless.above ? 2 : 1,
      barStatistic: unless?.statistic ?? 0,
      barLevel: unless?.level ?? 0,
    })),
  );
