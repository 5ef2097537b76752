/** The whole law of ln v, and of the time at which it first passes a level. */
import { describe, expect, it, test } from 'vitest';
import { stayingShares } from '../../src/model/theory/first-passage.ts';
import { logChiSquares } from '../../src/model/theory/log-chi-square.ts';
import { survivalLaw } from '../../src/model/theory/survival-law.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { normalPair } from '../../src/model/rng/normal.ts';
import { randomKey, words } from '../../src/model/rng/coordinates.ts';
import { parseSpec } from '../../src/spec/schema.ts';

describe('sums of ln χ²', () => {
  it('of two degrees are logarithms of exponentials', () => {
    const law = logChiSquares({ shift: 0, terms: [{ degrees: 2, times: 1 }] });
    for (const x of [1e-3, 0.1, 1, 5, 20]) {
      expect(Math.abs(law.cdf(Math.log(x)) - (1 - Math.exp(-x / 2)))).toBeLessThan(1e-12);
      expect(law.quantile(1 - Math.exp(-x / 2))).toBeCloseTo(Math.log(x), 7);
    }
  });

  it('of one degree and of many have the known quantiles', () => {
    const one = logChiSquares({ shift: 0, terms: [{ degrees: 1, times: 1 }] });
    // scipy.stats.chi2.ppf([0.05, 0.95], 1), SciPy 1.10.1.
    expect(Math.exp(one.quantile(0.95))).toBeCloseTo(3.841458820694124, 9);
    expect(Math.exp(one.quantile(0.05))).toBeCloseTo(0.00393214000001952, 11);
    const many = logChiSquares({ shift: 0, terms: [{ degrees: 1000, times: 1 }] });
    // scipy.stats.chi2.ppf([0.01, 0.5, 0.99], 1000), SciPy 1.10.1.
    const expected = [898.9124469296132, 999.333412403381, 1106.9689943522174];
    [0.01, 0.5, 0.99].forEach((p, i) => {
      expect(Math.abs(Math.exp(many.quantile(p)) / expected[i]! - 1)).toBeLessThan(1e-9);
    });
  });

  it('adds unlike ones: mean and spread of the law are those of its parts', () => {
    const terms = [
      { degrees: 3, times: 4 },
      { degrees: 40, times: 2 },
    ];
    const law = logChiSquares({ shift: -1, terms });
    // ∫ x dF by a fine grid of quantiles' places.
    const [low, high, steps] = [law.mean - 40, law.mean + 20, 6000];
    let mean = high;
    for (let i = 0; i < steps; i++) {
      mean -= (law.cdf(low + ((i + 0.5) * (high - low)) / steps) * (high - low)) / steps;
    }
    expect(mean).toBeCloseTo(law.mean, 6);
  });

  test('Suresh et al. 2024: P(σ_t > σ₀/10) at n = 10, unbiased', () => {
    const known = { 20: 0.8489, 40: 0.5048, 100: 0.0816, 199: 0.0042 };
    for (const [t, share] of Object.entries(known)) {
      const terms = [{ degrees: 9, times: Number(t) }];
      const law = logChiSquares({ shift: -Number(t) * Math.log(9), terms });
      expect(1 - law.cdf(Math.log(0.01))).toBeCloseTo(share, 4);
    }
  });
});

describe('the first time below or above a level', () => {
  const step = { degrees: 9, shift: -Math.log(10) };

  it('is at the first step what the distribution says', () => {
    const law = logChiSquares({ shift: step.shift, terms: [{ degrees: 9, times: 1 }] });
    for (const level of [-1, -0.2, 0.3]) {
      const walk = { first: step, later: step, steps: 1, level };
      expect(stayingShares({ ...walk, above: false })![1]).toBeCloseTo(1 - law.cdf(level), 8);
      expect(stayingShares({ ...walk, above: true })![1]).toBeCloseTo(law.cdf(level), 8);
    }
  });

  it('is never where the level is out of reach, and at once beyond it', () => {
    const far = { first: step, later: step, steps: 20, above: false };
    expect(stayingShares({ ...far, level: -60 })![20]).toBeCloseTo(1, 9);
    expect([...stayingShares({ ...far, level: 60 })!].slice(1)).toEqual(new Array(20).fill(0));
  });

  it('would take too long for so many generations: no law', () => {
    const walk = { first: step, later: step, level: -40, above: false };
    expect(stayingShares({ ...walk, steps: 200_000 })).toBeNull();
  });

  it('agrees with walks that are drawn', () => {
    const lineages = 40_000;
    const key = randomKey(5, 0);
    const generations = 12;
    for (const above of [false, true]) {
      const level = above ? 0.2 : -0.7;
      const shares = stayingShares({ first: step, later: step, steps: generations, level, above })!;
      let stayed = 0;
      for (let i = 0; i < lineages; i++) {
        let x = 0;
        let inside = true;
        for (let t = 1; t <= generations && inside; t++) {
          let square = 0;
          for (let b = 0; b < 5; b++) {
            const w = words(key, b, i, t, 0, 0);
            const [z, other] = normalPair(w[0]!, w[1]!);
            square += z * z + (b < 4 ? other * other : 0);
          }
          x += step.shift + Math.log(square);
          inside = above ? x <= level : x >= level;
        }
        stayed += inside ? 1 : 0;
      }
      const p = shares[generations]!;
      const z = (stayed / lineages - p) / Math.sqrt((p * (1 - p)) / lineages);
      expect(Math.abs(z), `above ${above}: ${z}`).toBeLessThanOrEqual(4);
    }
  });
});

describe('survival of lineages', () => {
  const lawOf = (criterion: object, more: Record<string, unknown> = {}) => {
    const spec = parseSpec({
      ...{ truth: { kind: 'blobs', components: 1 }, sampleSize: 10, generations: 8 },
      statistics: ['varianceRatio', 'logVarianceRatio', 'totalVariance'],
      criteria: [{ name: 'one', ...criterion }],
      ...more,
    });
    return survivalLaw(spec, resolveTruth(spec.truth, null), spec.criteria[0]!);
  };
  const half = { statistic: 'varianceRatio', below: 0.5 };

  it('is the same by the ratio, its logarithm and the variance', () => {
    const shares = lawOf(half)!.shares;
    const same = [
      { statistic: 'logVarianceRatio', below: Math.log(0.5) },
      { statistic: 'varianceRatio', below: -0.5, relativeTo: 'truth' },
      { statistic: 'totalVariance', below: 0.5 },
    ];
    for (const one of same) {
      lawOf(one)!.shares.forEach((share, t) => expect(share).toBeCloseTo(shares[t]!, 12));
    }
  });

  it('against its own first value a lineage cannot fall in generation 1', () => {
    const since = lawOf({
      statistic: 'logVarianceRatio',
      below: -0.5,
      relativeTo: 'first',
    })!.shares;
    expect([since[0], since[1]]).toEqual([1, 1]);
    // From there it walks as one does from the truth, a generation later.
    const plain = lawOf({ statistic: 'logVarianceRatio', below: -0.5 })!.shares;
    expect(since[8]).toBeCloseTo(plain[7]!, 12);
  });

  it('is of nothing else', () => {
    expect(lawOf({ statistic: 'varianceRatio', below: -0.1, relativeTo: 'first' })).toBeNull();
    expect(lawOf(half, { truth: { kind: 'blobs', components: 2 } })).toBeNull();
    expect(lawOf(half, { truth: { kind: 'blobs', components: 1, dim: 2 } })).toBeNull();
    expect(lawOf(half, { batch: { realFraction: 0.1 } })).toBeNull();
    expect(lawOf(half, { retention: 'accumulate' })).toBeNull();
    const round = { truth: { kind: 'blobs', components: 1, dim: 2 }, fit: { covariance: 'spherical' } }; // prettier-ignore
    expect(lawOf(half, round)!.shares[8]).toBeGreaterThan(lawOf(half)!.shares[8]!);
  });
});
