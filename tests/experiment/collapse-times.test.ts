/**
 * When lineages collapse, against exact chains: the share of Gaussians that Suresh et al. 2024 count
 * as alive, and the time until one of many modes is left (Wright and Fisher).
 */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { survivalOf } from '../../src/experiment/survival.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { runSpec } from '../support/run-spec.ts';

const Z_LIMIT = 4;

/** P(k of n) for all k. */
function binomial(n: number, p: number): Float64Array {
  const terms = new Float64Array(n + 1);
  if (p === 0 || p === 1) {
    terms[p * n] = 1;
    return terms;
  }
  terms[0] = (1 - p) ** n;
  for (let k = 1; k <= n; k++) terms[k] = (terms[k - 1]! * (n - k + 1) * p) / (k * (1 - p));
  return terms;
}

/**
 * P(more than one of `modes` equal modes is left) at t = 0 … generations, n points each: that mode j
 * has them all is a matter of its own count, and no two modes can.
 */
function survival(modes: number, n: number, generations: number): number[] {
  const rows = Array.from({ length: n + 1 }, (_, count) => binomial(n, count / n));
  let law = binomial(n, 1 / modes);
  const alive = [1];
  for (let t = 1; t <= generations; t++) {
    if (t > 1) {
      const next = new Float64Array(n + 1);
      law.forEach((p, count) => rows[count]!.forEach((q, k) => (next[k]! += p * q)));
      law = next;
    }
    alive.push(1 - modes * law[n]!);
  }
  return alive;
}

/** Mean and variance of min(T, G), T being when survival ends, of P(T > t) for t < G. */
function timeOf(alive: readonly number[]): { mean: number; variance: number } {
  const before = alive.slice(0, -1);
  const mean = before.reduce((sum, p) => sum + p, 0);
  const square = before.reduce((sum, p, t) => sum + (2 * t + 1) * p, 0);
  return { mean, variance: square - mean ** 2 };
}

test.each([
  [10, 17.5, 300],
  [100, 187.4, 3000],
])('ten equal modes of %i points last %f generations', (n, mean, generations) => {
  expect(Math.abs(timeOf(survival(10, n, generations)).mean - mean)).toBeLessThan(0.05);
});

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => void (engine = await open()));
  afterAll(() => engine.close());

  it('the time until one of ten equal modes is left', async () => {
    const [points, generations, replicates] = [10, 45, 150];
    const alive = survival(10, points, generations);
    const ran = await runSpec(engine, {
      ...{ seed: 131, sampleSize: points, generations, replicates, nodes: 64 },
      // So far apart that no component reaches another mode's points, see extinction.test.ts.
      truth: { kind: 'blobs', components: 10, separation: 60 },
      fit: { iterations: 1 },
      statistics: ['modesAlive'],
      criteria: [{ name: 'one left', statistic: 'modesAlive', below: 1.5 }],
    });
    const found = survivalOf(ran.results, 0, 0).survival;
    for (const t of [5, 10, 20, 40]) {
      const p = alive[t]!;
      const z = (found[t]! - p) / Math.sqrt((p * (1 - p)) / replicates);
      expect(Math.abs(z), `t = ${t}: z ${z.toFixed(2)}`).toBeLessThanOrEqual(Z_LIMIT);
    }
    const { mean, variance } = timeOf(alive);
    const time = timeOf([...found]).mean;
    const z = (time - mean) / Math.sqrt(variance / replicates);
    expect(Math.abs(z), `${time} generations for ${mean}`).toBeLessThanOrEqual(Z_LIMIT);
  });

  it('the share of Gaussians whose width is over a tenth of the truth’s', async () => {
    const replicates = 400;
    const ran = await runSpec(engine, {
      ...{ seed: 137, sampleSize: 10, generations: 199, replicates },
      truth: { kind: 'blobs', components: 1 },
      fit: { estimator: 'unbiased' },
      // Late is what has less than a hundredth of the variance.
      stages: { late: 0.01 },
      statistics: ['stage3Share'],
    });
    // P(Σ ln(χ²₉/9) > ln .01): the convolution of t laws of ln χ²₉.
    for (const [t, p] of [
      [20, 0.8489],
      [40, 0.5049],
      [100, 0.0816],
      [199, 0.0042],
    ] as const) {
      const z =
        (1 - ran.value(0, t, 'stage3Share', 'mean') - p) / Math.sqrt((p * (1 - p)) / replicates);
      expect(Math.abs(z), `t = ${t}: z ${z.toFixed(2)}`).toBeLessThanOrEqual(Z_LIMIT);
    }
  });
});
