/**
 * collapse.csv and status.csv: beside results.csv, what becomes of lineages. In collapse.csv the
 * quantiles of the time of collapse are the same on every row of a cell and criterion.
 */
import { STATUS_NAMES } from '../../model/status.ts';
import { QUANTILES } from '../../plan/plan.ts';
import { statusAt, type Results } from '../results.ts';
import { survivalOf } from '../survival.ts';
import { numberField, textField } from './csv.ts';

const TIMES = QUANTILES.map((share) => `time${`${share * 100}`.padStart(2, '0')}`);
const COLUMNS = ['cell', 'criterion', 'generation', 'survival', 'atRisk', 'collapsed', ...TIMES];

/** A piece for each cell, the first with the header; rows that no lineage has reached are left out. */
export function* collapseCsv(results: Results): Generator<string, void, void> {
  yield `${COLUMNS.join(',')}\n`;
  for (const [cell] of results.cells.entries()) {
    yield results.spec.criteria
      .map(({ name }, c) => criterionRows(results, cell, name, c))
      .join('');
  }
}

function criterionRows(results: Results, cell: number, name: string, criterion: number): string {
  const { survival, atRisk, collapsed, times } = survivalOf(results, cell, criterion);
  const lines: string[] = [];
  for (let t = 1; t < survival.length; t++) {
    if (Number.isNaN(survival[t])) continue;
    const counts = [survival[t]!, atRisk[t]!, collapsed[t]!, ...times].map(numberField);
    lines.push([cell, textField(name), t, ...counts].join(','), '\n');
  }
  return lines.join('');
}

/** Lineages with each bit by generation; what no lineage has is left out. */
export function* statusCsv(results: Results): Generator<string, void, void> {
  yield 'cell,generation,bit,count\n';
  for (const [cell, { generations }] of results.cells.entries()) {
    const lines: string[] = [];
    for (let t = 1; t <= generations; t++) {
      const counts = statusAt(results, cell, t);
      STATUS_NAMES.forEach((bit, b) => {
        if (counts[b]! > 0) lines.push(`${cell},${t},${bit},${counts[b]!}\n`);
      });
    }
    yield lines.join('');
  }
}
