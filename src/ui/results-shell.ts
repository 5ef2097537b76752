/**
 * Results on their way from the worker to the page, before the first frame. A sweep has up to 65 536
 * cells: as numbers they are handed over in no time, as objects they would be copied one by one.
 */
import type { LawLabel, ResultCell, Results } from '../experiment/results.ts';
import type { AxisValue } from '../spec/schema.ts';

export interface ResultsShell extends Omit<Results, 'cells' | 'lawLabels'> {
  /** [cell]. */
  readonly replicates: Uint32Array<ArrayBuffer>;
  readonly cellGenerations: Uint32Array<ArrayBuffer>;
  /** The labels that differ; [cell × statistic]: which of them, or −1. */
  readonly labels: readonly LawLabel[];
  readonly labelOf: Int32Array<ArrayBuffer>;
}

/** A copy: its buffers may be given away. */
export function packResults({ cells, lawLabels, ...rest }: Results): ResultsShell {
  const labels: LawLabel[] = [];
  const known = new Map<string, number>();
  const labelOf = Int32Array.from(lawLabels, (label) => {
    if (!label) return -1;
    const text = JSON.stringify(label);
    const at = known.get(text) ?? labels.push(label) - 1;
    known.set(text, at);
    return at;
  });
  return {
    ...rest,
    values: rest.values.slice(),
    quantileBound: rest.quantileBound.slice(),
    status: rest.status.slice(),
    collapses: rest.collapses.slice(),
    laws: rest.laws.slice(),
    generationsDone: rest.generationsDone.slice(),
    replicatesDone: rest.replicatesDone.slice(),
    replicates: Uint32Array.from(cells, (cell) => cell.replicates),
    cellGenerations: Uint32Array.from(cells, (cell) => cell.generations),
    labels,
    labelOf,
  };
}

export function openResults(shell: ResultsShell): Results {
  const { replicates, cellGenerations, labels, labelOf, ...rest } = shell;
  const cells = Array.from(replicates, (count, cell): ResultCell => {
    const generations = cellGenerations[cell]!;
    return { values: valuesOf(shell, cell), replicates: count, generations };
  });
  return { ...rest, cells, lawLabels: Array.from(labelOf, (at) => labels[at] ?? null) };
}

/** Row-major over the axes, the last axis fastest. */
function valuesOf({ axes }: ResultsShell, cell: number): AxisValue[] {
  const values = new Array<AxisValue>(axes.length);
  let rest = cell;
  for (let a = axes.length - 1; a >= 0; a--) {
    const own = axes[a]!.values;
    values[a] = own[rest % own.length]!;
    rest = Math.floor(rest / own.length);
  }
  return values;
}

/** Every buffer of numbers in it. */
export const shellBuffers = (shell: ResultsShell): ArrayBuffer[] =>
  Object.values(shell).flatMap((part: unknown) =>
    ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : [],
  );
