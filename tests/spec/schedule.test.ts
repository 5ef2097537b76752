import { describe, expect, test } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import {
  applySettings,
  cornerSpecs,
  isScheduled,
  parseSpec,
  phaseStarts,
  specAt,
  specFromUrl,
  specToSettings,
  specToUrl,
  valueAt,
  type Ramped,
} from '../../src/spec/schema.ts';

const truth = { kind: 'blobs', components: 1 };
const specOf = (realFraction: unknown, generations = 30) =>
  parseSpec({ truth, batch: { realFraction }, generations });
const along = (schedule: Ramped, generations: readonly number[]) =>
  generations.map((generation) => valueAt(schedule, generation));

describe('the value at a generation', () => {
  test('steps hold from their generation on', () => {
    const steps = { at: [[1, 0], [5, 0.5], [20, 0.1]] } as const; // prettier-ignore
    expect(along(steps, [1, 4, 5, 19, 20, 1000])).toEqual([0, 0, 0.5, 0.5, 0.1, 0.1]);
  });

  test('a line goes from generation 2 to its end, and stays there', () => {
    const line = { from: 1, to: 0.2, until: 10, shape: 'linear' } as const;
    expect(along(line, [1, 2, 6, 10, 11])).toEqual([1, 1, 0.6, 0.2, 0.2]);
  });

  test('the logistic curve meets the line at both ends and in the middle, and is steeper there', () => {
    const curve = { from: 1, to: 0.2, until: 10, shape: 'logistic' } as const;
    const [first, middle, last] = along(curve, [2, 6, 10]);
    expect([first, last]).toEqual([1, 0.2]);
    expect(middle).toBeCloseTo(0.6, 14);
    expect(valueAt(curve, 5)).toBeGreaterThan(0.7);
    expect(valueAt(curve, 7)).toBeLessThan(0.5);
  });

  test('more generations change nothing before', () => {
    const curve = { from: 0, to: 1, until: 40, shape: 'logistic' };
    const [short, long] = [specOf(curve, 10), specOf(curve, 100)];
    for (let t = 1; t <= 10; t++) expect(specAt(short, t).batch).toEqual(specAt(long, t).batch);
  });
});

test('phases begin where something changes, and end with the run', () => {
  expect(phaseStarts(specOf(0.5))).toEqual([1]);
  expect(isScheduled(specOf(0.5))).toBe(false);
  expect(phaseStarts(specOf({ at: [[1, 0], [7, 1], [99, 0]] }))).toEqual([1, 7]); // prettier-ignore
  const ramp = { from: 1, to: 0, until: 5 };
  expect(phaseStarts(specOf(ramp))).toEqual([1, 2, 3, 4, 5]);
  expect(phaseStarts(specOf(ramp, 3))).toEqual([1, 2, 3]);
  expect(cornerSpecs(specOf(ramp)).map(({ batch }) => batch.realFraction)).toEqual([1, 1, 0]);
});

test('a recall decays, and leaves less and less of the real share', () => {
  const detector = { recall: { at: [[1, 0.8], [4, 0.4]] }, decay: 0.1 }; // prettier-ignore
  const spec = parseSpec({ truth, batch: { realFraction: 0.2, detector }, generations: 6 });
  expect(phaseStarts(spec)).toEqual([1, 2, 3, 4, 5, 6]);
  const recalls = [2, 3, 5].map((t) => specAt(spec, t).batch.detector.recall);
  expect(recalls[0]).toBeCloseTo(0.8 * Math.exp(-0.2), 14);
  expect(recalls[1]).toBeCloseTo(0.8 * Math.exp(-0.3), 14);
  expect(recalls[2]).toBeCloseTo(0.4 * Math.exp(-0.5), 14);
  const long = { truth, batch: { detector: { recall: 0.5, decay: 0.1 } }, generations: 10_001 };
  expect(() => parseSpec(long)).toThrow(/is another than the one before/);
});

test('a million changes over all cells are the limit', () => {
  const batch = { realFraction: { from: 1, to: 0, until: 10_000 } };
  const raw = { truth, batch, generations: 10_000, replicates: 1 };
  const sweep = (steps: number) => ({ sampleSize: { from: 10, to: 9 + steps, steps } });
  expect(() => parseSpec({ ...raw, sweep: sweep(100) })).not.toThrow();
  expect(() => parseSpec({ ...raw, sweep: sweep(101) })).toThrow(/change 10 000 times each/);
});

describe('what is wrong is said at its place', () => {
  test.each<[unknown, string, RegExp]>([
    [{ at: [] }, 'batch.realFraction.at', /not a list of steps/],
    [{ at: [[2, 0]] }, 'batch.realFraction.at[0]', /first step is at generation 2/],
    [{ at: [[1, 0], [1, 1]] }, 'batch.realFraction.at[1]', /does not come after 1/], // prettier-ignore
    [{ at: [[1, 2]] }, 'batch.realFraction.at[0][1]', /over 1/],
    [{ at: [[1, 0, 0]] }, 'batch.realFraction.at[0]', /not a step/],
    [{ at: [[1, 0]], to: 3 }, 'batch.realFraction.to', /Not a field/],
    [{ from: 0, to: 1 }, 'batch.realFraction.until', /not a number/],
    [{ from: 0, to: 1, until: 1 }, 'batch.realFraction.until', /under 2/],
    [{ from: 0, to: 1, until: 9, shape: 'wave' }, 'batch.realFraction.shape', /no shape/],
  ])('%j', (realFraction, field, message) => {
    const found = (() => {
      try {
        specOf(realFraction);
        return [];
      } catch (error) {
        return (error as SpecError).problems;
      }
    })();
    expect(found.map((problem) => problem.field)).toContain(field);
    expect(found.find((problem) => problem.field === field)!.message).toMatch(message);
  });

  test('all at once, also where nothing of an object is left', () => {
    const detector = { recall: 2, falsePositiveRate: -1, decay: 'much' };
    const batch = { realFraction: { from: 1, to: 0, until: 9 }, detector };
    expect(() => parseSpec({ truth, batch })).toThrow(SpecError);
    expect(() => parseSpec({ truth, batch: { detector } })).toThrow(SpecError);
  });

  test('other fields have no ramps, and axes no schedules', () => {
    const ramp = { from: 1, to: 2, until: 9 };
    expect(() => parseSpec({ truth, batch: { samplingBias: ramp } })).toThrow(SpecError);
    const steps = { at: [[1, 0]] };
    expect(() => parseSpec({ truth, sweep: { 'batch.realFraction': [0, steps] } })).toThrow(
      SpecError,
    );
    expect(() => parseSpec({ truth, generations: steps })).toThrow(SpecError);
  });

  test('a rule is tried at every generation', () => {
    const batch = { detector: { recall: { at: [[1, 0], [4, 1]] } } }; // prettier-ignore
    expect(() => parseSpec({ truth, batch })).toThrow(/no batch can be filled/);
    expect(() => parseSpec({ truth, batch, generations: 3 })).not.toThrow();
  });
});

test.each<[string, object]>([
  ['0@1,0.1@20', { at: [[1, 0], [20, 0.1]] }], // prettier-ignore
  ['1..0.1..20', { from: 1, to: 0.1, until: 20, shape: 'linear' }],
  ['1..0.1..20..logistic', { from: 1, to: 0.1, until: 20, shape: 'logistic' }],
])('flags and links have it short: %s', (text, schedule) => {
  const spec = specOf(schedule);
  expect(spec.batch.realFraction).toEqual(schedule);
  expect(specToSettings(spec)).toContain(`batch.realFraction=${text}`);
  expect(parseSpec(applySettings({}, specToSettings(spec)))).toEqual(spec);
  expect(specFromUrl(specToUrl(spec)).spec).toEqual(spec);
});
