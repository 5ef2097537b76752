/** Time left of a comparison: exact where steps last what was guessed, and learned where not. */
import { describe, expect, it } from 'vitest';
import type { BenchStage } from '../../src/experiment/bench/runner.ts';
import { BenchClock } from '../../src/ui/bench/bench-clock.ts';

const LENGTH = { runs: 2, targetSeconds: 0.5 };
/** Prepare .2, check .4, warm-up 2 · .5, two runs of .5: of one contender in one case. */
const EACH = 0.2 + 0.4 + 1 + 2 * 0.5;

interface Step {
  readonly name: string;
  readonly stage: BenchStage;
}

/** The steps of a case in the runner's order; `entrants` of the contenders can run it. */
function steps(name: string, contenders: number, entrants = contenders): Step[] {
  const step = (stage: BenchStage): Step => ({ name, stage });
  const met = Array.from({ length: contenders }, (_, i) =>
    i < entrants ? [step('prepare'), step('check')] : [step('prepare')],
  ).flat();
  const warm = Array.from({ length: entrants }, () => step('warm up'));
  const timed = Array.from({ length: entrants * LENGTH.runs }, () => step('time'));
  return [...met, ...warm, ...timed];
}

const GUESSED: Readonly<Record<BenchStage, number>> = {
  prepare: 0.2,
  check: 0.4,
  'warm up': 1,
  time: 0.5,
  curve: NaN,
};

/** Plays the steps; what the clock said at the beginning of each, and its shares. */
function play(all: readonly Step[], contenders: number, cases: number, lasts = GUESSED) {
  let ms = 0;
  const clock = new BenchClock(cases, contenders, LENGTH, () => ms);
  const before = clock.secondsLeft;
  const left: number[] = [];
  const shares: number[] = [];
  for (const { name, stage } of all) {
    clock.advance({ name, stage, contender: '', done: 0, total: 0 });
    left.push(clock.secondsLeft);
    shares.push(clock.share);
    ms += 1000 * lasts[stage];
  }
  return { before, left, shares, after: clock.secondsLeft, seconds: ms / 1000 };
}

describe('clock of a comparison', () => {
  it('counts down to nothing where every step lasts what was guessed', () => {
    const all = [...steps('a', 3), ...steps('b', 3)];
    const { before, left, after, seconds } = play(all, 3, 2);
    expect(before).toBeCloseTo(2 * 3 * EACH, 9);
    expect(seconds).toBeCloseTo(before, 9);
    let elapsed = 0;
    all.forEach(({ stage }, i) => {
      expect(left[i]).toBeCloseTo(seconds - elapsed, 9);
      elapsed += GUESSED[stage];
    });
    expect(after).toBeCloseTo(0, 9);
  });

  it('learns how long steps last', () => {
    const slow = { ...GUESSED, check: 4 };
    const all = [...steps('a', 3), ...steps('b', 3)];
    const { left } = play(all, 3, 2, slow);
    // At the second case everything has been seen: 3 · (EACH + 3.6) are left.
    expect(left[steps('a', 3).length]).toBeCloseTo(3 * (EACH + 3.6), 9);
  });

  it('waits for nobody who cannot run a case', () => {
    const all = steps('a', 3, 2);
    const { left } = play(all, 3, 1);
    const firstTimed = all.findIndex(({ stage }) => stage === 'time');
    expect(left[firstTimed]).toBeCloseTo(2 * 2 * 0.5, 9);
  });

  it('never goes back', () => {
    const all = [...steps('a', 3), ...steps('b', 3)];
    const { shares } = play(all, 3, 2, { ...GUESSED, check: 4, time: 3 });
    shares.forEach((share, i) => expect(share).toBeGreaterThanOrEqual(shares[i - 1] ?? 0));
    expect(shares.at(-1)).toBeLessThan(1);
  });

  it('does not fall below nothing while a step takes longer than any before', () => {
    let ms = 0;
    const clock = new BenchClock(1, 1, LENGTH, () => ms);
    clock.advance({ name: 'a', stage: 'time', contender: '', done: 0, total: 0 });
    ms = 1e6;
    expect(clock.secondsLeft).toBe(0);
    expect(clock.share).toBe(1);
  });
});
