/** `genloss attribute`: which of the four causes did it, and how much of it. */
import { Option, type Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import { SpecError, type Problem } from '../../errors.ts';
import {
  attributionCsv,
  attributionJson,
  attributionText,
} from '../../experiment/attribution/report.ts';
import {
  attributionOf,
  type Attribution,
  type AttributionRequest,
} from '../../experiment/attribution/attribution.ts';
import { FOUR_CAUSES } from '../../experiment/attribution/example.ts';
import {
  factorialOf,
  planFactorial,
  runFactorial,
} from '../../experiment/attribution/factorial.ts';
import { BLOCK_SUMMARIES, type BlockSummary } from '../../experiment/blocks.ts';
import { minimalSpec, type Spec } from '../../spec/schema.ts';
import { STATISTIC_NAMES, type StatisticName } from '../../spec/statistics.ts';
import { chooseEngine, ENGINE_CHOICES, type EngineChoice } from '../engines.ts';
import { addSetting, countOf } from '../flags.ts';
import type { Host } from '../host.ts';
import { folderProblems, openFolder, writeFiles } from '../output.ts';
import { prepareCell } from '../prepare.ts';
import { EXIT } from '../problems.ts';
import { progressLine, shortNumber } from '../progress-line.ts';
import { VERSION } from '../version.ts';

const FORMATS = ['text', 'json', 'csv'] as const;
type Format = (typeof FORMATS)[number];

interface AttributeFlags {
  readonly cell: number;
  readonly statistic: StatisticName;
  readonly summary: BlockSummary;
  readonly generation?: number;
  readonly largeN?: number;
  readonly engine: EngineChoice;
  readonly set?: readonly string[];
  readonly format: Format;
  readonly out?: string;
  readonly quiet?: true;
}

const FILES = { json: 'attribution.json', csv: 'attribution.csv' } as const;

const HELP = `
SPEC is a JSON file (see: genloss schema), - for standard input, or preset:NAME
(see: genloss presets); without one, three modes and a model of two, five hundred
points, k-means and one step of EM, and a sampler that plays safe (λ = 0.98).

Four causes are taken away from SPEC, one by one and together: finite n, the
family (K and covariance), learning (start and steps of EM) and the sampler
(bias, truncation, sharpening). All sixteen combinations run on the same random
numbers. A cause's Shapley share is what it adds, averaged over all orders in
which causes may come: shares add up to the whole, and a cause that SPEC does not
have gets 0. Everything else in SPEC stays as it is in all of them.

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
  program
    .command('attribute')
    .summary('say which error did it')
    .description('Says which of the four causes of collapse did it, and how much of it.')
    .argument('[SPEC]', 'JSON file, - or preset:NAME')
    .option('-c, --cell <i>', 'which cell of a sweep', countOf(0), 0)
    .addOption(
      new Option('--statistic <NAME>', 'what is attributed')
        .choices(STATISTIC_NAMES)
        .default('klTruthToModel'),
    )
    .addOption(
      new Option('--summary <NAME>', 'median or mean over lineages')
        .choices(BLOCK_SUMMARIES)
        .default('q50'),
    )
    .option('-g, --generation <t>', 'at this generation (default: the last)', countOf(1))
    .option(
      '--large-n <n>',
      'points that stand in for infinitely many (default: 100 n)',
      countOf(1),
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
    const reports = reportsOf(attribution, factorial.spec, engine);
    host.out(reports[flags.format]);
    if (out !== undefined) {
      await writeFiles(out, { [FILES.json]: [reports.json], [FILES.csv]: [reports.csv] });
    }
    return attribution.complete ? EXIT.done : EXIT.interrupted;
  } finally {
    engine.close();
  }
}

function reportsOf(attribution: Attribution, spec: Spec, engine: Engine): Record<Format, string> {
  const about = {
    genloss: VERSION,
    engine: engine.name,
    adapter: engine.adapter.description,
    spec: minimalSpec(spec),
  };
  return {
    text: attributionText(attribution),
    json: attributionJson(attribution, about),
    csv: attributionCsv(attribution),
  };
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
  if (largeN !== undefined && largeN < cell.sampleSize) {
    problems.push({
      field: '--large-n',
      message: `${largeN} points are fewer than the spec's own ${cell.sampleSize}.`,
      remedy: 'Give more, 100 times as many if they can be paid for.',
    });
  }
  return problems;
}
