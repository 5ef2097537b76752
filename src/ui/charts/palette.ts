/** The theme's colours as strings that a canvas understands. */

/** The custom property of each. */
export const PALETTE_NAMES = {
  surface: '--surface',
  line: '--line',
  lineStrong: '--line-strong',
  ink: '--ink',
  inkSoft: '--ink-soft',
  inkFaint: '--ink-faint',
  accent: '--accent',
  truth: '--truth',
  model: '--model',
  law: '--law',
} as const;

export type Palette = Readonly<Record<keyof typeof PALETTE_NAMES, string>>;

/** Font of axis labels; canvases do not know CSS variables. */
export const CHART_FONT =
  "11px system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** The colour with that opacity; registered colours resolve to rgb(r, g, b). */
export const faded = (colour: string, opacity: number): string =>
  colour.replace('rgb(', 'rgba(').replace(')', `, ${opacity})`);

/** The three channels, 0 … 255. */
export const channels = (colour: string): readonly [number, number, number] => {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [r, g, b];
};
