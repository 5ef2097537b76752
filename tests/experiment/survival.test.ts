/** When lineages collapse, as curves, times and files; what a cell has come to. */
import { describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { collapseCsv, statusCsv } from '../../src/experiment/export/collapse-csv.ts';
import { regimeOf } from '../../src/experiment/regime.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { survivalOf } from '../../src/experiment/survival.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';

const engine = createReferenceEngine();
const run = (raw: object) => {
  const truth = { kind: 'blobs', dim: 1, components: 1 };
  return runExperiment(planRun(parseSpec({ truth, ...raw }), engine.limits), engine);
};

const chain = await run({
  sampleSize: 10,
  generations: 12,
  replicates: 40,
  statistics: ['varianceRatio', 'stageShares'],
});

describe('survival', () => {
  const { survival, atRisk, collapsed, times } = survivalOf(chain, 0, 0);

  test('falls from 1 by those that collapse', () => {
    expect(survival[0]).toBe(1);
    expect(atRisk[1]).toBe(40);
    for (let t = 1; t <= 12; t++) {
      expect(survival[t]).toBe((atRisk[t]! - collapsed[t]!) / 40);
      if (t > 1) expect(atRisk[t]).toBe(atRisk[t - 1]! - collapsed[t - 1]!);
    }
  });

  test('gives the first generation by which a share has collapsed, or none', () => {
    const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
    shares.forEach((share, q) => {
      const t = times[q]!;
      if (Number.isNaN(t)) expect(1 - survival[12]!).toBeLessThan(share);
      else {
        expect(1 - survival[t]!).toBeGreaterThanOrEqual(share);
        expect(1 - survival[t - 1]!).toBeLessThan(share);
      }
    });
    // Half the variance lost within 12 generations of 10: for some lineages, not for all.
    expect(times[2]).toBeGreaterThan(0);
    expect(times[6]).toBeNaN();
  });
});

test('files have a row for each generation and criterion, and for each bit that some carry', () => {
  const rows = [...collapseCsv(chain)].join('').trim().split('\n');
  expect(rows[0]).toBe(
    'cell,criterion,generation,survival,atRisk,collapsed,' +
      'time01,time05,time25,time50,time75,time95,time99',
  );
  expect(rows).toHaveLength(1 + 12);
  expect(rows[1]).toMatch(/^0,halfVariance,1,[\d.]+,40,\d+,/);
  expect(rows[1]!.endsWith(',')).toBe(true);
  const bits = [...statusCsv(chain)].join('');
  expect(bits).toBe('cell,generation,bit,count\n');
});

test('stages of all lineages add up to one', () => {
  for (let t = 0; t <= 12; t++) {
    const at = (s: number) => chain.values[(t * chain.statistics.length + s) * 13 + 1]!;
    // Sums of 40 zeros and ones over 40, in f64.
    expect(at(1) + at(2) + at(3)).toBeCloseTo(1, 12);
  }
  expect(chain.values[12 * chain.statistics.length * 13 + 3 * 13 + 1]).toBeGreaterThan(0);
});

describe('the regime of a cell', () => {
  const base = { replicates: 20, generations: 20, statistics: ['varianceRatio'] };
  test.each([
    ['stable', { sampleSize: 10_000, batch: { realFraction: 1 } }],
    ['drifting', { sampleSize: 40 }],
    // Twenty medians of four points wander by more than a tenth, and by chance.
    ['stable', { sampleSize: 4, batch: { realFraction: 1 } }],
    ['collapsed', { sampleSize: 3 }],
    // λ = 2: the variance doubles in every generation.
    ['diverged', { sampleSize: 1000, batch: { samplingBias: 2 } }],
  ] as const)('%s', async (regime, raw) => {
    expect(regimeOf(await run({ ...base, ...raw, generations: 20 }), 0)).toBe(regime);
  });

  test('is that by a generation', async () => {
    const results = await run({ ...base, sampleSize: 3 });
    expect(regimeOf(results, 0, 20)).toBe('collapsed');
    // One fit to three points leaves a third to two thirds of the variance, and nothing to compare.
    expect(regimeOf(results, 0, 1)).toBe('stable');
    expect(regimeOf(results, 0, 0)).toBeNull();
  });

  test('is not known where no variance is measured', async () => {
    expect(regimeOf(await run({ ...base, statistics: ['testNll'], generations: 1 }), 0)).toBeNull();
  });
});
