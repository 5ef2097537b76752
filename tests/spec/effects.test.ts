/** What lets fields act: refused axes are those whose lineages are equal, and no others. */
import { describe, expect, it } from 'vitest';
import { SpecError, type Problem } from '../../src/errors.ts';
import { runLineage } from '../../src/model/lineage.ts';
import { cellRules } from '../../src/model/rules.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { EFFECTS } from '../../src/spec/effects.ts';
import { parameterAt, parseSpec, readPath, withoutPath, withPath } from '../../src/spec/schema.ts';
import { changed, CHANGES, type Change } from '../support/mechanisms.ts';

const problemsOf = (raw: unknown): readonly Problem[] => {
  try {
    parseSpec(raw);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
};

const swept = (raw: Change, path: string, values: readonly unknown[]): unknown => ({
  ...withoutPath(raw, path),
  sweep: { [path]: values },
});

/** The models of a lineage of a cell that has this value. */
const lineageWith = (raw: Change, path: string, value: unknown): string => {
  const spec = parseSpec(withPath(raw, path, value));
  const truth = resolveTruth(spec.truth, null);
  return JSON.stringify(runLineage(cellRules(spec, truth, 0), 0, spec.generations), (_, part) =>
    ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : (part as unknown),
  );
};

const NO_REAL = { 'batch.realFraction': 0 };
const ONE = { 'fit.components': 1 };
const ONE_BLOB = { ...ONE, 'truth.components': 1, 'truth.weights': 'equal' };
/** A thousandth of 60 points is none. */
const NO_QUOTA = { 'batch.realFraction': 0.001, 'batch.realSource': 'fixed' };

/** Values of each axis that may be idle, and what else is asked for where it is. */
const IDLE: Readonly<Record<string, readonly [values: readonly unknown[], ...Change[]]>> = {
  'truth.separation': [[1, 4], ONE_BLOB],
  'truth.layout': [['line', 'ring'], { ...ONE_BLOB, 'truth.dim': 2 }],
  'truth.weights.zipf': [[0, 1], ONE_BLOB],
  'batch.realDraw': [['quota', 'bernoulli'], NO_REAL],
  'batch.realSource': [['fresh', 'fixed'], NO_REAL, { ...NO_QUOTA, 'batch.realSource': undefined }],
  'batch.coreset.size': [[5, 20], { ...NO_QUOTA, ...NO_REAL }, NO_QUOTA],
  'batch.coreset.method': [['uniform', 'kmeans', 'quantile'], NO_QUOTA],
  'batch.paraphrase.passes': [[1, 3], {}, { 'batch.watermark.coverage': 0.5 }],
  'batch.detector.decay': [[0, 0.5], {}, { ...NO_REAL, 'batch.detector.recall': 0.5 }],
  'batch.detector.recall': [[0, 0.9], NO_REAL],
  'batch.detector.falsePositiveRate': [[0, 0.5], NO_REAL],
  'batch.watermark.coverage': [[0, 0.5], NO_REAL],
  'batch.watermark.laundering': [[0, 0.5], {}, { ...NO_REAL, 'batch.watermark.coverage': 0.5 }],
  'batch.provenance.signedShare': [[0, 1], {}, { 'batch.detector.recall': 0.5 }],
  'batch.poison.scale': [[0.5, 2], {}],
  'batch.weightSharpening': [[1, 2], ONE],
  'fit.covariance': [['full', 'spherical'], ONE],
  'fit.iterations': [[1, 5], ONE, { ...ONE, 'fit.estimator': 'map' }],
  'fit.tolerance': [[0, 0.1], ONE],
  'fit.init': [['parent', 'kmeans'], ONE],
  'fit.realWeight': [[0.2, 0.7], NO_REAL],
};

/** Axes that are never idle, or that a rule of their own refuses first. */
const ELSEWHERE: readonly string[] = [
  // The web says the real share.
  'batch.realFraction',
  // An axis over one of their fields turns web and prior on.
  'batch.web.published',
  'batch.web.humanReservoir',
  'fit.prior.centre',
  'fit.prior.strength',
  // Other draws of the same population: below.
  'batch.verifier.error',
];

const AXES = [...new Set(EFFECTS.flatMap(({ paths }) => paths))].filter(
  (path) => parameterAt(path, 'blobs')!.axis,
);

describe('an axis over a field that cannot act', () => {
  it('is tried, all there are', () => {
    expect([...Object.keys(IDLE), ...ELSEWHERE].sort()).toEqual([...AXES].sort());
  });

  it.each(Object.entries(IDLE))('%s', (path, [values, ...contexts]) => {
    for (const context of contexts) {
      const raw = changed(context);
      const [problem, ...others] = problemsOf(swept(raw, path, values));
      expect(others).toEqual([]);
      expect(problem).toMatchObject({ field: `sweep.${path}` });
      expect(problem!.message).toMatch(/values come to the same\. [A-Z].*\.$/);
      expect(problem!.remedy).toMatch(/^[A-Z].*, or leave this axis out\.$/);
      // It says the truth: the lineages are the same, to the last bit.
      const [first, ...rest] = values.map((value) => lineageWith(raw, path, value));
      for (const lineage of rest) expect(lineage).toBe(first);
      // A single value is no comparison, and a field that is no axis may stand there as it likes.
      expect(problemsOf(swept(raw, path, values.slice(0, 1)))).toEqual([]);
      expect(problemsOf(withPath(raw, path, values[1]))).toEqual([]);
    }
  });

  it('is refused where only chance would tell its values apart', () => {
    const raw = changed({});
    const [problem] = problemsOf(swept(raw, 'batch.verifier.error', [0, 0.2]));
    expect(problem).toMatchObject({ field: 'sweep.batch.verifier.error' });
  });

  it('is accepted where it acts, in some cell, at some generation', () => {
    for (const path of AXES) {
      const raw = CHANGES[path] && changed(CHANGES[path][0]!);
      if (!raw) continue;
      const value = readPath(raw, path);
      const usual = parameterAt(path, 'blobs')!.default ?? null;
      const values = usual === null ? [value] : [usual, value];
      expect(problemsOf(swept(raw, path, values)), path).toEqual([]);
    }
    const cells = { 'batch.poison.share': [0, 0.1], 'batch.poison.scale': [1, 2] };
    expect(problemsOf({ ...changed({}), sweep: cells })).toEqual([]);
    const late = {
      at: [
        [1, 0],
        [3, 0.1],
      ],
    };
    const raw = changed({ 'batch.poison.share': late });
    expect(problemsOf(swept(raw, 'batch.poison.scale', [1, 2]))).toEqual([]);
  });

  it('is told by its companion axis, where that is nothing but off', () => {
    const sweep = { 'batch.poison.scale': [1, 2], 'batch.poison.share': [0] };
    expect(problemsOf({ ...changed({}), sweep })).toEqual([
      {
        field: 'sweep.batch.poison.scale',
        message: 'All 2 values come to the same. It acts once the share of poison is above 0.',
        remedy: 'Raise sweep.batch.poison.share, or leave this axis out.',
      },
    ]);
  });

  it('says nothing where what it reads has a problem of its own', () => {
    const raw = changed({ 'batch.poison.share': 2 });
    const fields = problemsOf(swept(raw, 'batch.poison.scale', [1, 2])).map(({ field }) => field);
    expect(fields).toEqual(['batch.poison.share']);
    const both = { 'batch.poison.share': ['x'], 'batch.poison.scale': [1, 2] };
    expect(problemsOf({ ...changed({}), sweep: both }).map(({ field }) => field)).toEqual([
      'sweep.batch.poison.share[0]',
    ]);
  });
});

describe('remedies of what an axis has written', () => {
  const remedyOf = (raw: object): string => {
    const problems = problemsOf({ truth: { kind: 'blobs', components: 2 }, ...raw });
    return problems.map(({ field, remedy }) => `${field}: ${remedy}`).join('\n');
  };
  const archive = { realFraction: 0.2, realSource: 'fixed' };
  const sizes = { 'batch.coreset.size': [5, 10] };

  it('name the axis that has brought an object along', () => {
    expect(remedyOf({ batch: { ...archive, realDraw: 'bernoulli' }, sweep: sizes })).toBe(
      'sweep.batch.coreset.size: Draw by quota, or leave sweep.batch.coreset.size out.',
    );
    const methods = { 'batch.coreset.method': ['kmeans', 'uniform'] };
    expect(remedyOf({ batch: archive, sweep: methods, retention: 'accumulate' })).toBe(
      'sweep.batch.coreset.method: Use retention replace, or leave sweep.batch.coreset.method out.',
    );
  });

  it('name the object where it is written too', () => {
    const batch = { ...archive, realDraw: 'bernoulli', coreset: {} };
    expect(remedyOf({ batch, sweep: { 'batch.coreset.method': ['kmeans', 'uniform'] } })).toBe(
      'batch.coreset.size: Draw by quota, or leave batch.coreset out.',
    );
  });

  it('name the axis of a field', () => {
    const sweep = { 'fit.components': [1, 2] };
    expect(remedyOf({ fit: { estimator: 'mle' }, sweep })).toBe(
      'fit.estimator: Use em, or lower sweep.fit.components to 1.',
    );
  });

  it('name every axis of which another value would do', () => {
    const sweep = { ...sizes, 'batch.realDraw': ['quota', 'bernoulli'] };
    expect(remedyOf({ batch: { ...archive, realDraw: undefined }, sweep })).toBe(
      'sweep.batch.coreset.size: Draw by quota, or leave sweep.batch.coreset.size out. ' +
        'Or take other values of sweep.batch.realDraw.',
    );
  });
});
