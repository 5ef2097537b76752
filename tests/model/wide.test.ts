/** K = 1 in many dimensions: draws from the laws against points, statistics against plain algebra. */
import { describe, expect, test } from 'vitest';
import { unframeModel } from '../../src/model/gmm/model.ts';
import { runLineage } from '../../src/model/lineage.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { cellRules, type Rules } from '../../src/model/rules.ts';
import { observe } from '../../src/model/statistics/observe.ts';
import { statisticTables } from '../../src/model/statistics/tables.ts';
import { SATURATION, STATUS_BITS } from '../../src/model/status.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { WIDE_STATISTICS } from '../../src/spec/statistics.ts';
import oracle from '../oracle/wide.json' with { type: 'json' };
import { ALPHA, twoSampleDistance, twoSampleLimit } from '../support/goodness.ts';
import { unpack } from '../support/textbook-em.ts';
import {
  collapsedModel,
  entropyOf,
  klOf,
  resolvedTruth,
  wideErrors,
  wideTruth,
  type Gaussian,
} from '../support/wide.ts';

const cellOf = (raw: object) => {
  const spec = parseSpec(raw);
  const truth = resolveTruth(spec.truth, null);
  return { spec, truth, rules: cellRules(spec, truth, 0) };
};

describe('one population with points', () => {
  const DIM = 6;
  const REPLICATES = 400;
  const GENERATIONS = [1, 2, 5];
  const CASES: Readonly<Record<string, object>> = {
    'own samples': {},
    'a narrow sampler, unbiased': {
      batch: { samplingBias: 0.8 },
      fit: { estimator: 'unbiased' },
    },
    'real points': { batch: { realFraction: 0.3, samplingBias: 1.2 } },
    'an archive': { batch: { realFraction: 0.5, realSource: 'fixed' } },
    bernoulli: { batch: { realFraction: 0.4, realDraw: 'bernoulli' } },
    'everything kept': { retention: 'accumulate' },
    'several models': { batch: { memory: 3, realFraction: 0.2 } },
    'real points that weigh more': { batch: { realFraction: 0.3 }, fit: { realWeight: 0.6 } },
    'a prior about the parent': { fit: { estimator: 'map', prior: { strength: 6 } } },
    'a floor, spherical': { fit: { covarianceFloor: 0.1, covariance: 'spherical' } },
  };

  /** [generation][replicate][measure] */
  function measured(rules: Rules, truth: ReturnType<typeof cellOf>['truth']) {
    const lineages = Array.from({ length: REPLICATES }, (_, i) => runLineage(rules, i, 5));
    return GENERATIONS.map((t) =>
      lineages.map((models) => {
        const model = models[t - 1]!;
        const { means, covariances } = unframeModel(model, truth.mean, truth.log2Unit);
        const full = unpack(covariances[0]!, DIM);
        const trace = full.reduce((sum, row, a) => sum + row[a]!, 0);
        const pivot = Math.log(model.factors.at(-1)!);
        // Rounded to 10⁻⁹: equal where a shape leaves nothing off the diagonal.
        const covariance = Math.round(1e9 * full[DIM - 1]![0]!) / 1e9;
        const width = Math.LN2 * (model.scale + model.exponents[0]!);
        return [Math.log(trace), means[0]![DIM - 1]!, pivot + width, covariance];
      }),
    );
  }

  test.each(Object.keys(CASES))('%s', (name) => {
    const { truth, rules } = cellOf({
      ...{ truth: wideTruth(DIM), sampleSize: 10, generations: 5, seed: 4 },
      ...CASES[name],
    });
    expect(rules.closedForm).toBe(true);
    const other = cellOf({ truth: wideTruth(DIM), seed: 5 }).rules.key;
    const closed = measured(rules, truth);
    const points = { ...rules, key: other, closedForm: false, grouped: false };
    const sampled = measured(points, truth);
    const alpha = ALPHA / (4 * GENERATIONS.length);
    const limit = twoSampleLimit(alpha, REPLICATES, REPLICATES);
    GENERATIONS.forEach((t, g) => {
      for (let measure = 0; measure < 4; measure++) {
        const [a, b] = [closed, sampled].map((found) =>
          Float64Array.from(found[g]!, (one) => one[measure]!),
        );
        expect(a!.every(Number.isFinite)).toBe(true);
        expect(twoSampleDistance(a!, b!), `measure ${measure} at t = ${t}`).toBeLessThan(limit);
      }
    });
  });
});

describe('statistics', () => {
  const measure = (raw: object) => {
    const { spec, truth, rules } = cellOf({ statistics: WIDE_STATISTICS, ...raw });
    const models = runLineage(rules, 7, spec.generations);
    const tables = statisticTables(truth, spec.nodes, spec.statistics, spec.stages);
    const rows = models.map((model, g) => {
      const at = { key: rules.key, lineage: 7, generation: g + 1 };
      const found = observe(spec.statistics, model, tables, at, models[g - 1] ?? null);
      return Object.fromEntries(spec.statistics.map((name, s) => [name, found[s]!]));
    });
    return { truth, models, rows };
  };

  test.each([5, 20])('are those of plain algebra, d = %i', (dim) => {
    const { truth, models, rows } = measure({
      ...{ truth: wideTruth(dim), sampleSize: 60, generations: 3, seed: 2 },
      batch: { realFraction: 0.2 },
    });
    const gaussianOf = (mean: readonly number[], packed: readonly number[]): Gaussian => ({
      mean,
      covariance: unpack(packed, dim),
    });
    const home = gaussianOf(truth.mean, truth.covariance);
    const found = models.map((model) => {
      const { means, covariances } = unframeModel(model, truth.mean, truth.log2Unit);
      return gaussianOf(means[0]!, covariances[0]!);
    });
    found.forEach((model, g) => {
      const row = rows[g]!;
      const trace = ({ covariance }: Gaussian) =>
        covariance.reduce((sum, entries, a) => sum + entries[a]!, 0);
      const shift = model.mean.reduce((sum, x, a) => sum + (x - home.mean[a]!) ** 2, 0);
      const kl = klOf(home, model);
      const expected: Record<string, number> = {
        meanShiftSquared: shift,
        totalVariance: trace(model),
        varianceRatio: trace(model) / trace(home),
        logVarianceRatio: Math.log(trace(model) / trace(home)),
        logDetRatio: 2 * (entropyOf(model) - entropyOf(home)),
        entropy: entropyOf(model),
        entropyLoss: entropyOf(home) - entropyOf(model),
        klTruthToModel: kl,
        klModelToTruth: klOf(model, home),
        stepKl: klOf(found[g - 1] ?? home, model),
        testNll: kl + entropyOf(home),
        selfNll: entropyOf(model),
        calibrationGap: kl + entropyOf(home) - entropyOf(model),
        // Four in five points are copies of the model before.
        ancestry: [0, 0.8, 0.8 * 1.8][g]!,
      };
      expect(Object.keys(expected)).toEqual(Object.keys(row));
      // Elimination of matrices with condition numbers under 10⁴ keeps 11 of 16 digits.
      for (const [name, value] of Object.entries(expected)) {
        expect(Math.abs(row[name]! - value), name).toBeLessThan(1e-10 * (1 + Math.abs(value)));
      }
    });
  });

  test.each(oracle)(
    'are those of tests/oracle/wide.py: d = $dim, n = $sampleSize',
    ({ dim, sampleSize, generations, expected }) => {
      const truth = resolvedTruth(dim);
      const model = collapsedModel(truth, [sampleSize, generations], 0.3);
      const parent = collapsedModel(truth, [sampleSize, generations - 1], 0.2);
      const names = Object.keys(expected) as (keyof typeof expected)[];
      expect(names).toEqual(WIDE_STATISTICS.filter((name) => name !== 'ancestry'));
      const tables = statisticTables(truth, 64, names);
      const at = { key: randomKey(1, 0), lineage: 0, generation: generations };
      const found = observe(names, model, tables, at, parent);
      const errors = wideErrors(truth, model, parent, expected, 2 ** -53);
      names.forEach((name, s) => {
        const off = Math.abs(found[s]! - expected[name]);
        expect(off, `${name}: ${found[s]}`).toBeLessThan(errors[name]!);
      });
    },
  );

  test('fits to n ≤ d points have no volume, a trace, and are marked', () => {
    const { models, rows } = measure({ truth: wideTruth(10), sampleSize: 10, generations: 2 });
    models.forEach(({ status, factors }) => {
      expect(status & STATUS_BITS.degenerate).not.toBe(0);
      expect(factors.at(-1)).toBe(0);
    });
    for (const row of rows) {
      expect(row['logDetRatio']).toBe(-SATURATION);
      expect(row['klTruthToModel']).toBe(SATURATION);
      expect(row['varianceRatio']).toBeGreaterThan(0.1);
      expect(row['varianceRatio']).toBeLessThan(2);
    }
  });

  test('a pool of more than d points has volume, though its lineage stays marked', () => {
    const { models, rows } = measure({
      ...{ truth: wideTruth(10), sampleSize: 6, generations: 3, retention: 'accumulate' },
    });
    expect(rows.map((row) => row['logDetRatio']! > -SATURATION)).toEqual([false, true, true]);
    for (const { status } of models) expect(status & STATUS_BITS.degenerate).not.toBe(0);
  });
});
