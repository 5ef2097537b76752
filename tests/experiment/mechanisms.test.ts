/** What mechanisms cost in the bench: every field has a case, and factors are arithmetic. */
import { describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { runBench } from '../../src/experiment/bench/bench.ts';
import { engineContender, type Contender } from '../../src/experiment/bench/contender.ts';
import { expectedFactor, slowestOf } from '../../src/experiment/bench/expected.ts';
import { benchMarkdown } from '../../src/experiment/bench/markdown.ts';
import { MECHANISM_CASES } from '../../src/experiment/bench/mechanisms.ts';
import { WASM_LACKS } from '../../src/plan/hand-over.ts';
import { KERNEL_COSTS, plainVisits } from '../../src/plan/point-costs.ts';
import { DRAW_VISITS, mostIterations } from '../../src/plan/work.ts';
import { isAssembled } from '../../src/model/rules.ts';
import { BATCH_PARAMETERS } from '../../src/spec/parameters-batch.ts';
import { readPath } from '../../src/spec/paths.ts';

const caseNamed = (name: string) => MECHANISM_CASES.find((each) => each.name === name)!;

test.each([...BATCH_PARAMETERS.map(({ path }) => path), 'retention', 'growth'])(
  '%s has a case, beside the same without it',
  (path) => {
    const text = (value: unknown) => JSON.stringify(value ?? null);
    const differs = MECHANISM_CASES.some(
      ({ spec, plain }) => text(readPath(spec, path)) !== text(readPath(plain!, path)),
    );
    expect(differs).toBe(true);
  },
);

test('the plain run is plain, and of the same shape', () => {
  for (const { spec, plain } of MECHANISM_CASES) {
    expect(isAssembled(plain!)).toBe(false);
    const { truth, sampleSize, generations, fit } = plain!;
    expect(spec).toMatchObject({ truth, sampleSize, generations, fit });
  }
});

describe('expected factors', () => {
  const adapter = { software: true } as Contender['adapter'];
  const WASM = { engine: 'wasm', adapter: null, lacks: WASM_LACKS } as const;
  const REFERENCE = { engine: 'reference', adapter: null, lacks: [] } as const;
  const SOFTWARE = { engine: 'webgpu', adapter, lacks: [] } as const;
  const factor = (name: string, engine: Parameters<typeof expectedFactor>[2] = WASM) =>
    expectedFactor(caseNamed(name).plain!, caseNamed(name).spec, engine);

  test('a plain point is 40 visits of EM and a draw of 10: half of 12 and of 4, and 2', () => {
    expect(DRAW_VISITS).toBe(10);
    expect(plainVisits(KERNEL_COSTS)).toBe(10);
    expect(mostIterations(caseNamed('web').spec) * 2).toBe(40);
  });

  test('what only changes numbers costs nothing', () => {
    const free = ['sampling-bias', 'sharpening', 'detector', 'bernoulli', 'web'];
    for (const engine of [WASM, REFERENCE]) {
      for (const name of free) {
        expect(factor(name, engine)).toEqual({ factor: 1, why: 'nothing more to do' });
      }
    }
  });

  test('masked lanes draw the word of an origin for every point: 62 of 50', () => {
    expect(factor('sampling-bias', SOFTWARE).factor).toBe(1);
    for (const name of ['detector', 'bernoulli', 'web']) {
      expect(factor(name, SOFTWARE).factor).toBeCloseTo(62 / 50, 12);
    }
  });

  test('a pool has the mean of t batches, 10.5 over 20 generations, of points of 54 visits', () => {
    const { factor: found, why } = factor('accumulate');
    expect(found).toBeCloseTo((10.5 * 54) / 50, 12);
    expect(why).toContain('10.5 times the points');
  });

  test('a coreset weighs points: both are fetched, by 32 places, where four lanes cannot hold them', () => {
    const { factor: found, why } = factor('coreset', SOFTWARE);
    // 10 for 30 of 100 points from generation 2 on: 80, in 96 places.
    expect(found).toBeGreaterThan((96 * (40 + 40)) / 5000);
    expect(why).toContain('in tiles of 32 places; points and weights fetched on every pass');
    expect(factor('archive', SOFTWARE).why).not.toContain('fetched');
  });

  test('a protected mode: a place is real or draws until it is not of that mode', () => {
    // Of one lane ½ · 0 + ½ · 2 candidates and half a real point; of four the slowest counts.
    expect(factor('protected-modes', REFERENCE).why).toContain('1.5 candidates');
    // Half of all need none: as if the first attempt, which all make, were theirs.
    expect(slowestOf(4, 0.5, 0.5)).toBeCloseTo(slowestOf(4, 0.5) - 1, 6);
  });

  test('n t^½ points: the mean of the roots', () => {
    let mean = 0;
    for (let t = 1; t <= 20; t++) mean += Math.round(100 * Math.sqrt(t)) / 2000;
    expect(factor('growth').factor).toBeCloseTo(mean, 12);
  });

  test('what WASM hands over takes 32 times what it takes the reference, and says so', () => {
    const { factor: found, why } = factor('curation');
    expect(found).toBeCloseTo(32 * factor('curation', REFERENCE).factor, 9);
    expect(why).toContain("32 times by the reference's code");
  });

  test('a screen is a block of 12, and a memory a model of 6 for each lane', () => {
    expect(factor('memory').factor).toBeCloseTo((50 + 4 + 12 + 6) / 50, 12);
  });

  test('candidates: 4 of the best of 4, and as many as are rejected', () => {
    expect(factor('curation', REFERENCE).why).toContain('4 candidates;');
    // P(|z| ≤ 2) = .9545.
    expect(factor('truncation', REFERENCE).why).toContain('1.05 candidates');
    // .5 · .9 + .5 · .1 = ½ pass.
    expect(factor('verifier', REFERENCE).why).toContain('2 candidates');
    // E e^(−z²/2) = 1/√2.
    expect(factor('quality-filter', REFERENCE).why).toContain('1.41 candidates');
  });

  // P(most > k) = 1 − (1 − qᵏ)ⁿ, multiplied out and summed: Σ C(n, j) (−1)^(j+1) / (1 − qʲ).
  test.each([0.1, 0.5, 0.9545, 1])('four lanes wait for the slowest, p = %d', (p) => {
    const q = 1 - p;
    const terms = [4, -6, 4, -1].map((count, j) => count / (1 - q ** (j + 1)));
    const exact = terms.reduce((sum, term) => sum + term, 0);
    expect(slowestOf(4, p)).toBeCloseTo(exact, 6);
    expect(slowestOf(1, p)).toBeCloseTo(1 / p, 6);
  });
});

/** The reference's results, and a clock on which a run takes so many seconds a replicate. */
const timed = (seconds: (assembled: boolean) => number): Contender => {
  const engine = createReferenceEngine();
  const contender = engineContender(engine, { name: 'timed', now: () => performance.now() });
  return {
    ...contender,
    run: async (spec, signal) => {
      const outcome = await contender.run(spec, signal);
      const each = seconds(isAssembled(spec)) / spec.generations;
      return { ...outcome, seconds: each * outcome.lineageGenerations };
    },
  };
};

describe('a case beside the plain run', () => {
  const small = (name: string) => {
    const found = caseNamed(name);
    const less = { sampleSize: 10, generations: 2 };
    return {
      ...found,
      spec: { ...found.spec, ...less },
      plain: { ...found.plain!, ...less },
      check: { generation: 2, replicates: 10 },
    };
  };
  const run = (seconds: (assembled: boolean) => number) =>
    runBench({
      contenders: [timed(seconds)],
      missing: [],
      cases: [small('accumulate')],
      curves: [],
      runs: 2,
      targetSeconds: 1,
      full: false,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      about: {
        genloss: '1',
        date: '',
        command: 'genloss bench',
        machine: { cpu: '', cores: 1, memoryBytes: null, system: '', runtime: '', load: null },
      },
    });

  test('has the ratio of neighbouring runs, and what was expected of it', async () => {
    // 1.5 times the points, of 40 + 26 + 10 + 3.75 visits instead of 50.
    const expected = (1.5 * 79.75) / 50;
    const report = await run((assembled) => (assembled ? 0.5 : 0.2));
    const [standing] = report.cases[0]!.standings;
    expect(standing!.beside).toMatchObject({ explained: true, seconds: [1, 1] });
    expect(standing!.beside!.factor).toBeCloseTo(2.5, 12);
    expect(standing!.beside!.expected.factor).toBeCloseTo(expected, 12);
    const text = benchMarkdown(report);
    expect(text).toContain(
      '| `accumulate` | All batches so far | timed | 2.5× | 2.39× | yes | 1.5',
    );
    expect(text).not.toContain('## Targets');
    expect(text).not.toContain('## Cases');
    expect(JSON.parse(JSON.stringify(report)).cases[0].standings).toEqual([standing]);
  });

  // 2.3925 expected: explained from 1.595 to 3.58875.
  test.each([
    [1.57, false],
    [1.62, true],
    [3.55, true],
    [3.62, false],
  ])('a factor of %d where 2.4 is expected: explained %s', async (factor, explained) => {
    const report = await run((assembled) => (assembled ? factor / 10 : 0.1));
    expect(report.cases[0]!.standings[0]!.beside!.explained).toBe(explained);
    const word = explained ? '| yes |' : '| **no** |';
    expect(benchMarkdown(report)).toContain(word);
  });
});
