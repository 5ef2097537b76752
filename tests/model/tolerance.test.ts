/** EM that stops by tolerance: where the textbook's stops, and at no other step. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ancestor, nextModel, runLineage } from '../../src/model/lineage.ts';
import type { Rules } from '../../src/model/rules.ts';
import { STATUS_BITS } from '../../src/model/status.ts';
import { naiveBatch, naiveLineage, naiveStart } from '../support/naive-lineage.ts';
import { distance, naiveOf, NEAR, settingOf, truthOf } from '../support/setting.ts';
import { textbookFit, textbookLikelihood } from '../support/textbook-em.ts';

const { unconverged } = STATUS_BITS;
const LINEAGE = 4;

const firstModel = (rules: Rules) => nextModel(rules, [ancestor(rules)], LINEAGE, 1);

/** After so many steps, whatever the likelihood does. */
const stepsOf = (rules: Rules, iterations: number) =>
  firstModel({ ...rules, tolerance: 0, iterations });

describe('EM stops where the textbook’s does', () => {
  const cases = [1, 2, 3].flatMap((dim) =>
    [2, 3].flatMap((count) =>
      ['parent', 'kmeans'].flatMap((init) =>
        [1e-2, 1e-3, 1e-5].map((tolerance) => ({ dim, count, init, tolerance })),
      ),
    ),
  );

  test.each(cases)('d = $dim, K = $count, $init, δ = $tolerance', (one) => {
    const { dim, count, init, tolerance } = one;
    const fit = { components: count, init, tolerance, iterations: 1000 };
    const setting = settingOf({ truth: truthOf(dim, count), fit, sampleSize: 80, seed: 5 });
    const { rules, truth } = setting;
    const naive = { ...naiveOf(setting), start: init as 'parent' | 'kmeans' };
    const points = naiveBatch(naive, null, LINEAGE, 1);
    const alike = points.map(() => 1);
    const start = naiveStart(naive, points, alike, null, LINEAGE, 1);
    const expected = textbookFit(start, points, { ...naive, weights: alike });
    const { steps } = expected;
    expect(expected.converged).toBe(true);
    expect(steps).toBeGreaterThan(1);

    const model = firstModel(rules);
    expect(distance(model, truth, expected.model)).toBeLessThan(NEAR);
    expect(model).toEqual(stepsOf(rules, steps));
    expect(model).not.toEqual(stepsOf(rules, steps + 1));
    // Enough steps are no more than enough; one less, and the bit says that they ran out.
    expect(firstModel({ ...rules, iterations: steps })).toEqual(model);
    const short = firstModel({ ...rules, iterations: steps - 1 });
    const fixed = stepsOf(rules, steps - 1);
    expect(short).toEqual({ ...fixed, status: fixed.status | unconverged });
  });

  test('also where a floor makes the likelihood fall', () => {
    const fit = { components: 2, tolerance: 1e-4, iterations: 1000, covarianceFloor: 4 };
    const setting = settingOf({ truth: truthOf(1, 2), fit, sampleSize: 80, seed: 5 });
    const naive = naiveOf(setting);
    const points = naiveBatch(naive, null, LINEAGE, 1);
    const { steps } = textbookFit(naive.truth, points, naive);
    const after = (iterations: number) =>
      textbookLikelihood(
        textbookFit(naive.truth, points, { ...naive, iterations, tolerance: 0 }).model,
        points,
      );
    expect(after(1)).toBeLessThan(textbookLikelihood(naive.truth, points));
    expect(steps).toBeGreaterThan(2);
    expect(firstModel(setting.rules)).toEqual(stepsOf(setting.rules, steps));
  });

  test.each([1, 2])('for a whole lineage, d = %i', (dim) => {
    const fit = { components: 2, tolerance: 1e-3, iterations: 500, covarianceFloor: 0.01 };
    const batch = { realFraction: 0.3 };
    const setting = settingOf({ truth: truthOf(dim, 2), fit, batch, sampleSize: 60, seed: 6 });
    const expected = naiveLineage(naiveOf(setting), LINEAGE, 4);
    runLineage(setting.rules, LINEAGE, 4).forEach((model, g) => {
      expect(distance(model, setting.truth, expected[g]!)).toBeLessThan(NEAR);
      expect(model.status).toBe(0);
    });
  });
});

describe('steps that run out', () => {
  const truth = truthOf(1, 2);
  const fitted = (fit: object) => settingOf({ truth, fit: { components: 2, ...fit } }).rules;

  test('set the bit for the rest of the lineage', () => {
    const rules = fitted({ tolerance: 1e-3, iterations: 1000 });
    const first = firstModel({ ...rules, iterations: 2 });
    expect(first.status).toBe(unconverged);
    expect(nextModel(rules, [first], LINEAGE, 2).status).toBe(unconverged);
  });

  test('are all there is without a tolerance, and no bit is set', () => {
    for (const iterations of [1, 2, 20]) {
      expect(firstModel(fitted({ iterations })).status).toBe(0);
    }
  });

  test('are taken under a tolerance that nothing meets', () => {
    const rules = fitted({ tolerance: 1e-300, iterations: 7 });
    expect(firstModel(rules)).toEqual({ ...stepsOf(rules, 7), status: unconverged });
  });

  test('cannot be met by a single step, which has nothing to compare with', () => {
    const rules = fitted({ tolerance: 1, iterations: 1 });
    expect(firstModel(rules)).toEqual({ ...stepsOf(rules, 1), status: unconverged });
  });
});

test('a tolerance over every change stops after two steps', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 2, max: 5 }),
      fc.constantFrom('parent', 'kmeans'),
      fc.integer({ min: 2, max: 1000 }),
      (seed, dim, components, init, iterations) => {
        const fit = { components, init, iterations };
        const { rules } = settingOf({ truth: truthOf(dim, 3), fit, seed, sampleSize: 40 });
        expect(firstModel({ ...rules, tolerance: 1e300 })).toEqual(stepsOf(rules, 2));
      },
    ),
    { numRuns: 100, seed: 34 },
  );
});

test.each(['mle', 'unbiased', 'em'])('K = 1 by %s has no steps to stop', (estimator) => {
  for (const closedForm of ['replace', 'off']) {
    const run = (tolerance: number) => {
      const fit = { components: 1, estimator, tolerance, iterations: 1 };
      return runLineage(settingOf({ truth: truthOf(2, 2), fit, closedForm }).rules, LINEAGE, 3);
    };
    expect(run(1e-3)).toEqual(run(0));
  }
});
