/** A cell of model/rules.ts as rows of CELL_PARAMS, which the kernels of GPU and WASM both read. */
import { besselOf, type Rules } from '../../model/rules.ts';
import type { CELL_PARAMS, Row } from './layout.ts';

type Field = (typeof CELL_PARAMS.fields)[number][0];
export type CellRow = Row<Field>;

/** Where the kernels find what several cells share. */
export type CellOffsets = Pick<CellRow, 'truthModelOffset' | 'rowOffset' | 'tableOffset'>;

/** One for each phase. */
export function cellRows({ phases, ...rules }: Rules, offsets: CellOffsets): CellRow[] {
  const { unbiased, key, rows, dim } = rules;
  return phases.map(({ firstGeneration, ...phase }) => ({
    ...phase,
    ...offsets,
    bessel: besselOf(unbiased, phase.sampleSize),
    firstGeneration,
    phaseCount: phases.length,
    keyLow: key[0]!,
    keyHigh: key[1]!,
    keyCell: key[2]!,
    keyVersion: key[3]!,
    rowCount: rows ? rows.length / dim : 0,
  }));
}
