import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/cli/host.ts';
import { duration, progressLine, shortNumber } from '../../src/cli/progress-line.ts';
import type { Progress } from '../../src/experiment/progress.ts';

const PROGRESS: Progress = {
  lineageGenerationsDone: 250_000,
  lineageGenerationsTotal: 1e6,
  lineageGenerationsPerSecond: 123_456,
  secondsLeft: 75.2,
  secondsElapsed: 3,
  generation: 12,
  batch: 1,
  batchCount: 4,
};

function fakeHost(terminal: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const host = {
    terminal,
    columns: 200,
    now: () => clock.ms,
    err: (text: string) => void written.push(text),
  } as unknown as Host;
  return { host, clock, written };
}

const SENTENCE = '25 % · batch 2/4 · generation 12 · 123 k lg/s · 1 min 16 s left';

describe('progress', () => {
  test('on a terminal one line is written over, ten times a second at most, and taken away', () => {
    const { host, clock, written } = fakeHost(true);
    const line = progressLine(host, false);
    line.show(PROGRESS);
    clock.ms = 99;
    line.show(PROGRESS);
    clock.ms = 100;
    line.show(PROGRESS);
    line.clear();
    line.clear();
    expect(written).toEqual([`\r${SENTENCE}\x1b[K`, `\r${SENTENCE}\x1b[K`, '\r\x1b[K']);
  });

  test('elsewhere a line every ten seconds, so none for a short run', () => {
    const { host, clock, written } = fakeHost(false);
    const line = progressLine(host, false);
    for (clock.ms = 0; clock.ms <= 25_000; clock.ms += 1000) line.show(PROGRESS);
    line.clear();
    expect(written).toEqual([`${SENTENCE}\n`, `${SENTENCE}\n`]);
  });

  test('a narrow terminal gets no second line', () => {
    const { host, written } = fakeHost(true);
    progressLine({ ...host, columns: 10 }, false).show(PROGRESS);
    expect(written).toEqual(['\r25 % · ba\x1b[K']);
  });

  test('quiet is quiet', () => {
    const { host, written } = fakeHost(true);
    progressLine(host, true).show(PROGRESS);
    expect(written).toEqual([]);
  });

  test.each([
    [0.2, '1 s'],
    [59.5, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3600, '1 h 00 min'],
    [7805, '2 h 10 min'],
  ])('%d seconds are "%s"', (seconds, text) => expect(duration(seconds)).toBe(text));

  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1 k'],
    [1_234_567, '1.23 M'],
    [5e9, '5 G'],
  ])('%d is "%s"', (value, text) => expect(shortNumber(value)).toBe(text));
});
