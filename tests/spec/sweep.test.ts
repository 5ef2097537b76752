import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import {
  applySettings,
  axesFor,
  axisValues,
  cellCount,
  cellSpecs,
  parseSpec,
  readPath,
  specFromUrl,
  specToSettings,
  specToUrl,
} from '../../src/spec/schema.ts';

const sweepOf = (sweep: unknown, truth: object = {}, fit: object = {}) =>
  parseSpec({ truth: { kind: 'blobs', ...truth }, fit, sweep });

const problemsOf = (sweep: unknown): string[] => {
  try {
    sweepOf(sweep);
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map((p) => `${p.field}: ${p.message}`);
    throw error;
  }
  return [];
};

describe('axes', () => {
  it('are linear or logarithmic, with exact ends and tidy steps', () => {
    const range = { from: 0, to: 1, steps: 6, scale: 'linear' } as const;
    expect(axisValues(range)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    const log = { from: 0.001, to: 1, steps: 4, scale: 'log' } as const;
    expect(axisValues(log)).toEqual([0.001, 0.01, 0.1, 1]);
    expect(axisValues({ ...range, from: 1, to: 0 })).toEqual([1, 0.8, 0.6, 0.4, 0.2, 0]);
  });

  it('over whole numbers are rounded and written out', () => {
    const { sweep } = sweepOf({ sampleSize: { from: 10, to: 1000, steps: 5, scale: 'log' } });
    expect(sweep).toEqual({ sampleSize: [10, 32, 100, 316, 1000] });
  });

  it('are linear where nothing is said', () => {
    const { sweep } = sweepOf({ 'batch.realFraction': { from: 0, to: 1, steps: 3 } });
    expect(sweep['batch.realFraction']).toMatchObject({ scale: 'linear' });
  });

  it.each([
    [{ sampleSize: [] }, 'sweep.sampleSize: The axis has 0 values.'],
    [{ sampleSize: [10, 10] }, 'sweep.sampleSize: 10 is there twice.'],
    [{ 'batch.realFraction': [0, -0] }, 'sweep.batch.realFraction: 0 is there twice.'],
    [{ sampleSize: [10, 1.5] }, 'sweep.sampleSize[1]: 1.5 is not a whole number.'],
    [{ sampleSize: 10 }, 'sweep.sampleSize: 10 is not an axis.'],
    [{ sampleSize: { from: 1, to: 5, steps: 20 } }, 'sweep.sampleSize: 20 steps between 1 and 5 repeat a whole number.'], // prettier-ignore
    [{ sampleSize: { from: 5, to: 5, steps: 2 } }, 'sweep.sampleSize: All 2 values are 5.'],
    [{ 'batch.realFraction': { from: 0, to: 1, steps: 3, scale: 'log' } }, 'sweep.batch.realFraction: A log scale starts and ends above 0.'], // prettier-ignore
    [{ 'batch.realFraction': { from: 0, to: 1, steps: 1 } }, 'sweep.batch.realFraction.steps: 1 is under 2.'], // prettier-ignore
    [{ 'batch.realFraction': { from: 0, to: 1, steps: 1e9 } }, 'sweep.batch.realFraction.steps: 1 000 000 000 is over 65 536.'], // prettier-ignore
    [{ 'batch.realFraction': { from: 0, to: 2, steps: 3, by: 1 } }, 'sweep.batch.realFraction.by: Not a field of this version.'], // prettier-ignore
    [{ 'fit.init': ['parent', 'chance'] }, 'sweep.fit.init[1]: "chance" is not one of its values.'],
    [{ 'fit.init': { from: 0, to: 1, steps: 2 } }, 'sweep.fit.init: an object is not an axis.'],
    [{ sampleSize: [null, 10] }, 'sweep.sampleSize[0]: null is not a number.'],
    [{ 'batch.truncation': [null, 2, null] }, 'sweep.batch.truncation: null is there twice.'],
    [
      { 'batch.truncation': [{ at: [[1, 2]] }] },
      'sweep.batch.truncation[0]: an object is not a number.',
    ],
    [{ 'batch.truncation': { from: null, to: 3, steps: 3 } }, 'sweep.batch.truncation.from: null is not a number.'], // prettier-ignore
    [{ 'batch.realFraction': { from: { at: [[1, 0]] }, to: 1, steps: 3 } }, 'sweep.batch.realFraction.from: an object is not a number.'], // prettier-ignore
    [{ seed: [1, 2] }, 'sweep.seed: This field cannot be swept.'],
    [{ 'truth.kind': ['blobs'] }, 'sweep.truth.kind: This field cannot be swept.'],
    [{ 'batch.recall': [1] }, 'sweep.batch.recall: There is no such field to sweep.'],
    [[1], 'sweep: a list of 1 is not an object.'],
  ])('refuse %j', (sweep, problem) => {
    expect(problemsOf(sweep)[0]).toBe(problem);
  });
});

describe('cells', () => {
  it('are the cross product, the last axis fastest, without a sweep of their own', () => {
    const spec = sweepOf({ sampleSize: [10, 20], 'fit.covariance': ['full', 'diagonal'] });
    const cells = [...cellSpecs(spec)];
    expect(cellCount(spec)).toBe(4);
    expect(cells.map(({ values }) => values)).toEqual([
      [10, 'full'],
      [10, 'diagonal'],
      [20, 'full'],
      [20, 'diagonal'],
    ]);
    expect(cells[3]!.spec).toMatchObject({ sampleSize: 20, fit: { covariance: 'diagonal' } });
    expect(cells.every(({ spec: cell }) => Object.keys(cell.sweep).length === 0)).toBe(true);
    expect(Object.isFrozen(cells[0]!.spec.fit)).toBe(true);
    for (const { spec: cell } of cells) expect(parseSpec(cell)).toEqual(cell);
  });

  it('are one where nothing is swept', () => {
    const spec = sweepOf({});
    expect([...cellSpecs(spec)]).toEqual([{ values: [], spec }]);
  });

  it('on a log scale lie between their ends, however far apart these are', () => {
    for (const [from, to] of [
      [5e-324, 1e-15],
      [1e12, 5e-324],
    ] as const) {
      const values = axisValues({ from, to, steps: 4, scale: 'log' }).map(Number);
      const falling = [...values].sort((a, b) => (from < to ? a - b : b - a));
      expect(values).toEqual(falling);
      expect([values[0], values.at(-1)]).toEqual([from, to]);
    }
  });

  it('have as many components as their truth where no K is asked for', () => {
    const spec = sweepOf({ 'truth.components': [1, 2, 25] });
    const cells = [...cellSpecs(spec)].map(({ spec: cell }) => cell.fit);
    expect(cells.map(({ components }) => components)).toEqual([1, 2, 25]);
    expect(cells.every((fit) => !('componentsFromTruth' in fit))).toBe(true);
    // The resolved spec says so itself: read back from a file it means the same.
    const again = parseSpec(JSON.parse(JSON.stringify(spec)));
    expect(again).toEqual(spec);
  });

  it('keep the K that is asked for', () => {
    const asked = sweepOf({ 'truth.components': [1, 3] }, {}, { components: 3 });
    expect([...cellSpecs(asked)].map(({ spec }) => spec.fit.components)).toEqual([3, 3]);
    const swept = sweepOf({ 'truth.components': [1, 3], 'fit.components': [2] });
    expect([...cellSpecs(swept)].map(({ spec }) => spec.fit.components)).toEqual([2, 2]);
  });

  it('refuse componentsFromTruth where there is nothing to follow', () => {
    expect(() => sweepOf({}, {}, { componentsFromTruth: true })).toThrow('no sweep of components');
  });

  it('may be without what the others have', () => {
    const values: Readonly<Record<string, number>> = {
      'batch.web.humanReservoir': 200,
      'batch.truncation': 2,
      'fit.realWeight': 0.5,
    };
    const nullable = axesFor('blobs').filter((row) => row.nullable !== undefined);
    expect(nullable.map(({ path }) => path)).toEqual(Object.keys(values));
    for (const [path, value] of Object.entries(values)) {
      const beside = path.startsWith('fit') ? { batch: { realFraction: 0.1 } } : {};
      const raw = { truth: { kind: 'blobs' }, ...beside, sweep: { [path]: [null, value] } };
      const spec = parseSpec(raw);
      const [without, other] = [...cellSpecs(spec)];
      expect(without!.values).toEqual([null]);
      expect(readPath(without!.spec, path)).toBeNull();
      expect(readPath(other!.spec, path)).toBe(value);
      const flags = specToSettings(spec);
      expect(flags).toContain(`sweep.${path}=none,${value}`);
      expect(parseSpec(applySettings({}, flags))).toEqual(spec);
      const settings = parseSpec(applySettings({}, [...flags, `sweep.${path}=[null]`]));
      expect(settings.sweep[path]).toEqual([null]);
      expect(specFromUrl(specToUrl(spec))).toEqual({ spec, problems: [] });
      expect(specToUrl(spec)).toContain('none,');
    }
  });

  it('sweep the Zipf exponent', () => {
    const spec = sweepOf({ 'truth.weights.zipf': [0, 1] });
    expect([...cellSpecs(spec)].map(({ spec: cell }) => cell.truth)).toMatchObject([
      { weights: { zipf: 0 } },
      { weights: { zipf: 1 } },
    ]);
  });
});
