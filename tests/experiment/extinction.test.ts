/**
 * When a mode dies: of well separated modes, points of each are counts of Wright and Fisher's chain,
 * which is computed exactly. A dead mode is one without weight, which engines count as a
 * component that was lost, and survival shows by a criterion between no point and one.
 */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { statusAt } from '../../src/experiment/results.ts';
import { survivalOf } from '../../src/experiment/survival.ts';
import { STATUS_NAMES } from '../../src/model/status.ts';
import { modeSurvival } from '../../src/model/theory/wright-fisher.ts';
import { enginesUnderTest } from '../support/engines.ts';
import { runSpec } from '../support/run-spec.ts';

test('the chain is nearly the branching process: 1 − exp(−c g_t)', () => {
  const [c, n, generations] = [2, 1000, 12];
  const alive = modeSurvival(c / n, n);
  let g = 1;
  for (let t = 1; t <= generations; t++) {
    // A binomial count differs from a Poisson one with probability at most its p (Le Cam 1960), here
    // c/n in the mean, in each of t generations.
    expect(Math.abs(alive(t) - (1 - Math.exp(-c * g)))).toBeLessThan((t * c) / n);
    g = 1 - Math.exp(-g);
  }
  expect(alive(generations)).toBeLessThan(0.3);
});

const [COUNT, POINTS, GENERATIONS, REPLICATES] = [2, 40, 10, 1000];
const alive = modeSurvival(COUNT / POINTS, POINTS);

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => void (engine = await open()));
  afterAll(() => engine.close());

  it('a mode of two points in forty dies as the chain says', async () => {
    const share = COUNT / POINTS;
    const ran = await runSpec(engine, {
      seed: 127,
      // So far apart that no component, however wide a few points made it, is within the 64 nats
      // of the other mode's points that keep one alive.
      truth: { kind: 'blobs', components: 2, separation: 60, weights: [share, 1 - share] },
      fit: { iterations: 2 },
      ...{ sampleSize: POINTS, generations: GENERATIONS, replicates: REPLICATES },
      statistics: ['rarestModeMass'],
      // The criterion asks whether there is any mass, not how much.
      nodes: 64,
      criteria: [{ name: 'extinct', statistic: 'rarestModeMass', below: 0.5 / POINTS }],
    });
    const { survival } = survivalOf(ran.results, 0, 0);
    for (const t of [1, 2, 5, GENERATIONS]) {
      const lost = statusAt(ran.results, 0, t)[STATUS_NAMES.indexOf('componentLost')]!;
      const p = alive(t);
      const z = (1 - lost / REPLICATES - p) / Math.sqrt((p * (1 - p)) / REPLICATES);
      expect(Math.abs(z), `t = ${t}: z ${z.toFixed(2)}`).toBeLessThanOrEqual(4);
      // Who has lost a component is who has no mass there, to the lineage: once lost, lost for ever.
      expect(survival[t]).toBeCloseTo(1 - lost / REPLICATES, 12);
    }
  });
});
