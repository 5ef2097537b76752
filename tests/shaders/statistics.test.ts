/** The kernel observe measures what src/model/statistics does. */
import { expect, test } from 'vitest';
import { held } from '../../src/model/statistics/held.ts';
import { describeGpu } from '../support/dawn.ts';
import { observeOnDevice } from '../support/observe-probe.ts';
import { probeRows } from '../support/probe.ts';
import { statisticCases } from '../support/statistic-cases.ts';

/** A pipeline each takes seconds to compile: those of other cases, and in the plane two more. */
const tried = (dim: number, components: number, modes: number): boolean =>
  dim === 2 ? components < 3 : dim < 4 && (modes === 3 || components === 1);

describeGpu('observe equals its twin', () => statisticCases(observeOnDevice, tried));

describeGpu('held equals its twin', () => {
  test('at the bound, beyond it, and where there is no number', async () => {
    const near = [0, -0, 1, -1, 9.9e17, -9.9e17, 1e18, -1e18, 3e38, -3e38];
    const values = [...near, Infinity, -Infinity, NaN];
    const found = await probeRows({
      imports: ['package::statistics::held::held'],
      body: `var raised = 8u;
  outF(0u, held(inF(0u), &raised));
  outU(1u, raised);`,
      input: new Uint32Array(Float32Array.from(values).buffer),
      inputWords: 1,
      outputWords: 2,
    });
    const numbers = new Float32Array(found.buffer, found.byteOffset, found.length);
    values.forEach((value, row) => {
      const model = { status: 8 };
      const expected = Math.fround(held(value, model));
      expect([value, numbers[2 * row], found[2 * row + 1]]).toEqual([
        ...[value, expected, model.status],
      ]);
    });
  });
});
