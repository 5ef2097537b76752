/** Segments of an archive: what points of the first batch a batch has, and how often. */
import { describe, expect, test } from 'vitest';
import { archiveEnds, segmentsOf } from '../../src/model/assemble/archive.ts';
import { runLineage } from '../../src/model/lineage.ts';
import { cellRules, rulesAt, type Rules } from '../../src/model/rules.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { truthOf } from '../support/setting.ts';

const GENERATIONS = 12;

const rulesOf = (raw: object): Rules => {
  const archive = { truth: truthOf(1, 1), generations: GENERATIONS, closedForm: 'counts', ...raw };
  const spec = parseSpec(archive);
  return cellRules(spec, resolveTruth(spec.truth, null), 0);
};

const fixed = (realFraction: unknown) => ({ realSource: 'fixed', realFraction });

const CASES: Readonly<Record<string, object>> = {
  'of one size': { sampleSize: 20, batch: fixed(0.25) },
  'that is all there was': { sampleSize: 20, batch: fixed(1) },
  'that comes late': { sampleSize: 20, batch: fixed({ at: [[1, 0], [5, 0.3]] }) }, // prettier-ignore
  'that comes and goes': {
    sampleSize: 20,
    batch: fixed({ at: [[1, 0.9], [2, 0.3], [4, 0], [7, 0.5], [9, 0.3]] }), // prettier-ignore
  },
  'of which there is less and less': {
    sampleSize: 30,
    batch: fixed({ from: 1, to: 0.1, until: 8 }),
  },
  'of batches that grow past it': { sampleSize: 7, growth: 1, batch: fixed(0.6) },
  'behind a detector that is overtaken': {
    sampleSize: 25,
    batch: { ...fixed(0.2), detector: { recall: 0.9, decay: 0.3 } },
  },
  'of a web': { sampleSize: 40, batch: { realSource: 'fixed', web: { stock: 50, published: 30 } } },
};

describe.each(Object.entries(CASES))('an archive %s', (_, raw) => {
  const rules = rulesOf(raw);
  const whole = rules.phases[0]!.sampleSize;

  test('has the points in its segments that place i mod n₁ has, so often', () => {
    for (let t = 2; t <= GENERATIONS; t++) {
      const now = rulesAt(rules, t);
      const times = new Array<number>(whole).fill(0);
      for (let i = 0; i < now.quota; i++) times[i % whole]!++;
      const found = new Array<number>(whole).fill(0);
      for (const segment of segmentsOf(now, t, now.quota)) {
        const start = rules.archive[segment.index]! - segment.points;
        found.fill(segment.times, start, start + segment.points);
      }
      expect(found).toEqual(times);
    }
  });

  test('is in the first batch once, all of it, in no more segments than there are phases', () => {
    const first = segmentsOf(rules, 1, rules.quota);
    expect(first.map(({ index }) => index)).toEqual(rules.archive.map((_, s) => s));
    expect(first.every(({ times }) => times === 1)).toBe(true);
    const points = first.reduce((sum, segment) => sum + segment.points, 0);
    expect(points).toBe(rules.archive.at(-1));
    expect(points).toBeLessThanOrEqual(whole);
    expect(rules.archive.length).toBeLessThanOrEqual(rules.phases.length);
  });
});

test('a quota of the first generation is nobody’s', () => {
  const { phases } = rulesOf({ batch: fixed({ at: [[1, 0.8], [2, 0.4], [5, 0.2]] }) }); // prettier-ignore
  expect(archiveEnds(phases)).toEqual([20, 40]);
});

test('what comes again is what there was', () => {
  // Alone in its batches an archive is fitted to again and again: the first 5 of 10 points, all of
  // them, and all of them twice.
  const raw = { sampleSize: 10, generations: 4, growth: 1, truth: truthOf(3, 2) };
  const rules = rulesOf({ ...raw, batch: fixed(0.5), fit: { components: 1 } });
  const alone = (quota: number) => ({ sampleSize: quota, quota });
  const phases = rules.phases.map((phase, p) => ({ ...phase, ...alone([10, 5, 10, 20][p]!) }));
  const models = runLineage(
    { ...rules, ...phases[0]!, phases, archive: archiveEnds(phases) },
    0,
    4,
  );
  const [all, half, again, twice] = models.map((model) => ({
    mean: [...model.means].map((x, a) => model.origin[a]! + x * 2 ** model.scale),
    width: [...model.factors].map((x) => x * 2 ** (model.scale + model.exponents[0]!)),
  }));
  const near = (found: typeof all, expected: typeof all) =>
    (['mean', 'width'] as const).forEach((name) =>
      found![name].forEach((x, e) => expect(x).toBeCloseTo(expected![name][e]!, 12)),
    );
  near(again, all);
  near(twice, all);
  expect(half!.mean[0]).not.toBeCloseTo(all!.mean[0]!, 3);
});
