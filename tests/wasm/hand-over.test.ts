/**
 * What the WASM engine has no kernels for, it hands over to the reference's code on its threads. A
 * table of lacks that says so of any cell lets this be tested on cells that both can do.
 */
import { program } from 'virtual:genloss-wasm-worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import type { Engine, Frame } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import { packModel } from '../../src/engine/webgpu/pack-model.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import { resultsCsv } from '../../src/experiment/export/csv.ts';
import { rowIndex, SUMMARY_FIELDS } from '../../src/experiment/results.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import type { DataSet } from '../../src/model/truth.ts';
import { HAND_OVER_COST, WASM_LACKS, type Lack } from '../../src/plan/hand-over.ts';
import { CHUNK, type Plan } from '../../src/plan/plan.ts';
import { planRun, type PlanOptions } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { WIDE_STATISTICS } from '../../src/spec/statistics.ts';

const EVERYTHING: Lack = { reason: 'everything', paths: [], holds: () => true };
const SEVENS: Lack = {
  reason: 'seven points',
  paths: ['sampleSize'],
  holds: ({ sampleSize }) => sampleSize === 7,
};

const never = new AbortController().signal;
const host = await nodeThreads();
const reference = createReferenceEngine();
let engine: Engine;
beforeAll(async () => {
  engine = await createWasmEngine({ host, threads: 2 });
});
afterAll(() => engine.close());

const planOf = (raw: object, lacks: readonly Lack[], options: PlanOptions = {}): Plan =>
  planRun(parseSpec(raw), { ...engine.limits, lacks }, options);

async function framesOf(of: Engine, plan: Plan, signal = never): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of of.run(plan, signal)) frames.push(frame);
  return frames;
}

const PAIR = {
  seed: 3,
  truth: { kind: 'blobs', components: 2, separation: 3 },
  batch: { realFraction: 0.1 },
  fit: { iterations: 3 },
  sampleSize: 12,
  generations: 5,
  replicates: 10,
  statistics: ['meanShiftSquared', 'logVarianceRatio', 'klTruthToModel'],
  nodes: 64,
};
const DATA: DataSet = {
  name: 'a.csv',
  columns: ['x', 'y'],
  // Far from 0, and of uneven spread: frames, and the rows' f64, are in use.
  rows: Float64Array.from({ length: 60 }, (_, i) => 1e5 + Math.sin(i * i) * (1 + (i % 2))),
  rowCount: 30,
};

describe('lineages', () => {
  const SHAPES: Record<string, object> = {
    'K = 2, d = 1': PAIR,
    'K = 3, d = 2, k-means': {
      ...PAIR,
      truth: { kind: 'blobs', dim: 2, components: 3 },
      fit: { iterations: 2, init: 'kmeans' },
    },
    'K = 1, d = 3, closed form': {
      ...PAIR,
      truth: { kind: 'blobs', dim: 3, components: 1 },
      batch: {},
    },
    'K = 1, and what a step takes, from the truth on': {
      ...PAIR,
      fit: { components: 1 },
      sampleSize: 40,
      statistics: ['stepKl', 'logVarianceRatio'],
    },
    'K = 1, d = 1, of three points': {
      ...PAIR,
      truth: { kind: 'blobs', components: 1 },
      batch: {},
      sampleSize: 3,
      generations: 70,
    },
    'd = 12, measured by the reference too': {
      ...PAIR,
      truth: { kind: 'blobs', dim: 12, components: 1 },
      sampleSize: 30,
      statistics: WIDE_STATISTICS,
    },
    'd = 5, all batches that there were, of less and less of an archive': {
      ...PAIR,
      truth: { kind: 'blobs', dim: 5, components: 1 },
      retention: 'accumulate',
      batch: { realFraction: { from: 0.8, to: 0.1, until: 6 }, realSource: 'fixed' },
      statistics: ['stepKl', 'logDetRatio'],
    },
    'd = 6, of the last three models, weighed': {
      ...PAIR,
      truth: { kind: 'blobs', dim: 6, components: 1 },
      batch: { memory: 3, realFraction: 0.3 },
      fit: { realWeight: 0.6, estimator: 'map' },
      statistics: ['ancestry', 'logDetRatio'],
    },
    'all batches that there were, a floor, kinds that weigh unlike': {
      ...{ ...PAIR, retention: 'accumulate', closedForm: 'counts', generations: 40 },
      fit: { components: 1, realWeight: 0.7, covarianceFloor: 0.1 },
      statistics: ['ancestry', 'logVarianceRatio'],
    },
    'all batches and memory, d = 2, a prior': {
      ...{ ...PAIR, retention: 'accumulate', closedForm: 'counts', generations: 40 },
      truth: { kind: 'blobs', dim: 2, components: 1 },
      batch: { memory: 3 },
      fit: { components: 1, estimator: 'map', prior: { strength: 8 } },
    },
    'all batches that there were': { ...PAIR, retention: 'accumulate', generations: 40 },
    'some of all of them': { ...PAIR, retention: 'accumulate-subsample', generations: 40 },
    'with a coreset': {
      ...PAIR,
      batch: { realFraction: 0.4, realSource: 'fixed', coreset: { size: 4 } },
      generations: 40,
      statistics: ['ancestry', 'logVarianceRatio'],
    },
    'of the last three models': {
      ...PAIR,
      batch: { memory: 3 },
      generations: 40,
      statistics: ['ancestry', 'logVarianceRatio'],
    },
    'rows, and schedules': {
      ...PAIR,
      truth: { kind: 'data', file: 'a.csv', columns: ['x', 'y'] },
      fit: { components: 2, iterations: 2 },
      batch: {
        realFraction: {
          at: [
            [1, 1],
            [3, 0.25],
          ],
        },
      },
    },
  };

  it.each(Object.keys(SHAPES))("are the reference's, to the last bit of f32: %s", async (name) => {
    const data = name.startsWith('rows') ? DATA : null;
    const plan = planOf(SHAPES[name]!, [EVERYTHING], { data });
    expect(plan.groups.map(({ handOver }) => handOver)).toEqual([['everything']]);
    for (const replicate of [0, 5, 9]) {
      const mine = await engine.trace(plan, 0, replicate, never);
      const theirs = await reference.trace(plan, 0, replicate, never);
      const packed = (models: readonly FramedModel[]) =>
        models.map((model) => packModel(model, plan.statistics.includes('ancestry')));
      expect(packed(mine)).toEqual(packed(theirs));
    }
  });

  it('reduce to what the reference finds', async () => {
    for (const [name, raw] of Object.entries(SHAPES)) {
      const data = name.startsWith('rows') ? DATA : null;
      const plan = planOf({ ...raw, generations: 5 }, [EVERYTHING], { data, windowGenerations: 2 });
      const [mine, theirs] = [
        await runExperiment(plan, engine),
        await runExperiment(plan, reference),
      ];
      expect(mine.complete).toBe(true);
      expect(mine.status).toEqual(theirs.status);
      for (let generation = 1; generation <= 5; generation++) {
        plan.statistics.forEach((statistic, s) => {
          const from = rowIndex(mine, 0, generation, s) * SUMMARY_FIELDS.length;
          (['min', 'q25', 'q50', 'q75', 'max', 'mean'] as const).forEach((field) => {
            const at = from + SUMMARY_FIELDS.indexOf(field);
            const [a, b] = [mine.values[at]!, theirs.values[at]!];
            const where = `${name}, ${field} of ${statistic} at generation ${generation}`;
            // A statistic of a model in f32: under 64 roundings of 2⁻²⁴.
            expect(Math.abs(a - b), where).toBeLessThan(2 ** -18 * Math.max(1, Math.abs(b)));
          });
        });
      }
    }
  });
});

/** Cells by kernels and by the reference, beside each other, of a chunk and a rest. */
const MIXED = {
  ...PAIR,
  sweep: { sampleSize: [5, 7, 9] },
  pairing: 'independent',
  generations: 4,
  replicates: CHUNK + 90,
  statistics: ['meanShiftSquared', 'logVarianceRatio'],
};

/** Measured at points drawn for each lineage; on more threads in other pieces. */
const PLANE = {
  ...MIXED,
  truth: { kind: 'blobs', dim: 2, components: 2 },
  replicates: 50,
  statistics: ['entropy', 'klModelToTruth'],
};

describe('a sweep of which one cell is handed over', () => {
  it.each([MIXED, PLANE])('gives the same frames on any threads, and again', async (raw) => {
    const plan = planOf(raw, [SEVENS]);
    const expected = await framesOf(engine, plan);
    for (const threads of [1, 3, 5]) {
      const other = await createWasmEngine({ host, threads });
      expect(await framesOf(other, plan)).toEqual(expected);
      other.close();
    }
    // Now its pace is known.
    expect(await framesOf(engine, plan)).toEqual(expected);
  });

  it('leaves the other cells as they are', async () => {
    const [mixed, plain] = [planOf(MIXED, [SEVENS]), planOf(MIXED, [])];
    expect(mixed.groups.map(({ handOver }) => handOver)).toEqual([[], ['seven points']]);
    expect(plain.groups).toHaveLength(1);
    const [mine, theirs] = [await runExperiment(mixed, engine), await runExperiment(plain, engine)];
    const width = mine.values.length / 3;
    for (const cell of [0, 2]) {
      const [from, to] = [cell * width, (cell + 1) * width];
      expect(mine.values.slice(from, to)).toEqual(theirs.values.slice(from, to));
    }
    expect(mine.values.slice(width, 2 * width)).not.toEqual(theirs.values.slice(width, 2 * width));
  });

  it('hears a stop, and then runs whole', async () => {
    const plan = planOf(MIXED, [SEVENS]);
    const whole = await framesOf(engine, plan);
    const controller = new AbortController();
    const stopped = framesOf(engine, plan, controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(stopped).rejects.toThrow('enough');
    expect(await framesOf(engine, plan)).toEqual(whole);
  });
});

it('threads hold the reference once, and no table of the spec', () => {
  expect(program.match(/unconverged: *32/g)).toHaveLength(1);
  expect(program).not.toContain('Detector, recall');
});

describe('a past that goes from task to task', () => {
  const raw = {
    ...PAIR,
    batch: {},
    truth: { kind: 'blobs', dim: 2, components: 2 },
    sweep: { 'batch.memory': [1, 3] },
    generations: 12,
    replicates: 30,
    retention: 'accumulate-subsample',
    statistics: ['logVarianceRatio', 'klModelToTruth'],
  };
  const cuts: readonly PlanOptions[] = [
    {},
    { windowGenerations: 1, batchLineages: 1 },
    { windowGenerations: 5 },
  ];

  const ways = ['replace', 'accumulate', 'accumulate-subsample'].flatMap((retention) =>
    [WASM_LACKS, [EVERYTHING]].map((lacks) => ({ retention, lacks, of: lacks.length })),
  );

  it.each(ways)(
    'gives the same bytes however lineages are cut, $retention, $of',
    async ({ retention, lacks }) => {
      const found = new Set<string>();
      const plans = new Set<string>();
      for (const threads of [1, 3]) {
        const other = await createWasmEngine({ host, threads });
        for (const options of cuts) {
          const plan = planOf({ ...raw, retention }, lacks, options);
          expect(plan.groups.map(({ handOver }) => handOver.length > 0)).not.toContain(
            lacks === WASM_LACKS,
          );
          plans.add(JSON.stringify(plan.batches));
          found.add([...resultsCsv(await runExperiment(plan, other))].join(''));
        }
        other.close();
      }
      expect([found.size, plans.size]).toEqual([1, cuts.length]);
    },
  );

  it('takes a pool along, however lineages are cut', async () => {
    const fit = { components: 1, realWeight: 0.6, covarianceFloor: 0.1 };
    const pooled = { ...raw, fit, retention: 'accumulate', closedForm: 'counts' };
    const found = new Set<string>();
    for (const threads of [1, 3]) {
      const other = await createWasmEngine({ host, threads });
      for (const options of cuts) {
        const plan = planOf(pooled, WASM_LACKS, options);
        expect(plan.groups.map(({ grouping }) => grouping?.pool)).toEqual(['kinds', 'kinds']);
        found.add([...resultsCsv(await runExperiment(plan, other))].join(''));
      }
      other.close();
    }
    expect(found.size).toBe(1);
  });

  it('is as long as it has to be', () => {
    const pasts = (retention: string) =>
      planOf({ ...raw, retention }, WASM_LACKS).groups.map(({ past }) => past);
    expect(pasts('replace')).toEqual([0, 3]);
    expect(pasts('accumulate')).toEqual([12]);
  });
});

describe('a plan', () => {
  it('gives as much less to a dispatch as the reference is slower', () => {
    const raw = { ...PAIR, replicates: 4000 };
    const cuts = (lacks: readonly Lack[], dispatchWork: number) =>
      planRun(parseSpec(raw), { ...engine.limits, dispatchWork, lacks }).batches;
    expect(cuts([EVERYTHING], HAND_OVER_COST * 1e6)).toEqual(cuts([], 1e6));
  });

  it('keeps room for the past', () => {
    // K = 2, d = 1: 12 words of 4 bytes in the ring, twice, a statistic of 4, and as many f64.
    const bytes = (past: boolean) => 2 * 12 * 4 + 4 + (past ? 12 * 8 : 0);
    const raw = { ...PAIR, replicates: 4000, statistics: ['varianceRatio'] };
    const read = 8 * 4 + 14 * 4;
    const fits = (lacks: readonly Lack[], totalBytes: number) => () =>
      planRun(parseSpec(raw), { ...engine.limits, totalBytes, lacks });
    for (const lacks of [[], [EVERYTHING]]) {
      const need = 2 * (4000 * bytes(lacks.length > 0) + read);
      expect(fits(lacks, need)).not.toThrow();
      expect(fits(lacks, need - 2)).toThrow('beside the training sets');
    }
  });

  it('keeps room for a pool', () => {
    // K = 1, d = 1: 8 words, twice, and a statistic; as many f64, and two tallies of 3.
    const bytes = 2 * 8 * 4 + 4 + (8 + 2 * 3) * 8;
    const raw = {
      ...{ ...PAIR, retention: 'accumulate', closedForm: 'counts', replicates: 4000 },
      fit: { components: 1, realWeight: 0.5 },
      statistics: ['varianceRatio'],
    };
    const need = 2 * (4000 * bytes + 8 * 4 + 14 * 4);
    const fits = (totalBytes: number) => () =>
      planRun(parseSpec(raw), { ...engine.limits, totalBytes, lacks: WASM_LACKS });
    expect(fits(need)).not.toThrow();
    expect(fits(need - 2)).toThrow('beside the training sets');
  });
});
