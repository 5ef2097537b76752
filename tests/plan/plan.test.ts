/**
 * Plans are plain data and are asserted as such, by limits with round numbers. With K = 1, d = 1 a
 * packed model has 8 words (2 + 2·1 + 1·(2 + 1 + 1)), so a window of w generations of L lineages
 * keeps a ring of 32 (w + 1) L bytes and 4 w L bytes of values per statistic. How lineages are laid
 * out over lanes is in mapping.test.ts.
 */
import { describe, expect, test } from 'vitest';
import { CapabilityError, SpecError } from '../../src/errors.ts';
import type { DataSet } from '../../src/model/truth.ts';
import { modelWords, planRun, type PlanOptions } from '../../src/plan/plan-run.ts';
import { drawsPoints, generationWork } from '../../src/plan/work.ts';
import { CHUNK, WIDE_CHUNK, type EngineLimits, type Plan } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';

/** Room for everything. */
const WIDE: EngineLimits = {
  bufferBytes: 2 ** 30,
  totalBytes: 2 ** 32,
  dispatchWork: 1e12,
  lanes: null,
  lacks: [],
  batchLineages: 65_536,
};

/** Teams of 4, whose sets of n = 1000 lie in 16 tiles of 64 points: 4096 bytes. */
const LANES = { least: 4, most: 4, wide: 4, subgroups: true };

/** By its points: what slices hold is counted in them. */
const GAUSSIAN = {
  closedForm: 'off',
  truth: { kind: 'blobs', dim: 1, components: 1 },
  sampleSize: 10,
  generations: 3,
  replicates: 100,
  statistics: ['varianceRatio'],
};

const planOf = (raw: object, limits: Partial<EngineLimits> = {}, options: PlanOptions = {}): Plan =>
  planRun(parseSpec({ ...GAUSSIAN, ...raw }), { ...WIDE, ...limits }, options);

/** [cell, first replicate, count] of each chunk, by batch. */
const chunksOf = (plan: Plan) =>
  plan.batches.map(({ chunks }) => chunks.map((c) => [c.cell, c.firstReplicate, c.count]));

const cutsOf = (plan: Plan) =>
  plan.batches.map(({ sliceLineages, windowGenerations }) => [sliceLineages, windowGenerations]);

/** The sentence a plan is refused with. */
function refusal(...request: Parameters<typeof planOf>): string {
  let sentence = '';
  expect(() => {
    try {
      planOf(...request);
    } catch (error) {
      sentence = (error as Error).message;
      throw error;
    }
  }).toThrow(CapabilityError);
  return sentence;
}

describe('a plan', () => {
  test('of one cell is one batch', () => {
    const { batches, bufferBytes, cells, ...rest } = planOf({});
    expect(batches).toEqual([
      {
        index: 0,
        group: 0,
        chunks: [{ cell: 0, firstReplicate: 0, count: 100 }],
        lineageCount: 100,
        sliceLineages: 100,
        windowGenerations: 3,
      },
    ]);
    // sums: 3 generations of one statistic, 8 words of moments and 14 of ranks.
    expect(bufferBytes).toEqual({ ring: 12_800, values: 1200, sums: 264, points: 0 });
    expect(cells).toMatchObject([{ index: 0, values: [], word: 0, truth: { dim: 1 } }]);
    expect(rest).toEqual({
      spec: parseSpec(GAUSSIAN),
      axes: [],
      statistics: ['varianceRatio'],
      groups: [
        {
          closed: false,
          wide: false,
          standardised: true,
          real: false,
          tolerant: false,
          weighed: false,
          tailed: false,
          prior: 'none',
          respawn: false,
          biased: false,
          sharpened: false,
          phased: false,
          grows: false,
          assembly: null,
          grouping: null,
          mapping: null,
          handOver: [],
          past: 0,
        },
      ],
      lineageCount: 100,
      lineageGenerations: 300,
      // 4 rows (the truth's too) of 13 summary fields, bound, law, its error and 6 moments.
      resultBytes: 4 * 22 * 8,
      cellsPerWave: 1,
    });
  });

  test('counts lineages and generations over all cells', () => {
    const plan = planOf({ sweep: { sampleSize: [10, 20, 40] } });
    expect([plan.lineageCount, plan.lineageGenerations]).toEqual([300, 900]);
    expect(plan.axes).toEqual(['sampleSize']);
    expect(plan.cells.map(({ values }) => values)).toEqual([[10], [20], [40]]);
    expect(chunksOf(plan)).toEqual([
      [
        [0, 0, 100],
        [1, 0, 100],
        [2, 0, 100],
      ],
    ]);
  });

  test('resolves one truth for all cells that share it', () => {
    const truth = { kind: 'blobs', components: 2 };
    const swept = planOf({ truth, sweep: { sampleSize: [10, 20], 'truth.separation': [1, 2] } });
    const truths = swept.cells.map(({ truth }) => truth);
    expect(truths[0]).toBe(truths[2]);
    expect(truths[1]).toBe(truths[3]);
    expect(truths[0]).not.toBe(truths[1]);
  });

  test('gives cells their own random numbers only where pairing is independent', () => {
    const sweep = { sampleSize: [10, 20] };
    const words = (raw: object) => planOf({ sweep, ...raw }).cells.map(({ word }) => word);
    expect(words({})).toEqual([0, 0]);
    const [ten, twenty] = words({ pairing: 'independent' });
    expect(new Set([0, ten, twenty]).size).toBe(3);
    // By value, never by position.
    expect(words({ pairing: 'independent', sweep: { sampleSize: [5, 20, 10] } }).slice(1)).toEqual([
      twenty,
      ten,
    ]);
  });

  test('of a data truth asks for its rows, and for a K that they bear', () => {
    const rows = Float64Array.from({ length: 40 }, (_, i) => (i % 2) * 20 + (i % 5));
    const data: DataSet = { name: 'two.csv', columns: ['x'], rows, rowCount: rows.length };
    const truth = { kind: 'data', file: 'two.csv', columns: ['x'] };
    expect(() => planOf({ truth })).toThrow(/two\.csv has not been read/);
    const plan = planOf({ truth }, {}, { data });
    expect(plan.cells[0]!.truth.rows).toHaveLength(40);
    const init = { fit: { components: 7, init: 'truth' } };
    expect(() => planOf({ truth, ...init }, {}, { data })).toThrow(SpecError);
  });
});

describe('words and work', () => {
  test('a model is a header, an origin and K components', () => {
    // 2 + 2d + K (2 + d + d(d+1)/2)
    expect(modelWords(1, 1)).toBe(8);
    expect(modelWords(2, 2)).toBe(20);
    expect(modelWords(3, 8)).toBe(96);
  });

  test('work counts the points that one lineage visits in one generation', () => {
    const workOf = (raw: object) => {
      const { spec, truth } = planOf(raw).cells[0]!;
      return generationWork(spec, truth.dim);
    };
    // Two passes of a closed fit, K · iterations of EM, and ten for the draw.
    expect(workOf({})).toBe(10 * 12);
    const truth = { kind: 'blobs', dim: 2, components: 2 };
    expect(workOf({ truth, fit: { iterations: 20 } })).toBe(10 * 2 * (2 * 20 + 10));
  });

  test('work of a closed form is that of four points, whatever the sample', () => {
    const cellOf = (raw: object) => planOf({ closedForm: 'replace', ...raw }).cells[0]!;
    const worksOf = (raw: object) => {
      const { spec, truth } = cellOf(raw);
      return [1, 2, 3].map((generation) => generationWork(spec, truth.dim, generation));
    };
    const blobs = (components: number, dim = 1) => ({
      truth: { kind: 'blobs', dim, components },
      fit: { components: 1 },
    });
    for (const sampleSize of [1, 10, 1_000_000]) {
      expect(worksOf({ sampleSize })).toEqual([40, 40, 40]);
      expect(worksOf({ ...blobs(1, 3), sampleSize })).toEqual([120, 120, 120]);
    }
    // The first sample of two blobs has its points: two passes, and ten for the draw.
    expect(worksOf(blobs(2))).toEqual([120, 40, 40]);
    // Statistics look at as many nodes as ever.
    const looks = { statistics: ['entropy'], nodes: 64 };
    expect(worksOf({ ...blobs(1, 2), ...looks })).toEqual([144, 144, 144]);
    for (const raw of [
      { closedForm: 'off' },
      { batch: { realFraction: 0.5 } },
      { fit: { components: 1, covarianceFloor: 0.1 } },
    ]) {
      expect(worksOf(raw)).toEqual([120, 120, 120]);
    }
  });

  test('points are drawn where the closed form does not reach', () => {
    const draws = (raw: object, data: DataSet | null = null) => {
      const { spec } = planOf({ fit: { components: 1 }, closedForm: 'auto', ...raw }, {}, { data })
        .cells[0]!;
      return [1, 2].map((generation) => drawsPoints(spec, generation));
    };
    expect(draws({})).toEqual([false, false]);
    expect(draws({ truth: { kind: 'blobs', components: 2 } })).toEqual([true, false]);
    const rows = Float64Array.from({ length: 40 }, (_, i) => i % 5);
    const data: DataSet = { name: 'a.csv', columns: ['x'], rows, rowCount: rows.length };
    const truth = { kind: 'data', file: 'a.csv', columns: ['x'] };
    expect(draws({ truth }, data)).toEqual([true, false]);
    // Under half a point of a quota is none.
    expect(draws({ batch: { realFraction: 0.04 } })).toEqual([false, false]);
    const bernoulli = { realFraction: 0.04, realDraw: 'bernoulli' };
    for (const raw of [
      { closedForm: 'off' },
      { batch: { realFraction: 0.05 }, closedForm: 'replace' },
      { batch: bernoulli },
      { fit: { components: 1, covarianceFloor: 1e-12 }, closedForm: 'replace' },
      { fit: { components: 2 } },
    ]) {
      expect(draws(raw)).toEqual([true, true]);
    }
    for (const raw of [
      { batch: { realFraction: 0.05 } },
      { fit: { components: 1, covarianceFloor: 1e-12 } },
    ]) {
      // Where WASM has kernels for points, many of them have to be saved.
      for (const [closedForm, many] of [
        ['auto', 1024],
        ['cheaper', 4096],
      ] as const) {
        expect(draws({ ...raw, closedForm, sampleSize: many - 1 })).toEqual([true, true]);
        expect(draws({ ...raw, closedForm, sampleSize: many })).toEqual([false, false]);
      }
      expect(draws({ ...raw, closedForm: 'statistics' })).toEqual([false, false]);
    }
  });
});

describe('chunks', () => {
  test('hold 4096 replicates, aligned', () => {
    expect(CHUNK).toBe(4096);
    const of = (replicates: number) => chunksOf(planOf({ replicates }));
    expect(of(4095)).toEqual([[[0, 0, 4095]]]);
    expect(of(4096)).toEqual([[[0, 0, 4096]]]);
    expect(of(4097)).toEqual([[[0, 0, 4096]], [[0, 4096, 1]]]);
    expect(of(1)).toEqual([[[0, 0, 1]]]);
  });

  test('hold 1024 in more than 4 dimensions, on engines with and without lanes', () => {
    expect(WIDE_CHUNK).toBe(1024);
    const of = (dim: number, limits: Partial<EngineLimits> = {}) => {
      const truth = { kind: 'blobs', dim, components: 1 };
      return chunksOf(planOf({ closedForm: 'auto', truth, replicates: 2100 }, limits));
    };
    const wide = [
      [[0, 0, 1024]],
      [
        [0, 1024, 1024],
        [0, 2048, 52],
      ],
    ];
    expect(of(4)).toEqual([[[0, 0, 2100]]]);
    expect(of(5)).toEqual(wide);
    expect(of(100, { lanes: LANES })).toEqual(wide);
    // Bins are for what follows a pilot.
    const sums = (replicates: number) =>
      planOf({
        ...{ closedForm: 'auto', truth: { kind: 'blobs', dim: 5, components: 1 } },
        ...{ generations: 1, replicates },
      }).bufferBytes.sums;
    // 8 words of moments and 14 of ranks; 255 edges and 256 bins.
    expect([sums(1024), sums(1025)]).toEqual([22 * 4, (22 + 255 + 256) * 4]);
  });

  test('of few and of many dimensions are dealt out in turn', () => {
    const plan = planOf({
      ...{ closedForm: 'auto', replicates: 5000 },
      sweep: { 'truth.dim': [1, 5] },
    });
    const wide = [1024, 2048, 3072, 4096].map((first) => [1, first, Math.min(1024, 5000 - first)]);
    expect(chunksOf(plan)).toEqual([[[0, 0, 4096]], [[1, 0, 1024]], [[0, 4096, 904]], wide]);
    expect(plan.cellsPerWave).toBe(2);
  });

  test('of the pilots run before all others, which then share batches', () => {
    const plan = planOf({ replicates: 10_000 });
    expect(chunksOf(plan)).toEqual([
      [[0, 0, 4096]],
      [
        [0, 4096, 4096],
        [0, 8192, 1808],
      ],
    ]);
    expect(plan.batches.map(({ index, lineageCount }) => [index, lineageCount])).toEqual([
      [0, 4096],
      [1, 5904],
    ]);
  });

  test('go breadth-first: every cell once before any cell again', () => {
    const sweep = { sampleSize: [10, 20] };
    const plan = planOf({ replicates: 9000, sweep }, { batchLineages: 8192 });
    expect(chunksOf(plan)).toEqual([
      [
        [0, 0, 4096],
        [1, 0, 4096],
      ],
      [
        [0, 4096, 4096],
        [1, 4096, 4096],
      ],
      [
        [0, 8192, 808],
        [1, 8192, 808],
      ],
    ]);
  });

  test('of one cell stay in the order of replicates, whatever the batch', () => {
    for (const batchLineages of [1, 4096, 10_000, 12_288, 1e9]) {
      const plan = planOf(
        { replicates: 20_000, sweep: { sampleSize: [10, 20, 30] } },
        {},
        { batchLineages },
      );
      for (const { index } of plan.cells) {
        const mine = plan.batches.flatMap(({ chunks }) => chunks.filter((c) => c.cell === index));
        expect(mine.map((c) => [c.firstReplicate, c.count])).toEqual([
          [0, 4096],
          [4096, 4096],
          [8192, 4096],
          [12_288, 4096],
          [16_384, 3616],
        ]);
      }
      for (const { chunks } of plan.batches) {
        // Pilots fix the edges that the rest are counted by, so no batch has both.
        expect(new Set(chunks.map((c) => c.firstReplicate === 0)).size).toBe(1);
      }
    }
  });
});

describe('batches', () => {
  const sweep = { 'batch.realFraction': [0.25, 0.5, 0.75, 1] };

  test('take as many whole chunks as keep the engine busy, and at least one', () => {
    const sizes = (batchLineages: number) =>
      planOf({ sweep }, { batchLineages }).batches.map(({ chunks }) => chunks.length);
    expect(sizes(99)).toEqual([1, 1, 1, 1]);
    expect(sizes(199)).toEqual([1, 1, 1, 1]);
    expect(sizes(200)).toEqual([2, 2]);
    expect(sizes(301)).toEqual([3, 1]);
    expect(sizes(400)).toEqual([4]);
  });

  test('are as large as the caller says', () => {
    const plan = planOf({ sweep }, { batchLineages: 100 }, { batchLineages: 400 });
    expect(plan.batches).toHaveLength(1);
  });

  test('hold cells of one shape', () => {
    const groupsOf = (raw: object) => planOf(raw, { lanes: LANES }).batches.map((b) => b.group);
    const two = { kind: 'blobs', dim: 2, components: 2, separation: 3 };
    const apart: Record<string, unknown[]> = {
      'fit.components': [2, 3],
      'truth.components': [2, 3],
      'truth.dim': [2, 3],
      'fit.covariance': ['full', 'diagonal', 'spherical'],
      'fit.init': ['parent', 'kmeans'],
      'fit.tolerance': [0, 1e-3],
      // Without real points, and with them: each has its kernel.
      'batch.realFraction': [0.04, 0.05],
      // Points in registers, 16 a lane and 20, and in 4 tiles.
      sampleSize: [64, 80, 200],
    };
    const together: Record<string, unknown[]> = {
      sampleSize: [37, 40],
      'batch.realFraction': [0.25, 1],
      'batch.realDraw': ['quota', 'bernoulli'],
      'fit.iterations': [1, 2],
      'fit.covarianceFloor': [0, 1],
      'truth.separation': [1, 2],
    };
    for (const [path, values] of Object.entries(apart)) {
      const fit = { components: 2, covarianceFloor: 0.1 };
      const truth = path === 'sampleSize' ? { ...two, dim: 1 } : two;
      const raw = { truth, fit, sweep: { [path]: values } };
      expect(groupsOf(raw), path).toEqual(values.map((_, group) => group));
    }
    for (const [path, values] of Object.entries(together)) {
      const raw = { truth: two, batch: { realFraction: 0.5 }, sweep: { [path]: values } };
      expect(groupsOf(raw), path).toEqual([0]);
    }
    const estimators = { 'fit.estimator': ['mle', 'unbiased', 'em'] };
    expect(groupsOf({ fit: { components: 1 }, sweep: estimators })).toEqual([0]);
    // A floor ends what makes a fit to standard normals enough.
    expect(groupsOf({ sweep: { 'fit.covarianceFloor': [0, 1] } })).toEqual([0, 1]);
  });

  test('of several shapes alternate, a round of each', () => {
    const plan = planOf({
      truth: { kind: 'blobs', dim: 1, components: 2 },
      replicates: 5000,
      sweep: { 'fit.components': [2, 3], sampleSize: [10, 20] },
    });
    expect(plan.batches.map(({ index, group }) => [index, group])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
    expect(chunksOf(plan)[3]).toEqual([
      [2, 4096, 904],
      [3, 4096, 904],
    ]);
  });

  test('fit their ring into one buffer: at, under and over the edge', () => {
    // One generation of 100 lineages: a ring of 2 · 32 · 100 bytes.
    const ring = 6400;
    const sizes = (bufferBytes: number) =>
      planOf({ sweep, generations: 1 }, { bufferBytes }).batches.map((b) => b.lineageCount);
    expect(sizes(2 * ring)).toEqual([200, 200]);
    expect(sizes(2 * ring - 1)).toEqual([100, 100, 100, 100]);
    expect(sizes(ring)).toEqual([100, 100, 100, 100]);
    const remedy = /lower replicates to 99\.$/;
    expect(refusal({ generations: 1 }, { bufferBytes: ring - 1 })).toMatch(remedy);
    expect(planOf({ generations: 1, replicates: 99 }, { bufferBytes: ring - 1 })).toBeTruthy();
  });

  test('that do not fit say what is needed, what there is and what to do', () => {
    // Two models of 96 words for each of 4096 lineages.
    const raw = {
      truth: { kind: 'blobs', dim: 3, components: 8 },
      sampleSize: 100,
      replicates: 5000,
    };
    expect(refusal(raw, { bufferBytes: 2.5 * 2 ** 20 })).toBe(
      'A chunk of 4096 replicates needs 3 MiB in one buffer, and this engine allows 2.5 MiB: ' +
        'lower replicates to 3413.',
    );
    expect(refusal(raw, { totalBytes: 5 * 2 ** 20 })).toMatch(
      /^A chunk of 4096 .* 3 MiB beside the training sets, and this engine allows 2.5 MiB: lower/,
    );
  });

  test('of many dimensions have triangles for each lineage of a slice, where a lane has no room', () => {
    const raw = {
      closedForm: 'auto',
      truth: { kind: 'blobs', dim: 100, components: 1 },
      batch: { realFraction: 0.1 },
      ...{ sampleSize: 1000, generations: 2, replicates: 1000, statistics: ['logDetRatio'] },
    };
    const limits = { lanes: LANES, bufferBytes: 2 ** 27, totalBytes: 2 ** 29 };
    const [group] = planOf(raw, limits).groups;
    expect(group).toMatchObject({ wide: true, closed: true, mapping: null, assembly: null });
    expect(planOf(raw).groups[0]!.wide).toBe(false);
    const { bufferBytes, batches } = planOf(raw, limits);
    // Models of 2 + 200 + 2 + 100 + 5050 words, a parent and two children; four triangles of 5050.
    expect(bufferBytes).toMatchObject({ ring: 1000 * 3 * 5354 * 4 });
    expect(batches).toMatchObject([{ sliceLineages: 1000, windowGenerations: 2 }]);
    expect(bufferBytes.points).toBe(1000 * 4 * 5050 * 4);
    const less = planOf(raw, { ...limits, bufferBytes: 2 ** 26 });
    const slice = Math.floor(2 ** 26 / (4 * 5050 * 4));
    expect(less.batches[0]!.sliceLineages).toBe(slice - (slice % 64));
  });

  test('of a hundred dimensions hold any number of replicates', () => {
    const raw = {
      ...{ closedForm: 'auto', truth: { kind: 'blobs', dim: 100, components: 1 } },
      ...{ sampleSize: 1000, generations: 2, replicates: 1e6, statistics: ['logDetRatio'] },
    };
    // What every WebGPU device binds: two models of 5354 words for 3 chunks of 1024, not for 4.
    const limits = { lanes: LANES, bufferBytes: 2 ** 27, totalBytes: 2 ** 29 };
    const { batches, bufferBytes } = planOf(raw, limits);
    expect(batches.slice(0, 3).map(({ chunks }) => chunks.length)).toEqual([1, 3, 3]);
    expect(batches.flatMap(({ chunks }) => chunks)).toHaveLength(Math.ceil(1e6 / 1024));
    expect(bufferBytes.ring).toBe(3 * 1024 * 2 * 5354 * 4);
    expect(bufferBytes.ring).toBeLessThan(2 ** 27);
    // One that binds less than a chunk says how many it has room for.
    const least = { ...limits, bufferBytes: 1024 * 2 * 5354 * 4 };
    expect(planOf(raw, least).batches[1]!.chunks).toHaveLength(1);
    expect(refusal(raw, { ...least, bufferBytes: least.bufferBytes - 1 })).toMatch(
      /^A chunk of 1024 replicates .* lower replicates to 1023\.$/,
    );
  });

  test('of a hundred dimensions keep models of the past as far as there is room', () => {
    const raw = {
      ...{ closedForm: 'auto', truth: { kind: 'blobs', dim: 100, components: 1 } },
      ...{ sampleSize: 1000, generations: 50, statistics: ['totalVariance'] },
      batch: { realFraction: 0.1, memory: 10 },
    };
    const limits = { lanes: LANES, bufferBytes: 2 ** 27, totalBytes: 2 ** 29 };
    const { groups, batches } = planOf({ ...raw, replicates: 600 }, limits);
    expect(groups[0]).toMatchObject({ wide: true, past: 10, assembly: null });
    // No more than there are going to be.
    const past = [1, 4].map((generations) => planOf({ ...raw, generations }, limits).groups[0]!);
    expect(past.map((group) => [group.grouping!.memory, group.past])).toEqual([[false, 0], [true, 4]]); // prettier-ignore
    expect(batches[0]!.chunks).toEqual([{ cell: 0, firstReplicate: 0, count: 600 }]);
    // Ten of 5355 words for each of 1000, or of 626.
    expect(refusal({ ...raw, replicates: 1000 }, limits)).toBe(
      'A chunk of 1000 replicates, each with its last 10 models of 100 dimensions, needs 204.3 MiB ' +
        'in one buffer, and this engine allows 128 MiB: lower replicates to 626 or batch.memory to 6.',
    );
    const small = { ...limits, bufferBytes: 6 * 5355 * 4 };
    expect(refusal({ ...raw, replicates: 1 }, small)).toMatch(/: lower batch\.memory to 6\.$/);
    // Two tallies of 5151 numbers beside five models.
    const pool = { retention: 'accumulate', fit: { realWeight: 0.5 } };
    const batch = { realFraction: 0.1, memory: 5 };
    expect(refusal({ ...raw, ...pool, batch, replicates: 1000 }, limits)).toBe(
      'A chunk of 1000 replicates, each with its last 5 models and its pool of 100 dimensions, needs ' +
        '141.4 MiB in one buffer, and this engine allows 128 MiB: lower replicates to 904 or batch.memory to 4.',
    );
    // A chunk of a pool needs no more room than its models.
    const pooled = planOf(
      { ...raw, ...pool, batch: { realFraction: 0.1 }, replicates: 1024 },
      limits,
    );
    expect(pooled.batches[0]!.chunks).toHaveLength(1);
  });

  test('fit everything but the points into half of all memory', () => {
    // 6400 of ring, 400 of values, and 22 words read back.
    const need = 6888;
    expect(planOf({ generations: 1 }, { totalBytes: 2 * need }).batches).toHaveLength(1);
    const remedy = /lower replicates to 99\.$/;
    expect(refusal({ generations: 1 }, { totalBytes: 2 * need - 1 })).toMatch(remedy);
  });

  test('say so where not even one lineage fits', () => {
    expect(refusal({}, { bufferBytes: 55 })).toMatch(/use another engine\.$/);
  });

  test('fit what is read back: ranks of many small cells', () => {
    const axis = { from: 0, to: 1, steps: 64, scale: 'linear' };
    const raw = {
      replicates: 1,
      generations: 32,
      sampleSize: 1,
      sweep: { 'batch.realFraction': axis },
    };
    // One chunk and generation of one lineage: 64 of ring, 4 of values, 56 of ranks.
    const plan = planOf(raw, { bufferBytes: 64 * 32 });
    expect(plan.batches.map(({ chunks }) => chunks.length)).toEqual([32, 32]);
    const many = planOf(
      { ...raw, statistics: ['varianceRatio', 'totalVariance', 'tailMass1'] },
      { bufferBytes: 64 * 32 },
    );
    for (const { chunks, windowGenerations } of many.batches) {
      expect(chunks.length * windowGenerations * 3 * 56).toBeLessThanOrEqual(64 * 32);
    }
  });
});

describe('slices and windows', () => {
  const cut = (raw: object, limits: Partial<EngineLimits>, options: PlanOptions = {}) =>
    cutsOf(planOf(raw, limits, options))[0]!;

  test('hold the work of one dispatch', () => {
    // 120 visits a lineage-generation, 100 lineages, 3 generations.
    expect(cut({}, { dispatchWork: 36_000 })).toEqual([100, 3]);
    expect(cut({}, { dispatchWork: 35_999 })).toEqual([100, 2]);
    expect(cut({}, { dispatchWork: 24_000 })).toEqual([100, 2]);
    expect(cut({}, { dispatchWork: 23_999 })).toEqual([100, 1]);
    expect(cut({}, { dispatchWork: 12_000 })).toEqual([100, 1]);
    // Less than that, and the batch is cut into whole workgroups.
    expect(cut({}, { dispatchWork: 11_999 })).toEqual([64, 1]);
    expect(cut({}, { dispatchWork: 1 })).toEqual([64, 1]);
  });

  test('are multiples of 64 lineages', () => {
    const slice = (dispatchWork: number) => cut({ replicates: 1000 }, { dispatchWork })[0];
    expect(slice(120 * 999)).toBe(960);
    expect(slice(120 * 960)).toBe(960);
    expect(slice(120 * 959)).toBe(896);
    expect(slice(120 * 1000)).toBe(1000);
  });

  test('go by the largest cell of the batch', () => {
    const sweep = { sampleSize: [10, 20] };
    expect(cut({ sweep }, { dispatchWork: 240 * 200 * 3 })).toEqual([200, 3]);
    expect(cut({ sweep }, { dispatchWork: 240 * 200 * 3 - 1 })).toEqual([200, 2]);
  });

  // Points need more than the ring.
  const sets = { sampleSize: 1000, generations: 1, replicates: 1000 };
  const pointsOf = (raw: object, limits: Partial<EngineLimits>) => {
    const plan = planOf(raw, { lanes: LANES, ...limits });
    return [cutsOf(plan)[0]![0], plan.bufferBytes.points];
  };

  test('fit the training sets into one buffer', () => {
    const points = (bufferBytes: number) => pointsOf(sets, { bufferBytes });
    expect(points(4096 * 1000)).toEqual([1000, 4096 * 1000]);
    expect(points(4096 * 1000 - 1)).toEqual([960, 4096 * 960]);
    expect(points(4096 * 256)).toEqual([256, 4096 * 256]);
  });

  test('fit the training sets into half of all memory', () => {
    const points = (totalBytes: number) => pointsOf(sets, { totalBytes });
    expect(points(2 * 4096 * 1000)).toEqual([1000, 4096 * 1000]);
    expect(points(2 * 4096 * 1000 - 1)).toEqual([960, 4096 * 960]);
  });

  test('are whole where points are drawn again, for too few sets would fit', () => {
    expect(pointsOf(sets, { bufferBytes: 4096 * 256 - 1 })).toEqual([1000, 0]);
    // All of them will do where they are fewer than 256.
    const few = { ...sets, replicates: 100 };
    expect(pointsOf(few, { bufferBytes: 4096 * 100 })).toEqual([100, 4096 * 100]);
    expect(pointsOf(few, { bufferBytes: 4096 * 100 - 1 })).toEqual([100, 0]);
  });

  test('shorten the window to what the ring holds', () => {
    // A ring of 32 (w + 1) · 100 bytes.
    expect(cut({}, { bufferBytes: 12_800 })).toEqual([100, 3]);
    expect(cut({}, { bufferBytes: 12_799 })).toEqual([100, 2]);
    expect(cut({}, { bufferBytes: 9599 })).toEqual([100, 1]);
  });

  test('end with the run, after 32 generations, or where the caller says', () => {
    const window = (generations: number, windowGenerations?: number) =>
      cut({ generations }, {}, windowGenerations === undefined ? {} : { windowGenerations })[1];
    expect([31, 32, 33, 1000].map((g) => window(g))).toEqual([31, 32, 32, 32]);
    expect([1, 2, 3, 4].map((w) => window(3, w))).toEqual([1, 2, 3, 3]);
  });

  test('a dispatch has at most 65 535 workgroups', () => {
    const most = 65_535 * 64;
    const axis = { from: 0.01, to: 1, steps: 1100, scale: 'linear' };
    const plan = planOf(
      {
        replicates: 4096,
        generations: 1,
        fit: { covarianceFloor: 1 },
        batch: { realDraw: 'bernoulli' },
        sweep: { 'batch.realFraction': axis },
      },
      {
        bufferBytes: 2 ** 40,
        totalBytes: 2 ** 42,
        dispatchWork: 1e18,
        batchLineages: 1e9,
      },
    );
    // 1023 whole chunks are the most under the limit.
    expect(plan.batches.map(({ lineageCount }) => lineageCount)).toEqual([1023 * 4096, 77 * 4096]);
    for (const { sliceLineages } of plan.batches) expect(sliceLineages).toBeLessThanOrEqual(most);
  });
});

describe('host memory', () => {
  test('for results is refused over the limit, with need and have', () => {
    // (3 + 1) generations of one statistic and cell: 704 bytes.
    expect(planOf({}, {}, { maxResultBytes: 704 }).resultBytes).toBe(704);
    expect(refusal({}, {}, { maxResultBytes: 703 })).toMatch(/^The results need /);
    // 8 · 1 000 001 · 176 bytes against the default of one gibibyte.
    const sampleSize = [10, 20, 30, 40, 50, 60, 70, 80];
    expect(refusal({ generations: 1_000_000, sweep: { sampleSize } })).toBe(
      'The results need 1,342.8 MiB (8 cells × 1000001 generations × 1 statistics), and 1,024 MiB ' +
        'are allowed: ask for fewer cells, generations or statistics, or raise --max-results.',
    );
  });

  // One generation and statistic of a sketch: two copies of 255 edges and 256 counts of 8 bytes.
  const SKETCH = 766 * 8;
  const many = { replicates: 5000, sweep: { sampleSize: [10, 20, 30, 40, 50] } };

  test('for bins of unfinished cells sets how many are filled together', () => {
    const waves = (maxResultBytes: number) => planOf(many, {}, { maxResultBytes }).cellsPerWave;
    // A quarter of the memory is theirs, and each needs three generations.
    expect(waves(4 * 5 * 3 * SKETCH)).toBe(5);
    expect(waves(4 * 5 * 3 * SKETCH - 1)).toBe(4);
    expect(waves(4 * 2 * 3 * SKETCH)).toBe(2);
    expect(waves(4 * 3 * SKETCH - 1)).toBe(1);
    // Without bins there is nothing to wait for.
    const small = planOf({ ...many, replicates: 4096 }, {}, { maxResultBytes: 5 * 704 });
    expect(small.cellsPerWave).toBe(5);
  });

  test('finishes a wave of cells before the next', () => {
    const plan = planOf(many, {}, { maxResultBytes: 4 * 2 * 3 * SKETCH });
    expect(plan.resultBytes).toBe(5 * 704 + 2 * 3 * SKETCH);
    const order = chunksOf(plan).map((chunks) => chunks.map(([cell, first]) => [cell, first]));
    expect(order).toEqual([
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 4096],
        [1, 4096],
      ],
      [
        [2, 0],
        [3, 0],
      ],
      [
        [2, 4096],
        [3, 4096],
      ],
      [[4, 0]],
      [[4, 4096]],
    ]);
  });

  test('must hold the bins of one cell at least', () => {
    const need = 704 + 3 * SKETCH;
    expect(planOf({ replicates: 5000 }, {}, { maxResultBytes: need }).resultBytes).toBe(need);
    expect(refusal({ replicates: 5000 }, {}, { maxResultBytes: need - 1 })).toMatch(
      /4 generations × 1 statistics and bins for more than 4096 replicates\)/,
    );
    const wide = { closedForm: 'auto', truth: { kind: 'blobs', dim: 5, components: 1 } };
    expect(refusal({ ...wide, replicates: 1025 }, {}, { maxResultBytes: need - 1 })).toMatch(
      /and bins for more than 1024 replicates\)/,
    );
  });
});

describe('a coreset', () => {
  const coreset = { size: 30, method: 'kmeans' };
  const raw = {
    truth: { kind: 'blobs', components: 2 },
    batch: { realFraction: 0.2, realSource: 'fixed', coreset },
    sampleSize: 60,
    generations: 3,
    replicates: 3 * CHUNK,
  };

  test('is a part of its group, and of the largest training set', () => {
    const [group] = planOf(raw, { lanes: LANES }).groups;
    expect(group).toMatchObject({ weighed: true, past: 1, assembly: { fixed: true, coreset } });
    // 60 − 12 + 30 points in the place of 60, 32 in a tile of 4 lanes with 16 values each.
    expect(group!.mapping).toMatchObject({ weights: 1, points: 'storage', tiles: 3 });
    const idle = { ...raw, batch: { ...raw.batch, realFraction: 0 } };
    expect(planOf(idle, { lanes: LANES }).groups[0]).toMatchObject({
      weighed: false,
      assembly: null,
    });
  });

  test('stays beside the models of the past', () => {
    // A model of 12 words and a threshold, and 30 points of two words: 292 bytes a lineage.
    const bytes = CHUNK * (13 + 60) * 4;
    const batches = (bufferBytes: number) =>
      planOf(raw, { lanes: LANES, bufferBytes }).batches.length;
    expect(batches(2 * bytes)).toBe(2);
    expect(batches(bytes)).toBe(3);
    const limits = { lanes: LANES, bufferBytes: bytes - 1 };
    expect(refusal(raw, limits)).toMatch(`lower replicates to ${CHUNK - 1}.`);
  });
});
