/** Squares of a heat map: where they are, which one is hit, where the arrows lead. */
import { describe, expect, it } from 'vitest';
import type { HeatMap } from '../../src/experiment/views/heat-map.ts';
import { CLASS_COLOURS, colourOf } from '../../src/ui/charts/colour-table.ts';
import {
  colouring,
  colourShare,
  heatHeight,
  heatLayout,
  heatText,
  labelStride,
  logColoursFor,
  squareAfterKey,
  squareAt,
  squareBox,
} from '../../src/ui/charts/heat-layout.ts';

const map: HeatMap = {
  x: { name: 'sampleSize', values: [10, 30, 100] },
  y: { name: 'batch.realFraction', values: [0, 1] },
  cells: Uint32Array.from([0, 1, 2, 3, 4, 5]),
  values: Float64Array.from([0.001, 0.01, 0.1, 0.2, NaN, 1]),
  min: 0.001,
  max: 1,
  words: null,
};

describe('heat map layout', () => {
  const layout = heatLayout(map, 400, 200);

  it('finds each square at its own centre', () => {
    for (let at = 0; at < 6; at++) {
      const { left, top, width, height } = squareBox(layout, at % 3, Math.floor(at / 3));
      expect(squareAt(layout, left + width / 2, top + height / 2)).toBe(at);
    }
  });

  it('has row 0 at the bottom', () => {
    expect(squareBox(layout, 0, 0).top).toBeGreaterThan(squareBox(layout, 0, 1).top);
  });

  it('finds nothing outside', () => {
    expect(squareAt(layout, 0, 20)).toBeNull();
    expect(squareAt(layout, 399, 20)).toBeNull();
    expect(squareAt(layout, 200, 199)).toBeNull();
  });

  it('needs no room for labels of an axis it has not', () => {
    const row = heatLayout({ ...map, y: null }, 400, 200);
    expect(row.rows).toBe(1);
    expect(row.box.width).toBeGreaterThan(layout.box.width);
  });

  it('makes room for words, up to a share of a narrow chart', () => {
    const values = ['replace', 'accumulate', 'accumulate-subsample'];
    const words = { ...map, y: { name: 'retention', values } };
    const left = (width: number) => heatLayout(words, width, 200).box.left;
    // 20 letters of up to 6 pixels, and the axis's name.
    expect(left(1000)).toBeGreaterThanOrEqual(20 * 6 + 24);
    expect(left(250)).toBeLessThan(125);
    expect(left(250)).toBeGreaterThan(layout.box.left);
  });

  it('grows with its rows, within bounds', () => {
    expect(heatHeight(1)).toBeLessThan(heatHeight(4));
    expect(heatHeight(10)).toBe(heatHeight(40));
    expect(heatHeight(200)).toBeGreaterThan(heatHeight(40));
  });

  it('walks by arrows and stops at the edges', () => {
    const walk = (at: number, key: string) => squareAfterKey(at, key, 3, 2);
    expect(walk(0, 'ArrowRight')).toBe(1);
    expect(walk(0, 'ArrowUp')).toBe(3);
    expect(walk(5, 'ArrowRight')).toBe(5);
    expect(walk(0, 'ArrowDown')).toBe(0);
    expect(walk(4, 'Home')).toBe(3);
    expect(walk(4, 'End')).toBe(5);
    expect(walk(4, 'a')).toBe(4);
  });

  it('colours by value, or by logarithm where the range is wide', () => {
    expect(logColoursFor(map)).toEqual({ possible: true, better: true });
    expect(logColoursFor({ ...map, min: -1 })).toEqual({ possible: false, better: false });
    expect(logColoursFor({ ...map, min: 0.5 })).toEqual({ possible: true, better: false });
    expect(colourShare(5, 0, 10, false)).toBe(0.5);
    // ln 10 / ln 100, exact but for rounding of the logarithms.
    expect(colourShare(0.1, 0.01, 1, true)).toBeCloseTo(0.5, 12);
    expect(colourShare(3, 3, 3, false)).toBe(0.5);
    expect(colourShare(NaN, 0, 1, false)).toBeNaN();
  });

  it('colours and reads numbers as numbers, and places of words as words', () => {
    // A quarter of the way, by difference and by ratio.
    expect(colouring(map, 'linear')(0.25075)).toEqual(colourOf(0.25));
    expect(colouring(map, 'log')(0.001 ** 0.75)).toEqual(colourOf(0.25));
    expect(colouring(map, 'linear')(NaN)).toBeNull();
    expect([heatText(map, 0.125, 2), heatText(map, NaN)]).toEqual(['0.13', '–']);
    const classes = { ...map, words: ['calm', 'wild'] };
    expect(colouring(classes, 'linear')(1)).toEqual(CLASS_COLOURS[1]);
    expect(colouring(classes, 'linear')(NaN)).toBeNull();
    expect([heatText(classes, 1), heatText(classes, NaN)]).toEqual(['wild', '–']);
  });

  it('leaves out labels that would overlap', () => {
    expect(labelStride(5, 500, 44)).toBe(1);
    expect(labelStride(50, 500, 44)).toBe(5);
  });
});
