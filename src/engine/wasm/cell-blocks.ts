/** What the kernels have to know of cells; what is large is kept in the threads meanwhile. */
import { STATISTIC_NAMES, type StatisticName } from '../../spec/statistics.ts';
import { cellRules, type Rules } from '../../model/rules.ts';
import { isWide } from '../../spec/schema.ts';
import { packTables, type StatisticTables } from '../../model/statistics/tables.ts';
import type { Group, Plan } from '../../plan/plan.ts';
import { keepsAncestry, modelWords } from '../../plan/plan-run.ts';
import { mostPoints } from '../../plan/work.ts';
import { cellTables } from '../cell-tables.ts';
import { cellThresholds, packThresholds } from '../cell-thresholds.ts';
import { cellRows } from '../webgpu/cell-rows.ts';
import { CELL_PARAMS, packRows } from '../webgpu/layout.ts';
import { packModel } from '../webgpu/pack-model.ts';
import type { CellBlocks, ReferenceCell, Shape, Words } from './messages.ts';
import type { Pool } from './pool.ts';

/** As `configure` in assembly/shape.ts has them. */
const COVARIANCE = { full: 0, diagonal: 1, spherical: 2, tied: 3 } as const;
const INIT = { parent: 0, truth: 1, kmeans: 2, random: 3 } as const;
const RETENTION = { replace: 0, accumulate: 1, 'accumulate-subsample': 2 } as const;

export class BlockShelf {
  readonly #pool: Pool;
  readonly #plan: Plan;
  readonly #group: Group;
  readonly #cells = new Map<number, CellBlocks>();
  /** Block of what several cells share: truths, rows, tables. */
  readonly #shared = new Map<object, number>();
  /** The same of rows in f64. */
  readonly #exact = new Map<object, number>();

  /** Of cells of one group. */
  constructor(pool: Pool, plan: Plan, group: Group) {
    this.#pool = pool;
    this.#plan = plan;
    this.#group = group;
  }

  cell(index: number): CellBlocks {
    const kept = this.#cells.get(index);
    if (kept) return kept;
    const cell = this.#plan.cells[index]!;
    const { spec, truth, word } = cell;
    const rules = cellRules(spec, truth, word);
    const tables = cellTables(this.#plan, cell);
    // Kernels have no room for so many dimensions.
    const wide = isWide(truth.dim);
    const blocks: CellBlocks = {
      id: this.#pool.number(),
      shape: shapeOf(rules, this.#plan.statistics),
      cell: cellWords(rules),
      truth: wide ? -1 : this.#keepOnce(truth, () => truthWords(rules)),
      rows: truth.rows ? this.#keepOnce(truth.rows, () => wordsOf(rules.rows!)) : -1,
      tables: wide ? -1 : this.#keepOnce(tables, () => wordsOf(packTables(tables))),
      thresholds: new Uint32Array(packThresholds(cellThresholds(this.#plan, cell))),
      criterionCount: this.#plan.spec.criteria.length,
      points: wide ? 0 : mostPoints(spec),
      past: this.#group.past,
      closedForm: rules.closedForm,
      reference: this.#group.handOver.length > 0 ? this.#reference(rules, truth, tables) : null,
    };
    this.#cells.set(index, blocks);
    return blocks;
  }

  #reference(rules: Rules, owner: object, tables: StatisticTables): ReferenceCell {
    const bits = () => new Uint32Array(Float64Array.from(rules.rows!).buffer);
    const rows = rules.rows ? this.#keepOnce(owner, bits, this.#exact) : -1;
    const measures = isWide(rules.dim) ? { statistics: this.#plan.statistics, tables } : null;
    return { rules: { ...rules, rows: null }, rows, measures };
  }

  #keepOnce(owner: object, words: () => Words, among = this.#shared): number {
    const kept = among.get(owner) ?? this.#pool.keep(words());
    among.set(owner, kept);
    return kept;
  }

  /** Lets go of all blocks; tasks that were given before still find them. */
  clear(): void {
    const kept = [this.#shared, this.#exact];
    if (this.#pool.alive) this.#pool.drop(kept.flatMap((blocks) => [...blocks.values()]));
    this.#cells.clear();
    for (const blocks of kept) blocks.clear();
  }
}

const wordsOf = (numbers: ArrayLike<number>): Words =>
  new Uint32Array(Float32Array.from(numbers).buffer);

export function shapeOf(rules: Rules, statistics: readonly StatisticName[]): Shape {
  const ancestry = keepsAncestry(statistics);
  return {
    configure: [
      rules.dim,
      rules.components,
      rules.truth.weights.length,
      COVARIANCE[rules.covariance],
      INIT[rules.init],
      rules.rows ? 1 : 0,
      rules.phases.some(({ tolerance }) => tolerance > 0) ? 1 : 0,
      rules.assembled ? 1 : 0,
      RETENTION[rules.retention],
      rules.fixed ? 1 : 0,
      ancestry ? 1 : 0,
    ],
    modelWords: modelWords(rules.dim, rules.components) + (ancestry ? 1 : 0),
    ancestry,
    places: STATISTIC_NAMES.map((name) => statistics.indexOf(name)),
    statisticCount: statistics.length,
  };
}

/** The truth as a packed model, and the factor of its covariance. */
export const truthWords = ({ truth, truthFactor }: Rules): Words =>
  Uint32Array.from([...packModel(truth), ...wordsOf(truthFactor)]);

/** Rows of CELL_PARAMS; blocks have addresses of their own, so offsets are 0. */
export function cellWords(rules: Rules): Words {
  const offsets = { truthModelOffset: 0, rowOffset: 0, tableOffset: 0 };
  return new Uint32Array(packRows(CELL_PARAMS, cellRows(rules, offsets)));
}
