import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATASETS } from '../../src/spec/datasets.ts';
import { jsonSchema } from '../../src/spec/json-schema.ts';
import { presets } from '../../src/spec/presets.ts';
import { referenceTables } from '../../src/spec/reference.ts';
import { axesFor, GROUPS, PARAMETERS, parseSpec } from '../../src/spec/schema.ts';
import { SCALAR_STATISTICS, statisticRow } from '../../src/spec/statistics.ts';
import { specs } from './arbitrary.ts';
import { satisfies } from './json-schema-check.ts';

describe('the table of parameters', () => {
  it('has words for a person in every row', () => {
    for (const { path, label, doc, choices = [] } of PARAMETERS) {
      expect(label, path).not.toBe('');
      expect(doc, path).toMatch(/^[A-Z].*\.$/);
      for (const choice of choices) expect(choice.doc, path).toMatch(/\.$/);
    }
    expect(new Set(PARAMETERS.map(({ group }) => group))).toEqual(
      new Set(GROUPS.map(({ name }) => name)),
    );
  });

  it('has a symbol for one field alone', () => {
    const symbols = PARAMETERS.map(({ symbol }) => symbol).filter(Boolean);
    expect(symbols.filter((symbol, i) => symbols.indexOf(symbol) < i)).toEqual([]);
  });

  it('sweeps scalars only', () => {
    for (const { kind } of axesFor('blobs')) {
      expect(['integer', 'number', 'choice']).toContain(kind);
    }
  });
});

describe('JSON Schema', () => {
  const schema = jsonSchema();

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('takes every spec that parseSpec makes', () => {
    fc.assert(
      fc.property(specs, (spec) => satisfies(spec, schema)),
      { seed: 2, numRuns: 1000 },
    );
  });

  it.each([
    [{}],
    [{ truth: { kind: 'ring' } }],
    [{ truth: { kind: 'blobs', file: 'x' } }],
    [{ truth: { kind: 'blobs' }, seed: -1 }],
    [{ truth: { kind: 'blobs' }, memory: 1 }],
    [{ truth: { kind: 'blobs' }, fit: { estimator: 'bayes' } }],
    [{ truth: { kind: 'blobs' }, sweep: { seed: [1] } }],
    [{ truth: { kind: 'blobs' }, statistics: ['entropy', 'entropy'] }],
  ])('refuses %j', (raw) => {
    expect(satisfies(raw, schema)).toBe(false);
    expect(() => parseSpec(raw)).toThrow();
  });
});

describe('reference tables', () => {
  const text = referenceTables();

  it('name every field, choice and statistic', () => {
    for (const { path, choices = [] } of PARAMETERS) {
      expect(text).toContain(`\`${path}\``);
      for (const { value } of choices) expect(text).toContain(`\`${value}\``);
    }
    for (const name of SCALAR_STATISTICS) expect(text).toContain(`| \`${name}\` |`);
  });

  it('are well formed: every row has the cells of its header', () => {
    for (const table of text
      .trim()
      .split('\n\n')
      .filter((part) => part.startsWith('|'))) {
      const cells = table.split('\n').map((row) => row.replaceAll('\\|', '').split('|').length);
      expect(new Set(cells).size).toBe(1);
    }
  });
});

/** What a page has besides the charts of statistics. */
const PLACES = ['Not yet collapsed', 'Stages', 'Side by side', 'across', 'up'];

describe('presets', () => {
  it.each(presets.map((preset) => [preset.name, preset] as const))('%s is ready', (_, preset) => {
    const { name, title, story, look, citation, spec } = preset;
    expect(name).toMatch(/^[a-z0-9-]+$/);
    // As many letters as the page's list shows at any width.
    expect(title.length).toBeLessThanOrEqual(36);
    expect(story.match(/[.](\s|$)/g)).toHaveLength(2);
    for (const text of [look, citation]) expect(text).toMatch(/^.+[.]$/);
    expect(parseSpec(spec)).toEqual(spec);
    if (spec.truth.kind !== 'data') return;
    const { file, columns } = spec.truth;
    const known = DATASETS.find((row) => row.file === file)!;
    for (const column of columns) expect(known.columns).toContain(column);
  });

  it.each(presets.map(({ name, look, spec }) => [name, look, spec] as const))(
    '%s tells to look at what the page shows',
    (_, look, spec) => {
      const quoted = [...look.matchAll(/“([^”]+)”/g)].map(([, words]) => words!);
      const charts = spec.statistics.map((name) => statisticRow(name).label);
      for (const words of quoted) expect([...charts, ...PLACES]).toContain(words);
    },
  );

  it('have names of their own', () => {
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
  });
});
