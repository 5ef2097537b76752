/** `genloss presets`: experiments that are ready to run, what is in them and what they cost. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { estimateCost, guessedSpeed, secondsFor } from '../../experiment/cost.ts';
import { PRESET_GROUPS, type Preset, type PresetGroup } from '../../spec/presets.ts';
import { minimalSpec } from '../../spec/schema.ts';
import type { Host } from '../host.ts';
import { presetNamed } from '../preset-named.ts';
import { duration, shortNumber } from '../progress-line.ts';

const HELP = `
Without NAME they are listed by what they are about, each with its lineages and
generations and the time that they take on this machine's processor, roughly.
With NAME one is told in full: what is set up, what to look for and who saw it
first.

Examples:
  genloss presets
  genloss presets one-migrant
  genloss run preset:one-migrant --out out`;

export function addPresets(program: Command, host: Host) {
  program
    .command('presets')
    .summary('list experiments that are ready to run')
    .description('Lists experiments that are ready to run with: genloss run preset:NAME')
    .argument('[NAME]', 'tell this one in full')
    .option('--json', 'with story, citation, cost and spec, as JSON')
    .addHelpText('after', HELP)
    .action((name: string | undefined, { json }: { json?: true }) => {
      const chosen = name === undefined ? null : presetNamed(name, name);
      if (json) host.out(`${JSON.stringify(asData(chosen), null, 2)}\n`);
      else host.out(chosen ? wholeText(chosen) : PRESET_GROUPS.map(groupText).join('\n'));
    });
}

/** On the WASM engine, on all threads: whoever has a GPU waits for less. */
function costOf({ spec }: Preset) {
  const cost = estimateCost(spec, 'wasm');
  const { cells, lineages, lineageGenerations } = cost;
  const seconds = secondsFor(cost, guessedSpeed('wasm', availableParallelism()));
  return { cells, lineages, generations: spec.generations, lineageGenerations, seconds };
}

const asData = (chosen: Preset | null) =>
  chosen
    ? record(chosen)
    : PRESET_GROUPS.flatMap(({ label, presets }) =>
        presets.map((preset) => ({ group: label, ...record(preset) })),
      );

/** Of the spec only those fields that differ from their defaults. */
const record = (preset: Preset) => ({
  ...preset,
  cost: costOf(preset),
  spec: minimalSpec(preset.spec),
});

const NAME_WIDTH = Math.max(
  ...PRESET_GROUPS.flatMap(({ presets }) => presets.map(({ name }) => name.length)),
);

const groupText = ({ label, presets }: PresetGroup): string =>
  `${[label, ...presets.map(lineOf)].join('\n')}\n`;

function lineOf(preset: Preset): string {
  const { lineages, generations, seconds } = costOf(preset);
  const size = `${shortNumber(lineages)} × ${generations}`;
  const time = `≈ ${duration(seconds)}`;
  return `  ${preset.name.padEnd(NAME_WIDTH)}  ${size.padStart(12)}  ${time.padStart(6)}  ${preset.title}`;
}

/** As wide as a terminal that nobody has changed. */
const WIDTH = 80;

function wholeText(preset: Preset): string {
  const { name, title, story, look, citation } = preset;
  const { cells, lineages, generations, seconds } = costOf(preset);
  const sweep = cells === 1 ? '' : `${cells} cells, `;
  const size = `${sweep}${shortNumber(lineages)} lineages × ${generations} generations`;
  const paragraphs = [
    title,
    story,
    `Look for: ${look}`,
    `Source: ${citation}`,
    `Cost: ${size}, about ${duration(seconds)} on this processor.`,
  ];
  return `${paragraphs.map(wrapped).join('\n\n')}\n\ngenloss run preset:${name} --out out\n`;
}

/** Lines of at most WIDTH characters, broken between words. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}
