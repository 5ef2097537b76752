import { describe, expect, it } from 'vitest';
import { SpecError, type Problem } from '../../src/errors.ts';
import { criterionLabel } from '../../src/spec/criteria.ts';
import { fieldsFor, parseSpec, readPath, withPath, type Parameter } from '../../src/spec/schema.ts';

/** The problems of a spec that must be refused. */
function problemsOf(raw: unknown, options = {}): readonly Problem[] {
  try {
    parseSpec(raw, options);
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  throw new Error('The spec was not refused.');
}
const fieldsOf = (raw: unknown, options = {}): string[] =>
  problemsOf(raw, options).map(({ field }) => field);

const BLOBS = { truth: { kind: 'blobs' } };
const blobs = (fields: object): object => ({ truth: { kind: 'blobs', ...fields } });

describe('defaults', () => {
  it('are those of the spec file', () => {
    expect(parseSpec(BLOBS)).toEqual({
      version: 1,
      seed: 1,
      pairing: 'common',
      truth: {
        kind: 'blobs',
        dim: 1,
        components: 3,
        separation: 4,
        layout: 'line',
        weights: 'equal',
      },
      batch: {
        realFraction: 0,
        realDraw: 'quota',
        realSource: 'fresh',
        coreset: null,
        memory: 1,
        samplingBias: 1,
        truncation: null,
        weightSharpening: 1,
        detector: { recall: 0, falsePositiveRate: 0, decay: 0 },
        watermark: { coverage: 0, laundering: 0 },
        provenance: { signedShare: 0 },
        verifier: { keep: 1, error: 0 },
        curation: { candidates: 1 },
        qualityFilter: 0,
        poison: { share: 0, mean: [0], scale: 1 },
        paraphrase: { noise: 0, passes: 1 },
        web: null,
        protectedModes: [],
      },
      retention: 'replace',
      fit: {
        components: 3,
        covariance: 'full',
        estimator: 'em',
        iterations: 20,
        tolerance: 0,
        init: 'parent',
        covarianceFloor: 0,
        realWeight: null,
        tailWeight: 0,
        respawn: false,
        prior: null,
      },
      closedForm: 'auto',
      sampleSize: 100,
      growth: 0,
      generations: 50,
      replicates: 1000,
      sweep: {},
      statistics: ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio', 'tailMass1'],
      criteria: [{ name: 'halfVariance', statistic: 'varianceRatio', below: 0.5 }],
      stages: { early: 0.5, late: 0.1 },
      nodes: 1024,
    });
  });

  it('take K from the truth, at most 25, and 2 for data', () => {
    expect(parseSpec(blobs({ components: 5 })).fit.components).toBe(5);
    expect(parseSpec(blobs({ components: 25 })).fit.components).toBe(25);
    expect(parseSpec(blobs({ components: 32 })).fit.components).toBe(25);
    const data = { truth: { kind: 'data', file: 'a.csv', columns: ['x'] } };
    expect(parseSpec(data).fit.components).toBe(2);
  });

  it('take mle where K = 1 and em elsewhere', () => {
    expect(parseSpec(blobs({ components: 1 })).fit.estimator).toBe('mle');
    expect(parseSpec({ ...BLOBS, fit: { components: 1 } }).fit.estimator).toBe('mle');
    expect(parseSpec({ ...BLOBS, sweep: { 'fit.components': [1, 2] } }).fit.estimator).toBe('em');
    expect(parseSpec({ ...BLOBS, sweep: { 'fit.components': [1] } }).fit.estimator).toBe('mle');
  });

  it('are frozen all the way down', () => {
    const spec = parseSpec({ ...BLOBS, sweep: { sampleSize: [10, 20] } });
    for (const value of [spec, spec.truth, spec.fit, spec.sweep, spec.sweep.sampleSize]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
  });
});

describe('bounds', () => {
  // As many points as the largest coreset has.
  const ARCHIVE = { batch: { realSource: 'fixed' }, sampleSize: 1024 };
  const OFFSETS = { integer: 1, number: 1e-9 } as const;
  const numeric = fieldsFor('blobs').filter(
    (row): row is Parameter & { kind: 'integer' | 'number' } =>
      row.kind === 'integer' || row.kind === 'number',
  );

  it.each(numeric.map((row) => [row.path, row] as const))('of %s', (path, row) => {
    // One component: its closed form is defined for every sample size.
    // One point is as many as the least reservoir has.
    const least = path === 'batch.web.humanReservoir' ? { ...BLOBS, sampleSize: 1 } : BLOBS;
    const single = withPath(least, 'truth.components', 1);
    const plain = path.startsWith('batch.coreset') ? { ...single, ...ARCHIVE } : single;
    const one = path.startsWith('fit.prior') ? withPath(plain, 'fit.estimator', 'map') : plain;
    const at = (value: unknown): unknown => withPath(one, path, value);
    const step = OFFSETS[row.kind] * Math.max(1, Math.abs(row.maximum!));
    const limits = { maxLineages: Infinity };
    expect(readPath(parseSpec(at(row.minimum), limits), path)).toBe(row.minimum);
    const low = row.minimum! - OFFSETS[row.kind];
    expect(fieldsOf(at(low), limits)).toContain(path);
    expect(fieldsOf(at(row.maximum! + step), limits)).toContain(path);
    const nothing = row.nullable === undefined ? [null] : [];
    for (const bad of [NaN, Infinity, -Infinity, 1e308, '1', ...nothing, true, []]) {
      expect(fieldsOf(at(bad), limits)).toContain(path);
    }
    // Where a schedule may stand, what it lacks is named.
    expect(fieldsOf(at({}), limits)[0]).toMatch(row.schedule ? `${path}.` : path);
    if (row.kind === 'integer') expect(fieldsOf(at(1.5), limits)).toContain(path);
  });

  it('let the largest values in', () => {
    for (const row of numeric) {
      // Of batches from which a detector drops all that is generated, something has to be left.
      const fit = { estimator: row.path.startsWith('fit.prior') ? 'map' : 'em' };
      const batch = row.path.startsWith('batch.web') ? {} : { realFraction: 0.5 };
      // Of batches that grow, two generations are as many points as are let in.
      const own = row.path.startsWith('batch.coreset') ? ARCHIVE : { batch };
      const many = { ...BLOBS, ...own, fit, generations: 2 };
      // Most dimensions are for one Gaussian.
      const half = row.path === 'truth.dim' ? withPath(many, 'truth.components', 1) : many;
      const spec = parseSpec(withPath(half, row.path, row.maximum), { maxLineages: Infinity });
      expect(readPath(spec, row.path)).toBe(row.maximum);
    }
  });

  it('make −0 into 0', () => {
    const spec = parseSpec({ ...BLOBS, batch: { realFraction: -0 }, fit: { covarianceFloor: -0 } });
    expect(Object.is(spec.batch.realFraction, 0)).toBe(true);
    expect(Object.is(spec.fit.covarianceFloor, 0)).toBe(true);
  });

  it.each([
    'pairing',
    'batch.realDraw',
    'retention',
    'fit.covariance',
    'fit.estimator',
    'fit.init',
    'closedForm',
  ])('of the choice %s', (path) => {
    for (const bad of ['', 'MLE', 'toString', 1, null, ['quota']]) {
      expect(fieldsOf(withPath(BLOBS, path, bad))).toEqual([path]);
    }
  });
});

describe('criteria', () => {
  const parse = (criteria: unknown) => parseSpec({ truth: { kind: 'blobs' }, criteria });
  const LATE = { name: 'late', statistic: 'varianceRatio', below: 0.1 };
  /** Of whatever meets LATE. */
  const NEVER = { statistic: 'varianceRatio', below: 0.2 };

  it('have their own names for people; the default has words', () => {
    const { criteria } = parseSpec({ truth: { kind: 'blobs' }, statistics: ['varianceRatio'] });
    expect(criteria.map(criterionLabel)).toEqual(['variance halved']);
    const own = { ...criteria[0]!, below: 0.1 };
    expect(criterionLabel(own)).toBe('halfVariance');
  });

  it('bring their statistic along, and half the variance is one where it is measured', () => {
    const own = [{ name: 'worse', statistic: 'testNll', above: 0.1, relativeTo: 'first' }];
    expect(parse(own).statistics).toContain('testNll');
    const first = [{ ...own[0], unless: { statistic: 'entropyLoss', above: 1 } }];
    expect(parse(first).statistics).toContain('entropyLoss');
    const other = parseSpec({ truth: { kind: 'blobs' }, statistics: ['testNll'] });
    expect(other.criteria).toEqual([]);
    expect(other.statistics).toEqual(['testNll']);
  });

  it.each([
    ['criteria[0].statistic', [{ name: 'a', statistic: 'variance', below: 1 }]],
    ['criteria[0]', [{ name: 'a', statistic: 'testNll' }]],
    ['criteria[0]', [{ name: 'a', statistic: 'testNll', below: 1, above: 2 }]],
    ['criteria[0].name', [{ name: '=1', statistic: 'testNll', below: 1 }]],
    ['criteria[0].relativeTo', [{ name: 'a', statistic: 'testNll', below: 1, relativeTo: 'x' }]],
    ['criteria[0].relativeTo', [{ name: 'a', statistic: 'stepKl', above: 1, relativeTo: 'truth' }]],
    ['criteria[0].unless', [{ name: 'a', statistic: 'testNll', below: 1, unless: 'late' }]],
    ['criteria[0].unless.statistic', [{ ...LATE, unless: { statistic: 'late', below: 1 } }]],
    ['criteria[0].unless', [{ ...LATE, unless: { statistic: 'testNll' } }]],
    ['criteria[0].unless', [{ ...LATE, unless: NEVER }]],
    [
      'criteria[0].unless.relativeTo',
      [{ ...LATE, unless: { statistic: 'testNll', above: 1, relativeTo: 'first' } }],
    ],
    ['criteria', 'half'],
    ['criteria', [1, 2].map(() => ({ name: 'a', statistic: 'testNll', below: 1 }))],
  ])('are refused at %s', (field, criteria) => {
    try {
      parse(criteria);
      expect.fail('was not refused');
    } catch (error) {
      expect((error as SpecError).problems.map((problem) => problem.field)).toContain(field);
    }
  });
});

describe('unknown keys', () => {
  it('are refused at every level, with what was meant', () => {
    const problems = problemsOf({
      ...BLOBS,
      samplesize: 10,
      batch: { remember: 2, realfraction: 0.5 },
      fit: { threshold: 0 },
      truth: { kind: 'blobs', file: 'x.csv' },
    });
    expect(problems.map(({ field, remedy }) => [field, remedy])).toEqual([
      ['samplesize', 'Did you mean sampleSize?'],
      ['truth.file', expect.stringContaining('Known here: kind, dim')],
      ['batch.remember', expect.stringContaining('Known here: realFraction, realDraw')],
      ['batch.realfraction', 'Did you mean realFraction?'],
      ['fit.threshold', expect.stringContaining('Known here: components')],
    ]);
    expect(problems[0]!.message).toBe('Not a field of this version.');
  });

  it('include those of the prototype', () => {
    const raw: unknown = JSON.parse(
      '{"truth":{"kind":"blobs","__proto__":{"dim":2}},"__proto__":{"seed":7},"constructor":1,' +
        '"fit":{"toString":1},"sweep":{"__proto__":[1],"constructor":[1]}}',
    );
    expect(fieldsOf(raw).sort()).toEqual(
      [
        '__proto__',
        'constructor',
        'fit.toString',
        'sweep.__proto__',
        'sweep.constructor',
        'truth.__proto__',
      ].sort(),
    );
    expect(({} as Record<string, unknown>)['seed']).toBeUndefined();
  });

  it('are not read from prototypes', () => {
    const inherited: unknown = Object.create({ seed: 9 }, Object.getOwnPropertyDescriptors(BLOBS));
    expect(parseSpec(inherited).seed).toBe(1);
  });
});

describe('all problems at once', () => {
  it('of fields, axes and rules', () => {
    const raw = {
      truth: { kind: 'blobs', layout: 'ring' },
      fit: { estimator: 'mle', components: 26, init: 'kmeans' },
      seed: -1,
      generations: '50',
      sweep: { sampleSize: [10, 10], seed: [1], nothing: [1], 'batch.realFraction': 0.5 },
    };
    expect(fieldsOf(raw).sort()).toEqual(
      [
        'fit.components',
        'generations',
        'seed',
        'sweep.batch.realFraction',
        'sweep.nothing',
        'sweep.sampleSize',
        'sweep.seed',
        'truth.layout',
      ].sort(),
    );
  });

  it.each([undefined, null, 7, 'x', [], true, () => 1])('of what is no spec: %s', (raw) => {
    expect(fieldsOf(raw)).toEqual(['']);
  });

  it('of a truth that is missing or of no kind', () => {
    expect(fieldsOf({})).toEqual(['truth']);
    expect(fieldsOf({ truth: {} })).toEqual(['truth.kind']);
    expect(fieldsOf({ truth: { kind: 'blob' } })).toEqual(['truth.kind']);
    expect(fieldsOf({ truth: 3 })).toEqual(['truth']);
    expect(fieldsOf({ truth: { kind: 'data' } })).toEqual(['truth.file', 'truth.columns']);
    expect(fieldsOf({ truth: { kind: 'mixture' } })).toEqual(['truth.components']);
  });

  it('in bounded space', () => {
    const huge = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, 1]));
    const problems = problemsOf({ ...BLOBS, ...huge, sweep: huge });
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)!.message).toBe('199900 more problems are not shown.');
  });

  it('in bounded words', () => {
    const long = 'x'.repeat(1e6);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const raw = { truth: { kind: long }, [long]: 1, seed: deep, pairing: long, fit: deep };
    for (const { field, message, remedy } of problemsOf(raw)) {
      expect(field.length + message.length + remedy.length).toBeLessThan(400);
    }
  });
});

describe('mixtures', () => {
  const mixture = (...components: unknown[]): unknown => ({
    truth: { kind: 'mixture', components },
  });
  const unit = { weight: 1, mean: [0], covariance: [[1]] };

  it('are taken as they are, exactly symmetric', () => {
    const tilted = { weight: 1, mean: [1, 2], covariance: [[2, 0.5], [0.5 + 1e-15, 1]] }; // prettier-ignore
    const { truth } = parseSpec(mixture(tilted));
    expect(truth).toEqual({
      kind: 'mixture',
      components: [{ ...tilted, covariance: [[2, 0.5 + 1e-15], [0.5 + 1e-15, 1]] }], // prettier-ignore
    });
  });

  it('may be as narrow as 1e-30 and as light as 1e-12', () => {
    const narrow = { weight: 1e-12, mean: [5], covariance: [[1e-60]] };
    const rest = { ...unit, weight: 1 - 1e-12 };
    expect(() => parseSpec(mixture(narrow, rest))).not.toThrow();
  });

  it.each([
    ['not positive definite', [[1, 2], [2, 1]], 'not positive definite'], // prettier-ignore
    ['singular', [[1, 1], [1, 1]], 'not positive definite'], // prettier-ignore
    ['not symmetric', [[1, 0.2], [0.3, 1]], 'are 0.3 and 0.2'], // prettier-ignore
    ['of the wrong size', [[1]], 'does not fit'],
  ])('refuse a covariance that is %s', (_, covariance, message) => {
    const problems = problemsOf(mixture({ weight: 1, mean: [0, 0], covariance }));
    expect(problems).toHaveLength(1);
    expect(problems[0]!.field).toBe('truth.components[0].covariance');
    expect(problems[0]!.message).toContain(message);
  });

  it('refuse variances of 0 and under, and name the entry', () => {
    expect(fieldsOf(mixture({ ...unit, covariance: [[0]] }))).toEqual([
      'truth.components[0].covariance[0][0]',
    ]);
  });

  it('refuse weights that do not sum to 1, past 1e-9', () => {
    const pair = (weight: number): unknown =>
      mixture({ ...unit, weight: 0.5 }, { ...unit, weight });
    expect(() => parseSpec(pair(0.5 + 9e-10))).not.toThrow();
    const [problem] = problemsOf(pair(0.5 + 2e-9));
    expect(problem).toMatchObject({ field: 'truth.components' });
    expect(problem!.message).toBe('The weights sum to 1.000000002.');
  });

  it('refuse components of different dimensions, odd keys, too many, none', () => {
    const wide = { weight: 0.5, mean: [0, 0], covariance: [[1, 0], [0, 1]] }; // prettier-ignore
    const fields = fieldsOf(mixture({ ...unit, weight: 0.5, sd: 1 }, wide));
    expect(fields).toEqual([
      'truth.components[0].sd',
      'truth.components[1].mean',
      'truth.components[1].covariance',
    ]);
    expect(fieldsOf(mixture())).toEqual(['truth.components']);
    expect(fieldsOf(mixture(...Array<unknown>(33).fill(unit)))).toEqual(['truth.components']);
    expect(fieldsOf(mixture(7))).toEqual(['truth.components[0]']);
  });
});

describe('weights, columns, statistics', () => {
  it('take equal, Zipf and lists', () => {
    for (const weights of ['equal', { zipf: 1.5 }, [0.2, 0.3, 0.5]]) {
      expect(parseSpec(blobs({ weights })).truth).toMatchObject({ weights });
    }
    for (const weights of ['zipf', {}, { zipf: 1, s: 2 }, 1, null]) {
      expect(fieldsOf(blobs({ weights }))).toEqual(['truth.weights']);
    }
    expect(fieldsOf(blobs({ weights: { zipf: 11 } }))).toEqual(['truth.weights.zipf']);
    expect(fieldsOf(blobs({ weights: [0.5, 0.4, 0.2] }))).toEqual(['truth.weights']);
    expect(fieldsOf(blobs({ weights: [0.5, 0.5, 0] }))).toEqual(['truth.weights[2]']);
    expect(fieldsOf(blobs({ weights: [0.5, 0.5] }))).toEqual(['truth.weights']);
  });

  it('take one to four different columns', () => {
    const data = (columns: unknown): unknown => ({
      truth: { kind: 'data', file: 'a.csv', columns },
    });
    expect(() => parseSpec(data(['a', 'b', 'c', 'd']))).not.toThrow();
    expect(fieldsOf(data([]))).toEqual(['truth.columns']);
    expect(fieldsOf(data(['a', 'a']))).toEqual(['truth.columns']);
    expect(fieldsOf(data(['a', 'b', 'c', 'd', 'e']))).toEqual(['truth.columns']);
    expect(fieldsOf(data(['a', 1]))).toEqual(['truth.columns[1]']);
    expect(fieldsOf(data('a'))).toEqual(['truth.columns']);
    expect(fieldsOf(data(['\u0000']))).toEqual(['truth.columns[0]']);
  });

  it('take known statistics, once each, at least one', () => {
    expect(fieldsOf({ ...BLOBS, statistics: [] })).toEqual(['statistics']);
    expect(fieldsOf({ ...BLOBS, statistics: 'entropy' })).toEqual(['statistics']);
    expect(fieldsOf({ ...BLOBS, statistics: ['entropy', 'entropy'] })).toEqual(['statistics']);
    const [problem] = problemsOf({ ...BLOBS, statistics: ['varianceratio'] });
    expect(problem!.remedy).toBe('Did you mean varianceRatio?');
  });
});

describe('cost', () => {
  it('is stated and refused past a limit that can be raised', () => {
    const raw = { ...BLOBS, replicates: 1e6, sweep: { sampleSize: { from: 10, to: 1009, steps: 1000 } } }; // prettier-ignore
    const [problem, ...others] = problemsOf(raw);
    expect(others).toEqual([]);
    expect(problem).toEqual({
      field: 'replicates',
      message:
        '1 000 cells × 1 000 000 replicates are 1 000 000 000 lineages and 50 000 000 000 ' +
        'lineage-generations, the limit is 100 000 000 lineages.',
      remedy: 'Lower replicates to 100 000, or raise the limit with --max-lineages 1000000000.',
    });
    expect(() => parseSpec(raw, { maxLineages: 1e9 })).not.toThrow();
    expect(fieldsOf(raw, { maxLineages: 1e9 - 1 })).toEqual(['replicates']);
  });

  it('bounds the cells, without looking at each', () => {
    const steps = { steps: 60000 };
    const sweep = {
      'batch.realFraction': { from: 0, to: 1, ...steps },
      'truth.separation': { from: 0, to: 10, ...steps },
      'fit.covarianceFloor': { from: 0, to: 1, ...steps },
    };
    expect(fieldsOf({ ...BLOBS, sweep })).toEqual(['sweep', 'replicates']);
    const fits = { ...BLOBS, replicates: 1, sweep: { 'batch.realFraction': { from: 0, to: 1, steps: 65536 } } }; // prettier-ignore
    expect(() => parseSpec(fits)).not.toThrow();
  });
});
