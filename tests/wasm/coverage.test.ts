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
import { PARAMETERS, parseSpec, readPath, withoutPath, withPath } from '../../src/spec/schema.ts';

const SAMPLE_SIZE = 60;
const BASE = {
  seed: 31,
  truth: { kind: 'blobs', components: 2, separation: 3, weights: [0.3, 0.7] },
  batch: { realFraction: 0.2 },
  fit: { iterations: 4 },
  sampleSize: SAMPLE_SIZE,
  generations: 3,
  replicates: 1,
  statistics: ['varianceRatio'],
};

/** By path: what the base is changed by to try it, values by paths. */
type Change = Readonly<Record<string, unknown>>;

const ONE = { 'fit.components': 1, 'truth.components': 1, 'truth.weights': 'equal' };
/** One component each, and no real point after the first generation. */
const OWN = { ...ONE, 'batch.realFraction': 0 };

/** The real share follows from the web. */
const WEB = { 'batch.realFraction': undefined };

const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  'batch.realFraction': [{ 'batch.realFraction': 0.6 }],
  'batch.realDraw': [{ 'batch.realDraw': 'bernoulli' }],
  'batch.samplingBias': [
    { 'batch.samplingBias': 0.8 },
    { 'batch.samplingBias': 0.8, ...OWN },
    { 'batch.samplingBias': 0.8, ...OWN, closedForm: 'off' },
  ],
  'batch.weightSharpening': [{ 'batch.weightSharpening': 2 }],
  'batch.detector.recall': [{ 'batch.detector.recall': 0.5 }],
  'batch.detector.falsePositiveRate': [{ 'batch.detector.falsePositiveRate': 0.5 }],
  'batch.detector.decay': [{ 'batch.detector.decay': 0.5, 'batch.detector.recall': 0.9 }],
  'batch.watermark.coverage': [{ 'batch.watermark.coverage': 0.5 }],
  'batch.watermark.laundering': [
    { 'batch.watermark.laundering': 0.5, 'batch.watermark.coverage': 0.9 },
  ],
  'batch.provenance.signedShare': [
    { 'batch.provenance.signedShare': 0.5, 'batch.detector.falsePositiveRate': 0.8 },
  ],
  'batch.realSource': [{ 'batch.realSource': 'fixed' }],
  'batch.memory': [{ 'batch.memory': 2 }],
  'batch.truncation': [{ 'batch.truncation': 1.5 }],
  'batch.verifier.keep': [{ 'batch.verifier.keep': 0.6 }],
  'batch.verifier.error': [{ 'batch.verifier.error': 0.2, 'batch.verifier.keep': 0.6 }],
  'batch.curation.candidates': [{ 'batch.curation.candidates': 3 }],
  'batch.qualityFilter': [{ 'batch.qualityFilter': 0.5 }],
  'batch.poison.share': [{ 'batch.poison.share': 0.3, 'batch.poison.mean': [2] }],
  'batch.poison.mean': [{ 'batch.poison.mean': [2], 'batch.poison.share': 0.3 }],
  'batch.poison.scale': [{ 'batch.poison.scale': 3, 'batch.poison.share': 0.3 }],
  'batch.paraphrase.noise': [{ 'batch.paraphrase.noise': 0.4 }],
  'batch.paraphrase.passes': [{ 'batch.paraphrase.passes': 3, 'batch.paraphrase.noise': 0.4 }],
  'batch.web.stock': [{ 'batch.web.stock': 40, ...WEB }],
  'batch.web.published': [{ 'batch.web.published': 300, ...WEB }],
  'batch.web.humanReservoir': [{ 'batch.web.humanReservoir': 70, 'batch.web.stock': 200, ...WEB }],
  'batch.protectedModes': [{ 'batch.protectedModes': [1] }],
  retention: ['accumulate', 'accumulate-subsample'].map((retention) => ({ retention })),
  growth: [{ growth: 0.5 }],
  'fit.components': [{ 'fit.components': 1 }, { 'fit.components': 3 }],
  'fit.covariance': ['diagonal', 'spherical', 'tied'].map((covariance) => ({
    'fit.covariance': covariance,
    'truth.dim': 2,
  })),
  'fit.estimator': [{ 'fit.estimator': 'unbiased', ...ONE }],
  'fit.iterations': [{ 'fit.iterations': 2 }],
  'fit.tolerance': [{ 'fit.tolerance': 0.02 }],
  'fit.init': [{ 'fit.init': 'truth' }, { 'fit.init': 'kmeans', 'truth.separation': 8 }],
  'fit.covarianceFloor': [{ 'fit.covarianceFloor': 0.5 }],
  closedForm: [{ closedForm: 'off', ...OWN }],
};

/** Values that make no other lineage: names of what is the default, and what only sweeps have. */
const SAME: Readonly<Record<string, readonly unknown[]>> = {
  'fit.componentsFromTruth': [true],
  'fit.estimator': ['mle', 'em'],
  closedForm: ['replace'],
};

/** The others are the truth's, sizes of what there is, and what is done with it. */
const TRIED = PARAMETERS.filter(
  ({ path, group }) =>
    ['batch', 'retention', 'fit'].includes(group) || ['closedForm', 'growth'].includes(path),
);

/** What is undefined is left out. */
const changed = (change: Change): Change =>
  Object.entries(change).reduce(
    (raw: Change, [path, value]) =>
      value === undefined ? withoutPath(raw, path) : withPath(raw, path, value),
    BASE,
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
  const specs = requests.map(({ raw }) => parseSpec(raw));
  for (const lack of WASM_LACKS) {
    expect(lack.paths.filter((path) => !PARAMETERS.some((row) => row.path === path))).toEqual([]);
    expect(specs.some((spec) => handOverReasons(spec, [lack]).length > 0)).toBe(true);
  }
});

it('what the base asks for has kernels', () => {
  expect(handOverReasons(parseSpec(BASE), WASM_LACKS)).toEqual([]);
  expect(readPath(parseSpec(BASE), 'retention')).toBe('replace');
});
