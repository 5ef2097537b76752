/**
 * Results do not depend on how work is cut, on what ran before, or on the run: for training sets
 * that reach into the past and candidates that are looked at, on every engine, to the byte.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { resultsCsv } from '../../src/experiment/export/csv.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { planRun, type PlanOptions } from '../../src/plan/plan-run.ts';
import type { EngineLimits } from '../../src/plan/plan.ts';
import { generationWork } from '../../src/plan/work.ts';
import { visitCost } from '../../src/plan/hand-over.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { enginesUnderTest } from '../support/engines.ts';

/** Two cells of 150 lineages: two chunks, in one batch or in two. */
const SHARED = {
  seed: 11,
  truth: { kind: 'blobs', components: 2, separation: 3 },
  fit: { iterations: 2 },
  sampleSize: 8,
  generations: 5,
  replicates: 150,
  sweep: { 'batch.detector.recall': [0, 0.5] },
  statistics: ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio', 'ancestry'],
};
const real = { realFraction: 0.3 };

const REQUESTS: Readonly<Record<string, object>> = {
  accumulate: { ...SHARED, batch: real, retention: 'accumulate' },
  'accumulate-subsample': { ...SHARED, batch: real, retention: 'accumulate-subsample' },
  memory: { ...SHARED, batch: { ...real, memory: 3 } },
  verifier: { ...SHARED, batch: { ...real, verifier: { keep: 0.5, error: 0.1 } } },
  'an archive distilled, points that weigh unlike': {
    ...SHARED,
    batch: { ...real, realSource: 'fixed', coreset: { size: 4, method: 'kmeans' } },
    fit: { iterations: 2, realWeight: 0.5, tailWeight: 0.2 },
  },
  'a tolerance, and components that come back': {
    ...SHARED,
    batch: real,
    retention: 'accumulate',
    fit: { iterations: 20, tolerance: 1e-3, respawn: true },
  },
  'a pool beside its model': {
    ...{ ...SHARED, closedForm: 'counts', batch: real, retention: 'accumulate' },
    fit: { components: 1, realWeight: 0.6, covarianceFloor: 0.1 },
  },
  'one Gaussian in six dimensions, of several models, a pool beside it': {
    ...SHARED,
    truth: { kind: 'blobs', dim: 6, components: 1 },
    ...{ retention: 'accumulate', batch: { ...real, memory: 3 } },
    fit: { realWeight: 0.6, estimator: 'map', prior: { centre: 'parent', strength: 4 } },
  },
};

/** Cut in slices and batches by assembled.test.ts, where their pipelines are compiled anyway. */
const ON_GPU_ELSEWHERE = ['an archive distilled, points that weigh unlike'];

interface Cut extends PlanOptions {
  readonly limits?: Partial<EngineLimits>;
}

describe.each(enginesUnderTest)('$name', ({ name, open }) => {
  let engine: Engine;
  beforeAll(async () => void (engine = await open()));
  afterAll(() => engine.close());

  const planOf = (raw: object, { limits, ...options }: Cut = {}) =>
    planRun(parseSpec(raw), { ...engine.limits, ...limits }, options);

  async function csvOf(raw: object, cut: Cut = {}): Promise<string> {
    const results = await runExperiment(planOf(raw, cut), engine);
    expect(results.complete).toBe(true);
    return [...resultsCsv(results)].join('');
  }

  /** Work for 64 lineages, a workgroup, and one generation of them. */
  function narrow(raw: object): Partial<EngineLimits> {
    const { cells, groups } = planOf(raw);
    const cost = Math.max(...groups.map(visitCost));
    const last = generationWork(cells[0]!.spec, 1, SHARED.generations);
    return { dispatchWork: 64 * last * cost };
  }

  const requests = Object.entries(REQUESTS).filter(
    ([request]) => name !== 'webgpu' || !ON_GPU_ELSEWHERE.includes(request),
  );
  test.each(requests)('%s: the same bytes, however cut', async (_, raw) => {
    const cuts: Cut[] = [
      { batchLineages: 1 },
      { windowGenerations: 1 },
      { windowGenerations: 2, batchLineages: 1e6 },
      { limits: narrow(raw), windowGenerations: 3, batchLineages: 1 },
    ];
    const whole = await csvOf(raw);
    for (const cut of cuts) expect((await csvOf(raw, cut)) === whole).toBe(true);
    const plans = [{}, ...cuts].map((cut) => JSON.stringify(planOf(raw, cut).batches));
    // Where a generation is much work, windows are short without being asked for.
    expect(new Set(plans).size).toBeGreaterThanOrEqual(plans.length - 1);
  });

  test('the same bytes again, on an engine that did something else, and on a new one', async () => {
    const { memory, verifier } = REQUESTS;
    const first = await csvOf(verifier!);
    const between = await csvOf(memory!);
    expect((await csvOf(verifier!)) === first).toBe(true);
    const fresh = await open();
    try {
      const again = async (raw: object) => {
        const results = await runExperiment(planRun(parseSpec(raw), fresh.limits), fresh);
        return [...resultsCsv(results)].join('');
      };
      // In the other order.
      expect((await again(memory!)) === between).toBe(true);
      expect((await again(verifier!)) === first).toBe(true);
    } finally {
      fresh.close();
    }
    expect((await csvOf({ ...verifier, seed: 12 })) === first).toBe(false);
  });
});
