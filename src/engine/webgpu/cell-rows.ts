/** A cell of model/rules.ts as rows of CELL_PARAMS, which the kernels of GPU and WASM both read. */
import { besselOf, type Rules } from '../../model/rules.ts';
import type { CELL_PARAMS, Row } from './layout.ts';

/** A radius whose square is finite and that no normal passes. */
const NO_TRUNCATION = 1e18;

type Field = (typeof CELL_PARAMS.fields)[number][0];
export type CellRow = Row<Field>;

/** Where the kernels find what several cells share. */
export type CellOffsets = Pick<CellRow, 'truthModelOffset' | 'rowOffset' | 'tableOffset'>;

/** One for each phase. */
export function cellRows(rules: Rules, offsets: CellOffsets): CellRow[] {
  const { phases, unbiased, key, rows, dim, poisonMean, protectedModes, coreset, archive } = rules;
  let poolBefore = 0;
  return phases.map(({ firstGeneration, ...phase }, p) => {
    const before = poolBefore;
    const next = phases[p + 1]?.firstGeneration ?? firstGeneration;
    poolBefore += (next - firstGeneration) * phase.sampleSize;
    return {
      ...phase,
      truncation: Math.min(phase.truncation, NO_TRUNCATION),
      poisonMean0: poisonMean[0] ?? 0,
      poisonMean1: poisonMean[1] ?? 0,
      poisonMean2: poisonMean[2] ?? 0,
      poisonMean3: poisonMean[3] ?? 0,
      protectedModes: protectedModes.reduce((mask, j) => mask | (1 << j), 0) >>> 0,
      poolBefore: before,
      coresetSize: coreset?.size ?? 0,
      archiveEnd: archive[p] ?? 0,
      realWeight: phase.realWeight ?? -1,
      ...offsets,
      bessel: besselOf(unbiased, phase.sampleSize),
      firstGeneration,
      phaseCount: phases.length,
      keyLow: key[0]!,
      keyHigh: key[1]!,
      keyCell: key[2]!,
      keyVersion: key[3]!,
      rowCount: rows ? rows.length / dim : 0,
    };
  });
}
