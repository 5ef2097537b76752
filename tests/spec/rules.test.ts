import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import { MAX_EM_DIM } from '../../src/spec/parameter.ts';
import { parseSpec, POINT_NEEDS } from '../../src/spec/schema.ts';

const refused = (raw: unknown): string[] => {
  try {
    parseSpec(raw);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(({ field }) => field);
    throw error;
  }
};

const make = (truth: object, fit: object, rest: object = {}): unknown => ({
  truth: { kind: 'blobs', ...truth },
  fit,
  ...rest,
});

const TWO = { components: 2 };
const PLANE = { dim: 2, components: 2 };
const WIDE = { dim: 100, components: 1 };

const distilled = (batch: object) => ({
  truth: { kind: 'blobs', components: 3 },
  batch: { realFraction: 0.2, realSource: 'fixed', coreset: {}, ...batch },
});

/** [what, spec, fields refused] as 25-execution's "Degenerate requests" and 20-model §5 say. */
const CASES: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['mle at K = 2', make(TWO, { estimator: 'mle' }), ['fit.estimator']],
  ['unbiased at K = 2', make(TWO, { estimator: 'unbiased' }), ['fit.estimator']],
  ['unbiased at n = 1', make({ components: 1 }, { estimator: 'unbiased' }, { sampleSize: 1 }), ['sampleSize']], // prettier-ignore
  ['unbiased at n = 2', make({ components: 1 }, { estimator: 'unbiased' }, { sampleSize: 2 }), []],
  ['em at K = 1, n = 1', make({ components: 1, dim: 3 }, { estimator: 'em' }, { sampleSize: 1 }), []], // prettier-ignore
  ['mle at n ≤ d', make({ components: 1, dim: 3 }, {}, { sampleSize: 3 }), []],
  ['start from the truth, K = J', make(TWO, { init: 'truth' }), []],
  ['start from the truth, K ≠ J', make(TWO, { init: 'truth', components: 3 }), ['fit.init']],
  ['full em, n = d', make(PLANE, {}, { sampleSize: 2 }), ['fit.covarianceFloor']],
  ['full em, n = d + 1', make(PLANE, {}, { sampleSize: 3 }), []],
  ['full em, n = d, floor', make(PLANE, { covarianceFloor: 1e-6 }, { sampleSize: 2 }), []],
  ['diagonal em, n = d', make(PLANE, { covariance: 'diagonal' }, { sampleSize: 2 }), []],
  ['full em, K > n', make({ components: 3 }, {}, { sampleSize: 2 }), ['fit.covarianceFloor']],
  ['spherical em, K > n', make({ components: 3 }, { covariance: 'spherical' }, { sampleSize: 2 }), []], // prettier-ignore
  ['kmeans, K > n', make({ components: 3 }, { init: 'kmeans', covarianceFloor: 1 }, { sampleSize: 2 }), ['sampleSize']], // prettier-ignore
  ['kmeans, K = n', make({ components: 3 }, { init: 'kmeans', covarianceFloor: 1 }, { sampleSize: 3 }), []], // prettier-ignore
  ['parent with K ≠ J falls back to kmeans', make(TWO, { components: 3, covarianceFloor: 1 }, { sampleSize: 2 }), ['sampleSize']], // prettier-ignore
  ['ring at d = 1', make({ layout: 'ring' }, {}), ['truth.layout']],
  ['grid at d = 1', make({ layout: 'grid' }, {}), ['truth.layout']],
  ['ring at d = 2', make({ layout: 'ring', dim: 2 }, {}), []],
  ['a quantile on a line', make({ dim: 1 }, {}, { statistics: ['valueAtRisk99'] }), []],
  ['a quantile in the plane', make(PLANE, {}, { statistics: ['expectedShortfall99'] }), ['statistics']], // prettier-ignore
  ['a quantile where d is swept', make({}, {}, { statistics: ['valueAtRisk99'], sweep: { 'truth.dim': [1, 2] } }), ['statistics']], // prettier-ignore
  ['a coreset', distilled({}), []],
  ['a coreset of fresh points', distilled({ realSource: 'fresh' }), ['batch.realSource']],
  ['a coreset by chance', distilled({ realDraw: 'bernoulli' }), ['batch.coreset.size']],
  ['a coreset, pooled', { ...distilled({}), retention: 'accumulate' }, ['batch.coreset.size']],
  ['a coreset of all points', distilled({ coreset: { size: 100 } }), []],
  ['a coreset of more', distilled({ coreset: { size: 101 } }), ['batch.coreset.size']],
  ['a coreset of more, by its axis', { ...distilled({}), sweep: { 'batch.coreset.size': [5, 101] } }, ['sweep.batch.coreset.size']], // prettier-ignore
  ['a coreset of a reservoir', distilled({ realFraction: undefined, web: { humanReservoir: 500 } }), ['batch.coreset.size']], // prettier-ignore
  ['a coreset of a web', distilled({ realFraction: undefined, web: {} }), []],
  ['bins in the plane', { ...distilled({ coreset: { method: 'quantile' } }), truth: { kind: 'blobs', dim: 2 } }, ['batch.coreset.method']], // prettier-ignore
  ['a coreset, unbiased', { ...distilled({}), fit: { components: 1, estimator: 'unbiased' } }, ['fit.estimator']], // prettier-ignore
  ['ten million distances', { ...distilled({ coreset: { size: 100 } }), sampleSize: 100_000 }, []],
  ['and one more', { ...distilled({ coreset: { size: 100 } }), sampleSize: 100_001 }, ['batch.coreset.size']], // prettier-ignore
  ['so many points at random', { ...distilled({ coreset: { size: 100, method: 'uniform' } }), sampleSize: 100_001 }, []], // prettier-ignore
  ['two points of a coreset alone, K = 3', { ...distilled({ realFraction: 1, coreset: { size: 2 } }), fit: { init: 'kmeans' } }, ['batch.coreset.size']], // prettier-ignore
  ['a hundred dimensions', make(WIDE, {}, { sampleSize: 10 }), []],
  ['two modes in a hundred dimensions', make({ ...WIDE, components: 2 }, {}), ['truth.components']], // prettier-ignore
  ['K = 2 in a hundred dimensions', make(WIDE, { components: 2 }), ['fit.components']], // prettier-ignore
  ['a pool in a hundred dimensions', make(WIDE, {}, { retention: 'accumulate' }), []],
  ['a pool that is no model in a hundred dimensions', make(WIDE, { covarianceFloor: 1, realWeight: 0.5, estimator: 'map' }, { retention: 'accumulate' }), []], // prettier-ignore
  ['points in a hundred dimensions', make(WIDE, {}, { closedForm: 'off' }), ['closedForm']],
  ['a tail in a hundred dimensions', make(WIDE, {}, { statistics: ['tailMass1'] }), ['statistics']], // prettier-ignore
  ['a distance in a hundred dimensions', make(WIDE, {}, { statistics: ['frechetDistance'] }), ['statistics']], // prettier-ignore
  ['a tail where d is swept', make(WIDE, {}, { statistics: ['tailMass1'], sweep: { 'truth.dim': [1, 2, 10] } }), ['statistics']], // prettier-ignore
  ['several at once', make({ layout: 'ring' }, { estimator: 'mle', init: 'truth', components: 2 }), ['truth.layout', 'fit.estimator', 'fit.init']], // prettier-ignore
];

/** What asks for each of the needs of points, by its field. */
const ASKING: Readonly<Record<string, object>> = {
  'batch.memory': { batch: { memory: 2 } },
  'batch.truncation': { batch: { truncation: 3 } },
  'batch.verifier.keep': { batch: { verifier: { keep: 0.5 } } },
  'batch.verifier.error': { batch: { verifier: { error: 0.1 } } },
  'batch.curation.candidates': { batch: { curation: { candidates: 2 } } },
  'batch.qualityFilter': { batch: { qualityFilter: 1 } },
  'batch.poison.share': { batch: { poison: { share: 0.1 } } },
  'batch.protectedModes': { batch: { protectedModes: [1] } },
  'batch.realDraw': { batch: { realDraw: 'bernoulli', realFraction: 0.5 } },
  'batch.realSource': { batch: { realSource: 'fixed', realFraction: 0.5 }, growth: 1 },
  'batch.coreset.size': { batch: { realFraction: 0.5, realSource: 'fixed', coreset: {} } },
  retention: { retention: 'accumulate-subsample' },
  'fit.realWeight': { fit: { realWeight: 0.5 } },
  'fit.tailWeight': { fit: { tailWeight: 0.5 } },
  'fit.estimator': { fit: { estimator: 'map' } },
  'fit.covarianceFloor': { fit: { covarianceFloor: 1 }, retention: 'accumulate' },
};

/** What drawn numbers of points, and no points, are enough for. */
const COUNTED = [
  ...['batch.memory', 'batch.poison.share', 'batch.realDraw', 'batch.realSource'],
  ...['fit.realWeight', 'fit.estimator', 'fit.covarianceFloor'],
];

describe('what needs points', () => {
  const one = (dim: number, raw: object) => ({
    truth: { kind: 'blobs', dim, components: 1 },
    ...raw,
  });

  it('is tried, all of it', () => {
    expect(Object.keys(ASKING)).toEqual(POINT_NEEDS.map(({ field }) => field));
  });

  it.each(Object.keys(ASKING))('is refused where none is drawn: %s', (field) => {
    const asked = (closedForm: string) => ({ ...ASKING[field]!, closedForm });
    expect(refused(one(MAX_EM_DIM + 1, asked('statistics')))).toContain(field);
    // Numbers are drawn there too; but for these, whatever asks for points is refused still.
    const counted = COUNTED.includes(field);
    expect(refused(one(MAX_EM_DIM + 1, asked('auto'))).includes(field)).toBe(!counted);
    // One mode cannot be protected anywhere.
    const anywhere = field === 'batch.protectedModes' ? [field] : [];
    expect(refused(one(MAX_EM_DIM, ASKING[field]!))).toEqual(anywhere);
  });

  it('has statistics in closed form alone where none are asked for', () => {
    const { statistics } = parseSpec(one(10, {}));
    expect(statistics).toEqual(['meanShiftSquared', 'varianceRatio', 'logVarianceRatio']);
    expect(parseSpec(one(10, { sweep: { 'truth.dim': [1, 10] } })).statistics).toEqual(statistics);
    expect(parseSpec(one(3, {})).statistics).toEqual([...statistics, 'tailMass1']);
  });
});

describe('what fields forbid each other', () => {
  it.each(CASES)('%s', (_, raw, fields) => {
    expect(refused(raw)).toEqual(fields);
  });

  it('leaves the number of components of data truths to the data', () => {
    const truth = { kind: 'data', file: 'a.csv', columns: ['x'] };
    expect(refused({ truth, fit: { init: 'truth', components: 3 } })).toEqual([]);
  });

  it('is tried on every cell, and names the first', () => {
    const raw = make(PLANE, {}, { sweep: { sampleSize: [1, 2, 3], 'batch.realFraction': [0, 1] } });
    expect(() => parseSpec(raw)).toThrow(
      'fit.covarianceFloor: EM with 2 full covariances is not defined for 1 point in 2 dimensions. ' +
        '(At sampleSize = 1 and 1 more.)',
    );
  });

  it('looks at the axis, not at the value beneath it', () => {
    const swept = make(
      { components: 1 },
      { estimator: 'mle' },
      { sweep: { 'fit.components': [1] } },
    );
    expect(refused(swept)).toEqual([]);
    const beneath = make(TWO, { components: 2 }, { sampleSize: 1, sweep: { sampleSize: [50] } });
    expect(refused(beneath)).toEqual([]);
  });

  it('is shown at the axis where the field is swept', () => {
    const raw = make(TWO, {}, { sweep: { 'fit.estimator': ['em', 'mle'] } });
    expect(refused(raw)).toEqual(['sweep.fit.estimator']);
  });
});
