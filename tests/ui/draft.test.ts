/** The form's model: what is typed, what it means, and where its problems are shown. */
import { describe, expect, it } from 'vitest';
import { presets } from '../../src/spec/presets.ts';
import { cellCount, fieldsFor, GROUPS, minimalSpec, parseSpec } from '../../src/spec/schema.ts';
import {
  checkDraft,
  edit,
  groupFields,
  problemsAt,
  strayProblems,
  typedList,
  typedNumber,
  typedValue,
  valueText,
  type Draft,
} from '../../src/ui/form/draft.ts';
import { isPointless, usedFields, whyIdle } from '../../src/ui/form/effects.ts';
import { axisText, boundsText, groupText } from '../../src/ui/form/field-text.ts';
import { withComponent, withoutComponent } from '../../src/ui/form/mixture-rows.ts';
import {
  firstAxis,
  freeAxes,
  listText,
  otherForm,
  typedAxis,
  typedRange,
  withAxis,
  withPathReplaced,
} from '../../src/ui/form/sweep-draft.ts';
import { axesFor, parameterAt, type TruthKind } from '../../src/spec/schema.ts';
import { changed, CHANGES } from '../support/mechanisms.ts';

const blobs: Draft = { truth: { kind: 'blobs', components: 2 } };
const KINDS: readonly TruthKind[] = ['blobs', 'mixture', 'data'];

describe('draft', () => {
  it('begins as every preset and means the same spec', () => {
    for (const { spec, view } of presets) {
      expect(checkDraft(minimalSpec(spec)).spec).toEqual(spec);
      // What the page opens on is there.
      expect(view?.cell ?? 0).toBeLessThan(cellCount(spec));
      const { statistic = 'regime' } = view ?? {};
      expect(['regime', ...spec.statistics]).toContain(statistic);
    }
  });

  it('lets K follow J until K is typed, and again once it is cleared', () => {
    const typed = edit(blobs, 'fit.components', 4);
    expect(checkDraft(edit(blobs, 'truth.components', 5)).spec?.fit.components).toBe(5);
    expect(checkDraft(typed).spec?.fit.components).toBe(4);
    expect(checkDraft(edit(typed, 'fit.components', undefined)).spec?.fit.components).toBe(2);
  });

  it('is valid after every choice of a truth, whatever stood before', () => {
    const full = {
      ...blobs,
      fit: { components: 2, init: 'truth' },
      sweep: { 'truth.separation': [1, 2], sampleSize: [10, 20] },
    };
    for (const kind of KINDS) {
      const { spec, problems } = checkDraft(edit(full, 'truth.kind', kind));
      expect(problems).toEqual([]);
      expect(spec!.truth.kind).toBe(kind);
    }
    expect(Object.keys(checkDraft(edit(full, 'truth.kind', 'data')).spec!.sweep)).toEqual([
      'sampleSize',
    ]);
  });

  it('keeps what was typed when it is wrong, and says what is wrong at its field', () => {
    const draft = edit(edit(blobs, 'sampleSize', 'many'), 'batch.realFraction', 2);
    const { spec, problems } = checkDraft(draft);
    expect(spec).toBeNull();
    expect(problemsAt(problems, 'sampleSize')).toHaveLength(1);
    expect(problemsAt(problems, 'batch.realFraction')).toHaveLength(1);
    expect(problemsAt(problems, 'batch')).toHaveLength(1);
    expect(strayProblems(problems, draft, null)).toEqual([]);
  });

  it('shows every problem somewhere', () => {
    const wrong: Draft = { ...blobs, frobnicate: 1, sweep: { sampleSize: ['x'] }, nodes: 1 };
    const { problems } = checkDraft(wrong);
    const stray = strayProblems(problems, wrong, null);
    expect(stray.map(({ field }) => field)).toEqual(['frobnicate']);
    expect(problemsAt(problems, 'sweep.sampleSize')).not.toEqual([]);
  });

  it('shows each field of the table once, but for those with a control of their own', () => {
    for (const kind of KINDS) {
      const draft = edit(blobs, 'truth.kind', kind);
      const shown = GROUPS.flatMap(({ name }) => groupFields(draft, null, name));
      const own = ['version', 'fit.componentsFromTruth', 'truth.file', 'truth.columns'];
      const expected = fieldsFor(kind).filter(({ path }) => !own.includes(path));
      expect(shown.map(({ path }) => path).sort()).toEqual(expected.map(({ path }) => path).sort());
    }
  });

  it('hides what the fit does not read', () => {
    const shown = (raw: object) => {
      const spec = parseSpec({ ...blobs, ...raw });
      return groupFields(minimalSpec(spec), spec, 'fit').map(({ path }) => path);
    };
    const em = ['fit.iterations', 'fit.tolerance', 'fit.init'];
    const one = shown({ fit: { components: 1 } });
    expect(one.filter((path) => em.includes(path))).toEqual([]);
    expect(one).toContain('fit.covariance');
    expect(one).toContain('closedForm');
    const two = shown({});
    expect(two.filter((path) => em.includes(path))).toEqual(em);
    expect(two).not.toContain('closedForm');
    for (const path of ['fit.components', 'truth.components']) {
      expect(shown({ sweep: { [path]: [2, 1] } })).toContain('closedForm');
    }
  });

  it('knows why a field has no effect, and never says so of one that a preset relies on', () => {
    const why = (path: string, raw: object) => whyIdle(path, checkDraft({ ...blobs, ...raw }).spec);
    expect(why('batch.realFraction', { batch: { web: { stock: 9 } } })).toMatch(/^The web says/);
    expect(why('batch.realFraction', {})).toBeNull();
    expect(why('batch.realDraw', {})).toMatch(/real share/);
    expect(why('batch.realDraw', { sweep: { 'batch.realFraction': [0, 1] } })).toBeNull();
    expect(why('batch.coreset.size', { batch: { realFraction: 0.1 } })).toMatch(/archive/);
    const archive = { realFraction: 0.1, realSource: 'fixed' };
    expect(why('batch.coreset.size', { batch: archive })).toBeNull();
    expect(why('fit.realWeight', {})).toMatch(/real points/);
    expect(why('fit.realWeight', { retention: 'accumulate' })).toBeNull();
    expect(why('fit.respawn', { fit: { components: 1 } })).not.toBeNull();
    expect(why('fit.respawn', { sweep: { 'fit.components': [1, 2] } })).toBeNull();
    expect(whyIdle('batch.realDraw', null)).toBeNull();
    for (const { name, spec } of presets) {
      for (const { name: group } of GROUPS) {
        for (const { path } of usedFields(spec, group)) {
          expect([name, path, whyIdle(path, spec), isPointless(path, spec)]).toEqual([
            ...[name, path, null, false],
          ]);
        }
      }
    }
  });

  it('gives a prior up with the estimator that has one', () => {
    const map = edit(edit(blobs, 'fit.estimator', 'map'), 'fit.prior.strength', 5);
    expect(checkDraft(map).spec?.fit.prior?.strength).toBe(5);
    expect(checkDraft(edit(map, 'fit.estimator', 'em')).problems).toEqual([]);
  });

  it('says in a word where points come from', () => {
    const text = (raw: object) => groupText('batch', checkDraft({ ...blobs, ...raw }).spec!);
    expect(text({})).toBe('no real points');
    expect(text({ batch: { realFraction: 0.1 } })).toBe('0.1 real');
    expect(text({ batch: { protectedModes: [2] } })).toBe('real points of protected modes');
    expect(text({ sweep: { 'batch.realFraction': [0, 1] } })).toBe('real share swept');
    expect(text({ sweep: { 'batch.web.stock': [10, 20] } })).toBe('a web that fills up');
  });

  it('reads what is typed', () => {
    expect(typedNumber(' 1e-3 ')).toBe(0.001);
    expect(typedNumber('')).toBeUndefined();
    expect(typedNumber('1,5')).toBe('1,5');
    expect(typedList('10, 30;100  em')).toEqual([10, 30, 100, 'em']);
    expect(valueText([1, 2])).toBe('1, 2');
    expect(valueText(undefined)).toBe('');
  });
});

describe('sweep editor', () => {
  it.each([
    ['batch.realFraction', '1..0.1', /VALUE@GENERATION.* FROM\.\.TO\.\.UNTIL/],
    ['batch.realFraction', '0.5@', /VALUE@GENERATION.* FROM\.\.TO\.\.UNTIL/],
    ['sampleSize', '1..', /^Give a whole number/],
  ])('names of %s the forms that %s could become', (path, text, forms) => {
    const value = typedValue(parameterAt(path, 'blobs')!, text);
    const { problems } = checkDraft(edit(blobs, path, value));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field: path, message: expect.stringContaining(text) });
    expect(problems[0]!.remedy).toMatch(forms);
  });

  it('offers for every field a first axis that is valid', () => {
    for (const kind of KINDS) {
      const base = edit(blobs, 'truth.kind', kind);
      const free = freeAxes(kind, {}, checkDraft(base).spec);
      for (const row of axesFor(kind)) {
        // Beside what lets the field act, where it does not as things are.
        const change = free.includes(row) ? undefined : CHANGES[row.path]?.[0];
        const within = (change ? changed(change) : base) as Draft;
        const draft = { ...within, sweep: { [row.path]: firstAxis(row, within) } };
        const own = problemsAt(checkDraft(draft).problems, `sweep.${row.path}`);
        expect(own, row.path).toEqual([]);
      }
    }
  });

  it('offers those choices that the rest lets stand', () => {
    const estimators = (draft: Draft) => firstAxis(parameterAt('fit.estimator', 'blobs')!, draft);
    expect(estimators(blobs)).toEqual(['em']);
    expect(estimators({ truth: { kind: 'blobs', components: 1 } })).toEqual([
      ...['mle', 'unbiased', 'em'],
    ]);
    const map = { ...blobs, fit: { estimator: 'map' } };
    expect(firstAxis(parameterAt('fit.prior.centre', 'blobs')!, map)).toEqual(['parent', 'truth']);
    const one = { ...blobs, fit: { components: 1, estimator: 'map' } };
    expect(firstAxis(parameterAt('fit.prior.centre', 'blobs')!, one)).toEqual(['parent']);
  });

  it('offers only axes that would change something', () => {
    const free = (raw: object) => {
      const { spec } = checkDraft({ ...blobs, ...raw });
      return freeAxes('blobs', {}, spec).map(({ path }) => path);
    };
    const dependent = ['fit.prior.strength', 'batch.detector.recall', 'batch.web.published'];
    expect(free({}).filter((path) => dependent.includes(path))).toEqual([]);
    const on = { fit: { estimator: 'map' }, batch: { web: { stock: 10 } } };
    expect(dependent.filter((path) => !free(on).includes(path))).toEqual([]);
    expect(free(on)).not.toContain('batch.realFraction');
  });

  it('keeps the order of axes when a field is replaced', () => {
    const sweep = { sampleSize: [10], 'fit.iterations': [1, 2] };
    const row = parameterAt('fit.components', 'blobs')!;
    const next = withPathReplaced({ ...blobs, sweep }, 'sampleSize', row);
    expect(Object.keys(next)).toEqual(['fit.components', 'fit.iterations']);
    expect(freeAxes('blobs', next, null).map(({ path }) => path)).toContain('sampleSize');
    expect(Object.keys(withAxis(sweep, 'fit.components', [1]))).toHaveLength(3);
  });

  it('takes a whole range that is typed into a list, and names the forms where it is half one', () => {
    expect(typedRange('sampleSize', '10..1000..3..log ')).toEqual({
      ...{ from: 10, to: 1000, steps: 3, scale: 'log' },
    });
    for (const text of ['10..1000', '10..1000..', '10, 30']) {
      expect(typedRange('sampleSize', text)).toBeNull();
    }
    const [problem] = checkDraft({
      ...blobs,
      sweep: { sampleSize: typedList('10..1000') },
    }).problems;
    expect(problem!.field).toBe('sweep.sampleSize');
    expect(problem!.message).toBe('"10..1000" is no number and no whole range.');
    expect(problem!.remedy).toContain('FROM..TO..STEPS');
  });

  it('turns a list into a range and back, with its ends', () => {
    expect(otherForm([10, 20, 100])).toEqual({ from: 10, to: 100, steps: 3, scale: 'linear' });
    expect(otherForm({ from: 1, to: 5, steps: 3, scale: 'log' })).toEqual([1, 5]);
  });

  it('keeps the text of a list while it means the same', () => {
    expect(listText([10, 20], '10, 20,')).toBe('10, 20,');
    expect(listText([10, 20], '10, 2')).toBe('10, 20');
    expect(typedAxis('none, 2;3 em')).toEqual([null, 2, 3, 'em']);
    expect(listText([null, 2], 'none,2')).toBe('none,2');
    expect(listText([null, 2], '')).toBe('none, 2');
  });
});

describe('mixture editor', () => {
  it('keeps weights that sum to 1', () => {
    let components = [{ weight: 1, mean: [0], covariance: [[1]] }] as ReturnType<
      typeof withComponent
    >;
    for (let k = 0; k < 6; k++) {
      components = withComponent(components);
      const draft = { truth: { kind: 'mixture', components } };
      expect(checkDraft(draft).problems).toEqual([]);
    }
    expect(withoutComponent(components, 0)).toHaveLength(6);
  });
});

describe('words of the form', () => {
  it('says bounds and axes', () => {
    expect(boundsText(parameterAt('sampleSize', null)!)).toBe('From 1 to 1\u202f000\u202f000.');
    expect(boundsText(parameterAt('seed', null)!)).toBe('0 or more.');
    expect(axisText([1, 2])).toBe('1, 2');
    expect(axisText([null, 2])).toBe('none, 2');
    expect(axisText({ from: 0, to: 1, steps: 11, scale: 'linear' })).toBe('0 … 1 (11)');
  });

  it('sums up each group', () => {
    const { spec } = presets.find(({ name }) => name === 'one-migrant')!;
    expect(groupText('truth', spec)).toBe('blobs, J = 1');
    expect(groupText('sweep', spec)).toBe('28 cells');
    const wide = { truth: { kind: 'blobs', components: 1, dim: 9 } };
    expect(groupText('statistics', checkDraft(wide).spec!)).toBe('3 of them, no tailMass1');
    expect(groupText('statistics', checkDraft(blobs).spec!)).toBe('4 of them');
  });

  it('says of a group that its field is swept', () => {
    const sweep = {
      'truth.components': [2, 4],
      retention: ['replace', 'accumulate'],
      sampleSize: [20, 50],
    };
    const { spec, problems } = checkDraft({ ...blobs, sweep });
    expect(problems).toEqual([]);
    expect(groupText('truth', spec!)).toBe('blobs, J swept');
    expect(groupText('retention', spec!)).toBe('swept');
    expect(groupText('sizes', spec!)).toMatch(/^n swept, G = \d+, R = \d+$/);
    expect(groupText('fit', spec!)).toBe(`K = J, ${spec!.fit.estimator}`);
    const fit = (raw: object) => groupText('fit', checkDraft({ ...blobs, ...raw }).spec!);
    expect(fit({ sweep: { 'fit.components': [1, 2] } })).toMatch(/^K swept, /);
    const estimators = { 'fit.estimator': ['mle', 'unbiased'] };
    expect(fit({ fit: { components: 1 }, sweep: estimators })).toBe('K = 1, estimator swept');
  });
});
