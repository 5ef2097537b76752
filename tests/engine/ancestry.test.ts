/**
 * Copies since a human, lineage by lineage: engines in f32 against the reference wherever a training
 * set may lie, and the same bits however it is cut. Assembled and grouped ones are asked for theirs
 * in assembled.test.ts and grouped.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import type { DataSet } from '../../src/model/truth.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { expectReference, planFor, ringOf, SUBGROUPS, withPoints } from '../support/batch.ts';
import { describeGpu } from '../support/dawn.ts';
import { floatEngines } from '../support/engines.ts';

const rows = Float64Array.from({ length: 50 }, (_, i) => Math.sin(3 * i) + (i % 4 === 0 ? 5 : 0));
const data: DataSet = { name: 'rows.csv', columns: ['x'], rows, rowCount: rows.length };

const chance = { realFraction: 0.3, realDraw: 'bernoulli' };
const pair = (dim: number) => ({ kind: 'blobs', dim, components: 2 });
const single = { kind: 'blobs', components: 1 };
const STATISTICS = ['varianceRatio', 'ancestry'];

const CASES: Readonly<Record<string, object>> = {
  'copies alone, without points': { truth: single },
  'copies alone, by their points': { truth: single, closedForm: 'off' },
  'a schedule': {
    truth: pair(1),
    batch: { realFraction: { from: 0.6, to: 0, until: 4 } },
  },
  'by chance, d = 1': { truth: pair(1), batch: chance },
  'by chance, d = 2, by k-means': {
    truth: pair(2),
    batch: chance,
    fit: { init: 'kmeans', iterations: 3 },
  },
  'by chance, d = 3': {
    truth: pair(3),
    batch: chance,
    fit: { covariance: 'diagonal', iterations: 3 },
  },
  'rows of a data set, by chance': {
    truth: { kind: 'data', file: 'rows.csv', columns: ['x'] },
    fit: { components: 2, iterations: 3 },
    batch: chance,
  },
};
/** Those that a GPU assembles too: assembled.test.ts asks for theirs. */
const ASSEMBLED: Readonly<Record<string, object>> = {
  'a growing pool': { truth: pair(2), batch: chance, retention: 'accumulate', growth: 0.5 },
  'a subsample': { truth: pair(1), batch: chance, retention: 'accumulate-subsample' },
  'an archive, an adversary, cut off': {
    truth: pair(1),
    batch: {
      ...{ ...chance, realSource: 'fixed', truncation: 1 },
      poison: { share: 0.3, mean: [2], scale: 1 },
    },
  },
  'best of two': { truth: pair(1), batch: { ...chance, curation: { candidates: 2 }, memory: 2 } },
  'of the last two models': { truth: pair(1), batch: { ...chance, memory: 2 } },
};
const rawOf = (name: string) => ({
  ...{ seed: 91, sampleSize: 30, generations: 5, replicates: 6, statistics: STATISTICS },
  fit: { iterations: 3 },
  ...{ ...CASES, ...ASSEMBLED }[name],
});

describe.each(floatEngines)('$name', ({ name: engineName, open }) => {
  const cases = engineName === 'wasm' ? { ...CASES, ...ASSEMBLED } : CASES;
  const reference = createReferenceEngine();
  let engine: Engine;
  beforeAll(async () => void (engine = await open()));
  afterAll(() => engine.close());

  test.each(Object.keys(cases))('%s', async (name) => {
    const { signal } = new AbortController();
    const plan = planRun(parseSpec(rawOf(name)), engine.limits, { data });
    for (const lineage of [0, 5]) {
      const mine = await engine.trace(plan, 0, lineage, signal);
      const theirs = await reference.trace(plan, 0, lineage, signal);
      theirs.forEach(({ ancestry }, g) => {
        // Shares of 30 and products of numbers up to g, a few roundings of 2⁻²⁴ each.
        expect(Math.abs(mine[g]!.ancestry - ancestry)).toBeLessThan((g + 1) ** 2 * 2 ** -21);
      });
      expect(theirs.at(-1)!.ancestry).toBeGreaterThan(0);
    }
  });

  test('nobody asks: models are as long as ever', async () => {
    const { signal } = new AbortController();
    const asked = planRun(parseSpec(rawOf('by chance, d = 1')), engine.limits);
    const plain = planRun(
      parseSpec({ ...rawOf('by chance, d = 1'), statistics: ['varianceRatio'] }),
      engine.limits,
    );
    expect(asked.bufferBytes.ring! / plain.bufferBytes.ring!).toBe(13 / 12);
    const counted = await engine.trace(asked, 0, 3, signal);
    const others = await engine.trace(plain, 0, 3, signal);
    expect(others.map(({ ancestry }) => ancestry)).toEqual([0, 0, 0, 0, 0]);
    expect(counted.map((model) => ({ ...model, ancestry: 0 }))).toEqual(others);
  });
});

describeGpu('training sets elsewhere', () => {
  const large = { sampleSize: 300, generations: 3, replicates: 2, fit: { iterations: 2 } };
  const planOf = (more: object) =>
    planFor({ ...rawOf('by chance, d = 1'), ...large, ...more }, SUBGROUPS);
  const redrawn = withPoints(planOf({}), 'redrawn');

  test('points in storage, and drawn again', async () => {
    expect(planOf({}).groups[0]!.mapping!.points).toBe('storage');
    await expectReference(planOf({}));
    await expectReference(redrawn);
  });

  test.each([
    ['in storage', planOf({})],
    ['drawn again', redrawn],
    ['assembled', planOf({ retention: 'accumulate' })],
  ])('the same bits between two passes: %s', async (_, plan) => {
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, { budget: 1 });
    expect(shredded.submits).toBeGreaterThan(whole.submits);
    expect(shredded.words).toEqual(whole.words);
  });
});
