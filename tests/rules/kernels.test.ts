/** Every kernel links, and compiles for the shapes that specs ask of it. */
import { expect, test } from 'vitest';
import { wants } from '../../src/engine/webgpu/batch-run.ts';
import { groupConstants } from '../../src/engine/webgpu/constants.ts';
import { link, type Constants, type Linked, type Sources } from '../../src/engine/webgpu/link.ts';
import { Pipelines, withSet, withTeam } from '../../src/engine/webgpu/pipeline.ts';
import { shaderSources, softwareSources } from '../../src/engine/webgpu/shaders.ts';
import type { DataSet } from '../../src/model/truth.ts';
import type { Lanes } from '../../src/plan/mapping.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import type { Group } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { statisticsIn, WIDE_STATISTICS } from '../../src/spec/statistics.ts';
import { describeGpu, testDevice } from '../support/dawn.ts';

const kernels = [...shaderSources.keys()]
  .filter((name) => name.startsWith('kernels::'))
  .map((name) => name.slice('kernels::'.length));

interface Shape {
  readonly group: Group;
  readonly constants: Constants;
  readonly sources: Sources;
}

const SUBGROUPS: Lanes = { least: 4, most: 4, wide: 4, subgroups: true };
const WORKGROUPS: Lanes = { least: 4, most: 32, wide: 64, subgroups: false };

/** What the engine links for a spec's only cell. */
function shapeOf(
  raw: { readonly truth: object; readonly [field: string]: unknown },
  lanes = SUBGROUPS,
  bufferBytes = 2 ** 27,
  modules = shaderSources,
): Shape {
  const limits = { bufferBytes, totalBytes: 2 ** 30, dispatchWork: 2 ** 30, batchLineages: 4096 };
  const rows = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
  const data: DataSet = { name: 'a.csv', columns: ['x', 'y', 'z'], rows, rowCount: 20 };
  const spec = parseSpec({
    statistics: statisticsIn('dim' in raw.truth && raw.truth.dim === 1 ? 1 : 3),
    replicates: 100,
    ...raw,
  });
  const plan = planRun(spec, { ...limits, lanes, lacks: [] }, { data });
  const group = plan.groups[0]!;
  const constants = groupConstants(plan.cells[0]!, group, plan.statistics);
  const sources = withTeam(modules, group.mapping?.sums ?? 'workgroup');
  return { group, constants, sources: withSet(sources, constants) };
}

const blobs = (dim: number, components: number) => ({ kind: 'blobs', dim, components });

const SHAPES: Readonly<Record<string, Shape>> = {
  'one Gaussian in closed form': shapeOf({ truth: blobs(3, 1) }),
  'one Gaussian in many dimensions': shapeOf({
    truth: blobs(100, 1),
    batch: { realFraction: 0.1, paraphrase: { noise: 0.1 } },
    retention: 'accumulate',
    statistics: WIDE_STATISTICS,
  }),
  'one Gaussian of groups whose numbers are drawn': shapeOf({
    truth: blobs(3, 1),
    retention: 'accumulate',
    batch: {
      ...{ realFraction: 0.3, realDraw: 'bernoulli', memory: 3, paraphrase: { noise: 0.1 } },
      poison: { share: 0.1, mean: [1], scale: 1 },
    },
    fit: { realWeight: 0.5, estimator: 'map', prior: { strength: 4 } },
    closedForm: 'counts',
  }),
  'many dimensions, numbers drawn': shapeOf({
    truth: blobs(20, 1),
    retention: 'accumulate',
    batch: {
      ...{ realFraction: 0.3, realDraw: 'bernoulli', memory: 3, paraphrase: { noise: 0.1 } },
      poison: { share: 0.1, mean: [1], scale: 1 },
    },
    fit: { realWeight: 0.5, estimator: 'map', prior: { strength: 4 } },
    statistics: WIDE_STATISTICS,
  }),
  'one Gaussian by its points': shapeOf({ truth: blobs(1, 1), closedForm: 'off' }),
  'one Gaussian for a mixture': shapeOf({ truth: blobs(2, 2), fit: { components: 1 } }),
  'a mixture for one Gaussian, one statistic': shapeOf({
    truth: blobs(1, 1),
    fit: { components: 3, init: 'kmeans' },
    sampleSize: 40,
    statistics: ['varianceRatio'],
  }),
  'points in registers, sums through memory, a tolerance': shapeOf(
    {
      truth: blobs(2, 2),
      fit: { components: 2, covariance: 'diagonal', tolerance: 1e-3 },
      sampleSize: 150,
    },
    WORKGROUPS,
  ),
  'a mixture on a CPU': shapeOf(
    { truth: blobs(1, 2), fit: { components: 2 } },
    SUBGROUPS,
    2 ** 27,
    softwareSources,
  ),
  'points in storage': shapeOf({ truth: blobs(2, 2), fit: { components: 2 }, sampleSize: 300 }),
  'points drawn again, sums through memory': shapeOf(
    { truth: blobs(1, 2), fit: { components: 2 }, sampleSize: 3000 },
    WORKGROUPS,
    2 ** 20,
  ),
  'the largest': shapeOf({ truth: blobs(3, 8), fit: { components: 8, init: 'kmeans' } }),
  'more sources than a word has bits, looked at': shapeOf({
    truth: blobs(1, 32),
    fit: { components: 1 },
    batch: { realFraction: 0.2, truncation: 3 },
    statistics: ['varianceRatio'],
  }),
  'a subsample of what was looked at': shapeOf({
    truth: blobs(2, 2),
    fit: { components: 2 },
    retention: 'accumulate-subsample',
    growth: 0.5,
    batch: {
      ...{ realFraction: 0.5, realDraw: 'bernoulli', realSource: 'fixed', memory: 2 },
      ...{ truncation: 3, qualityFilter: 1 },
      ...{ verifier: { keep: 0.5 }, poison: { share: 0.1 }, paraphrase: { noise: 0.1 } },
      protectedModes: [1],
    },
  }),
  'an archive distilled in the plane': shapeOf({
    truth: blobs(2, 2),
    batch: { realFraction: 0.3, realSource: 'fixed', coreset: { size: 10 } },
    fit: { components: 2 },
    statistics: ['varianceRatio'],
  }),
  'rows of data, accumulated': shapeOf({
    truth: { kind: 'data', file: 'a.csv', columns: ['x'] },
    fit: { components: 2 },
    retention: 'accumulate',
    batch: { realFraction: 0.5 },
    sampleSize: 50,
    statistics: ['varianceRatio'],
  }),
  'rows of data, spherical': shapeOf({
    truth: { kind: 'data', file: 'a.csv', columns: ['x', 'y', 'z'] },
    fit: { components: 5, covariance: 'spherical', init: 'kmeans' },
    batch: { realFraction: 0.5, realDraw: 'bernoulli' },
  }),
};

/** Kernels that a group has work for; the bench's own for all. */
const isUsed = ({ group }: Shape, kernel: string): boolean =>
  kernel === 'team_test' ? group.mapping !== null : wants(group, kernel);

const linked = ({ sources, constants }: Shape, kernel: string): Linked =>
  link(sources, `kernels::${kernel}`, constants);

test('the shapes reach every way of keeping points and of adding up', () => {
  const found = Object.values(SHAPES).map(({ group: { mapping } }) =>
    mapping ? `${mapping.points} ${mapping.sums}` : 'none',
  );
  const ways = ['none', 'registers subgroup', 'registers workgroup', 'storage subgroup'];
  expect(new Set(found)).toEqual(new Set([...ways, 'redrawn workgroup']));
});

test.each(kernels)('%s links', (kernel) => {
  const shapes = Object.values(SHAPES).filter((shape) => isUsed(shape, kernel));
  expect(shapes.length).toBeGreaterThan(0);
  for (const shape of shapes) expect(() => linked(shape, kernel)).not.toThrow();
});

test('every module is part of some kernel', () => {
  const texts = Object.values(SHAPES).flatMap((shape) =>
    kernels.filter((kernel) => isUsed(shape, kernel)).map((kernel) => linked(shape, kernel).text),
  );
  const unused = [...shaderSources].filter(([, { text }]) => {
    const [, name] = /^(?:fn|const|struct) (\w+)/m.exec(text)!;
    return !texts.some((joined) => new RegExp(`(?:fn|const|struct) ${name!}\\b`).test(joined));
  });
  expect(unused.map(([name]) => name)).toEqual([]);
});

test.each([...shaderSources])('%s: every variable is given its first value', (_, { text }) => {
  // Drivers were seen to forget that a variable declared in a loop starts at 0 each time round.
  // Workgroup memory cannot be given one.
  expect(
    text.match(/^\s*var(?!<(?:workgroup|storage|uniform))(?:<\w+>)? \w+\s*(?::[^=;]*)?;/gm),
  ).toBeNull();
});

describeGpu.each(Object.entries(SHAPES))('compiled for %s', (_, shape) => {
  test.each(kernels.filter((kernel) => isUsed(shape, kernel)))('%s', async (kernel) => {
    const device = await testDevice();
    const wanted = shape.group.mapping?.sums;
    const sums = device.features.has('subgroups') ? wanted : 'workgroup';
    const compiled = new Pipelines(device, shape.sources).get(kernel, shape.constants, sums);
    await expect(compiled).resolves.toBeDefined();
  });
});
