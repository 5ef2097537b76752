/** Results before the first frame: the truth at generation 0 and the laws, everything else empty. */
import type { Truth } from '../model/truth.ts';
import { cellTables } from '../engine/cell-tables.ts';
import { truthValues } from '../model/statistics/tables.ts';
import { lawsFor } from '../model/theory/laws.ts';
import { COLLAPSE_FIELDS } from '../model/reduce/collapse.ts';
import { STATUS_NAMES } from '../model/status.ts';
import type { Cell, Plan } from '../plan/plan.ts';
import { axisValues } from '../spec/schema.ts';
import {
  LAW_FIELDS,
  rowIndex,
  SUMMARY_FIELDS,
  type LawLabel,
  type ResultAxis,
  type Results,
} from './results.ts';
import { writeTruth } from './summary.ts';

export function emptyResults(plan: Plan): Results {
  const { spec, statistics } = plan;
  const cells = plan.cells.map(({ values, spec: cell }) => ({
    values,
    replicates: cell.replicates,
    generations: cell.generations,
  }));
  const generations = cells.reduce((most, cell) => Math.max(most, cell.generations), 0);
  const cellRows = cells.length * (generations + 1);
  const rows = cellRows * statistics.length;
  const lawLabels = new Array<LawLabel | null>(cells.length * statistics.length).fill(null);
  const results: Results = {
    spec,
    axes: plan.axes.map((name): ResultAxis => ({ name, values: axisValues(spec.sweep[name]!) })),
    cells,
    statistics,
    generations,
    values: new Float64Array(rows * SUMMARY_FIELDS.length).fill(NaN),
    quantileBound: new Float64Array(rows),
    status: new Uint32Array(cellRows * STATUS_NAMES.length),
    collapses: new Uint32Array(cellRows * spec.criteria.length * COLLAPSE_FIELDS),
    laws: new Float64Array(rows * LAW_FIELDS).fill(NaN),
    lawLabels,
    generationsDone: new Uint32Array(cells.length),
    replicatesDone: new Uint32Array(cells.length),
    complete: false,
  };
  const truthsOf = truthRows(plan);
  plan.cells.forEach((cell) => {
    writeTruths(results, cell, truthsOf(cell));
    writeLaws(results, lawLabels, cell);
  });
  return results;
}

/** The statistics of the truth, computed once for cells that share one. */
function truthRows(plan: Plan): (cell: Cell) => Float64Array {
  const known = new Map<Truth, Map<number, Float64Array>>();
  return (cell) => {
    const { truth, spec } = cell;
    const { nodes } = spec;
    const byNodes = known.get(truth) ?? new Map<number, Float64Array>();
    known.set(truth, byNodes);
    const values =
      byNodes.get(nodes) ?? truthValues(plan.statistics, truth, cellTables(plan, cell));
    byNodes.set(nodes, values);
    return values;
  };
}

function writeTruths(results: Results, cell: Cell, truths: Float64Array) {
  truths.forEach((value, s) => {
    const at = rowIndex(results, cell.index, 0, s) * SUMMARY_FIELDS.length;
    writeTruth(results.values, at, cell.spec.replicates, value);
  });
}

function writeLaws(results: Results, lawLabels: (LawLabel | null)[], cell: Cell) {
  const { generations, replicates } = cell.spec;
  for (const law of lawsFor(cell.spec, cell.truth)) {
    const s = results.statistics.indexOf(law.statistic);
    if (s < 0) continue;
    const { kind, name, formula, source } = law;
    const testableUntil = law.testableUntil(replicates);
    lawLabels[cell.index * results.statistics.length + s] = {
      kind,
      name,
      formula,
      source,
      testableUntil,
    };
    for (let generation = 0; generation <= generations; generation++) {
      const at = rowIndex(results, cell.index, generation, s) * LAW_FIELDS;
      results.laws[at] = law.at(generation);
      results.laws[at + 1] = law.standardError(generation, replicates) ?? NaN;
    }
  }
}
