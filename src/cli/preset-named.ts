/** The preset that a command was given by its name. */
import { SpecError } from '../errors.ts';
import { presets, type Preset } from '../spec/presets.ts';
import { nearest } from '../spec/report.ts';

/** @throws SpecError where there is none; `field` is what was written. */
export function presetNamed(name: string, field: string): Preset {
  const preset = presets.find((row) => row.name === name);
  if (preset) return preset;
  const names = presets.map((row) => row.name);
  const guess = nearest(name, names);
  const remedy = guess ? `Did you mean ${guess}?` : `There are: ${names.join(', ')}.`;
  throw new SpecError([{ field, message: 'There is no such preset.', remedy }]);
}
