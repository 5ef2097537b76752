/**
 * Whatever a spec may ask of lineages, the WASM engine does: by its kernels, or by the reference's
 * code, for which it needs a row in WASM_LACKS (src/plan/hand-over.ts). Every path of the batch, of
 * retention and of the fit has to be tried here, every choice, and every schedule.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import { unframeModel } from '../../src/model/gmm/model.ts';
import type { Mixture } from '../../src/model/mixture.ts';
import { handOverReasons, WASM_LACKS } from '../../src/plan/hand-over.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { PARAMETERS, parseSpec, readPath, withoutPath } from '../../src/spec/schema.ts';
import { BASE, changed, CHANGES, SAMPLE_SIZE } from '../support/mechanisms.ts';

/** Values that make no other lineage: names of what is the default, and what only sweeps have. */
const SAME: Readonly<Record<string, readonly unknown[]>> = {
  'fit.componentsFromTruth': [true],
  // map is nothing without its prior, which is tried.
  'fit.estimator': ['mle', 'em', 'map'],
  closedForm: ['cheaper', 'cheapest', 'replace'],
};

/** The others are the truth's, sizes of what there is, and what is done with it. */
const TRIED = PARAMETERS.filter(
  ({ path, group }) =>
    ['batch', 'sampler', 'screening', 'retention', 'fit'].includes(group) ||
    ['closedForm', 'growth'].includes(path),
);

describe('every path is tried', () => {
  it.each(TRIED)('$path', ({ path, choices, default: usual }) => {
    const values = (CHANGES[path] ?? []).map((change) => change[path]);
    expect(values).not.toContain(undefined);
    const same = SAME[path] ?? [];
    if (choices) {
      const others = choices.map(({ value }) => value).filter((value) => value !== usual);
      expect([...new Set([...values, ...same])].sort()).toEqual(others.sort());
    } else {
      expect(values.length + same.length).toBeGreaterThan(0);
    }
  });
});

const requests = TRIED.flatMap(({ path, schedule, default: usual }) =>
  (CHANGES[path] ?? []).flatMap((change) => {
    const later = {
      at: [
        [1, usual],
        [3, change[path]],
      ],
    };
    const all = schedule ? [change, { ...change, [path]: later }] : [change];
    return all.map((one) => ({ path, name: JSON.stringify(one), raw: changed(one) }));
  }),
);

const never = new AbortController().signal;

async function lineage(engine: Engine, raw: object) {
  const plan = planRun(parseSpec(raw), engine.limits);
  const { truth } = plan.cells[0]!;
  const models = await engine.trace(plan, 0, 0, never);
  return {
    sd: 2 ** truth.log2Unit,
    models: models.map((model) => unframeModel(model, truth.mean, truth.log2Unit)),
  };
}

const largest = (x: readonly number[], y: readonly number[]) =>
  Math.max(...x.map((value, i) => Math.abs(value - y[i]!)));

/** In units of the truth's sd; a covariance errs twice as much as a mean. */
const distance = (a: Mixture, b: Mixture, sd: number): number =>
  Math.max(
    largest(a.weights, b.weights),
    largest(a.means.flat(), b.means.flat()) / sd,
    largest(a.covariances.flat(), b.covariances.flat()) / sd ** 2 / 2,
  );

describe('is one lineage on WASM and the reference', () => {
  const reference = createReferenceEngine();
  let wasm: Engine;
  beforeAll(async () => {
    wasm = await createWasmEngine({ host: await nodeThreads(), threads: 1 });
  });
  afterAll(() => wasm.close());

  // A sum of n products errs like a walk of n + 2 roundings of 2⁻²⁴, relative to the sum of their
  // sizes, and twice in a fit; EM and draws hand errors on, so that generations add up.
  const step = 2 * Math.sqrt(SAMPLE_SIZE + 2) * 2 ** -24;

  it.each(requests)('$name', async ({ path, raw }) => {
    const [mine, theirs] = [await lineage(wasm, raw), await lineage(reference, raw)];
    const { sd } = theirs;
    mine.models.forEach((model, g) => {
      expect(distance(model, theirs.models[g]!, sd)).toBeLessThan((g + 1) * step);
    });
    // Which would not be so if it were left out.
    const last = theirs.models.at(-1)!;
    const without = (await lineage(reference, withoutPath(raw, path))).models.at(-1)!;
    if (without.weights.length !== last.weights.length) return;
    expect(distance(without, last, sd)).toBeGreaterThan(100 * step);
  });
});

it('no row is without a cause', () => {
  const wide = { truth: { kind: 'blobs', dim: 9, components: 1 } };
  const specs = [...requests.map(({ raw }) => raw), wide].map((raw) => parseSpec(raw));
  for (const lack of WASM_LACKS) {
    expect(lack.paths.filter((path) => !PARAMETERS.some((row) => row.path === path))).toEqual([]);
    expect(specs.some((spec) => handOverReasons(spec, [lack]).length > 0)).toBe(true);
  }
});

it('what the base asks for has kernels', () => {
  expect(handOverReasons(parseSpec(BASE), WASM_LACKS)).toEqual([]);
  expect(readPath(parseSpec(BASE), 'retention')).toBe('replace');
});
