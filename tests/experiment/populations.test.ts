/**
 * What has no closed form, against a plain NumPy program that shares nothing with the engines
 * (tests/oracle/populations.py): means by |z| ≤ 4 of both standard errors, and distribution functions
 * at seven quantiles, at fixed seeds.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { twoSampleLimit } from '../support/goodness.ts';
import { runSpec } from '../support/run-spec.ts';

interface Summary {
  readonly mean: number;
  readonly se: number;
  /** Of equal shares, ascending. */
  readonly edges: readonly number[];
}

interface Oracle {
  readonly lineages: number;
  readonly populations: readonly {
    readonly name: string;
    readonly spec: { readonly generations: number };
    readonly statistics: Readonly<Partial<Record<StatisticName, Summary>>>;
  }[];
}

const path = join(import.meta.dirname, '../oracle/populations.json');
const { lineages, populations } = JSON.parse(readFileSync(path, 'utf8')) as Oracle;

/** The reference has a thread and no vectors. */
const replicatesOn = (engine: string): number => (engine === 'reference' ? 500 : 1500);
/** Kernels of several clouds that a software adapter takes long to compile, and that others hold. */
const isQuick = (engine: string, name: string): boolean =>
  engine !== 'webgpu' || !/^(k-means|diagonal)/.test(name);
/** One in ten thousand of right engines fails a check of a distribution. */
const ALPHA = 1e-4;
const QUANTILES = [
  ...[['q01', 0.01] as const, ['q05', 0.05] as const, ['q25', 0.25] as const],
  ...[['q50', 0.5] as const, ['q75', 0.75] as const, ['q95', 0.95] as const],
  ['q99', 0.99] as const,
];

describe.each(enginesUnderTest)('$name', ({ name: engineName, open }) => {
  const replicates = replicatesOn(engineName);
  let engine: Engine;
  beforeAll(async () => void (engine = await open()));
  afterAll(() => engine.close());

  const asked = populations.filter(({ name }) => isQuick(engineName, name));
  it.each(asked)('$name', async ({ spec, statistics }) => {
    const names = Object.keys(statistics) as StatisticName[];
    const ran = await runSpec(engine, {
      ...spec,
      ...{ seed: 211, replicates, statistics: names },
    });
    const last = spec.generations;
    for (const name of names) {
      const { mean, se, edges } = statistics[name]!;
      const error = Math.hypot(se, ran.value(0, last, name, 'se'));
      const z = (ran.value(0, last, name, 'mean') - mean) / error;
      expect(Math.abs(z), `${name}: z ${z.toFixed(2)}`).toBeLessThanOrEqual(4);
      // The oracle's distribution function is known to a share between edges, the engine's to 1/R.
      const share = 1 / (edges.length + 1);
      const limit = twoSampleLimit(ALPHA, replicates, lineages) + 1 / replicates + share;
      for (const [field, p] of QUANTILES) {
        const x = ran.value(0, last, name, field);
        const below = edges.filter((edge) => edge <= x).length * share;
        const where = `${name}: ${below.toFixed(3)} below ${field}`;
        expect(Math.abs(below - p), where).toBeLessThanOrEqual(limit);
      }
    }
  });
});
