/**
 * Every kernel keeps its budget of registers and, where it has an E-step, of cycles, on AMD GPUs
 * that need not be there. Skipped, with the reason said, where RADV or its tools are missing.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { budgetsOf, type ShapeName } from './budgets.ts';
import { excesses, measure, type Measurement } from './measure.ts';
import { KERNELS } from './modules.ts';
import { findTools } from './tools.ts';

const { tools, missing } = findTools();
if (missing) process.stderr.write(`${missing}\n`);

describe.skipIf(!tools)('on RADV', () => {
  let measurement: Measurement;

  beforeAll(async () => {
    measurement = await measure(tools!);
  });

  const rows = KERNELS.flatMap((kernel) =>
    (Object.keys(budgetsOf(kernel)) as ShapeName[]).map((shape) => [kernel, shape] as const),
  );

  test.each(rows)('%s, %s', (kernel, shape) => {
    const measured = measurement.rows.filter((row) => row.kernel === kernel && row.shape === shape);
    expect(measured.length).toBeGreaterThan(0);
    expect(
      measured.flatMap((row) => excesses(row).map((excess) => `${row.family}: ${excess}`)),
    ).toEqual([]);
  });
});
