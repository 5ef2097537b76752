import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import { bundledCsv, BUNDLED_NAMES } from '../../src/model/data/bundled.ts';
import { parseCsv } from '../../src/model/data/csv.ts';
import { fitByBic, fitComponents } from '../../src/model/data/fit-mixture.ts';
import { totalMoments } from '../../src/model/mixture.ts';
import { checkTruthFits, resolveTruth, type DataSet, type Truth } from '../../src/model/truth.ts';
import { DATASETS } from '../../src/spec/datasets.ts';
import { parseSpec } from '../../src/spec/schema.ts';

const blobs = (fields: object): Truth =>
  resolveTruth(parseSpec({ truth: { kind: 'blobs', ...fields } }).truth, null);

const load = (file: string, columns: readonly string[]): DataSet =>
  parseCsv(bundledCsv(file)!, { file, columns });

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((x, i) => x - b[i]!));

describe('blobs', () => {
  it('on a line are centred at the origin, neighbours one separation apart', () => {
    const { mixture, mean, covariance, log2Unit, dim, rows } = blobs({ separation: 4 });
    expect(mixture.means).toEqual([[-4], [0], [4]]);
    expect(mixture.covariances).toEqual([[1], [1], [1]]);
    expect(mixture.weights).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(mean[0]).toBeCloseTo(0, 15);
    // Within 1, between (16 + 0 + 16)/3.
    expect(covariance[0]).toBeCloseTo(1 + 32 / 3, 13);
    // √(35/3) = 3.416, between 2 and 4.
    expect(log2Unit).toBe(2);
    expect(dim).toBe(1);
    expect(rows).toBeNull();
  });

  it.each([2, 3, 5, 8])(
    'on a ring of %i are one separation from their neighbours',
    (components) => {
      const { means } = blobs({ dim: 3, layout: 'ring', components, separation: 3 }).mixture;
      means.forEach((mean, j) => {
        expect(distance(mean, means[(j + 1) % components]!)).toBeCloseTo(3, 12);
        expect(mean[2]).toBe(0);
      });
      for (const a of [0, 1]) {
        expect(means.reduce((sum, mean) => sum + mean[a]!, 0)).toBeCloseTo(0, 12);
      }
    },
  );

  it('on a grid fill a square, or a cube, row by row', () => {
    const square = blobs({ dim: 2, layout: 'grid', components: 4, separation: 2 }).mixture.means;
    expect(square).toEqual([[-1, -1], [1, -1], [-1, 1], [1, 1]]); // prettier-ignore
    const cube = blobs({ dim: 3, layout: 'grid', components: 8, separation: 2 }).mixture.means;
    expect(cube).toHaveLength(8);
    expect(cube.every((mean) => mean.every((x) => Math.abs(x) === 1))).toBe(true);
    const five = blobs({ dim: 2, layout: 'grid', components: 5, separation: 1 }).mixture.means;
    // Three columns, so the second row holds two: centroid (4/5, 2/5).
    expect(distance(five[0]!, [-0.8, -0.4])).toBeLessThan(1e-15);
    expect(distance(five[4]!, [0.2, 0.6])).toBeLessThan(1e-15);
  });

  it('alone sit at the origin', () => {
    for (const layout of ['line', 'ring', 'grid']) {
      const { mixture } = blobs({ dim: 2, layout, components: 1 });
      expect(mixture.means).toEqual([[0, 0]]);
      expect(mixture.covariances).toEqual([[1, 0, 1]]);
    }
  });

  it('weigh by Zipf or by a list, whose mean then leaves the origin', () => {
    const zipf = blobs({ components: 3, weights: { zipf: 1 } }).mixture.weights;
    // 1 : ½ : ⅓ sums to 11/6.
    [6 / 11, 3 / 11, 2 / 11].forEach((w, j) => expect(zipf[j]).toBeCloseTo(w, 15));
    const { mixture, mean } = blobs({ components: 2, separation: 2, weights: [0.9, 0.1] });
    expect(mixture.weights).toEqual([0.9, 0.1]);
    expect(mean[0]).toBeCloseTo(-0.8, 15);
  });
});

describe('mixtures', () => {
  const components = [
    { weight: 0.25, mean: [1, 2], covariance: [[2, 0.5], [0.5, 1]] }, // prettier-ignore
    { weight: 0.75 + 5e-10, mean: [-1, 0], covariance: [[1, 0], [0, 4]] }, // prettier-ignore
  ];

  it('are packed, and their weights sum to 1 exactly', () => {
    const { mixture } = resolveTruth(
      parseSpec({ truth: { kind: 'mixture', components } }).truth,
      null,
    );
    expect(mixture.covariances).toEqual([[2, 0.5, 1], [1, 0, 4]]); // prettier-ignore
    expect(mixture.weights[0]! + mixture.weights[1]!).toBe(1);
  });

  it('have a unit of their own size: the power of 2 above the sd', () => {
    for (const [variance, unit] of [
      [1, 1],
      [0.99, 0],
      [4, 2],
      [1e-60, -99],
      [1e20, 34],
    ] as const) {
      // prettier-ignore
      const one = [{ weight: 1, mean: [3], covariance: [[variance]] }];
      const truth = resolveTruth(
        parseSpec({ truth: { kind: 'mixture', components: one } }).truth,
        null,
      );
      expect(truth.log2Unit).toBe(unit);
      expect(Math.sqrt(variance)).toBeLessThan(2 ** unit);
      expect(Math.sqrt(variance)).toBeGreaterThanOrEqual(2 ** (unit - 1));
    }
  });
});

describe('data', () => {
  // tests/oracle/faithful-em.py. Ours stops when a step gains under 1e-13 nats per row: with
  // 272 rows and d²L/dμ² ≈ 272·w/σ² > 900 the last step is under 2e-7, and EM, which halves the
  // error at least every other step here, is within 1e-6 of its limit; 1e-5 leaves room for σ².
  const TOLERANCE = 5;

  it('of Old Faithful, two components, meet an independent EM', () => {
    const { mixture, logLikelihood, bic } = fitComponents(load('faithful.csv', ['eruptions']).rows, 1, 2)!; // prettier-ignore
    expect(logLikelihood).toBeCloseTo(-276.36004049574285, TOLERANCE);
    expect(bic).toBeCloseTo(580.7490913229657, TOLERANCE);
    [0.3484046474, 0.6515953526].forEach((w, k) =>
      expect(mixture.weights[k]).toBeCloseTo(w, TOLERANCE),
    );
    [2.0186078483, 4.2733434509].forEach((m, k) =>
      expect(mixture.means[k]![0]).toBeCloseTo(m, TOLERANCE),
    );
    [0.0555176427, 0.1910241547].forEach((v, k) =>
      expect(mixture.covariances[k]![0]).toBeCloseTo(v, TOLERANCE),
    );
  });

  it('of Old Faithful in the plane meet it too', () => {
    const { rows } = load('faithful.csv', ['eruptions', 'waiting']);
    const { mixture, bic } = fitComponents(rows, 2, 2)!;
    expect(bic).toBeCloseTo(2322.1917430987396, TOLERANCE);
    expect(mixture.means[0]![1]).toBeCloseTo(54.4785163878, 4);
    [0.0691676734, 0.4351676333, 33.6972821329].forEach((c, i) =>
      expect(mixture.covariances[0]![i]! / c).toBeCloseTo(1, TOLERANCE),
    );
  });

  it('choose the number of components by BIC', () => {
    // The oracle's BIC at three components is 572.68, under the 580.75 of two.
    const eruptions = fitByBic(load('faithful.csv', ['eruptions']).rows, 1);
    expect(eruptions.bic).toBeCloseTo(572.6838895677471, 4);
    expect(eruptions.mixture.weights).toHaveLength(3);
    expect(fitByBic(load('iris.csv', ['Petal.Length']).rows, 1).mixture.weights).toHaveLength(2);
    expect(fitByBic(load('iris.csv', ['Sepal.Width']).rows, 1).mixture.weights).toHaveLength(1);
  });

  it('keep their rows and their own moments', () => {
    const data = load('faithful.csv', ['eruptions', 'waiting']);
    const spec = { kind: 'data', file: 'faithful.csv', columns: ['eruptions', 'waiting'] } as const;
    const truth = resolveTruth(spec, data);
    expect(truth.rows).toHaveLength(272 * 2);
    // NumPy's mean and cov(bias=True), printed with 10 digits.
    [3.4877830882, 70.8970588235].forEach((m, a) => expect(truth.mean[a]).toBeCloseTo(m, 9));
    [1.2979388904, 13.9264188473, 184.1438148789].forEach((c, i) =>
      expect(truth.covariance[i]).toBeCloseTo(c, 9),
    );
    // EM keeps the sample's moments, up to the floor of 1e-9 of each variance.
    const fitted = totalMoments(truth.mixture);
    fitted.mean.forEach((m, a) => expect(m / truth.mean[a]!).toBeCloseTo(1, 9));
    fitted.covariance.forEach((c, i) => expect(c / truth.covariance[i]!).toBeCloseTo(1, 7));
  });

  it('take columns in the order of the spec', () => {
    const data = load('faithful.csv', ['eruptions', 'waiting']);
    const truth = resolveTruth({ kind: 'data', file: 'f', columns: ['waiting'] }, data);
    expect(truth.dim).toBe(1);
    expect(truth.mean[0]).toBeCloseTo(70.8970588235, 9);
  });

  it('give the same fit each time, wherever the origin', () => {
    const { rows } = load('faithful.csv', ['eruptions']);
    expect(fitByBic(rows, 1)).toEqual(fitByBic(rows, 1));
    const far = fitByBic(
      rows.map((x) => x + 1e6),
      1,
    ).mixture;
    // 1e6 leaves 1e-10 of each value, 1e-9 of the narrowest width.
    expect(far.means[0]![0]! - 1e6).toBeCloseTo(fitByBic(rows, 1).mixture.means[0]![0]!, 4);
  });

  it('do not mistake repeated values for a mode', () => {
    const spread = Array.from({ length: 200 }, (_, i) => Math.sin(i * 12.9898) * 3 + i / 100);
    const rows = Float64Array.from([...spread, ...Array<number>(30).fill(0.5)]);
    const { mixture } = fitByBic(rows, 1);
    const widths = mixture.covariances.map(([variance]) => Math.sqrt(variance!));
    expect(Math.min(...widths)).toBeGreaterThan(Math.max(...widths) / 100);
  });

  it('are thinned fairly when there are many, and have a period', () => {
    // 5000 of 40 000 rows, sd 5: the mean of a fair sample is within 5 · 5/√5000 = 0.35.
    const rows = Float64Array.from({ length: 40_000 }, (_, i) => (i % 2 ? 10 : 0) + Math.sin(i));
    const [mean] = fitComponents(rows, 1, 1)!.mixture.means[0]!;
    expect(Math.abs(mean! - 5)).toBeLessThan(0.35);
  });

  it.each([
    ['not read', null, 'has not been read'],
    ['constant', [[1], [1], [1]], 'Column "x" is 1 in every row'],
  ] as const)('that are %s are refused', (_, values, message) => {
    const data: DataSet | null = values && {
      name: 'f.csv',
      columns: ['x'],
      rows: Float64Array.from(values.flat()),
      rowCount: values.length,
    };
    expect(() => resolveTruth({ kind: 'data', file: 'f.csv', columns: ['x'] }, data)).toThrow(
      message,
    );
  });

  it('with dependent columns, or without the column, are refused', () => {
    const rows = Float64Array.from([1, 2, 2, 4, 3, 6, 5, 10]);
    const data: DataSet = { name: 'f.csv', columns: ['x', 'y'], rows, rowCount: 4 };
    const spec = { kind: 'data', file: 'f.csv' } as const;
    expect(() => resolveTruth({ ...spec, columns: ['x', 'y'] }, data)).toThrow(
      'Column "y" is a combination of those before it.',
    );
    expect(() => resolveTruth({ ...spec, columns: ['z'] }, data)).toThrow('no column "z"');
  });

  it('decide whether a start from the truth is possible', () => {
    const truth = { kind: 'data', file: 'faithful.csv', columns: ['waiting'] };
    const resolved = resolveTruth(parseSpec({ truth }).truth, load('faithful.csv', ['waiting']));
    expect(resolved.mixture.weights).toHaveLength(2);
    const spec = (fit: object, rest = {}) => parseSpec({ truth, fit, ...rest });
    expect(() => checkTruthFits(spec({ init: 'truth', components: 2 }), resolved)).not.toThrow();
    expect(() => checkTruthFits(spec({ init: 'truth', components: 3 }), resolved)).toThrow(
      SpecError,
    );
    const few = spec({ components: 3, covarianceFloor: 1 }, { sampleSize: 2 });
    expect(() => checkTruthFits(few, resolved)).toThrow('3 centres among 2 points');
  });
});

describe('bundled data', () => {
  it.each(DATASETS.map((row) => [row.file, row] as const))('%s is what it says', (file, row) => {
    const one = load(file, row.columns.slice(0, 3));
    expect(one.rowCount).toBe(row.rowCount);
    expect(load(file, row.columns.slice(-1)).rowCount).toBe(row.rowCount);
    expect(BUNDLED_NAMES).toContain(file);
  });

  it('is not read from other names', () => {
    expect(bundledCsv('README.md')).toBeNull();
    expect(bundledCsv('__proto__')).toBeNull();
  });
});
