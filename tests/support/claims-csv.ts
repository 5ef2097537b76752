/** claims.csv, read again. */
import { CLAIMS } from '../../src/experiment/claims/catalogue.ts';
import { resultOf, type ClaimCell, type ClaimResult } from '../../src/experiment/claims/check.ts';
import { gridOf } from '../../src/experiment/claims/grid.ts';
import type { Verdict } from '../../src/experiment/claims/verdict.ts';

/** Of the quick map, with what it comes to. */
export function claimsOfCsv(text: string): ClaimResult[] {
  const [head, ...lines] = text.trim().split('\n');
  const names = head!.split(',');
  const rows = lines.map((line) => {
    const fields = line.split(',');
    return (name: string) => fields[names.indexOf(name)]!;
  });
  return CLAIMS.map((claim) =>
    resultOf(
      claim,
      gridOf(claim.grid, 'quick').axes,
      rows.filter((of) => of('claim') === claim.name).map(cellOf),
    ),
  );
}

function cellOf(of: (name: string) => string): ClaimCell {
  const number = (name: string) => (of(name) === '' ? NaN : Number(of(name)));
  const control = of('verdict') === 'control';
  return {
    setting: {
      rarestWeight: number('rarestWeight'),
      sampleSize: number('sampleSize'),
      samplingBias: number('samplingBias'),
      realFraction: number('realFraction'),
      recall: number('recall'),
    },
    ...{ lineages: number('lineages'), judged: number('judged'), met: number('met') },
    ...{ share: number('share'), low: number('low'), high: number('high'), control },
    verdict: control || of('verdict') === '' ? null : (of('verdict') as Verdict),
    // Told anew from the cells of all settings.
    controlVerdict: null,
    law: of('law') === '' ? null : number('law'),
    status: [],
  };
}
