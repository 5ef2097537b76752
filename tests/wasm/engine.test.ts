/**
 * What the WASM engine promises beside the contract of all engines: the same bytes on any number of
 * threads and in any cut, frames of the reference's shapes, ends that are told. Both builds.
 */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import { MOMENT_FIELDS, type Engine, type Frame } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { createWasmEngine, type WasmOptions } from '../../src/engine/wasm/engine.ts';
import type { ThreadHost } from '../../src/engine/wasm/threads.ts';
import { CapabilityError, EngineError } from '../../src/errors.ts';
import { CHUNK, type Plan } from '../../src/plan/plan.ts';
import { planRun, type PlanOptions } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';

const host = await nodeThreads();
const never = new AbortController().signal;

const opened: Engine[] = [];
afterEach(() => {
  for (const engine of opened.splice(0)) engine.close();
});

async function open(options: Partial<WasmOptions> = {}): Promise<Engine> {
  const engine = await createWasmEngine({ host, threads: 2, ...options });
  opened.push(engine);
  return engine;
}

/** Two chunks and a rest, two cells of unlike cost. */
const SPEC = {
  seed: 3,
  truth: { kind: 'blobs', components: 2, separation: 3 },
  fit: { iterations: 2 },
  sweep: { sampleSize: [5, 40] },
  generations: 5,
  replicates: 2 * CHUNK + 301,
  statistics: ['meanShiftSquared', 'logVarianceRatio', 'klTruthToModel'],
  nodes: 64,
};
/** Less than a chunk each. */
const SMALL = { ...SPEC, replicates: 150, sweep: { sampleSize: [5, 40, 7] } };
/** No point is drawn from the second generation on. */
const CLOSED = {
  seed: 3,
  truth: { kind: 'blobs', components: 1, dim: 2 },
  sampleSize: 20,
  generations: 40,
  replicates: CHUNK + 10,
  statistics: ['logDetRatio', 'tailMass1'],
  nodes: 64,
};

const planOf = (engine: Engine, raw: object, options: PlanOptions = {}): Plan =>
  planRun(parseSpec(raw), engine.limits, options);

async function framesOf(engine: Engine, plan: Plan, signal = never): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of engine.run(plan, signal)) frames.push(frame);
  return frames;
}

describe.each(['auto', 'off'] as const)('relaxed: %s', (relaxed) => {
  it.each(Object.entries({ SPEC, SMALL, CLOSED }))(
    'the same frames on 1, 2 and 3 threads, %s',
    async (_, raw) => {
      const engines = await Promise.all([1, 2, 3].map((threads) => open({ threads, relaxed })));
      const plan = planOf(engines[0]!, raw);
      const [one, two, three] = await Promise.all(engines.map((engine) => framesOf(engine, plan)));
      expect(two).toEqual(one);
      expect(three).toEqual(one);
      // An engine that knows its pace cuts otherwise than one that does not.
      expect(await framesOf(engines[2]!, plan)).toEqual(one);
    },
  );

  it('frames are as the reference makes them, row by row', async () => {
    const engine = await open({ relaxed });
    const statistics = ['meanShiftSquared', 'logVarianceRatio'];
    const raw = { ...SPEC, replicates: CHUNK + 50, generations: 3, statistics };
    const plan = planOf(engine, raw, { windowGenerations: 2 });
    const mine = await framesOf(engine, plan);
    const theirs = await framesOf(createReferenceEngine(), plan);
    const shapes = (frames: readonly Frame[]) =>
      frames.map(({ batch, firstGeneration, generationCount, ...arrays }) => ({
        ...{ batch, firstGeneration, generationCount },
        ...Object.fromEntries(Object.entries(arrays).map(([name, { length }]) => [name, length])),
      }));
    expect(shapes(mine)).toEqual(shapes(theirs));
    mine.forEach((frame, f) => {
      for (let row = 0; row < frame.moments.length / MOMENT_FIELDS; row++) {
        const [a, b] = [frame, theirs[f]!].map(({ moments }) =>
          moments.subarray(row * MOMENT_FIELDS, (row + 1) * MOMENT_FIELDS),
        );
        expect(a![0]).toBe(b![0]);
        // Means over thousands of lineages, whose standard error they would show if they were other
        // lineages': f32 alone, and a lineage here and there that takes another turn, show less.
        const error = Math.sqrt(b![2]!) / b![0]!;
        expect(Math.abs(a![1]! - b![1]!)).toBeLessThan(0.5 * error);
      }
    });
  });
});

it('both builds are told apart, and the processor is named', async () => {
  const descriptions = await Promise.all(
    (['auto', 'off'] as const).map(
      async (relaxed) => (await open({ relaxed })).adapter.description,
    ),
  );
  const tail = host.processor ? `, ${host.processor}` : '';
  expect(descriptions[0]).toBe(`WASM SIMD (relaxed), 2 threads${tail}`);
  expect(descriptions[1]).toBe(`WASM SIMD, 2 threads${tail}`);
});

it('one lineage of a million points', async () => {
  const engine = await open();
  const raw = { ...SPEC, sampleSize: 1e6, sweep: {}, replicates: 1, generations: 2 };
  const statistics = ['varianceRatio'];
  const frames = await framesOf(engine, planOf(engine, { ...raw, statistics }));
  const means = frames.flatMap(({ moments }) => [...moments].filter((_, i) => i % 6 === 1));
  // s²/σ² of n points has a standard deviation under √(2/n); EM hands it on: six of them.
  means.forEach((mean) => expect(Math.abs(mean - 1)).toBeLessThan(6 * Math.sqrt(2e-6)));
});

describe('a stop', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createWasmEngine({ host, threads: 2 });
    return () => engine.close();
  });

  it('is heard while tasks are in work, and the next run is whole', async () => {
    const plan = planOf(engine, SPEC);
    const whole = await framesOf(engine, plan);
    const controller = new AbortController();
    const stopped = framesOf(engine, plan, controller.signal);
    setTimeout(() => controller.abort(new Error('enough')));
    await expect(stopped).rejects.toThrow('enough');
    expect(await framesOf(engine, plan)).toEqual(whole);
  });

  it('before the beginning starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('not at all'));
    await expect(framesOf(engine, planOf(engine, SMALL), signal)).rejects.toThrow('not at all');
    await expect(engine.trace(planOf(engine, SMALL), 0, 0, signal)).rejects.toThrow('not at all');
  });

  it('by whoever reads the frames is one too', async () => {
    const plan = planOf(engine, SPEC, { windowGenerations: 1 });
    const whole = await framesOf(engine, plan);
    for await (const frame of engine.run(plan, never)) {
      expect(frame).toEqual(whole[0]);
      break;
    }
    expect(await framesOf(engine, plan)).toEqual(whole);
  });

  it('runs and traces side by side do not disturb each other', async () => {
    const plan = planOf(engine, SPEC);
    const [whole, trace] = [await framesOf(engine, plan), await engine.trace(plan, 1, 77, never)];
    const [one, other, third, fourth] = await Promise.all([
      framesOf(engine, plan),
      engine.trace(plan, 1, 77, never),
      framesOf(engine, plan),
      engine.trace(plan, 1, 77, never),
    ]);
    expect([one, third]).toEqual([whole, whole]);
    expect([other, fourth]).toEqual([trace, trace]);
  });
});

/** The first threads of this host die of their first task. */
function frailHost(threadCount: number): ThreadHost {
  const program = `onmessage = ({ data }) => {
    if (data.kind === 'start') postMessage({ kind: 'started' });
    if (data.kind === 'work') process.exit(9);
  };`;
  let started = 0;
  return {
    ...host,
    start: (real, events) => host.start(started++ < threadCount ? program : real, events),
  };
}

it('threads that die fail the run, and the next has others', async () => {
  const engine = await open({ host: frailHost(2) });
  const plan = planOf(engine, SMALL);
  const failed = framesOf(engine, plan);
  await expect(failed).rejects.toBeInstanceOf(EngineError);
  await expect(failed).rejects.toThrow(/^A thread of the WASM engine has ended: exit code 9\.$/);
  const frames = await framesOf(engine, plan);
  expect(frames).toEqual(await framesOf(await open(), plan));
});

it('a closed engine runs nothing', async () => {
  const engine = await open();
  const plan = planOf(engine, SMALL);
  engine.close();
  await expect(framesOf(engine, plan)).rejects.toThrow('The WASM engine has been closed.');
});

it('without SIMD the engine says what is missing', async () => {
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  await expect(open()).rejects.toBeInstanceOf(CapabilityError);
  await expect(open()).rejects.toThrow(/needs WebAssembly with SIMD, and this host has none/);
  validate.mockRestore();
});
