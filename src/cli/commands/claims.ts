/** `genloss claims`: what is said of model collapse in public, held against an engine. */
import { Option, type Command } from 'commander';
import { SpecError } from '../../errors.ts';
import { CLAIMS } from '../../experiment/claims/catalogue.ts';
import {
  checkClaims,
  LEAST_GENERATIONS,
  USUAL_GENERATIONS,
  type ClaimsReport,
} from '../../experiment/claims/check.ts';
import { claimsCsv, claimsJson, claimsText } from '../../experiment/claims/report.ts';
import { chooseEngine, engineOption, type EngineChoice } from '../engines.ts';
import { countOf } from '../flags.ts';
import type { Host } from '../host.ts';
import { folderProblems, openFolder, writeFiles } from '../output.ts';
import { EXIT } from '../problems.ts';
import { duration, progressLine, shortNumber } from '../progress-line.ts';

const FORMATS = { text: claimsText, json: claimsJson, csv: claimsCsv } as const;
type Format = keyof typeof FORMATS;

const FILES = {
  text: 'claims.txt',
  json: 'claims.json',
  csv: 'claims.csv',
} as const satisfies Record<Format, string>;

interface ClaimsFlags {
  readonly claim?: readonly string[];
  readonly engine: EngineChoice;
  readonly full?: true;
  readonly generations: number;
  readonly format: Format;
  readonly out?: string;
  readonly quiet?: true;
}

const HELP = `
Each sentence is a predicate on a lineage, and where it can be taken in more than
one way there is a claim for each. The map says which share of lineages it holds
of, over points a generation, the weight of the rarest mode, the sampler's bias
and the share of fresh real points: true, bounded or false, and where.

Claims:
${CLAIMS.map(({ name, sentence }) => `  ${name.padEnd(22)}${sentence}`).join('\n')}

Examples:
  genloss claims
  genloss claims --claim tails-first rarest-first
  genloss claims --full --out claims

Exit codes: 0 done, whatever is true; 2 flags wrong, 3 the machine cannot, 4 the
engine failed, 130 interrupted (settings that are done are told).`;

export function addClaims(program: Command, host: Host, finish: (code: number) => void) {
  program
    .command('claims')
    .summary('say where what is said of model collapse is true')
    .description(
      'Says where what is said of model collapse in public is true, and where it is not.',
    )
    .addOption(
      new Option('-c, --claim <NAME...>', 'only these (default: all)').choices(
        CLAIMS.map(({ name }) => name),
      ),
    )
    .addOption(engineOption())
    .option('--full', 'a finer map, with 1000 lineages instead of 400: some twenty times the work')
    .option('-g, --generations <n>', 'the horizon', countOf(LEAST_GENERATIONS), USUAL_GENERATIONS)
    .addOption(
      new Option('--format <NAME>', 'how to say it').choices(Object.keys(FORMATS)).default('text'),
    )
    .option('-o, --out <DIR>', `folder for ${Object.values(FILES).join(', ')}`)
    .option('-q, --quiet', 'no progress on standard error')
    .addHelpText('after', HELP)
    .action(async (flags: ClaimsFlags) => finish(await run(flags, host)));
}

async function run(flags: ClaimsFlags, host: Host): Promise<number> {
  const problems = flags.out === undefined ? [] : folderProblems(flags.out);
  if (problems.length > 0) throw new SpecError(problems);
  host.signal.throwIfAborted();
  const { engine, why } = await chooseEngine(flags.engine);
  const tell = (text: string) => {
    if (!flags.quiet) host.err(text);
  };
  const line = progressLine(host, flags.quiet === true);
  try {
    if (flags.out !== undefined) await openFolder(flags.out);
    tell(`${why}\n`);
    const report = await checkClaims(engine, chosen(flags), {
      size: flags.full ? 'full' : 'quick',
      generations: flags.generations,
      signal: host.signal,
      now: () => host.now(),
      onProgress: (progress) => line.show(progress),
      onRun: (plan, number, count) => {
        line.clear();
        const lineages = plan.cells.reduce((sum, { spec }) => sum + spec.replicates, 0);
        const work = `${plan.cells.length} settings, ${shortNumber(lineages)} lineages`;
        tell(`${number + 1}/${count}: ${work}\n`);
      },
    });
    line.clear();
    await write(report, flags, host);
    return report.complete ? EXIT.done : EXIT.interrupted;
  } finally {
    engine.close();
  }
}

const chosen = ({ claim: names }: ClaimsFlags) =>
  names ? CLAIMS.filter(({ name }) => names.includes(name)) : CLAIMS;

async function write(report: ClaimsReport, { out, format, quiet }: ClaimsFlags, host: Host) {
  const took = `${report.complete ? 'Done' : 'Interrupted'} after ${duration(report.seconds)}.`;
  if (out === undefined) host.out(FORMATS[format](report));
  else {
    const names = Object.keys(FORMATS) as Format[];
    await writeFiles(
      out,
      Object.fromEntries(names.map((name) => [FILES[name], [FORMATS[name](report)]])),
    );
  }
  const written =
    out === undefined
      ? ''
      : ` Written: ${Object.values(FILES)
          .map((name) => `${out}/${name}`)
          .join(', ')}.`;
  if (!quiet || !report.complete) host.err(`${took}${written}\n`);
}
