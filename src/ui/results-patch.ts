/**
 * The part of the results that changed since the page last heard: for some cells the rows of a
 * span of generations. Cut out in the worker, transferred, and pasted into the page's own copy.
 */
import { COLLAPSE_FIELDS } from '../model/reduce/collapse.ts';
import { STATUS_NAMES } from '../model/status.ts';
import { SUMMARY_FIELDS, type Results } from '../experiment/results.ts';

/** Generations first … last of a cell, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export interface ResultsPatch {
  readonly cells: Uint32Array;
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  /** The spans' rows one after another, as in Results. */
  readonly values: Float64Array;
  readonly quantileBound: Float64Array;
  readonly status: Uint32Array;
  readonly collapses: Uint32Array;
  readonly generationsDone: Uint32Array;
  readonly replicatesDone: Uint32Array;
}

/** The smallest span that holds both. */
export const joinSpans = (a: Span | undefined, b: Span): Span =>
  a ? { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) } : b;

const ROW_ARRAYS = ['values', 'quantileBound', 'status', 'collapses'] as const;
type RowArray = (typeof ROW_ARRAYS)[number];

/** Numbers per (cell, generation) in each array of rows. */
const widths = (results: Results): Readonly<Record<RowArray, number>> => ({
  values: results.statistics.length * SUMMARY_FIELDS.length,
  quantileBound: results.statistics.length,
  status: STATUS_NAMES.length,
  collapses: results.spec.criteria.length * COLLAPSE_FIELDS,
});

/** Copies the spans out of the results; `transferables` lists the buffers. */
export function cutPatch(results: Results, spans: ReadonlyMap<number, Span>): ResultsPatch {
  const cells = Uint32Array.from(spans.keys());
  const first = Uint32Array.from(spans.values(), (span) => span.first);
  const last = Uint32Array.from(spans.values(), (span) => span.last);
  const rows = first.reduce((sum, from, i) => sum + last[i]! - from + 1, 0);
  const width = widths(results);
  const patch: ResultsPatch = {
    cells,
    first,
    last,
    values: new Float64Array(rows * width.values),
    quantileBound: new Float64Array(rows * width.quantileBound),
    status: new Uint32Array(rows * width.status),
    collapses: new Uint32Array(rows * width.collapses),
    generationsDone: Uint32Array.from(cells, (cell) => results.generationsDone[cell]!),
    replicatesDone: Uint32Array.from(cells, (cell) => results.replicatesDone[cell]!),
  };
  for (const name of ROW_ARRAYS) {
    eachSpan(results, patch, width[name], (at, from, length) =>
      patch[name].set(results[name].subarray(from, from + length), at),
    );
  }
  return patch;
}

/** Writes the patch into the results, in place. */
export function pastePatch(results: Results, patch: ResultsPatch): void {
  const width = widths(results);
  for (const name of ROW_ARRAYS) {
    eachSpan(results, patch, width[name], (at, from, length) =>
      results[name].set(patch[name].subarray(at, at + length), from),
    );
  }
  patch.cells.forEach((cell, i) => {
    results.generationsDone[cell] = patch.generationsDone[i]!;
    results.replicatesDone[cell] = patch.replicatesDone[i]!;
  });
}

/** Visits each span as (position in the patch, position in the results, length). */
function eachSpan(
  { generations }: Results,
  { cells, first, last }: ResultsPatch,
  width: number,
  visit: (at: number, from: number, length: number) => void,
) {
  let at = 0;
  cells.forEach((cell, i) => {
    const from = (cell * (generations + 1) + first[i]!) * width;
    const length = (last[i]! - first[i]! + 1) * width;
    visit(at, from, length);
    at += length;
  });
}

export const transferables = (patch: ResultsPatch): ArrayBuffer[] =>
  Object.values(patch).map(({ buffer }) => buffer as ArrayBuffer);
