/** `genloss schema`: the JSON Schema of a spec file. */
import type { Command } from 'commander';
import { jsonSchema } from '../../spec/json-schema.ts';
import type { Host } from '../host.ts';

export function addSchema(program: Command, host: Host) {
  program
    .command('schema')
    .summary('print the JSON Schema of a spec file')
    .description('Prints the JSON Schema of a spec file: every field, its bounds and its default.')
    .action(() => host.out(`${JSON.stringify(jsonSchema(), null, 2)}\n`));
}
