/** `genloss trace`: the life of one lineage, told in numbers. */
import { Option, type Command } from 'commander';
import { SpecError, type Problem } from '../../errors.ts';
import { lifeOf, lifeTable } from '../../experiment/life.ts';
import { planRun } from '../../plan/plan-run.ts';
import type { Spec } from '../../spec/schema.ts';
import { chooseEngine, ENGINE_CHOICES, type EngineChoice } from '../engines.ts';
import { addSetting, countList, countOf } from '../flags.ts';
import type { Host } from '../host.ts';
import { prepare } from '../prepare.ts';

interface TraceFlags {
  readonly lineage: number;
  readonly cell: number;
  readonly generations?: readonly number[];
  readonly engine: EngineChoice;
  readonly set?: readonly string[];
}

const HELP = `
SPEC is a JSON file (see: genloss schema), - for standard input, or preset:NAME
(see: genloss presets). Cells count from 0, as in results.csv, and so do lineages.
Engines round differently, and lineages part: --engine takes the one of a run.

The table is Markdown, three digits of each number: generation 0 is the truth,
points are those that the generation's model was fitted to, mean and sd are the
whole model's, and then come the statistics that SPEC asks for.

Examples:
  genloss trace preset:two-modes --generations 1,2,5,10,20,50
  genloss trace spec.json --lineage 7 --set sampleSize=1000

Exit codes: 0 done, 2 spec or flags wrong, 3 the machine cannot, 4 the engine
failed, 130 interrupted.`;

export function addTrace(program: Command, host: Host) {
  program
    .command('trace')
    .summary('tell the life of one lineage in numbers')
    .description('Tells the life of one lineage in numbers: a table of its models.')
    .argument('<SPEC>', 'JSON file, - or preset:NAME')
    .option('-l, --lineage <i>', 'which of the replicates', countOf(0), 0)
    .option('-c, --cell <i>', 'which cell of a sweep', countOf(0), 0)
    .option(
      '-g, --generations <list>',
      'these generations (default: 1, 2, 5, 10, 20, 50 … and the last)',
      countList,
    )
    .addOption(
      new Option('-e, --engine <NAME>', 'what computes it').choices(ENGINE_CHOICES).default(
        // One lineage keeps no other engine busy, and f64 rounds alike on every machine.
        'reference',
      ),
    )
    .option('-s, --set <path=value>', 'set one field of the spec; may be repeated', addSetting)
    .addHelpText('after', HELP)
    .action(async (argument: string, flags: TraceFlags) => trace(argument, flags, host));
}

async function trace(argument: string, flags: TraceFlags, host: Host): Promise<void> {
  const { spec, data } = await prepare(argument, { settings: flags.set ?? [] }, host);
  host.signal.throwIfAborted();
  const { engine } = await chooseEngine(flags.engine);
  try {
    const plan = planRun(spec, engine.limits, { data });
    const cell = plan.cells[flags.cell];
    const problems = problemsOf(flags, plan.cells.length, cell?.spec);
    if (!cell || problems.length > 0) throw new SpecError(problems);
    const { generations: last } = cell.spec;
    const generations = flags.generations ?? usualGenerations(last);
    const models = await engine.trace(plan, flags.cell, flags.lineage, host.signal);
    const names = plan.statistics;
    host.out(lifeTable(lifeOf(cell, models, flags.lineage, generations, names), names));
  } finally {
    engine.close();
  }
}

function problemsOf(flags: TraceFlags, cells: number, cell: Spec | undefined): Problem[] {
  if (!cell) return [outside('--cell', 'cell', flags.cell, 0, cells - 1)];
  const { replicates, generations: last } = cell;
  const { lineage, generations = [] } = flags;
  const late = generations.filter((generation) => generation > last);
  return [
    ...(lineage >= replicates ? [outside('--lineage', 'lineage', lineage, 0, replicates - 1)] : []),
    ...late.map((t) => outside('--generations', 'generation', t, 1, last)),
  ];
}

const outside = (
  field: string,
  what: string,
  asked: number,
  first: number,
  last: number,
): Problem => ({
  field,
  message: `There is no ${what} ${asked}: they are ${first} to ${last}.`,
  remedy: 'Give one of these.',
});

/** 1, 2, 5 of every decade, and the last one. */
export function usualGenerations(last: number): number[] {
  const found: number[] = [];
  for (let decade = 1; decade <= last; decade *= 10) {
    found.push(...[1, 2, 5].map((step) => step * decade));
  }
  return [...found.filter((generation) => generation < last), last];
}
