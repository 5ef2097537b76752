/** The cost estimate: exact counts, and time in proportion to work. */
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/engine/engine.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { estimateCost, guessedSpeed, secondsFor } from '../../src/experiment/cost.ts';

const base = { truth: { kind: 'blobs', components: 2 }, generations: 10, replicates: 100 };
const cost = (more: object = {}, engine: EngineName = 'webgpu') =>
  estimateCost(parseSpec({ ...base, ...more }), engine);

describe('cost estimate', () => {
  it('counts cells, lineages and lineage-generations', () => {
    const swept = cost({ sweep: { sampleSize: [10, 100], 'batch.realFraction': [0, 0.5, 1] } });
    expect(swept).toMatchObject({ cells: 6, lineages: 600, lineageGenerations: 6000 });
  });

  it('takes the mean over an axis of what each cell costs', () => {
    const one = (sampleSize: number) => cost({ sampleSize }).work;
    const swept = cost({ sweep: { sampleSize: [10, 100, 1000] } }).work;
    // Sums in another order: a few roundings of 2⁻⁵³.
    expect(swept / (one(10) + one(100) + one(1000))).toBeCloseTo(1, 12);
  });

  it('does not count on every step of an EM that stops by itself', () => {
    const steps = (fit: object) => cost({ fit }).work;
    expect(steps({ iterations: 1000, tolerance: 1e-5 })).toBe(steps({ iterations: 30 }));
    expect(steps({ iterations: 10, tolerance: 1e-5 })).toBe(steps({ iterations: 10 }));
    expect(steps({ iterations: 1000 })).toBeGreaterThan(10 * steps({ iterations: 30 }));
  });

  it('is the product over axes that act as factors', () => {
    const n = [10, 100];
    const iterations = [1, 20];
    const direct = n
      .flatMap((sampleSize) => iterations.map((i) => cost({ sampleSize, fit: { iterations: i } })))
      .reduce((sum, { work }) => sum + work, 0);
    const swept = cost({ sweep: { sampleSize: n, 'fit.iterations': iterations } }).work;
    expect(swept / direct).toBeCloseTo(1, 12);
  });

  it('lets K follow J over an axis of J', () => {
    const one = (components: number) => cost({ truth: { kind: 'blobs', components } }).work;
    const swept = cost({ truth: { kind: 'blobs' }, sweep: { 'truth.components': [2, 4] } }).work;
    expect(swept / (one(2) + one(4))).toBeCloseTo(1, 12);
  });

  it('knows that statistics with nodes cost, and closed forms do not', () => {
    const closed = cost({ statistics: ['varianceRatio'] });
    expect(cost({ statistics: ['meanShiftSquared'] }).work).toBe(closed.work);
    expect(cost({ statistics: ['klTruthToModel'] }).work).toBeGreaterThan(closed.work);
  });

  it('knows that a closed form costs the same for every n, and where it ends', () => {
    const one = { fit: { components: 1 } };
    const sweep = { sampleSize: [10, 1000] };
    expect(cost({ ...one, truth: { kind: 'blobs', components: 1 }, sampleSize: 10 }).work).toBe(
      cost({ ...one, truth: { kind: 'blobs', components: 1 }, sampleSize: 1e6 }).work,
    );
    // The first of ten generations is drawn from two blobs.
    const work = (closedForm: string, more = {}) =>
      cost({ ...one, sweep, closedForm, ...more }).work;
    expect(work('replace') / work('off')).toBeGreaterThan(0.1);
    expect(work('replace') / work('off')).toBeLessThan(0.2);
    // Swept past what it can: a cell of n = 1000 is not taken for one without points.
    for (const [path, values] of [
      ['batch.realFraction', [0, 0.5]],
      ['fit.covarianceFloor', [0, 1]],
      ['fit.components', [1, 2]],
    ] as const) {
      const swept = { sweep: { ...sweep, [path]: values } };
      // Half of the cells, of which those without points cost next to nothing.
      expect(work('replace', swept) / work('off', swept)).toBeGreaterThan(0.45);
      expect(work('replace', swept)).toBeLessThan(work('off', swept));
    }
    const alone = { sweep: { ...sweep, 'fit.components': [1] }, fit: {} };
    expect(work('replace', alone)).toBe(work('replace'));
  });

  it('prices each cell by its own path, whatever the spec says that is swept', () => {
    const work = (more: object) => cost({ ...more }, 'wasm').work;
    // Tail weights have no kernels on WASM.
    const plain = { sampleSize: 1000 };
    const weighted = { ...plain, fit: { tailWeight: 1 } };
    const both = { ...weighted, sweep: { 'fit.tailWeight': [0, 1] } };
    expect(work(weighted) / work(plain)).toBeGreaterThan(30);
    expect(work(both) / (work(plain) + work(weighted))).toBeCloseTo(1, 12);
    expect(work({ ...weighted, sweep: { 'fit.tailWeight': [0] } })).toBe(work(plain));
    expect(cost(weighted).work / cost(plain).work).toBeLessThan(2);
  });

  it('looks at many cells as evenly as at all of them', () => {
    const sampleSize = { from: 10, to: 1000, steps: 20, scale: 'linear' };
    const fit = (tailWeight: number) => cost({ sampleSize: 505, fit: { tailWeight } }, 'wasm').work;
    const axis = { from: 0, to: 0.7, steps: 8, scale: 'linear' };
    const swept = cost({ sweep: { sampleSize, 'fit.tailWeight': axis } }, 'wasm').work / 160;
    const mean = (fit(0) + 7 * fit(0.1)) / 8;
    // 128 of 160 cells, on axes whose values count alike: some hundredths.
    expect(Math.abs(swept / mean - 1)).toBeLessThan(0.05);
  });

  it('needs no longer for a million cells than for one', () => {
    const axis = { from: 0, to: 1, steps: 256, scale: 'linear' };
    const sweep = { 'batch.realFraction': axis, 'fit.covarianceFloor': axis };
    const spec = parseSpec({ ...base, sweep, replicates: 1 });
    const began = performance.now();
    expect(estimateCost(spec, 'wasm').cells).toBe(65_536);
    // 128 evaluations take well under a millisecond each; all combinations would take seconds.
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('guesses that threads add up, and engines differ', () => {
    expect(guessedSpeed('wasm', 8)).toBe(8 * guessedSpeed('wasm', 1));
    expect(guessedSpeed('webgpu', 8)).toBe(guessedSpeed('webgpu', 2));
    const each = (['webgpu', 'wasm', 'reference'] as const).map((name) => guessedSpeed(name, 4));
    expect([...each].sort((a, b) => b - a)).toEqual(each);
  });

  it('turns work into seconds', () => {
    expect(secondsFor({ ...cost(), work: 3e7 }, 1.5e7)).toBe(2);
  });
});
