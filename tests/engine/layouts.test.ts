/**
 * Lineages on the GPU in every layout: points in registers, in storage and drawn again, sums of a
 * team by shuffles and through memory, workgroups of any size, generations cut into dispatches. What
 * changes no number changes no bit; and every layout is the reference's lineage.
 */
import { expect, test } from 'vitest';
import { STATUS_BITS } from '../../src/model/status.ts';
import type { DataSet } from '../../src/model/truth.ts';
import type { Lanes } from '../../src/plan/mapping.ts';
import type { Plan } from '../../src/plan/plan.ts';
import {
  expectReference,
  planFor,
  ringOf,
  SUBGROUPS,
  withPoints,
  WORKGROUPS,
  type Cut,
} from '../support/batch.ts';
import { describeGpu } from '../support/dawn.ts';

const blobs = (dim: number, components: number, separation = 4) => ({
  kind: 'blobs',
  dim,
  components,
  separation,
});

/** Lineages that leave the last workgroup and its last team half empty. */
const REPLICATES = 37;
const BASE = { seed: 71, generations: 3, replicates: REPLICATES };

/** More than one tile of 64 values; three starts, a tolerance, real points. */
const TILED: Readonly<Record<string, object>> = {
  'K = 2, d = 1': { truth: blobs(1, 2), fit: { iterations: 4 }, sampleSize: 117 },
  'K = 3, d = 1, k-means, some real': {
    truth: blobs(1, 3),
    fit: { iterations: 2, init: 'kmeans' },
    batch: { realFraction: 0.3, realDraw: 'bernoulli' },
    sampleSize: 117,
  },
  'K = 2, d = 1, a tolerance': {
    truth: blobs(1, 2),
    fit: { iterations: 9, tolerance: 1e-3 },
    sampleSize: 117,
  },
  'K = 1, d = 1, a floor': {
    truth: blobs(1, 1),
    closedForm: 'off',
    fit: { covarianceFloor: 0.01 },
    sampleSize: 250,
  },
  'K = 1, d = 3, by its points': { truth: blobs(3, 1), closedForm: 'off', sampleSize: 45 },
};

describeGpu.each(Object.keys(TILED))('in tiles: %s', (name) => {
  const plan = planFor({ ...BASE, ...TILED[name] }, SUBGROUPS);
  const redrawn = withPoints(plan, 'redrawn');
  // One grain of lineages, and of it one pass: a budget no unit is less than.
  const shred: Cut = { budget: 1 };

  test('kept, drawn again, whole and cut between any two passes: the same bits', async () => {
    const { points, tiles } = plan.groups[0]!.mapping!;
    expect([points, tiles > 1]).toEqual(['storage', true]);
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, shred);
    expect(whole.submits).toBe(1);
    // A workgroup of 64 has 16 teams: three of them, three generations, two passes or more.
    expect(shredded.submits).toBeGreaterThanOrEqual(3 * 3 * 2);
    expect(shredded.words).toEqual(whole.words);
    const again = await ringOf(redrawn);
    expect(again.words).toEqual(whole.words);
    const both = await ringOf(redrawn, shred);
    expect(both.submits).toBe(shredded.submits);
    expect(both.words).toEqual(whole.words);
  });
});

describeGpu('in tiles, of unlike weight', () => {
  test('whole and cut between any two passes: the same bits', async () => {
    const fit = { iterations: 3, realWeight: 0.6, tailWeight: 0.2 };
    const raw = { truth: blobs(1, 2), fit, batch: { realFraction: 0.3 }, sampleSize: 117 };
    const plan = planFor({ ...BASE, ...raw }, SUBGROUPS);
    expect(plan.groups[0]!.mapping).toMatchObject({ points: 'storage', weights: 1 });
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, { budget: 1 });
    expect(whole.submits).toBe(1);
    expect(shredded.submits).toBeGreaterThanOrEqual(3 * 3 * 2);
    expect(shredded.words).toEqual(whole.words);
  });
});

const RESIDENT: Readonly<Record<string, object>> = {
  'K = 2, d = 1, k-means and a tolerance': {
    truth: blobs(1, 2),
    fit: { iterations: 6, init: 'kmeans', tolerance: 1e-3 },
    sampleSize: 33,
  },
  'K = 1, d = 2, by its points': { truth: blobs(2, 1), closedForm: 'off', sampleSize: 30 },
};

describeGpu.each(Object.keys(RESIDENT))('in registers: %s', (name) => {
  test('however cut, added up and grouped: the same bits', async () => {
    const plan = planFor({ ...BASE, ...RESIDENT[name] }, SUBGROUPS);
    expect(plan.groups[0]!.mapping).toMatchObject({ points: 'registers', tiles: 1, team: 4 });
    const whole = await ringOf(plan);
    expect(whole.submits).toBe(1);
    const shredded = await ringOf(plan, { budget: 1 });
    // Three workgroups of 16 teams in each of three generations.
    expect(shredded.submits).toBe(9);
    expect(shredded.words).toEqual(whole.words);
    const memory = planFor({ ...BASE, ...RESIDENT[name] }, WORKGROUPS);
    for (const workgroup of [64, 128]) {
      const found = await ringOf(memory, { workgroup });
      expect(found.words, `workgroups of ${workgroup}`).toEqual(whole.words);
    }
  });
});

describeGpu('in closed form', () => {
  const closed = { ...BASE, truth: blobs(3, 1), sampleSize: 5, replicates: 150 };

  test('however cut and grouped: the same bits', async () => {
    const plan = planFor(closed, SUBGROUPS);
    expect(plan.groups[0]).toMatchObject({ closed: true, mapping: null });
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, { budget: 1 });
    // Three workgroups of 64 lineages in each of three generations.
    expect([whole.submits, shredded.submits]).toEqual([1, 9]);
    expect(shredded.words).toEqual(whole.words);
    expect((await ringOf(plan, { workgroup: 256 })).words).toEqual(whole.words);
  });

  test('after a first generation by its points', async () => {
    const mixed = { ...closed, truth: blobs(1, 2), fit: { components: 1 }, sampleSize: 20 };
    const plan = planFor(mixed, SUBGROUPS);
    expect(plan.groups[0]).toMatchObject({ closed: true, mapping: { points: 'registers' } });
    const whole = await ringOf(plan);
    const shredded = await ringOf(plan, { budget: 1 });
    // 150 teams of 4 are ten workgroups, and then 150 lineages three.
    expect([whole.submits, shredded.submits]).toEqual([2, 10 + 2 * 3]);
    expect(shredded.words).toEqual(whole.words);
  });
});

/** Teams of one register file, of several sizes, and so orders of sums. */
const WIDE: Lanes = { least: 8, most: 32, wide: 64, subgroups: false };

const rows = Float64Array.from({ length: 200 }, (_, i) => Math.sin(3 * i) + (i % 4 === 0 ? 5 : 0));
const data: DataSet = { name: 'rows.csv', columns: ['x'], rows, rowCount: rows.length };

interface Matched {
  readonly raw: object;
  readonly lanes: Lanes;
  readonly mapping: object | null;
  /** Bits that some lineage must have raised, for the case to be what it says. */
  readonly bits?: number;
}

const MATCHED: Readonly<Record<string, Matched>> = {
  'K = 1, d = 1 by its points': {
    raw: { truth: blobs(1, 1), closedForm: 'off', sampleSize: 60 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 1, d = 3 in closed form': {
    raw: { truth: blobs(3, 1), sampleSize: 60 },
    lanes: SUBGROUPS,
    mapping: null,
  },
  'K = 1, d = 2 in closed form, of a narrow sampler': {
    raw: { truth: blobs(2, 1), batch: { samplingBias: 0.6 }, sampleSize: 60 },
    lanes: SUBGROUPS,
    mapping: null,
  },
  'K = 1, d = 1 by its points, of a narrow sampler': {
    raw: { truth: blobs(1, 1), closedForm: 'off', batch: { samplingBias: 0.6 }, sampleSize: 60 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 2, d = 1, some real, of a wide and sharpened sampler': {
    raw: {
      truth: { ...blobs(1, 2), weights: [0.3, 0.7] },
      batch: { realFraction: 0.2, samplingBias: 1.3, weightSharpening: 1.5 },
      sampleSize: 60,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 1, d = 2 in closed form, of a sampler that changes': {
    raw: {
      truth: blobs(2, 1),
      batch: { samplingBias: { at: [[1, 1], [2, 0.6], [3, 1.2]] } }, // prettier-ignore
      sampleSize: 60,
    },
    lanes: SUBGROUPS,
    mapping: null,
  },
  'K = 2, d = 1, less and less real, more and more steps': {
    raw: {
      truth: blobs(1, 2),
      batch: { realFraction: { from: 0.5, to: 0.1, until: 3 }, realDraw: 'bernoulli' },
      fit: { iterations: { at: [[1, 2], [3, 6]] } }, // prettier-ignore
      sampleSize: 60,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 3, d = 2 in storage, of a narrow and flattened sampler': {
    raw: {
      truth: blobs(2, 3, 6),
      batch: { samplingBias: 0.8, weightSharpening: 0.5 },
      sampleSize: 90,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 1, d = 2 of two modes, then in closed form': {
    raw: { truth: blobs(2, 2), fit: { components: 1 }, sampleSize: 40 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 2, d = 1, 3000 points in storage': {
    raw: { truth: blobs(1, 2), sampleSize: 3000 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage', tiles: 47 },
  },
  'K = 2, d = 1, 3000 points in 64 lanes': {
    raw: { truth: blobs(1, 2), sampleSize: 3000 },
    lanes: WIDE,
    mapping: { team: 64, points: 'storage', tiles: 3 },
  },
  'K = 3, d = 1, k-means in 8 lanes': {
    raw: { truth: blobs(1, 3, 6), fit: { init: 'kmeans' }, sampleSize: 150 },
    lanes: WIDE,
    mapping: { team: 8, points: 'registers' },
  },
  'K = 3, d = 2, diagonal, k-means, in storage': {
    raw: { truth: blobs(2, 3, 6), fit: { init: 'kmeans', covariance: 'diagonal' }, sampleSize: 90 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 3, d = 2, one covariance for all': {
    raw: { truth: blobs(2, 3, 5), fit: { covariance: 'tied', iterations: 8 }, sampleSize: 90 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 2, d = 2, real points weigh more, by bernoulli': {
    raw: {
      truth: blobs(2, 2),
      batch: { realFraction: 0.3, realDraw: 'bernoulli' },
      fit: { realWeight: 0.6 },
      sampleSize: 60,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 1, d = 1, the tails weigh more, of a narrow sampler': {
    raw: {
      truth: blobs(1, 1),
      batch: { samplingBias: 0.8 },
      fit: { tailWeight: 0.25 },
      sampleSize: 50,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 2, d = 1, k-means, tails and real points weigh more, a tolerance': {
    raw: {
      truth: blobs(1, 2),
      batch: { realFraction: 0.3 },
      fit: { tailWeight: 0.2, realWeight: 0.5, init: 'kmeans', tolerance: 1e-3 },
      sampleSize: 117,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 2, d = 1, real points weigh more, of all generations': {
    raw: {
      truth: blobs(1, 2),
      retention: 'accumulate',
      batch: { realFraction: 0.2, realDraw: 'bernoulli', poison: { share: 0.1, mean: [1] } },
      fit: { realWeight: 0.5, tailWeight: 0.1 },
      sampleSize: 40,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 1, d = 3 by its points, held to the parent': {
    raw: {
      truth: blobs(3, 1),
      fit: { estimator: 'map', prior: { centre: 'parent', strength: 25 } },
      sampleSize: 40,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 2, d = 2, held to the truth': {
    raw: {
      truth: blobs(2, 2),
      fit: { estimator: 'map', prior: { centre: 'truth', strength: 12 } },
      sampleSize: 40,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 3, d = 1, centres at random': {
    raw: { truth: blobs(1, 3), fit: { init: 'random' }, sampleSize: 90 },
    lanes: WIDE,
    mapping: { team: 8, points: 'registers' },
  },
  'K = 2, d = 1, components that come back': {
    raw: {
      truth: { ...blobs(1, 2, 40), weights: [0.06, 0.94] },
      fit: { respawn: true, covarianceFloor: 0.01 },
      sampleSize: 20,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
    bits: STATUS_BITS.componentLost,
  },
  'K = 5, d = 1 in 16 lanes': {
    raw: { truth: blobs(1, 5, 6), sampleSize: 200 },
    lanes: WIDE,
    mapping: { team: 16, points: 'registers' },
  },
  'K = 5, d = 3, spherical': {
    raw: { truth: blobs(3, 5, 6), fit: { covariance: 'spherical' }, sampleSize: 64 },
    lanes: WIDE,
    mapping: { team: 32, points: 'registers' },
  },
  'K = 8, d = 2 in storage': {
    raw: { truth: blobs(2, 8, 6), sampleSize: 400 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 25, d = 2, ten widths apart': {
    raw: {
      truth: { ...blobs(2, 25, 10), layout: 'grid' },
      fit: { iterations: 2, realWeight: 0.3 },
      batch: { realFraction: 0.1, realDraw: 'bernoulli' },
      sampleSize: 250,
      ...{ generations: 2, replicates: 2 },
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 3 of 32 modes, kept and looked at': {
    raw: {
      truth: blobs(1, 32, 3),
      fit: { components: 3, iterations: 2 },
      batch: { truncation: 2, realFraction: 0.1 },
      retention: 'accumulate-subsample',
      sampleSize: 100,
      ...{ generations: 3, replicates: 2 },
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'storage' },
  },
  'K = 3, d = 4, by k-means and until the likelihood stands': {
    raw: {
      truth: blobs(4, 3),
      fit: { init: 'kmeans', tolerance: 1e-3 },
      batch: { realFraction: 0.2 },
      sampleSize: 200,
    },
    lanes: WIDE,
    mapping: { points: 'storage' },
  },
  'K = 1, d = 4, in closed form': {
    raw: { truth: blobs(4, 1), sampleSize: 30 },
    lanes: SUBGROUPS,
    mapping: null,
  },
  'K = 2 of K = 3, from the truth, a floor': {
    raw: {
      truth: blobs(1, 3, 6),
      fit: { components: 2, covarianceFloor: 0.05 },
      sampleSize: 60,
    },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 2, d = 1, until the likelihood stands': {
    raw: { truth: blobs(1, 2), fit: { iterations: 30, tolerance: 1e-3 }, sampleSize: 60 },
    lanes: SUBGROUPS,
    mapping: { team: 4, points: 'registers' },
  },
  'K = 2, rows of a data set, half of them real': {
    raw: {
      truth: { kind: 'data', file: 'rows.csv', columns: ['x'] },
      fit: { components: 2 },
      batch: { realFraction: 0.5 },
      sampleSize: 60,
    },
    lanes: WIDE,
    mapping: { team: 8, points: 'registers' },
  },
};

describeGpu.each(Object.keys(MATCHED))('one lineage with the reference: %s', (name) => {
  const { raw, lanes, mapping, bits = 0 } = MATCHED[name]!;
  const spec = { seed: 73, generations: 3, replicates: 3, fit: {}, ...raw };
  const fit = { iterations: 4, ...(spec.fit as object) };
  const plan: Plan = planFor({ ...spec, fit }, lanes, data);

  test('model by model', async () => {
    if (mapping) expect(plan.groups[0]!.mapping).toMatchObject(mapping);
    else expect(plan.groups[0]!.mapping).toBeNull();
    const seen = await expectReference(plan);
    expect(seen & bits).toBe(bits);
  });
});
