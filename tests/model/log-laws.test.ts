/** The whole law of ln v, and of the time at which it first passes a level. */
import { describe, expect, it, test } from 'vitest';
import { stayingShares } from '../../src/model/theory/first-passage.ts';
import { logChiSquares } from '../../src/model/theory/log-chi-square.ts';
import { lawsFor } from '../../src/model/theory/laws.ts';
import { survivalLaw } from '../../src/model/theory/survival-law.ts';
import { wholeLaws } from '../../src/model/theory/whole-laws.ts';
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

  it('has the density of its distribution, and quantiles far out', () => {
    const two = logChiSquares({ shift: 0, terms: [{ degrees: 2, times: 1 }] });
    for (const x of [0.01, 0.5, 2, 9]) {
      // An exponential of mean 2 in ln x.
      expect(two.density(Math.log(x))).toBeCloseTo((x / 2) * Math.exp(-x / 2), 10);
    }
    for (const p of [1e-10, 1e-6, 0.5, 1 - 1e-6]) {
      // −2 ln(1 − p); the distribution function is right to 1e-13, a thousandth of the least p.
      expect(Math.exp(two.quantile(p)) / (-2 * Math.log1p(-p))).toBeCloseTo(1, 2);
    }
    const many = logChiSquares({ shift: -3, terms: [{ degrees: 9, times: 200 }] });
    for (const p of [0.001, 0.05, 0.5, 0.95]) expect(many.cdf(many.quantile(p))).toBeCloseTo(p, 11);
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

describe('whole laws of statistics', () => {
  const lawsOf = (more: Record<string, unknown> = {}) => {
    const spec = parseSpec({ truth: { kind: 'blobs', components: 1 }, sampleSize: 100, ...more });
    return wholeLaws(spec, resolveTruth(spec.truth, null));
  };
  const readingOf = (statistic: string, more: Record<string, unknown> = {}) => {
    const law = lawsOf(more).find(({ readings }) =>
      readings.some((r) => r.statistic === statistic),
    )!;
    const reading = law.readings.find((r) => r.statistic === statistic)!;
    return {
      cdf: (x: number, t: number) => law.sumAt(t).cdf(reading.sumOf(x)),
      quantile: (p: number, t: number) => reading.valueOf(law.sumAt(t).quantile(p)),
    };
  };

  it('have the mean and the spread of ln v_t: n = 100, t = 100', () => {
    const { mean, variance } = lawsOf()[0]!.sumAt(100);
    expect(mean).toBeCloseTo(-2.0185, 4);
    expect(Math.sqrt(variance)).toBeCloseTo(1.4285, 4);
  });

  it('are Suresh’s in units of the variance kept', () => {
    const { cdf } = readingOf('varianceRatio', { sampleSize: 10, fit: { estimator: 'unbiased' } });
    const known: [number, number][] = [[20, 0.8489], [40, 0.5049], [100, 0.0816], [199, 0.0042]]; // prettier-ignore
    // Printed to four digits, the second of which is .50485.
    for (const [t, share] of known) expect(Math.abs(1 - cdf(0.01, t) - share)).toBeLessThan(1.1e-4);
  });

  it('of a determinant in the plane are those of a square of χ²', () => {
    const plane = { kind: 'blobs', components: 1, dim: 2 };
    const { cdf } = readingOf('logDetRatio', { truth: plane, sampleSize: 5 });
    // χ²_4 χ²_3 has the law of (χ²_6)²/4 (Γ's duplication formula), and χ²_6 is Erlang's.
    for (const x of [-4, -2, -0.5, 0.5]) {
      const half = (2 * 5 * Math.exp(x / 2)) / 2;
      const erlang = 1 - Math.exp(-half) * (1 + half + half ** 2 / 2);
      expect(cdf(x, 1)).toBeCloseTo(erlang, 9);
    }
    const entropy = readingOf('entropy', { truth: plane, sampleSize: 5 });
    const start = Math.log(2 * Math.PI * Math.E);
    expect(entropy.cdf(start - 1, 3)).toBeCloseTo(cdf(-2, 3), 12);
  });

  it('of round fits: a determinant is a power of the variance', () => {
    const round = {
      truth: { kind: 'blobs', components: 1, dim: 3 },
      fit: { covariance: 'spherical' },
    };
    const trace = readingOf('logVarianceRatio', { ...round, sampleSize: 8 });
    const det = readingOf('logDetRatio', { ...round, sampleSize: 8 });
    expect(det.quantile(0.25, 7)).toBeCloseTo(3 * trace.quantile(0.25, 7), 10);
    const total = readingOf('totalVariance', { ...round, sampleSize: 8 });
    expect(total.quantile(0.95, 7)).toBeCloseTo(3 * Math.exp(trace.quantile(0.95, 7)), 8);
  });

  it('of a biased sampler fall by λ from generation 2 on', () => {
    const own = readingOf('varianceRatio');
    const narrow = readingOf('varianceRatio', { batch: { samplingBias: 0.9 } });
    for (const t of [1, 2, 9]) {
      const ratio = narrow.quantile(0.05, t) / own.quantile(0.05, t);
      expect(ratio).toBeCloseTo(0.9 ** (t - 1), 9);
    }
  });

  it('are those whose means are laws too', () => {
    for (const more of [{}, { fit: { estimator: 'unbiased' } }, { batch: { samplingBias: 0.8 } }]) {
      const spec = parseSpec({ truth: { kind: 'blobs', components: 1 }, sampleSize: 30, ...more });
      const means = lawsFor(spec, resolveTruth(spec.truth, null));
      for (const { readings, sumAt } of lawsOf({ sampleSize: 30, ...more })) {
        for (const { statistic, exponential, valueOf } of readings) {
          const mean = means.find((one) => one.statistic === statistic)!.at(6);
          const sum = sumAt(6);
          if (!exponential) expect(valueOf(sum.mean)).toBeCloseTo(mean, 10);
          else {
            // ∫ value dF by the middles of equal shares, whose ends leave out 1e-4 of the mean.
            let total = 0;
            for (let i = 0; i < 4000; i++) total += valueOf(sum.quantile((i + 0.5) / 4000)) / 4000;
            expect(total / mean).toBeCloseTo(1, 3);
          }
        }
      }
    }
  });

  it('are of one Gaussian and its own samples alone', () => {
    const others = [
      { truth: { kind: 'blobs', components: 2 } },
      { batch: { realFraction: 0.1 } },
      { retention: 'accumulate' },
      { growth: 1 },
      { fit: { covarianceFloor: 0.1 } },
      { fit: { tailWeight: 0.2 } },
      { batch: { samplingBias: { at: [[1, 1], [5, 0.9]] } } }, // prettier-ignore
    ];
    for (const other of others) expect(lawsOf(other), JSON.stringify(other)).toEqual([]);
    expect(lawsOf()).toHaveLength(2);
    // A tilted plane: the trace is no single χ².
    const plane = { truth: { kind: 'blobs', components: 1, dim: 2 } };
    expect(lawsOf(plane).map(({ name }) => name)).toEqual(['distribution of the determinant']);
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
    expect(lawOf(half, { fit: { tailWeight: 0.2 } })).toBeNull();
    const round = { truth: { kind: 'blobs', components: 1, dim: 2 }, fit: { covariance: 'spherical' } }; // prettier-ignore
    expect(lawOf(half, round)!.shares[8]).toBeGreaterThan(lawOf(half)!.shares[8]!);
  });
});
