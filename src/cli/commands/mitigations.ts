/** `genloss mitigations`: what would have helped, at equal cost of human points. */
import { InvalidArgumentError, type Command } from 'commander';
import { MINORITY } from '../../experiment/mitigations/example.ts';
import { rankingOf } from '../../experiment/mitigations/ranking.ts';
import { rankingsCsv, rankingsJson, rankingsText } from '../../experiment/mitigations/report.ts';
import { MITIGATIONS } from '../../experiment/mitigations/toolbox.ts';
import { planTrials, runTrials, trialsOf } from '../../experiment/mitigations/trials.ts';
import { handOverText } from '../../plan/hand-over.ts';
import { groupRecords } from '../../experiment/export/run-json.ts';
import { addCellOptions, giveReport, provenanceOf, type CellFlags } from '../cell-report.ts';
import { chooseEngine } from '../engines.ts';
import { countList } from '../flags.ts';
import type { Host } from '../host.ts';
import { folderProblems, openFolder } from '../output.ts';
import { prepareCell } from '../prepare.ts';
import { EXIT } from '../problems.ts';
import { progressLine, shortNumber } from '../progress-line.ts';

interface MitigationFlags extends CellFlags {
  readonly budget?: readonly number[];
}

const FILE = 'mitigations';
const MOST_BUDGETS = 20;

const HELP = `
SPEC is a JSON file (see: genloss schema), - for standard input, or preset:NAME
(see: genloss presets), without human points after its first generation; without
one, four modes of weights 1, ¼, 1/9 and 1/16, and a hundred points a generation.

A budget counts every human point of the run: those of the first generation, and
what later batches take anew. Each mitigation spends it to the last point; one
whose batches cannot hold as many is listed apart, without a rank, so that what is
ranked has equal cost. What is free of human points (verifier, weights, a prior,
storage, a detector) is tried on top of fresh ones in every batch, and what else
it takes is said. All run on the same random numbers; a mitigation shares the rank
of the one above it, unless it is told to be worse than the first that has this
rank, by the interval of the difference in pairs. What has no number has no rank,
and an interrupted run has none at all.

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
  const command = program
    .command('mitigations')
    .summary('rank what would have helped, at equal cost of human points')
    .description('Ranks mitigations at equal cost of human points, and says how each fails.');
  addCellOptions(command, 'what they are ranked by', FILE)
    .option('-b, --budget <list>', 'human points over the whole run (default: 3 n)', budgetList)
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
    const report = {
      text: rankingsText(rankings),
      json: rankingsJson(rankings, provenanceOf(cell, engine)),
      csv: rankingsCsv(rankings),
    };
    await giveReport(report, flags, FILE, host);
    return run.results.complete ? EXIT.done : EXIT.interrupted;
  } finally {
    engine.close();
  }
}
