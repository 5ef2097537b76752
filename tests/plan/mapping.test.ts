/** How a lineage is laid out over lanes: by hand for known adapters, and what holds for any. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mappingFor, setBytes, type Lanes } from '../../src/plan/mapping.ts';

/** Subgroups of 32 lanes, of 4, and none. */
const GPU: Lanes = { least: 4, most: 32, wide: 64, subgroups: true };
const SOFTWARE: Lanes = { least: 4, most: 4, wide: 4, subgroups: true };
const PLAIN: Lanes = { least: 4, most: 32, wide: 64, subgroups: false };

const ROOM = { pointBytes: 2 ** 27, lineages: 4096, redraws: true, weights: 0 } as const;

describe('a team', () => {
  const teamOf = (n: number, dim: number, components: number, lanes = GPU) => {
    const { team, lanePoints, tiles } = mappingFor(n, dim, components, lanes, ROOM);
    return [team, lanePoints, tiles];
  };

  test('is as small as holds all points in registers beside the model', () => {
    // 32 values, of which K = 2, d = 1 takes 2 · 3: 26 points, in pairs.
    expect(teamOf(1, 1, 2)).toEqual([4, 2, 1]);
    expect(teamOf(100, 1, 2)).toEqual([4, 26, 1]);
    expect(teamOf(104, 1, 2)).toEqual([4, 26, 1]);
    expect(teamOf(105, 1, 2)).toEqual([8, 14, 1]);
    expect(teamOf(208, 1, 2)).toEqual([8, 26, 1]);
    expect(teamOf(832, 1, 2)).toEqual([32, 26, 1]);
    // K = 3, d = 2 takes 18: seven points of two values.
    expect(teamOf(28, 2, 3)).toEqual([4, 7, 1]);
    expect(teamOf(29, 2, 3)).toEqual([8, 4, 1]);
    // At least eight values however large the model: two points of three.
    expect(teamOf(64, 3, 8)).toEqual([32, 2, 1]);
  });

  test('is the widest where its registers do not do, in tiles of 16 values a lane', () => {
    expect(teamOf(833, 1, 2)).toEqual([64, 16, 1]);
    expect(teamOf(1025, 1, 2)).toEqual([64, 16, 2]);
    expect(teamOf(1_000_000, 1, 2)).toEqual([64, 16, 977]);
    expect(teamOf(1000, 2, 2)).toEqual([64, 8, 2]);
    expect(teamOf(1000, 3, 2)).toEqual([64, 5, 4]);
    expect(teamOf(105, 1, 2, SOFTWARE)).toEqual([4, 16, 2]);
    const weighed = mappingFor(105, 1, 2, SOFTWARE, { ...ROOM, weights: 1 });
    expect(weighed).toMatchObject({ team: 4, lanePoints: 8, tiles: 4 });
  });

  test('adds up by shuffles within a subgroup, and else through memory', () => {
    const sumsOf = (n: number, lanes: Lanes) => mappingFor(n, 1, 2, lanes, ROOM).sums;
    expect([100, 833].map((n) => sumsOf(n, GPU))).toEqual(['subgroup', 'workgroup']);
    expect([100, 833].map((n) => sumsOf(n, SOFTWARE))).toEqual(['subgroup', 'subgroup']);
    expect([100, 833].map((n) => sumsOf(n, PLAIN))).toEqual(['workgroup', 'workgroup']);
  });

  test('keeps points while 256 sets fit, or all there are, and else draws them again', () => {
    // 977 tiles of 64 · 16 floats.
    const set = 977 * 64 * 16 * 4;
    const points = (pointBytes: number, lineages: number) =>
      mappingFor(1_000_000, 1, 2, GPU, { pointBytes, lineages, redraws: true, weights: 0 }).points;
    expect(points(256 * set, 4096)).toBe('storage');
    expect(points(256 * set - 1, 4096)).toBe('redrawn');
    expect(points(256 * set - 1, 255)).toBe('storage');
    expect(points(set, 1)).toBe('storage');
    expect(points(set - 1, 1)).toBe('redrawn');
    const kept = mappingFor(1_000_000, 1, 2, GPU, { ...ROOM, pointBytes: 256 * set });
    expect(setBytes(kept, 1)).toBe(set);
    expect(setBytes({ ...kept, points: 'redrawn' }, 1)).toBe(0);
    expect(setBytes(mappingFor(100, 1, 2, GPU, ROOM), 1)).toBe(0);
  });
});

test('any mapping holds every point once, and no lane more than it may', () => {
  const power = (low: number, high: number) =>
    fc.integer({ min: low, max: high }).map((exponent) => 2 ** exponent);
  const anyLanes = fc
    .record({ least: power(2, 3), most: power(3, 5), wide: power(5, 6), subgroups: fc.boolean() })
    .map((lanes): Lanes => ({ ...lanes, wide: Math.max(lanes.wide, lanes.most) }));
  const request = fc.record({
    n: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1_000_000 })),
    dim: fc.integer({ min: 1, max: 4 }),
    components: fc.integer({ min: 1, max: 25 }),
    lanes: anyLanes,
    pointBytes: power(10, 30),
    lineages: fc.integer({ min: 1, max: 10_000 }),
  });
  fc.assert(
    fc.property(request, ({ n, dim, components, lanes, pointBytes, lineages }) => {
      const mapping = mappingFor(n, dim, components, lanes, {
        pointBytes,
        lineages,
        redraws: true,
        weights: 0,
      });
      const { team, lanePoints, tiles, points, sums } = mapping;
      expect(team * lanePoints * tiles).toBeGreaterThanOrEqual(n);
      // The last tile has a point.
      expect(team * lanePoints * (tiles - 1)).toBeLessThan(n);
      // Points of one block of words stay together.
      if (dim === 1) expect(lanePoints % 2).toBe(0);
      expect(lanePoints * dim).toBeLessThanOrEqual(32);
      expect(points === 'registers' ? tiles : team).toBe(points === 'registers' ? 1 : lanes.wide);
      if (sums === 'subgroup') {
        expect(lanes.subgroups).toBe(true);
        expect(team).toBeLessThanOrEqual(lanes.most);
      }
      if (points === 'storage') {
        const sets = Math.min(256, lineages);
        expect(setBytes(mapping, dim) * sets).toBeLessThanOrEqual(pointBytes);
      }
    }),
    { numRuns: 2000, seed: 1 },
  );
});
