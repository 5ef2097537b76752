/**
 * What every engine promises: the same spec and seed give the same bytes however the plan is cut, a
 * cell does not depend on its sweep, frames have their shapes, a stop is heard, and a traced lineage
 * is the one that was reduced. And engines agree: lineage by lineage while f32 and f64 run
 * together, as populations later.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOMENT_FIELDS, RANK_FIELDS, type Engine, type Frame } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { resultsCsv } from '../../src/experiment/export/csv.ts';
import { summaryAt, type Results } from '../../src/experiment/results.ts';
import { survivalOf } from '../../src/experiment/survival.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { unframeModel } from '../../src/model/gmm/model.ts';
import { cellRules } from '../../src/model/rules.ts';
import { observe } from '../../src/model/statistics/observe.ts';
import { statisticTables } from '../../src/model/statistics/tables.ts';
import { STATUS_NAMES } from '../../src/model/status.ts';
import { planRun, type PlanOptions } from '../../src/plan/plan-run.ts';
import { HAND_OVER_COST } from '../../src/plan/hand-over.ts';
import { EDGE_COUNT, type EngineLimits, type Plan } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { enginesUnderTest, floatEngines, handingOver } from '../support/engines.ts';
import { edgeDistance, edgeDistanceLimit, pilotEdgesOf } from '../support/populations.ts';
import { ALPHA } from '../support/goodness.ts';

const STATISTICS = ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio'] as const;

/** Two modes, d = 1: one shape for most tests, so that its pipelines are compiled once. */
const SMALL = {
  seed: 5,
  truth: { kind: 'blobs', dim: 1, components: 2, separation: 3, weights: [0.3, 0.7] },
  fit: { iterations: 3 },
  sampleSize: 10,
  generations: 3,
  replicates: 300,
  statistics: STATISTICS,
};
/** A cell of three chunks, of which the last two may share a batch. */
const LARGE = { ...SMALL, replicates: 8300, generations: 2 };

interface Cut extends PlanOptions {
  readonly limits?: Partial<EngineLimits>;
}

const planOf = (engine: Engine, raw: object, { limits, ...options }: Cut = {}): Plan =>
  planRun(parseSpec(raw), { ...engine.limits, ...limits }, options);

const csvOf = (results: Results): string => [...resultsCsv(results)].join('');

const never = new AbortController().signal;

/** Places of what came strictly before the other, each −1 where it did not. */
function inOrder(one: number, other: number): [one: number, other: number] {
  const isBefore = (a: number, b: number) => a >= 0 && (b < 0 || a < b);
  return [isBefore(one, other) ? one : -1, isBefore(other, one) ? other : -1];
}

/** The numbers of one cell. */
function cellValues(results: Results, cell: number): Float64Array {
  const width = results.values.length / results.cells.length;
  return results.values.slice(cell * width, (cell + 1) * width);
}

async function framesOf(engine: Engine, plan: Plan): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of engine.run(plan, never)) frames.push(frame);
  return frames;
}

describe.each([...enginesUnderTest, handingOver])('$name', ({ name: engineName, open }) => {
  const handed = engineName === handingOver.name;
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  const run = async (raw: object, cut: Cut = {}) => {
    const plan = planOf(engine, raw, cut);
    return { plan, results: await runExperiment(plan, engine) };
  };

  // 10 points, 2 · 3 visits and a draw: 160 a lineage-generation. 12 words a model.
  const sliceWork = 160 * 704 * (handed ? HAND_OVER_COST : 1);
  const slices = { limits: { dispatchWork: sliceWork } };
  const cuts: Record<string, Cut> = {
    'one large batch': { batchLineages: 1e6 },
    'slices of 704 lineages': slices,
    'a buffer for one model and its parent': { limits: { bufferBytes: 4096 * 2 * 12 * 4 } },
    'small batches, slices and windows': { ...slices, batchLineages: 1, windowGenerations: 1 },
  };

  describe('the same bytes', () => {
    const requests: Record<string, object> = {
      'one cell of 8300': LARGE,
      'six cells of 300': {
        ...SMALL,
        sweep: { sampleSize: [4, 10, 7], 'batch.realFraction': [0, 0.5] },
      },
      'two cells of 4200': {
        ...LARGE,
        replicates: 4200,
        pairing: 'independent',
        sweep: { 'fit.iterations': [1, 3] },
      },
    };
    it.each(Object.keys(requests))('%s, however they are cut', async (name) => {
      const whole = await run(requests[name]!);
      expect(whole.results.complete).toBe(true);
      const expected = csvOf(whole.results);
      const plans = new Set<string>();
      for (const [label, cut] of Object.entries(cuts)) {
        const other = await run(requests[name]!, cut);
        plans.add(JSON.stringify(other.plan.batches));
        expect(csvOf(other.results) === expected, label).toBe(true);
        expect(other.results.status, label).toEqual(whole.results.status);
      }
      // The cuts above are different ones.
      expect(plans.size).toBeGreaterThan(2);
    });

    it('twice, and others by another seed', async () => {
      const first = csvOf((await run(SMALL)).results);
      expect(csvOf((await run(SMALL)).results)).toBe(first);
      expect(csvOf((await run({ ...SMALL, seed: 6 })).results)).not.toBe(first);
    });
  });

  it('a cell run alone is the cell of a sweep', async () => {
    const sweep = { sampleSize: [4, 10, 7] };
    const swept = (await run({ ...SMALL, sweep })).results;
    const alone = (await run(SMALL)).results;
    expect(cellValues(alone, 0)).toEqual(cellValues(swept, 1));
    const own = { ...SMALL, pairing: 'independent' };
    const others = (await run({ ...own, sweep })).results;
    const lonely = (await run({ ...own, sweep: { sampleSize: [10] } })).results;
    expect(cellValues(lonely, 0)).toEqual(cellValues(others, 1));
    // Its random numbers are not those that all cells share.
    expect(cellValues(lonely, 0)).not.toEqual(cellValues(alone, 0));
  });

  it('a lineage does not depend on how many there are', async () => {
    const few = (await run({ ...SMALL, replicates: 3 })).results;
    const plan = planOf(engine, { ...SMALL, replicates: 5000 });
    const shifts: number[] = [];
    for (let replicate = 0; replicate < 3; replicate++) {
      const model = (await engine.trace(plan, 0, replicate, never))[2]!;
      const { truth, spec } = plan.cells[0]!;
      const tables = statisticTables(truth, spec.nodes, ['meanShiftSquared']);
      const coordinate = { key: cellRules(spec, truth, 0).key, lineage: replicate, generation: 3 };
      shifts.push(observe(['meanShiftSquared'], model, tables, coordinate)[0]!);
    }
    const [low, middle, high] = shifts.sort((a, b) => a - b);
    const found = (['min', 'q50', 'max'] as const).map((f) => summaryAt(few, 0, 3, 0, f));
    // f32 statistics: under 64 roundings of 2⁻²⁴ of a mean of order one.
    [low!, middle!, high!].forEach((value, i) =>
      expect(Math.abs(found[i]! - value)).toBeLessThan(2 ** -18),
    );
  });

  it('frames have the documented shapes', async () => {
    // One layout over lanes, and so one batch of both cells.
    const raw = { ...SMALL, replicates: 4200, sweep: { sampleSize: [9, 10] } };
    const plan = planOf(engine, raw, { windowGenerations: 2, batchLineages: 9000 });
    const frames = await framesOf(engine, plan);
    expect(frames.map((f) => [f.batch, f.firstGeneration, f.generationCount])).toEqual([
      [0, 1, 2],
      [0, 3, 1],
      [1, 1, 2],
      [1, 3, 1],
    ]);
    for (const frame of frames) {
      const { chunks } = plan.batches[frame.batch]!;
      const perChunk = frame.generationCount * STATISTICS.length;
      const rows = chunks.length * perChunk;
      const pilot = frame.batch === 0;
      expect(frame.moments).toHaveLength(rows * MOMENT_FIELDS);
      expect(frame.ranks).toHaveLength(pilot ? rows * RANK_FIELDS : 0);
      expect(frame.edges).toHaveLength(pilot ? rows * EDGE_COUNT : 0);
      expect(frame.bins).toHaveLength(rows * (EDGE_COUNT + 1));
      expect(frame.status).toHaveLength(
        chunks.length * frame.generationCount * STATUS_NAMES.length,
      );
      for (let row = 0; row < rows; row++) {
        const { count } = chunks[Math.floor(row / perChunk)]!;
        const bins = frame.bins.subarray(row * (EDGE_COUNT + 1), (row + 1) * (EDGE_COUNT + 1));
        expect(frame.moments[row * MOMENT_FIELDS]).toBe(count);
        expect(bins.reduce((a, b) => a + b, 0)).toBe(count);
        for (const [values, width] of [
          [frame.ranks, RANK_FIELDS],
          [frame.edges, EDGE_COUNT],
        ] as const) {
          const own = values.subarray(row * width, (row + 1) * width);
          expect(own).toEqual(own.slice().sort());
        }
      }
    }
    // Nothing is counted into bins where one chunk is all there is.
    const [small] = await framesOf(engine, planOf(engine, SMALL));
    expect([small!.bins.length, small!.edges.length]).toEqual([0, 0]);
    expect(small!.ranks).toHaveLength(SMALL.generations * STATISTICS.length * RANK_FIELDS);
  });

  it('hears a stop between slices, and runs again', async () => {
    const plan = planOf(engine, LARGE, { ...slices, windowGenerations: 1 });
    expect(plan.batches[0]!.sliceLineages).toBe(704);
    const controller = new AbortController();
    const { signal } = controller;
    const look = signal.throwIfAborted.bind(signal);
    let looks = 0;
    signal.throwIfAborted = () => {
      if (++looks === 3) controller.abort(new Error('stopped by the test'));
      look();
    };
    const frames: Frame[] = [];
    const stopped = (async () => {
      for await (const frame of engine.run(plan, signal)) frames.push(frame);
    })();
    await expect(stopped).rejects.toThrow('stopped by the test');
    // In the first window, of six slices.
    expect([looks, frames.length]).toEqual([3, 0]);
    expect(csvOf((await run(LARGE)).results)).toBe(csvOf((await run(LARGE, slices)).results));
  });

  it('keeps what was there when it was stopped', async () => {
    const plan = planOf(engine, SMALL, { windowGenerations: 1 });
    const whole = await runExperiment(plan, engine);
    const controller = new AbortController();
    const onUpdate = () => controller.abort();
    const part = await runExperiment(plan, engine, { signal: controller.signal, onUpdate });
    expect(part.complete).toBe(false);
    expect(part.generationsDone[0]).toBeLessThan(SMALL.generations);
    const rows = (part.generationsDone[0]! + 1) * (whole.values.length / (SMALL.generations + 1));
    expect(part.values.slice(0, rows)).toEqual(whole.values.slice(0, rows));
    expect(csvOf(await runExperiment(plan, engine))).toBe(csvOf(whole));
  });

  it('a traced lineage is the one that was reduced', async () => {
    // Ten generations: more than a traced window.
    const raw = { ...SMALL, generations: 10, replicates: 1 };
    const { plan, results } = await run(raw);
    const models = await engine.trace(plan, 0, 0, never);
    expect(models).toHaveLength(10);
    const { spec, truth, word } = plan.cells[0]!;
    const tables = statisticTables(truth, spec.nodes, STATISTICS);
    models.forEach((model, g) => {
      const generation = g + 1;
      const { key } = cellRules(spec, truth, word);
      const expected = observe(STATISTICS, model, tables, { key, lineage: 0, generation });
      STATISTICS.forEach((name, s) => {
        const found = summaryAt(results, 0, generation, s, 'mean');
        const where = `${name} at generation ${generation}`;
        // The reference computes the very same; f32 rounds under 64 times, each by 2⁻²⁴.
        const error = engine.name === 'reference' ? 0 : 2 ** -18 * Math.max(1, Math.abs(found));
        expect(Math.abs(found - expected[s]!), where).toBeLessThanOrEqual(error);
      });
    });
  });

  it('collapse is when a lineage first meets its criterion, however it is cut', async () => {
    const criteria = [
      { name: 'half', statistic: 'varianceRatio', below: 0.5 },
      { name: 'farther', statistic: 'meanShiftSquared', above: 0.05, relativeTo: 'first' },
      { name: 'less', statistic: 'logVarianceRatio', below: -0.2, relativeTo: 'truth' },
      // At n = 5 all orders are to be had, at one generation too.
      {
        ...{ name: 'half and near', statistic: 'varianceRatio', below: 0.5 },
        unless: { statistic: 'meanShiftSquared', above: 0.1 },
      },
      {
        ...{ name: 'far and wide', statistic: 'meanShiftSquared', above: 0.1 },
        unless: { statistic: 'varianceRatio', below: 0.5 },
      },
    ];
    const raw = { ...SMALL, sampleSize: 5, generations: 6, replicates: 22, criteria };
    const { plan, results } = await run(raw, { windowGenerations: 2 });
    const { spec, truth, word } = plan.cells[0]!;
    const tables = statisticTables(truth, spec.nodes, STATISTICS);
    const { key } = cellRules(spec, truth, word);
    const met = criteria.map(() => new Uint32Array(7));
    for (let lineage = 0; lineage < 22; lineage++) {
      const models = await engine.trace(plan, 0, lineage, never);
      const rows = models.map((model, g) =>
        observe(STATISTICS, model, tables, { key, lineage, generation: g + 1 }),
      );
      const [shift, ratio, log] = [0, 1, 2].map((s) => rows.map((row) => row[s]!));
      const times = [
        ratio!.findIndex((x) => x < 0.5),
        shift!.findIndex((x) => x > shift![0]! + 0.05),
        log!.findIndex((x) => x < -0.2),
        ...inOrder(
          ratio!.findIndex((x) => x < 0.5),
          shift!.findIndex((x) => x > 0.1),
        ),
      ];
      times.forEach((time, c) => time >= 0 && met[c]![time + 1]!++);
    }
    criteria.forEach((_, c) => {
      const { collapsed, atRisk, survival } = survivalOf(results, 0, c);
      expect(collapsed).toEqual(met[c]);
      const gone = met[c]!.map((__, t) => met[c]!.slice(0, t).reduce((a, b) => a + b, 0));
      expect(atRisk.slice(1)).toEqual(gone.map((n) => 22 - n).slice(1));
      expect(survival[6]).toBe((22 - gone[6]! - met[c]![6]!) / 22);
    });
    const count = met.map((counts) => counts.reduce((a, b) => a + b, 0));
    expect(count.every((n) => n > 0 && n < 22)).toBe(true);
    // Some have both, in either order, so that a criterion without the other would count them twice.
    expect(count[3]).toBeLessThan(count[0]!);
  });

  it('collapse is the same for any batch and window', async () => {
    const raw = { ...SMALL, sampleSize: 20, generations: 7, replicates: 5000 };
    const whole = await run(raw, { windowGenerations: 7 });
    const cut = await run(raw, { windowGenerations: 3, batchLineages: 1000 });
    expect(whole.results.collapses).toEqual(cut.results.collapses);
    const { atRisk, collapsed } = survivalOf(whole.results, 0, 0);
    expect(atRisk[1]).toBe(5000);
    expect(collapsed.reduce((a, b) => a + b, 0)).toBeGreaterThan(1000);
  });

  it('what a step forgets is seen across windows', async () => {
    const truth = { kind: 'blobs', dim: 1, components: 2 };
    const raw = { ...SMALL, truth, generations: 5, replicates: 1, statistics: ['stepKl'] };
    const { plan, results } = await run(raw, { windowGenerations: 2 });
    const models = await engine.trace(plan, 0, 0, never);
    const { spec, truth: resolved, word } = plan.cells[0]!;
    const tables = statisticTables(resolved, spec.nodes, ['stepKl']);
    const { key } = cellRules(spec, resolved, word);
    expect(summaryAt(results, 0, 0, 0, 'mean')).toBeNaN();
    models.forEach((model, g) => {
      const coordinate = { key, lineage: 0, generation: g + 1 };
      const parent = models[g - 1] ?? null;
      const [expected] = observe(['stepKl'], model, tables, coordinate, parent);
      const found = summaryAt(results, 0, g + 1, 0, 'mean');
      // As above, over differences of logarithms under 100.
      const error = engine.name === 'reference' ? 0 : 2 ** -18 * Math.max(1, expected!);
      expect(Math.abs(found - expected!), `generation ${g + 1}`).toBeLessThanOrEqual(error);
      expect(expected).toBeGreaterThan(0);
    });
  });
});

describe.each([...floatEngines, handingOver])('$name and the reference', ({ open }) => {
  const engines: Engine[] = [];
  beforeAll(async () => {
    engines.push(createReferenceEngine(), await open());
  });
  afterAll(() => engines.forEach((engine) => engine.close()));

  const generations = 3;
  const iterations = 4;
  const sampleSize = 60;
  const shapes = [
    { dim: 1, components: 1 },
    { dim: 1, components: 2 },
    { dim: 2, components: 2 },
    { dim: 3, components: 1 },
    { dim: 3, components: 3 },
  ];

  it.each(shapes)('are one lineage, K = $components, d = $dim', async ({ dim, components }) => {
    const raw = {
      seed: 31,
      truth: { kind: 'blobs', dim, components, separation: 4 },
      batch: { realFraction: 0.2 },
      fit: { iterations },
      sampleSize,
      generations,
      replicates: 3,
      statistics: STATISTICS,
    };
    const plans = engines.map((engine) => planOf(engine, raw));
    const { truth } = plans[0]!.cells[0]!;
    // A sum of n products errs like a walk of n + 2 roundings of 2⁻²⁴, relative to the sum of their
    // sizes, and twice in a fit: means, and covariances about them. EM from its parent pulls errors
    // in, and a draw hands them on, so generations add up. Found: at most a sixth of this.
    const step = 2 * Math.sqrt(sampleSize + 2) * 2 ** -24;
    const sd = 2 ** truth.log2Unit;
    for (let replicate = 0; replicate < 3; replicate++) {
      const [mine, theirs] = await Promise.all(
        engines.map((engine, e) => engine.trace(plans[e]!, 0, replicate, never)),
      );
      mine!.forEach((model, g) => {
        const a = unframeModel(model, truth.mean, truth.log2Unit);
        const b = unframeModel(theirs![g]!, truth.mean, truth.log2Unit);
        const bound = (g + 1) * step;
        const off = (x: readonly number[], y: readonly number[]) =>
          Math.max(...x.map((value, i) => Math.abs(value - y[i]!)));
        const where = `replicate ${replicate}, generation ${g + 1}`;
        expect(off(a.weights, b.weights), `weights, ${where}`).toBeLessThan(bound);
        expect(off(a.means.flat(), b.means.flat()) / sd, `means, ${where}`).toBeLessThan(bound);
        const covariances = off(a.covariances.flat(), b.covariances.flat());
        expect(covariances / sd ** 2, `covariances, ${where}`).toBeLessThan(2 * bound);
        expect(model.status, where).toBe(theirs![g]!.status);
      });
    }
  });

  it.each(['quota', 'bernoulli'])(
    'draw the same points from the same modes, %s',
    async (realDraw) => {
      // Modes 1000 widths apart: EM's weights are counts c/n, and up to a share of 1e-3 that both
      // engines have alike, varianceRatio is c/n (1 − c/n)/.21: one more point changes that by .048
      // at least, which shows in the sum over all lineages and in the quantiles.
      const replicates = 400;
      const raw = {
        ...SMALL,
        truth: { ...SMALL.truth, separation: 1000 },
        batch: { realFraction: 0.3, realDraw },
        replicates,
        generations: 4,
      };
      const [mine, theirs] = await Promise.all(
        engines.map((engine) => runExperiment(planOf(engine, raw), engine)),
      );
      for (let generation = 1; generation <= 4; generation++) {
        for (const field of ['min', 'q05', 'q25', 'q50', 'q75', 'q95', 'max'] as const) {
          const [a, b] = [mine!, theirs!].map((r) => summaryAt(r, 0, generation, 1, field));
          // f32: under 64 roundings of 2⁻²⁴ of values under 2.
          expect(Math.abs(a! - b!), `${field} at generation ${generation}`).toBeLessThan(2 ** -17);
        }
        const [a, b] = [mine!, theirs!].map((r) => summaryAt(r, 0, generation, 1, 'mean'));
        expect(Math.abs(a! - b!) * replicates).toBeLessThan(replicates * 2 ** -17);
      }
    },
  );

  it('are one population after 15 generations, K = 2, n = 100', async () => {
    const raw = { ...SMALL, sampleSize: 100, generations: 15 };
    const [mine, theirs] = await Promise.all(
      engines.map((engine, e) => pilotEdgesOf(engine, { ...raw, seed: 100 + e })),
    );
    STATISTICS.forEach((name, s) => {
      const distance = edgeDistance(mine![s]!, theirs![s]!);
      expect(distance, name).toBeLessThan(edgeDistanceLimit(ALPHA));
      // Two samples are not one: their distance is a few times 1/√4096.
      expect(distance, name).toBeGreaterThan(1 / 256);
    });
  });
});
