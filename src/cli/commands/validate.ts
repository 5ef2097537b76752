/** `genloss validate`: the exact laws, held against an engine of this machine. */
import { Option, type Command } from 'commander';
import { VALIDATION_CASES } from '../../experiment/validate/cases.ts';
import { validationMarkdown } from '../../experiment/validate/markdown.ts';
import {
  validationJson,
  validationJunit,
  validationText,
} from '../../experiment/validate/report.ts';
import { validate, type ValidationSize } from '../../experiment/validate/validate.ts';
import { chooseEngine, engineOption, type EngineChoice } from '../engines.ts';
import type { Host } from '../host.ts';
import { EXIT } from '../problems.ts';

const FORMATS = {
  text: validationText,
  markdown: validationMarkdown,
  json: validationJson,
  junit: validationJunit,
} as const;
type Format = keyof typeof FORMATS;

interface ValidateFlags {
  readonly engine: EngineChoice;
  readonly full?: true;
  readonly format: Format;
  readonly quiet?: true;
}

const HELP = `
Each law is held against the mean over thousands of lineages in a setting of its
own, by the standard error that theory gives: z beyond 4 fails. Seeds are fixed.

Examples:
  genloss validate
  genloss validate --engine webgpu --full --format junit > laws.xml

Exit codes: 0 every law holds, 2 flags wrong, 3 the machine cannot, 4 some law
does not hold, 130 interrupted.`;

export function addValidate(program: Command, host: Host, finish: (code: number) => void) {
  program
    .command('validate')
    .summary('hold the exact laws of theory against this machine')
    .description('Holds the exact laws of theory against an engine of this machine.')
    .addOption(engineOption())
    .option('--quick', 'under two minutes on a processor (the default)')
    .addOption(
      new Option('--full', 'sixteen times as many lineages: errors a quarter').conflicts('quick'),
    )
    .addOption(
      new Option('--format <NAME>', 'how to say it').choices(Object.keys(FORMATS)).default('text'),
    )
    .option('-q, --quiet', 'no progress on standard error')
    .addHelpText('after', HELP)
    .action(async (flags: ValidateFlags) => finish(await run(flags, host)));
}

async function run(flags: ValidateFlags, host: Host): Promise<number> {
  const size: ValidationSize = flags.full ? 'full' : 'quick';
  const { engine, why } = await chooseEngine(flags.engine);
  const tell = (text: string) => {
    if (!flags.quiet) host.err(text);
  };
  try {
    tell(`${why}\n`);
    const validation = await validate(engine, VALIDATION_CASES, {
      size,
      signal: host.signal,
      now: () => host.now(),
      onCase: (name, number, count) => tell(`${number + 1}/${count} ${name}\n`),
    });
    host.out(FORMATS[flags.format](validation));
    if (!validation.complete) return EXIT.interrupted;
    return validation.passed ? EXIT.done : EXIT.failed;
  } finally {
    engine.close();
  }
}
