/** Experiments that are ready to run: the page opens on the first. */
import { conceptPresets } from './presets/concepts.ts';
import { paperPresets } from './presets/papers.ts';
import type { Preset } from './presets/preset.ts';

export type { Preset, PresetView } from './presets/preset.ts';

export const presets: readonly Preset[] = [...conceptPresets, ...paperPresets];
