/** Whole laws of a cell as charts draw them, against independent numbers and lineages that were run. */
import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { fan } from '../../src/experiment/views/fan.ts';
import { finalValues } from '../../src/experiment/views/final-values.ts';
import {
  alongGenerations,
  FAN_QUANTILES,
  lawOverlay,
  type LawCurve,
  type LawOverlay,
} from '../../src/experiment/views/law-overlay.ts';
import { survivalShares } from '../../src/experiment/views/shares.ts';
import { survivalLaw } from '../../src/model/theory/survival-law.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { QUANTILES } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';

const cellOf = (more: Record<string, unknown> = {}) => {
  const spec = parseSpec({
    truth: { kind: 'blobs', components: 1 },
    ...{ sampleSize: 10, generations: 40, statistics: ['varianceRatio', 'logVarianceRatio'] },
    ...more,
  });
  return { spec, truth: resolveTruth(spec.truth, null) };
};

/** What the pieces come to, and how many there were. */
function made(more: Record<string, unknown>, ...generations: number[]) {
  const pieces = lawOverlay(cellOf(more), Float64Array.from(generations));
  for (let count = 0; ; count++) {
    const { done, value } = pieces.next();
    if (done) return { overlay: value, count };
  }
}

const overlayOf = (more: Record<string, unknown>, ...generations: number[]): LawOverlay =>
  made(more, ...generations).overlay;

/** Between two points of the curve. */
function shareAt({ x, share }: LawCurve, value: number): number {
  const i = x.findIndex((one) => one >= value);
  if (i <= 0) return i < 0 ? 1 : 0;
  const part = Math.log(value / x[i - 1]!) / Math.log(x[i]! / x[i - 1]!);
  return share[i - 1]! + part * (share[i]! - share[i - 1]!);
}

describe('fans of laws', () => {
  it.each([
    [20, 0.8489],
    [40, 0.5049],
    [100, 0.0816],
    [199, 0.0042],
  ])('Suresh et al. 2024: P(σ_t > σ₀/10) at t = %i', (t, share) => {
    const more = { fit: { estimator: 'unbiased' }, generations: 199 };
    const { last } = overlayOf(more, 0, t).fans[0]!;
    expect(last.generation).toBe(t);
    // Chords of 1/20 of a standard deviation miss an S by 1/20² · ¼ / 8 at most, and print by 1e-4.
    expect(Math.abs(1 - shareAt(last, 0.01) - share)).toBeLessThan(2e-4);
  });

  it('begin at the truth, and their quantiles are in order', () => {
    const { fans, generations } = overlayOf({}, 0, 1, 7, 40);
    expect([...generations]).toEqual([0, 1, 7, 40]);
    expect(fans.map(({ statistic }) => statistic)).toEqual(['varianceRatio', 'logVarianceRatio']);
    const [ratio, log] = fans.map(({ quantiles }) => quantiles);
    for (const name of FAN_QUANTILES) {
      expect([ratio![name][0], log![name][0]]).toEqual([1, 0]);
      expect(Math.exp(log![name][3]!)).toBeCloseTo(ratio![name][3]!, 14);
    }
    const last = FAN_QUANTILES.map((name) => ratio![name][3]!);
    expect(last).toEqual([...last].sort((a, b) => a - b));
  });

  it('say from when on mean and median part, and what is above the mean', () => {
    const { parting } = overlayOf(
      { sampleSize: 100, generations: 100, statistics: ['varianceRatio'] },
      ...Array.from({ length: 101 }, (_, t) => t),
    ).fans[0]!;
    const { since, generation, mean, median, below } = parting!;
    // ln v_t is near normal with variance s² = .020407 t: mean over median e^{s²/2} ≥ 1.1 from 9.3 on.
    expect([since, generation]).toEqual([10, 100]);
    expect(mean).toBeCloseTo(0.99 ** 100, 12);
    // −2.0185 + s²/2 is ln of the mean; skewness −.0143 moves the median by −skewness·s/6 = .0034.
    expect(Math.log(median)).toBeCloseTo(-2.0185 + 0.0034, 3);
    // Φ((ln mean − ln median)/s) = Φ(.7) = .758, but for the same skewness.
    expect(Math.abs(below - 0.758)).toBeLessThan(0.003);
  });

  it('do not speak of a parting where there is hardly one', () => {
    const [ratio, log] = overlayOf({ generations: 100 }, 0, 1).fans;
    expect([ratio!.parting, log!.parting]).toEqual([null, null]);
    const large = overlayOf({ sampleSize: 10_000, generations: 100 }, 0, 100).fans;
    expect(large[0]!.parting).toBeNull();
  });

  it('speak of a parting while there are numbers for it', () => {
    // ln v_t has mean −1.963 a generation at n = 2: e^−1178 is no number, e^−589 none either.
    const two = { sampleSize: 2, generations: 600, statistics: ['varianceRatio'] };
    const [{ parting, quantiles }] = overlayOf(two, 0, 1, 300, 600).fans as [LawOverlay['fans'][0]];
    expect(quantiles.q50[3]).toBe(0);
    expect(parting!.generation).toBe(300);
    expect(parting!.mean / 2 ** -300).toBeCloseTo(1, 10);
    expect(Math.log(parting!.median)).toBeCloseTo(300 * (Math.log(0.5) - 1.2704), -1);
  });

  it('are nothing where no law is known', () => {
    const none = overlayOf({ batch: { realFraction: 0.1 } }, 0, 40);
    expect([none.fans, none.survivals]).toEqual([[], [null]]);
  });
});

describe('survival', () => {
  it('is the law of the first time, at the generations asked for', () => {
    const { spec, truth } = cellOf();
    const { shares } = survivalLaw(spec, truth, spec.criteria[0]!)!;
    const [law] = overlayOf({}, 0, 3, 40).survivals;
    expect([...law!.shares]).toEqual([shares[0], shares[3], shares[40]]);
  });

  it('is worked out in pieces', () => {
    // For 40 generations of the fans, 41 of a mean and of survival, and one for each statistic.
    const generations = Array.from({ length: 41 }, (_, t) => t);
    expect(made({}, ...generations).count).toBe(40 + 41 + 41 + 2);
  });
});

it('is put along other generations, with gaps where it was not worked out', () => {
  const own = Float64Array.of(0, 2, 4);
  const along = alongGenerations(Float64Array.of(1, 3, 5), own, Float64Array.of(0, 1, 2, 4, 9));
  expect([...along]).toEqual([1, NaN, 3, 5, NaN]);
});

describe('beside lineages that were run', () => {
  const R = 2000;

  it('quantiles lie at their shares, and lineages survive as the law says', async () => {
    const { spec } = cellOf({ replicates: R, generations: 12, seed: 3 });
    const engine = createReferenceEngine();
    const plan = planRun(spec, engine.limits);
    const results = await runExperiment(plan, engine);
    const laws = overlayOf({ generations: 12 }, ...Array.from({ length: 13 }, (_, t) => t));
    const { measured, law } = finalValues(results, 0, 0, laws);
    QUANTILES.forEach((share, q) => {
      const z = (shareAt(law!.last, measured[q]!) - share) / Math.sqrt((share * (1 - share)) / R);
      expect(Math.abs(z), `${share}`).toBeLessThanOrEqual(4);
    });
    const all = Float64Array.from({ length: 13 }, (_, t) => t);
    const [whole] = survivalShares(results, 0, all)!.series;
    expect(whole!.halfBy).toBe(whole!.values.findIndex((share) => share <= 0.5));
    const generations = Float64Array.of(0, 4, 12);
    const [{ values, law: survival }] = survivalShares(results, 0, generations, laws)!.series as [
      NonNullable<ReturnType<typeof survivalShares>>['series'][number],
    ];
    values.forEach((found, i) => {
      const expected = survival!.values[i]!;
      const error = Math.sqrt((expected * (1 - expected)) / R);
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(4 * error);
    });
    const shown = fan(results, 0, 0, generations, laws);
    expect(shown.whole!.quantiles.q50[2]).toBe(law!.quantiles.q50[12]);
    expect(fan(results, 0, 0, generations).whole).toBeNull();
  });
});
