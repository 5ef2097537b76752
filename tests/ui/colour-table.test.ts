/** Is the colour table d3's viridis, and is text on it readable? */
import { interpolateViridis } from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import {
  CLASS_COLOURS,
  colourOf,
  cssColour,
  inkOn,
  luminance,
  type Rgb,
} from '../../src/ui/charts/colour-table.ts';

const fromHex = (hex: string): Rgb => [
  parseInt(hex.slice(1, 3), 16),
  parseInt(hex.slice(3, 5), 16),
  parseInt(hex.slice(5, 7), 16),
];

const shares = Array.from({ length: 256 }, (_, i) => i / 255);

describe('colour table', () => {
  it('equals d3-scale-chromatic at all 256 entries', () => {
    for (const share of shares) expect(colourOf(share)).toEqual(fromHex(interpolateViridis(share)));
  });

  it('holds shares outside [0, 1] at its ends', () => {
    expect(colourOf(-3)).toEqual(colourOf(0));
    expect(colourOf(7)).toEqual(colourOf(1));
  });

  it('rises in luminance, so that it reads without hue', () => {
    const lights = shares.map((share) => luminance(colourOf(share)));
    // One entry is a step of 1/255; channels are whole, so a neighbour may be .002 darker.
    lights.slice(1).forEach((light, i) => expect(light).toBeGreaterThan(lights[i]! - 0.002));
  });

  it('has ink with a contrast of 4.5 on every entry (WCAG 2 AA)', () => {
    for (const share of shares) {
      const rgb = colourOf(share);
      const ink = inkOn(rgb) === 'white' ? 1 : 0;
      const [high, low] = [luminance(rgb), ink].sort((a, b) => b - a);
      expect((high! + 0.05) / (low! + 0.05), cssColour(rgb)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('has colours of classes that are told apart by lightness alone, with readable ink', () => {
    const lights = CLASS_COLOURS.map(luminance).sort((a, b) => a - b);
    // Half as light again: far more than the least difference of two areas that an eye sees.
    lights.slice(1).forEach((light, i) => {
      expect((light + 0.05) / (lights[i]! + 0.05)).toBeGreaterThan(1.5);
    });
    for (const rgb of CLASS_COLOURS) {
      const ink = inkOn(rgb) === 'white' ? 1 : 0;
      const [high, low] = [luminance(rgb), ink].sort((a, b) => b - a);
      expect((high! + 0.05) / (low! + 0.05), cssColour(rgb)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
