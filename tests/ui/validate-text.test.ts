/** Order and words of a validation on the page, and how much of one is left. */
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/experiment/validate/checks.ts';
import { VALIDATION_CASES } from '../../src/experiment/validate/cases.ts';
import { caseShares, ValidationClock } from '../../src/ui/validate/validate-clock.ts';
import { checkRow, formulasOf, lawGroups } from '../../src/ui/validate/validate-text.ts';

const check = (law: string, z: number, more: Partial<Check> = {}): Check => ({
  ...{ law, setting: 'n = 10', quantity: 'varianceRatio, mean', formula: 'q^t', source: 'Who' },
  ...{ generation: 3, lineages: 100, expected: 0.5, slack: 0, found: 0.5 + 0.01 * z, se: 0.01 },
  ...{ seFrom: 'theory', z, passed: Math.abs(z) <= 4, near: false, independent: false },
  ...more,
});

const CHECKS = [
  check('first', 0.5),
  check('first', -2.5, { generation: 5 }),
  check('second', 1),
  check('second', 5),
  check('third', NaN, { passed: false, found: NaN }),
];

describe('laws of a validation', () => {
  it('come with those that fail first, and of these the checks that do', () => {
    const groups = lawGroups(CHECKS, 'all');
    expect(groups.map(({ law, failed }) => [law, failed])).toEqual([
      ['second', 1],
      ['third', 1],
      ['first', 0],
    ]);
    expect(groups[0]!.checks.map(({ z }) => z)).toEqual([5, 1]);
    expect(groups.map(({ furthest }) => furthest)).toEqual([5, NaN, 2.5]);
  });

  it('are listed as far as they are wide, or fail', () => {
    const listed = (shown: 'wide' | 'failing') =>
      lawGroups(CHECKS, shown).flatMap(({ checks }) => checks.map(({ z }) => z));
    expect(listed('wide')).toEqual([5, NaN, -2.5]);
    expect(listed('failing')).toEqual([5, NaN]);
  });

  it('say each formula once', () => {
    expect(formulasOf(CHECKS.slice(0, 2))).toEqual([
      { quantity: 'varianceRatio, mean', formula: 'q^t', source: 'Who' },
    ]);
  });

  it('say a limit’s distance where it counts, and a dash for what is missing', () => {
    expect(checkRow(check('a', -1.234, { slack: 0.004 }))).toMatchObject({
      ...{ expected: '0.5 ± 0.004', z: '−1.23', passed: true },
    });
    expect(checkRow(check('a', 1, { slack: 1e-6 })).expected).toBe('0.5');
    expect(checkRow(CHECKS[4]!)).toMatchObject({ found: '–', z: '–', passed: false });
  });
});

describe('what is left of a validation', () => {
  it('is learned from the cases before, each by its share', () => {
    let now = 0;
    const clock = new ValidationClock([0.1, 0.4, 0.5], () => now);
    clock.advance(0);
    now = 1000;
    expect([clock.share, clock.secondsLeft]).toEqual([0, Infinity]);
    clock.advance(1);
    // A tenth took a second.
    expect(clock.share).toBeCloseTo(0.1, 12);
    expect(clock.secondsLeft).toBeCloseTo(9, 12);
    now = 3000;
    expect(clock.share).toBeCloseTo(0.3, 12);
    // A case that takes longer than its share waits at its end.
    now = 20_000;
    expect(clock.share).toBeCloseTo(0.5, 12);
    clock.advance(2);
    expect(clock.secondsLeft).toBeCloseTo(20, 12);
  });

  it('has a share for every case, and they come to 1', () => {
    const shares = caseShares('wasm', 'quick');
    expect(shares).toHaveLength(VALIDATION_CASES.length);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });
});
