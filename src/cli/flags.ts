/** How values of flags are read, for every command. */
import { InvalidArgumentError } from 'commander';

/** A whole number from `least` up. */
export const countOf =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} up.`);
  };

/** Whole numbers from 1 up, with commas between them; ascending, each once. */
export function countList(text: string): number[] {
  const values = text.split(',').map(countOf(1));
  return [...new Set(values)].sort((a, b) => a - b);
}

/** One more of a flag that may be repeated. */
export const addSetting = (setting: string, before: readonly string[] = []): string[] => [
  ...before,
  setting,
];
