import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  accumulate,
  BLOCK,
  createComponents,
  createPrecision,
  createSums,
  fold,
  maximise,
  prepare,
  responsibilities,
  type Components,
  type Covariance,
  type MaximiseRules,
} from '../../src/model/gmm/em.ts';
import { lloydPass, nearestCentre, SETTLED } from '../../src/model/gmm/kmeans.ts';
import { toComponents, toMixture } from '../support/components.ts';
import { rowsOf, scene } from '../support/scene.ts';
import {
  sampleMoments,
  textbookShares,
  textbookStep,
  unpack,
  type Matrix,
  type TextbookMixture,
} from '../support/textbook-em.ts';

/** One E- and M-step of the module under test, in place; mean log-likelihood before it. */
function emStep(components: Components, points: Matrix, rules: MaximiseRules, widthFloor = 1e-9) {
  const { dim, count } = components;
  const flat = Float64Array.from(points.flat());
  const precision = createPrecision(dim, count);
  const [total, block] = [createSums(dim, count), createSums(dim, count)];
  const r = new Float64Array(count);
  let likelihood = 0;
  prepare(components, widthFloor, precision);
  points.forEach((_, i) => {
    likelihood += responsibilities(components, precision, flat, i, 1, r, true);
    accumulate(components, flat, i, 1, r, block);
    if (i % BLOCK === BLOCK - 1) fold(total, block);
  });
  fold(total, block);
  maximise(components, total, rules);
  return likelihood / points.length;
}

const rulesOf = (points: Matrix, covariance: Covariance, floor = 0, bessel = 1): MaximiseRules => ({
  sampleSize: points.length,
  covariance,
  bessel,
  floor,
  rank: points[0]!.length,
});

function expectClose(found: TextbookMixture, expected: TextbookMixture, tolerance: number) {
  const flat = ({ weights, means, covariances }: TextbookMixture) => [
    ...weights,
    ...means.flat(),
    ...covariances.flat(2),
  ];
  const values = flat(found);
  const errors = flat(expected).map((x, i) => Math.abs(values[i]! - x) / Math.max(1, Math.abs(x)));
  expect(Math.max(...errors)).toBeLessThan(tolerance);
}

interface Packed {
  readonly weights: number[];
  readonly means: number[][];
  readonly covariances: number[][];
}
interface Oracle {
  readonly steps: number;
  readonly tolerance: number;
  readonly sets: readonly {
    readonly points: number[][];
    readonly start: Packed;
    readonly fits: readonly (Fit & { stopped?: { steps: number; expected: Packed } })[];
    readonly lloyd: { readonly centres: number[][]; readonly fits: readonly Fit[] };
  }[];
}
interface Fit {
  readonly covariance: Covariance;
  readonly floor: number;
  readonly expected: Packed;
}

describe('against NumPy and scikit-learn', () => {
  // tests/oracle/em.py.
  const file = new URL('../oracle/em.json', import.meta.url);
  const oracle = JSON.parse(readFileSync(file, 'utf8')) as Oracle;
  const full = ({ weights, means, covariances }: Packed): TextbookMixture => ({
    weights,
    means,
    covariances: covariances.map((packed) => unpack(packed, means[0]!.length)),
  });
  const firstOf = ({ covariances }: Packed) => covariances.map(() => covariances[0]!);
  const cases = oracle.sets.flatMap(({ points, start, fits }) =>
    fits.map(({ covariance, floor, expected, stopped }) => ({
      dim: points[0]!.length,
      count: start.weights.length,
      covariance,
      floor,
      points,
      // Tied covariances start as one.
      start: covariance === 'tied' ? { ...start, covariances: firstOf(start) } : start,
      expected,
      stopped,
    })),
  );

  test.each(cases)(
    'd = $dim, K = $count, $covariance, floor $floor',
    ({ covariance, floor, points, start, expected }) => {
      const components = toComponents(full(start));
      for (let step = 0; step < oracle.steps; step++) {
        emStep(components, points, rulesOf(points, covariance, floor));
      }
      // A step of EM amplifies a rounding by less than 10 on such data; seven steps of 1e-16.
      expectClose(toMixture(components), full(expected), 1e-9);
    },
  );

  const stops = cases.filter(({ stopped }) => stopped !== undefined);
  test.each(stops)(
    'stops after as many steps: d = $dim, K = $count, $covariance',
    ({ covariance, floor, points, start, stopped }) => {
      const components = toComponents(full(start));
      let last = -Infinity;
      let steps = 0;
      for (let change = Infinity; Math.abs(change) >= oracle.tolerance; steps++) {
        const likelihood = emStep(components, points, rulesOf(points, covariance, floor));
        [change, last] = [likelihood - last, likelihood];
      }
      expect(steps).toBe(stopped!.steps);
      // Tens of steps, most of which pull roundings in.
      expectClose(toMixture(components), full(stopped!.expected), 1e-9);
    },
  );

  test.each(oracle.sets)('Lloyd, and the M-step of labels', ({ points, start, lloyd }) => {
    const [dim, count] = [points[0]!.length, start.weights.length];
    const flat = Float64Array.from(points.flat());
    const centres = flat.slice(0, count * dim);
    while (lloydPass(centres, flat, dim));
    // Sums of some forty numbers under 10, and centres that would move by 2⁻²⁰ stay.
    lloyd.centres.flat().forEach((x, e) => {
      expect(Math.abs(centres[e]! - x)).toBeLessThan(2 * SETTLED);
    });
    for (const { covariance, floor, expected } of lloyd.fits) {
      const components = { ...createComponents(dim, count), means: centres.slice() };
      const sums = createSums(dim, count);
      const shares = new Float64Array(count);
      points.forEach((_, i) => {
        shares.fill(0);
        shares[nearestCentre(centres, count, flat, i * dim, dim)] = 1;
        accumulate(components, flat, i, 1, shares, sums);
      });
      maximise(components, sums, rulesOf(points, covariance, floor));
      expectClose(toMixture(components), full(expected), 1e-9);
    }
  });
});

/** A random mixture with points around it. */
function sceneOf(seed: number, dim: number, count: number, pointCount: number) {
  const { components, points } = scene(seed, dim, count, pointCount);
  return { mixture: toMixture(components), points: rowsOf(points, dim) };
}

const kinds = fc.constantFrom<Covariance>('full', 'diagonal', 'spherical', 'tied');
const shape = {
  seed: fc.nat(),
  dim: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 5 }),
};

describe('against the textbook', () => {
  test('responsibilities are those of a plain log-sum-exp', () => {
    fc.assert(
      fc.property(shape.seed, shape.dim, shape.count, (seed, dim, count) => {
        const { mixture, points } = sceneOf(seed, dim, count, 20);
        const components = toComponents(mixture);
        const precision = createPrecision(dim, count);
        prepare(components, 0, precision);
        const r = new Float64Array(count);
        points.forEach((x) => {
          responsibilities(components, precision, Float64Array.from(x), 0, 1, r);
          // Arguments of exp stay under 10³, inverses under 10²: 10³ · 10² · 1e-16, and slack.
          const errors = textbookShares(mixture, x).map((share, k) => Math.abs(r[k]! - share));
          expect(Math.max(...errors)).toBeLessThan(1e-10);
        });
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test('a step is the textbook step, for every K, d, covariance, floor and Bessel factor', () => {
    fc.assert(
      fc.property(
        shape.seed,
        shape.dim,
        shape.count,
        kinds,
        fc.constantFrom(0, 1e-3, 0.5),
        fc.constantFrom(1, 40 / 39),
        (seed, dim, count, covariance, floor, bessel) => {
          const { mixture, points } = sceneOf(seed, dim, count, 40);
          const components = toComponents(mixture);
          const rules = rulesOf(points, covariance, floor, bessel);
          emStep(components, points, rules);
          const expected = textbookStep(mixture, points, rules);
          // As above; the covariance of a component with mass m carries 1/m, m > 10⁻³ here, and
          // pivots held at 2⁻²⁴ of a diagonal of such a component's: hence 1e-6.
          const slack = Math.min(...expected.weights) * points.length > dim + 1 ? 1e-9 : 1e-6;
          expectClose(toMixture(components), expected, slack);
        },
      ),
      { numRuns: 120, seed: 12 },
    );
  });

  test('a sample longer than a block', () => {
    const { mixture, points } = sceneOf(5, 2, 2, BLOCK + 100);
    const components = toComponents(mixture);
    emStep(components, points, rulesOf(points, 'full'));
    // 1124 terms of 1e-16.
    expectClose(
      toMixture(components),
      textbookStep(mixture, points, rulesOf(points, 'full')),
      1e-12,
    );
  });
});

/** Mean and covariance of the whole mixture. */
function totals({ weights, means, covariances }: TextbookMixture) {
  const axes = means[0]!.map((_, a) => a);
  const average = (f: (k: number) => number) =>
    weights.reduce((sum, weight, k) => sum + weight * f(k), 0);
  const mean = axes.map((a) => average((k) => means[k]![a]!));
  const covariance = axes.map((a) =>
    axes.map((b) =>
      average(
        (k) => covariances[k]![a]![b]! + (means[k]![a]! - mean[a]!) * (means[k]![b]! - mean[b]!),
      ),
    ),
  );
  return { mean, covariance };
}

describe('the M-step keeps the sample’s moments (30-theory §1)', () => {
  test.each<Covariance>(['full', 'diagonal', 'spherical'])('%s', (kind) => {
    fc.assert(
      fc.property(shape.seed, shape.dim, shape.count, (seed, dim, count) => {
        const { mixture, points } = sceneOf(seed, dim, count, 60);
        const components = toComponents(mixture);
        emStep(components, points, rulesOf(points, kind));
        const found = totals(toMixture(components));
        const sample = sampleMoments(points);
        // Sums of 60 terms of order 9; a component of few points in a plane has its pivot held at
        // 2⁻²⁴ of its diagonal, which shows as its weight of that.
        const tolerance = 1e-7;
        const trace = (m: Matrix) => m.reduce((sum, row, a) => sum + row[a]!, 0);
        expect(Math.abs(trace(found.covariance) - trace(sample.covariance))).toBeLessThan(
          tolerance,
        );
        sample.mean.forEach((mean, a) => {
          expect(Math.abs(found.mean[a]! - mean)).toBeLessThan(1e-12);
          sample.covariance.forEach((row, b) => {
            if (kind === 'spherical' || (kind === 'diagonal' && a !== b)) return;
            expect(Math.abs(found.covariance[a]![b]! - row[a]!)).toBeLessThan(tolerance);
          });
        });
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  test('to rounding at d = 1, where no pivot is held', () => {
    fc.assert(
      fc.property(shape.seed, shape.count, (seed, count) => {
        const { mixture, points } = sceneOf(seed, 1, count, 60);
        const components = toComponents(mixture);
        emStep(components, points, rulesOf(points, 'full'));
        const found = totals(toMixture(components)).covariance[0]![0]!;
        expect(Math.abs(found / sampleMoments(points).covariance[0]![0]! - 1)).toBeLessThan(1e-13);
      }),
      { numRuns: 100, seed: 14 },
    );
  });
});

describe('extinction', () => {
  const two = (gap: number): TextbookMixture => ({
    weights: [0.5, 0.5],
    means: [[0], [gap]],
    covariances: [[[1]], [[1]]],
  });

  test('a component more than 64 nats below the best has exactly nothing', () => {
    // At the first mean the other is gap²/2 nats below: 64 at gap = √128.
    for (const [gap, reached] of [
      [Math.sqrt(128) - 1e-6, true],
      [Math.sqrt(128) + 1e-6, false],
    ] as const) {
      const components = toComponents(two(gap));
      const precision = createPrecision(1, 2);
      const r = new Float64Array(2);
      prepare(components, 0, precision);
      responsibilities(components, precision, Float64Array.of(0), 0, 1, r);
      expect(r[1]! > 0).toBe(reached);
      expect(r[0]).toBeCloseTo(1, 15);
    }
  });

  test('a component that no point reaches is dead, and stays so', () => {
    const components = toComponents(two(100));
    const points = [[0], [0.5], [-1]];
    for (let step = 0; step < 3; step++) emStep(components, points, rulesOf(points, 'full'));
    expect([...components.weights]).toEqual([1, 0]);
    expect(components.factors[1]).toBe(0);
    expect(components.means[1]).toBe(100);
    const nearIt = [[100], [100.1], [0]];
    emStep(components, nearIt, rulesOf(nearIt, 'full'), 1e-3);
    expect([...components.weights]).toEqual([1, 0]);
  });

  test('a point 10¹⁴ widths from every component is still shared out', () => {
    const components = toComponents(two(1));
    const precision = createPrecision(1, 2);
    const r = new Float64Array(2);
    prepare(components, 0, precision);
    responsibilities(components, precision, Float64Array.of(1e14), 0, 1, r);
    expect(r[0]! + r[1]!).toBe(1);
  });
});
