/** The bench: nothing is timed that disagrees, and its arithmetic is right. No time is asserted. */
import { describe, expect, test } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { describeAdapter } from '../../src/engine/webgpu/device.ts';
import { agreementOf, Z_LIMIT, type Sample } from '../../src/experiment/bench/agreement.ts';
import { runBench, type BenchOptions } from '../../src/experiment/bench/bench.ts';
import { boundOf, documentedBound, generationOps } from '../../src/experiment/bench/bounds.ts';
import { BENCH_CASES, specOf, type BenchCase } from '../../src/experiment/bench/cases.ts';
import { engineContender, type Contender } from '../../src/experiment/bench/contender.ts';
import { CURVES } from '../../src/experiment/bench/curves.ts';
import { benchMarkdown, comparisonMarkdown } from '../../src/experiment/bench/markdown.ts';
import { gpuPeak, pairsPerSecond } from '../../src/experiment/bench/peak-gpu.ts';
import {
  PEAK_KERNELS,
  peakModule,
  peakOps,
  simdPeak,
  turnsPerSecond,
} from '../../src/experiment/bench/peak-simd.ts';
import { pooled, type Population } from '../../src/experiment/bench/population.ts';
import { findSize, runCase, type RunnerOptions } from '../../src/experiment/bench/runner.ts';
import { logLogSlope, spreadOf } from '../../src/experiment/bench/spread.ts';
import { turnMeter } from '../../src/experiment/bench/turn-meter.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { describeGpu, gpu, testDevice } from '../support/dawn.ts';

const caseNamed = (name: string): BenchCase => BENCH_CASES.find((each) => each.name === name)!;

/** K = 2 at n = 20: 300 lineages of 4 generations take a blink. */
const SMALL: BenchCase = {
  ...caseNamed('reference'),
  spec: { ...caseNamed('reference').spec, sampleSize: 20, generations: 4 },
  check: { generation: 4, replicates: 300 },
};

const now = () => performance.now();
const honest = (name = 'reference', engine: Engine = createReferenceEngine()) =>
  engineContender(engine, { name, now });

/** An engine that draws three tenths fewer points than it was asked for. */
function careless(): Engine {
  const engine = createReferenceEngine();
  const fewer = (plan: Plan): Plan => ({
    ...plan,
    cells: plan.cells.map((cell) => ({
      ...cell,
      spec: { ...cell.spec, sampleSize: Math.round(cell.spec.sampleSize * 0.7) },
    })),
  });
  return { ...engine, run: (plan, signal) => engine.run(fewer(plan), signal) };
}

const runner = (options: Partial<RunnerOptions> = {}): RunnerOptions => ({
  runs: 3,
  targetSeconds: 1e-3,
  full: false,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...options,
});

const bench = (options: Partial<BenchOptions> = {}): BenchOptions => ({
  ...runner(),
  contenders: [honest('first'), honest('second')],
  missing: [{ contender: 'webgpu', reason: 'no adapter' }],
  cases: [SMALL],
  curves: [],
  about: {
    genloss: '1.2.3',
    date: '2026-01-02T03:04:05.000Z',
    command: 'genloss bench',
    machine: {
      cpu: 'A | B',
      cores: 2,
      memoryBytes: 2 ** 30,
      system: 'Linux',
      runtime: 'Node',
      load: 0.5,
    },
  },
  ...options,
});

describe('same output first', () => {
  test('an engine and itself with another seed agree, and are timed', async () => {
    const report = await runCase(SMALL, [honest('first'), honest('second')], runner());
    expect(report.agreement).toMatchObject({ agreed: true, generation: 4, lineages: 300 });
    expect(report.stopped).toBeNull();
    expect(report.standings.map(({ contender, seconds }) => [contender, seconds.length])).toEqual([
      ['first', 3],
      ['second', 3],
    ]);
  });

  test('an engine that draws too few points stops its case: nothing is timed', async () => {
    // Each generation costs a share 1/n of the variance, and about 1/n more of its logarithm: ln v
    // differs by 4 · 2 (1/14 − 1/20) = .17 and the mean of v by 4 (1/14 − 1/20) = .09. With sd
    // √(2·4/20) = .63 over 4000 lineages that is 12 standard errors from the other engine and 9
    // from the law.
    const check = { generation: 4, replicates: 4000 };
    const contenders = [honest(), honest('careless', careless())];
    const report = await runCase({ ...SMALL, check }, contenders, runner());
    expect(report.agreement.agreed).toBe(false);
    expect(report.standings).toEqual([]);
    expect(report.stopped).toMatch(/careless .*standard errors apart/);
    const between = report.agreement.comparisons.filter(({ against }) => against === 'careless');
    expect(Math.max(...between.map(({ z }) => Math.abs(z)))).toBeGreaterThan(Z_LIMIT);
    const ofHonest = report.agreement.comparisons.filter(
      ({ contender, against }) => contender === 'reference' && against === 'law',
    );
    expect(ofHonest.length).toBeGreaterThan(0);
    expect(ofHonest.every(({ z }) => Math.abs(z) <= Z_LIMIT)).toBe(true);
  });

  test('alone, an engine is still held against the law', async () => {
    const check = { generation: 4, replicates: 4000 };
    const wrong = await runCase({ ...SMALL, check }, [honest('careless', careless())], runner());
    expect(wrong.stopped).toContain('careless and law are');
  });

  const population = (mean: number, more: Partial<Population> = {}): Population => ({
    ...{ count: 10, mean, meanError: 3, median: 2, medianError: 4, law: NaN, lawError: NaN },
    ...more,
  });
  const sample = (contender: string, at: Population): Sample => ({
    contender,
    last: new Map([
      ['logVarianceRatio', at],
      ['varianceRatio', at],
    ]),
  });

  test('differences are in combined standard errors', () => {
    const other = population(30, { meanError: 4, median: 17, medianError: 3 });
    const { comparisons, agreed, worst } = agreementOf(
      [sample('a', population(10)), sample('b', other)],
      7,
    );
    // (10 − 30)/√(3² + 4²) and (2 − 17)/√(4² + 3²).
    expect(comparisons.map(({ statistic, measure, z }) => [statistic, measure, z])).toEqual([
      ['logVarianceRatio', 'mean', -4],
      ['varianceRatio', 'median', -3],
    ]);
    expect(agreed).toBe(true);
    expect(worst).toMatchObject({ contender: 'a', against: 'b', z: -4 });
  });

  test("a law is met with theory's standard error, else with the sample's", () => {
    const known = agreementOf([sample('a', population(10, { law: 4, lawError: 2 }))], 1);
    expect(known.comparisons.map(({ z }) => z)).toEqual([3, 3]);
    const unknown = agreementOf([sample('a', population(10, { law: 4 }))], 1);
    expect(unknown.comparisons.map(({ z }) => z)).toEqual([2, 2]);
  });

  test('a missing number never agrees', () => {
    const samples = [sample('a', population(10)), sample('b', population(NaN))];
    expect(agreementOf(samples, 1).agreed).toBe(false);
  });

  test('cells are pooled as independent averages', () => {
    const cells = [population(1, { meanError: 3 }), population(3, { meanError: 4 })];
    expect(pooled(cells)).toMatchObject({ count: 20, mean: 2, meanError: 2.5 });
  });
});

describe('running', () => {
  test('timed runs take turns', async () => {
    const order: string[] = [];
    const contenders = ['A', 'B', 'C'].map((name) => honest(name));
    const onProgress: RunnerOptions['onProgress'] = ({ contender, stage }) => {
      if (stage === 'time') order.push(contender);
    };
    await runCase(SMALL, contenders, runner({ onProgress }));
    expect(order.join('')).toBe('ABCABCABC');
  });

  test('a size is sought until a run takes about the time wanted, in whole grains', async () => {
    const asked: number[] = [];
    // 100 lineages a second, and a first run that is slow because it is the first.
    const contender: Contender = {
      ...honest(),
      grain: 8,
      run: async ({ replicates }) => {
        asked.push(replicates);
        const seconds = asked.length === 1 ? 2 : replicates / 100;
        return { seconds, lineageGenerations: replicates, last: new Map() };
      },
    };
    const size = (replicates: number): Spec => specOf(SMALL, replicates, 1, 1);
    const wanted = { ...runner(), targetSeconds: 2 };
    expect(await findSize(contender, size, 1e6, wanted)).toBe(200);
    expect(asked).toEqual([8, 8, 128, 200]);
    expect(await findSize(contender, size, 100, wanted)).toBe(100);
    expect(await findSize(contender, size, 5000, { ...wanted, full: true })).toBe(5000);
    const slow = { ...contender, slow: true };
    expect(await findSize(slow, size, 5000, { ...wanted, full: true })).toBe(200);
  });

  test('who cannot run a case is listed, and the others go on', async () => {
    const small = createReferenceEngine();
    const cramped: Engine = { ...small, limits: { ...small.limits, bufferBytes: 64 } };
    const report = await runCase(SMALL, [honest(), honest('cramped', cramped)], runner());
    expect(report.absent).toMatchObject([{ contender: 'cramped' }]);
    expect(report.absent[0]!.reason).toContain('this engine allows');
    expect(report.standings.map(({ contender }) => contender)).toEqual(['reference']);
  });

  test('stopped, it resolves with the cases that are done', async () => {
    const stop = new AbortController();
    const options = bench({ cases: [SMALL, caseNamed('grid')], signal: stop.signal });
    const report = await runBench({ ...options, onReport: () => stop.abort() });
    expect(report.complete).toBe(false);
    expect(report.cases.map(({ name }) => name)).toEqual(['reference']);
  });

  test('every case of the table can be planned and counted', () => {
    for (const each of BENCH_CASES) {
      const { contenders } = bench();
      expect(contenders[0]!.takes(each.spec)).toBe(true);
      const dim = each.spec.truth.kind === 'blobs' ? each.spec.truth.dim : 1;
      const ops = generationOps(each.spec, dim, 'gpu');
      if (each.name === 'tolerance') expect(ops).toBeNull();
      else expect(ops).toBeGreaterThan(0);
    }
  });
});

describe('numbers', () => {
  test('median, extremes and median absolute deviation', () => {
    expect(spreadOf([5, 1, 3, 9])).toEqual({ median: 4, min: 1, max: 9, mad: 2 });
    expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7, mad: 0 });
  });

  test('the slope of a power is its exponent', () => {
    const x = [1, 2, 4, 8];
    const { slope, standardError } = logLogSlope(
      x,
      x.map((v) => 3 * v ** 1.5),
    );
    expect(slope).toBeCloseTo(1.5, 12);
    expect(standardError).toBeCloseTo(0, 12);
  });

  test('its standard error is that of a regression', () => {
    // ln y = 0, 1, 1, 2 at ln x = 0, 1, 2, 3: slope .6, residuals ∓.1, ±.3: √(.2/2/5) = .141421.
    const e = Math.E;
    const { slope, standardError } = logLogSlope([1, e, e ** 2, e ** 3], [1, e, e, e ** 2]);
    expect(slope).toBeCloseTo(0.6, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(0.02), 12);
    expect(logLogSlope([1, 2], [1, 2]).standardError).toBeNaN();
  });

  test('operations: the closed form costs the same for every n, sampling grows with n', () => {
    const { spec } = caseNamed('closed-form');
    const at = (sampleSize: number, closedForm: Spec['closedForm']) =>
      generationOps({ ...spec, sampleSize, closedForm }, 1, 'simd')!;
    expect(at(1e6, 'auto')).toBe(at(100, 'auto'));
    expect(at(100, 'off')).toBeGreaterThan(5 * at(100, 'auto'));
    // All but the summaries and the last step is proportional to n.
    expect(at(1e6, 'off') / at(1e5, 'off')).toBeCloseTo(10, 2);
  });

  test('operations of a visit at K = 2 are those of the kernel', () => {
    const { spec } = caseNamed('reference');
    const steps = (sampleSize: number, set: 'gpu' | 'simd' | 'simd-relaxed') => {
      const of = (iterations: number) =>
        generationOps({ ...spec, sampleSize, fit: { ...spec.fit, iterations } }, 1, set)!;
      return of(2) - of(1);
    };
    const visit = (set: Parameters<typeof steps>[1]) => steps(101, set) - steps(100, set);
    // src/engine/wasm/assembly/gmm/pair.ts: 24 operations alone and 9 products with a sum.
    expect(visit('simd')).toBe(24 + 2 * 9);
    expect(visit('simd-relaxed')).toBe(24 + 9);
    // shaders/gmm/em.wgsl: 2^x in one, absolute value and sign free, 4 products with a sum.
    expect(visit('gpu')).toBe(17 + 4);
  });

  test('a bound is a rate of operations over their number', () => {
    expect(boundOf(1e9, 500)).toBe(2e6);
    const contender = engineContender(createReferenceEngine(), {
      name: 'x',
      now,
      peak: { opsPerSecond: 1e9, set: 'simd', how: '' },
    });
    const { spec } = caseNamed('reference');
    expect(contender.ops(specOf(SMALL, 3, 2, 1))).toBe(generationOps(SMALL.spec, 1, 'simd'));
    // A grid's mean lies between its extremes.
    const grid = caseNamed('grid');
    const least = generationOps({ ...spec, sampleSize: 10 }, 1, 'simd')!;
    const most = generationOps({ ...spec, sampleSize: 320 }, 1, 'simd')!;
    expect(contender.ops(specOf(grid, 1, 1, 1))).toBeGreaterThan(least);
    expect(contender.ops(specOf(grid, 1, 1, 1))).toBeLessThan(most);
  });

  test('adapters known by name have a computed bound', () => {
    const rateOf = (name: string) => documentedBound(name)?.rate ?? null;
    expect(rateOf('NVIDIA H200')).toBe(822e6);
    expect(rateOf('Intel(R) UHD Graphics 620 (KBL GT2)')).toBe(5.6e6);
    expect(rateOf('Intel(R) Iris(R) Xe Graphics (TGL GT2)')).toBe(34e6);
    expect(rateOf('Apple M1')).toBe(34e6);
    expect(rateOf('Apple M2')).toBe(47e6);
    expect(rateOf('Apple M2 Max')).toBeNull();
    expect(rateOf('SwiftShader Device (LLVM 16.0.0)')).toBeNull();
  });
});

describe('the peak kernel', () => {
  test.each(PEAK_KERNELS.filter((kernel) => kernel !== 'fused'))('%s runs', (kernel) => {
    const module = peakModule(kernel);
    expect(WebAssembly.validate(module)).toBe(true);
    // a ↦ .999 a + .001 from 0 … 11 goes to 1 in each of 12 chains, in f32 to 2⁻²⁴ / .001.
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
    const total = (run as (turns: number) => number)(10_000);
    if (kernel === 'product and sum') expect(total / 12).toBeCloseTo(1, 3);
    expect(turnsPerSecond(module, now, 1, 1)).toBeGreaterThan(0);
  });

  test('several threads at once each have a rate', async () => {
    const rates = await turnMeter(await nodeThreads())(peakModule('integer'), 2);
    expect(rates).toHaveLength(2);
    expect(Math.min(...rates)).toBeGreaterThan(0);
  });

  test('operations of a lane: 12 chains, 4 links, 4 lanes', () => {
    expect(peakOps('product and sum', 10)).toBe(10 * 12 * 4 * 4 * 2);
    expect(peakOps('fused', 10)).toBe(10 * 12 * 4 * 4);
  });

  test('the best of the kernels counts', () => {
    const rates = { 'product and sum': 4e9, fused: 3e9, integer: 5e9 };
    expect(simdPeak(rates, 2, 'simd')).toMatchObject({ opsPerSecond: 5e9, set: 'simd' });
    const { how } = simdPeak({ ...rates, fused: 0 }, 2, 'simd');
    expect(how).toContain('2 threads at once');
    expect(how).not.toContain('fused');
  });
});

describeGpu('the peak kernel of a GPU', () => {
  test('counts products with a sum', async () => {
    expect(await pairsPerSecond(await testDevice(), now, 4)).toBeGreaterThan(0);
  });

  test('has nothing to say of a software adapter', async () => {
    const adapter = await gpu!.requestAdapter();
    const peak = await gpuPeak(gpu!, now);
    if (describeAdapter(adapter!.info).software) expect(peak).toBeNull();
    else expect(peak!.opsPerSecond).toBeGreaterThan(0);
  });
});

describe('the report', () => {
  const curve = CURVES.find(({ name }) => name === 'G')!;

  test('says who ran where, every figure, and what was not measured', async () => {
    const small = {
      ...curve,
      spec: (value: number, replicates: number) => specOf(SMALL, replicates, value, 1),
    };
    const report = await runBench(bench({ curves: [small] }));
    const text = benchMarkdown(report);
    expect(text).toContain('`genloss bench` on 2026-01-02T03:04:05.000Z, genloss 1.2.3');
    expect(text).toContain('- A | B, 2 cores, 1 GiB of memory');
    expect(text).toContain('no figures to quote');
    expect(text).toContain('Not here: webgpu (no adapter).');
    expect(text).toMatch(/\| second \| [\d.]+ ?[kM]? \|/);
    expect(text).toMatch(/Same output first: 6 comparisons at generation 4 over 300 lineages/);
    expect(text).toMatch(/\| first \| \d[\d.]*( k)? \|( [\de.-]+ s \|){4} -?[\d.]+ ± [\d.]+ \|/);
    expect(report.targets.map(({ verdict }) => verdict)).toContain('not measured here');
    const growth = report.targets.find(({ what }) => what === 'Growth with G')!;
    expect(growth.measured).toMatch(/ first; .* second$/);
    // Rows of one table have one number of cells.
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = table.split('\n').map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  test('compares without the targets, and leaves out what a browser does not say', async () => {
    const about = bench().about;
    const machine = { ...about.machine, cpu: '', memoryBytes: null, load: null };
    const report = await runBench(bench({ runs: 1, about: { ...about, machine } }));
    const text = comparisonMarkdown(report);
    expect(text).toContain('# Engines compared\n\nWritten by `genloss bench`');
    expect(text).toContain('\n- 2 cores\n');
    expect(text).not.toContain('Targets');
    expect(text).toMatch(/\| second \| [\d.]+ ?[kM]? \|/);
  });

  test('is plain data: JSON gives it back', async () => {
    const report = await runBench(bench({ runs: 1 }));
    const back = JSON.parse(JSON.stringify(report));
    expect(back.cases[0].standings).toEqual(report.cases[0]!.standings);
    expect(back.targets).toEqual(report.targets);
  });

  test('a target is met by what was measured of it', async () => {
    const swift = {
      ...createReferenceEngine(),
      name: 'webgpu' as const,
      adapter: { description: 'SwiftShader', vendor: '', architecture: '', software: true },
    };
    // A clock that stands still but for a millionth of a second a look: any rate is met by it.
    let ticks = 0;
    const stopped = engineContender(swift, { name: 'soft', now: () => (ticks += 1e-6) });
    const report = await runBench(bench({ contenders: [stopped], runs: 1, targetSeconds: 1e-12 }));
    const row = report.targets.find(({ what }) => what.startsWith('WebGPU on SwiftShader'))!;
    expect(row.verdict).toBe('met');
    const slow = engineContender(swift, { name: 'soft', now: () => (ticks += 1e6) });
    const late = await runBench(bench({ contenders: [slow], runs: 1 }));
    expect(late.targets.find(({ what }) => what === row.what)!.verdict).toBe('not met');
  });
});
