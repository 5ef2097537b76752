/** `genloss presets`: experiments that are ready to run. */
import type { Command } from 'commander';
import { presets, type Preset } from '../../spec/presets.ts';
import { minimalSpec } from '../../spec/schema.ts';
import type { Host } from '../host.ts';

export function addPresets(program: Command, host: Host) {
  program
    .command('presets')
    .summary('list experiments that are ready to run')
    .description('Lists experiments that are ready to run with: genloss run preset:NAME')
    .option('--json', 'with story, citation and spec, as JSON')
    .action(({ json }: { json?: true }) => {
      if (json) return host.out(`${JSON.stringify(presets.map(short), null, 2)}\n`);
      const width = Math.max(...presets.map(({ name }) => name.length));
      for (const { name, title } of presets) host.out(`${name.padEnd(width)}  ${title}\n`);
    });
}

/** A preset with only those fields of its spec that differ from their defaults. */
const short = (preset: Preset) => ({ ...preset, spec: minimalSpec(preset.spec) });
