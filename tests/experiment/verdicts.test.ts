/** Verdicts on cells and axes, on numbers made by hand, on exact laws and on small runs. */
import { describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { CERTAIN } from '../../src/experiment/estimate.ts';
import { lawAt, SUMMARY_FIELDS, type Results } from '../../src/experiment/results.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { verdictLines } from '../../src/experiment/verdict-text.ts';
import { lossTrend, scalingLawAt, scalingLaws } from '../../src/experiment/verdicts.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { countingResults, setRow } from './results-fixture.ts';

const engine = createReferenceEngine();
const run = (raw: object) => {
  const truth = { kind: 'blobs', dim: 1, components: 1 };
  return runExperiment(planRun(parseSpec({ truth, ...raw }), engine.limits), engine);
};

type Row = Partial<Record<(typeof SUMMARY_FIELDS)[number], number>>;
const write = (
  results: Results,
  [cell, generation]: readonly [number, number],
  row: Row,
  statistic = 0,
) =>
  setRow(
    results,
    [cell, generation, statistic],
    SUMMARY_FIELDS.map((field) => row[field] ?? NaN),
  );

describe('the test loss at the horizon', () => {
  const between = (first: Row, last: Row) => {
    const results = countingResults([], 8, ['entropy', 'testNll']);
    write(results, [0, 6], first, 1);
    write(results, [0, 8], last, 1);
    return lossTrend(results, 0)!;
  };

  test('is held against the sum of both standard errors', () => {
    const trend = between({ mean: 1, se: 0.1 }, { mean: 2, se: 0.15 });
    expect(trend).toMatchObject({ verdict: 'rising', statistic: 'testNll', of: 'mean' });
    expect(trend).toMatchObject({ from: 6, to: 8, change: 1 });
    expect(trend.se).toBe(0.25);
    expect(between({ mean: 2, se: 0.1 }, { mean: 1, se: 0.15 }).verdict).toBe('falling');
    // As far as chance reaches, and a little farther.
    const edge = { mean: 0, se: 0.5 };
    expect(between(edge, { mean: CERTAIN, se: 0.5 }).verdict).toBe('unclear');
    expect(between(edge, { mean: CERTAIN + 1e-12, se: 0.5 }).verdict).toBe('rising');
  });

  test('is that of the median where some lineages leave no mean', () => {
    const quartiles = { count: 100, q25: 0, q50: 1, q75: 2 };
    // A median beside a mean would be two things compared.
    expect(between({ mean: 1, se: 0.1 }, quartiles)).toBeNull();
    const both = between(quartiles, { ...quartiles, q50: 5 });
    // (q75 − q25)/√count twice.
    expect(both).toMatchObject({ of: 'median', change: 4, verdict: 'rising' });
    expect(both.se).toBeCloseTo(0.4, 12);
  });

  test('is not known of other statistics, of the first generation, of one lineage', () => {
    expect(lossTrend(countingResults([], 8, ['entropy']), 0)).toBeNull();
    expect(lossTrend(countingResults([], 1, ['testNll']), 0)).toBeNull();
    const alone = countingResults([], 2, ['testNll']);
    for (const t of [1, 2]) write(alone, [0, t], { count: 1, mean: t, q25: t, q50: t, q75: t });
    expect(lossTrend(alone, 0)).toBeNull();
  });

  const plan = { generations: 40, replicates: 200, sampleSize: 20 };
  test.each([
    ['rising', { statistics: ['testNll'] }],
    ['unclear', { statistics: ['klTruthToModel'], batch: { realFraction: 1 } }],
    // Fresh data come back within the last quarter.
    ['falling', { statistics: ['testNll'], batch: { realFraction: { at: [[1, 0], [34, 1]] } } }], // prettier-ignore
  ] as const)('of a run: %s', async (verdict, raw) => {
    expect(lossTrend(await run({ ...plan, ...raw }), 0)!.verdict).toBe(verdict);
  });
});

const SIZES = [100, 1000, 10_000];

/** Means of a loss over SIZES, the others of two axes held, with a relative error of 1 %. */
function swept(excess: (n: number, share: number, generation: number) => number, entropy = 0) {
  const axes = [
    { name: 'batch.realFraction', values: [0, 1] },
    { name: 'sampleSize', values: SIZES },
  ];
  const results = countingResults(axes, 5, [entropy === 0 ? 'klTruthToModel' : 'testNll']);
  results.cells.forEach(({ values: [share, n] }, cell) => {
    write(results, [cell, 0], { mean: entropy });
    for (const t of [1, 5]) {
      const mean = excess(Number(n), Number(share), t);
      write(results, [cell, t], { mean: mean + entropy, se: 0.01 * mean });
    }
  });
  return results;
}

/** The excess keeps its law where all is real, and comes to rest at 0.01 where nothing is. */
const plateau = (n: number, share: number, t: number) => 1 / (2 * n) + (t > 1 && !share ? 0.01 : 0);

describe('the scaling law in n', () => {
  test.each([
    ['divergence', 0],
    ['test loss above the entropy', 3.5],
  ])('of the %s, for each value of the other axes', (_, entropy) => {
    const laws = scalingLaws(swept(plateau, entropy));
    expect(laws.map(({ verdict, cells }) => [verdict, cells])).toEqual([
      ['shallower', [0, 1, 2]],
      ['unclear', [3, 4, 5]],
    ]);
    const [{ first, last, sampleSizes, generation, se }] = laws as [(typeof laws)[number]];
    expect({ sampleSizes, generation }).toEqual({ sampleSizes: SIZES, generation: 5 });
    // The slope over three equal steps of ln n is that from the first to the last; sums of f64 near
    // 3.5 less 3.5 leave 1e-16/5e-5 of the smallest excess.
    expect(first.slope).toBeCloseTo(-1, 10);
    expect(last.slope).toBeCloseTo(Math.log(0.01005 / 0.015) / (2 * Math.LN10), 10);
    // Cells share their random numbers: errors of 1 % at both ends are added.
    expect(first.se).toBeCloseTo(0.02 / (2 * Math.LN10), 10);
    expect(se).toBe(first.se + last.se);
  });

  test('is found from each of its cells', () => {
    const results = swept(plateau);
    const laws = scalingLaws(results);
    const found = results.cells.map((_, cell) => scalingLawAt(results, cell));
    expect(found).toEqual([0, 0, 0, 1, 1, 1].map((law) => laws[law]));
    // The same table with n as the outer axis.
    const [share, size] = results.axes;
    const turned = { ...results, axes: [size!, share!] };
    const cells = results.cells.map((_, cell) => ({
      ...results.cells[cell]!,
      values: [SIZES[Math.floor(cell / 2)]!, cell % 2],
    }));
    const [even, odd] = scalingLaws({ ...turned, cells });
    expect([even!.cells, odd!.cells]).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    expect(even!.sampleSizes).toEqual(SIZES);
  });

  test('of cells with numbers of their own has errors that add as squares', () => {
    const results = swept(plateau);
    const [law] = scalingLaws({ ...results, spec: { ...results.spec, pairing: 'independent' } });
    expect(law!.first.se).toBeCloseTo((0.01 * Math.SQRT2) / (2 * Math.LN10), 10);
  });

  test('leaves out what is not known, and needs two sizes', () => {
    const results = swept(plateau);
    write(results, [0, 5], { mean: 1, se: 0.3 });
    write(results, [3, 5], {});
    write(results, [4, 1], { mean: -1, se: 0.01 });
    expect(scalingLaws(results).map(({ sampleSizes }) => sampleSizes)).toEqual([[1000, 10_000]]);
    expect(scalingLaws(countingResults([], 5, ['testNll']))).toEqual([]);
    const others = [{ name: 'sampleSize', values: SIZES }];
    expect(scalingLaws(countingResults(others, 5, ['entropy']))).toEqual([]);
  });

  test('of one Gaussian is that of its law', async () => {
    const sizes = [20, 40, 80];
    const results = await run({
      ...{ generations: 10, replicates: 4000, statistics: ['klTruthToModel'] },
      sweep: { sampleSize: sizes },
    });
    const [{ first, last, verdict }] = scalingLaws(results) as [
      ReturnType<typeof scalingLaws>[number],
    ];
    const slope = (t: number) =>
      Math.log(lawAt(results, 2, t, 0) / lawAt(results, 0, t, 0)) / Math.log(80 / 20);
    expect(Math.abs(first.slope - slope(1)) / first.se).toBeLessThan(4);
    expect(Math.abs(last.slope - slope(10)) / last.se).toBeLessThan(4);
    // ln(E KL₁₀/E KL₁) falls by more than a third over the three sizes: few points cost more.
    expect(verdict).toBe('steeper');
  });
});

describe('in words', () => {
  test('of one cell', () => {
    const results = countingResults([], 8, ['testNll']);
    write(results, [0, 6], { mean: 1, se: 0.05 });
    write(results, [0, 8], { mean: 2.25, se: 0.05 });
    expect(verdictLines(results)).toEqual([
      'Test loss at the horizon: still rising, by 1.25 ± 0.2 nats from generation 6 to 8 (mean ' +
        'over lineages).',
    ]);
  });

  test('of large numbers by powers of ten, and of what chance may have done', () => {
    const lines = (mean: number, se: number) => {
      const results = countingResults([], 8, ['testNll']);
      write(results, [0, 6], { mean: 0, se: 0 });
      write(results, [0, 8], { mean, se });
      return verdictLines(results).join();
    };
    expect(lines(6.54e13, 1e13)).toMatch(/still rising, by 6\.5e13 ± \d\.\de13 nats/);
    expect(lines(27500, 20000)).toMatch(/: unclear: 2\.8e4 ± \d\.\de4 nats from generation 6/);
  });

  test('of a sweep: each law, and how many cells of each kind', () => {
    const [trends, changed, same, ...rest] = verdictLines(swept(plateau));
    expect(trends).toMatch(/^Test loss at the horizon: 6 × /);
    expect(changed).toMatch(/^Scaling in n, cells 0, 1, 2: .* n\^\(−1 ± 0\.0085\) in generation 1/);
    expect(changed).toMatch(/shallower: more data help less than they did with real data\.$/);
    expect(same).toMatch(/^Scaling in n, cells 3, 4, 5: .* no change that is more than chance\.$/);
    expect(rest).toEqual([]);
  });

  test('of regimes: how many cells of each', async () => {
    const results = await run({
      ...{ generations: 20, replicates: 20, statistics: ['varianceRatio'] },
      ...{ sampleSize: 4, sweep: { 'batch.realFraction': [0, 1] } },
    });
    expect(verdictLines(results)).toEqual(['Regimes of the variance: 1 stable, 1 collapsed.']);
  });
});
