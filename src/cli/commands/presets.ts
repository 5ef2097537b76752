/** `genloss presets`: experiments that are ready to run. */
import { Option, type Command } from 'commander';
import { presets } from '../../spec/presets.ts';
import type { Host } from '../host.ts';

export function addPresets(program: Command, host: Host) {
  program
    .command('presets')
    .summary('list experiments that are ready to run')
    .description('Lists experiments that are ready to run with: genloss run preset:NAME')
    .addOption(new Option('--json', 'all of it, specs too, as JSON').default(false))
    .action(({ json }: { json: boolean }) => {
      if (json) return host.out(`${JSON.stringify(presets, null, 2)}\n`);
      const width = Math.max(...presets.map(({ name }) => name.length));
      for (const { name, doc } of presets) host.out(`${name.padEnd(width)}  ${doc}\n`);
    });
}
