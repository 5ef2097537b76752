/**
 * Laws that are no mean of a statistic, limits, and means by integrals, against enumeration, plain
 * simulation with random numbers of its own, and recursions that were derived another way.
 */
import { describe, expect, it, test } from 'vitest';
import { lawsFor } from '../../src/model/theory/laws.ts';
import { logDetSpread } from '../../src/model/theory/log-spread.ts';
import { pentagamma, trigamma } from '../../src/model/theory/polygamma.ts';
import { filteredStep } from '../../src/model/theory/quality-filter.ts';
import * as rests from '../../src/model/theory/rests.ts';
import { tailStep } from '../../src/model/theory/tail-law.ts';
import { exhaustion, meanAcceptance } from '../../src/model/theory/verifier-law.ts';
import * as chain from '../../src/model/theory/wright-fisher.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { diceOf, type Dice } from '../support/naive-population.ts';

function lawOf(statistic: StatisticName, raw: object) {
  const spec = parseSpec({ truth: { kind: 'blobs', dim: 1, components: 1 }, ...raw });
  const laws = lawsFor(spec, resolveTruth(spec.truth, null));
  return laws.find((law) => law.statistic === statistic)!;
}

describe('counts of far modes', () => {
  /** Σ over all ways that n points fall to three modes, of a function of their shares. */
  const expectation = (
    weights: readonly number[],
    n: number,
    f: (shares: readonly number[]) => number,
  ): number => {
    const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
    let sum = 0;
    for (let i = 0; i <= n; i++) {
      for (let j = 0; i + j <= n; j++) {
        const counts = [i, j, n - i - j];
        const ways = counts.reduce((rest, k) => rest / factorial(k), factorial(n));
        const chance = counts.reduce((p, k, m) => p * weights[m]! ** k, ways);
        if (chance > 0) sum += chance * f(counts.map((k) => k / n));
      }
    }
    return sum;
  };

  test('heterozygosity of three modes: every way that four points can fall, twice', () => {
    const [weights, n] = [[0.2, 0.3, 0.5], 4];
    const h = (shares: readonly number[]) => shares.reduce((rest, p) => rest - p * p, 1);
    const found = chain.heterozygosity(weights, n);
    for (const power of [1, 2]) {
      const once = expectation(weights, n, (p) => h(p) ** power);
      const twice = expectation(weights, n, (p) => expectation(p, n, (q) => h(q) ** power));
      [once, twice].forEach((expected, i) => {
        const { mean, variance } = found(i + 1);
        expect(power === 1 ? mean : variance + mean ** 2).toBeCloseTo(expected, 12);
      });
    }
    expect(found(2).mean).toBeCloseTo(h(weights) * (1 - 1 / n) ** 2, 12);
  });

  test('heterozygosity of two modes is that of the chain', () => {
    const laws = chain.countLaws({ share: 0.3, n: 12 });
    const found = chain.heterozygosity([0.3, 0.7], 12);
    for (const t of [1, 2, 9]) {
      const { mean, variance } = chain.shareMoments(laws(t), (p) => 2 * p * (1 - p));
      expect(found(t).mean).toBeCloseTo(mean, 12);
      expect(found(t).variance).toBeCloseTo(variance, 12);
    }
  });

  test('a mode has all points in the end with the probability of its weight', () => {
    const fixed = chain.modeFixation(0.3, 10);
    // (1−1/n)^t of the heterozygosity is left, and so of those who are not fixed.
    expect(fixed(300)).toBeCloseTo(0.3, 12);
    for (const t of [5, 20, 60]) expect(fixed(t)).toBeLessThan(0.3);
  });

  test.each([
    [10, 17.5, 300],
    [100, 187.4, 3000],
  ])('ten equal modes of %i points last %f generations', (n, mean, last) => {
    const found = chain.restrictedTime(chain.modesLeft(10, n), last);
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.05);
  });

  test('sharpened log-odds grow by β a generation, of infinitely many points', () => {
    const [share, power, t] = [0.45, 1.5, 4];
    const odds = (9 / 11) ** (power ** (t - 1));
    const apart = [200, 800].map((n) => {
      const laws = chain.countLaws({ share, n, next: chain.sharpened(power) });
      return Math.abs(chain.shareMoments(laws(t), (p) => p).mean - odds / (1 + odds));
    });
    // The scatter of the log-odds is Σ β^2k 4/n, k = 0 … 3, and a logistic curve bends by .1 at most.
    expect(apart[1]!).toBeLessThan((0.05 * 4 * (1 + 2.25 + 2.25 ** 2 + 2.25 ** 3)) / 800);
    // An error in 1/n falls by four, but for the next order.
    expect(apart[0]! / apart[1]!).toBeGreaterThan(3);
  });

  test('real points hold the variance of a weight where F_ST says', () => {
    const [n, share, real] = [20, 0.3, 0.1];
    const laws = chain.countLaws({ share, n, next: chain.replenished(real, share) });
    const rest = rests.migrationRest(n, 1 - real, false);
    const { mean } = chain.shareMoments(laws(150), (p) => (p - share) ** 2);
    expect(mean).toBeCloseTo(share * (1 - share) * rest.at(150), 12);
  });
});

describe('scatter of logarithms', () => {
  // ψ₃(½) = π⁴ and ψ₃(1) = π⁴/15 (Abramowitz & Stegun 6.4.2, 6.4.4); 6/x⁴ less with each step.
  test.each([
    [0.5, Math.PI ** 4],
    [1, Math.PI ** 4 / 15],
    [4.5, Math.PI ** 4 - 6 * (2 ** 4 + (2 / 3) ** 4 + 0.4 ** 4 + (2 / 7) ** 4)],
  ])('ψ₃(%f)', (x, value) => {
    // The rounding of π⁴ is 1e-14, the asymptotic series is right to 3e-12 of itself.
    expect(Math.abs(pentagamma(x) - value)).toBeLessThan(3e-12 * (1 + value));
  });

  test('adds up over axes and generations', () => {
    const found = logDetSpread(12, 2, 3);
    expect(found.variance).toBeCloseTo(3 * (trigamma(5.5) + trigamma(5)), 12);
    const fourth = 3 * (pentagamma(5.5) + pentagamma(5));
    expect(found.squaresVariance).toBeCloseTo(fourth + 2 * found.variance ** 2, 12);
  });
});

/** Means of functions of what is made, and their standard errors. */
function simulate(count: number, make: (dice: Dice) => readonly number[]) {
  const dice = diceOf(20_262);
  const all = Array.from({ length: count }, () => make(dice));
  return all[0]!.map((_, i) => {
    const mean = all.reduce((sum, values) => sum + values[i]!, 0) / count;
    const square = all.reduce((sum, values) => sum + (values[i]! - mean) ** 2, 0) / count;
    return { mean, error: Math.sqrt(square / count) };
  });
}

describe('tail weights', () => {
  it('of nothing are plain moments: λ(1−1/n), λ²(1−1/n²), λ/n', () => {
    for (const [n, bias] of [
      [2, 1],
      [10, 0.8],
      [300, 1.3],
    ] as const) {
      const { variance, square, shift } = tailStep(n, bias, 0);
      expect(variance).toBeCloseTo(bias * (1 - 1 / n), 10);
      expect(square).toBeCloseTo(bias ** 2 * (1 - 1 / n ** 2), 10);
      expect(shift).toBeCloseTo(bias / n, 10);
    }
  });

  it('of infinitely many points leave λ/(1 − λγ)', () => {
    const rest = 0.8 / (1 - 0.2);
    const apart = [1000, 4000].map((n) => rest - tailStep(n, 0.8, 0.25).variance);
    // An error in 1/n, but for the next order.
    expect(apart[0]! / apart[1]!).toBeCloseTo(4, 1);
    expect(apart[1]).toBeLessThan(0.002);
  });

  it('keep .7145 after twenty generations of a hundred points at λ = .8, γ = ¼', () => {
    const raw = { batch: { samplingBias: 0.8 }, fit: { tailWeight: 0.25 }, sampleSize: 100 };
    expect(lawOf('varianceRatio', { ...raw, generations: 20 }).at(20)).toBeCloseTo(0.7145, 4);
  });

  test.each([
    [5, 0.8, 0.25],
    [20, 1, 0.6],
  ])('are what a plain simulation finds: n = %i, λ = %f, γ = %f', (n, bias, power) => {
    const found = simulate(20_000, ({ normal }) => {
      const points = Array.from({ length: n }, () => Math.sqrt(bias) * normal());
      const weights = points.map((x) => Math.exp(0.5 * power * x * x));
      const total = weights.reduce((a, b) => a + b, 0);
      const mean = points.reduce((sum, x, i) => sum + weights[i]! * x, 0) / total;
      const variance = points.reduce((sum, x, i) => sum + weights[i]! * (x - mean) ** 2, 0) / total;
      return [variance, variance ** 2, mean ** 2];
    });
    const { variance, square, shift } = tailStep(n, bias, power);
    [variance, square, shift].forEach((expected, i) => {
      const z = (found[i]!.mean - expected) / found[i]!.error;
      expect(Math.abs(z), `moment ${i}: z ${z.toFixed(2)}`).toBeLessThanOrEqual(4);
    });
  });

  it('have no law among real points, of several components, or by a schedule', () => {
    const fit = { tailWeight: 0.2 };
    const batch = { realFraction: 0.2 };
    const line = { kind: 'blobs', dim: 1, components: 2 };
    const step = { tailWeight: { at: [[1, 0], [3, 0.2]] } }; // prettier-ignore
    for (const raw of [{ fit, batch }, { fit, truth: line }, { fit: step }, { fit, growth: 1 }]) {
      expect(lawOf('totalVariance', raw)).toBeUndefined();
    }
  });
});

describe('a filter by the density of the model', () => {
  it('of no power is none: F_ST after one look', () => {
    const [n, real] = [20, 0.25];
    const { spread, shift, copies, copiesVariance } = filteredStep(n, 0, real);
    const u = 1 / n + (1 - real) ** 2 * (1 - 1 / n) * (1 / n);
    expect(shift).toBeCloseTo(u, 10);
    expect(spread).toBeCloseTo(1 - u, 10);
    expect(copies).toBeCloseTo(1 - real, 10);
    expect(copiesVariance).toBeCloseTo((real * (1 - real)) / n, 10);
  });

  test.each([0, 0.5, 1])('is what a plain simulation finds, %f of candidates real', (real) => {
    const [n, s] = [8, 1.2];
    const found = simulate(20_000, ({ normal, uniform }) => {
      const first = Array.from({ length: n }, normal);
      const mean = first.reduce((a, b) => a + b, 0) / n;
      const v = first.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
      let copies = 0;
      const next = first.map(() => {
        for (;;) {
          const synthetic = uniform() >= real;
          const x = synthetic ? mean + Math.sqrt(v) * normal() : normal();
          if (uniform() >= Math.exp((-0.5 * s * (x - mean) ** 2) / v)) continue;
          copies += synthetic ? 1 / n : 0;
          return x;
        }
      });
      const shift = next.reduce((a, b) => a + b, 0) / n;
      const spread = next.reduce((sum, x) => sum + (x - shift) ** 2, 0) / n;
      return [spread, shift ** 2, copies];
    });
    const step = filteredStep(n, s, real);
    [step.spread, step.shift, step.copies].forEach((expected, i) => {
      const { mean, error } = found[i]!;
      expect(Math.abs(mean - expected), `number ${i}`).toBeLessThanOrEqual(4 * error + 1e-12);
    });
    // Nearly normal shares: the variance of R has relative sd √(2/R), with room for their tails.
    const sd = found[2]!.error * Math.sqrt(20_000);
    expect(Math.abs(sd ** 2 - step.copiesVariance)).toBeLessThanOrEqual(
      4 * Math.sqrt(3 / 20_000) * step.copiesVariance + 1e-12,
    );
  });

  it('of own points is a sampler of bias 1/(1+s)', () => {
    const law = lawOf('varianceRatio', { batch: { qualityFilter: 1.5 }, sampleSize: 20 });
    for (const t of [1, 2, 5]) expect(law.at(t)).toBeCloseTo(0.4 ** (t - 1) * 0.95 ** t, 12);
    const wide = { qualityFilter: 1.5, samplingBias: 2 };
    const both = lawOf('varianceRatio', { batch: wide, sampleSize: 20 });
    expect(both.at(3)).toBeCloseTo((2 / 4) ** 2 * 0.95 ** 3, 12);
  });
});

test('a verifier lets α(1−ε) + (1−α)ε through in the mean', () => {
  const verdicts = { rank: 64, draws: 256, error: 0.1 };
  expect(meanAcceptance(verdicts)).toBeCloseTo((64 * 0.9 + 193 * 0.1) / 257, 12);
  // One point that has one candidate has none let through with the rest of the probability; the
  // midpoint rule is right to the square of a step over the width of Beta(64, 193).
  expect(exhaustion(verdicts, 1, 1)).toBeCloseTo(1 - meanAcceptance(verdicts), 6);
  expect(exhaustion({ ...verdicts, rank: 1, error: 0 }, 1, 1)).toBeCloseTo(256 / 257, 6);
});

describe('where lineages come to rest', () => {
  const held = (statistic: StatisticName, raw: object, rest: rests.Rest, ...at: number[]) => {
    const law = lawOf(statistic, { generations: Math.max(...at), ...raw });
    for (const t of at) {
      expect(Math.abs(law.at(t) - rest.at(t))).toBeLessThanOrEqual(rest.apart(t) + 1e-12);
    }
  };
  const n = 20;

  test.each(['bernoulli', 'quota'])('real points, memory: %s', (realDraw) => {
    const quota = realDraw === 'quota';
    const batch = { realFraction: 0.2, realDraw };
    const rest = rests.migrationRest(n, 0.8, quota);
    held('meanShiftSquared', { sampleSize: n, batch }, rest, 1, 2, 10, 60);
    expect(rest.apart(60)).toBeLessThan(1e-11);
    const memory = { sampleSize: n, batch: { ...batch, memory: 3 } };
    held('meanShiftSquared', memory, rests.memoryRest(n, 0.8, 3, quota), 1, 3, 4, 10, 60, 300);
  });

  test('memory is worth (M + f)/(M(1−f) + f) times the real points, of many', () => {
    // Alemohammad et al. 2023, figure 30: n_e = 1/u of n_r = (1−f)n; terms in 1/n are left out.
    const [many, f] = [1e7, 0.8];
    for (const memory of [1, 3, 10]) {
      for (const quota of [false, true]) {
        const worth = 1 / rests.memoryRest(many, f, memory, quota).at(1) / ((1 - f) * many);
        expect(worth).toBeCloseTo((memory + f) / (memory * (1 - f) + f), 5);
      }
    }
  });

  test('one real point a generation keeps two thirds', () => {
    for (const quota of [false, true]) {
      expect(1 - rests.migrationRest(1000, 0.999, quota).at(1)).toBeCloseTo(2 / 3, 3);
    }
  });

  test('an archive', () => {
    const raw = { sampleSize: n, batch: { realFraction: 0.3, realSource: 'fixed' } };
    const rest = rests.archiveRest(n, 0.7);
    held('varianceRatio', raw, rest, 1, 2, 10, 90);
    expect(rest.apart(90)).toBeLessThan(1e-11);
  });

  test('real points that weigh more, least at w*', () => {
    const rest = rests.weightRest(0.3, 10, 10);
    const raw = { sampleSize: n, batch: { realFraction: 0.5 }, fit: { realWeight: 0.3 } };
    held('meanShiftSquared', raw, rest, 2, 10, 60);
    expect(rest.apart(60)).toBeLessThan(1e-12);
    expect(rests.bestWeight(1)).toBeCloseTo((Math.sqrt(5) - 1) / 2, 12);
    for (const k of [0.25, 1, 3]) {
      const best = rests.bestWeight(k);
      const at = (w: number) => rests.weightRest(w, 1e6 * k, 1e6).at(1);
      expect(at(best)).toBeLessThan(Math.min(at(best - 0.01), at(best + 0.01)));
      expect(Math.abs(at(best) * 1e6 * k - best)).toBeLessThan(1e-5);
    }
    const least = rests.bestWeightRest(10, 10);
    const weighed = { ...raw, fit: { realWeight: rests.bestWeight(1) } };
    held('meanShiftSquared', weighed, least, 2, 10, 60);
  });

  test('the fresh data loop', () => {
    for (const [bias, shift, trace] of [
      [1, 0.52857, 100.476],
      [0.8, 0.1882, 35.775],
    ] as const) {
      const rest = rests.freshLoopRest({ dim: 100, real: 100, synthetic: 900, bias });
      expect(rest.shift.at(1)).toBeCloseTo(shift, 5);
      expect(rest.trace.at(1)).toBeCloseTo(trace, 3);
      const raw = {
        truth: { kind: 'blobs', dim: 100, components: 1 },
        batch: { realFraction: 0.1, samplingBias: bias },
        ...{ fit: { estimator: 'unbiased' }, sampleSize: 1000 },
      };
      held('meanShiftSquared', raw, rest.shift, 2, 40, 400);
      held('totalVariance', raw, rest.trace, 2, 40, 400);
      expect(rest.trace.apart(400)).toBeLessThan(1e-10);
    }
  });

  test('pools, growth and wandering means', () => {
    const pool = { retention: 'accumulate', sampleSize: n };
    held('varianceRatio', pool, rests.accumulatedRest(n), 1, 10, 200);
    const biased = { ...pool, batch: { samplingBias: 0.8 } };
    held('varianceRatio', biased, rests.biasedPoolRest(n, 0.8), 1, 2, 10, 200);
    held('varianceRatio', { growth: 1, sampleSize: n }, rests.growingRest(n), 1, 2, 10, 50);
    for (const retention of ['accumulate', 'accumulate-subsample']) {
      const rest = rests.wanderingRest(1000, retention !== 'accumulate');
      const scaled = { at: (t: number) => rest.at(t) / 1000, apart: (t: number) => rest.apart(t) / 1000 }; // prettier-ignore
      held('meanShiftSquared', { retention, sampleSize: 1000 }, scaled, 1, 10, 100);
      // Tails of the sums are 1/T and 3/T, second orders 3²/2n.
      expect(rest.apart(300)).toBeLessThan(3 / 300 + 9 / 2000);
    }
  });
});
