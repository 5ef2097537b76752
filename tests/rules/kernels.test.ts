/** Every kernel links, and compiles for the shapes that specs ask of it. */
import { expect, test } from 'vitest';
import { groupConstants } from '../../src/engine/webgpu/constants.ts';
import { link, type Constants } from '../../src/engine/webgpu/link.ts';
import { Pipelines } from '../../src/engine/webgpu/pipeline.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { STATISTIC_NAMES } from '../../src/spec/statistics.ts';
import { describeGpu, testDevice } from '../support/dawn.ts';

const kernels = [...shaderSources.keys()]
  .filter((name) => name.startsWith('kernels::'))
  .map((name) => name.slice('kernels::'.length));

/** The constants of a spec's only cell; limits do not enter them. */
function constantsOf(truth: object, fit: object, statistics = STATISTIC_NAMES): Constants {
  const limits = {
    bufferBytes: 2 ** 28,
    totalBytes: 2 ** 30,
    dispatchWork: 2 ** 30,
    lineageWork: 1e18,
    batchLineages: 4096,
  };
  const plan = planRun(parseSpec({ truth, fit, statistics }), limits);
  return groupConstants(plan.cells[0]!, plan.statistics);
}

const blobs = (dim: number, components: number) => ({ kind: 'blobs', dim, components });

const SHAPES: Readonly<Record<string, Constants>> = {
  'one Gaussian': constantsOf(blobs(1, 1), { components: 1 }),
  'a mixture for one Gaussian, one statistic': constantsOf(
    blobs(1, 1),
    { components: 3, init: 'kmeans' },
    ['varianceRatio'],
  ),
  'two dimensions, diagonal': constantsOf(blobs(2, 2), { components: 2, covariance: 'diagonal' }),
  'the largest': constantsOf(blobs(3, 8), { components: 8, init: 'kmeans' }),
  'rows of data, spherical': {
    ...constantsOf(blobs(3, 2), { components: 5, covariance: 'spherical', init: 'kmeans' }),
    REAL_ROWS: 1,
  },
};

test.each(kernels)('%s links', (kernel) => {
  for (const constants of Object.values(SHAPES)) {
    expect(() => link(shaderSources, `kernels::${kernel}`, constants)).not.toThrow();
  }
});

test('every module is part of some kernel', () => {
  const linked = kernels.map(
    (kernel) => link(shaderSources, `kernels::${kernel}`, SHAPES['one Gaussian']!).text,
  );
  const unused = [...shaderSources].filter(([, { text }]) => {
    const name = /^(?:fn|const|struct) (\w+)/m.exec(text)![1]!;
    return !linked.some((joined) => new RegExp(`(?:fn|const|struct) ${name}\\b`).test(joined));
  });
  expect(unused.map(([name]) => name)).toEqual([]);
});

test.each([...shaderSources])('%s: every variable is given its first value', (_, { text }) => {
  // Drivers were seen to forget that a variable declared in a loop starts at 0 each time round.
  expect(text.match(/^\s+var \w+\s*(?::[^=;]*)?;/gm)).toBeNull();
});

describeGpu.each(Object.entries(SHAPES))('compiled for %s', (_, constants) => {
  test.each(kernels)('%s', async (kernel) => {
    const pipelines = new Pipelines(await testDevice());
    await expect(pipelines.get(kernel, constants)).resolves.toBeDefined();
  });
});
