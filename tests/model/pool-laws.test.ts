/** Laws of assembled batches: numbers known beforehand, and limits derived elsewhere. */
import { describe, expect, test } from 'vitest';
import { insideShare, samplerBias } from '../../src/model/theory/truncated.ts';
import { lawsFor } from '../../src/model/theory/laws.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { chiSquaredCdf } from '../support/goodness.ts';

const gaussian = { kind: 'blobs', dim: 1, components: 1 };

function moments(input: Record<string, unknown>) {
  const spec = parseSpec({ truth: gaussian, generations: 2000, ...input });
  const laws = lawsFor(spec, resolveTruth(spec.truth, null));
  const at = (statistic: string, t: number) => {
    const law = laws.find((one) => one.statistic === statistic);
    return law ? law.at(t) : NaN;
  };
  return {
    count: laws.filter(({ statistic }) => statistic !== 'ancestry').length,
    ratio: (t: number) => at('varianceRatio', t),
    shift: (t: number) => at('meanShiftSquared', t),
  };
}

describe('numbers known beforehand', () => {
  test.each([
    ['accumulate', 10, 0.84428],
    ['accumulate', 100, 0.98373],
    ['accumulate', 1000, 0.99837],
    ['accumulate-subsample', 10, 0.74113],
    ['accumulate-subsample', 100, 0.97129],
    ['accumulate-subsample', 1000, 0.9971],
  ])('%s of %i points, 100 generations', (retention, sampleSize, expected) => {
    const found = moments({ retention, sampleSize, generations: 100 });
    expect(found.ratio(100)).toBeCloseTo(expected, 5);
    expect(found.shift(100)).toBeCloseTo(1 - expected, 5);
  });

  test('an accumulated mean wanders by π²/6, a subsampled one by π²/2 − 2', () => {
    const shift = (retention: string) =>
      1e4 * moments({ retention, sampleSize: 10_000, generations: 900 }).shift(900);
    // Tails of the sums are 1/T and 3/T; terms in 1/n another 1e-4.
    expect(Math.abs(shift('accumulate') - Math.PI ** 2 / 6)).toBeLessThan(2e-3);
    expect(Math.abs(shift('accumulate-subsample') - (Math.PI ** 2 / 2 - 2))).toBeLessThan(5e-3);
  });
});

describe('recursions of one line', () => {
  /** u_t, by 30 steps of a formula. */
  const iterate = (first: number, step: (u: number, t: number) => number) => {
    let u = first;
    for (let t = 2; t <= 30; t++) u = step(u, t);
    return u;
  };
  const n = 20;

  test.each(['bernoulli', 'quota'])('accumulate with a real share, %s', (realDraw) => {
    const f = 0.75;
    const g = realDraw === 'bernoulli' ? f * f : f;
    const batch = { realFraction: 0.25, realDraw };
    const found = moments({ retention: 'accumulate', sampleSize: n, batch, generations: 50 });
    const u = iterate(1 / n, (u, t) => (u * ((t - 1 + f) ** 2 - g / n) + 1 / n) / t ** 2);
    expect(found.shift(30)).toBeCloseTo(u, 12);
    expect(found.ratio(30)).toBeCloseTo(1 - u, 12);
  });

  test('accumulate with a biased sampler', () => {
    const batch = { samplingBias: 0.8 };
    const found = moments({ retention: 'accumulate', sampleSize: n, batch, generations: 50 });
    const v = iterate(1 - 1 / n, (v, t) => v * (1 - 0.2 / t - 0.8 / (n * t * t)));
    expect(found.ratio(30)).toBeCloseTo(v, 12);
  });

  test('accumulate with a floor: dε more of second moment for each batch, a t-th of it at t', () => {
    const fit = { covarianceFloor: 0.2 };
    const found = moments({ retention: 'accumulate', sampleSize: n, fit, generations: 50 });
    let harmonic = 0;
    for (let t = 1; t <= 30; t++) harmonic += 1 / t;
    expect(found.ratio(30) + found.shift(30)).toBeCloseTo(1 + 0.2 * harmonic, 12);
    // P: the pool's mean, which is the model's; its points' variance is 1 + ε(H − 1/t) − P.
    let [p, seen] = [1 / n, 1];
    for (let t = 2; t <= 30; t++) {
      p += (1 + 0.2 * seen - p) / (n * t * t);
      seen += 1 / t;
    }
    expect(found.shift(30)).toBeCloseTo(p, 12);
  });

  test('accumulate with a prior', () => {
    const law = (centre: string) =>
      moments({
        ...{ retention: 'accumulate', sampleSize: n, generations: 50 },
        fit: { estimator: 'map', prior: { centre, strength: 8 } },
      });
    const share = (t: number) => (n * t) / (n * t + 8);
    // The total of second moments is conserved about either centre.
    for (const centre of ['truth', 'parent']) {
      expect(law(centre).ratio(30) + law(centre).shift(30)).toBeCloseTo(1, 12);
    }
    // Of the truth: a model's mean is so much of its pool's.
    let pool = 1 / n;
    for (let t = 2; t <= 30; t++) {
      const before = share(t - 1);
      const model = before * before * pool;
      pool = (pool * (t - 1 + before) ** 2 + (1 - model) / n) / t ** 2;
    }
    expect(law('truth').shift(30)).toBeCloseTo(share(30) ** 2 * pool, 12);
    // Of the parent: squares of both means, and their product.
    let [square, both, model] = [1 / n, 1 / n, 1 / n];
    for (let t = 2; t <= 30; t++) {
      const across = ((t - 1) * both + model) / t;
      const noise = (1 - model) / n;
      square = ((t - 1) ** 2 * square + 2 * (t - 1) * both + model + noise) / t ** 2;
      const [own, kept] = [share(t), 1 - share(t)];
      both = own * square + kept * across;
      model = own * own * square + 2 * own * kept * across + kept * kept * model;
    }
    expect(law('parent').shift(30)).toBeCloseTo(model, 12);
  });

  test('growth', () => {
    const sizes = Array.from({ length: 30 }, (_, i) => Math.round(n * (i + 1) ** 0.5));
    const replaced = sizes.reduce((v, size) => v * (1 - 1 / size), 1);
    expect(moments({ sampleSize: n, growth: 0.5 }).ratio(30)).toBeCloseTo(replaced, 12);
    let total = 0;
    const pooled = sizes.reduce((v, size) => v * (1 - size / (total += size) ** 2), 1);
    const growing = { sampleSize: n, growth: 0.5, retention: 'accumulate', generations: 50 };
    expect(moments(growing).ratio(30)).toBeCloseTo(pooled, 12);
  });

  test('a fixed archive, quota', () => {
    const f = 0.75;
    const [real, synthetic] = [5, 15];
    let [m, v] = [1 / real - 1 / n, 1 - 1 / n];
    for (let t = 2; t <= 30; t++) {
      const next = f * f * (m + v / synthetic);
      [m, v] = [next, (1 - f) * (1 - 1 / real) + f * (v + m) - next];
    }
    const found = moments({ sampleSize: n, batch: { realFraction: 0.25, realSource: 'fixed' } });
    expect(found.ratio(30)).toBeCloseTo(v, 12);
    const limit = ((1 - 1 / real) * (1 - f * f)) / (1 - f * f + f / n);
    expect(found.ratio(500)).toBeCloseTo(limit, 12);
  });

  /** An archive of which batches take so many points, point by point: E m², E v and E m xᵢ. */
  function archived(sizes: readonly number[], quotas: readonly number[], keeps: boolean) {
    const whole = sizes[0]!;
    let withPoint = new Array<number>(whole).fill(1 / whole);
    let [m, v, held] = [1 / whole, 1 - 1 / whole, whole];
    const found = [{ m, v }];
    for (let t = 1; t < sizes.length; t++) {
      const times = withPoint.map((_, i) => Math.ceil((quotas[t]! - i) / whole));
      const before = keeps ? held : 0;
      const synthetic = sizes[t]! - quotas[t]!;
      held = before + sizes[t]!;
      const carried = before + synthetic;
      const along = times.reduce((sum, own, i) => sum + own * withPoint[i]!, 0);
      const squares = times.reduce((sum, own) => sum + own * own, 0);
      const next = carried ** 2 * m + 2 * carried * along + squares + synthetic * v;
      const second = (carried * (m + v) + quotas[t]!) / held;
      withPoint = times.map((own, i) => (own + carried * withPoint[i]!) / held);
      m = next / held ** 2;
      v = second - m;
      found.push({ m, v });
    }
    return found;
  }

  const FALLING = [0, 20, 15, 10, 5, 5];
  test.each([
    ['comes late', { batch: { realFraction: { at: [[1, 0], [4, 0.3]] } } }, [0, 0, 0, 6, 6, 6]], // prettier-ignore
    ['falls', { batch: { realFraction: { from: 1, to: 0.25, until: 5 } } }, FALLING],
    ['falls in a pool', { batch: { realFraction: { from: 1, to: 0.25, until: 5 } } }, FALLING],
    ['goes round and round', { growth: 1, batch: { realFraction: 0.6 } }, [0, 24, 36, 48, 60, 72]],
    ['grows in a pool', { growth: 1, batch: { realFraction: 0.6 } }, [0, 24, 36, 48, 60, 72]],
  ])('an archive of which the share %s', (name, raw, quotas) => {
    const keeps = name.endsWith('pool');
    const sizes = quotas.map((_, t) => ('growth' in raw ? n * (t + 1) : n));
    const batch = { ...raw.batch, realSource: 'fixed' };
    const retention = keeps ? 'accumulate' : 'replace';
    const found = moments({ sampleSize: n, generations: 6, ...raw, batch, retention });
    archived(sizes, quotas, keeps).forEach(({ m, v }, i) => {
      expect(found.shift(i + 1)).toBeCloseTo(m, 12);
      expect(found.ratio(i + 1)).toBeCloseTo(v, 12);
    });
  });

  test.each([1, 3, 12])('a uniform coreset of %i points', (size) => {
    // About the mean of the m points, whose variance is σ²(1 − 1/m) whatever they weigh.
    const f = 0.75;
    let [m, v] = [1 / size - 1 / n, 1 - 1 / n];
    for (let t = 2; t <= 30; t++) {
      const next = f * f * (m + v / 15);
      [m, v] = [next, (1 - f) * (1 - 1 / size) + f * (v + m) - next];
    }
    const coreset = { size, method: 'uniform' };
    const batch = { realFraction: 0.25, realSource: 'fixed', coreset };
    const found = moments({ sampleSize: n, batch });
    expect(found.ratio(30)).toBeCloseTo(v, 12);
    const limit = ((1 - 1 / size) * (1 - f * f)) / (1 - f * f + f / n);
    // About a single point nothing is left but rounding, which is no number.
    if (size === 1) expect(found.ratio(500)).toBeNaN();
    else expect(found.ratio(500)).toBeCloseTo(limit, 12);
  });

  test.each(['bernoulli', 'quota'])('memory settles, %s', (realDraw) => {
    const [f, M] = [0.75, 3];
    const d = M - (M - 1) * f;
    const u =
      realDraw === 'bernoulli'
        ? 1 / (n - ((n - 1) * f * f) / d)
        : 1 / n / (1 - (f * f - f / n) / d);
    const found = moments({ sampleSize: n, batch: { realFraction: 0.25, realDraw, memory: M } });
    expect(found.shift(600)).toBeCloseTo(u, 12);
    expect(found.ratio(600)).toBeCloseTo(1 - u, 12);
  });

  test('poison adds its own second moment, paraphrase its noise', () => {
    const poison = { share: 0.1, mean: [3], scale: 0.5 };
    const found = moments({ sampleSize: n, batch: { poison } });
    const s = iterate(1, (s) => 0.9 * s + 0.1 * (9 + 0.25));
    expect(found.ratio(30) + found.shift(30)).toBeCloseTo(s, 12);
    const noisy = moments({ sampleSize: n, batch: { paraphrase: { noise: 0.2, passes: 3 } } });
    const v = iterate(1 - 1 / n, (v) => (1 - 1 / n) * (v + 3 * 0.04));
    expect(noisy.ratio(30)).toBeCloseTo(v, 12);
  });
});

test('a web is the share that it leaves, until the reservoir is empty', () => {
  const web = { stock: 100, published: 50 };
  const found = moments({ sampleSize: 20, batch: { web, realDraw: 'bernoulli' } });
  let u = 1 / 20;
  for (let t = 2; t <= 12; t++) {
    const f = 1 - 100 / (100 + 50 * (t - 1));
    u = 1 / 20 + f * f * (1 - 1 / 20) * u;
  }
  expect(found.shift(12)).toBeCloseTo(u, 12);
  const wall = moments({ sampleSize: 20, batch: { web: { ...web, humanReservoir: 20 } } });
  expect(wall.ratio(12)).toBeCloseTo(0.95 ** 12, 12);
});

test('truncation: shares of χ², and λ as published', () => {
  for (const dim of [1, 2, 3, 4, 5]) {
    for (const c of [0.5, 1, 2, 4]) {
      expect(insideShare(dim, c)).toBeCloseTo(chiSquaredCdf(c * c, dim), 12);
    }
  }
  expect(samplerBias(1, 1, 1)).toBeCloseTo(0.29113, 5);
  expect(samplerBias(1, 1, 2)).toBeCloseTo(0.77374, 5);
  expect(samplerBias(1, 1, 3)).toBeCloseTo(0.97334, 5);
  expect(samplerBias(2, 1, 2)).toBeCloseTo(0.687, 3);
  const batch = { truncation: 2, samplingBias: 0.9 };
  expect(moments({ sampleSize: 20, batch }).ratio(9)).toBeCloseTo(
    (0.9 * samplerBias(1, 1, 2)) ** 8 * 0.95 ** 9,
    12,
  );
});

test.each([
  [{ batch: { verifier: { keep: 0.5 } } }],
  [{ batch: { curation: { candidates: 2 } } }],
  [{ batch: { qualityFilter: 1, realFraction: 0.3 } }],
  [{ batch: { qualityFilter: 1, truncation: 2 } }],
  [{ batch: { qualityFilter: 1, memory: 2 } }],
  [{ batch: { qualityFilter: 1, paraphrase: { noise: 0.1 } } }],
  [{ truth: { ...gaussian, dim: 3 }, batch: { qualityFilter: 10 } }],
  [{ truth: { ...gaussian, components: 2 }, batch: { protectedModes: [1] } }],
  [{ truth: { ...gaussian, components: 2 }, batch: { truncation: 2 } }],
  [{ batch: { truncation: 0.1 } }],
  [{ batch: { memory: 101 } }],
])('there is no law for %j', (input) => {
  expect(moments(input).count).toBe(0);
});
