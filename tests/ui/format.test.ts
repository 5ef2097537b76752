/** Numbers as people read them. */
import { describe, expect, it } from 'vitest';
import {
  formatAxisValue,
  formatBytes,
  formatCount,
  formatSeconds,
  formatShort,
  formatValue,
} from '../../src/ui/format.ts';

describe('format', () => {
  it('writes values in few digits, with a real minus, and a dash for none', () => {
    expect([0, 1, -0.5, 1234.5678, 1.5e-7, -2e20, NaN].map((value) => formatValue(value))).toEqual([
      '0',
      '1',
      '−0.5',
      '1235',
      '1.5e−7',
      '−2e20',
      '–',
    ]);
    expect(formatValue(0.012345, 3)).toBe('0.0123');
    expect(formatValue(1.25e-4, 3)).toBe('1.25e−4');
  });

  it('writes values of an axis, nothing among them', () => {
    expect([0.25, 'em', null].map(formatAxisValue)).toEqual(['0.25', 'em', 'none']);
  });

  it('groups counts and shortens them', () => {
    expect(formatCount(1048576)).toBe('1\u202f048\u202f576');
    expect([7, 999, 1000, 999_999, 1_048_576, 2e13].map(formatShort)).toEqual([
      '7',
      '999',
      '1\u202fk',
      '1\u202fM',
      '1.05\u202fM',
      '20\u202fT',
    ]);
  });

  it('says bytes in the unit that fits', () => {
    expect([0, 512, 1536, 2 ** 20, 412 * 2 ** 20].map(formatBytes)).toEqual([
      '0 B',
      '512 B',
      '1.5 KiB',
      '1.0 MiB',
      '412 MiB',
    ]);
  });

  it('says durations in two units at most', () => {
    expect([0.01, 1.25, 42, 125, 3700, 1e7].map(formatSeconds)).toEqual([
      '< 0.1 s',
      '1.3 s',
      '42 s',
      '2 min 5 s',
      '1 h 2 min',
      '116 days',
    ]);
  });
});
