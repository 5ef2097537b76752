/** What a batch's kernels read and never write: chunks, cells, truths, rows, statistics' tables. */
import { cellRules } from '../../model/rules.ts';
import { cellRows, type CellRow } from './cell-rows.ts';
import { packTables } from '../../model/statistics/tables.ts';
import { cellTables } from '../cell-tables.ts';
import type { Truth } from '../../model/truth.ts';
import type { Batch, Plan } from '../../plan/plan.ts';
import { isWide } from '../../spec/schema.ts';
import { CELL_PARAMS, CHUNK_ROW, packRows } from './layout.ts';
import { packModel } from './pack-model.ts';

export interface BatchTables {
  /** Row of `chunks` of each lineage. */
  readonly chunkOf: Uint32Array<ArrayBuffer>;
  readonly chunks: ArrayBuffer;
  readonly cells: ArrayBuffer;
  /** Packed models of the batch's truths, one after the other. */
  readonly truthModels: Uint32Array<ArrayBuffer>;
  /** Rows of data truths in truth units. */
  readonly rows: Float32Array<ArrayBuffer>;
  readonly tableWords: Float32Array<ArrayBuffer>;
}

/** Appends each truth once and remembers where it went. */
interface Shelf {
  readonly parts: number[][];
  length: number;
}

const put = (shelf: Shelf, words: ArrayLike<number>): number => {
  const offset = shelf.length;
  shelf.parts.push(Array.from(words));
  shelf.length += words.length;
  return offset;
};

export function batchTables(plan: Plan, batch: Batch): BatchTables {
  const shelves = { models: shelf(), rows: shelf(), tables: shelf() };
  const placed = new Map<Truth, Map<string, Placed>>();
  const slots = new Map<number, number>();
  const phases: CellRow[] = [];
  for (const { cell } of batch.chunks) {
    if (slots.has(cell)) continue;
    slots.set(cell, phases.length);
    phases.push(...phaseRows(plan, cell, shelves, placed));
  }
  const chunkOf = new Uint32Array(batch.lineageCount);
  let firstLineage = 0;
  const chunkRows = batch.chunks.map(({ cell, firstReplicate, count }, c) => {
    const row = { cell: slots.get(cell)!, firstReplicate, count, firstLineage };
    chunkOf.fill(c, firstLineage, firstLineage + count);
    firstLineage += count;
    return row;
  });
  return {
    chunkOf,
    chunks: packRows(CHUNK_ROW, chunkRows),
    cells: packRows(CELL_PARAMS, phases),
    truthModels: Uint32Array.from(shelves.models.parts.flat()),
    // A binding may not be empty.
    rows: Float32Array.from(shelves.rows.length > 0 ? shelves.rows.parts.flat() : [0]),
    tableWords: Float32Array.from(shelves.tables.parts.flat()),
  };
}

const shelf = (): Shelf => ({ parts: [], length: 0 });

interface Placed {
  readonly truthModelOffset: number;
  readonly rowOffset: number;
  readonly tableOffset: number;
}

/** A row for each phase of a cell. */
function phaseRows(
  plan: Plan,
  cell: number,
  shelves: { models: Shelf; rows: Shelf; tables: Shelf },
  placed: Map<Truth, Map<string, Placed>>,
): CellRow[] {
  const { spec, truth, word } = plan.cells[cell]!;
  const rules = cellRules(spec, truth, word);
  const known = placed.get(truth) ?? new Map<string, Placed>();
  placed.set(truth, known);
  // In many dimensions a row has no room for where an adversary puts points.
  const poisonMean = isWide(truth.dim) ? Float32Array.from(rules.poisonMean) : null;
  const shared = `${spec.nodes} ${poisonMean?.join(' ')}`;
  let at = known.get(shared);
  if (!at) {
    const tables = cellTables(plan, plan.cells[cell]!);
    at = {
      truthModelOffset: put(shelves.models, [
        ...packModel(rules.truth),
        ...new Uint32Array(Float32Array.from(rules.truthFactor).buffer),
        ...new Uint32Array(poisonMean?.buffer ?? []),
      ]),
      rowOffset: rules.rows ? put(shelves.rows, rules.rows) : 0,
      tableOffset: put(shelves.tables, packTables(tables)),
    };
    known.set(shared, at);
  }
  return cellRows(rules, at);
}
