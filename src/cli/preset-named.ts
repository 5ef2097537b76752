/** The preset that a command was given by its name. */
import { SpecError } from '../errors.ts';
import { presets, type Preset } from '../spec/presets.ts';

/** @throws SpecError where there is none; `field` is what was written. */
export function presetNamed(name: string, field: string): Preset {
  const preset = presets.find((row) => row.name === name);
  if (preset) return preset;
  const remedy = `There are: ${presets.map((row) => row.name).join(', ')}.`;
  throw new SpecError([{ field, message: 'There is no such preset.', remedy }]);
}
