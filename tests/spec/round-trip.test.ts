import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import {
  applySetting,
  applySettings,
  cellSpecs,
  MAX_URL_LENGTH,
  minimalSpec,
  parseSpec,
  recordedSpec,
  specFromUrl,
  specToSettings,
  specToUrl,
  type Spec,
} from '../../src/spec/schema.ts';
import { presets } from '../../src/spec/presets.ts';
import { rawSpecs, specs, tryParse } from './arbitrary.ts';

const RUNS = { seed: 1, numRuns: 1200 };
const BLOBS = { truth: { kind: 'blobs' } };

/** Equal as files: same keys in the same order, same numbers to the last bit. */
const sameFile = (a: Spec, b: Spec): void => expect(JSON.stringify(a)).toBe(JSON.stringify(b));

describe('every spec comes back exactly', () => {
  it('from its file, and from its file without defaults', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        sameFile(parseSpec(JSON.parse(JSON.stringify(spec))), spec);
        sameFile(parseSpec(minimalSpec(spec)), spec);
      }),
      { ...RUNS, numRuns: 600 },
    );
  });

  it('from its link', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const link = specToUrl(spec);
        expect(link).toMatch(/^[\w.~!*'()%:;,=&-]*$/);
        for (const mark of ['', '#', 'https://example.org/genloss/?']) {
          const { spec: again, problems } = specFromUrl(mark + link);
          expect(problems).toEqual([]);
          sameFile(again, spec);
        }
      }),
      RUNS,
    );
  });

  it('from its flags', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        sameFile(parseSpec(applySettings({}, specToSettings(spec))), spec);
      }),
      { ...RUNS, numRuns: 600 },
    );
  });

  it('cell by cell', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        for (const { spec: cell } of cellSpecs(spec)) sameFile(parseSpec(cell), cell);
      }),
      { ...RUNS, numRuns: 300 },
    );
  });
});

describe('a random spec', () => {
  it('is a spec or all its problems, and most are specs', () => {
    let accepted = 0;
    fc.assert(
      fc.property(rawSpecs, (raw) => {
        if (tryParse(raw)) accepted++;
      }),
      RUNS,
    );
    // The generator is of use only while it reaches behind the door.
    expect(accepted).toBeGreaterThan(RUNS.numRuns / 4);
  });

  it('is never taken from nonsense, and nothing but SpecError is thrown', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (raw) => {
        expect(tryParse(raw)).toBeNull();
        // Undefined is what is not there.
        fc.pre(raw !== undefined);
        expect(tryParse({ ...BLOBS, sweep: raw, seed: raw, fit: raw })).toBeNull();
      }),
      RUNS,
    );
  });
});

describe('links', () => {
  it('hold only what differs from the defaults', () => {
    expect(specToUrl(parseSpec(BLOBS))).toBe('v=1&truth.kind=blobs');
    const spec = parseSpec({
      truth: { kind: 'data', file: 'a b.csv', columns: ['x', 'y,z'] },
      fit: { covarianceFloor: 1e-6 },
      sweep: { sampleSize: [10, 100], 'batch.realFraction': { from: 0, to: 1, steps: 5 } },
    });
    expect(specToUrl(spec)).toBe(
      'v=1&truth.kind=data&truth.file=a%20b.csv&truth.columns=%5B%22x%22,%22y,z%22%5D' +
        '&fit.covarianceFloor=0.000001&sweep.sampleSize=10,100&sweep.batch.realFraction=0..1..5',
    );
  });

  it('leave to the version they name what auto means, as they do with defaults', () => {
    // Another meaning of auto would change what links of version 1 run: it needs another version.
    const { spec } = specFromUrl('v=1&truth.components=1');
    expect(spec.closedForm).toBe('auto');
    expect(recordedSpec(spec)).toEqual({ ...spec, closedForm: 'cheapest' });
    const named = ['cheapest', 'counts', 'cheaper', 'statistics', 'replace', 'off'] as const;
    for (const closedForm of named) {
      const asked = specFromUrl(`v=1&closedForm=${closedForm}`).spec;
      expect(specToUrl(asked)).toBe(`v=1&truth.kind=blobs&closedForm=${closedForm}`);
      sameFile(recordedSpec(asked), asked);
    }
  });

  it('of the presets are short', () => {
    for (const { spec } of presets) {
      const link = specToUrl(spec);
      expect(link.length).toBeLessThan(450);
      sameFile(specFromUrl(link).spec, spec);
    }
  });

  it('that would be too long are refused, with a way out', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 0.123456789 + i / 3e4);
    const spec = parseSpec({ ...BLOBS, sweep: { 'batch.realFraction': values } });
    expect(() => specToUrl(spec)).toThrow(/limit is 8192.*Save it as a file/);
  });

  it('are mended where a field is known and reported where not', () => {
    const { spec, problems } = specFromUrl(
      '#v=1&sampleSize=0&truth.components=2&batch.remember=3&fit.init=chance&replicates=7' +
        '&sweep.fit.components=1,99&sweep.batch.realFraction=0..1..3&__proto__=1&%E0%A4%A=2',
    );
    expect(spec).toMatchObject({
      sampleSize: 100,
      truth: { kind: 'blobs', components: 2 },
      fit: { init: 'parent' },
      replicates: 7,
    });
    expect(Object.keys(spec.sweep)).toEqual(['batch.realFraction']);
    expect(problems.map(({ field, remedy }) => [field, remedy])).toEqual([
      ['%E0%A4%A=2', 'It is left out.'],
      ['batch.remember', 'It is left out.'],
      ['__proto__', 'It is left out.'],
      ['fit.init', 'The default is used.'],
      ['sampleSize', 'The default is used.'],
      ['sweep.fit.components[1]', 'The default is used.'],
    ]);
  });

  it('that break a rule or a limit fall back', () => {
    const rule = specFromUrl('sampleSize=1&truth.components=3');
    expect(rule.spec.sampleSize).toBe(1000 / 10);
    expect(rule.problems[0]!.field).toBe('fit.covarianceFloor');
    const cost = specFromUrl('replicates=1000000000');
    expect(cost.spec.replicates).toBe(1000);
    expect(cost.problems[0]!.field).toBe('replicates');
    const cells = specFromUrl('sweep.batch.realFraction=0..1..2000', { maxLineages: 1e6 });
    expect(cells.spec.sweep).toEqual({});
    expect(specFromUrl('', { maxLineages: 1 }).spec).toEqual(parseSpec(BLOBS));
    expect(specFromUrl(`sampleSize=${'1'.repeat(MAX_URL_LENGTH)}`).problems).toHaveLength(1);
    expect(specFromUrl('sampleSize=10&sampleSize=20').spec.sampleSize).toBe(10);
    expect(specFromUrl('truth.kind=web').spec).toEqual(parseSpec(BLOBS));
    expect(specFromUrl('v=2').problems[0]!.field).toBe('version');
  });

  it('name what was left out, where it is not what is complained of', () => {
    const said = (link: string) =>
      specFromUrl(link).problems.map(({ field, remedy }) => [field, remedy]);
    expect(said('truth.dim=6')).toEqual([['truth.components', 'truth.dim is left out.']]);
    const both = 'truth.components and truth.dim are left out.';
    expect(said('truth.dim=6&truth.components=3')).toEqual([['truth.components', both]]);
    const swept = specFromUrl('sweep.truth.dim=1,6&sampleSize=50');
    expect(swept.spec).toMatchObject({ sampleSize: 50, sweep: {} });
    expect(swept.problems[0]!.remedy).toContain('sweep.truth.dim is left out.');
  });

  it('cut off or corrupted anywhere still open', () => {
    const damage = fc.record({
      cut: fc.nat(400),
      at: fc.nat(400),
      letter: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(specs, damage, (spec, { cut, at, letter }) => {
        const link = specToUrl(spec);
        for (const bad of [link.slice(0, cut), link.slice(0, at) + letter + link.slice(at + 1)]) {
          const { spec: mended } = specFromUrl(bad);
          sameFile(parseSpec(mended), mended);
        }
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        sameFile(parseSpec(specFromUrl(text).spec), specFromUrl(text).spec);
      }),
      RUNS,
    );
  });
});

describe('settings', () => {
  const applied = (...settings: string[]): Spec => parseSpec(applySettings(BLOBS, settings));

  it('read JSON, bare words, lists and ranges', () => {
    const spec = applied(
      'fit.components=2',
      'fit.init=kmeans',
      'truth.weights=[0.5,0.25,0.25]',
      'statistics=entropy,testNll',
      'sweep.sampleSize=10,100',
      'sweep.batch.realFraction=0.01..1..3..log',
      'sweep.fit.covariance=["full","diagonal"]',
    );
    expect(spec).toMatchObject({
      fit: { components: 2, init: 'kmeans' },
      truth: { weights: [0.5, 0.25, 0.25] },
      statistics: ['entropy', 'testNll'],
    });
    expect(Object.entries(spec.sweep)).toEqual([
      ['sampleSize', [10, 100]],
      ['batch.realFraction', { from: 0.01, to: 1, steps: 3, scale: 'log' }],
      ['fit.covariance', ['full', 'diagonal']],
    ]);
  });

  it('know Zipf by its path, by its name and as JSON', () => {
    for (const setting of [
      'truth.weights.zipf=1',
      'truth.weights=zipf:1',
      'truth.weights={"zipf":1}',
    ]) {
      expect(applied(setting).truth).toMatchObject({ weights: { zipf: 1 } });
    }
  });

  it('let the later one win, and leave the raw spec as it was', () => {
    expect(applied('sampleSize=10', 'sampleSize=20').sampleSize).toBe(20);
    expect(BLOBS).toEqual({ truth: { kind: 'blobs' } });
  });

  it.each(['sampleSize', '=3', '', ' = 3'])('refuse %j', (setting) => {
    expect(() => applySetting(BLOBS, setting)).toThrow(SpecError);
  });

  it('leave unknown fields to parseSpec, prototypes untouched', () => {
    for (const setting of ['nothing=1', '__proto__.seed=2', 'constructor.prototype.seed=2']) {
      expect(() => applied(setting)).toThrow(SpecError);
    }
    expect(({} as Record<string, unknown>)['seed']).toBeUndefined();
  });
});
