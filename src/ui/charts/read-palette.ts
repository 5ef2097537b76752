/** The palette, resolved for the scheme that is on. */
import { onColoursChanged } from '../theme.ts';
import { PALETTE_NAMES, type Palette } from './palette.ts';

let known: Palette | null = null;
onColoursChanged(() => (known = null));

/** Read once for each scheme: whoever asks for a style makes the browser compute all that wait. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  known ??= Object.fromEntries(
    Object.entries(PALETTE_NAMES).map(([key, name]) => [key, style.getPropertyValue(name)]),
  ) as Palette;
  return known;
}
