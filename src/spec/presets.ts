/** Experiments that are ready to run, by what they are about: the page opens on the first. */
import { collapsePresets } from './presets/collapse.ts';
import { errorPresets } from './presets/errors.ts';
import { lossPresets } from './presets/losses.ts';
import { paperPresets } from './presets/papers.ts';
import type { Preset } from './presets/preset.ts';
import { screeningPresets } from './presets/screening.ts';
import { sourcePresets } from './presets/sources.ts';
import { trainingPresets } from './presets/training.ts';

export type { Preset, PresetView } from './presets/preset.ts';

export interface PresetGroup {
  readonly label: string;
  readonly presets: readonly Preset[];
}

/** In the order of the page's list. */
export const PRESET_GROUPS: readonly PresetGroup[] = [
  { label: 'What collapse is', presets: collapsePresets },
  { label: 'Which error does it', presets: errorPresets },
  { label: 'Who pays', presets: lossPresets },
  { label: 'Where data come from', presets: sourcePresets },
  { label: 'What is let in', presets: screeningPresets },
  { label: 'What training can do', presets: trainingPresets },
  { label: 'From the literature', presets: paperPresets },
];

export const presets: readonly Preset[] = PRESET_GROUPS.flatMap((group) => group.presets);
