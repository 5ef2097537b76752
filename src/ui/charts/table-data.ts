/** A chart as rows of text. */

export interface TableData {
  /** Of the first column. */
  readonly corner: string;
  readonly heads: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly head: string;
  /** As many as there are heads. */
  readonly cells: readonly string[];
  /** The row that the chart's line stands on. */
  readonly chosen?: boolean;
}

/** More generations than this are left to the CSV. */
const MOST_ROWS = 101;

/** Places of the generations that a table has rows for: evenly, the chosen and the last among them. */
export function tablePlaces(generations: ArrayLike<number>, chosen: number): number[] {
  const { length } = generations;
  const stride = Math.ceil(length / MOST_ROWS);
  return Array.from({ length }, (_, place) => place).filter(
    (place) => place % stride === 0 || place === length - 1 || generations[place] === chosen,
  );
}
