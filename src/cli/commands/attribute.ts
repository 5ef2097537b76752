/** `genloss attribute`: which of the four causes did it, and how much of it. */
import type { Command } from 'commander';
import { SpecError, type Problem } from '../../errors.ts';
import {
  attributionCsv,
  attributionJson,
  attributionText,
} from '../../experiment/attribution/report.ts';
import {
  attributionOf,
  type AttributionRequest,
} from '../../experiment/attribution/attribution.ts';
import { FOUR_CAUSES } from '../../experiment/attribution/example.ts';
import {
  factorialOf,
  planFactorial,
  runFactorial,
} from '../../experiment/attribution/factorial.ts';
import type { Spec } from '../../spec/schema.ts';
import { addCellOptions, giveReport, provenanceOf, type CellFlags } from '../cell-report.ts';
import { chooseEngine } from '../engines.ts';
import { countOf } from '../flags.ts';
import type { Host } from '../host.ts';
import { folderProblems, openFolder } from '../output.ts';
import { prepareCell } from '../prepare.ts';
import { EXIT } from '../problems.ts';
import { progressLine, shortNumber } from '../progress-line.ts';

interface AttributeFlags extends CellFlags {
  readonly generation?: number;
  readonly largeN?: number;
}

const FILE = 'attribution';

const HELP = `
SPEC is a JSON file (see: genloss schema), - for standard input, or preset:NAME
(see: genloss presets); without one, three modes and a model of two, five hundred
points, k-means and one step of EM, and a sampler that plays safe (λ = 0.98).

Four causes are taken away from SPEC, one by one and together: finite n, the
family (K and covariance), learning (start and steps of EM) and the sampler
(bias, truncation, sharpening). All sixteen combinations run on the same random
numbers. A cause's Shapley share is what it adds, averaged over all orders in
which causes may come: shares add up to the whole, and a cause that SPEC does not
have gets 0, as does finite n where SPEC has as many points as stand in for
infinitely many (100 000, or fewer where sets grow). Everything else in SPEC stays
as it is in all of them.

The median lineage is what is attributed, as the mean of a divergence may rest on
lineages too rare to be among the replicates, or not exist: by chance alone it
grows as (n/(n − 3))^t for one Gaussian. The mean is there with --summary mean;
its shares are the means of the shares of each lineage.

Examples:
  genloss attribute
  genloss attribute spec.json --generation 10 --statistic tailMass1
  genloss attribute preset:safe-sampler --cell 3 --format csv

Exit codes: 0 done, 2 spec or flags wrong, 3 the machine cannot, 4 the engine
failed, 130 interrupted.`;

export function addAttribute(program: Command, host: Host, finish: (code: number) => void) {
  const command = program
    .command('attribute')
    .summary('say which error did it')
    .description('Says which of the four causes of collapse did it, and how much of it.');
  addCellOptions(command, 'what is attributed', FILE)
    .option('-g, --generation <t>', 'at this generation (default: the last)', countOf(1))
    .option(
      '--large-n <n>',
      'points that stand in for infinitely many (default: 100 n)',
      countOf(1),
    )
    .addHelpText('after', HELP)
    .action(async (argument: string | undefined, flags: AttributeFlags) => {
      finish(await attribute(argument ?? FOUR_CAUSES, flags, host));
    });
}

async function attribute(
  argument: string | object,
  flags: AttributeFlags,
  host: Host,
): Promise<number> {
  const { statistic, summary, quiet, out } = flags;
  const asked = {
    settings: [...(flags.set ?? []), `statistics=${JSON.stringify([statistic])}`],
    besides: out === undefined ? [] : folderProblems(out),
  };
  const { cell, data } = await prepareCell(argument, asked, flags.cell, host);
  const request: AttributionRequest = {
    ...{ statistic, summary },
    generation: flags.generation ?? cell.generations,
  };
  const problems = problemsOf(request, flags, cell);
  if (problems.length > 0) throw new SpecError(problems);
  const factorial = factorialOf(cell, data, flags.largeN);
  host.signal.throwIfAborted();
  const { engine, why } = await chooseEngine(flags.engine);
  try {
    const plan = planFactorial(factorial, engine, data);
    if (out !== undefined) await openFolder(out);
    const size = `${factorial.specs.length} experiments, ${shortNumber(plan.lineageCount)} lineages.`;
    if (!quiet) host.err(`${why}\n${size}\n`);
    const line = progressLine(host, quiet === true);
    const found = await runFactorial(factorial, plan, engine, {
      signal: host.signal,
      now: () => host.now(),
      onProgress: (progress) => line.show(progress),
    }).finally(() => line.clear());
    const attribution = attributionOf(found, request);
    const about = provenanceOf(factorial.spec, engine);
    const report = {
      text: attributionText(attribution),
      json: attributionJson(attribution, about),
      csv: attributionCsv(attribution),
    };
    await giveReport(report, flags, FILE, host);
    return attribution.complete ? EXIT.done : EXIT.interrupted;
  } finally {
    engine.close();
  }
}

function problemsOf(
  { generation }: AttributionRequest,
  { largeN }: AttributeFlags,
  cell: Spec,
): Problem[] {
  const problems: Problem[] = [];
  if (generation > cell.generations) {
    problems.push({
      field: '--generation',
      message: `There is no generation ${generation}: they are 1 to ${cell.generations}.`,
      remedy: 'Give one of these.',
    });
  }
  if (largeN !== undefined && largeN <= cell.sampleSize) {
    problems.push({
      field: '--large-n',
      message: `${largeN} points are no more than the spec's own ${cell.sampleSize}.`,
      remedy: 'Give more, 100 times as many if they can be paid for.',
    });
  }
  return problems;
}
