/** What one submit holds: everything once and in order, and no more than the budget where it can be. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutUnits, type Unit, type UnitRequest } from '../../src/engine/webgpu/units.ts';

const REQUEST: UnitRequest = {
  budget: 0,
  lineages: 1000,
  generations: 5,
  work: 10,
  grain: 16,
  passes: 1,
};

/** [first lineage, lineages, generations, first pass, end pass] of each unit. */
const cut = (request: Partial<UnitRequest>) =>
  cutUnits({ ...REQUEST, ...request }).map((unit) => [
    ...[unit.firstLineage, unit.lineages, unit.generations],
    ...[unit.firstPass, unit.endPass],
  ]);

describe('a budget', () => {
  test('of several generations of all lineages takes as many', () => {
    expect(cut({ budget: 1e9 })).toEqual([[0, 1000, 5, 0, 0]]);
    expect(cut({ budget: 50_000 })).toEqual([[0, 1000, 5, 0, 0]]);
    expect(cut({ budget: 49_999 })).toEqual([[0, 1000, 4, 0, 0]]);
    expect(cut({ budget: 10_000 })).toEqual([[0, 1000, 1, 0, 0]]);
  });

  test('of less than a generation takes whole workgroups of lineages', () => {
    expect(cut({ budget: 9999 })).toEqual([
      [0, 992, 1, 0, 0],
      [992, 8, 1, 0, 0],
    ]);
    expect(cut({ budget: 1 })).toHaveLength(Math.ceil(1000 / 16));
    expect(cut({ budget: 1, lineages: 3 })).toEqual([[0, 3, 1, 0, 0]]);
  });

  test('cuts between passes rather than leave the device idle', () => {
    // Half a generation of all: 500 lineages of 16 to a workgroup are too few to be busy with.
    expect(cut({ budget: 5000, passes: 10 })).toEqual([
      [0, 1000, 1, 0, 5],
      [0, 1000, 1, 5, 0],
    ]);
    expect(cut({ budget: 3000, passes: 10 })).toEqual([
      [0, 1000, 1, 0, 3],
      [0, 1000, 1, 3, 6],
      [0, 1000, 1, 6, 9],
      [0, 1000, 1, 9, 0],
    ]);
    // 256 workgroups of 16 are enough.
    expect(cut({ budget: 50_000, lineages: 8192, passes: 10 })[0]).toEqual([0, 4992, 1, 0, 0]);
    // Less than one pass of all of them: workgroups, pass by pass.
    expect(cut({ budget: 100, lineages: 200, passes: 2 }).slice(0, 3)).toEqual([
      [0, 16, 1, 0, 1],
      [0, 16, 1, 1, 0],
      [16, 16, 1, 0, 1],
    ]);
    expect(cut({ budget: 500, lineages: 200, passes: 2 })[0]).toEqual([0, 96, 1, 0, 1]);
  });
});

const request = fc.record({
  lineages: fc.integer({ min: 1, max: 200 }),
  generations: fc.integer({ min: 1, max: 4 }),
  work: fc.integer({ min: 1, max: 10_000 }),
  grain: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 256),
  passes: fc.constantFrom(1, 2, 3, 20),
});
const budgets = fc.array(fc.double({ min: 0, max: 8, noNaN: true }), { minLength: 1 });

test('every pass of every generation of every lineage once, whatever the budgets', () => {
  fc.assert(
    fc.property(request, budgets, (given, logs) => {
      const { lineages, generations, passes, grain, work } = given;
      // Passes done by each lineage, as a run of its generations has them.
      const done = new Uint32Array(lineages);
      let generation = 0;
      for (let turn = 0; generation < generations; turn++) {
        const budget = 10 ** logs[turn % logs.length]!;
        const units = cutUnits({ ...given, budget, generations: generations - generation });
        for (const unit of units) {
          expect(unit.generations).toBe(units[0]!.generations);
          checkUnit(unit, { budget, grain, work, passes });
          const end = unit.endPass === 0 ? passes : unit.endPass;
          for (let i = unit.firstLineage; i < unit.firstLineage + unit.lineages; i++) {
            // It goes on where it was broken off.
            if (done[i] !== generation * passes + unit.firstPass) throw new Error(`lineage ${i}`);
            done[i]! += (unit.generations - 1) * passes + end - unit.firstPass;
          }
        }
        generation += units[0]!.generations;
        expect([...new Set(done)]).toEqual([generation * passes]);
      }
      expect(generation).toBe(generations);
    }),
    { numRuns: 150, seed: 2 },
  );
});

function checkUnit(
  unit: Unit,
  { budget, grain, work, passes }: Pick<UnitRequest, 'budget' | 'grain' | 'work' | 'passes'>,
) {
  const { firstLineage, lineages, generations, firstPass, endPass } = unit;
  const passCount = (endPass === 0 ? passes : endPass) - firstPass;
  expect(passCount).toBeGreaterThan(0);
  // A generation broken off is alone in its dispatch.
  if (passCount < passes) expect(generations).toBe(1);
  expect(firstLineage % grain).toBe(0);
  // Shares of a lineage's work are rounded, once a factor.
  const expected = (work / passes) * passCount * lineages * generations;
  expect(Math.abs(unit.work / expected - 1)).toBeLessThan(1e-14);
  const least = lineages <= grain && generations === 1 && passCount === 1;
  if (!least) expect(unit.work).toBeLessThanOrEqual(budget * (1 + 1e-14));
}
