/** `genloss mitigations`: what would have helped, at equal cost of human points. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import { BLOCK_SUMMARIES, type BlockSummary } from '../../experiment/blocks.ts';
import { MINORITY } from '../../experiment/mitigations/example.ts';
import { rankingOf, type Ranking } from '../../experiment/mitigations/ranking.ts';
import { rankingsCsv, rankingsJson, rankingsText } from '../../experiment/mitigations/report.ts';
import { MITIGATIONS } from '../../experiment/mitigations/toolbox.ts';
import { planTrials, runTrials, trialsOf } from '../../experiment/mitigations/trials.ts';
import { handOverText } from '../../plan/hand-over.ts';
import { minimalSpec, type Spec } from '../../spec/schema.ts';
import { STATISTIC_NAMES, type StatisticName } from '../../spec/statistics.ts';
import { groupRecords } from '../../experiment/export/run-json.ts';
import { chooseEngine, ENGINE_CHOICES, type EngineChoice } from '../engines.ts';
import { addSetting, countList, countOf } from '../flags.ts';
import type { Host } from '../host.ts';
import { folderProblems, openFolder, writeFiles } from '../output.ts';
import { prepareCell } from '../prepare.ts';
import { EXIT } from '../problems.ts';
import { progressLine, shortNumber } from '../progress-line.ts';
import { VERSION } from '../version.ts';

const FORMATS = ['text', 'json', 'csv'] as const;
type Format = (typeof FORMATS)[number];

interface MitigationFlags {
  readonly cell: number;
  readonly budget?: readonly number[];
  readonly statistic: StatisticName;
  readonly summary: BlockSummary;
  readonly engine: EngineChoice;
  readonly set?: readonly string[];
  readonly format: Format;
  readonly out?: string;
  readonly quiet?: true;
}

const FILES = { json: 'mitigations.json', csv: 'mitigations.csv' } as const;
const MOST_BUDGETS = 20;

const HELP = `
SPEC is a JSON file (see: genloss schema), - for standard input, or preset:NAME
(see: genloss presets), without human points after its first generation; without
one, four modes of weights 1, ¼, 1/9 and 1/16, and a hundred points a generation.

A budget counts every human point of the run: those of the first generation, and
what later batches take anew. Each mitigation spends it to the last point, or as
much of it as it can. What is free of human points (verifier, weights, a prior,
storage, a detector) is tried on top of fresh ones in every batch, and what else
it takes is said. All run on the same random numbers; a mitigation's rank is 1 and
how many are told to be better by the interval of the difference in pairs.

${MITIGATIONS.map(({ label, doc }) => `  ${label.padEnd(20)} ${doc}`).join('\n')}

Examples:
  genloss mitigations
  genloss mitigations spec.json --budget 200,500 --statistic rarestModeMass
  genloss mitigations preset:two-modes --format csv > ranking.csv

Exit codes: 0 done, 2 spec or flags wrong, 3 the machine cannot, 4 the engine
failed, 130 interrupted.`;

const budgetList = (text: string): number[] => {
  const budgets = countList(text);
  if (budgets.length <= MOST_BUDGETS) return budgets;
  throw new InvalidArgumentError(`Give up to ${MOST_BUDGETS} budgets.`);
};

export function addMitigations(program: Command, host: Host, finish: (code: number) => void) {
  program
    .command('mitigations')
    .summary('rank what would have helped, at equal cost of human points')
    .description('Ranks mitigations at equal cost of human points, and says how each fails.')
    .argument('[SPEC]', 'JSON file, - or preset:NAME')
    .option('-c, --cell <i>', 'which cell of a sweep', countOf(0), 0)
    .option('-b, --budget <list>', 'human points over the whole run (default: 3 n)', budgetList)
    .addOption(
      new Option('--statistic <NAME>', 'what they are ranked by')
        .choices(STATISTIC_NAMES)
        .default('klTruthToModel'),
    )
    .addOption(
      new Option('--summary <NAME>', 'median or mean over lineages')
        .choices(BLOCK_SUMMARIES)
        .default('q50'),
    )
    .addOption(
      new Option('-e, --engine <NAME>', 'auto takes a real GPU, else wasm, on all threads')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option('-s, --set <path=value>', 'set one field of the spec; may be repeated', addSetting)
    .addOption(new Option('--format <NAME>', 'how to say it').choices(FORMATS).default('text'))
    .option('-o, --out <DIR>', `folder for ${Object.values(FILES).join(' and ')}, too`)
    .option('-q, --quiet', 'no progress on standard error')
    .addHelpText('after', HELP)
    .action(async (argument: string | undefined, flags: MitigationFlags) => {
      finish(await mitigations(argument ?? MINORITY, flags, host));
    });
}

async function mitigations(
  argument: string | object,
  flags: MitigationFlags,
  host: Host,
): Promise<number> {
  const { statistic, summary, quiet, out, budget } = flags;
  const asked = {
    settings: flags.set ?? [],
    besides: out === undefined ? [] : folderProblems(out),
  };
  const { cell, data } = await prepareCell(argument, asked, flags.cell, host);
  const trials = trialsOf(cell, data, statistic, budget);
  host.signal.throwIfAborted();
  const { engine, why } = await chooseEngine(flags.engine);
  try {
    const plan = planTrials(trials, engine, data);
    if (out !== undefined) await openFolder(out);
    const handed = handOverText(groupRecords(plan));
    const size = `${trials.specs.length} experiments, ${shortNumber(plan.lineageCount)} lineages`;
    if (!quiet) host.err(`${why}\n${size}${handed && `; ${handed}`}.\n`);
    const line = progressLine(host, quiet === true);
    const run = await runTrials(trials, plan, engine, {
      signal: host.signal,
      now: () => host.now(),
      onProgress: (progress) => line.show(progress),
    }).finally(() => line.clear());
    const rankings = trials.budgets.map((own) =>
      rankingOf(run, { statistic, summary, budget: own }),
    );
    const reports = reportsOf(rankings, cell, engine);
    host.out(reports[flags.format]);
    if (out !== undefined) {
      await writeFiles(out, { [FILES.json]: [reports.json], [FILES.csv]: [reports.csv] });
    }
    return run.results.complete ? EXIT.done : EXIT.interrupted;
  } finally {
    engine.close();
  }
}

function reportsOf(
  rankings: readonly Ranking[],
  spec: Spec,
  engine: Engine,
): Record<Format, string> {
  const about = {
    genloss: VERSION,
    engine: engine.name,
    adapter: engine.adapter.description,
    spec: minimalSpec(spec),
  };
  return {
    text: rankingsText(rankings),
    json: rankingsJson(rankings, about),
    csv: rankingsCsv(rankings),
  };
}
