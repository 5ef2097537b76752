/**
 * Every kernel keeps its budget of registers and, where it has an E-step, of cycles, on AMD GPUs
 * that need not be there. Skipped, with the reason said, where RADV or its tools are missing.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { budgetsOf, FAMILIES, TESTED } from './budgets.ts';
import { excesses, measure, type Measurement } from './measure.ts';
import { KERNELS } from './modules.ts';
import { findTools } from './tools.ts';

const { tools, missing } = findTools();
if (missing) process.stderr.write(`${missing}\n`);

describe.skipIf(!tools)('on RADV', () => {
  let measurement: Measurement;

  beforeAll(async () => {
    measurement = await measure(tools!, { shapes: TESTED, families: FAMILIES.slice(0, 1) });
  });

  const rows = KERNELS.flatMap((kernel) =>
    TESTED.filter((shape) => budgetsOf(kernel)[shape]).map((shape) => [kernel, shape] as const),
  );

  test.each(rows)('%s, %s', (kernel, shape) => {
    const row = measurement.rows.find((one) => one.kernel === kernel && one.shape === shape)!;
    expect(excesses(row)).toEqual([]);
  });
});
