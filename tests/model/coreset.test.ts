/**
 * Coresets against lists of members, written plainly: what each point stands for, what the whole
 * keeps of the archive, and what a fit to nothing else makes of it.
 */
import { describe, expect, test } from 'vitest';
import { coresetOf } from '../../src/model/assemble/coreset.ts';
import { unframeModel } from '../../src/model/gmm/model.ts';
import { runLineage } from '../../src/model/lineage.ts';
import { naiveBatch, naiveCoreset, naiveLineage } from '../support/naive-lineage.ts';
import { distance, naiveOf, NEAR, settingOf, truthOf } from '../support/setting.ts';

const METHODS = ['uniform', 'kmeans', 'quantile'] as const;
const LINEAGES = [0, 3, 11];

const archived = (method: string, size: number, realFraction = 0.3) => ({
  ...{ realFraction, realSource: 'fixed' },
  coreset: { method, size },
});

const squares = (points: readonly (readonly number[])[], centre: readonly number[]): number =>
  points.reduce((sum, x) => sum + x.reduce((s, value, a) => s + (value - centre[a]!) ** 2, 0), 0);

const cases = METHODS.flatMap((method) =>
  (method === 'quantile' ? [1] : [1, 2, 3]).map((dim) => ({ method, dim })),
);

describe.each(cases)('$method, d = $dim', ({ method, dim }) => {
  const setting = settingOf({
    ...{ seed: 4, truth: truthOf(dim, 2), fit: { components: 1 }, sampleSize: 97 },
    batch: archived(method, 13),
  });
  const { rules, truth } = setting;
  const naive = naiveOf(setting);

  test.each(LINEAGES)('lineage %i', (lineage) => {
    const archive = naiveBatch(naive, null, lineage, 1);
    const expected = naiveCoreset(naive.coreset!, naive.key, archive, lineage);
    const { points, counts } = coresetOf(rules, lineage);
    const unit = 2 ** truth.log2Unit;
    const found = expected.map((_, j) =>
      truth.mean.map((mean, a) => mean + unit * points[j * dim + a]!),
    );
    expected.forEach(({ point, count }, j) => {
      expect(counts[j]).toBeCloseTo(count, 12);
      // Sums of 97 roundings of 1e-16 at values under 10.
      point.forEach((x, a) => expect(found[j]![a]).toBeCloseTo(x, 12));
    });
    expect(counts.reduce((a, b) => a + b, 0)).toBeCloseTo(97, 10);
    const mean = archive[0]!.map((_, a) => archive.reduce((sum, x) => sum + x[a]!, 0) / 97);
    if (method === 'uniform') {
      expect(new Set(found.map((x) => x[0]!.toFixed(9))).size).toBe(13);
      const numbers = archive.map((x) => x[0]!.toFixed(9));
      for (const [x] of found) expect(numbers).toContain(x!.toFixed(9));
      return;
    }
    // The mean stays, and of the squares all but those within what each stands for.
    for (let a = 0; a < dim; a++) {
      const kept = found.reduce((sum, x, j) => sum + counts[j]! * x[a]!, 0) / 97;
      expect(kept).toBeCloseTo(mean[a]!, 12);
    }
    const within = expected.reduce((sum, { members, point }) => sum + squares(members, point), 0);
    const between = found.reduce((sum, x, j) => sum + counts[j]! * squares([x], mean), 0);
    expect(between).toBeCloseTo(squares(archive, mean) - within, 9);
    expect(within).toBeGreaterThan(0);
  });
});

test.each(['kmeans', 'quantile'])('%s: a fit to it alone loses what is within', (method) => {
  const setting = settingOf({
    ...{ seed: 5, truth: truthOf(1, 2), fit: { components: 1 }, sampleSize: 60, generations: 3 },
    batch: archived(method, 7, 1),
  });
  const naive = naiveOf(setting);
  for (const lineage of LINEAGES) {
    const archive = naiveBatch(naive, null, lineage, 1);
    const distilled = naiveCoreset(naive.coreset!, naive.key, archive, lineage);
    const lost = distilled.reduce((sum, { members, point }) => sum + squares(members, point), 0);
    const [first, ...later] = runLineage(setting.rules, lineage, 3).map((model) =>
      unframeModel(model, setting.truth.mean, setting.truth.log2Unit),
    );
    for (const { means, covariances } of later) {
      expect(means[0]![0]).toBeCloseTo(first!.means[0]![0]!, 12);
      expect(covariances[0]![0]).toBeCloseTo(first!.covariances[0]![0]! - lost / 60, 12);
    }
  }
});

test('of n points each is its own, and a bin of one count too many is the later one', () => {
  const whole = (method: string) =>
    coresetOf(
      settingOf({
        ...{ seed: 6, truth: truthOf(1, 1), sampleSize: 20 },
        batch: archived(method, 20),
      }).rules,
      2,
    );
  const [centres, bins] = [whole('kmeans'), whole('quantile')];
  expect(Array.from(bins.counts)).toEqual(Array.from({ length: 20 }, () => 1));
  expect(Array.from(centres.points).sort((a, b) => a - b)).toEqual(Array.from(bins.points));
  const uneven = settingOf({
    ...{ seed: 6, truth: truthOf(1, 1), sampleSize: 20 },
    batch: archived('quantile', 3),
  });
  expect(Array.from(coresetOf(uneven.rules, 2).counts)).toEqual([6, 7, 7]);
});

describe('a lineage is the naive one', () => {
  const fits = [1, 2].flatMap((components) => [
    { components, iterations: 3 },
    { components, iterations: 3, realWeight: 0.6, tailWeight: 0.25 },
    { components, iterations: 3, estimator: 'map', prior: { centre: 'parent', strength: 17 } },
  ]);

  test.each(cases)('$method, d = $dim', ({ method, dim }) => {
    for (const fit of fits) {
      for (const size of [5, 40]) {
        const setting = settingOf({
          ...{ seed: 8, truth: truthOf(dim, fit.components), fit, sampleSize: 61 },
          batch: { ...archived(method, size), samplingBias: 0.9 },
        });
        const expected = naiveLineage(naiveOf(setting), 5, 3);
        runLineage(setting.rules, 5, 3).forEach((model, g) => {
          expect(distance(model, setting.truth, expected[g]!)).toBeLessThan(NEAR);
        });
      }
    }
  });

  test('which starts from centres of its weighted points', () => {
    const fit = { components: 2, init: 'kmeans', iterations: 2 };
    const setting = settingOf({
      ...{ seed: 9, truth: truthOf(2, 3), fit, sampleSize: 61 },
      batch: archived('kmeans', 12),
    });
    const expected = naiveLineage(naiveOf(setting), 1, 3);
    runLineage(setting.rules, 1, 3).forEach((model, g) => {
      expect(distance(model, setting.truth, expected[g]!)).toBeLessThan(NEAR);
    });
  });
});
