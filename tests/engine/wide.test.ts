/**
 * K = 1 in many dimensions on the GPU: the reference's lineages and their statistics, and the same
 * bits however generations are cut into dispatches.
 */
import { expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { createWebGpuEngine } from '../../src/engine/webgpu/engine.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { observe } from '../../src/model/statistics/observe.ts';
import { statisticTables } from '../../src/model/statistics/tables.ts';
import { SATURATION } from '../../src/model/status.ts';
import { modelWords } from '../../src/plan/plan-run.ts';
import { WIDE_CHUNK } from '../../src/plan/plan.ts';
import { WIDE_STATISTICS } from '../../src/spec/statistics.ts';
import oracle from '../oracle/wide.json' with { type: 'json' };
import { expectReference, planFor, ringOf, SUBGROUPS } from '../support/batch.ts';
import { describeGpu, gpu } from '../support/dawn.ts';
import { observeOnDevice } from '../support/observe-probe.ts';
import { runSpec } from '../support/run-spec.ts';
import { collapsedModel, resolvedTruth, wideErrors, wideTruth } from '../support/wide.ts';

const CASES: Readonly<Record<string, object>> = {
  'own samples': {},
  'own samples of a narrow sampler, unbiased, diagonal': {
    batch: { samplingBias: { at: [[1, 0.7], [3, 0.9]] } }, // prettier-ignore
    fit: { estimator: 'unbiased', covariance: 'diagonal' },
  },
  'more and more real points': {
    batch: { realFraction: { from: 0.1, to: 0.6, until: 4 }, samplingBias: 0.7 },
  },
  'a floor, spherical': { fit: { covariance: 'spherical', covarianceFloor: 0.01 } },
  'a floor and five points': { fit: { covarianceFloor: 0.01 }, sampleSize: 5 },
  paraphrase: { batch: { paraphrase: { noise: 0.3, passes: 2 } } },
  'archive, unbiased': {
    batch: { realFraction: 0.5, realSource: 'fixed' },
    fit: { estimator: 'unbiased' },
  },
  'an archive of which there is now more, now less': {
    batch: { realFraction: { at: [[1, 0], [3, 0.6], [4, 0.2]] }, realSource: 'fixed' }, // prettier-ignore
    fit: { realWeight: 0.7 },
  },
  'an archive round and round in a pool': {
    ...{ retention: 'accumulate', growth: 1 },
    batch: { realFraction: 0.5, realSource: 'fixed' },
  },
  'accumulate, growing, with real points': {
    ...{ retention: 'accumulate', growth: 0.5 },
    batch: { realFraction: 0.2 },
  },
  'bernoulli, unbiased, more and more': {
    batch: { realFraction: { from: 0.1, to: 0.9, until: 4 }, realDraw: 'bernoulli' },
    fit: { estimator: 'unbiased' },
  },
  'poison among a quota': {
    batch: { realFraction: 0.3, poison: { share: 0.2, mean: [1, 0, 2, -1, 0, 3, 1], scale: 0.5 } },
  },
  'poison alone, accumulate, bernoulli, diagonal': {
    retention: 'accumulate',
    batch: {
      ...{ realFraction: 0.3, realDraw: 'bernoulli', samplingBias: 0.8 },
      poison: { share: 0.3, mean: [2], scale: 2 },
    },
    fit: { covariance: 'diagonal' },
  },
  'more and more memory, real points, paraphrase': {
    batch: {
      ...{ memory: { at: [[1, 2], [4, 4]] }, realFraction: 0.2 }, // prettier-ignore
      paraphrase: { noise: 0.3 },
    },
    fit: { covariance: 'diagonal' },
  },
  'memory beside a pool': { retention: 'accumulate', batch: { memory: 3, samplingBias: 0.9 } },
  'real points that weigh more, and alone': {
    batch: { realFraction: 0.25 },
    fit: { realWeight: { at: [[1, 0.7], [4, 1]] } }, // prettier-ignore
  },
  'bernoulli that weighs, and may be nobody': {
    sampleSize: 20,
    batch: { realFraction: 0.05, realDraw: 'bernoulli' },
    fit: { realWeight: 0.4 },
  },
  'a prior about the parent': {
    fit: { estimator: 'map', prior: { centre: 'parent', strength: 7 } },
  },
  'a prior about the truth, five points': {
    sampleSize: 5,
    fit: { estimator: 'map', prior: { centre: 'truth', strength: 7 } },
  },
  'a prior about the truth, poison': {
    batch: { realFraction: 0.4, poison: { share: 0.2, mean: [2], scale: 2 } },
    fit: { estimator: 'map', prior: { centre: 'truth', strength: 30 } },
  },
  'a pool with a floor that comes, unbiased, an archive, from five points': {
    ...{ retention: 'accumulate', sampleSize: 5 },
    batch: { realFraction: 0.4, realSource: 'fixed' },
    fit: { estimator: 'unbiased', covarianceFloor: { at: [[1, 0.01], [3, 0.1]] } }, // prettier-ignore
  },
  'a growing pool, poison, a prior about the parent': {
    ...{ retention: 'accumulate', growth: 0.5 },
    batch: { realFraction: 0.2, poison: { share: 0.2, mean: [2], scale: 0.5 } },
    fit: { estimator: 'map', prior: { centre: 'parent', strength: 20 } },
  },
  'a pool, paraphrase, a prior about the truth, diagonal': {
    ...{ retention: 'accumulate', batch: { paraphrase: { noise: 0.2 }, samplingBias: 0.9 } },
    fit: {
      ...{ estimator: 'map', prior: { centre: 'truth', strength: 30 } },
      ...{ covarianceFloor: 0.01, covariance: 'diagonal' },
    },
  },
  'a pool whose real points weigh more, and alone': {
    ...{ retention: 'accumulate', batch: { realFraction: 0.3 } },
    fit: { realWeight: { at: [[1, 0.7], [4, 1]] } }, // prettier-ignore
  },
  'a pool of which only the first points are real, and weigh less and less': {
    retention: 'accumulate',
    fit: { realWeight: { at: [[1, 0.5], [4, 0]] } }, // prettier-ignore
  },
  'a pool of kinds, an archive of which there is now more, now less': {
    retention: 'accumulate',
    batch: { realFraction: { at: [[1, 0], [3, 0.6], [4, 0.2]] }, realSource: 'fixed' }, // prettier-ignore
    fit: { realWeight: 0.6 },
  },
  'accumulate, everything at once': {
    retention: 'accumulate',
    batch: {
      ...{ realFraction: 0.5, realSource: 'fixed', samplingBias: 1.2 },
      paraphrase: { noise: 0.2 },
    },
    fit: { covariance: 'diagonal', estimator: 'unbiased' },
  },
};

/** What draws numbers, looks back, weighs and holds to something, all at once. */
const allAtOnce = (dim: number) => ({
  truth: wideTruth(dim),
  batch: {
    ...{ memory: 3, realFraction: 0.3, realDraw: 'bernoulli', paraphrase: { noise: 0.2 } },
    // A little off the truth's mean.
    poison: { share: 0.2, mean: Array.from({ length: dim }, (_, a) => 4 - 0.5 * a), scale: 0.5 },
  },
  fit: { realWeight: 0.5, estimator: 'map', prior: { centre: 'parent', strength: 7 } },
});
/** The same in a pool that is kept beside its model, with a floor. */
const pooledAtOnce = (dim: number) => ({
  ...{ ...allAtOnce(dim), retention: 'accumulate' },
  fit: { ...allAtOnce(dim).fit, covarianceFloor: 0.01 },
});
Object.assign(CASES, { 'all at once': allAtOnce(7), 'all at once, pooled': pooledAtOnce(7) });

const planOf = (name: string, more: object = {}) =>
  planFor(
    {
      ...{ seed: 83, truth: wideTruth(7), generations: 5, replicates: 3, sampleSize: 40 },
      statistics: ['varianceRatio', 'ancestry'],
      ...CASES[name],
      ...more,
    },
    SUBGROUPS,
  );

describeGpu('many dimensions', () => {
  test.each(Object.keys(CASES))("are the reference's: %s", async (name) => {
    const plan = planOf(name);
    expect(plan.groups[0]).toMatchObject({ closed: true, wide: true, mapping: null });
    await expectReference(plan);
  });

  test.each([5, 20, 100])("are the reference's, all at once, d = %i", async (dim) => {
    const plan = planOf('all at once', {
      ...{ ...allAtOnce(dim), generations: 4, replicates: 2, sampleSize: 6 * dim },
    });
    expect(plan.groups[0]!.past).toBe(3);
    await expectReference(plan);
  });

  test("are the reference's, all at once, pooled, d = 20", async () => {
    const plan = planOf('all at once, pooled', {
      ...{ ...pooledAtOnce(20), generations: 4, replicates: 2, sampleSize: 120 },
    });
    expect(plan.groups[0]!.grouping!.pool).toBe('kinds');
    await expectReference(plan);
  });

  test.each([
    'own samples',
    'accumulate, everything at once',
    'all at once',
    'a pool, paraphrase, a prior about the truth, diagonal',
    'all at once, pooled',
  ])('are the same bits however cut: %s', async (name) => {
    const plan = planOf(name, { replicates: 9 });
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, { budget: 1 });
    // A workgroup for each of nine lineages in each of five generations.
    expect([whole.submits, shredded.submits]).toEqual([1, 45]);
    // Slot 0 is the window's parent.
    expect(shredded.words).toEqual(whole.words);
  });

  test.each([12, 100])('have the statistics of the reference, d = %i', async (dim) => {
    const raw = {
      ...{ seed: 5, truth: wideTruth(dim), generations: 3, replicates: 4 },
      ...{ sampleSize: 4 * dim, statistics: WIDE_STATISTICS },
      sweep: { 'batch.realFraction': [0, 0.2] },
    };
    const engine = await createWebGpuEngine(gpu!);
    const mine = await runSpec(engine, raw, { windowGenerations: 2 });
    const theirs = await runSpec(createReferenceEngine(), raw);
    engine.close();
    for (const { index } of theirs.plan.cells) {
      for (const t of [1, 2, 3]) {
        for (const name of WIDE_STATISTICS) {
          for (const field of ['min', 'mean', 'max'] as const) {
            const value = theirs.value(index, t, name, field);
            const off = Math.abs(mine.value(index, t, name, field) - value);
            // d terms of d products each in f32, of sums that are of order d.
            const bound = 8 * Math.sqrt(dim) * 2 ** -24 * Math.max(dim, Math.abs(value));
            expect(off, `${field} of ${name} at ${t}, cell ${index}`).toBeLessThan(bound);
          }
        }
      }
    }
  });

  test('of more replicates than a chunk are the same bytes in any batches, d = 20', async () => {
    const raw = {
      ...{ seed: 7, truth: { kind: 'blobs', dim: 20, components: 1 }, sampleSize: 60 },
      ...{ generations: 2, replicates: 2 * WIDE_CHUNK + 100 },
      statistics: ['varianceRatio', 'klTruthToModel'],
    };
    const engine = await createWebGpuEngine(gpu!);
    // Room for a chunk's models and their parents, and for nothing more.
    const words = modelWords(20, 1);
    const least = Object.assign(await createWebGpuEngine(gpu!), {
      limits: { ...engine.limits, bufferBytes: WIDE_CHUNK * 2 * words * 4 },
    });
    const whole = await runSpec(engine, raw);
    const cut = await runSpec(least, raw);
    engine.close();
    least.close();
    expect(whole.plan.batches.map(({ chunks }) => chunks.length)).toEqual([1, 2]);
    expect(cut.plan.batches.map(({ chunks }) => chunks.length)).toEqual([1, 1, 1]);
    for (const key of ['values', 'quantileBound', 'status', 'collapses'] as const) {
      expect(cut.results[key], key).toEqual(whole.results[key]);
    }
  });

  test.each(oracle)(
    'are measured as tests/oracle/wide.py does: d = $dim, n = $sampleSize',
    async ({ dim, sampleSize, generations, expected }) => {
      const truth = resolvedTruth(dim);
      const model = collapsedModel(truth, [sampleSize, generations], 0.3);
      const parent = collapsedModel(truth, [sampleSize, generations - 1], 0.2);
      const names = Object.keys(expected) as (keyof typeof expected)[];
      const tables = statisticTables(truth, 64, names);
      const slots = [[model], [parent]] as const;
      const { values } = await observeOnDevice(names, ...slots, tables, randomKey(1, 0), 3);
      const errors = wideErrors(truth, model, parent, expected, 2 ** -24);
      names.forEach((name, s) => {
        const off = Math.abs(values[0]![s]! - expected[name]);
        expect(off, `${name}: ${values[0]![s]}`).toBeLessThan(errors[name]!);
      });
    },
  );

  test('of no volume hold what has none', async () => {
    const truth = resolvedTruth(7);
    const thick = collapsedModel(truth, [9, 2], 0.1);
    const model = collapsedModel(truth, [9, 2], 0.3);
    // Six points in seven dimensions: the last axis has no pivot.
    model.factors[model.factors.length - 1] = 0;
    const names = WIDE_STATISTICS.filter((name) => name !== 'ancestry');
    const tables = statisticTables(truth, 64, names);
    const key = randomKey(1, 0);
    for (const [child, parent] of [
      [model, thick],
      [model, model],
      [thick, model],
    ] as const) {
      const { values, status } = await observeOnDevice(names, [child], [parent], tables, key, 3);
      const at = { key, lineage: 0, generation: 3 };
      const twin = { ...child, status: 0 };
      const expected = observe(names, twin, tables, at, parent);
      expect(status).toEqual([twin.status]);
      names.forEach((name, s) => {
        const held = Math.abs(expected[s]!) === SATURATION;
        if (held) expect(values[0]![s], name).toBe(Math.fround(expected[s]!));
        // Sums of 28 terms of order one, and of d products.
        else expect(Math.abs(values[0]![s]! - expected[s]!), name).toBeLessThan(64 * 2 ** -24 * 20);
      });
    }
    const flat = observe(names, model, tables, { key, lineage: 0, generation: 3 }, thick);
    expect(names.filter((_, s) => flat[s] === SATURATION)).toEqual([
      ...['entropyLoss', 'klTruthToModel', 'klModelToTruth', 'stepKl', 'testNll', 'calibrationGap'],
    ]);
    expect(names.filter((_, s) => flat[s] === -SATURATION)).toEqual([
      ...['logDetRatio', 'entropy', 'selfNll'],
    ]);
  });
});
