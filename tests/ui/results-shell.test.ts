/** Results as they are handed to the page. */
import { expect, it } from 'vitest';
import { emptyResults } from '../../src/experiment/empty.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { openResults, packResults, shellBuffers } from '../../src/ui/results-shell.ts';
import { countingResults } from '../experiment/results-fixture.ts';

const AXES = [
  { name: 'sampleSize', values: [10, 100] },
  { name: 'fit.covariance', values: ['full', 'diagonal', 'spherical'] },
];

/** Through a post that gives the buffers away, as from a worker. */
function posted(results: ReturnType<typeof emptyResults>) {
  const shell = packResults(results);
  return openResults(structuredClone(shell, { transfer: shellBuffers(shell) }));
}

it('gives back every number, cell and law', () => {
  const results = countingResults(AXES, 4, ['varianceRatio', 'entropy']);
  results.status.fill(3);
  expect(posted(results)).toEqual(results);
});

it('tells cells with a law from cells without, and keeps the sender’s own', () => {
  const spec = parseSpec({
    truth: { kind: 'blobs', components: 1 },
    sweep: { 'batch.realFraction': [0, 0.5], sampleSize: [20, 50] },
    statistics: ['varianceRatio', 'modesAlive'],
  });
  const results = emptyResults(planRun(spec, createReferenceEngine().limits));
  expect(new Set(results.lawLabels).size).toBeGreaterThan(2);
  expect(posted(results)).toEqual(results);
  expect(results.values.length).toBeGreaterThan(0);
});
