/** The commands, and what every one of them ends in: an exit code. */
import { Command } from 'commander';
import { addAttribute } from './commands/attribute.ts';
import { addBench } from './commands/bench.ts';
import { addClaims } from './commands/claims.ts';
import { addDevices } from './commands/devices.ts';
import { addMitigations } from './commands/mitigations.ts';
import { addPresets } from './commands/presets.ts';
import { addReproduce } from './commands/reproduce.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addTrace } from './commands/trace.ts';
import { addValidate } from './commands/validate.ts';
import type { Host } from './host.ts';
import { EXIT, failureOf } from './problems.ts';
import { VERSION } from './version.ts';

const DESCRIPTION =
  'A laboratory for model collapse: fits a Gaussian mixture, samples from the fit, fits the ' +
  'sample, and again, for up to millions of lineages at once on the GPU.';

const HELP = `
Start here:
  genloss presets
  genloss run preset:two-modes --out out`;

/** Runs one command line (without the program's own name) and returns its exit code. */
export async function main(words: readonly string[], host: Host): Promise<number> {
  let code: number = EXIT.done;
  const program = new Command('genloss')
    .description(DESCRIPTION)
    .version(VERSION)
    .addHelpText('after', HELP)
    .exitOverride()
    .showHelpAfterError('(see genloss --help)')
    .configureOutput({
      writeOut: (text) => host.out(text),
      writeErr: (text) => host.err(text),
      getOutHelpWidth: () => host.columns,
      getErrHelpWidth: () => host.columns,
    });
  addRun(program, host, (exit) => (code = exit));
  addTrace(program, host);
  addAttribute(program, host, (exit) => (code = exit));
  addMitigations(program, host, (exit) => (code = exit));
  addValidate(program, host, (exit) => (code = exit));
  addReproduce(program, host, (exit) => (code = exit));
  addClaims(program, host, (exit) => (code = exit));
  addBench(program, host, (exit) => (code = exit));
  addDevices(program, host);
  addPresets(program, host);
  addSchema(program, host);
  program.commands.forEach((command) => command.copyInheritedSettings(program));
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    const failure = failureOf(error);
    host.err(failure.text);
    code = failure.code;
  }
  return code;
}
