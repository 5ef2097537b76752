/** A published figure as this project runs it: settings, what is read off them, and beside what. */
import type { Results } from '../results.ts';
import type { ValidationCase } from '../validate/case.ts';
import type { Reader } from '../validate/stated.ts';

/** One number that was measured, and what it is held against. */
export interface Row {
  /** Which cell: `sampleSize = 10`; empty where there is one. */
  readonly setting: string;
  readonly generation: number;
  /** What is measured, and how it is summed up: `varianceRatio, mean`. */
  readonly quantity: string;
  /** Exact, or as published; null where nobody has said. */
  readonly expected: number | null;
  /** Standard error of what was published; 0 where it is exact. */
  readonly expectedSe: number;
  /** Of a limit: how far this setting may be from it, beyond which z is counted. */
  readonly slack: number;
  /** Where `expected` is from; of numbers that nobody has published what they are of. */
  readonly source: string;
  readonly found: number;
  readonly se: number;
  /** Of freedom of `se`, where it is the sample's own and z is Student's t; else null. */
  readonly degrees: number | null;
  /**
   * Of the difference, by both standard errors, as the normal deviate of the same chance; null where a
   * statement stands in its place.
   */
  readonly z: number | null;
  /** What is to be said of the row; empty where z says it. */
  readonly statement: string;
  /** Of one row of each cell: their squares may be added up. */
  readonly independent: boolean;
}

/** What rows are read off: one cell of a run that is complete. */
export interface CellView {
  readonly results: Results;
  readonly cell: number;
  readonly setting: string;
  readonly read: Reader;
}

/** One run of a figure. Its seed is its place in the figure, from 1. */
export interface Part extends Omit<ValidationCase, 'name'> {
  /** Lineages of a cell of the quick run. */
  readonly quickReplicates: number;
  /** Before the setting of each row, where rows of parts would read alike. */
  readonly label?: string;
  /** Fields of the raw spec that are others in the quick run. */
  readonly quick?: Readonly<Record<string, unknown>>;
  /** Besides the laws of the spec. */
  readonly rows?: (view: CellView) => readonly Row[];
}

export interface Figure {
  /** For the command line, and of its file. */
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  /** What was published and how, and what is different here. */
  readonly about: string;
  readonly parts: readonly Part[];
  /** Of all rows together, where there is something to say. */
  readonly conclude?: (rows: readonly Row[]) => readonly string[];
}
