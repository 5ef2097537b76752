/** What mechanisms cost in the bench: every field has a case, and factors are arithmetic. */
import { describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { runBench } from '../../src/experiment/bench/bench.ts';
import { engineContender, type Contender } from '../../src/experiment/bench/contender.ts';
import { expectedFactor } from '../../src/experiment/bench/expected.ts';
import { benchMarkdown } from '../../src/experiment/bench/markdown.ts';
import { MECHANISM_CASES } from '../../src/experiment/bench/mechanisms.ts';
import { WASM_LACKS } from '../../src/plan/hand-over.ts';
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
  const factor = (name: string, lacks = [] as typeof WASM_LACKS) =>
    expectedFactor(caseNamed(name).plain!, caseNamed(name).spec, lacks);

  test('what only changes numbers costs nothing', () => {
    const free = ['sampling-bias', 'sharpening', 'detector', 'bernoulli', 'web'];
    for (const name of free) expect(factor(name)).toEqual({ factor: 1, why: 'nothing more to do' });
  });

  test('a pool has the mean of t batches: 10.5 over 20 generations', () => {
    const { factor: found, why } = factor('accumulate');
    expect(found).toBe(10.5);
    expect(why).toContain('10.5 times the points');
  });

  test('n t^½ points: the mean of the roots', () => {
    let mean = 0;
    for (let t = 1; t <= 20; t++) mean += Math.round(100 * Math.sqrt(t)) / 2000;
    expect(factor('growth').factor).toBeCloseTo(mean, 12);
  });

  test('what WASM hands over takes 32 times as long, and says so', () => {
    const { factor: found, why } = factor('curation', WASM_LACKS);
    expect(found).toBeCloseTo(32 * factor('curation').factor, 9);
    expect(why).toContain("32 times by the reference's code");
  });

  test('candidates: 4 of the best of 4, and as many as are rejected', () => {
    expect(factor('curation').why).toContain('4 candidates a point');
    // P(|z| ≤ 2) = .9545.
    expect(factor('truncation').why).toContain('1.05 candidates');
    // .5 · .9 + .5 · .1 = ½ pass.
    expect(factor('verifier').why).toContain('2 candidates');
    // E e^(−z²/2) = 1/√2.
    expect(factor('quality-filter').why).toContain('1.41 candidates');
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
    const report = await run((assembled) => (assembled ? 0.3 : 0.2));
    const [standing] = report.cases[0]!.standings;
    expect(standing!.beside).toMatchObject({ explained: true, seconds: [1, 1] });
    expect(standing!.beside!.factor).toBeCloseTo(1.5, 12);
    expect(standing!.beside!.expected.factor).toBe(1.5);
    const text = benchMarkdown(report);
    expect(text).toContain('| `accumulate` | All batches so far | timed | 1.5× | 1.5× | yes | 1.5');
    expect(text).not.toContain('## Targets');
    expect(text).not.toContain('## Cases');
    expect(JSON.parse(JSON.stringify(report)).cases[0].standings).toEqual([standing]);
  });

  // 1.5 expected: explained from 1 to 2.25.
  test.each([
    [0.98, false],
    [1.02, true],
    [2.2, true],
    [2.3, false],
  ])('a factor of %d where 1.5 is expected: explained %s', async (factor, explained) => {
    const report = await run((assembled) => (assembled ? factor / 10 : 0.1));
    expect(report.cases[0]!.standings[0]!.beside!.explained).toBe(explained);
    const word = explained ? '| yes |' : '| **no** |';
    expect(benchMarkdown(report)).toContain(word);
  });
});
