/** What is compared of a run: mean and median of a statistic over lineages, with their errors. */

export interface Population {
  /** Lineages. */
  readonly count: number;
  readonly mean: number;
  readonly meanError: number;
  readonly median: number;
  /**
   * ½/(f √R), f the density at the median by the order statistics at a quarter either side: half
   * the lineages lie between them, so f = ½/(q75 − q25). 1.08 times too large for a normal.
   */
  readonly medianError: number;
  /** What theory says of the mean; NaN where it says nothing, or nothing testable. */
  readonly law: number;
  /** Standard error that theory gives for the mean; NaN where it gives none. */
  readonly lawError: number;
}

/** Averages over cells that share no random numbers, each counting alike. */
export function pooled(cells: readonly Population[]): Population {
  const mean = (of: (cell: Population) => number) =>
    cells.reduce((sum, cell) => sum + of(cell), 0) / cells.length;
  const error = (of: (cell: Population) => number) =>
    Math.sqrt(cells.reduce((sum, cell) => sum + of(cell) ** 2, 0)) / cells.length;
  return {
    count: cells.reduce((sum, cell) => sum + cell.count, 0),
    mean: mean((cell) => cell.mean),
    meanError: error((cell) => cell.meanError),
    median: mean((cell) => cell.median),
    medianError: error((cell) => cell.medianError),
    law: mean((cell) => cell.law),
    lawError: error((cell) => cell.lawError),
  };
}
