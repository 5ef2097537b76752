/** Words about a run: how far, how fast, and what went wrong in its lineages. */
import type { Results } from '../../experiment/results.ts';
import { STATUS_NAMES, type StatusBit } from '../../model/status.ts';

export interface StatusLine {
  readonly bit: StatusBit;
  readonly label: string;
  readonly doc: string;
  readonly count: number;
}

const WORDS: Readonly<Record<StatusBit, readonly [label: string, doc: string]>> = {
  degenerate: ['degenerate', 'A component became a point, next to the width of its lineage.'],
  overflow: ['overflow', 'A statistic passed 1e18 and is held there.'],
  nonFinite: ['not a number', 'A value could not be computed.'],
  componentLost: ['component lost', 'A component lost its last point and is dead.'],
  attemptsExhausted: ['attempts ran out', 'A draw by rejection reached its bound.'],
  unconverged: ['unconverged', 'EM stopped at its cap of iterations.'],
};

/** Lineages with each bit set by the last generation that is there, over all cells; none are left out. */
export function statusLines(results: Results): readonly StatusLine[] {
  const { status, generations, generationsDone } = results;
  const width = STATUS_NAMES.length;
  const counts = new Array<number>(width).fill(0);
  // Without a row of its own for each cell: there may be 65 536, ten times a second.
  for (let cell = 0; cell < generationsDone.length; cell++) {
    const at = (cell * (generations + 1) + generationsDone[cell]!) * width;
    for (let bit = 0; bit < width; bit++) counts[bit]! += status[at + bit]!;
  }
  return STATUS_NAMES.map((bit, i) => {
    const [label, doc] = WORDS[bit];
    return { bit, label, doc, count: counts[i]! };
  }).filter(({ count }) => count > 0);
}
