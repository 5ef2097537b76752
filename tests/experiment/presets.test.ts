/**
 * Presets are ready: each runs, at a size that a page has done in moments, and what its text says of
 * numbers is what it comes to. The numbers are those of the preset's own seed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import { estimateCost, guessedSpeed, secondsFor } from '../../src/experiment/cost.ts';
import { survivalShares } from '../../src/experiment/views/shares.ts';
import { bundledCsv } from '../../src/model/data/bundled.ts';
import { parseCsv } from '../../src/model/data/csv.ts';
import { STATUS_NAMES } from '../../src/model/status.ts';
import { presets } from '../../src/spec/presets.ts';
import { minimalSpec, parseSpec, type Spec } from '../../src/spec/schema.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { runSpec } from '../support/run-spec.ts';

/** A text's number as it is written: good to one in its last digit, on any engine's rounding. */
type Said = readonly [
  cell: number,
  generation: number,
  statistic: StatisticName,
  field: 'mean' | 'q05' | 'q50' | 'q95',
  number: string,
];
/** By when half of the lineages of a cell have met a criterion, counted from 0. */
type Half = readonly [cell: number, criterion: number, generation: number];

const SAID: Readonly<Record<string, { numbers?: readonly Said[]; halves?: readonly Half[] }>> = {
  'two-modes': {
    numbers: [
      [0, 25, 'tailMass1', 'q50', '0.12'],
      [0, 25, 'varianceRatio', 'q50', '0.77'],
    ],
  },
  'gaussian-10': { numbers: [[0, 100, 'logVarianceRatio', 'mean', '-22']] },
  'small-steps': {
    numbers: [
      [0, 1, 'stepKl', 'mean', '0.005'],
      [0, 200, 'stepKl', 'mean', '0.005'],
      [0, 200, 'klTruthToModel', 'q50', '3'],
    ],
  },
  'five-to-ten': {
    halves: [
      [1, 2, 10],
      [4, 1, 24],
    ],
  },
  'old-faithful': {
    numbers: [
      [0, 1, 'testNll', 'q50', '1.04'],
      [0, 100, 'testNll', 'q50', '5.8'],
      [0, 100, 'modesAlive', 'mean', '2.5'],
      [0, 100, 'varianceRatio', 'mean', '0.70'],
    ],
  },
  'mode-collapse': {
    numbers: [
      [1, 40, 'modesAlive', 'q50', '2.0'],
      [1, 40, 'varianceRatio', 'q50', '0.84'],
      [1, 40, 'entropyLoss', 'q50', '2.2'],
      [2, 40, 'modesAlive', 'q50', '1.0'],
      [2, 40, 'entropyLoss', 'q50', '0.8'],
    ],
  },
  'collapsed-or-grounded': {
    numbers: [
      [0, 60, 'varianceRatio', 'q50', '0.37'],
      [1, 60, 'varianceRatio', 'q50', '0.92'],
      [0, 60, 'rarestModeMass', 'q50', '0.01'],
      [1, 60, 'rarestModeMass', 'q50', '0.17'],
      [0, 60, 'calibrationGap', 'q50', '71'],
      [1, 60, 'calibrationGap', 'q50', '0.5'],
    ],
  },
  'error-statistics': {
    numbers: [
      [0, 25, 'tailMass1', 'q50', '0.09'],
      [0, 25, 'varianceRatio', 'q50', '0.72'],
      [0, 50, 'klTruthToModel', 'q50', '6.1'],
    ],
  },
  'error-expressivity': {
    numbers: [
      [0, 1, 'klTruthToModel', 'mean', '0.063'],
      [0, 50, 'klTruthToModel', 'mean', '0.065'],
      [0, 1, 'tailMass1', 'mean', '3.4'],
    ],
  },
  'error-learning': {
    numbers: [
      [0, 50, 'varianceRatio', 'mean', '1.00'],
      [0, 50, 'tailMass1', 'mean', '0.15'],
      [0, 1, 'klTruthToModel', 'mean', '0.0012'],
      [0, 50, 'klTruthToModel', 'mean', '0.12'],
    ],
  },
  'error-sampler': {
    numbers: [
      [0, 25, 'tailMass1', 'q50', '0.001'],
      [0, 25, 'varianceRatio', 'q50', '0.77'],
    ],
  },
  'four-errors': {
    numbers: [
      [0, 30, 'klTruthToModel', 'q50', '0.01'],
      [1, 30, 'klTruthToModel', 'q50', '0.09'],
      [2, 30, 'klTruthToModel', 'q50', '0.07'],
      [4, 30, 'klTruthToModel', 'q50', '0.8'],
      [8, 30, 'klTruthToModel', 'q50', '2.5'],
    ],
  },
  'safe-sampler': {
    numbers: [
      [0, 50, 'varianceRatio', 'mean', '0.95'],
      [3, 50, 'varianceRatio', 'mean', '0.005'],
    ],
  },
  'top-p': {
    numbers: [[2, 30, 'tailMass1', 'q50', '0.01']],
    halves: [
      [2, 0, 24],
      [3, 0, 4],
    ],
  },
  'zipf-minority': {
    halves: [
      [0, 0, 25],
      [0, 1, 28],
      [0, 2, 42],
      [0, 3, 77],
    ],
  },
  'black-swans': {
    numbers: [
      [0, 25, 'valueAtRisk99', 'q50', '0.67'],
      [0, 25, 'expectedShortfall99', 'q50', '0.61'],
      // 0.86².
      [0, 25, 'varianceRatio', 'q50', '0.74'],
    ],
  },
  overconfident: {
    numbers: [
      [0, 1, 'selfNll', 'mean', '1.4'],
      [0, 40, 'selfNll', 'mean', '0.6'],
      [0, 1, 'testNll', 'mean', '1.4'],
      [0, 40, 'testNll', 'mean', '7'],
      [0, 40, 'coverage95', 'mean', '0.55'],
      [0, 40, 'hallucinatedMass', 'mean', '0.010'],
    ],
  },
  'green-badge': {
    numbers: [
      [0, 30, 'bulkAccuracy', 'mean', '0.99'],
      [0, 60, 'bulkAccuracy', 'mean', '0.99'],
      [0, 1, 'modeRecall_3', 'q50', '0.99'],
      [0, 30, 'modeRecall_3', 'q50', '0.00'],
      [0, 1, 'coverage95', 'q50', '0.95'],
      [0, 30, 'coverage95', 'q50', '0.87'],
    ],
  },
  'real-share': {
    numbers: [
      [0, 100, 'varianceRatio', 'q50', '0.36'],
      [2, 100, 'varianceRatio', 'q50', '0.84'],
      [4, 100, 'varianceRatio', 'q50', '0.97'],
    ],
  },
  'one-migrant': {
    // (10, 0.1), (30, 0.03), (100, 0.01), (300, 0.003): two thirds, and at n = 10 a little less.
    numbers: [
      [4, 200, 'varianceRatio', 'mean', '0.6'],
      [10, 200, 'varianceRatio', 'mean', '0.7'],
      [16, 200, 'varianceRatio', 'mean', '0.7'],
      [22, 200, 'varianceRatio', 'mean', '0.7'],
    ],
  },
  grounded: {
    numbers: [
      [0, 60, 'varianceRatio', 'q50', '0.92'],
      [1, 60, 'varianceRatio', 'q50', '0.84'],
      [0, 60, 'calibrationGap', 'q50', '0.5'],
      [1, 60, 'calibrationGap', 'q50', '5.5'],
      [0, 60, 'stage1Share', 'mean', '0.68'],
      [1, 60, 'stage1Share', 'mean', '0.41'],
    ],
  },
  archive: {
    numbers: [
      [2, 60, 'varianceRatio', 'mean', '0.95'],
      [6, 60, 'varianceRatio', 'mean', '0.86'],
      [3, 60, 'varianceRatio', 'mean', '0.99'],
      [7, 60, 'varianceRatio', 'mean', '0.97'],
    ],
  },
  distilled: {
    numbers: [
      [0, 30, 'tailMass1', 'mean', '1.3'],
      [0, 30, 'tailMass1', 'q50', '0.02'],
      [3, 30, 'tailMass1', 'mean', '0.24'],
      [6, 30, 'tailMass1', 'mean', '0.20'],
    ],
  },
  'keep-everything': {
    numbers: [
      [0, 100, 'varianceRatio', 'mean', '0.01'],
      [1, 100, 'varianceRatio', 'mean', '0.92'],
      [2, 100, 'varianceRatio', 'mean', '0.84'],
    ],
  },
  growing: { numbers: [[2, 100, 'varianceRatio', 'mean', '0.74']] },
  'web-filling-up': {
    numbers: [
      [0, 300, 'varianceRatio', 'q50', '0.62'],
      [1, 300, 'varianceRatio', 'q50', '0.75'],
      [2, 300, 'varianceRatio', 'q50', '0.92'],
      [3, 300, 'varianceRatio', 'q50', '0.98'],
    ],
  },
  'late-detector': {
    numbers: [
      [0, 120, 'klTruthToModel', 'q50', '0.5'],
      [0, 120, 'varianceRatio', 'mean', '0.99'],
    ],
  },
  'too-late': {
    numbers: [
      [0, 60, 'klTruthToModel', 'q50', '0.9'],
      [0, 60, 'modesAlive', 'q50', '5'],
    ],
  },
  'data-wall': {
    numbers: [
      [1, 34, 'ancestry', 'mean', '3.8'],
      [1, 35, 'ancestry', 'mean', '4.8'],
      [1, 80, 'ancestry', 'mean', '49.8'],
    ],
  },
  echo: {
    numbers: [
      [0, 40, 'ancestry', 'mean', '39'],
      [1, 40, 'ancestry', 'mean', '8.9'],
      [3, 40, 'ancestry', 'mean', '3.3'],
    ],
  },
  'arms-race': {
    numbers: [
      [0, 150, 'varianceRatio', 'q50', '1.00'],
      [1, 150, 'varianceRatio', 'q50', '0.73'],
      [2, 150, 'varianceRatio', 'q50', '0.64'],
      [3, 150, 'varianceRatio', 'q50', '0.64'],
    ],
  },
  laundering: {
    numbers: [
      [0, 100, 'varianceRatio', 'mean', '0.95'],
      [4, 100, 'varianceRatio', 'mean', '0.82'],
    ],
  },
  provenance: {
    numbers: [
      [0, 100, 'varianceRatio', 'mean', '0.82'],
      [2, 100, 'varianceRatio', 'mean', '0.91'],
      [3, 100, 'varianceRatio', 'mean', '0.95'],
    ],
  },
  'quality-filter': {
    numbers: [
      [0, 20, 'tailMass1', 'mean', '1.1'],
      [1, 20, 'tailMass1', 'mean', '0.75'],
      [2, 20, 'tailMass1', 'mean', '0.17'],
      [4, 20, 'logVarianceRatio', 'mean', '-12'],
    ],
  },
  'best-of-many': {
    // From generation 1 to 10, nine times 1.0, 2.1 and 3.3.
    numbers: [
      [1, 10, 'logVarianceRatio', 'mean', '-9'],
      [2, 10, 'logVarianceRatio', 'mean', '-19'],
      [3, 10, 'logVarianceRatio', 'mean', '-30'],
    ],
  },
  verifier: {
    numbers: [
      [0, 30, 'klTruthToModel', 'mean', '0.2'],
      [1, 30, 'klTruthToModel', 'mean', '0.02'],
      [5, 30, 'klTruthToModel', 'mean', '0.6'],
      [0, 30, 'varianceRatio', 'mean', '2.9'],
      [5, 30, 'varianceRatio', 'mean', '0.30'],
      [0, 30, 'hallucinatedMass', 'mean', '0.06'],
      [1, 30, 'hallucinatedMass', 'mean', '0.002'],
    ],
  },
  poisoned: {
    numbers: [
      [2, 40, 'hallucinatedMass', 'mean', '0.18'],
      // 3.5².
      [3, 40, 'meanShiftSquared', 'mean', '12'],
    ],
  },
  'rare-counts': {
    numbers: [
      [0, 30, 'tailMass1', 'mean', '0.000'],
      [1, 30, 'tailMass1', 'mean', '0.0003'],
      [2, 30, 'tailMass1', 'mean', '1.2'],
      [3, 30, 'tailMass1', 'mean', '43'],
    ],
  },
  'held-to': {
    numbers: [
      [3, 60, 'klTruthToModel', 'q50', '0.5'],
      [5, 60, 'klTruthToModel', 'q50', '0.15'],
    ],
  },
  'suresh-gaussian': {
    numbers: [
      [0, 20, 'stage3Share', 'mean', '0.15'],
      [0, 40, 'stage3Share', 'mean', '0.50'],
      [0, 100, 'stage3Share', 'mean', '0.92'],
    ],
  },
  padlock: {
    numbers: [
      [0, 60, 'modeMass_5', 'q50', '0.08'],
      [0, 60, 'modeMass_5', 'q05', '0.05'],
      [0, 60, 'modeMass_5', 'q95', '0.14'],
      [0, 60, 'modeMass_4', 'q50', '0.00'],
    ],
  },
};

const dataOf = ({ truth }: Spec) =>
  truth.kind === 'data' ? { data: parseCsv(bundledCsv(truth.file)!, truth) } : {};

let engine: Engine;
beforeAll(async () => {
  engine = await createWasmEngine({ host: await nodeThreads() });
});
afterAll(() => engine.close());

describe.each(presets)('$name', ({ spec, view }) => {
  test('takes well under a minute on a thread', () => {
    // A page has at least one to compute with; where it hands lineages over the guess is high.
    expect(secondsFor(estimateCost(spec, 'wasm'), guessedSpeed('wasm', 1))).toBeLessThan(60);
  });

  test('opens on what there is', () => {
    const { generation = 1, cell = 0, statistic } = view ?? {};
    expect(generation).toBeLessThanOrEqual(spec.generations);
    expect(cell).toBeLessThan(estimateCost(spec, 'wasm').cells);
    if (statistic !== undefined && statistic !== 'regime') {
      expect(spec.statistics).toContain(statistic);
    }
  });

  test('runs, cut down, and no lineage fails', async () => {
    const generations = Math.min(spec.generations, 6);
    const small = parseSpec({ ...minimalSpec(spec), generations, replicates: 4 });
    const { results } = await runSpec(engine, small, dataOf(spec));
    expect(results.complete).toBe(true);
    for (const failure of ['nonFinite', 'attemptsExhausted'] as const) {
      const bit = STATUS_NAMES.indexOf(failure);
      const counts = results.status.filter((_, i) => i % STATUS_NAMES.length === bit);
      expect(Math.max(...counts), failure).toBe(0);
    }
  });
});

describe.each(Object.entries(SAID))('%s', (name, { numbers = [], halves = [] }) => {
  test('comes to what its text says', async () => {
    const { spec } = presets.find((preset) => preset.name === name)!;
    const { results, value } = await runSpec(engine, minimalSpec(spec), dataOf(spec));
    for (const [cell, generation, statistic, field, said] of numbers) {
      const unit = 10 ** -(said.split('.')[1]?.length ?? 0);
      const place = `cell ${cell}, generation ${generation}, ${field} of ${statistic}`;
      const error = Math.abs(value(cell, generation, statistic, field) - Number(said));
      expect(error, place).toBeLessThanOrEqual(unit);
    }
    for (const [cell, criterion, generation] of halves) {
      const { series } = survivalShares(results, cell, Float64Array.of(0))!;
      // A lineage at the edge may meet it a generation sooner or later.
      expect(Math.abs(series[criterion]!.halfBy - generation)).toBeLessThanOrEqual(1);
    }
  });
});
