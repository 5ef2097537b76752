/** Copies since a human: the law by numbers known beforehand, and lineages point by point. */
import { describe, expect, test } from 'vitest';
import { batchOf, batchPoint } from '../../src/model/assemble/batch.ts';
import { trainingSet } from '../../src/model/assemble/training-set.ts';
import { runLineage } from '../../src/model/lineage.ts';
import { trainingSize } from '../../src/model/rules.ts';
import { lawsFor } from '../../src/model/theory/laws.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { settingOf } from '../support/setting.ts';

const gaussian = { kind: 'blobs', dim: 1, components: 1 };
const modes = { kind: 'blobs', components: 2, separation: 6, weights: [0.25, 0.75] };

function lawOf(raw: Record<string, unknown>) {
  const spec = parseSpec({ truth: gaussian, ...raw });
  const laws = lawsFor(spec, resolveTruth(spec.truth, null));
  return laws.find(({ statistic }) => statistic === 'ancestry');
}
const at = (raw: Record<string, unknown>, t: number): number => lawOf(raw)!.at(t);

describe('the law', () => {
  test('replaced batches of copies: t − 1, without chance', () => {
    expect([0, 1, 2, 50].map((t) => at({}, t))).toEqual([0, 0, 1, 49]);
    expect(lawOf({})!.standardError(50, 1)).toBe(0);
    expect(lawOf({})!.formula).toBe('t − 1');
  });

  test.each(['accumulate', 'accumulate-subsample'])('%s: H_t − 1', (retention) => {
    // 1/2 + … + 1/100, by mpmath: harmonic(100) = 5.18737751763962.
    expect(at({ retention, generations: 100 }, 100)).toBeCloseTo(4.18737751763962, 12);
    expect(lawOf({ retention })!.formula).toBe('H_t − 1, H_t = 1 + ½ + … + 1/t');
  });

  test('fresh points: f/(1 − f) in the end', () => {
    const share = { realFraction: 0.25 };
    const batch = { ...share, realDraw: 'bernoulli' };
    expect(at({ batch: share, sampleSize: 40 }, 300)).toBeCloseTo(3, 12);
    expect(lawOf({ batch: share, sampleSize: 40 })!.standardError(300, 1)).toBe(0);
    expect(at({ batch, sampleSize: 40 }, 300)).toBeCloseTo(3, 12);
    // V = (f² + v) V + v (1 + A)², v = f(1−f)/n.
    const v = 0.1875 / 40;
    const variance = (v * 16) / (1 - 0.5625 - v);
    const law = lawOf({ batch, sampleSize: 40 })!;
    expect(law.standardError(300, 1)! ** 2).toBeCloseTo(variance, 12);
    expect(law.testableUntil(10)).toBe(Infinity);
  });

  test('memory of all: as if from a pool of models', () => {
    // A_t = 1 + mean of A_1 … A_{t−1}: harmonic too.
    const raw = { batch: { memory: 50 }, generations: 20 };
    expect(at(raw, 20)).toBeCloseTo(
      [...Array(19).keys()].reduce((h, k) => h + 1 / (k + 1), 0),
      12,
    );
    expect(lawOf(raw)!.standardError(20, 1)).toBeNull();
  });

  test('an adversary and protected modes take their share of copies', () => {
    const poison = { share: 0.2, mean: [3], scale: 1 };
    expect(at({ batch: { poison } }, 300)).toBeCloseTo(0.8 / 0.2, 12);
    const input = { truth: modes, batch: { protectedModes: [1] } };
    expect(at(input, 300)).toBeCloseTo(0.75 / 0.25, 12);
  });

  test('a growing pool: means of batches, by their sizes', () => {
    const raw = { retention: 'accumulate', growth: 1, sampleSize: 10, generations: 3 };
    // 10 points of 0; 20 of 1; 30 of 1 + 20/30.
    expect(at(raw, 2)).toBeCloseTo(20 / 30, 14);
    expect(at(raw, 3)).toBeCloseTo((20 + 30 * (1 + 20 / 30)) / 60, 14);
  });

  test('looks that change how many are copies, or of which model, leave none', () => {
    const filter = { qualityFilter: 0.5, realFraction: 0.3 };
    expect(lawOf({ batch: { ...filter, realDraw: 'bernoulli' } })).toBeUndefined();
    expect(lawOf({ batch: filter })).toBeDefined();
    expect(lawOf({ batch: { memory: 2, curation: { candidates: 2 } } })).toBeUndefined();
    expect(lawOf({ batch: { curation: { candidates: 2 } } })).toBeDefined();
  });
});

/** Every point of every training set, made again and asked for its number when it was made. */
describe('a lineage, point by point', () => {
  const base = { truth: modes, fit: { iterations: 2 }, sampleSize: 12, generations: 6 };
  const real = { realFraction: 0.3, realDraw: 'bernoulli' };
  test.each<[string, Record<string, unknown>]>([
    ['a pool', { retention: 'accumulate', batch: real }],
    ['a subsample', { retention: 'accumulate-subsample', batch: real }],
    ['memory, of the best of two', { batch: { ...real, memory: 3, curation: { candidates: 2 } } }],
    ['an archive', { batch: { ...real, realSource: 'fixed' } }],
    ['poison', { batch: { ...real, poison: { share: 0.3, mean: [9], scale: 0.1 } } }],
    ['protected modes', { batch: { ...real, protectedModes: [1] } }],
    ['a filter', { batch: { ...real, qualityFilter: 0.7 } }],
  ])('%s', (_, raw) => {
    const { rules } = settingOf({ ...base, ...raw });
    const models = runLineage(rules, 5, 6);
    const frame = { origin: new Float64Array(1), originLow: new Float64Array(1), scale: 0 };
    /** By generation and index, as first made. */
    const numbers = new Map<string, number>();
    for (let t = 1; t <= 6; t++) {
      const past = models.slice(0, t - 1);
      const batch = batchOf(rules, past, 5, t);
      for (let i = 0; i < 12; i++) {
        batchPoint(batch, i, frame, new Float64Array(1));
        if (batch.real) expect(batch.ancestry).toBe(0);
        numbers.set(`${t} ${i}`, batch.ancestry);
      }
      const entry = trainingSet(rules, 5, t);
      let sum = 0;
      for (let e = 0; e < trainingSize(rules, t); e++) {
        const { generation, index } = entry(e);
        sum += numbers.get(`${generation} ${index}`)!;
      }
      // Sums of a few dozen numbers under 6, in f64.
      expect(models[t - 1]!.ancestry).toBeCloseTo(sum / trainingSize(rules, t), 12);
    }
    // Copies of copies, and other points among them.
    const last = models[5]!.ancestry;
    expect(last).toBeGreaterThan(0.3);
    expect(last).toBeLessThan(5);
  });

  test('what points weigh is nobody’s business', () => {
    const weighed = { realWeight: 0.9, tailWeight: 0.2 };
    const of = (fit: object) => {
      const { rules } = settingOf({ ...base, batch: real, fit: { iterations: 2, ...fit } });
      return runLineage(rules, 1, 6).map(({ ancestry }) => ancestry);
    };
    expect(of(weighed)).toEqual(of({}));
  });
});
