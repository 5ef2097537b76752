/** Threads: tasks to whoever has least to do, traps and deaths told, nothing left behind. */
import { afterEach, expect, test } from 'vitest';
import { program } from 'virtual:genloss-wasm-worker';
import { nodeThreads } from '../../src/cli/threads.ts';
import { compileAssembly } from '../../src/engine/wasm/compile.ts';
import type { ReduceTask } from '../../src/engine/wasm/messages.ts';
import { Pool } from '../../src/engine/wasm/pool.ts';
import { CapabilityError, EngineError } from '../../src/errors.ts';
import { chunkMoments } from '../../src/model/reduce/moments.ts';

const host = await nodeThreads();
const moduleOf = async (entry: string) =>
  WebAssembly.compile(await compileAssembly(entry, 'baseline'));
const kernels = await moduleOf('src/engine/wasm/assembly/index.ts');

let pool: Pool | null = null;
afterEach(() => pool?.close());

async function open(threads: number, text = program, module = kernels): Promise<Pool> {
  pool = await Pool.open(host, text, module, threads);
  return pool;
}

/** One row of `count` values, which are their numbers. */
function taskOf(count: number): ReduceTask {
  const stride = Math.ceil(count / 4) * 4;
  return {
    kind: 'reduce',
    parts: [
      {
        first: 0,
        count,
        stride,
        firstGeneration: 0,
        generationCount: 1,
        values: Float32Array.from({ length: stride }, (_, i) => i),
        status: new Uint32Array(stride),
      },
    ],
    count,
    generationCount: 1,
    statisticCount: 1,
    sketch: { pilot: false, sketched: false, edges: null },
  };
}

const meanOf = (count: number): number =>
  chunkMoments(Array.from({ length: count }, (_, i) => i)).mean;

test('tasks come back to whom they belong, from two threads', async () => {
  await open(2);
  expect(pool!.hasRoom).toBe(true);
  const counts = [4096, 3, 100, 5, 1];
  const results = counts.map((count) => pool!.run([taskOf(count)]));
  expect(pool!.hasRoom).toBe(false);
  const found = await Promise.all(results);
  expect(found.map(([result]) => result!.rows!.moments[1])).toEqual(counts.map(meanOf));
  expect(pool!.hasRoom).toBe(true);
});

test('a trap fails its load alone, and the thread goes on with another instance', async () => {
  const trapping = await moduleOf('tests/wasm/assembly/trap.ts');
  await open(1, program, trapping);
  const bad = pool!.run([taskOf(7)]);
  const good = pool!.run([taskOf(8)]);
  await expect(bad).rejects.toBeInstanceOf(EngineError);
  await expect(bad).rejects.toThrow(/^The WASM kernels failed: unreachable\.$/);
  await expect(good).resolves.toMatchObject([{ rows: { moments: expect.any(Float64Array) } }]);
  expect(pool!.alive).toBe(true);
});

test('a task for which there is no memory says how much', async () => {
  const task = taskOf(4);
  const asked = { ...task, generationCount: 2 ** 28 };
  await open(1);
  await expect(pool!.run([asked])).rejects.toThrow(/^The WASM kernels failed: .* MiB more memory/);
  await expect(pool!.run([task])).resolves.toBeDefined();
});

/** A program that starts, and then does not do what it is told. */
const failing = (instead: string): string =>
  `onmessage = ({ data }) => {
    if (data.kind === 'start') postMessage({ kind: 'started' });
    else { ${instead} }
  };`;

test.each([
  ['throws', "throw new Error('out of order.')", /has ended: out of order\.$/],
  ['exits', 'process.exit(3)', /has ended: exit code 3\.$/],
])('a thread that %s fails all tasks, with a sentence', async (_, instead, message) => {
  await open(2, failing(instead));
  const tasks = [4, 5, 6].map((count) => pool!.run([taskOf(count)]));
  for (const task of await Promise.allSettled(tasks)) {
    expect(task).toMatchObject({ status: 'rejected', reason: expect.any(EngineError) });
  }
  await expect(pool!.run([taskOf(4)])).rejects.toThrow(message);
  expect(pool!.alive).toBe(false);
});

test('threads that cannot be started are a lack of the machine', async () => {
  const opening = open(2, "throw new Error('no such thing.')");
  await expect(opening).rejects.toBeInstanceOf(CapabilityError);
  await expect(opening).rejects.toThrow(/none could be started: no such thing\.$/);
});

test('what is closed takes no more tasks, and lets go of those it has', async () => {
  await open(1);
  const task = pool!.run([taskOf(4096)]);
  pool!.close();
  await expect(task).rejects.toThrow('The WASM engine has been closed.');
  await expect(pool!.run([taskOf(4)])).rejects.toBeInstanceOf(EngineError);
});
