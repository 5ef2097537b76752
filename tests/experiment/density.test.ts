import { describe, expect, test } from 'vitest';
import {
  absoluteMixture,
  density1d,
  density2d,
  gridOver,
  type Grid,
} from '../../src/experiment/views/density.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import type { Mixture } from '../../src/model/mixture.ts';
import type { Truth } from '../../src/model/truth.ts';

const MIXTURE: Mixture = {
  dim: 2,
  weights: [0.25, 0.75, 0],
  means: [
    [-1, 2],
    [3, 0],
    [1e9, 1e9],
  ],
  covariances: [
    [1, 0.5, 2],
    [0.5, -0.3, 1],
    [1, 0, 1],
  ],
};

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('density', () => {
  test('equals the formula where the grid is fine', () => {
    const grid: Grid = { from: -3, step: 1e-4, count: 60_001 };
    const density = density1d(MIXTURE, 0, grid);
    const normal = (x: number, mean: number, variance: number) =>
      Math.exp((-0.5 * (x - mean) ** 2) / variance) / Math.sqrt(2 * Math.PI * variance);
    for (const x of [-2, 0.5, 2.9]) {
      const expected = 0.25 * normal(x, -1, 1) + 0.75 * normal(x, 3, 0.5);
      // Smoothing adds 2.5e-9 to a variance of at least 0.5; |d ln f / d ln σ²| < 50 at these x.
      const found = density[Math.round((x - grid.from) / grid.step)]!;
      expect(Math.abs(found / expected - 1)).toBeLessThan(50 * 5e-9);
    }
  });

  test('the plane holds the mass, and its marginal is the line', () => {
    const gridX = gridOver(MIXTURE, 0, 200, 8);
    const gridY = gridOver(MIXTURE, 1, 180, 8);
    const plane = density2d(MIXTURE, [0, 1], gridX, gridY);
    // The rectangle rule is exact to rounding for Gaussians much wider than its step.
    expect(sum(plane) * gridX.step * gridY.step).toBeCloseTo(1, 9);
    const line = density1d(MIXTURE, 0, gridX);
    const marginal = line.map((_, i) =>
      sum(Float64Array.from({ length: 180 }, (__, j) => plane[j * 200 + i]! * gridY.step)),
    );
    marginal.forEach((value, i) => expect(value).toBeCloseTo(line[i]!, 9));
  });

  test('swapping the axes transposes the plane', () => {
    const gridX = gridOver(MIXTURE, 0, 7);
    const gridY = gridOver(MIXTURE, 1, 5);
    const plane = density2d(MIXTURE, [0, 1], gridX, gridY);
    const turned = density2d(MIXTURE, [1, 0], gridY, gridX);
    plane.forEach((value, at) => {
      expect(turned[(at % 7) * 5 + Math.floor(at / 7)]).toBeCloseTo(value, 12);
    });
  });

  test('a spike narrower than a pixel keeps its mass wherever it falls', () => {
    const grid: Grid = { from: 0, step: 0.1, count: 100 };
    for (const mean of [5, 5.03, 5.05, 5.099]) {
      const spike: Mixture = { dim: 1, weights: [1], means: [[mean]], covariances: [[0]] };
      // 2·e^(−2π²·¼) = 1.44 % is what a Gaussian of half a step aliases.
      expect(Math.abs(sum(density1d(spike, 0, grid)) * grid.step - 1)).toBeLessThan(0.0145);
    }
  });
});

describe('absolute coordinates of a framed model', () => {
  const truth = { mean: [10, -4], log2Unit: 3, dim: 2 } as unknown as Truth;
  const model = (scale: number): FramedModel => ({
    dim: 2,
    scale,
    status: 0,
    ancestry: 0,
    origin: Float64Array.of(0.5, 0.25),
    originLow: new Float64Array(2),
    weights: Float64Array.of(1),
    means: Float64Array.of(1, -1),
    factors: Float64Array.of(0.5, 0.25, 0.75),
    exponents: Int32Array.of(1),
    pool: null,
  });

  test('undo the truth’s unit, the origin, the scale and the exponent', () => {
    const { means, covariances } = absoluteMixture(model(-2), truth);
    // x = μ₀ + 8·(origin + ¼·mean); F = 8·2^(−2+1)·factor = 4·factor.
    expect(means).toEqual([[10 + 8 * 0.75, -4 + 8 * 0]]);
    expect(covariances).toEqual([[4, 2, 1 + 9]]);
  });

  test('a collapsed lineage is a point, not NaN', () => {
    const { means, covariances } = absoluteMixture(model(-1400), truth);
    expect(means).toEqual([[14, -2]]);
    expect(covariances).toEqual([[0, 0, 0]]);
  });
});
